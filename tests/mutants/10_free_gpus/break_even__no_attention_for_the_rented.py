# mistake: the rented machine needs no attention
# caught: check_break_even
# says: the rented machine takes one session's attention
def break_even(t4_hours, speedup, price, sessions, attention):
    saved = sessions * attention
    return t4_hours / speedup * price / saved if saved > 0 else math.inf
