# why: a loop over the batch that adds up outer products; returns a list
def dense_grads(x, w, b, y):
    dx, dw, db = torch.zeros_like(x), torch.zeros_like(w), torch.zeros_like(b)
    for i in range(len(x)):
        out = (x[i] @ w + b).clamp(min=0)
        dz = 2 * (out - y[i]) / y.numel() * (out > 0).float()
        dx[i] = w @ dz
        dw += torch.outer(x[i], dz)
        db += dz
    return [dx, dw, db]
