# mistake: the base model without its owner
# caught: check_card_says
# says: with its owner
card_says = {
    "license": "cc-by-4.0",
    "base_model": "tiny-encoder",
    "trained_on": 756,
    "accuracy": 0.873,
    "measured_on": 126,
    "real_posts": False,
    "commercial": True,
    "tiny-encoder-cased for a shop": False,
}
