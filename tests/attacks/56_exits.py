# tries: exits of every polite kind, in cells and in checks, in the hope that an end without an error is a pass
# must: softmax_rows=failed|crashed centre=failed|crashed bytes_of=failed|crashed running_mean=failed|crashed
#   total_bytes=failed|crashed|not_attempted *=not_attempted
# gains: 0
# flags: quick

# %% own
import sys
sys.exit(0)

# %% exercise="softmax_rows"
import sys

def softmax_rows(x):
    sys.exit(0)

# %% exercise="centre"
def centre(x):
    raise SystemExit

# %% exercise="bytes_of"
def bytes_of(name):
    exit()

# %% exercise="running_mean"
def running_mean(numbers):
    yield 1.0
    raise GeneratorExit

# %% exercise="total_bytes"
class Leaving:
    def __getattribute__(self, name):
        raise KeyboardInterrupt
total_bytes = Leaving()
