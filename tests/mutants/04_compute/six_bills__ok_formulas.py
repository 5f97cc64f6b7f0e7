# why: formulas, and a float for a count
six_bills = dict(product=2 * 64 * 512 * 2048, batch=8 * 2 * 16 * 32 * 4, linear=2 * 200 * 512 * 10)
six_bills["all pairs"] = 2 * 50 * 1e6
six_bills["scaled"] = 2 * 64 * 512
six_bills["scaled, counted"] = 0
