# why: fills the table row by row
# exercise: predict_copies
shares = dict.fromkeys(["x[1]", "x[:, ::2]", "x[[0, 2]]", "x.reshape(2, 6)",
                        "x.T.reshape(12)", "x.T.reshape(2, 2, 3)", "x.T.contiguous()", "x.to(torch.float32)"], True)
shares["x[[0, 2]]"] = shares["x.T.reshape(12)"] = shares["x.T.contiguous()"] = False
