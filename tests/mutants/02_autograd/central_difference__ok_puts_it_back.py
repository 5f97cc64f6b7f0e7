# why: nudges a float64 copy in place and puts every number back
def central_difference(f, x, step=1e-5):
    point = x.detach().to(torch.float64, copy=True).contiguous()
    grad = torch.empty_like(point)
    with torch.no_grad():
        for i in range(point.numel()):
            old = point.view(-1)[i].item()
            point.view(-1)[i] = old + step
            up = f(point)
            up = up.item() if isinstance(up, torch.Tensor) else up
            point.view(-1)[i] = old - step
            down = f(point)
            down = down.item() if isinstance(down, torch.Tensor) else down
            point.view(-1)[i] = old
            grad.view(-1)[i] = (up - down) / (2 * step)
    return grad
