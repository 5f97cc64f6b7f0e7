# mistake: a carry does not reach the exponent
# caught: check_encode
# says: a carry may reach the exponent
def encode(value, exponent, mantissa):
    bias, endless = 2**(exponent - 1) - 1, (2**exponent - 1) << mantissa
    if math.isnan(value):
        number = endless + 1
    elif math.isinf(value):
        number = endless
    elif value == 0:
        number = 0
    else:
        power = max(math.frexp(value)[1] - 1, 1 - bias)
        steps = round(abs(value) / 2.0**(power - mantissa))
        number = min(
            ((power + bias) << mantissa if power + bias > 0 and abs(value) >= 2.0**(1 - bias) else 0)
            | (steps % 2**mantissa), endless)
    sign = "1" if math.copysign(1.0, value) < 0 else "0"
    return sign + format(number, f"0{exponent + mantissa}b")
