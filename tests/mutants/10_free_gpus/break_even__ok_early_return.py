# why: the case without a saving first
def break_even(t4_hours, speedup, price, sessions, attention):
    if sessions <= 1 or not attention:
        return float("inf")
    dollars = price * (t4_hours / speedup)
    return dollars / attention / (sessions - 1)
