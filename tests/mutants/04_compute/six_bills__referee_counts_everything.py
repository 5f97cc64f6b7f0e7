# mistake: believes that the referee counts element-wise work
# caught: check_six_bills
# says: is there a matrix product in it
six_bills = {
    "product": 134217728,
    "batch": 32768,
    "linear": 2048000,
    "all pairs": 100000000,
    "scaled": 65536,
    "scaled, counted": 65536,
}
