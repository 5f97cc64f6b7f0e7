# mistake: takes five FLOPs a number for many
# caught: check_bounds
# says: 5 FLOPs for how many bytes
bounds = {
    "add": "memory",
    "large product": "compute",
    "small product": "memory",
    "one row": "memory",
    "many rows": "compute",
    "softmax": "compute",
}
