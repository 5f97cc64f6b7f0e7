# mistake: every product is compute-bound
# caught: check_bounds
# says: each of the 4096² weights is fetched
bounds = {
    "add": "memory",
    "large product": "compute",
    "small product": "compute",
    "one row": "compute",
    "many rows": "compute",
    "softmax": "memory",
}
