# mistake: leaves the linear layer in 32 bits
# caught: check_dtypes
# says: is it a matrix product
dtypes = {
    "layer.weight": torch.float32,
    "h = layer(x)": torch.float32,
    "h * 2": torch.float32,
    "h + x[:, :3]": torch.float32,
    "the loss": torch.float32,
    "layer.weight.grad": torch.float32,
}
