# mistake: nudges x itself and does not put it back
# caught: check_central_difference
# says: your code changes
def central_difference(f, x, step=1e-5):
    grad = torch.zeros(x.shape, dtype=torch.float64)
    flat, out = x.view(-1), grad.view(-1)
    for i in range(x.numel()):
        flat[i] += step
        up = float(f(x.double()))
        flat[i] -= 2 * step
        out[i] = (up - float(f(x.double()))) / (2 * step)
    return grad
