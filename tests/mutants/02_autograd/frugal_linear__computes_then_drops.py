# mistake: computes first and throws away afterwards
# caught: check_frugal_linear__bill
# says: nobody asked for dx
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.save_for_backward(x, w)
        return x @ w + b

    @staticmethod
    def backward(ctx, d_out):
        x, w = ctx.saved_tensors
        dx, dw, db = d_out @ w.T, x.T @ d_out, d_out.sum(0)
        need_x, need_w, need_b = ctx.needs_input_grad
        return dx if need_x else None, dw if need_w else None, db if need_b else None


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
