# why: computes the answers from a real tensor
# exercise: predict_copies
x = torch.arange(12.0).reshape(3, 4)
results = {"x[1]": x[1], "x[:, ::2]": x[:, ::2], "x[[0, 2]]": x[[0, 2]], "x.reshape(2, 6)": x.reshape(2, 6),
           "x.T.reshape(12)": x.T.reshape(12), "x.T.reshape(2, 2, 3)": x.T.reshape(2, 2, 3),
           "x.T.contiguous()": x.T.contiguous(), "x.to(torch.float32)": x.to(torch.float32)}
shares = {text: r.untyped_storage().data_ptr() == x.untyped_storage().data_ptr() for text, r in results.items()}
