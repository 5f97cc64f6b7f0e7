# mistake: lets autograd do the work
# caught: check_dense_grads
# says: by hand what autograd does
def dense_grads(x, w, b, y):
    x, w, b = (t.clone().requires_grad_() for t in (x, w, b))
    loss = ((torch.relu(x @ w + b) - y) ** 2).mean()
    loss.backward()
    return x.grad, w.grad, b.grad
