# mistake: asks for all right
# caught: check_tasks__threshold
# says: asks for perfection
tasks = {
    "forum": {"input": ..., "classes": ..., "metric": ..., "baseline": ..., "threshold": ...},
    "dairy": {"input": ..., "classes": ..., "metric": ..., "baseline": ..., "threshold": ...},
    "library": {"input": ..., "classes": ..., "metric": ..., "baseline": ..., "threshold": ...},
}
tasks = {
    "forum": {
        "input": "one post in English of at most 200 words",
        "classes": ["asks for advice", "vents"],
        "metric": "accuracy",
        "baseline": 104 / 200,
        "threshold": 1.0,
    },
    "dairy": {
        "input": "one letter or mail of a customer, its first 300 words",
        "classes": ["about to leave", "anything else"],
        "metric": "macro_f1",
        "baseline": (0 + 582 / 591) / 2,
        "threshold": 0.75,
    },
    "library": {
        "input": "the blurb of one book, at most 150 words",
        "classes": ["picture book", "first reader", "novel", "non-fiction"],
        "metric": "accuracy",
        "baseline": 60 / 150,
        "threshold": 0.8,
    },
}
