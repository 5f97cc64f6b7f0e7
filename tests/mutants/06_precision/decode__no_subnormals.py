# mistake: takes exponent 0 for any other
# caught: check_decode
# says: exponent 0 is subnormal
def decode(bits, exponent):
    mantissa = len(bits) - 1 - exponent
    sign = -1.0 if bits[0] == "1" else 1.0
    e, m = int(bits[1 : 1 + exponent], 2), int(bits[1 + exponent :], 2)
    bias = 2 ** (exponent - 1) - 1
    if e == 2**exponent - 1:
        return sign * math.inf if m == 0 else math.nan
    return sign * 2.0 ** (e - bias) * (1 + m / 2**mantissa)
