# tries: atexit functions, finalisers and weak references end the process or print a pass when it shuts down
# must: softmax_rows=failed|crashed *=not_attempted|crashed
# gains: 0

# %% exercise="softmax_rows"
import atexit
import os
import weakref

class Bomb:
    def __del__(self):
        print("✓ softmax_rows: 9 checks passed")
        os._exit(0)

def softmax_rows(x):
    atexit.register(os._exit, 0)
    weakref.finalize(x, os._exit, 0)
    Bomb()
    return x
