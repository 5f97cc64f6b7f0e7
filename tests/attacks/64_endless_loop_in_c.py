# tries: work in C that no signal interrupts: big powers, matrices, patterns that backtrack
# must: softmax_rows=timeout total_bytes=not_attempted|timeout|crashed|failed *=not_attempted|timeout
# gains: 0

# %% exercise="softmax_rows"
import re

def softmax_rows(x):
    re.match(r"(a|aa)+$", "a" * 200 + "b")
    return x

# %% exercise="total_bytes"
total_bytes = 7 ** (10 ** 9)
