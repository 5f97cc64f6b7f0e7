# mistake: forgets the 2 of the square
# caught: check_dense_grads
# says: what came down from the square
def dense_grads(x, w, b, y):
    z = x @ w + b
    dz = (torch.relu(z) - y) / y.numel() * (z > 0)
    return dz @ w.T, x.T @ dz, dz.sum(0)
