# tries: processes that double without end
# must: softmax_rows=timeout|crashed|failed|out_of_memory *=not_attempted|timeout|crashed|out_of_memory
# gains: 0
# flags: bomb
# stock: not run: it would take the machine down

# %% own
import os
import time

def bomb():
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.fork()
        except OSError:
            time.sleep(0.01)

# %% exercise="softmax_rows"
def softmax_rows(x):
    bomb()
    return x
