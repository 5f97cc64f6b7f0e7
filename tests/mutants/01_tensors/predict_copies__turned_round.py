# mistake: writes True for copies
# caught: check_predict_copies
# says: the opposite in every row
# exercise: predict_copies
shares = {"x[1]": False, "x[:, ::2]": False, "x[[0, 2]]": True, "x.reshape(2, 6)": False,
          "x.T.reshape(12)": True, "x.T.reshape(2, 2, 3)": False, "x.T.contiguous()": True,
          "x.to(torch.float32)": False}
