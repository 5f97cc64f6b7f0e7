# mistake: computes in float64 and returns float32
# caught: check_central_difference
# says: float32
def central_difference(f, x, step=1e-5):
    point = x.detach().double()
    grad = torch.zeros(point.numel())
    for i in range(point.numel()):
        nudge = torch.zeros(point.numel(), dtype=torch.float64)
        nudge[i] = step
        nudge = nudge.reshape(point.shape)
        grad[i] = (float(f(point + nudge)) - float(f(point - nudge))) / (2 * step)
    return grad.reshape(point.shape)
