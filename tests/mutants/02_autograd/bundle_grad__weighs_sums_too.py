# mistake: weighs sums as if they were means
# caught: check_bundle_grad
# says: sums need no weights
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    orders = sum(len(y) for _, y in bundles)
    for x, y in bundles:
        (courier_loss(w, x, y, reduction) * len(y) / orders).backward()
    return w.grad
