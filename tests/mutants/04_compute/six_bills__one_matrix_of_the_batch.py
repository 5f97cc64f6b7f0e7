# mistake: counts one matrix of the batch of eight
# caught: check_six_bills
# says: one for each matrix of the batch
six_bills = {
    "product": 134217728,
    "batch": 4096,
    "linear": 2048000,
    "all pairs": 100000000,
    "scaled": 65536,
    "scaled, counted": 0,
}
