# mistake: trips over a machine without a GPU
# caught: check_choose
# says: TypeError
def choose(capability):
    if capability < (7, 0):
        return torch.float32, False
    if capability < (8, 0):
        return torch.float16, True
    return torch.bfloat16, False
