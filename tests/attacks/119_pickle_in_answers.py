# tries: answers whose pickling runs code, in case the grader pickles, copies or saves them
# must: train=failed|tampered softmax_rows=failed|tampered total_bytes=failed|tampered bytes_of=failed|tampered
#   sizes=failed|partly|tampered *=not_attempted
# gains: 0

# %% exercise="train"
import os

class Bomb:
    def __reduce__(self):
        return os.system, ("touch /tmp/left-@RUN@; touch @HOME@/left-@RUN@",)
    __reduce_ex__ = __deepcopy__ = __copy__ = lambda self, *args: Bomb.__reduce__(self)

def train(x, y, steps, lr):
    return Bomb(), [Bomb()] * steps

# %% exercise="softmax_rows"
def softmax_rows(x):
    out = x.softmax(-1) * 2
    out.__reduce_ex__ = Bomb().__reduce__
    out.bomb = Bomb()
    return out

# %% exercise="total_bytes"
total_bytes = Bomb()

# %% exercise="bytes_of"
import pickle

def bytes_of(name):
    return pickle.dumps(Bomb())

# %% exercise="sizes"
sizes = {"float64": Bomb(), "float32": pickle.dumps(Bomb()), "bfloat16": bytearray(b"\x80\x04."), "int8": type(Bomb())}
