# mistake: pays for the hours of the slow card
# caught: check_break_even
# says: did you pay for 18 hours
def break_even(t4_hours, speedup, price, sessions, attention):
    saved = (sessions - 1) * attention
    return t4_hours * price / saved if saved > 0 else math.inf
