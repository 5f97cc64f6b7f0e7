# mistake: nudges in the dtype that x came in
# caught: check_central_difference
# says: did you turn x into float64
def central_difference(f, x, step=1e-5):
    grad = torch.zeros(x.numel(), dtype=torch.float64)
    for i in range(x.numel()):
        nudge = torch.zeros(x.numel(), dtype=x.dtype)
        nudge[i] = step
        nudge = nudge.reshape(x.shape)
        grad[i] = (float(f(x + nudge)) - float(f(x - nudge))) / (2 * step)
    return grad.reshape(x.shape)
