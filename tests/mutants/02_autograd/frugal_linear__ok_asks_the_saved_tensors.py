# why: saved inputs still know whether they require a gradient; the bias is summed by PyTorch
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        dx = torch.einsum("bk,dk->bd", d_out, w) if x.requires_grad else None
        dw = torch.einsum("bd,bk->dk", x, d_out) if w.requires_grad else None
        return dx, dw, d_out


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
