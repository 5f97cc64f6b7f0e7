# why: one whole number times a power of two
def decode(bits, exponent):
    m_bits = len(bits) - exponent - 1
    e, m = int(bits[1:-m_bits], 2), int(bits[-m_bits:], 2)
    if e == (1 << exponent) - 1:
        size = float("nan") if m else float("inf")
    else:
        whole = m if e == 0 else m + (1 << m_bits)
        size = math.ldexp(whole, max(e, 1) - ((1 << (exponent - 1)) - 1) - m_bits)
    return -size if bits[0] == "1" else size
