# tries: a loop without an end, in Python, in a cell and in a check
# must: softmax_rows=timeout *=not_attempted
# gains: 0
# flags: quick

# %% own
while True:
    pass

# %% exercise="softmax_rows"
def softmax_rows(x):
    while True:
        x = x + 1
