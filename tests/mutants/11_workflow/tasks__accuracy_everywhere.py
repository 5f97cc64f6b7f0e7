# mistake: scores the rare class by accuracy
# caught: check_tasks
# says: finds nobody
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
        "threshold": 0.85,
    },
    "dairy": {
        "input": "one letter or mail of a customer, its first 300 words",
        "classes": ["about to leave", "anything else"],
        "metric": "accuracy",
        "baseline": 0.97,
        "threshold": 0.99,
    },
    "library": {
        "input": "the blurb of one book, at most 150 words",
        "classes": ["picture book", "first reader", "novel", "non-fiction"],
        "metric": "accuracy",
        "baseline": 60 / 150,
        "threshold": 0.8,
    },
}
