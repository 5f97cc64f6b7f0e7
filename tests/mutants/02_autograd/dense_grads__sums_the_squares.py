# mistake: never divides: the gradient of the sum
# caught: check_dense_grads
# says: did you divide by all of them
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = 2 * (torch.relu(z) - y) * (z > 0)
    return dz @ w.T, x.T @ dz, dz.sum(0)
