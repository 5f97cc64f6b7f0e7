# mistake: forgets what keepdim leaves
# caught: check_twelve__shapes
# says: keepdim leaves something in its place
# exercise: twelve
twelve = {
    "torch.tensor(3)": ((), 8),
    "torch.zeros(4, 8)": ((4, 8), 128),
    "torch.arange(2, 20, 3)": ((6,), 48),
    "torch.ones(5, 3).to(torch.float16).T": ((3, 5), 30),
    "torch.ones(2, 3, 4)[:, -1]": ((2, 4), 32),
    "torch.ones(2, 3, 4)[..., 1:3]": ((2, 3, 2), 48),
    "torch.randn(6, 5) > 0": ((6, 5), 30),
    "torch.arange(6) / 2": ((6,), 24),
    "torch.ones(3, 1) + torch.ones(4)": ((3, 4), 48),
    "(torch.ones(3, 5) > 0).sum(dim=1, keepdim=True)": ((3,), 24),
    "torch.ones(4, 8, 16, 32) @ torch.ones(32, 2)": ((4, 8, 16, 2), 4096),
    "torch.ones(5, dtype=torch.float16) + torch.arange(5)": ((5,), 10),
}
