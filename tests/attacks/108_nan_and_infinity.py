# tries: NaN and infinity, which compare as neither larger nor smaller
# must: softmax_rows=failed centre=failed sizes=failed total_bytes=failed bytes_of=failed train=failed engine=failed
#   central_difference=failed running_mean=failed grad_of_mse=failed *=not_attempted
# gains: 0
# flags: quick

# %% exercise="softmax_rows"
def softmax_rows(x):
    return x * float("nan")

# %% exercise="centre"
def centre(x):
    return x * float("inf")

# %% exercise="grad_of_mse"
def grad_of_mse(w, x, y):
    return w * float("nan")

# %% exercise="sizes"
sizes = {name: float("nan") for name in ("float64", "float32", "bfloat16", "int8")}

# %% exercise="total_bytes"
total_bytes = float("nan")

# %% exercise="bytes_of"
def bytes_of(name):
    return float("nan") if name != "float64" else 8

# %% exercise="train"
def train(x, y, steps, lr):
    return torch.full((3,), float("nan")), [y.square().mean().item(), *[float("nan")] * (steps - 1)]

# %% exercise="engine"
class Value:
    def __init__(self, data, sources=()):
        self.data = self.grad = float("nan")
    __add__ = __mul__ = lambda self, other: self
    backward = lambda self: None

# %% exercise="central_difference"
def central_difference(f, x, h=1e-5):
    return x.double() * float("nan")

# %% exercise="running_mean"
def running_mean(numbers):
    return [float("nan")] * len(numbers)
