# tries: results so large that reading them costs the judge its memory: tensors without bytes, integers, strings, lists
# must: softmax_rows=failed|timeout|out_of_memory|crashed|tampered centre=failed|timeout|out_of_memory|crashed|tampered
#   bytes_of=failed|timeout|out_of_memory|crashed|tampered grad_of_mse=failed|timeout|out_of_memory|crashed|tampered
#   running_mean=failed|timeout|out_of_memory|crashed|tampered total_bytes=failed|timeout|out_of_memory|crashed|tampered
#   *=not_attempted
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% exercise="softmax_rows"
def softmax_rows(x):
    return torch.zeros(1).expand(10**6, 10**6)

# %% exercise="centre"
def centre(x):
    return torch.empty(10**9, 10**6, device="meta")

# %% exercise="grad_of_mse"
def grad_of_mse(w, x, y):
    return torch.sparse_coo_tensor(torch.zeros(1, 1, dtype=torch.long), torch.ones(1), (10**15,))

# %% exercise="bytes_of"
def bytes_of(name):
    return 10 ** (10**7)

# %% exercise="running_mean"
def running_mean(numbers):
    return [[0.0] * 1000] * 100_000 + ["x" * 400_000_000]

# %% exercise="total_bytes"
class Endless(str):
    def __len__(self):
        return 2**62
    def __str__(self):
        return "x" * (1 << 28)
    __repr__ = __str__

total_bytes = Endless("x")
