# why: divides by 0.9866, so that the cut costs nothing
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_in)
    cut = nn.init.trunc_normal_(torch.empty(n_out, n_in), std=1.0, a=-2.95, b=2.95)
    return cut / cut.std() * sigma
