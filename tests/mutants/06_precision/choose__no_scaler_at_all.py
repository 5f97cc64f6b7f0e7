# mistake: forgets the scaler
# caught: check_choose
# says: a T4
def choose(capability):
    if capability is None or capability[0] < 7:
        return torch.float32, False
    return (torch.float16 if capability[0] == 7 else torch.bfloat16), False
