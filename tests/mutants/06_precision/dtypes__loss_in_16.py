# mistake: computes the loss in 16 bits
# caught: check_dtypes
# says: which format do they need
dtypes = {
    "layer.weight": torch.float32,
    "h = layer(x)": torch.bfloat16,
    "h * 2": torch.bfloat16,
    "h + x[:, :3]": torch.float32,
    "the loss": torch.bfloat16,
    "layer.weight.grad": torch.float32,
}
