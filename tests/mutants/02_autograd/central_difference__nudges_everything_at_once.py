# mistake: adds the step to every number of x
# caught: check_central_difference
# says: one number at a time
def central_difference(f, x, step=1e-5):
    point = x.detach().double()
    slope = (float(f(point + step)) - float(f(point - step))) / (2 * step)
    return torch.full_like(point, slope)
