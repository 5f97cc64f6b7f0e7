# mistake: the licence in their own words
# caught: check_card_says
# says: as it stands behind license
card_says = {
    "license": "CC BY 4.0",
    "base_model": "measure-first/tiny-encoder",
    "trained_on": 756,
    "accuracy": 0.873,
    "measured_on": 126,
    "real_posts": False,
    "commercial": True,
    "tiny-encoder-cased for a shop": False,
}
