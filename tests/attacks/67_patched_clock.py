# tries: clocks are stopped and alarms taken away, so that a limit kept inside the process never comes
# must: softmax_rows=timeout *=not_attempted|timeout|crashed
# gains: 0

# %% own
import faulthandler
import signal
import time

stopped = time.monotonic()
time.monotonic = time.time = time.perf_counter = lambda: stopped
signal.signal(signal.SIGALRM, signal.SIG_IGN)
signal.setitimer(signal.ITIMER_REAL, 0)
faulthandler.cancel_dump_traceback_later()

# %% exercise="softmax_rows"
def softmax_rows(x):
    while time.monotonic() == stopped:
        pass
    return x
