# tries: recursion without end, in Python, in a result's structure and in a result that holds itself
# must: softmax_rows=failed|crashed centre=failed|crashed|tampered bytes_of=failed|crashed|tampered running_mean=failed|crashed
#   *=not_attempted
# gains: 0
# flags: quick

# %% exercise="softmax_rows"
def softmax_rows(x):
    return softmax_rows(x)

# %% exercise="centre"
def centre(x):
    deep = x
    for _ in range(200_000):
        deep = [deep]
    return deep

# %% exercise="bytes_of"
def bytes_of(name):
    loop = {}
    loop["self"] = [loop, {"again": loop}]
    return loop

# %% exercise="running_mean"
class Self:
    def __iter__(self):
        return self
    def __next__(self):
        return self
    def __float__(self):
        return float(self)
    def __len__(self):
        return len(self)

def running_mean(numbers):
    return Self()
