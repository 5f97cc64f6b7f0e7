# mistake: believes that reshape never copies
# caught: check_predict_copies
# says: which single step leads from 0 to 4
# exercise: predict_copies
shares = {
    "x[1]": True,
    "x[:, ::2]": True,
    "x[[0, 2]]": False,
    "x.reshape(2, 6)": True,
    "x.T.reshape(12)": True,
    "x.T.reshape(2, 2, 3)": True,
    "x.T.contiguous()": False,
    "x.to(torch.float32)": True,
}
