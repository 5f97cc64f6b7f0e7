# why: lends the gradients to parameters and calls PyTorch's own
def clip_(grads, max_norm):
    holders = []
    for g in grads:
        if g is not None:
            holder = torch.nn.Parameter(torch.zeros_like(g))
            holder.grad = g
            holders.append(holder)
    return torch.nn.utils.clip_grad_norm_(holders, max_norm).item()
