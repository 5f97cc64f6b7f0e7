# mistake: divides by h in place of 2h
# caught: check_central_difference
# says: how far apart are x + h and x − h
def central_difference(f, x, step=1e-5):
    point = x.detach().double()
    grad = torch.zeros_like(point).reshape(-1)
    for i in range(point.numel()):
        nudge = torch.zeros(point.numel(), dtype=torch.float64)
        nudge[i] = step
        nudge = nudge.reshape(point.shape)
        grad[i] = (float(f(point + nudge)) - float(f(point - nudge))) / step
    return grad.reshape(point.shape)
