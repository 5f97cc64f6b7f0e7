# mistake: guards dx and always computes dw
# caught: check_frugal_linear__bill
# says: is each one guarded by its own
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        dx = d_out @ w.T if ctx.needs_input_grad[0] else None
        return dx, x.T @ d_out, d_out.sum(0)


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
