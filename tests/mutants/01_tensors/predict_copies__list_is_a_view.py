# mistake: takes a list of places for a slice
# caught: check_predict_copies
# says: PyTorch does not look for a stride
# exercise: predict_copies
shares = {
    "x[1]": True,
    "x[:, ::2]": True,
    "x[[0, 2]]": True,
    "x.reshape(2, 6)": True,
    "x.T.reshape(12)": False,
    "x.T.reshape(2, 2, 3)": True,
    "x.T.contiguous()": False,
    "x.to(torch.float32)": True,
}
