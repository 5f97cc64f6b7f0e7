# mistake: gives every bundle the same weight, whatever its size
# caught: check_bundle_grad
# says: does a phone with 1 order count as much
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    for x, y in bundles:
        loss = courier_loss(w, x, y, reduction)
        if reduction == "mean":
            loss = loss / len(bundles)
        loss.backward()
    return w.grad
