# mistake: sends blame through units that are shut
# caught: check_dense_grads
# says: where did the ReLU go
def dense_grads(x, w, b, y):
    d_out = 2 * (torch.relu(x @ w + b) - y) / y.numel()
    return d_out @ w.T, x.T @ d_out, d_out.sum(0)
