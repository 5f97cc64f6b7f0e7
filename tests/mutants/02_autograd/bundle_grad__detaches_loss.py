# mistake: adds up Python numbers and loses the graph
# caught: check_bundle_grad
# says: does not require grad
def bundle_grad(w, bundles, reduction="mean"):
    w.grad = None
    orders = sum(len(y) for _, y in bundles)
    total = 0.0
    for x, y in bundles:
        total += courier_loss(w, x, y, reduction).item() * len(y) / orders
    torch.tensor(total).backward()
    return w.grad
