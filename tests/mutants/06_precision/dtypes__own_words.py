# mistake: writes names
# caught: check_dtypes
# says: your answer has
dtypes = {
    "layer.weight": "float32",
    "h = layer(x)": torch.bfloat16,
    "h * 2": torch.bfloat16,
    "h + x[:, :3]": torch.float32,
    "the loss": torch.float32,
    "layer.weight.grad": torch.float32,
}
