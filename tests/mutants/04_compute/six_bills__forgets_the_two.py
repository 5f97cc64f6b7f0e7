# mistake: counts a multiplication and an addition as one
# caught: check_six_bills
# says: two FLOPs for each
six_bills = {
    "product": 67108864,
    "batch": 16384,
    "linear": 1024000,
    "all pairs": 50000000,
    "scaled": 65536,
    "scaled, counted": 0,
}
