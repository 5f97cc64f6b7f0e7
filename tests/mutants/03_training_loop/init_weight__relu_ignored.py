# mistake: gives the factor for the ReLU always
# caught: check_init_weight
# says: is relu used?
def init_weight(n_in: int, n_out: int, relu: bool = True):
    sigma = math.sqrt(2 / n_in)
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma, a=-3 * sigma, b=3 * sigma)
