# tries: a generator and an iterable that never end, where the check makes a list of them
# must: running_mean=failed|timeout|out_of_memory|tampered|crashed *=not_attempted
# gains: 0
# flags: quick

# %% exercise="running_mean"
import itertools

def running_mean(numbers):
    yield from itertools.repeat(1.0)
