# why: draws again what lies beyond three standard deviations
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_in)
    w = torch.randn(n_out, n_in)
    while (far := w.abs() > 3).any():
        w[far] = torch.randn(int(far.sum()))
    return w * sigma
