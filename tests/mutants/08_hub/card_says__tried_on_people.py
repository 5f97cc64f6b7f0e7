# mistake: believes that it was tried on real posts
# caught: check_card_says
# says: read What it cannot do
card_says = {
    "license": "cc-by-4.0",
    "base_model": "measure-first/tiny-encoder",
    "trained_on": 756,
    "accuracy": 0.873,
    "measured_on": 126,
    "real_posts": True,
    "commercial": True,
    "tiny-encoder-cased for a shop": False,
}
