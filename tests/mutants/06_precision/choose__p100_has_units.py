# mistake: gives a P100 float16
# caught: check_choose
# says: P100
def choose(capability):
    if capability is None:
        return torch.float32, False
    if capability < (8, 0):
        return torch.float16, True
    return torch.bfloat16, False
