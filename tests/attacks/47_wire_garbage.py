# tries: random bytes are written to every descriptor, in a cell and inside a check
# must: softmax_rows=tampered|crashed|failed|timeout bytes_of=tampered|crashed|failed|timeout *=not_attempted|crashed|tampered|skipped
# gains: 0
# flags: quick

# %% exercise="softmax_rows"
import os
import random

def scribble():
    for number in range(3, 70000):
        try:
            os.write(number, random.Random(number).randbytes(200))
        except OSError:
            pass

def softmax_rows(x):
    scribble()
    return x

# %% exercise="bytes_of"
def bytes_of(name):
    scribble()
    return 8

# %% own after="bytes_of"
scribble()
