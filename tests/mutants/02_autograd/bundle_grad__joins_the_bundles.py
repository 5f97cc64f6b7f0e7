# mistake: puts all orders into one batch
# caught: check_bundle_grad
# says: one bundle at a time
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    x = torch.cat([x for x, _ in bundles])
    y = torch.cat([y for _, y in bundles])
    courier_loss(w, x, y, reduction).backward()
    return w.grad
