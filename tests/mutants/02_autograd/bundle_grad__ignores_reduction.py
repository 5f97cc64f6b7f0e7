# mistake: always takes the mean
# caught: check_bundle_grad
# says: do you pass reduction on
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    orders = sum(len(y) for _, y in bundles)
    for x, y in bundles:
        (courier_loss(w, x, y) * len(y) / orders).backward()
    return w.grad
