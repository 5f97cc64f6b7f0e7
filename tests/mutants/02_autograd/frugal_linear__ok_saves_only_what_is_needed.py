# why: asks requires_grad in the forward and saves only what will be used
class FrugalLinear(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, b):
        ctx.x = x if w.requires_grad else None
        ctx.w = w if x.requires_grad else None
        return torch.addmm(b, x, w)

    @staticmethod
    def backward(ctx, d_out):
        dx = dw = db = None
        if ctx.needs_input_grad[0]:
            dx = d_out.mm(ctx.w.t())
        if ctx.needs_input_grad[1]:
            dw = ctx.x.t().mm(d_out)
        if ctx.needs_input_grad[2]:
            db = d_out.sum(dim=0)
        return dx, dw, db


def frugal_linear(x, w, b):
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    return backward_flops(frugal_linear, x, w, b)
