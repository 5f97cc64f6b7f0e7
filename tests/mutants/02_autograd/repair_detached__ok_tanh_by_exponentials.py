# why: tanh written out, as differentiable as any
def two_layer_loss(x, y, w1, w2):
    up, down = torch.exp(x @ w1), torch.exp(-(x @ w1))
    errors = ((up - down) / (up + down)).matmul(w2) - y
    return (errors * errors).sum() / len(y)
