# mistake: divides by the batch size
# caught: check_frugal_linear
# says: A mean, if there is one, is already inside it
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        need_x, need_w, need_b = ctx.needs_input_grad
        dx = d_out @ w.T if need_x else None
        dw = x.T @ d_out / len(x) if need_w else None
        return dx, dw, d_out.mean(0) if need_b else None


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
