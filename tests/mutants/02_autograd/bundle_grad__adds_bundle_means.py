# mistake: adds up the bundles' means without weights
# caught: check_bundle_grad
# says: is not the sum of two means
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    for x, y in bundles:
        courier_loss(w, x, y, reduction).backward()
    return w.grad
