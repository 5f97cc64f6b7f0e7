# mistake: a large matrix of weights is always memory-bound
# caught: check_bounds
# says: each weight is fetched once
bounds = {
    "add": "memory",
    "large product": "memory",
    "small product": "memory",
    "one row": "memory",
    "many rows": "memory",
    "softmax": "memory",
}
