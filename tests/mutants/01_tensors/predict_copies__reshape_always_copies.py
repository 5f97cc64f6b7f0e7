# mistake: believes that reshape always copies
# caught: check_predict_copies
# says: Try the strides (2, 1, 4)
# exercise: predict_copies
shares = {
    "x[1]": True,
    "x[:, ::2]": True,
    "x[[0, 2]]": False,
    "x.reshape(2, 6)": False,
    "x.T.reshape(12)": False,
    "x.T.reshape(2, 2, 3)": False,
    "x.T.contiguous()": False,
    "x.to(torch.float32)": True,
}
