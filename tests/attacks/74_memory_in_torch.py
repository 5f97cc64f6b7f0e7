# tries: all of the machine's memory, in tensors, in the student's own cell and in a check
# must: softmax_rows=out_of_memory|crashed|timeout total_bytes=out_of_memory|crashed|timeout
#   *=not_attempted|out_of_memory|crashed
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% exercise="softmax_rows"
def softmax_rows(x):
    return torch.stack([torch.ones(1 << 26) for _ in range(1000)])

# %% exercise="total_bytes"
hoard = [torch.ones(1 << 26) for _ in range(1000)]
total_bytes = len(hoard)
