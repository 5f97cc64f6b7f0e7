# tries: the answer is quick when the student runs it and sleeps for ever in the grader's checks
# must: softmax_rows=timeout centre=timeout *=not_attempted|timeout
# gains: 0

# %% exercise="softmax_rows"
import time

calls = []

def softmax_rows(x):
    calls.append(1)
    if len(calls) > 1:
        time.sleep(1000)
    return x.softmax(-1)

# %% exercise="centre"
def centre(x):
    time.sleep(1000)
