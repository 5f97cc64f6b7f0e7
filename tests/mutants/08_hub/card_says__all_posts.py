# mistake: counts all posts as training posts
# caught: check_card_says
# says: how it was made
card_says = {
    "license": "cc-by-4.0",
    "base_model": "measure-first/tiny-encoder",
    "trained_on": 1050,
    "accuracy": 0.873,
    "measured_on": 126,
    "real_posts": False,
    "commercial": True,
    "tiny-encoder-cased for a shop": False,
}
