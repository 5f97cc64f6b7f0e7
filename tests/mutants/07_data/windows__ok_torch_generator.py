# why: a PyTorch generator, an index for all rows
class Windows:
    def __init__(self, path: str, context: int, batch: int, seed: int = 0):
        self.data = np.memmap(path, np.uint16, "r")
        self.T, self.B, self.seed = context, batch, seed
        self.count = (self.data.shape[0] - 1) // self.T

    def __len__(self) -> int:
        return self.count // self.B

    def batch(self, step: int):
        epoch = step // len(self)
        start = (step - epoch * len(self)) * self.B
        dice = torch.Generator().manual_seed(1_000_003 * self.seed + epoch)
        numbers = torch.randperm(self.count, generator=dice)[start : start + self.B].numpy()
        places = numbers[:, None] * self.T + np.arange(self.T + 1)
        rows = torch.tensor(self.data[places].astype("int64"))
        return rows[:, : self.T].contiguous(), rows[:, 1:].contiguous()
