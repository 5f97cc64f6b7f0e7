# mistake: takes every CC licence for non-commercial
# caught: check_card_says
# says: what does CC BY ask for
card_says = {
    "license": "cc-by-4.0",
    "base_model": "measure-first/tiny-encoder",
    "trained_on": 756,
    "accuracy": 0.873,
    "measured_on": 126,
    "real_posts": False,
    "commercial": False,
    "tiny-encoder-cased for a shop": False,
}
