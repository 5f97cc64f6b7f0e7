# mistake: gives a T4 bfloat16
# caught: check_choose
# says: a T4
def choose(capability):
    if capability is None or capability < (7, 0):
        return torch.float32, False
    return torch.bfloat16, False
