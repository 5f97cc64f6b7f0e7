# mistake: returns [n_in, n_out]
# caught: check_init_weight
# says: swapped
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_in)
    return nn.init.trunc_normal_(torch.empty(n_in, n_out), std=sigma, a=-3 * sigma, b=3 * sigma)
