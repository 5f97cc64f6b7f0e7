# mistake: returns dw first
# caught: check_dense_grads
# says: dx of the worked example
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) / y.numel() * (z > 0)
    return x.T @ dz, dz @ w.T, dz.sum(0)
