# tries: the interpreter crashes in C: a null pointer, abort, a stack overflow
# must: softmax_rows=crashed centre=crashed bytes_of=crashed|failed|timeout *=not_attempted
# gains: 0

# %% exercise="softmax_rows"
import ctypes
import os

def softmax_rows(x):
    ctypes.string_at(0)

# %% exercise="centre"
def centre(x):
    os.abort()

# %% exercise="bytes_of"
import sys

def bytes_of(name):
    sys.setrecursionlimit(10**9)
    value = []
    for _ in range(10**6):
        value = [value]
    return repr(value) or value == value
