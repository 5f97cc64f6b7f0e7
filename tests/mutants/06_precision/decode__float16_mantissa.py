# mistake: always has ten bits of mantissa
# caught: check_decode
# says: does the mantissa have the bits that are left
def decode(bits, exponent):
    mantissa = 10
    sign = -1.0 if bits[0] == "1" else 1.0
    e, m = int(bits[1 : 1 + exponent], 2), int(bits[1 + exponent :], 2)
    bias = 2 ** (exponent - 1) - 1
    if e == 2**exponent - 1:
        return sign * math.inf if m == 0 else math.nan
    if e == 0:
        return sign * 2.0 ** (1 - bias) * (m / 2**mantissa)
    return sign * 2.0 ** (e - bias) * (1 + m / 2**mantissa)
