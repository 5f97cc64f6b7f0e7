# why: runs it
_layer, _x = nn.Linear(8, 3), torch.ones(4, 8)
with torch.autocast("cpu", dtype=torch.bfloat16):
    _h = _layer(_x)
    _loss = F.cross_entropy(_h, torch.tensor([0, 1, 2, 0]))
_loss.backward()
dtypes = {"layer.weight": _layer.weight.dtype, "h = layer(x)": _h.dtype, "h * 2": (_h * 2).dtype}
dtypes |= {"h + x[:, :3]": (_h + _x[:, :3]).dtype, "the loss": _loss.dtype,
           "layer.weight.grad": _layer.weight.grad.dtype}
