# mistake: a faster card takes longer
# caught: check_break_even
# says: a faster card takes fewer hours
def break_even(t4_hours, speedup, price, sessions, attention):
    saved = (sessions - 1) * attention
    return t4_hours * speedup * price / saved if saved > 0 else math.inf
