# mistake: steps to one side only
# caught: check_central_difference
# says: do you also step to the other side
def central_difference(f, x, step=1e-5):
    point = x.detach().double()
    grad = torch.zeros(point.numel(), dtype=torch.float64)
    for i in range(point.numel()):
        nudge = torch.zeros(point.numel(), dtype=torch.float64)
        nudge[i] = step
        grad[i] = (float(f(point + nudge.reshape(point.shape))) - float(f(point))) / step
    return grad.reshape(point.shape)
