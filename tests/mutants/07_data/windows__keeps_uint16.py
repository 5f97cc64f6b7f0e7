# mistake: leaves the tokens in 32 bits
# caught: check_windows
# says: expected dtype int64
class Windows:
    def __init__(self, path, context, batch, seed=0):
        self.tokens = np.memmap(path, dtype=np.uint16, mode="r")
        self.context, self.size, self.seed = context, batch, seed
        self.windows = (len(self.tokens) - 1) // context

    def __len__(self):
        return self.windows // self.size

    def batch(self, step):
        epoch, place = divmod(step, len(self))
        order = np.random.default_rng([self.seed, epoch]).permutation(self.windows)
        chosen = order[place * self.size : (place + 1) * self.size]
        rows = [self.tokens[n * self.context : n * self.context + self.context + 1] for n in chosen]
        rows = torch.from_numpy(np.stack(rows).astype(np.int32))
        return rows[:, :-1].clone(), rows[:, 1:].clone()
