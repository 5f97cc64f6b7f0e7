# mistake: 16 bits win where they meet 32
# caught: check_dtypes
# says: which of the two wins
dtypes = {
    "layer.weight": torch.float32,
    "h = layer(x)": torch.bfloat16,
    "h * 2": torch.bfloat16,
    "h + x[:, :3]": torch.bfloat16,
    "the loss": torch.float32,
    "layer.weight.grad": torch.float32,
}
