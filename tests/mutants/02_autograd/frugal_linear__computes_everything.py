# mistake: computes all gradients whether or not anybody asked
# caught: check_frugal_linear__bill
# says: what does ctx.needs_input_grad[0] say
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        return d_out @ w.T, x.T @ d_out, d_out.sum(0)


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
