# tries: the process ends at once with status 0 in the middle of a check, and in a cell of its own
# must: softmax_rows=crashed total_bytes=not_attempted|crashed *=not_attempted|crashed
# gains: 0
# flags: quick

# %% exercise="softmax_rows"
import os

def softmax_rows(x):
    os._exit(0)

# %% own after="total_bytes"
import os
os._exit(0)
