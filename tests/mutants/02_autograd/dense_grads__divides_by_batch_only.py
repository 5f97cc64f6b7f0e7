# mistake: divides by B in place of B·K
# caught: check_dense_grads
# says: the mean is over all B·K
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) / len(y) * (z > 0)
    return dz @ w.T, x.T @ dz, dz.sum(0)
