# mistake: accuracy in per cent
# caught: check_card_says
# says: not in per cent
card_says = {
    "license": "cc-by-4.0",
    "base_model": "measure-first/tiny-encoder",
    "trained_on": 756,
    "accuracy": 100 * 0.873,
    "measured_on": 126,
    "real_posts": False,
    "commercial": True,
    "tiny-encoder-cased for a shop": False,
}
