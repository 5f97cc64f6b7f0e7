"""A wrong answer to every exercise of the victim: what an attacker hands in who knows nothing."""

# %% exercise="softmax_rows"
def softmax_rows(x):
    return torch.full_like(x, 0.25)

# %% exercise="grad_of_mse"
def grad_of_mse(w, x, y):
    return torch.ones_like(w)

# %% exercise="sizes"
sizes = {"float64": 3, "float32": 3, "bfloat16": 3, "int8": 3}

# %% exercise="total_bytes"
total_bytes = 5

# %% exercise="bytes_of"
def bytes_of(name):
    return 3

# %% exercise="centre"
def centre(x):
    return torch.ones_like(x)

# %% exercise="train"
def train(x, y, steps, lr):
    return torch.ones(3), [1.0] * steps

# %% exercise="net"
class Net(nn.Module):
    def __init__(self, d, h):
        super().__init__()
        self.first, self.last = nn.Linear(d, 1), nn.Linear(1, h)

    def forward(self, x):
        return x

# %% exercise="engine"
class Value:
    def __init__(self, data, sources=()):
        self.data, self.grad = 0.0, 7.0

    def __add__(self, other):
        return Value(1.0)

    def __mul__(self, other):
        return Value(1.0)

    def backward(self, blame=1.0):
        pass

# %% exercise="central_difference"
def central_difference(f, x, h=1e-5):
    return torch.ones(len(x), dtype=torch.float64)

# %% exercise="running_mean"
def running_mean(numbers):
    yield 9.0

# %% exercise="quiz_1"
quiz_1 = lesson.quiz("quiz_1")
quiz_1_answers = {"rows": "a", "signs": "b"}
