# mistake: clears .grad before each bundle, so that only the last one stays
# caught: check_bundle_grad
# says: the last bundle alone
def bundle_grad(w, bundles, reduction="mean"):
    orders = sum(len(y) for _, y in bundles)
    for x, y in bundles:
        w.grad = None
        courier_loss(w, x, y, reduction).backward()
    return w.grad
