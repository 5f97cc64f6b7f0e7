# mistake: everything waits for the processor
# caught: check_bounds
# says: one FLOP for how many bytes
bounds = {
    "add": "compute",
    "large product": "compute",
    "small product": "compute",
    "one row": "compute",
    "many rows": "compute",
    "softmax": "compute",
}
