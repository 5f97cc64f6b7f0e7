# why: lets sums add up in .grad, divides in place, hands out a copy
def bundle_grad(w, bundles, reduction="mean"):
    if w.grad is not None:
        w.grad.zero_()
    orders = 0
    for x, y in bundles:
        courier_loss(w, x, y, reduction="sum").backward()
        orders += y.shape[0]
    if reduction == "mean":
        w.grad /= orders
    return w.grad.clone()
