# mistake: never clears .grad at all
# caught: check_bundle_grad
# says: in w.grad before your first backward()
def bundle_grad(w, bundles, reduction="mean"):
    orders = sum(len(y) for _, y in bundles)
    for x, y in bundles:
        loss = courier_loss(w, x, y, reduction)
        (loss * len(y) / orders if reduction == "mean" else loss).backward()
    return w.grad
