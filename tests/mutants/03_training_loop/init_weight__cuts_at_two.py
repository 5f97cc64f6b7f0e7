# mistake: cuts at two standard deviations and rescales the rest
# caught: check_init_weight
# says: Is the cut nearer than three
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_in)
    w = nn.init.trunc_normal_(torch.empty(n_out, n_in), std=1.0, a=-2.0, b=2.0)
    return w * sigma / 0.8796
