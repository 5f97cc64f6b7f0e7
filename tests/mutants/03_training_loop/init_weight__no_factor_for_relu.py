# mistake: forgets the √2
# caught: check_init_weight
# says: where is the factor for the ReLU?
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt(1 / n_in)
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma, a=-3 * sigma, b=3 * sigma)
