# %% [markdown]
# ## One minute off, three suspects
#
# Wanjiru dispatches bicycle couriers in Nairobi. Her promise to a customer is a sum: so many minutes for each hill, for each traffic light,
# for each kilometre. She has no idea yet what those three numbers are, so she starts with one minute for everything.
#
# The first order: 1 hill, 2 lights, 3 kilometres. The promise is 1 + 2 + 3 = **6 minutes**. The rider takes **5**.
#
# One minute of error, three suspects. Which of the three numbers was wrong, and how far should each one move? And when the model has seven
# billion numbers in place of three, who works out seven billion answers, after every single batch?
#
# That work is called *assigning blame*, and PyTorch does it with one call, `loss.backward()`. In this lesson you get the answer four times:
# by hand, by nudging, from a machine of about fifty lines that you build yourself, and from PyTorch. All four will agree (the nudging to about ten digits). From then on,
# when a model does not learn, you will know where to look.

# %% tags=["fixture"]
import time
import warnings

import matplotlib.pyplot as plt
import numpy as np
import torch
from torch.utils.flop_counter import FlopCounterMode

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)

# %% [markdown]
# Everything in this lesson is small enough for a CPU and stays there, on a machine with a GPU too: it is about *which* number comes out, not about how fast.
#
# ## 1 · Four numbers on paper
#
# Write the order as `x = [1, 2, 3]` and the three unknowns as `w = [1, 1, 1]`. We punish an error by half its square:
#
# $$L = \tfrac12\,(x \cdot w - 5)^2 = \tfrac12\,(6 - 5)^2 = 0.5$$
#
# The blame of one weight is its **derivative**: turn that weight up by a hair, keep the others still, and see how much $L$ grows per
# unit of turning. The list of all the blames is the [gradient](docs/glossary.md#gradient).
#
# ### Exercise 1.1 · Who gets the blame?
# ●○○○○ · 2 minutes · 1 point
#
# **Predict** before you run anything: what is the gradient of $L$ with respect to `w`? Write three numbers, with pen and paper only.
#
# (In this lesson the cell below a prediction checks only its form. Whether you were right, the measurement tells you a moment later, and the grading in the end. So write
# first, measure second: a wrong guess that you can explain is worth more than a number copied from the next output.)
#
# <details><summary>Hint: where do I begin?</summary>
# Two questions, multiplied. If the promise grows by one minute, how fast does <i>L</i> grow? And if <code>w[1]</code> grows by one, by how many
# minutes does the promise grow?
# </details>

# %% exercise="predicted_gradient"
# exercise: predicted_gradient
# a list of three numbers: the blame of the hill, of the light, of the kilometre
### BEGIN SOLUTION
predicted_gradient = [1.0, 2.0, 3.0]
### END SOLUTION

# %% check="predicted_gradient" points=1
check.close(predicted_gradient, [0.0, 0.0, 0.0], atol=1e6, of="a list of any three numbers")
### BEGIN HIDDEN TESTS
check.close(predicted_gradient, [1.0, 2.0, 3.0], reveal=False, suspects={
    "this is the promise times x: the customer was promised 6, but what matters is how far 6 is from 5, is it not?": [6.0, 12.0, 18.0],
    "this is the loss times x: what is the derivative of half a square?": [0.5, 1.0, 1.5],
    "without the half you would be right: what does the ½ do to the 2 that comes down from the square?": [2.0, 4.0, 6.0],
    "is the sign right? The promise was too long, so turning a weight up makes it worse": [-1.0, -2.0, -3.0],
    "does a weight that was used three times get the same blame as one that was used once?": [1.0, 1.0, 1.0],
})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** `requires_grad=True` says: this tensor is a suspect, write down everything that happens to it.

# %% tags=["demo"]
x = torch.tensor([1.0, 2.0, 3.0])              # 1 hill, 2 lights, 3 kilometres
w = torch.ones(3, requires_grad=True)          # minutes for each of them: the suspects
minutes = x @ w
loss = 0.5 * (minutes - 5.0) ** 2
loss.backward()
print(f"promise {minutes.item():.0f} minutes, loss {loss.item():.1f}, blame {w.grad.tolist()}")

# %% [markdown]
# **Reconcile.** The [chain rule](docs/glossary.md#chain-rule) on paper, one link at a time, from the loss backwards:
#
# | link | its own derivative | here |
# |---|---|---|
# | $L = \tfrac12 e^2$ | $dL/de = e$ | 1 |
# | $e = m - 5$ | $de/dm = 1$ | 1 |
# | $m = x \cdot w$ | $dm/dw_i = x_i$ | 1, 2, 3 |
#
# Multiply along the way: $dL/dw_i = e \cdot 1 \cdot x_i$, so the blame is `[1, 2, 3]`. Three lessons in one line: the blame grows with the **error**
# (no error, no blame), a weight is blamed by as much as it was **used**, and the sign says which way makes things **worse**. To improve, go the other way.
#
# Each link needed only its own derivative. It never saw the rest of the formula. The picture is all there is to it:

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(9, 2.7))
blue, orange = "#0072B2", "#D55E00"
box = {"boxstyle": "round,pad=0.5", "fc": "white", "ec": blue}
for at, text in enumerate(["w\n[1, 1, 1]", "m = x · w\n6", "e = m − 5\n1", "L = ½ e²\n0.5"]):
    ax.text(at, 0, text, ha="center", va="center", bbox=box)
for at, local in enumerate(["× x = [1, 2, 3]", "× 1", "× e = 1"]):
    ax.annotate("", (at + 0.7, 0.12), (at + 0.3, 0.12), arrowprops={"arrowstyle": "->", "color": blue, "lw": 2})
    ax.annotate("", (at + 0.3, -0.12), (at + 0.7, -0.12), arrowprops={"arrowstyle": "->", "color": orange, "lw": 2})
    ax.text(at + 0.5, -0.34, local, ha="center", color=orange)
for at, blame in enumerate(["[1, 2, 3]", "1", "1", "1 (the start)"]):
    ax.text(at, -0.62, f"blame {blame}", ha="center", color=orange, weight="bold")
ax.text(0.5, 0.34, "values go forward", ha="center", color=blue)
ax.text(2.5, 0.34, "blame goes back", ha="center", color=orange)
ax.set(xlim=(-0.45, 3.6), ylim=(-0.8, 0.55))
ax.axis("off")
lesson.show(fig, alt="A chain of four boxes: w = [1, 1, 1], m = x·w = 6, e = m − 5 = 1, L = ½e² = 0.5. "
            "Blue arrows carry the values forward. Orange arrows carry the blame back: 1 at L, times e = 1 gives 1 "
            "at e, times 1 gives 1 at m, times x gives [1, 2, 3] at w.")

# %% [markdown]
# ## 2 · A recording, made while Python runs
#
# Where did PyTorch keep that picture? In the result. Every tensor that was computed from a suspect carries a `grad_fn`: a node that knows its own
# derivative and which nodes come before it. Walk from the loss to the weights and read the chain:

# %% tags=["demo"]
node = loss.grad_fn
while node is not None:
    print(type(node).__name__)
    earlier = [before for before, _ in node.next_functions if before is not None]
    node = earlier[0] if earlier else None

# %% [markdown]
# The same links as on paper, from the end to the start: times ½, square, minus, dot product. The last one, `AccumulateGrad`, is the letter box of `w`:
# what arrives there lands in `w.grad`. A tensor with no recorded past is a [leaf tensor](docs/glossary.md#leaf-tensor); a leaf that requires a gradient
# has a letter box.
#
# Nobody declared this [graph](docs/glossary.md#computation-graph) in advance. It was recorded while the lines ran, so an `if` or a loop
# needs no special treatment. In the rain Wanjiru adds a quarter. **Predict:** how many nodes does each recording have?

# %% tags=["demo"]
def promise(x, w, raining):
    result = x @ w
    if raining:
        result = result * 1.25
    return result


def count_nodes(node):
    return 1 + sum(count_nodes(before) for before, _ in node.next_functions if before is not None)


print("dry: ", count_nodes(promise(x, w, raining=False).grad_fn), "nodes")
print("rain:", count_nodes(promise(x, w, raining=True).grad_fn), "nodes")

# %% [markdown]
# Two and three. The branch that was not taken left no trace, and gets no blame.
#
# ### What is *not* recorded
#
# | you write | what it does |
# |---|---|
# | `x = torch.tensor(…)` | data: `requires_grad` is off unless you ask for it |
# | `with torch.no_grad():` | the recorder is off for these lines: for measuring, and for updating weights |
# | `w.detach()` | a tensor with the same numbers (same storage!) and no past |
# | `loss.item()` | a Python number: no past either |
#
# And one surprise. After `backward()`, only **leaves** keep what they received in `.grad`. Tensors in the middle pass the blame on and keep
# nothing, unless you call their `retain_grad()` first: a big model has far too many of them.

# %% [markdown]
# ### Exercise 2.1 · Keeps, passes, outside
# ●●○○○ · 4 minutes · 2 points
#
# **Predict** where the blame goes in this program:
#
# ```python
# x = torch.tensor([1.0, 2.0, 3.0])
# w = torch.ones(3, requires_grad=True)
# tuned = torch.ones(3, requires_grad=True) * 0.5
# spare = torch.ones(3, requires_grad=True)
# parts = x * w * tuned
# copy = w.detach()
# with torch.no_grad():
#     scale = w.sum()
# minutes = parts.sum() * scale + copy.sum()
# loss = 0.5 * (minutes - 5.0) ** 2
# loss.backward()
# ```
#
# For each of the eight tensors write one word:
# `"keeps"` (after `backward()` its `.grad` holds numbers), `"passes"` (blame goes through it, its `.grad` stays `None`) or
# `"outside"` (no blame reaches it).
#
# <details><summary>Hint: <code>tuned</code> looks exactly like a parameter</summary>
# Read its line once more, slowly, from left to right. How many tensors does it make? Which of them has the name?
# </details>

# %% exercise="graph_roles"
# exercise: graph_roles
# "keeps", "passes" or "outside"
### BEGIN SOLUTION
role_of_x = "outside"
role_of_w = "keeps"
role_of_tuned = "passes"
role_of_spare = "outside"
role_of_parts = "passes"
role_of_copy = "outside"
role_of_scale = "outside"
role_of_minutes = "passes"
### END SOLUTION

# %% check="graph_roles" points=2
roles = {"x": role_of_x, "w": role_of_w, "tuned": role_of_tuned, "spare": role_of_spare,
         "parts": role_of_parts, "copy": role_of_copy, "scale": role_of_scale, "minutes": role_of_minutes}
words = ("keeps", "passes", "outside")
in_words = {name: role if role in words else "one of keeps, passes, outside" for name, role in roles.items()}
check.each(roles, in_words, of="the words", hint="is every answer one of keeps, passes, outside?")
### BEGIN HIDDEN TESTS
check.each(roles, {"x": "outside", "w": "keeps", "tuned": "passes", "spare": "outside",
                   "parts": "passes", "copy": "outside", "scale": "outside", "minutes": "passes"}, hint={
    "x": "did anybody ask for the gradient of the data?",
    "w": "is it a leaf that requires a gradient, and is there a recorded way from the loss to it?",
    "tuned": "is the tensor with this name the leaf, or the product of a leaf and 0.5?",
    "spare": "is it used anywhere on the way to the loss?",
    "parts": "it was computed, so is it a leaf?",
    "copy": "what did detach() leave behind?",
    "scale": "was the recorder on when it was computed?",
    "minutes": "it was computed, so is it a leaf?",
})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** `is_leaf`, `requires_grad` and `.grad` settle it. (Asking a tensor in the middle for its `.grad` makes PyTorch warn you; here we
# know what we are doing.)

# %% tags=["demo"]
x = torch.tensor([1.0, 2.0, 3.0])
w = torch.ones(3, requires_grad=True)
tuned = torch.ones(3, requires_grad=True) * 0.5
spare = torch.ones(3, requires_grad=True)
parts = x * w * tuned
copy = w.detach()
with torch.no_grad():
    scale = w.sum()
minutes = parts.sum() * scale + copy.sum()
(0.5 * (minutes - 5.0) ** 2).backward()

warnings.simplefilter("ignore")
named = {"x": x, "w": w, "tuned": tuned, "spare": spare, "parts": parts, "copy": copy, "scale": scale, "minutes": minutes}
print(f"{'':10}{'is_leaf':10}{'requires_grad':16}.grad")
for name, tensor in named.items():
    print(f"{name:10}{tensor.is_leaf!s:10}{tensor.requires_grad!s:16}{tensor.grad}")
warnings.simplefilter("default")

# %% [markdown]
# **Reconcile.** `tuned` is the expensive one. The line makes a leaf, multiplies it by 0.5 and gives the *product* the name. The gradient lands in
# a leaf that nobody can reach any more, and an [optimiser](docs/glossary.md#optimiser) (the object that moves the weights; lesson 03) that is handed
# `tuned` never moves it. Scale first, then say `requires_grad_()`: `tuned = (torch.ones(3) * 0.5).requires_grad_()`.
#
# `spare` is the other one to remember: it asks for a gradient and is used nowhere, so its `.grad` is `None`, not zero. (And `scale` calls itself a leaf:
# it was computed, but nobody was recording.)

# %% [markdown]
# ## 3 · An oracle that knows no calculus
#
# You will soon write derivatives by hand. Who tells you whether they are right? Ask the function itself: turn one weight up by a small
# step $h$, turn it down by $h$, and look at the difference:
#
# $$\frac{\partial f}{\partial x_i} \approx \frac{f(x + h\,u_i) - f(x - h\,u_i)}{2h} \qquad u_i = \text{1 at place } i \text{, 0 elsewhere}$$
#
# This [central difference](docs/glossary.md#central-difference) needs two calls of $f$ for each number in $x$. For seven billion weights that
# is fourteen billion forward passes, for one step. As a teacher it is hopeless; as a **witness** it is perfect, because it shares no code
# with whatever you accuse of being wrong.
#
# ### Exercise 3.1 · Nudge it
# ●●○○○ · 6 minutes · 2 points
#
# Write `central_difference(f, x, step)`. Do the arithmetic in **float64** whatever `x` comes as (the next picture shows why), and leave `x` as you found it.
#
# | f | x | step | answer |
# |---|---|---|---|
# | $x_0^2 + 3 x_1$ | [2, 5] | 1e-5 | [4, 3] |
# | the same, forward difference $(f(x+h)-f(x))/h$ | [2, 5] | 0.1 | [4.1, 3], **not** [4, 3] |
#
# <details><summary>Hint 1: how do I nudge one number only?</summary>
# Make a tensor of zeros in the shape of <code>x</code>, put <code>step</code> in one place of it, and add it to the point: a new tensor, so
# nothing has to be put back.
# </details>
# <details><summary>Hint 2: x may be a matrix, or a single number</summary>
# Count places with <code>x.numel()</code>. A flat tensor of zeros can be nudged at place <code>i</code> and then reshaped like <code>x</code>.
# </details>

# %% exercise="central_difference"
# exercise: central_difference
def central_difference(f, x, step=1e-5):
    """Gradient of f at x by central differences, two calls of f for each number in x.

    f: takes a float64 Tensor shaped like x, returns a number (float or Tensor []). x: Tensor of any shape and
    floating dtype; it is not changed. Returns: float64 Tensor shaped like x.
    """
    ### BEGIN SOLUTION
    point = x.detach().to(torch.float64)
    grad = torch.zeros(point.numel(), dtype=torch.float64)
    for i in range(point.numel()):
        nudge = torch.zeros(point.numel(), dtype=torch.float64)
        nudge[i] = step
        nudge = nudge.reshape(point.shape)
        grad[i] = (float(f(point + nudge)) - float(f(point - nudge))) / (2 * step)
    return grad.reshape(point.shape)
    ### END SOLUTION

# %% check="central_difference" points=2
def curved(x):
    return x[0] ** 2 + 3 * x[1]

point = torch.tensor([2.0, 5.0])
with check.unchanged(point, of="x0² + 3·x1"):
    got = central_difference(curved, point, 0.1)
one_side, twice, together = (torch.tensor(t).double() for t in ([4.1, 3.0], [8.0, 6.0], [7.0, 7.0]))
check.close(got, torch.tensor([4.0, 3.0]).double(), of="x0² + 3·x1", suspects={
    "this is the forward difference, (f(x + h) − f(x)) / h: do you also step to the other side?": one_side,
    "how far apart are x + h and x − h?": twice,
    "all numbers were nudged together: is it one number at a time?": together,
}, hint="did you turn x into float64 before the first nudge, or only the result?")
### BEGIN HIDDEN TESTS
def wavy(x):
    return (x.sin() * x.exp()).sum() + x.prod()

def wavy_slope(x):
    point = x.detach().double().requires_grad_()
    return torch.autograd.grad(wavy(point), point)[0]

def forward_slope(x, step):
    point, bumps = x.double(), step * torch.eye(x.numel(), dtype=torch.float64)
    return torch.stack([(wavy(point + bump) - wavy(point)) / step for bump in bumps])

x = torch.randn(4)
with check.unchanged(x, of="a float32 point"):
    got = central_difference(wavy, x)
check.dtype(got, torch.float64, of="a float32 point", hint="did you turn x into float64 before the first nudge?")
check.close(got, wavy_slope(x), rtol=1e-7, atol=1e-8, of="a float32 point", suspects={
    "this is the forward difference, (f(x + h) − f(x)) / h: do you also step to the other side?": forward_slope(x, 1e-5),
    "how far apart are x + h and x − h? You divide by more than that": wavy_slope(x) / 2,
    "how far apart are x + h and x − h?": wavy_slope(x) * 2,
    "all numbers were nudged together: is it one number at a time?": wavy_slope(x).sum().expand(4),
}, hint="did you turn x into float64 before the first nudge, or only the result?")
x = torch.randn(5, dtype=torch.float64)
check.close(central_difference(wavy, x, 1e-4), wavy_slope(x), rtol=1e-6, atol=1e-6, of="another step", suspects={
    "this is the forward difference, (f(x + h) − f(x)) / h: do you also step to the other side?": forward_slope(x, 1e-4)})
with check.unchanged(x, of="a float64 point"):
    central_difference(wavy, x)
x = torch.randn(3, 2, dtype=torch.float64)
check.close(central_difference(wavy, x), wavy_slope(x), rtol=1e-7, atol=1e-8, of="a matrix", suspects={
    "each row was nudged as a whole: is it one number at a time?": wavy_slope(x).sum(dim=1, keepdim=True).expand(3, 2)})
check.close(central_difference(wavy, x.T), wavy_slope(x.T), rtol=1e-7, atol=1e-8, of="a transposed matrix")
x = torch.tensor(0.7, dtype=torch.float64)
check.close(central_difference(wavy, x), wavy_slope(x), rtol=1e-7, atol=1e-8, of="a single number of shape ()")
### END HIDDEN TESTS

# %% [markdown]
# The first use of your witness: Wanjiru's order. It has never heard of the chain rule. **Predict** what it says.

# %% tags=["demo"]
def order_loss(w):
    return 0.5 * (w @ torch.tensor([1.0, 2.0, 3.0], dtype=w.dtype) - 5.0) ** 2


print("by nudging:", central_difference(order_loss, torch.ones(3)).tolist())

# %% [markdown]
# Two ways with nothing in common, one answer (give or take the last digits).
#
# **Predict.** How small should the step be? Smaller is closer to the true slope, so $h = 10^{-8}$ should beat $h = 10^{-2}$. Take
# $\sin$ at 1, where the slope is cos 1 = 0.540. What does the difference say in **float32** with $h = 10^{-8}$? Guess a number, then look.

# %% tags=["demo"]
steps = 10.0 ** torch.arange(-1, -13, -0.25, dtype=torch.float64)
points = torch.linspace(0.5, 2.5, 50, dtype=torch.float64)[:, None]
fig, ax = plt.subplots(figsize=(8, 4.2))
for dtype, colour in ((torch.float32, "#D55E00"), (torch.float64, "#0072B2")):
    name, x, h = str(dtype).removeprefix("torch."), points.to(dtype), steps.to(dtype)
    central = ((x + h).sin() - (x - h).sin()).double() / (2 * h.double())
    forward = ((x + h).sin() - x.sin()).double() / h.double()
    for slope, kind, dash in ((central, "central", "-"), (forward, "forward", ":")):
        error = (slope - x.double().cos()).square().mean(dim=0).sqrt()
        ax.loglog(steps, error, color=colour, ls=dash, label=f"{name}, {kind}")
        print(f"{name}, {kind}: smallest error {error.min():.0e}, at a step of {steps[error.argmin()]:.0e}")
one, h = torch.tensor(1.0), torch.tensor(1e-8)
slope = ((one + h).sin() - (one - h).sin()) / (2 * h)
print(f"float32, at 1 with a step of 1e-8: slope {slope:.3f} (right: 0.540)")
ax.invert_xaxis()
ax.set(xlabel="step h (smaller to the right)", ylabel="error of the slope")
ax.set_title("The slope of sin: a step can be too large, and too small")
ax.legend()
lesson.show(fig, alt="Error of the slope (root mean square over 50 points) against the step, logarithmic axes. float64 "
            "central falls with the square of the step to 4e-12 near h = 6e-6 and rises again; float64 forward falls "
            "only to 5e-9 near h = 1e-8. float32 central reaches 7e-6 near h = 6e-3; for steps below 1e-8 float32 "
            "answers 0, an error of 0.53, the whole slope.")

# %% [markdown]
# **Reconcile.** float32 says **zero**: 1 + 10⁻⁸ *is* 1 in float32, both sides are the same number. Two errors fight. The formula's own error shrinks with
# $h^2$. The rounding error of $f$, about 10⁻⁷ in float32 and 10⁻¹⁶ in float64, is divided by $h$ and grows as you zoom in. In float32
# the truce is an error of about 10⁻⁵ with the luckiest step, too coarse to tell a slightly wrong gradient from noise. In float64, with $h = 10^{-5}$, you get ten digits or more.

# %% [markdown]
# ## 4 · Blame through two layers, by hand
#
# Wanjiru's second model has a hidden layer of two units: hills and lights go through a matrix, then through [ReLU](docs/glossary.md#relu) ($\max(0, z)$), then through a second list of
# weights. One order, `x = [1, 2]`, true time 4 minutes, loss $\tfrac12 (p - y)^2$:
#
# $$W_1 = \begin{bmatrix}1 & 1\\ 1 & -2\end{bmatrix} \qquad z = x W_1 = [3, -3] \qquad h = \mathrm{relu}(z) = [3, 0] \qquad w_2 = [2, 5] \qquad p = h \cdot w_2 = 6$$
#
# Now back. Each line multiplies the blame above it by one local derivative:
#
# | blame of | rule | numbers |
# |---|---|---|
# | the promise $p$ | $p - y$ | 6 − 4 = 2 |
# | $w_2$ | 2 · $h$ | [6, 0] |
# | $h$ | 2 · $w_2$ | [4, 10] |
# | $z$ | let it through where $z > 0$ | [4, **0**] |
# | $W_1$ | $x_i$ · (blame of $z_j$), every pair | [[4, 0], [8, 0]] |
#
# The second hidden unit would have taken the largest share, 10. But its ReLU was shut: it said 0, and a little nudge would not have changed that.
# No influence, no blame. **Measure** it:

# %% tags=["demo"]
x = torch.tensor([1.0, 2.0])
w1 = torch.tensor([[1.0, 1.0], [1.0, -2.0]], requires_grad=True)
w2 = torch.tensor([2.0, 5.0], requires_grad=True)
p = torch.relu(x @ w1) @ w2
(0.5 * (p - 4.0) ** 2).backward()
print("promise", p.item(), "  blame of w2", w2.grad.tolist(), "  blame of W1", w1.grad.tolist())

# %% [markdown]
# To the last digit. The same numbers where they belong, values in blue and blame in orange:

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8.5, 3.6))
nodes = {"x₁": (0, 1, "1", ""), "x₂": (0, 0, "2", ""), "h₁": (1.3, 1, "z 3, h 3", "4 passes"),
         "h₂": (1.3, 0, "z −3, h 0", "10 stopped by ReLU"), "p": (2.6, 0.5, "6", "2")}
edges = ["x₁ h₁ 1 4", "x₁ h₂ 1 0", "x₂ h₁ 1 8", "x₂ h₂ −2 0", "h₁ p 2 6", "h₂ p 5 0"]
for start, end, weight, blame in map(str.split, edges):
    (x0, y0, *_), (x1, y1, *_) = nodes[start], nodes[end]
    ax.plot([x0, x1], [y0, y1], color="#bbbbbb" if blame == "0" else "#D55E00", ls=":" if blame == "0" else "-", zorder=1)
    ax.text(x0 + 0.36 * (x1 - x0), y0 + 0.36 * (y1 - y0), f"{weight} | {blame}", ha="center", va="center",
            size=9.5, bbox={"fc": "white", "ec": "none", "pad": 1.2})
circle = {"boxstyle": "circle,pad=0.45", "fc": "white", "ec": "#0072B2"}
for name, (at, height, value, blame) in nodes.items():
    ax.text(at, height, name, ha="center", va="center", bbox=circle, zorder=2)
    ax.text(at, height + 0.2, value, ha="center", color="#0072B2")
    ax.text(at, height - 0.28, blame, ha="center", color="#D55E00")
ax.text(1.3, 1.42, "on each line: weight | its blame", ha="center", size=10)
ax.set(xlim=(-0.3, 3), ylim=(-0.42, 1.55))
ax.axis("off")
lesson.show(fig, alt="Two inputs 1 and 2, two hidden units, one output. Values: z = 3 and −3, h = 3 and 0, promise 6. "
            "Blame: 2 at the promise, 4 passes hidden unit 1, 10 is stopped at hidden unit 2. Weights and their blames: "
            "into unit 1: 1 with 4 and 1 with 8; into unit 2: both 0; second layer 6 and 0.")

# %% [markdown]
# ### From one order to a batch: let the shapes lead
#
# With a batch, `x` is `[B, D]`, `w` is `[D, K]`, `z = x @ w + b` is `[B, K]`. Call the blame of `z` `dz`, also `[B, K]`. A gradient always has the shape of its
# own tensor, and that leaves one way to write each product:
#
# | wanted | shape | the only matrix product that fits |
# |---|---|---|
# | `dw` | [D, K] | `x.T @ dz` : [D, B] · [B, K] |
# | `dx` | [B, D] | `dz @ w.T` : [B, K] · [K, D] |
# | `db` | [K] | `dz` summed over the batch: the same `b` was added in every row |
#
# ### Exercise 4.1 · A layer, by hand
# ●●●○○ · 10 minutes · 3 points
#
# One layer: `relu(x @ w + b)`, compared with `y` by the **mean** squared error over all B·K numbers. Write the three gradients. No autograd in here: `backward()`
# is what you are writing. Where $z$ is exactly 0, let the slope of ReLU be 0, as PyTorch does. The specification, slow and obvious, is the next cell.

# %% tags=["fixture"]
def slow_loss(x, w, b, y):
    """Mean squared error of one ReLU layer, a number at a time.

    x: Tensor [B, D]. w: Tensor [D, K]. b: Tensor [K]. y: Tensor [B, K]. Returns: Tensor [].
    """
    total = 0.0
    for i in range(x.shape[0]):
        for k in range(w.shape[1]):
            z = b[k]
            for d in range(x.shape[1]):
                z = z + x[i, d] * w[d, k]
            total = total + (torch.relu(z) - y[i, k]) ** 2
    return total / y.numel()

# %% [markdown]
# A worked example, with the weights from above and two outputs:
#
# | | value |
# |---|---|
# | `x`, `w`, `b`, `y` | [[1, 2]], [[1, 1], [1, −2]], [0, 0], [[1, 1]] |
# | `z`, after ReLU | [[3, −3]], [[3, 0]] |
# | loss | (2² + (−1)²) / 2 = 2.5 |
# | blame of the output | 2 · [[2, −1]] / 2 = [[2, −1]] |
# | `dz` | [[2, 0]] |
# | `dx`, `dw`, `db` | [[2, 2]], [[2, 0], [4, 0]], [2, 0] |
#
# <details><summary>Hint 1: my answer is a fixed multiple of the right one</summary>
# Two factors come out of "mean of squares": the 2 of the square, and one over the number of things averaged. How many things are averaged, B or B·K?
# </details>
# <details><summary>Hint 2: what about z exactly 0?</summary>
# At the kink any slope from 0 to 1 would do. PyTorch chose 0, and so does <code>slow_loss</code>: let blame through only where z &gt; 0.
# </details>

# %% exercise="dense_grads"
# exercise: dense_grads
def dense_grads(x, w, b, y):
    """Gradients of mean((relu(x @ w + b) - y)²), by hand.

    x: Tensor [B, D]. w: Tensor [D, K]. b: Tensor [K]. y: Tensor [B, K].
    Returns: (dx [B, D], dw [D, K], db [K]).
    """
    ### BEGIN SOLUTION
    z = x @ w + b
    d_out = 2 * (z.clamp(min=0) - y) / y.numel()
    dz = d_out * (z > 0)
    return dz @ w.T, x.T @ dz, dz.sum(dim=0)
    ### END SOLUTION

# %% check="dense_grads" points=3
x, w = torch.tensor([[1.0, 2.0]]), torch.tensor([[1.0, 1.0], [1.0, -2.0]])
b, y = torch.zeros(2), torch.ones(1, 2)
right = ([[2.0, 2.0]], [[2.0, 0.0], [4.0, 0.0]], [2.0, 0.0])
without_relu = ([[1.0, 4.0]], [[2.0, -1.0], [4.0, -2.0]], [2.0, -1.0])
grads = dense_grads(x, w, b, y)
check.that(isinstance(grads, (tuple, list)) and len(grads) == 3, expected="three gradients, (dx, dw, db)",
           got=f"your answer has {len(grads)}" if isinstance(grads, (tuple, list)) else "your answer is no tuple")
for name, got, want, no_relu in zip(("dx", "dw", "db"), grads, right, without_relu):
    want, no_relu = torch.tensor(want), torch.tensor(no_relu)
    check.close(got, want, of=f"{name} of the worked example", suspects={
        "a shut unit (z < 0) gets blame here: where did the ReLU go on the way back?": no_relu,
        "the mean is over all B·K = 2 numbers: did you divide by all of them?": 2 * want,
        "what came down from the square?": want / 2,
    }, hint="which line of the worked example is the first that your numbers do not agree with?")
### BEGIN HIDDEN TESTS
check.calls(dense_grads, forbidden=("backward", "torch.autograd.grad", "requires_grad_"), hint="the point is to do by hand what autograd does")
for B, D, K in ((5, 3, 4), (6, 4, 4), (1, 2, 7), (32, 8, 3)):
    leaves = [torch.randn(B, D), torch.randn(D, K), torch.randn(K)]
    y = torch.randn(B, K)
    right = torch.autograd.grad(slow_loss(*(t.requires_grad_() for t in leaves), y), leaves)
    x, w, b = (t.detach() for t in leaves)
    z = x @ w + b
    open_gate = 2 * (z.relu() - y) / y.numel()              # as if no unit were ever shut
    ungated = (open_gate @ w.T, x.T @ open_gate, open_gate.sum(0))
    for name, got, want, all_open in zip(("dx", "dw", "db"), dense_grads(x, w, b, y), right, ungated, strict=True):
        check.gradient(got, want, batch=B, of=f"{name} of a batch of {B} with {K} outputs", suspects={
            "a shut unit (z < 0) gets blame here: where did the ReLU go on the way back?": all_open,
            f"you divided by {B}, the batch: the mean is over all B·K = {B * K} numbers, is it not?": want * K,
            f"this is the gradient of the sum of the squares: the loss is their mean over B·K = {B * K} numbers, is it not?": want * B * K,
            "what came down from the square?": want / 2,
            **({"b was added in every row, so its blames add up over the rows: are they averaged a second time?": want / B} if name == "db" else {}),
        })
x, w, b, y = torch.ones(2, 1), torch.zeros(1, 3), torch.zeros(3), torch.ones(2, 3)
for name, got, like in zip(("dx", "dw", "db"), dense_grads(x, w, b, y), (x, w, b), strict=True):
    check.close(got, torch.zeros_like(like), of=f"{name} where every z is exactly 0", hint="at z = 0 the slope of ReLU is taken as 0: z > 0 or z >= 0?")
### END HIDDEN TESTS

# %% [markdown]
# ## 5 · Build the machine
#
# By hand you wrote the [backward pass](docs/glossary.md#backward-pass) of *one* formula. Autograd works for *any* formula, and the reason is almost disappointing: it keeps, for each result,
# a list of **(where it came from, local derivative)**. You have everything needed to write one.
#
# Only one thing can go wrong, and it is the interesting one. What if a value is used **twice**?
#
# Take r = 1, a = 2·r = 2, b = a + 1 = 3, c = a·b = 6. Here a feeds b *and* c. Its blame comes in two parcels: 3 straight from c, and 2 through b. Together 5, so
# r gets 2 · 5 = **10**. Send a's blame on after the first parcel and r gets 6. Send it on after each parcel, with what has piled up by then, and r gets 6 + 10 = 16.

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8.5, 3.1))
spots = {"r": (0, 0), "a": (1.3, 0), "b": (2.4, 0.8), "c": (3.5, 0)}
text = {"r": "r = 1", "a": "a = 2r = 2", "b": "b = a + 1 = 3", "c": "c = a·b = 6"}
order = {"c": "1st: blame 1", "b": "2nd: blame 2", "a": "3rd: 3 + 2 = 5", "r": "4th: 2 · 5 = 10"}
box = {"boxstyle": "round,pad=0.45", "fc": "white", "ec": "#0072B2"}
for start, end, parcel in (("c", "b", "1 · a = 2"), ("c", "a", "1 · b = 3"), ("b", "a", "2 · 1 = 2"), ("a", "r", "5 · 2 = 10")):
    (x0, y0), (x1, y1) = spots[start], spots[end]
    flat = y0 == y1
    arrow = {"arrowstyle": "->", "color": "#D55E00", "lw": 2, "shrinkA": 22, "shrinkB": 52 if flat else 28}
    ax.annotate("", (x1, y1), (x0, y0), arrowprops=arrow)
    ax.text((x0 + x1) / 2, (y0 + y1) / 2 + (0.08 if flat else 0), parcel, ha="center", color="#D55E00",
            bbox={"fc": "white", "ec": "none", "pad": 1})
for name, (at, height) in spots.items():
    ax.text(at, height, text[name], ha="center", va="center", bbox=box)
    ax.text(at, height + (0.2 if name == "b" else -0.28), order[name], ha="center", weight="bold", size=10)
ax.set(xlim=(-0.4, 4.0), ylim=(-0.4, 1.15))
ax.axis("off")
lesson.show(fig, alt="A diamond: r = 1 feeds a = 2, a feeds b = 3 and c = 6, b feeds c. Blame goes back in the order "
            "c (1), b (2), a (3 from c plus 2 from b = 5), r (2 · 5 = 10). a sends its blame on only after both parcels "
            "have arrived.")

# %% [markdown]
# So the rule: **send your blame on only when everybody who used you has reported.** An order with that property is a [topological order](docs/glossary.md#topological-order),
# read from the end. It comes almost for free: visit a value's sources before you write the value down, and skip what you have visited.
#
# ### Exercise 5.1 · Autograd in fifty lines
# ●●●●○ · 18 minutes · 5 points
#
# Finish the class. Each operation returns a new `Value` that carries its sources and local derivatives; `backward()` hands out the blame.
#
# | program | result |
# |---|---|
# | `a, b = Value(2.0), Value(3.0)`; `out = a * b + a` | `out.data` 8.0 |
# | `out.backward()` | `a.grad` 4.0 (3 as a factor, 1 as a summand), `b.grad` 2.0, `out.grad` 1.0 |
# | then `(a * 5.0).backward()` | `a.grad` 9.0: a leaf's blame **adds up**, as in PyTorch |
#
# A value in the middle (one with sources) starts from 0 again each time `backward()` runs; only leaves remember. You may
# change the class as you like, as long as `data`, `grad`, `+`, `*`, `.tanh()` and `.backward()` work.
#
# <details><summary>Hint 1: the local derivatives</summary>
# a + b: 1 and 1. a · b: the <i>other</i> factor, for each of the two. tanh: with t = tanh(a) it is 1 − t², which only needs the result.
# </details>
# <details><summary>Hint 2: the topological order</summary>
# A function inside <code>backward</code>, <code>visit(value)</code>: if the value was visited, return; remember it; visit each of its sources; then append the
# value to a list. Called on <code>self</code>, the list ends with <code>self</code>, and every value stands after all its sources. Walk it from the end.
# </details>
# <details><summary>Hint 3: a · a gives half of what it should</summary>
# Both sources are the same object. Do you <i>add</i> to <code>source.grad</code>, or do you set it?
# </details>

# %% exercise="engine"
# exercise: engine
class Value:
    """A number (data), its blame (grad), how it was made (sources: tuple of (Value, local derivative))."""

    def __init__(self, data, sources=()):
        self.data, self.grad, self.sources = float(data), 0.0, sources

    def __add__(self, other):
        """self + other. other: Value or number. Returns: Value."""
        other = other if isinstance(other, Value) else Value(other)
        ### BEGIN SOLUTION
        return Value(self.data + other.data, ((self, 1.0), (other, 1.0)))
        ### END SOLUTION

    def __mul__(self, other):
        """self * other. other: Value or number. Returns: Value."""
        other = other if isinstance(other, Value) else Value(other)
        ### BEGIN SOLUTION
        return Value(self.data * other.data, ((self, other.data), (other, self.data)))
        ### END SOLUTION

    __radd__, __rmul__ = __add__, __mul__  # 1.0 + a and 2.0 * a

    def tanh(self):
        """The hyperbolic tangent. Returns: Value."""
        ### BEGIN SOLUTION
        t = float(np.tanh(self.data))
        return Value(t, ((self, 1.0 - t * t),))
        ### END SOLUTION

    def backward(self):
        """Hand out the blame: 1.0 to self, its share to each source; each value sends once. Returns: None."""
        ### BEGIN SOLUTION
        order, visited = [], set()

        def visit(value):
            if value in visited:
                return
            visited.add(value)
            for source, _ in value.sources:
                visit(source)
            order.append(value)

        visit(self)
        for value in order:
            if value.sources:
                value.grad = 0.0
        self.grad = 1.0
        for value in reversed(order):
            for source, local in value.sources:
                source.grad += value.grad * local
        ### END SOLUTION

# %% [markdown]
# The tests draw random expressions and run them twice: on your numbers and on PyTorch's. Both understand `+`, `*` and `.tanh()`, so the same
# few lines serve both.

# %% tags=["fixture"]
def random_program(leaves, steps, reuse):
    """A random expression: a list of (operation, place of its second input). The first input is the newest value.

    reuse: False takes every leaf once (steps < leaves); True goes on with any earlier value, as often as it likes.
    """
    kinds = ("add", "mul", "tanh", "mix")
    picks = torch.randint(len(kinds), (steps,)).tolist()
    places = [int(torch.randint(leaves + n, ())) if reuse and n >= leaves - 1 else n for n in range(steps)]
    return [(kinds[pick], place) for pick, place in zip(picks, places)]


def run_program(program, leaves):
    """The last value of the expression. leaves: anything with +, * and .tanh()."""
    values = list(leaves)
    for kind, place in program:
        a, b = values[-1], values[place]
        if kind == "add":
            values.append(a + b)
        elif kind == "mul":
            values.append((a + 0.5) * b)
        elif kind == "tanh":
            values.append((a * b).tanh())
        else:
            values.append(2.0 * a + (b * 0.25 + 1.0))
    return values[-1]

# %% tags=["fixture"]
def torch_blame(program, numbers):
    """(result, gradient of each leaf) by PyTorch in float64; 0.0 for a leaf that is not used."""
    leaves = [torch.tensor(n, dtype=torch.float64, requires_grad=True) for n in numbers]
    out = run_program(program, leaves)
    out.backward()
    return out.item(), [0.0 if leaf.grad is None else leaf.grad.item() for leaf in leaves]

# %% check="engine" points=2
a, b = Value(2.0), Value(-1.0)
check.close((a + b).data, 1.0, of="2 + (−1)")
check.close((2.0 * a + (b + 1.0)).data, 4.0, of="numbers on either side")
out = (a * b).tanh()
check.close(out.data, float(np.tanh(-2.0)), of="tanh(2 · (−1))")
out.backward()
slope = 1 - float(np.tanh(-2.0)) ** 2
got = [out.grad, a.grad, b.grad]
check.close(got, [1.0, -slope, 2 * slope], of="the blames of out, a and b in out = tanh(a · b)", suspects={
    "a · b hands each factor its own value: which value should it hand to a?": [1.0, 2 * slope, -slope],
    "the derivative of tanh is missing: 1 − tanh²": [1.0, -1.0, 2.0],
    "is the slope of tanh 1 − tanh(x)², with the result, or 1 − x², with the input?": [1.0, 3.0, -6.0],
    "out has no blame of its own: with which number does backward() begin?": [0.0, 0.0, 0.0],
})
### BEGIN HIDDEN TESTS
check.close(Value(3).data, 3.0, of="Value(3)")
for steps in (1, 2, 4, 8, 8, 8):
    numbers = torch.empty(steps + 1, dtype=torch.float64).uniform_(-1.5, 1.5).tolist()
    program = random_program(steps + 1, steps, reuse=False)
    result, blames = torch_blame(program, numbers)
    leaves = [Value(n) for n in numbers]
    out = run_program(program, leaves)
    check.close(out.data, result, of=f"the result of a random expression of {steps} steps")
    out.backward()
    check.close([leaf.grad for leaf in leaves], blames, of=f"the blames in a random expression of {steps} steps, each value used once")
check.close([Value(1.0).grad, leaves[0].data], [0.0, numbers[0]], of="a leaf before backward(), and its data after")
### END HIDDEN TESTS

# %% [markdown]
# The second test is the diamond of the picture, and larger relatives of it.

# %% check="engine" part="diamond" points=2
r = Value(1.0)
a = 2.0 * r
c = a * (a + 1.0)
c.backward()
early = "a sent its blame on after the first of two parcels: has everybody who used a reported by then?"
again = "a sent blame on twice, the second time with the first parcel still in it: can each value send once?"
lost = "a lost its first parcel when the second came: do you add to the blame of a source, or set it?"
check.close(r.grad, 10.0, of="the blame of r in c = a · (a + 1), a = 2 · r", suspects={
    f"6 means that {early}": 6.0, f"16 means that {again}": 16.0, f"14 means that {again}": 14.0, f"4 means that {lost}": 4.0})
### BEGIN HIDDEN TESTS
a = Value(3.0)
(a * a).backward()
check.close(a.grad, 6.0, of="a · a at 3", suspects={"half of it: do you add to the blame of a source, or set it?": 3.0})
a = Value(3.0)
(a + a).backward()
check.close(a.grad, 2.0, of="a + a", suspects={"half of it: do you add to the blame of a source, or set it?": 1.0})
for steps in (2, 3, 5, 8, 13, 13):
    numbers = torch.empty(3, dtype=torch.float64).uniform_(-1.0, 1.0).tolist()
    program = random_program(3, steps, reuse=True)
    result, blames = torch_blame(program, numbers)
    leaves = [Value(n) for n in numbers]
    out = run_program(program, leaves)
    out.backward()
    check.close(out.data, result, of=f"the result of a random expression of {steps} steps")
    check.close([leaf.grad for leaf in leaves], blames, of=f"the blames in a random expression of {steps} steps with values used again and again",
                hint="if the first engine check passes, the local derivatives are right: does a value send before everybody who used it has reported?")
leaf = total = Value(1.0)
for _ in range(24):
    total = total + total
began = time.perf_counter()
total.backward()
seconds = time.perf_counter() - began
check.close(leaf.grad, 2.0**24, of="24 doublings")
check.that(seconds < 1.0, expected="24 doublings (25 values) to take less than 1 s", got=f"your backward() took {seconds:.1f} s",
           of="24 doublings", hint="there are 16,777,216 ways from the end to the leaf: do you walk each way, or visit each value once?")
### END HIDDEN TESTS

# %% [markdown]
# And the third: calling `backward()` again, on another expression and on a shared one.

# %% check="engine" part="again" points=1
a, b = Value(2.0), Value(3.0)
(a * b + a).backward()
(a * 5.0).backward()
check.close([a.grad, b.grad], [9.0, 2.0], of="two expressions, one after the other", suspects={
    "the second backward() wiped out what the first one left: do leaves keep their blame?": [5.0, 2.0]})
### BEGIN HIDDEN TESTS
a = Value(3.0)
shared = a * a
(shared * 1.0).backward()
(shared * 2.0).backward()
check.close(a.grad, 18.0, of="two expressions that share a · a", suspects={
    "a value in the middle still held the blame of the first backward(), and sent it once more: does it start from 0? (If the diamond check fails too, mend that first.)": 24.0,
    "the second backward() wiped out what the first one left: do leaves keep their blame?": 12.0})
### END HIDDEN TESTS

# %% [markdown]
# The fourth answer, from a machine that is yours. **Predict**, once more, the blame of a hill, a light and a kilometre:

# %% tags=["demo"]
hill, light, kilometre = Value(1.0), Value(1.0), Value(1.0)
error = 1.0 * hill + 2.0 * light + 3.0 * kilometre + (-5.0)
loss = 0.5 * error * error
loss.backward()
print("by your machine:", [w.grad for w in (hill, light, kilometre)])

# %% [markdown]
# What you wrote **is** [autograd](docs/glossary.md#autograd). PyTorch's has tensors for numbers, many hundreds of operations, and C++ for speed. In place of a local derivative, which for a tensor
# would be a huge matrix, each node has a function that multiplies the blame with it: a [vector–Jacobian product](docs/glossary.md#vector-jacobian-product).
# `x.T @ dz` was one.
#
# One more thing carries over. A local derivative is made of numbers from the forward pass, and somebody has to keep them until the blame comes back:
# these are the [saved tensors](docs/glossary.md#saved-tensor). **Predict** from your own three formulas: what must `a + b` keep, what `a * b`, what `tanh(a)`?

# %% tags=["demo"]
a, b = torch.tensor(2.0, requires_grad=True), torch.tensor(3.0, requires_grad=True)
for name, out in (("a + b", a + b), ("a * b", a * b), ("tanh(a)", torch.tanh(a))):
    fields = {field: getattr(out.grad_fn, field) for field in dir(out.grad_fn) if field.startswith("_saved_")}
    kept = {field: round(t.item(), 3) for field, t in fields.items() if isinstance(t, torch.Tensor)}
    print(f"{name:8} keeps {kept}")

# %% [markdown]
# **Reconcile.** A sum needs nothing, a product needs both factors (each is the other's derivative), tanh needs only its own **result**. Remember that last one: in section 9
# somebody writes over such a result. And all these numbers stay in memory until `backward()` has used them, which is why training needs so much more of it than answering does.

# %% [markdown]
# ## 6 · Blame adds up, on purpose
#
# In your engine a leaf *adds* what arrives. So does PyTorch: `backward()` never sets `.grad`, it **adds** to it.
#
# ### Exercise 6.1 · Two orders, one letter box
# ●○○○○ · 2 minutes · 1 point
#
# The first order was `x = [1, 2, 3]`, 5 minutes, and left `[1, 2, 3]` in `w.grad`. Without clearing anything, a second order comes in, with the same
# `w = [1, 1, 1]`: `x = [2, 0, 1]`, true time 1 minute, loss ½(x·w − 1)². **Predict** what `w.grad` holds after its `backward()`.
#
# <details><summary>Hint: the second order alone</summary>
# What was promised, what came, how large is the error? The blame is the error times the use, as in section 1. Then: does it replace what is in the
# letter box, or join it?
# </details>

# %% exercise="grad_after_two"
# exercise: grad_after_two
# a list of three numbers: w.grad after the second backward()
### BEGIN SOLUTION
grad_after_two = [5.0, 2.0, 5.0]
### END SOLUTION

# %% check="grad_after_two" points=1
check.close(grad_after_two, [0.0, 0.0, 0.0], atol=1e6, of="a list of any three numbers")
### BEGIN HIDDEN TESTS
check.close(grad_after_two, [5.0, 2.0, 5.0], reveal=False, suspects={
    "this is the blame of the second order alone: does backward() set .grad, or add to it?": [4.0, 0.0, 2.0],
    "this is the mean of the two: does backward() average, or add?": [2.5, 1.0, 2.5],
    "this adds up the two x: how large was the error of the second order?": [3.0, 2.0, 4.0],
})
### END HIDDEN TESTS

# %% tags=["demo"]
w = torch.ones(3, requires_grad=True)
for x, minutes in ((torch.tensor([1.0, 2.0, 3.0]), 5.0), (torch.tensor([2.0, 0.0, 1.0]), 1.0)):
    (0.5 * (x @ w - minutes) ** 2).backward()
    print(f"after the order that took {minutes:.0f} min: w.grad = {w.grad.tolist()}")

# %% [markdown]
# **Measure:** [1, 2, 3], then [5, 2, 5]. **Reconcile:** the second order was promised 3 and took 1, so its blame is 2 · [2, 0, 1] = [4, 0, 2], and it went on top.
#
# Is that a bug or a gift? Both. First the bug: the next cell trains on the same orders twice, once with `w.grad = None` before each
# `backward()` (which is what an optimiser's `zero_grad()` does) and once without. Each step moves `w` against its gradient, by 0.01 of it; that factor is
# the [learning rate](docs/glossary.md#learning-rate). **Predict** what the forgetful curve does: learn faster, explode, or something else?

# %% tags=["fixture"]
def deliveries(n):
    """n made-up orders: x [n, 3] (hills, lights, km) and y [n] (minutes: 4, 0.75 and 3.5 for each, plus luck)."""
    x = torch.rand(n, 3) * torch.tensor([2.0, 6.0, 5.0])
    return x, x @ torch.tensor([4.0, 0.75, 3.5]) + torch.randn(n)


def courier_loss(w, x, y, reduction="mean"):
    """Squared error of the promises. w: [D]. x: [n, D]. y: [n]. reduction: "mean" or "sum". Returns: Tensor []."""
    squared = (x @ w - y) ** 2
    return squared.mean() if reduction == "mean" else squared.sum()

# %% tags=["demo"]
torch.manual_seed(1)
x, y = deliveries(64)
fig, ax = plt.subplots(figsize=(8, 3.8))
for label, colour, dash in (("cleared before each step", "#0072B2", "-"), ("never cleared", "#D55E00", "--")):
    w, losses = torch.ones(3, requires_grad=True), []
    for step in range(120):
        if label != "never cleared":
            w.grad = None
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= 0.01 * w.grad
        losses.append(loss.item())
    print(f"{label:26} first loss {losses[0]:.1f}, mean of the last 20 {np.mean(losses[-20:]):.1f}")
    ax.semilogy(losses, color=colour, ls=dash, label=label)
ax.set(xlabel="step", ylabel="loss (minutes²)", title="Same orders, same learning rate, one forgotten line")
ax.legend()
lesson.show(fig, alt="Loss against step, 120 steps, logarithmic. Cleared: falls smoothly from 93 to 1.4. Never cleared: "
            "swings between about 2 and 100 again and again and does not settle; its last 20 losses average 53.")

# %% [markdown]
# **Reconcile.** Something else: it swings, like a ball in a bowl without friction. Every old gradient is still in the sum, so by the time
# the weights reach the valley they carry the pushes of all the earlier steps and run up the other side. It does not explode and raises no error. That
# is why this bug lives long.
#
# ### Now the gift
#
# Wanjiru's riders log their orders on their phones, and no order may leave the phone: only a gradient may. Amina did 20 orders today, Otieno 1. The dispatcher wants
# the gradient of the mean over all 21, as if all had been in one batch. The same trick trains a large model on a small GPU: run
# [micro-batches](docs/glossary.md#micro-batch) one after another, let the gradients add up, step once. It is called
# [gradient accumulation](docs/glossary.md#gradient-accumulation).
#
# ### Exercise 6.2 · Many phones, one gradient
# ●●●○○ · 8 minutes · 3 points
#
# Write `bundle_grad(w, bundles, reduction)`: the gradient that **one** `backward()` on `courier_loss` of all orders together would give, while only one bundle
# is in a graph at a time. Whatever was in `w.grad` before must not count.
#
# | loss of Amina's 20 | loss of Otieno's 1 | `reduction` | loss of all 21 |
# |---|---|---|---|
# | mean 2.0 | mean 23.0 | `"mean"` | (20 · 2.0 + 1 · 23.0) / 21 = 3.0, **not** 12.5 |
# | sum 40.0 | sum 23.0 | `"sum"` | 63.0 |
#
# <details><summary>Hint 1: the weights of a mean</summary>
# A mean over everything is a weighted mean of the bundles' means. What share of all orders does a bundle of n hold? Is any weight needed for sums?
# </details>
# <details><summary>Hint 2: right the first time, wrong the second</summary>
# What is in <code>w.grad</code> when your function starts? <code>w.grad = None</code> clears it.
# </details>

# %% exercise="bundle_grad"
# exercise: bundle_grad
def bundle_grad(w, bundles, reduction="mean"):
    """Gradient of courier_loss over all orders of all bundles, one bundle in a graph at a time.

    w: Tensor [D], a leaf that requires a gradient. bundles: list of (x [n, D], y [n]); n may differ.
    reduction: "mean" or "sum". Returns: Tensor [D].
    """
    ### BEGIN SOLUTION
    orders = sum(len(y) for _, y in bundles)
    w.grad = None
    for x, y in bundles:
        loss = courier_loss(w, x, y, reduction)
        share = len(y) / orders if reduction == "mean" else 1.0
        (loss * share).backward()
    return w.grad
    ### END SOLUTION

# %% check="bundle_grad" points=3
x, y = deliveries(8)
w = torch.ones(3, requires_grad=True)
together, last = (torch.autograd.grad(courier_loss(w, a, b), w)[0] for a, b in ((x, y), (x[4:], y[4:])))
check.gradient(bundle_grad(w, [(x[:4], y[:4]), (x[4:], y[4:])]), together, of="two bundles of 4", suspects={
    "the mean of all is not the sum of two means": 2 * together,
    "this is the gradient of the last bundle alone: what happened to the first?": last,
    "this is the gradient of the last bundle alone, with its weight: what happened to the first?": last / 2})
### BEGIN HIDDEN TESTS
def alone(w, bundles, reduction):
    return [torch.autograd.grad(courier_loss(w, x, y, reduction), w)[0] for x, y in bundles]

for total, into in ((21, 2), (37, 5), (12, 12)):
    sizes = [20, 1] if total == 21 else check.partition(total, into=into)
    x, y = deliveries(total)
    w = torch.randn(3, requires_grad=True)
    bundles = list(zip(x.split(sizes), y.split(sizes)))
    means, sums = sum(alone(w, bundles, "mean")), sum(alone(w, bundles, "sum"))
    with check.unchanged(w.detach(), of="the weights"):
        got = bundle_grad(w, bundles)
    check.gradient(got, sums / total, of=f'bundles of {sizes}, "mean"', suspects={
        "does a phone with 1 order count as much as a phone with 20?": means / into,
        "the means of the bundles are added up: with which weights?": means,
        "this is the gradient of the sum over all orders: the mean was asked for": sums,
        "this is the gradient of the last bundle alone: what happened to the others?": alone(w, bundles[-1:], "mean")[0],
    })
    check.gradient(bundle_grad(w, bundles, "sum"), sums, of=f'bundles of {sizes}, "sum"', suspects={
        "sums need no weights: which reduction did you weigh?": sum(g * n / total for g, n in zip(alone(w, bundles, "sum"), sizes)),
        "this is the gradient of the mean: do you pass reduction on to courier_loss?": sums / total,
        "the gradient of an earlier call is in your answer: what is in w.grad before your first backward()?": sums + sums / total,
    })
w.grad = torch.full((3,), 7.0)
check.gradient(bundle_grad(w, bundles), sums / total, of="a w that arrives with an old gradient", suspects={
    "the old gradient is in your answer: what is in w.grad before your first backward()?": sums / total + 7.0})
check.calls(bundle_grad, forbidden=("torch.cat", "torch.vstack", "torch.hstack", "torch.concat"), hint="the orders may not leave the phones: one bundle at a time")
### END HIDDEN TESTS

# %% [markdown]
# Is 12.5 in place of 3.0 a beginner's mistake? In October 2024 a widely used trainer was found to average the means of micro-batches that held different numbers of
# tokens: the row with the **not** in the table above, in every run with such micro-batches, with no error message ([what happened](https://huggingface.co/blog/gradient_accumulation)).
#
# ## 7 · One absurd order
#
# On Tuesday a rider forgets to close an order, and the app logs 4,000 minutes. **Predict:** how much larger does that make the gradient of a batch of
# 16, and what does one step with the usual learning rate do to `w`, which is nearly right?

# %% tags=["demo"]
torch.manual_seed(2)
x, y = deliveries(16)
for label, first in (("a normal batch", y[0].item()), ("one order of 4,000 minutes", 4000.0)):
    w = torch.tensor([3.9, 0.8, 3.6], requires_grad=True)
    y[0] = first
    courier_loss(w, x, y).backward()
    stepped = (w - 0.01 * w.grad).tolist()
    print(f"{label:28} gradient norm {w.grad.norm():8.1f}   w after one step: {[round(v, 1) for v in stepped]}")

# %% [markdown]
# One number out of sixteen made the gradient about 750 times as long, and one step turned nearly right weights into nonsense: 12 minutes for a traffic light. First aid: limit the **length** of the step and keep its
# **direction**. Put all gradients of the model end to end, take the length of that one long vector, and if it exceeds
# `max_norm`, scale them *all* by the same factor. That is [clipping by global norm](docs/glossary.md#gradient-clipping).
#
# Clipping each number (or each tensor) on its own would be simpler. The picture shows what it costs:

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(6.4, 4.2))
big, small = np.array([3.0, 0.75]), np.array([-0.5, 0.45])
by_norm, by_value = big / np.linalg.norm(big), np.clip(big, -1, 1)
ax.add_patch(plt.Circle((0, 0), 1, fill=False, color="#555555", ls=":"))
arrows = [(big, "#999999", "gradient, length 3.09", (-1.3, -0.55)), (small, "#009E73", "length 0.67: left alone", (-0.8, 0.72)),
          (by_norm, "#0072B2", "by global norm: 14°, as before", (0.1, -0.62)),
          (by_value, "#D55E00", "each number on its own: 37°", (0.08, 0.22))]
for tip, colour, text, offset in arrows:
    ax.annotate("", tip, (0, 0), arrowprops={"arrowstyle": "-|>", "color": colour, "lw": 2.5})
    ax.text(*(tip + np.array(offset)), text, color=colour)
ax.text(0.0, -1.16, "max_norm = 1", ha="center", color="#555555")
ax.set(xlim=(-1.5, 3.3), ylim=(-1.35, 1.6), aspect="equal", xlabel="first weight", ylabel="second weight")
ax.set_title("Shorter, or somewhere else?")
lesson.show(fig, alt="Arrows from the origin with a circle of radius 1. A gradient (3, 0.75) of length 3.09 at 14 degrees; "
            "scaled by its global norm it ends on the circle at 14 degrees; clipped number by number it becomes (1, 0.75) at "
            "37 degrees: another direction. A small gradient of length 0.67 stays.")

# %% [markdown]
# ### Exercise 7.1 · First aid
# ●●○○○ · 6 minutes · 3 points
#
# Write `clip_(grads, max_norm)`. The underscore is PyTorch's sign for *in place*: the optimiser will look at these very tensors. In a real loop
# you would call `clip_([p.grad for p in model.parameters()], 1.0)`; a parameter without blame has `None` there.
#
# | `grads` | `max_norm` | returns | `grads` afterwards |
# |---|---|---|---|
# | [3, 0] and [0, 4] | 1 | 5 | [0.6, 0] and [0, 0.8] |
# | [3, 0] and [0, 4] | 10 | 5 | unchanged, to the last bit |
#
# <details><summary>Hint 1: the norm of several tensors</summary>
# Square every number of every tensor, add them all up, take one root at the very end.
# </details>
# <details><summary>Hint 2: nothing happens to the tensors</summary>
# <code>g = g * factor</code> makes a new tensor and gives it the old name. Which method multiplies a tensor where it lies?
# </details>

# %% exercise="clip_gradients"
# exercise: clip_gradients
def clip_(grads, max_norm):
    """Scale all gradients by one factor, in place, so that their joint norm is at most max_norm.

    grads: list of Tensors of any shapes; None entries are skipped. max_norm: float > 0.
    Returns: the joint norm before clipping (float or Tensor []).
    """
    ### BEGIN SOLUTION
    present = [g for g in grads if g is not None]
    norm = sum(float((g.double() ** 2).sum()) for g in present) ** 0.5
    if norm > max_norm:
        for g in present:
            g.mul_(max_norm / norm)
    return norm
    ### END SOLUTION

# %% check="clip_gradients" points=3
grads = [torch.tensor([3.0, 0.0]), torch.tensor([0.0, 4.0])]
norm = clip_(grads, 1.0)
check.that(norm is not None, expected="the norm before clipping to be returned", got="your function returns None")
check.close(float(norm), 5.0, of="the returned norm of [3, 0] and [0, 4]", rtol=1e-5, suspects={
    "this is the norm after clipping: the one before says whether something is wrong with the run": 1.0,
    "norms do not add up: 3 and 4 at a right angle are 5 together": 7.0})
right, alone, same = ([torch.tensor([p, 0.0]), torch.tensor([0.0, q])] for p, q in ((0.6, 0.8), (1.0, 1.0), (3.0, 4.0)))
check.close(grads, right, rtol=1e-5, of="[3, 0] and [0, 4] with max_norm 1", suspects={
    "each tensor or each number was clipped on its own, which turns the step: is one factor used for all?": alone,
    "the tensors are as before: does your function write into them, or into new ones?": same})
### BEGIN HIDDEN TESTS
def joint(tensors):
    return torch.cat([t.flatten() for t in tensors]).norm()

for scale in (0.01, 1.0, 100.0):
    before = [torch.randn(4, 3) * scale, torch.randn(()) * scale, torch.randn(2, 1, 5) * scale]
    length = joint(before)
    grads = [t.clone() for t in before]
    norm = clip_(grads, float(length) / 3)
    check.close(float(norm), float(length), rtol=1e-4, of="the returned norm of three tensors")
    check.close(grads, [t / 3 for t in before], rtol=1e-4, atol=1e-7, of="a norm three times too large", suspects={
        "each tensor or each number was clipped on its own, which turns the step: is one factor used for all?":
            [t * min(1.0, float(length / 3 / t.norm())) for t in before],
        "the tensors are as before: does your function write into them, or into new ones?": before})
    grads = [t.clone() for t in before]
    clip_(grads, float(length) * 2)
    check.equal(grads, before, of="gradients that are short enough", hint="they must stay as they are: is a factor above 1 ever needed?")
for label, spare in (("gradients that are all zero", torch.zeros(3)), ("an absurd gradient", torch.tensor([3e18, 4e18]))):
    grads = [torch.zeros(2), spare.clone()]
    clip_(grads, 1.0)
    check.close(grads, [torch.zeros(2), spare / max(1.0, float(spare.norm()))], rtol=1e-4, of=label, hint="0 / 0 is NaN: is the factor computed when nothing is too long?")
grads = [torch.tensor([3.0]), None, torch.tensor([4.0])]
clip_(grads, 2.5)
check.that(grads[1] is None, expected="a None entry to stay None", got="your function put something there")
check.close([grads[0], grads[2]], [torch.tensor([1.5]), torch.tensor([2.0])], rtol=1e-4, of="a parameter without a gradient")
### END HIDDEN TESTS

# %% [markdown]
# The absurd batch once more, now with a clipped step:

# %% tags=["demo"]
w = torch.tensor([3.9, 0.8, 3.6], requires_grad=True)
courier_loss(w, x, y).backward()               # x and y still hold the order of 4,000 minutes
norm = float(clip_([w.grad], max_norm=1.0))
stepped = (w - 0.01 * w.grad).tolist()
print(f"norm before {norm:.1f}, after {w.grad.norm():.1f}   w after one step: {[round(v, 1) for v in stepped]}")

# %% [markdown]
# It is first aid, not a cure. Somebody should still find out why an order took 4,000 minutes; the returned norm, plotted, is how you notice. PyTorch's own is
# `torch.nn.utils.clip_grad_norm_`, and it belongs **between** `backward()` and the optimiser's step.

# %% [markdown]
# ## 8 · What the backward pass costs
#
# "The backward pass costs twice the forward pass." You will read it everywhere. Let us count. A layer `z = x @ w` with `x` [B, D] and `w` [D, K] costs
# 2·B·D·K [FLOPs](docs/glossary.md#flop) forward: for each of the B·K results, D multiplications and D additions.
#
# Its backward has the two products of section 4, `x.T @ dz` and `dz @ w.T`. Each has the same three sizes, so each costs the same 2·B·D·K. Twice the forward, then? For a
# layer in the **middle** of a network, yes: `dw` to learn from, and `dx` to hand on. But who needs the `dx` of the **first** layer?
#
# ### Exercise 8.1 · Count before you believe
# ●●○○○ · 5 minutes · 2 points
#
# A batch of 32 orders with 100 numbers each, a hidden layer of 50 and 10 outputs: `relu(x @ w1) @ w2`, with `w1` [100, 50] and `w2` [50, 10].
# `x` is data, it needs no gradient. **Predict** the FLOPs of each layer's product forward, of each layer's backward, and the whole backward divided by the whole
# forward (matrix products only; ReLU and the sum are small change).
#
# <details><summary>Hint: where to begin</summary>
# Write down the three sizes of each layer's product. Then ask for each layer: who reads its <code>dw</code>, and who reads its <code>dx</code>?
# </details>

# %% exercise="flops_by_hand"
# exercise: flops_by_hand
# FLOPs, as whole numbers; the ratio to two decimals
### BEGIN SOLUTION
forward_first = 2 * 32 * 100 * 50
forward_second = 2 * 32 * 50 * 10
backward_first = forward_first
backward_second = 2 * forward_second
backward_over_forward = 1.09
### END SOLUTION

# %% check="flops_by_hand" points=2
counts = {"forward_first": forward_first, "forward_second": forward_second, "backward_first": backward_first,
          "backward_second": backward_second, "backward_over_forward": backward_over_forward}
check.each(counts, dict.fromkeys(counts, 0.0), atol=1e12, of="any five numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
check.each(counts,
           {"forward_first": 320_000, "forward_second": 32_000, "backward_first": 320_000, "backward_second": 64_000, "backward_over_forward": 384 / 352},
           rtol=6e-3, hint={
    "forward_first": "a product [m, n] · [n, p] takes 2·m·n·p: are the multiplications and the additions both in it?",
    "forward_second": "which sizes meet in the second product: 32, 50 and 10?",
    "backward_first": "x is data: which of the two products is not needed here?",
    "backward_second": "the hidden layer needs its blame and w2 needs its own: how many products is that?",
    "backward_over_forward": "is it both backwards, divided by both forwards?",
})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** `FlopCounterMode` watches every matrix product that runs inside its `with` block, also those that autograd starts.

# %% tags=["fixture"]
def backward_flops(fn, *inputs):
    """FLOPs of the matrix products in the backward pass of fn(*inputs).sum(), counted while it runs. Returns: int."""
    wanted = [t for t in inputs if t.requires_grad]
    total = fn(*inputs).sum()
    with FlopCounterMode(display=False) as counter:
        torch.autograd.grad(total, wanted, allow_unused=True)
    return counter.get_total_flops()

# %% tags=["demo"]
def two_layers(x, w1, w2):
    return torch.relu(x @ w1) @ w2


x = torch.randn(32, 100)
w1, w2 = torch.randn(100, 50, requires_grad=True), torch.randn(50, 10, requires_grad=True)
with FlopCounterMode(display=False) as counter:
    two_layers(x, w1, w2)
forward = counter.get_total_flops()
print(f"forward                                {forward:>8,} FLOPs")
for label, data in (("x is data", x), ("x needs a gradient too", x.clone().requires_grad_())):
    backward = backward_flops(two_layers, data, w1, w2)
    print(f"backward, {label:25}    {backward:>8,} FLOPs = {backward / forward:.2f} × forward")

# %% [markdown]
# **Reconcile.** 1.09, not 2. The first layer holds ten elevenths of the work, and it skips one of its two products. "Exactly twice" comes true only when
# someone wants the gradient of the input as well. How wrong is the rule for deeper networks? With L equal layers the backward has 2L − 1 products:

# %% tags=["demo"]
depths, ratios = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32], []
for depth in depths:
    weights = [torch.randn(16, 16, requires_grad=True) for _ in range(depth)]

    def stack(x, *weights):
        for w in weights:
            x = torch.relu(x @ w)
        return x

    ratios.append(backward_flops(stack, torch.randn(8, 16), *weights) / (depth * 2 * 8 * 16 * 16))
fig, ax = plt.subplots(figsize=(7.5, 3.6))
ax.plot(depths, [2 - 1 / depth for depth in depths], ls="-", color="#56B4E9", label="2 − 1/L")
ax.plot(depths, ratios, ls="none", marker="o", color="#0072B2", label="counted")
ax.axhline(2, color="#D55E00", ls="--", label='"always twice"')
ax.set(xlabel="layers L, all of the same size", ylabel="backward / forward", ylim=(0.8, 2.2))
ax.set_title("The rule of two is a limit, not a law")
ax.legend(loc="lower right")
lesson.show(fig, alt="Counted FLOPs of backward over forward against the number of equal layers: 1.0 for one layer, 1.5 for "
            "two, 1.75 for four, 1.94 for sixteen, 1.97 for 32, on the curve 2 − 1/L, which approaches 2 and never reaches it.")

# %% [markdown]
# So "training costs three forwards" is a good estimate for a deep network, and a bad one for a shallow network or for one with frozen layers, whose weights are not trained. A frozen layer in
# the middle needs no `dw`, yet it still has to pass `dx` on, as long as a layer below it learns.
#
# ### Exercise 8.2 · Do no work that nobody asked for
# ●●●○○ · 9 minutes · 4 points
#
# Write a linear layer as autograd sees it: a [custom function](docs/glossary.md#custom-autograd-function) with a forward that keeps what it will need, and a backward that gets
# the blame of the result, `d_out` [B, K], and returns the blame of each input, in the order of the inputs.
#
# - `ctx.save_for_backward(a, b)` in `forward`, `a, b = ctx.saved_tensors` in `backward`: what you keep is yours to decide.
# - `ctx.needs_input_grad` holds three booleans, one for each of `x`, `w`, `b`. Where it is False, return `None` and **do not compute**.
#
# | who needs a gradient | products in the backward | `frugal_bill` for B, D, K = 4, 3, 2 |
# |---|---|---|
# | `x`, `w` and `b` | two | 96 |
# | `w` and `b` (a first layer) | one | 48 |
# | `x` only (a frozen layer) | one | 48 |
#
# <details><summary>Hint 1: the formulas</summary>
# You have written them in exercise 4.1: replace <code>dz</code> by <code>d_out</code>. There is no loss here and no ReLU; all that comes later is already inside <code>d_out</code>.
# </details>
# <details><summary>Hint 2: the right numbers, but the bill is too high</summary>
# <code>return dx if need_x else None</code> comes too late: the product has been computed by then. Put the question in front of the product.
# </details>

# %% exercise="frugal_linear"
# exercise: frugal_linear
class FrugalLinear(torch.autograd.Function):
    """x @ w + b with a backward that computes only the gradients that are asked for."""

    @staticmethod
    def forward(ctx, x, w, b):
        """x: Tensor [B, D]. w: Tensor [D, K]. b: Tensor [K]. Returns: Tensor [B, K]."""
        ### BEGIN SOLUTION
        ctx.save_for_backward(x, w)
        return x @ w + b
        ### END SOLUTION

    @staticmethod
    def backward(ctx, d_out):
        """d_out: Tensor [B, K]. Returns: (dx [B, D] or None, dw [D, K] or None, db [K] or None)."""
        ### BEGIN SOLUTION
        x, w = ctx.saved_tensors
        need_x, need_w, need_b = ctx.needs_input_grad
        dx = d_out @ w.T if need_x else None
        dw = x.T @ d_out if need_w else None
        db = d_out.sum(dim=0) if need_b else None
        return dx, dw, db
        ### END SOLUTION


def frugal_linear(x, w, b):
    """The layer as a function (given)."""
    return FrugalLinear.apply(x, w, b)


def frugal_bill(x, w, b):
    """FLOPs of the matrix products in the layer's backward (given)."""
    return backward_flops(frugal_linear, x, w, b)

# %% check="frugal_linear" points=3
x, w, b = torch.randn(4, 3), torch.randn(3, 2), torch.randn(2)
check.close(frugal_linear(x, w, b), x @ w + b, of="the forward pass", hint="is it x @ w + b, all three?")
x, w, b = (t.double().requires_grad_() for t in (x, w, b))
check.gradients(frugal_linear, (x, w, b), of="all three gradients, against central differences",
                hint="is d_out used in all three, as it came in? A mean, if there is one, is already inside it")
### BEGIN HIDDEN TESTS
for B, D, K in ((5, 3, 4), (4, 4, 4), (1, 6, 2)):
    leaves = [torch.randn(B, D), torch.randn(D, K), torch.randn(K)]
    blame = torch.randn(B, K)
    for t in leaves:
        t.requires_grad_()
    x, w, b = leaves
    right = torch.autograd.grad(x @ w + b, leaves, blame)
    unblamed = torch.autograd.grad(x @ w + b, leaves, torch.ones(B, K))
    got = torch.autograd.grad(frugal_linear(x, w, b), leaves, blame, allow_unused=True)
    for name, mine, want, plain in zip(("dx", "dw", "db"), got, right, unblamed):
        check.gradient(mine, want, batch=B, of=f"{name} for B, D, K = {B}, {D}, {K}", suspects={
            "the blame that comes in is not used: what is d_out for?": plain,
            "this averages over the batch: the mean, if there is one, is already inside d_out": want / B,
        })
### END HIDDEN TESTS

# %% check="frugal_linear" part="bill" points=1
x, w, b = torch.randn(4, 3), torch.randn(3, 2, requires_grad=True), torch.randn(2, requires_grad=True)
dw, = torch.autograd.grad(frugal_linear(x, w, b).sum(), [w], allow_unused=True)
check.that(dw is not None, expected="dw where w needs a gradient and x does not", of="a first layer",
           got="your backward returns None for it", hint="is dw guarded by ctx.needs_input_grad[1], the flag of w?")
check.gradient(dw, x.sum(dim=0)[:, None].expand(3, 2), of="dw of a first layer")
check.equal(frugal_bill(x, w, b), 48, of="FLOPs of the backward of a first layer", suspects={
    "that is two products, and nobody asked for dx: what does ctx.needs_input_grad[0] say?": 96})
### BEGIN HIDDEN TESTS
for B, D, K in ((4, 3, 2), (8, 5, 6)):
    product = 2 * B * D * K
    wasteful = {"more products than anybody asked for: is each one guarded by its own ctx.needs_input_grad?": 2 * product}
    x, w, b = torch.randn(B, D, requires_grad=True), torch.randn(D, K, requires_grad=True), torch.randn(K, requires_grad=True)
    check.equal(frugal_bill(x, w, b), 2 * product, of="FLOPs when x, w and b need a gradient")
    check.equal(frugal_bill(x, w.detach(), b.detach()), product, of="FLOPs of a frozen layer", suspects=wasteful)
    check.equal(frugal_bill(x.detach(), w, b.detach()), product, of="FLOPs of a first layer without a trained bias", suspects=wasteful)
    got, = torch.autograd.grad(frugal_linear(x, w.detach(), b.detach()).sum(), [x], allow_unused=True)
    check.gradient(got, w.detach().sum(dim=1).expand(B, D), of="dx of a frozen layer", hint="is dx guarded by ctx.needs_input_grad[0], the flag of x?")
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · When it breaks
#
# Every message below will reach you one day. Here each one is produced on purpose, so that you have seen it in good company.
#
# ### The loud ones
#
# **"backward through the graph a second time".** The saved tensors are thrown away as soon as they have been used. Run the forward pass again (as a
# training loop does), or keep them with `retain_graph=True` if you really mean it.

# %% tags=["demo"]
w = torch.ones(3, requires_grad=True)
loss = (w ** 2).sum()
loss.backward()
try:
    loss.backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}"[:130], "…")
(w ** 2).sum().backward()                      # mended: a new forward, a new recording
print("mended:", w.grad.tolist())

# %% [markdown]
# **"grad can be implicitly created only for scalar outputs".** Blame for *what*? Three outputs have no single loss. Reduce them to one number, or say how much each one counts.
#
# **"a leaf Variable that requires grad is being used in an in-place operation".** You updated a weight while the recorder was on.

# %% tags=["demo"]
w = torch.ones(3, requires_grad=True)
try:
    (w * 2).backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")
(w * 2).sum().backward()                       # mended: one number
print("mended:", w.grad.tolist())
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    print(f"RuntimeError: {error}")
with torch.no_grad():                          # mended: an update is not part of the model
    w -= 0.1 * w.grad
print("mended:", w)

# %% [markdown]
# Why not write `w = w - 0.1 * w.grad`? It runs, and that is the trouble: the new `w` is not a leaf, its `.grad` is `None` from then on, and the second step fails (or, with an
# optimiser, the model never sees its own update).
#
# ### The quiet ones
#
# **"element 0 of tensors does not require grad and does not have a grad_fn".** Somewhere between the weights and the loss the recording was cut. PyTorch notices only when **nothing** is left. Cut it for one layer and nobody says a word.
#
# Here is how it happens to careful people. A colleague wants `np.tanh` in the hidden layer. PyTorch objects, and even says what to type:

# %% tags=["demo"]
torch.manual_seed(4)
x, y = torch.randn(6, 3), torch.randn(6)
w1, w2 = torch.randn(3, 4, requires_grad=True), torch.randn(4, requires_grad=True)
try:
    hidden = np.tanh((x @ w1).numpy())
except RuntimeError as error:
    print(f"RuntimeError: {error}")

hidden = torch.from_numpy(np.tanh((x @ w1).detach().numpy()))   # so that is what he typed
loss = ((hidden @ w2 - y) ** 2).mean()
loss.backward()
print(f"loss {loss.item():.3f}\nw1.grad: {w1.grad}\nw2.grad: {w2.grad}")
try:
    hidden.sum().backward()                    # here nothing is left: now PyTorch notices
except RuntimeError as error:
    print(f"RuntimeError: {error}")

# %% [markdown]
# The loss with the cut in it raised nothing, and `w1.grad` is `None`. In training that loss even falls, since `w2` learns. `w1` keeps its random start for ever.
#
# ### Exercise 9.1 · The layer that never learns
# ●●○○○ · 3 minutes · 1 point
#
# Write the loss of the cell above, `mean((tanh(x @ w1) @ w2 − y)²)`, so that the blame reaches both weights.
#
# <details><summary>Hint: is there a tanh that records?</summary>
# Whatever NumPy can do to one array, PyTorch usually has under the same name.
# </details>

# %% exercise="repair_detached"
# exercise: repair_detached
def two_layer_loss(x, y, w1, w2):
    """Mean squared error of tanh(x @ w1) @ w2. x: [B, D]. y: [B]. w1: [D, H]. w2: [H]. Returns: Tensor []."""
    ### BEGIN SOLUTION
    hidden = torch.tanh(x @ w1)
    return ((hidden @ w2 - y) ** 2).mean()
    ### END SOLUTION

# %% check="repair_detached" points=1
x, y = torch.randn(6, 3), torch.randn(6)
w1, w2 = torch.randn(3, 4, requires_grad=True), torch.randn(4, requires_grad=True)
check.reaches(two_layer_loss(x, y, w1, w2), {"w1": w1, "w2": w2},
              hint="is there a detach(), a numpy() or an item() on the way from that weight to the loss?")
### BEGIN HIDDEN TESTS
def reference_loss(x, y, w1, w2):
    return (torch.tanh(x @ w1).mv(w2) - y).square().mean()

for B, D, H in ((5, 2, 3), (9, 4, 1)):
    x, y, w1, w2 = torch.randn(B, D), torch.randn(B), torch.randn(D, H), torch.randn(H)
    want = reference_loss(x, y, w1, w2)
    check.close(two_layer_loss(x, y, w1, w2), want, of="the loss", hint="is it mean((tanh(x @ w1) @ w2 − y)²)?")
    leaves = tuple(t.double().requires_grad_() for t in (x, y, w1, w2))
    check.gradients(two_layer_loss, leaves, reference_loss, of="the gradients of x, y, w1 and w2",
                    hint="is there a detach(), a numpy() or an item() on the way?")
### END HIDDEN TESTS

# %% [markdown]
# **The loss that swings.** You met it in section 6. This program has that bug, and a second one that only hurts after an hour:

# %% tags=["demo"]
def swinging_fit(x, y, steps, lr):
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss)
    return w, losses


torch.manual_seed(3)
w, losses = swinging_fit(*deliveries(64), steps=60, lr=0.01)
print("every sixth loss:", [round(loss.item()) for loss in losses[::6]])
print("what is kept of each step:", losses[0])

# %% [markdown]
# `losses` holds tensors, and each one still carries its `grad_fn` with every node behind it: in a larger model thousands of objects a step that nobody will use again. In a loop without
# `backward()`, as in an evaluation, the saved tensors stay with them, and the memory runs out. A plot needs numbers and nothing else.
#
# ### Exercise 9.2 · Stop the swinging
# ●●○○○ · 4 minutes · 1 point
#
# Same program, repaired: the curve goes down and stays down, and `losses` holds plain floats.
#
# <details><summary>Hint: my curve is flat</summary>
# In which order do clearing, <code>backward()</code> and the step come? Clear <i>after</i> <code>backward()</code> and there is nothing left to step with.
# </details>

# %% exercise="repair_accumulation"
# exercise: repair_accumulation
def steady_fit(x, y, steps, lr):
    """Gradient descent on courier_loss from w = 0; losses[i] is measured before step i.

    x: [n, D]. y: [n]. Returns: (w [D], losses: list of floats, one a step).
    """
    ### BEGIN SOLUTION
    w, losses = torch.zeros(x.shape[1], requires_grad=True), []
    for _ in range(steps):
        w.grad = None
        loss = courier_loss(w, x, y)
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
        losses.append(loss.item())
    return w, losses
    ### END SOLUTION

# %% check="repair_accumulation" points=1
x, y = deliveries(64)
w, losses = steady_fit(x, y, steps=60, lr=0.01)
check.curve(losses, length=60, start=float((y**2).mean()), start_rtol=1e-4, min_drop=0.9,
            hint="is w.grad cleared before each backward(), and the loss measured before the step?")
### BEGIN HIDDEN TESTS
def by_formula(x, y, steps, lr, remember):
    w, push, losses = torch.zeros(x.shape[1]), torch.zeros(x.shape[1]), []
    for _ in range(steps):
        losses.append(float(((x @ w - y) ** 2).mean()))
        push = remember * push + 2 * x.T @ (x @ w - y) / len(y)
        w = w - lr * push
    return w, losses

x, y = deliveries(40)
for steps, lr in ((60, 0.01), (7, 0.002)):
    want, curve = by_formula(x, y, steps, lr, remember=0.0)
    swinging, swings = by_formula(x, y, steps, lr, remember=1.0)
    after = float(((x @ want - y) ** 2).mean())
    w, losses = steady_fit(x, y, steps, lr)
    check.close(w.detach(), want, rtol=1e-3, atol=1e-4, of=f"w after {steps} steps", hint="is each step lr times the gradient, and does w start at 0?", suspects={
        "each step still carries the gradients of all the steps before it: when is w.grad cleared?": swinging})
    check.close(losses, curve, rtol=1e-3, atol=1e-4, of=f"the losses of {steps} steps", suspects={
        "losses[i] is the loss before step i: is it measured after the step here?": curve[1:] + [after]})
### END HIDDEN TESTS

# %% [markdown]
# **"modified by an inplace operation".** Three riders, a score for each, and the chance that each one takes the order: exponentials, divided by their sum. To save memory, somebody wrote `/=`, an [in-place operation](docs/glossary.md#in-place-operation):

# %% tags=["demo"]
x, w = torch.randn(2, 4), torch.randn(4, 3, requires_grad=True)
shares = torch.exp(x @ w)
print("version of the tensor that exp saved:", shares._version)
shares /= shares.sum(dim=1, keepdim=True)
print("version now:                         ", shares._version)
try:
    shares[:, 0].sum().backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")

# %% [markdown]
# The derivative of exp is exp itself, so the node saved its **result**, at version 0. The `/=` wrote over that very storage, and every tensor counts how
# often it was written to. PyTorch compares the two counters and refuses to compute a wrong gradient. Read the message again: it names the shape, the operation that saved it (`Exp…`), and both versions.
#
# On the internet you will find `shares.data /= …`: through `.data` the counter does not move, the error is gone, and the gradient is **wrong**. The error was the good news.
#
# ### Exercise 9.3 · Do not write over the evidence
# ●●○○○ · 3 minutes · 1 point
#
# Write `rider_shares(x, w)`: the same numbers, and gradients that are right.
#
# <details><summary>Hint: the smallest repair</summary>
# What is the difference between <code>a /= b</code> and <code>a / b</code>?
# </details>

# %% exercise="repair_overwrite"
# exercise: repair_overwrite
def rider_shares(x, w):
    """Each row: the share of every rider, adding up to 1. x: [n, D]. w: [D, R]. Returns: Tensor [n, R]."""
    ### BEGIN SOLUTION
    shares = torch.exp(x @ w)
    return shares / shares.sum(dim=1, keepdim=True)
    ### END SOLUTION

# %% check="repair_overwrite" points=1
x, w = torch.randn(2, 4, dtype=torch.float64), torch.randn(4, 3, dtype=torch.float64, requires_grad=True)
sums = rider_shares(x, w).sum(dim=1).detach()
check.close(sums, torch.ones(2).double(), of="the sum of each row", hint="over which axis do the riders' shares add up to 1?")
check.gradients(rider_shares, (x, w), of="against central differences",
                hint="is a saved tensor written over, through .data or under no_grad?")
### BEGIN HIDDEN TESTS
def reference_shares(x, w):
    return torch.softmax(x @ w, dim=1)

for n, D, R in ((5, 2, 4), (3, 3, 3)):
    x, w = (torch.randn(*size, dtype=torch.float64, requires_grad=True) for size in ((n, D), (D, R)))
    want = reference_shares(x, w).detach()
    check.close(rider_shares(x, w).detach(), want, of=f"{n} orders, {R} riders")
    check.gradients(rider_shares, (x, w), reference_shares, of=f"the gradients for {n} orders and {R} riders",
                    hint="is a saved tensor written over, through .data or under no_grad?")
### END HIDDEN TESTS

# %% [markdown]
# ## Takeaways
#
# - Blame is a product along a path, and a sum over paths. Each node knows one local derivative, and nothing else.
# - The graph is recorded while Python runs. `no_grad`, `detach`, `item`, `numpy` are where recordings end; look there first when a layer does not learn.
# - Only leaves keep a `.grad`; a parameter that was multiplied by something is no leaf. `.grad` **adds up**: clear it for each step, or use it to make a large batch out of small ones, weighted by their sizes.
# - Central differences in float64 are the witness for every gradient that you write yourself.
# - A linear layer's backward is two products, one of which a first layer (or a frozen one) does not need. "Twice the forward" is a limit.
# - Clip all gradients by **one** factor. An error about in-place operations is good news; silence is not.
#
# **Words from this lesson:** [gradient](docs/glossary.md#gradient) · [chain rule](docs/glossary.md#chain-rule) · [computation graph](docs/glossary.md#computation-graph) · [leaf tensor](docs/glossary.md#leaf-tensor) ·
# [backward pass](docs/glossary.md#backward-pass) · [detach](docs/glossary.md#detach) · [central difference](docs/glossary.md#central-difference) · [topological order](docs/glossary.md#topological-order) ·
# [vector–Jacobian product](docs/glossary.md#vector-jacobian-product) · [gradient accumulation](docs/glossary.md#gradient-accumulation) · [micro-batch](docs/glossary.md#micro-batch) ·
# [gradient clipping](docs/glossary.md#gradient-clipping) · [saved tensor](docs/glossary.md#saved-tensor) · [custom autograd function](docs/glossary.md#custom-autograd-function) · [in-place operation](docs/glossary.md#in-place-operation)
#
# **Read next:** PyTorch's [notes on autograd mechanics](https://pytorch.org/docs/stable/notes/autograd.html), which you can now read from start to end; Baydin and others,
# [Automatic differentiation in machine learning: a survey](https://arxiv.org/abs/1502.05767) (2018), for everything that is not reverse mode; and Karpathy's
# [micrograd](https://github.com/karpathy/micrograd), a sister of the engine you built. Then lesson 03, where the lines inside your `steady_fit` become *the* training loop.
#
# The last cell looks through your notebook before you hand it in.

# %% tags=["demo"]
lesson.hand_in("02_autograd")
