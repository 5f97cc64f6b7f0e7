# mistake: lets blame through at the kink
# caught: check_dense_grads
# says: z > 0 or z >= 0
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) / y.numel() * (z >= 0)
    return dz @ w.T, x.T @ dz, dz.sum(0)
