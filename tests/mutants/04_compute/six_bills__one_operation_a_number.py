# mistake: counts multiply and add on each number as one
# caught: check_six_bills
# says: how many operations on each
six_bills = {
    "product": 134217728,
    "batch": 32768,
    "linear": 2048000,
    "all pairs": 100000000,
    "scaled": 32768,
    "scaled, counted": 0,
}
