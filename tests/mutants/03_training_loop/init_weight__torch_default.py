# mistake: leaves it to nn.Linear, whose default is smaller
# caught: check_init_weight
# says: std of a 300
def init_weight(n_in: int, n_out: int, relu: bool = True):
    return nn.Linear(n_in, n_out).weight.detach()
