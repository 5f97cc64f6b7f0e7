# tries: interrupts are ignored, blocked and caught, by the loop and by its threads
# must: softmax_rows=timeout *=not_attempted|timeout|crashed
# gains: 0

# %% own
import signal
import threading
import time

for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM):
    signal.signal(number, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.Signals))
until = time.monotonic() + 60
while time.monotonic() < until:
    try:
        time.sleep(1)
    except BaseException:
        pass

# %% exercise="softmax_rows"
def softmax_rows(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
