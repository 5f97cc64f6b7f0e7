# tries: the parent, process 1 and the process group are killed
# must: softmax_rows=crashed|failed|not_attempted *=not_attempted|crashed
# gains: 0
# flags: quick

# %% own
import os
import signal

for pid in (os.getppid(), 1, -os.getpgrp()):
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
        try:
            if pid not in (0, os.getpid()):
                os.kill(pid, number)
        except (OSError, KeyboardInterrupt):
            pass

# %% exercise="softmax_rows"
import os
import signal

def softmax_rows(x):
    os.kill(os.getppid(), signal.SIGKILL)
    os.kill(1, signal.SIGKILL)
    return x
