# %% [markdown]
# ## A lesson to be attacked
#
# Each exercise stands for one kind of check that the course's lessons have.

# %% tags=["fixture"]
import math
import torch
from torch import nn
from autograde import check, lesson
settings = lesson.start(DEVICE, SCALE, SEED)

anchor = torch.linspace(-2.0, 2.0, 12).reshape(3, 4)
weights = torch.tensor([2.0, -1.0, 0.5])

def errands(count):
    x = torch.randn(count, 3)
    return x, x @ weights + 1.5

def mse(w, x, y):
    return (x @ w - y).square().mean()

# %% exercise="softmax_rows"
# exercise: softmax_rows
def softmax_rows(x: torch.Tensor) -> torch.Tensor:
    """Softmax over the last axis. x: Tensor [..., D]. Returns: Tensor of the same shape."""
    ### BEGIN SOLUTION
    spread = (x - x.amax(dim=-1, keepdim=True)).exp()
    return spread / spread.sum(dim=-1, keepdim=True)
    ### END SOLUTION

# %% check="softmax_rows" points=2
check.close(softmax_rows(torch.zeros(1, 2)), torch.full((1, 2), 0.5), of="two zeros")
with check.unchanged(anchor, of="a matrix"):
    check.shape(softmax_rows(anchor), (3, 4))
### BEGIN HIDDEN TESTS
hidden_word = "kanarienvogel-hidden-test-5d0c7be1"
for (x,) in check.samples(1, "b d", n=4):
    want = x.softmax(-1)
    check.close(softmax_rows(x), want, of="random rows")
check.close(softmax_rows(anchor * 100), (anchor * 100).softmax(-1), of="large numbers")
x = torch.randn(2, 3, 5)
want = x.softmax(-1)
check.close(softmax_rows(x), want, of="a batch of matrices")
### END HIDDEN TESTS

# %% check="softmax_rows" part="gradients" points=1
x = torch.tensor([[0.0, 1.0]], requires_grad=True)
softmax_rows(x)[0, 0].backward()
check.close(x.grad, torch.tensor([[0.196612, -0.196612]]), atol=1e-5, of="a row of two")
### BEGIN HIDDEN TESTS
(x,) = next(check.samples(1, "b d", n=1))
check.gradients(softmax_rows, (x,), lambda x: x.softmax(-1))
### END HIDDEN TESTS

# %% exercise="grad_of_mse"
# exercise: grad_of_mse
def grad_of_mse(w: torch.Tensor, x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The gradient of mean((x @ w − y)²) by w. w: Tensor [D], x: Tensor [N, D], y: Tensor [N]. Returns: Tensor [D]."""
    ### BEGIN SOLUTION
    return 2 * x.T @ (x @ w - y) / len(y)
    ### END SOLUTION

# %% check="grad_of_mse" points=2
w, x, y = torch.zeros(1), torch.tensor([[1.0], [3.0]]), torch.tensor([1.0, 3.0])
check.gradient(grad_of_mse(w, x, y), torch.tensor([-10.0]), batch=2, of="two points")
### BEGIN HIDDEN TESTS
for count in (1, 7, 30):
    x, y = errands(count)
    w = torch.randn(3, requires_grad=True)
    want = torch.autograd.grad(mse(w, x, y), w)[0]
    with check.unchanged(w.detach(), x, y, of="the arguments"):
        got = grad_of_mse(w.detach(), x, y)
    check.gradient(got, want, batch=count, of=f"{count} errands")
### END HIDDEN TESTS

# %% exercise="sizes"
# exercise: sizes
# How many bytes does one number of each type take?
### BEGIN SOLUTION
sizes = {"float64": 8, "float32": 4, "bfloat16": 2, "int8": 1}
### END SOLUTION

# %% check="sizes" points=4
### BEGIN HIDDEN TESTS
check.each(sizes, {"float64": 8, "float32": 4, "bfloat16": 2, "int8": 1}, hint={"bfloat16": "how many bits has it?"})
### END HIDDEN TESTS

# %% exercise="total_bytes"
# exercise: total_bytes
# How many bytes does torch.zeros(7, 11, 13) take?
### BEGIN SOLUTION
total_bytes = 4004
### END SOLUTION

# %% check="total_bytes" points=1
check.that(total_bytes != 0, expected="a number above 0", got="yours is 0")
### BEGIN HIDDEN TESTS
check.equal(total_bytes, 4004, reveal=False)
### END HIDDEN TESTS

# %% exercise="bytes_of"
# exercise: bytes_of
def bytes_of(name: str) -> int:
    """How many bytes one number of the type torch.NAME takes."""
    ### BEGIN SOLUTION
    return torch.zeros(1, dtype=getattr(torch, name)).nbytes
    ### END SOLUTION

# %% check="bytes_of" points=4
check.equal(bytes_of("float64"), 8, of="float64")
### BEGIN HIDDEN TESTS
want = {"float32": 4, "bfloat16": 2, "int8": 1, "complex128": 16}
check.each({name: bytes_of(name) for name in want}, want)
### END HIDDEN TESTS

# %% exercise="centre"
# exercise: centre
def centre(x: torch.Tensor) -> torch.Tensor:
    """Take the mean of each column away from it. x: Tensor [N, D]. Returns: Tensor [N, D]."""
    ### BEGIN SOLUTION
    return x - x.mean(0)
    ### END SOLUTION

# %% check="centre" points=1
want, squares = (x - x.mean(0) for x in (anchor, anchor * anchor))
check.close(centre(anchor.clone()), want, of="a matrix")
### BEGIN HIDDEN TESTS
check.close(centre(anchor * anchor), squares, of="its squares")
### END HIDDEN TESTS

# %% exercise="train"
# exercise: train
def train(x: torch.Tensor, y: torch.Tensor, steps: int, lr: float) -> tuple[torch.Tensor, list[float]]:
    """Gradient descent on mse from w = 0. x: Tensor [N, D], y: Tensor [N]. Returns: w [D], the loss before each step."""
    ### BEGIN SOLUTION
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        loss = mse(w, x, y)
        losses.append(loss.item())
        (gradient,) = torch.autograd.grad(loss, w)
        with torch.no_grad():
            w -= lr * gradient
    return w.detach(), losses
    ### END SOLUTION

# %% check="train" points=3
x, y = errands(32)
w, losses = train(x, y, 40, 0.1)
check.curve(losses, start=mse(torch.zeros(3), x, y).item(), start_rtol=1e-4, length=40, of="32 errands")
### BEGIN HIDDEN TESTS
for count, steps, rate in ((24, 30, 0.05), (48, 60, 0.15)):
    x, y = errands(count)
    right, curve = torch.zeros(3), []
    for _ in range(steps):
        curve.append(mse(right, x, y).item())
        right = right - rate * 2 * x.T @ (x @ right - y) / count
    w, losses = train(x, y, steps, rate)
    check.curve(losses, start=curve[0], start_rtol=1e-4, length=steps, final=mse(w, x, y).item(), of=f"{count} errands")
    check.close(w, right, rtol=1e-3, atol=1e-4, of="the weights")
    check.close(losses, curve, rtol=1e-3, atol=1e-5, of="the losses")
### END HIDDEN TESTS

# %% exercise="net"
# exercise: net
class Net(nn.Module):
    """Linear, ReLU, Linear: self.first of d → h, self.last of h → 1. Input [N, d], output [N]."""

    def __init__(self, d: int, h: int):
        super().__init__()
        ### BEGIN SOLUTION
        self.first, self.last = nn.Linear(d, h), nn.Linear(h, 1)
        ### END SOLUTION

    def forward(self, x):
        ### BEGIN SOLUTION
        return self.last(self.first(x).relu()).squeeze(-1)
        ### END SOLUTION

# %% check="net" points=2
model = Net(3, 5)
check.parameter_count(model, 26)
check.shape(model(torch.zeros(4, 3)), (4,))
### BEGIN HIDDEN TESTS
torch.manual_seed(int(torch.randint(2**31, ())))
with torch.no_grad():
    for parameter in model.parameters():
        parameter.copy_(torch.randn_like(parameter))
x, y = errands(9)
want = (x @ model.first.weight.T + model.first.bias).relu() @ model.last.weight.T + model.last.bias
check.close(model(x), want.squeeze(-1).detach(), rtol=1e-4, atol=1e-4, of="weights of the check's own")
check.reaches((model(x) - y).square().mean(), model)
### END HIDDEN TESTS

# %% exercise="engine"
# exercise: engine
class Value:
    """A number that remembers where it came from: data, grad, +, *, backward()."""

    def __init__(self, data, sources=()):
        ### BEGIN SOLUTION
        self.data, self.grad, self.sources = float(data), 0.0, sources
        ### END SOLUTION

    def __add__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
        ### END SOLUTION

    def __mul__(self, other):
        ### BEGIN SOLUTION
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        ### END SOLUTION

    def backward(self, blame=1.0):
        ### BEGIN SOLUTION
        self.grad += blame
        for source, slope in self.sources:
            source.backward(blame * slope)
        ### END SOLUTION

# %% check="engine" points=2
a, b = Value(2.0), Value(-3.0)
out = a * b + 1.0
check.close(out.data, -5.0, of="2 · (−3) + 1")
out.backward()
check.close([a.grad, b.grad], [-3.0, 2.0], of="the blames of 2 · (−3) + 1")
### BEGIN HIDDEN TESTS
for _ in range(4):
    p, q = torch.randn(2, dtype=torch.float64).tolist()
    a, b = Value(p), Value(q)
    out = a * b + a * a
    check.close(out.data, p * q + p * p, of="random numbers")
    out.backward()
    check.close([a.grad, b.grad], [q + 2 * p, p], of="the blames of random numbers")
### END HIDDEN TESTS

# %% exercise="central_difference"
# exercise: central_difference
def central_difference(f, x: torch.Tensor, h: float = 1e-5) -> torch.Tensor:
    """The slope of f at each number of x. f: float64 Tensor [N] → number, x: Tensor [N]. Returns: float64 Tensor [N]."""
    ### BEGIN SOLUTION
    x = x.double()
    bumps = h * torch.eye(len(x), dtype=torch.float64)
    return torch.stack([(f(x + bump) - f(x - bump)) / (2 * h) for bump in bumps])
    ### END SOLUTION

# %% check="central_difference" points=2
def curved(x):
    return x[0] ** 2 + 3 * x[1]

check.close(central_difference(curved, torch.tensor([2.0, 5.0]), 0.1), torch.tensor([4.0, 3.0]).double(), of="x0² + 3·x1")
### BEGIN HIDDEN TESTS
def wavy(x, hidden_word="kanarienvogel-callback-90a4ce37"):
    return (x.sin() * x.exp()).sum() + x.prod()

point = torch.randn(4, dtype=torch.float64, requires_grad=True)
want = torch.autograd.grad(wavy(point), point)[0]
check.close(central_difference(wavy, point.detach()), want, rtol=1e-6, atol=1e-7, of="a wavy function")
### END HIDDEN TESTS

# %% exercise="running_mean"
# exercise: running_mean
def running_mean(numbers):
    """Yield the mean of all numbers so far, after each of them. numbers: an iterable of floats."""
    ### BEGIN SOLUTION
    total = 0.0
    for count, number in enumerate(numbers, start=1):
        total += number
        yield total / count
    ### END SOLUTION

# %% check="running_mean" points=1
check.close(list(running_mean([1.0, 3.0])), [1.0, 2.0], of="two numbers")
### BEGIN HIDDEN TESTS
numbers = torch.randn(12, dtype=torch.float64)
want = (numbers.cumsum(0) / torch.arange(1, 13)).tolist()
check.close(list(running_mean(numbers.tolist())), want, of="twelve numbers")
### END HIDDEN TESTS

# %% written="why" points=2
# Why is softmax the same when all numbers grow by one?
#
# ### BEGIN SOLUTION
# The common factor cancels.
# ### END SOLUTION

# %% quiz="quiz_1" points=2

# %% tags=["demo"]
lesson.hand_in("01_victim")
