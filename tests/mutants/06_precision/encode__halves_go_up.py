# mistake: rounds every half up
# caught: check_encode
# says: ties go to the even mantissa
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
        steps = int(abs(value) / 2.0**(power - mantissa) + 0.5)
        number = min((power + bias - 1) * 2**mantissa + steps, endless)
    sign = "1" if math.copysign(1.0, value) < 0 else "0"
    return sign + format(number, f"0{exponent + mantissa}b")
