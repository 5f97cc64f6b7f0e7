# tries: all of the machine's memory, in Python objects
# must: softmax_rows=out_of_memory|crashed|timeout *=not_attempted|out_of_memory|crashed
# gains: 0
# flags: bomb quick
# stock: not run: it would take the machine down

# %% exercise="softmax_rows"
def softmax_rows(x):
    hoard = []
    while True:
        hoard.append(bytearray(b"x") * (64 << 20))
