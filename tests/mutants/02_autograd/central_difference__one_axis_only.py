# mistake: loops over the first axis only
# caught: check_central_difference
# says: a matrix
def central_difference(f, x, step=1e-5):
    point = x.detach().double()
    grad = torch.zeros_like(point)
    for i in range(len(point) if point.dim() else 1):
        nudge = torch.zeros_like(point)
        nudge[i if point.dim() else ()] = step
        grad[i if point.dim() else ()] = (float(f(point + nudge)) - float(f(point - nudge))) / (2 * step)
    return grad
