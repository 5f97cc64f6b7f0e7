# tries: the process stops itself, so that nobody answers and nothing ends
# must: softmax_rows=timeout|crashed centre=timeout|crashed *=not_attempted|timeout|crashed
# gains: 0

# %% exercise="softmax_rows"
import os
import signal

def softmax_rows(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return x

# %% exercise="centre"
def centre(x):
    os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGSTOP)
