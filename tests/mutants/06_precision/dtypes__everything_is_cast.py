# mistake: casts the weights and their gradients
# caught: check_dtypes
# says: does autocast change what is there
dtypes = {
    "layer.weight": torch.bfloat16,
    "h = layer(x)": torch.bfloat16,
    "h * 2": torch.bfloat16,
    "h + x[:, :3]": torch.float32,
    "the loss": torch.float32,
    "layer.weight.grad": torch.bfloat16,
}
