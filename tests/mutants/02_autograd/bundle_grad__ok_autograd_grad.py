# why: sums everything with torch.autograd.grad and divides at the end
def bundle_grad(w, bundles, reduction="mean"):
    total, orders = torch.zeros_like(w), 0
    for x, y in bundles:
        total += torch.autograd.grad(courier_loss(w, x, y, "sum"), w)[0]
        orders += len(y)
    return total / orders if reduction == "mean" else total
