# mistake: keeps the detour through NumPy
# caught: check_repair_detached
# says: w1
def two_layer_loss(x, y, w1, w2):
    hidden = torch.from_numpy(np.tanh((x @ w1).detach().numpy()))
    return ((hidden @ w2 - y) ** 2).mean()
