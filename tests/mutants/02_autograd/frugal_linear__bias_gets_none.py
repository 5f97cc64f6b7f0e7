# mistake: returns None for the bias
# caught: check_frugal_linear
# says: None
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        return d_out @ w.T if ctx.needs_input_grad[0] else None, x.T @ d_out if ctx.needs_input_grad[1] else None, None


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
