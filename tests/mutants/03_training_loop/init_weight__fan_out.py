# mistake: divides by the number of outputs
# caught: check_init_weight
# says: fan-in or fan-out?
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_out)
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma, a=-3 * sigma, b=3 * sigma)
