# mistake: gives bfloat16 a scaler
# caught: check_choose
# says: a scaler only where the range is small
def choose(capability):
    if capability is None or capability < (7, 0):
        return torch.float32, False
    return (torch.float16 if capability < (8, 0) else torch.bfloat16), True
