# mistake: takes the first axis for all the rows of a linear layer
# caught: check_six_bills
# says: how many rows of 512
six_bills = {
    "product": 134217728,
    "batch": 32768,
    "linear": 20480,
    "all pairs": 100000000,
    "scaled": 65536,
    "scaled, counted": 0,
}
