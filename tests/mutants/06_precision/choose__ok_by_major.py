# why: by the major number
def choose(capability):
    major = 0 if capability is None else capability[0]
    kind = torch.float32 if major < 7 else torch.float16 if major == 7 else torch.bfloat16
    return kind, kind is torch.float16
