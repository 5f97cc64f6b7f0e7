# mistake: ignores the sign
# caught: check_decode
# says: decode
def decode(bits, exponent):
    mantissa = len(bits) - 1 - exponent
    sign = 1.0
    e, m = int(bits[1 : 1 + exponent], 2), int(bits[1 + exponent :], 2)
    bias = 2 ** (exponent - 1) - 1
    if e == 2**exponent - 1:
        return sign * math.inf if m == 0 else math.nan
    if e == 0:
        return sign * 2.0 ** (1 - bias) * (m / 2**mantissa)
    return sign * 2.0 ** (e - bias) * (1 + m / 2**mantissa)
