# mistake: puts requires_grad on the copy: a new leaf, the cut stays
# caught: check_repair_detached
# says: on the way from that weight to the loss
def two_layer_loss(x, y, w1, w2):
    hidden = torch.tensor(np.tanh((x @ w1).detach().numpy()), requires_grad=True)
    return ((hidden @ w2 - y) ** 2).mean()
