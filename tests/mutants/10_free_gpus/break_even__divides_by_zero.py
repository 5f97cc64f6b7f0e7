# mistake: divides by 0
# caught: check_break_even
# says: ZeroDivisionError
def break_even(t4_hours, speedup, price, sessions, attention):
    return t4_hours / speedup * price / ((sessions - 1) * attention)
