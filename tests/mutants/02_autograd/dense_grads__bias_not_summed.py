# mistake: returns the blame of b for each order
# caught: check_dense_grads
# says: db
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) / y.numel() * (z > 0)
    return dz @ w.T, x.T @ dz, dz
