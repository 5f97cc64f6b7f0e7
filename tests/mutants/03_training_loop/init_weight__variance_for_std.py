# mistake: passes the variance as std
# caught: check_init_weight
# says: a variance: the standard deviation is its root
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = (2 if relu else 1) / n_in
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma, a=-3 * sigma, b=3 * sigma)
