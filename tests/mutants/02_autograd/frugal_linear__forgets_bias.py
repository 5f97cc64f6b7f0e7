# mistake: has no bias in the forward pass
# caught: check_frugal_linear
# says: is it x @ w + b, all three
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        need_x, need_w, need_b = ctx.needs_input_grad
        return d_out @ w.T if need_x else None, x.T @ d_out if need_w else None, d_out.sum(0) if need_b else None


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
