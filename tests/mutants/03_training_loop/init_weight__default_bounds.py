# mistake: leaves trunc_normal_'s bounds at −2 and 2 (the trap)
# caught: check_init_weight
# says: Nothing is cut
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt((2 if relu else 1) / n_in)
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma)
