# mistake: answers in words of its own
# caught: check_bounds
# says: your answer has ['memory-bound']
bounds = {
    "add": "memory-bound",
    "large product": "compute",
    "small product": "memory",
    "one row": "memory",
    "many rows": "compute",
    "softmax": "memory",
}
