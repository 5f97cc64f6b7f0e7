# mistake: forgets the blame that comes in
# caught: check_frugal_linear
# says: is d_out used in all three, as it came in
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        need_x, need_w, need_b = ctx.needs_input_grad
        ones = torch.ones_like(d_out)
        return ones @ w.T if need_x else None, x.T @ ones if need_w else None, ones.sum(0) if need_b else None


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
