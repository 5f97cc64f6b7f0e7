# mistake: averages the blame of b over the batch once more
# caught: check_dense_grads
# says: averaged a second time
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) / y.numel() * (z > 0)
    return dz @ w.T, x.T @ dz, dz.mean(0)
