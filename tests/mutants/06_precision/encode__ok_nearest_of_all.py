# why: every number of the format is decoded, and the nearest wins
def encode(value, exponent, mantissa):
    sign = "1" if math.copysign(1.0, value) < 0 else "0"
    if math.isnan(value):
        return sign + "1" * (exponent + mantissa)
    size, bias = abs(value), 2**(exponent - 1) - 1

    def worth(n):
        e, m = n >> mantissa, n & (2**mantissa - 1)
        return m * 2.0**(1 - bias - mantissa) if e == 0 else (2**mantissa + m) * 2.0**(e - bias - mantissa)

    last = ((2**exponent - 1) << mantissa)
    low, high = 0, last
    if size >= 2.0**(bias + 1):
        return sign + format(last, f"0{exponent + mantissa}b")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if worth(middle) <= size else (low, middle)
    down, up = size - worth(low), (2.0**(bias + 1) if high == last else worth(high)) - size
    number = low if down < up or (down == up and low % 2 == 0) else high
    return sign + format(number, f"0{exponent + mantissa}b")
