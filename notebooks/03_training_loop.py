# %% [markdown]
# ## The script that said 2.30 all night
#
# Marta runs the office of a housing co-operative: 240 flats, each with a water meter. Every quarter the tenants write
# their readings on paper slips, and Marta types them in. Her colleague Jonas had an idea: cut the scanned slips into
# single digits and let a small network read them. He started a script in the evening. In the morning the log looked
# like this:
#
# ```
# step     0   loss 2.31
# step  1000   loss 2.30
# step  2000   loss 2.30
# step  3000   loss 2.30
# step  4000   loss 2.30
# ```
#
# The script had not complained once. He tried three learning rates on three nights, and the three logs look alike. Now Jonas is on
# holiday, and Marta has the script.
#
# Two facts say what is wrong: the number **2.30**, and that **three learning rates gave the same night**.
# When you have worked through this lesson you read both at a glance, because you have written the loop yourself and
# broken it in most of the ways it can break.
#
# The habit is the same as ever: **predict, measure, reconcile**. Write the number down before you run the cell.

# %% tags=["fixture"]
import copy
import hashlib
import io
import math

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device  # the one place where the device is chosen

# %% [markdown]
# ## 1 · A loop that you can stop
#
# Before the loop, one question that Marta asked: why PyTorch, when the older tutorials on her shelf are all
# TensorFlow?
#
# Google released TensorFlow at the end of 2015, Facebook AI Research released PyTorch early in 2017. The first TensorFlow was
# **define-and-run**: your Python lines *described* a graph, the library compiled it, and a `run` call executed it
# later. PyTorch is **define-by-run**, also called [eager execution](docs/glossary.md#eager-execution): each line
# computes its result at once. That sounds like a detail. Here is what it does to an error.
#
# **Predict.** Both halves of the next cell make the same mistake in the line marked `# <- here`: a matrix of the
# wrong shape. Python's traceback ends at some line. Which line will each half blame?

# %% tags=["demo"]
import traceback

w1, w2 = torch.ones(64, 32), torch.ones(64, 10)

def blamed(error):
    return traceback.extract_tb(error.__traceback__)[-1].line

plan = []                                           # define: write down what to do, compute nothing
plan.append(("hidden", torch.matmul, "x", "w1"))
plan.append(("logits", torch.matmul, "hidden", "w2"))   # <- here
try:
    values = {"x": torch.ones(5, 64), "w1": w1, "w2": w2}
    for name, operation, left, right in plan:       # run: somewhere else, later
        values[name] = operation(values[left], values[right])
except RuntimeError as error:
    print("define-and-run blames:", blamed(error))

try:
    hidden = torch.ones(5, 64) @ w1
    logits = hidden @ w2                            # <- here
except RuntimeError as error:
    print("define-by-run blames: ", blamed(error))

# %% [markdown]
# **Reconcile.** The first half blames the engine: a line that is right, in code that you did not write. The second
# blames the line with the mistake. The same holds for a debugger, for `print`, and for `if loss > 10: breakpoint()`:
# in PyTorch the loop is ordinary Python, and you can stop it anywhere and look. (The first TensorFlow was not blind: a
# shape that stood in the code was checked while the graph was described. What depended on the data, and every `print`,
# had to wait for the run.)
#
# Researchers noticed. In 2017 TensorFlow led by far; of the papers at the large conferences that named one of the
# two, {{fact:pytorch_paper_share}} used PyTorch, by Horace He's count. TensorFlow 2 turned eager by default in 2019, and DeepMind moved
# much of its work to a third library, JAX. Google was the larger company with the earlier start. What decided was the
# developer's day: how long it takes from a wrong number to the line that made it.
#
# So let us write that loop.

# %% [markdown]
# ## 2 · Five steps, by hand
#
# Jonas's slips are for later. Start with the smallest model there is, a line: $\hat y = w x + b$. Two points: $x =
# [1, 2]$, $y = [3, 5]$. We start at $w = b = 0$ with learning rate 0.1. One turn of the loop has five steps:
#
# | step | what it does | here |
# |---|---|---|
# | 1 zero | forget the old gradients | `w.grad = b.grad = None` |
# | 2 forward | compute the predictions | $\hat y = [0, 0]$ |
# | 3 loss | one number: how wrong? | mean of $3^2$ and $5^2$ = **17** |
# | 4 backward | who gets the blame? | $dw = 2 \cdot \text{mean}((\hat y - y)\,x) = -13$, $\;db = 2 \cdot \text{mean}(\hat y - y) = -8$ |
# | 5 step | move a little against the gradient | $w = 0 + 0.1 \cdot 13 = 1.3$, $\;b = 0.8$ |
#
# These five steps never change. A language model on a thousand GPUs runs the same five.
#
# **Predict.** What is the loss at the second turn, with $w = 1.3$ and $b = 0.8$? Work it out on paper; it takes one
# line.

# %% tags=["demo"]
x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
w, b = 0.0, 0.0
error = w * x + b - y                                # 2 forward: how far off is each prediction?   [2]
print(f"loss at w = 0, b = 0: {(error**2).mean():.3f}")                          # 3 loss
dw, db = 2 * (error * x).mean(), 2 * error.mean()    # 4 backward, by the two formulae
w, b = w - 0.1 * dw, b - 0.1 * db                    # 5 step
print(f"dw = {dw:.1f}, db = {db:.1f}, so w = {w:.1f}, b = {b:.1f}")
print(f"loss at the second turn: {((w * x + b - y) ** 2).mean():.3f}")

# %% [markdown]
# **Reconcile.** The predictions are 2.1 and 3.4, the errors −0.9 and −1.6, the loss (0.81 + 2.56) / 2 = 1.685. If you
# got 3.37, you have summed and not averaged.
#
# The cell had no step 1: it computes `dw` and `db` afresh. Autograd does not. It **adds** to `.grad`, as you know
# from lesson 02, and so somebody has to clear it.

# %% [markdown]
# ### A data set with a mistake in it
#
# For a longer run we need more points: draw $x$ at random, compute $y = 3x + 1$, add some noise. The cell below holds
# the line as it stands in more than one tutorial. `best_line` (given) is the honest judge: it solves for the best $w$
# and $b$ in closed form and returns the mean squared error that remains, the
# **[noise floor](docs/glossary.md#noise-floor)**. No line can do better.
#
# **Predict.** The noise has standard deviation 0.5. What should the floor be? And which slope will `best_line` find?

# %% tags=["fixture"]
def best_line(x, y):
    """The least-squares line through the points, and the mean squared error that it leaves.

    x, y: Tensor [N]. Returns: w, b, floor (floats). No straight line has a smaller mean squared error than `floor`.
    """
    dx, dy = x - x.mean(), y - y.mean()
    w = (dx * dy).mean() / dx.square().mean()
    b = y.mean() - w * x.mean()
    return w.item(), b.item(), (w * x + b - y).square().mean().item()

# %% tags=["demo"]
torch.manual_seed(3)
x = torch.randn(400)
y = 3.0 * torch.randn(400) + 1.0 + 0.5 * torch.randn(400)  # as found in a tutorial
print("best line: w = {:.2f}, b = {:.2f}, floor = {:.2f}".format(*best_line(x, y)))

# %% [markdown]
# **Reconcile.** A floor of 0.5² = 0.25 was to be expected, and a slope of 3. We got a slope near 0 and a floor of
# about 9. Nothing is wrong with the fit: 9.25 = 3² + 0.5² is the whole variance of $y$. Find the mistake in the
# second line of the cell before you read on.
#
# ### Exercise 2.1 · Repair the data
# ●○○○○ · 4 minutes · 1 point
#
# Write `make_line(n, w, b, noise)` so that $y$ belongs to the $x$ that is returned. `noise` is a standard deviation,
# and every point gets noise of its own.
#
# | call | what must hold |
# |---|---|
# | `make_line(400, w=3.0, b=1.0, noise=0.5)` | `best_line` finds w ≈ 3, b ≈ 1, floor ≈ 0.25 |
# | `make_line(5, w=3.0, b=1.0, noise=0.0)` | `y` is exactly `3 * x + 1` |
#
# <details><summary>Hint: how many times does the tutorial draw x?</summary>
# Twice: once for <code>x</code>, and once more inside <code>y</code>. The second draw knows nothing of the first.
# </details>

# %% exercise="make_line"
# exercise: make_line
def make_line(n: int, w: float, b: float, noise: float):
    """Points on a noisy line: x standard normal, y = w·x + b + noise.

    noise: standard deviation of the noise, drawn anew for each point. Returns: x [n], y [n], both float32.
    """
    ### BEGIN SOLUTION
    x = torch.randn(n)
    return x, w * x + b + noise * torch.randn(n)
    ### END SOLUTION

# %% check="make_line" points=1
answer = make_line(400, w=3.0, b=1.0, noise=0.5)
two = isinstance(answer, (tuple, list)) and len(answer) == 2
check.that(two, expected="two tensors, x and y", got=f"yours is {answer!r:.60}")
x, y = answer
check.shape(x, (400,), axes="points", of="x")
check.shape(y, (400,), axes="points", of="y")
# The slope's standard error is 0.5/√400 = 0.025: ±0.2 is eight of them.
check.within(best_line(x, y)[0], 2.8, 3.2, of="slope of the best line", hint="Is the x inside y the x that you return?")
### BEGIN HIDDEN TESTS
x, y = make_line(50, w=-2.0, b=4.0, noise=0.0)
check.close(y, -2.0 * x + 4.0, of="without noise", hint="Is the x inside y the x that you return, and is b added once?")
# n = 4000: the measured standard deviation scatters by 1/√8000 = 1.1 %; the bounds are 9 of these away.
x, y = make_line(4000, w=1.5, b=0.0, noise=0.3)
spread = math.sqrt(best_line(x, y)[2])
cause = "Is one number drawn for all points, where each needs its own?" if spread < 1e-3 else None
if abs(spread - 0.3**0.5) < 0.03 or abs(spread - 0.09) < 0.01:
    cause = "randn(n) has standard deviation 1, and noise is a standard deviation, not a variance: what is the factor?"
check.within(spread, 0.27, 0.33, of="standard deviation of the noise", hint=cause)
check.within(x.std(), 0.9, 1.1, of="standard deviation of x", hint="Is x drawn from the standard normal distribution?")
again = make_line(4000, w=1.5, b=0.0, noise=0.3)[0]
check.that(not torch.equal(x, again), expected="new points at every call", got="yours are the same twice")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 2.2 · Fit the line by hand
# ●●○○○ · 8 minutes · 3 points
#
# Now the loop, from bare tensors: no `nn`, no `torch.optim`. Let autograd compute the gradients (lesson 02), or use
# the two formulae of the table; both are right. `losses[i]` is the loss **before** update number `i`, so `losses[0]`
# is the loss of $w = b = 0$. What is that number? It can be computed from the data alone: $\text{mean}(y^2)$. The
# check does just that.
#
# | | x = [1, 2], y = [3, 5], lr = 0.1, steps = 2 |
# |---|---|
# | `losses` | `[17.0, 1.685]` |
# | `w`, `b` | 1.3 and 0.8 after one update; 1.71 and 1.05 after two |
#
# <details><summary>Hint 1: a leaf variable that requires grad is being used in an in-place operation</summary>
# Step 5 must not be recorded: put it under <code>with torch.no_grad():</code>.
# </details>
# <details><summary>Hint 2: my loss falls, then swings up and down</summary>
# Print <code>w.grad</code> at each turn. Does it hold this turn's gradient only?
# </details>
# <details><summary>Hint 3: what do I append?</summary>
# A number: <code>loss.item()</code>. The tensor would keep its whole graph alive.
# </details>

# %% exercise="fit_line"
# exercise: fit_line
def fit_line(x, y, lr: float, steps: int):
    """Fit y ≈ w·x + b by gradient descent on the mean squared error, from w = b = 0.

    x, y: Tensor [N]. Returns: w (float), b (float), losses (list of `steps` floats, each taken before its update).
    """
    ### BEGIN SOLUTION
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    losses = []
    for _ in range(steps):
        w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            w -= lr * w.grad
            b -= lr * b.grad
        losses.append(loss.item())
    return w.item(), b.item(), losses
    ### END SOLUTION

# %% check="fit_line" points=3
x, y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
answer = fit_line(x, y, lr=0.1, steps=2)
three = isinstance(answer, (tuple, list)) and len(answer) == 3
check.that(three, expected="w, b and the losses", got=f"yours is {answer!r:.60}")
w, b, losses = answer
check.curve(losses, length=2, start=17.0, start_rtol=1e-4, of="two points")
check.close(losses[1], 1.685, rtol=1e-4, of="two points, second loss", suspects={
    "The loss has not moved: are w and b changed by step 5?": 17.0,
    "Your gradient is half of the table's: where is the 2 of the derivative?": 7.346,
    "Only w has moved: does b get its step as well?": 4.325,
    "A rate of 0.01 gives just this: does your function use the lr that it is given?": 14.7499,
    "You went uphill: which sign has the step?": 48.285,
}, hint="Compare with the table: dw = −13 and db = −8 in the first turn?")
check.close([w, b], [1.71, 1.05], rtol=1e-4, of="two points, w and b", suspects={
    "The second turn still holds the first turn's gradients: is step 1, zero, missing?": [3.01, 1.85],
    "That is one update for two steps: is there an update after the last loss, too?": [1.3, 0.8],
})
### BEGIN HIDDEN TESTS
def descent(x, y, lr, steps=120, keep=False):
    w, b, gw, gb, seen = 0.0, 0.0, 0.0, 0.0, []
    for _ in range(steps):
        error = w * x.double() + b - y.double()
        seen.append(error.square().mean().item())
        gw = (gw if keep else 0.0) + 2 * (error * x).mean().item()
        gb = (gb if keep else 0.0) + 2 * error.mean().item()
        w, b = w - lr * gw, b - lr * gb
    return seen

x = torch.randn(300)
y = -2.0 * x + 4.0 + 0.5 * torch.randn(300)
best_w, best_b, floor = best_line(x, y)
suspects = {
    "Every turn still holds the gradients of the turns before: is step 1, zero, missing?": descent(x, y, 0.1, keep=True),
    "A rate of 0.05 gives just this curve: does your function use the lr that it is given?": descent(x, y, 0.05),
}
w, b, losses = fit_line(x, y, lr=0.1, steps=120)
check.close(losses, descent(x, y, 0.1), rtol=1e-3, suspects=suspects, of="300 points")
# 120 steps at lr 0.1 shrink the distance to the best line by 0.8 a step or faster: only the noise floor remains.
check.curve(losses, start=y.square().mean().item(), start_rtol=1e-3, below=1.01 * floor, length=120, of="300 points")
check.close([w, b], [best_w, best_b], rtol=1e-2, of="w and b of the best line", hint="Is what you return the last w and b?")
# The true slope lies within 5 standard errors of 0.5/√300 = 0.029 of the best line's.
check.within(w, -2.15, -1.85, of="the slope that made the data")
### END HIDDEN TESTS

# %% [markdown]
# **Look at it.** On the left the line and the spread that noise gives the points, on the right the curve.
# **Predict:** at which loss does the curve go level?

# %% tags=["demo"]
import matplotlib.pyplot as plt

torch.manual_seed(4)
x, y = make_line(300, w=3.0, b=1.0, noise=0.5)
w, b, losses = fit_line(x, y, lr=0.05, steps=100)
floor = best_line(x, y)[2]
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6))
ends = torch.tensor([-3.0, 3.0])
left.scatter(x, y, s=8, color="0.6")
left.plot(ends, w * ends + b)
left.fill_between(ends, w * ends + b - 1, w * ends + b + 1, alpha=0.15)  # two standard deviations of the noise
left.set(title="The line that 100 steps found", xlabel="x", ylabel="y")
right.semilogy(losses, label="loss")
right.axhline(floor, color="0.3", linestyle=":", label=f"noise floor {floor:.2f}")
right.set(title="The loss, on a logarithmic axis", xlabel="step", ylabel="mean squared error")
right.legend()
lesson.show(fig, alt=f"""Left: 300 points with the fitted line of slope {w:.2f} and intercept {b:.2f}; nearly all points lie
within a band of one above and below it. Right: the loss falls from {losses[0]:.1f} at step 0 to {losses[30]:.2f} at step 30 and
then stays level at {losses[-1]:.2f}, on the dotted line of the noise floor {floor:.2f}.""")

# %% [markdown]
# **Reconcile.** The curve goes level near 0.25, the variance of the noise, and not at 0. A loss that stops falling is
# not always a fault: ask first what the floor is. For the tutorial's data the same loop would have gone level at
# about 9, and you would have blamed the learning rate.
#
# **Two numbers to know before every run: where the loss starts, and where it can end.**
#
# ### Leave one step out
#
# Now the same loop on the two points, each time without one of its steps. **Predict** for each row what you will see:
# an error, a flat line, a wild line, or a healthy one?

# %% tags=["demo"]
def loop_without(left_out, x, y, steps=30):
    w, b, losses = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True), []
    for _ in range(steps):
        if left_out != "zero":
            w.grad = b.grad = None
        loss = ((w * x + b - y) ** 2).mean()
        if left_out != "backward":
            loss.backward()
        if left_out != "step":
            with torch.no_grad():
                w -= 0.1 * w.grad
                b -= 0.1 * b.grad
        losses.append(loss.item())
    return losses

two_x, two_y = torch.tensor([1.0, 2.0]), torch.tensor([3.0, 5.0])
for left_out in ("nothing", "zero", "backward", "step"):
    try:
        seen = loop_without(left_out, two_x, two_y)
        print(f"without {left_out:9}", *(f"{seen[turn]:6.2f}" for turn in (0, 1, 2, 3, 4, 5, 10, 29)))
    except TypeError as error:
        print(f"without {left_out:9}", f"TypeError: {error}")

# %% [markdown]
# **Reconcile.** Only *backward* is loud. Without *step* the loss is 17.00 for ever: Jonas's log looks like that.
# Without *zero* it is the worst kind of wrong: the numbers move, they even fall at first, and then they swing,
# because every step drags all the earlier gradients along.
#
# A missing step rarely raises an error. It shows in the curve. That is why we look at curves.

# %% [markdown]
# ## 3 · `nn.Module`: the same loop with a box around the weights
#
# A line has two numbers to learn, its [parameters](docs/glossary.md#parameter). A network that reads digits has thousands. `nn.Module` keeps
# them together:
#
# - **`__init__`** creates the layers and *registers* them: `self.name = nn.Linear(…)`. What is not an attribute of
#   `self` is not found by `parameters()`, does not move with `.to(device)` and is not saved.
# - **`forward`** says how the data flows through them. You never call it yourself: `model(x)` calls it for you, along
#   with what else has been hooked up.
#
# `nn.Linear(d_in, d_out)` holds a matrix `weight` [d_out, d_in] and a vector `bias` [d_out], and computes `x @
# weight.T + bias`.
#
# ### Exercise 3.1 · Predict the parameters
# ●○○○○ · 2 minutes · 1 point
#
# The digit images have 8 × 8 = 64 pixels, and there are 10 digits. The network will be:
#
# `Linear(64, 128)` → ReLU → `Linear(128, 128)` → ReLU → `Linear(128, 10)`
#
# How many numbers does it learn? Write it down first; the check builds the net and counts.

# %% exercise="predict_parameters"
# exercise: predict_parameters
### BEGIN SOLUTION
digit_parameters = 64 * 128 + 128 + 128 * 128 + 128 + 128 * 10 + 10
### END SOLUTION

# %% check="predict_parameters" points=1
layers = nn.Sequential(nn.Linear(64, 128), nn.ReLU(), nn.Linear(128, 128), nn.ReLU(), nn.Linear(128, 10))
counted = sum(parameter.numel() for parameter in layers.parameters())
weights_only = sum(parameter.numel() for parameter in layers.parameters() if parameter.dim() == 2)
check.equal(digit_parameters, counted, reveal=False, suspects={
    "Those are the weights alone: does each output of a Linear not have a bias as well?": weights_only,
    "Those are the first and last layer: what about the one in the middle?": counted - 128 * 129,
    "Does ReLU learn anything? It has no parameters.": counted + 128 + 128,
}, hint="A Linear(d_in, d_out) has d_in · d_out weights and d_out biases; ReLU has none.")

# %% [markdown]
# ### Exercise 3.2 · `DigitNet`
# ●●○○○ · 8 minutes · 3 points
#
# Write that network as a class, with a `hidden` width that can be chosen and **[dropout](docs/glossary.md#dropout)**
# before the last layer. Dropout sets each of its inputs to zero with probability `p` while training (and multiplies the
# others by 1 / (1 − p), to keep the mean), and does nothing in evaluation. `nn.Dropout(p)` as a layer knows which of the two it is, because `model.train()` and `model.eval()`
# tell it.
#
# | | |
# |---|---|
# | `DigitNet()(x)` for `x` [32, 64] | [32, 10], one **[logit](docs/glossary.md#logits)** a digit: any real number, positive or negative |
# | parameters for `hidden=h` | 65 · h + (h + 1) · h + (h + 1) · 10 |
# | `DigitNet(dropout=0.5)` | two calls differ after `.train()`, agree after `.eval()` |
#
# No softmax at the end: the loss function does that itself, and section 4 shows what happens when both do it.
#
# <details><summary>Hint 1: cannot assign module before Module.__init__() call</summary>
# The first line of <code>__init__</code> must be <code>super().__init__()</code>.
# </details>
# <details><summary>Hint 2: my module has 0 parameters</summary>
# Layers in a plain Python list are invisible. Make each an attribute of <code>self</code>, or use
# <code>nn.Sequential</code> or <code>nn.ModuleList</code>.
# </details>

# %% exercise="digit_net"
# exercise: digit_net
class DigitNet(nn.Module):
    """64 pixels → hidden → hidden → 10 logits, ReLU between the layers, dropout before the last."""

    def __init__(self, hidden: int = 128, dropout: float = 0.0):
        """Create and register the layers."""
        ### BEGIN SOLUTION
        super().__init__()
        self.first = nn.Linear(64, hidden)
        self.second = nn.Linear(hidden, hidden)
        self.drop = nn.Dropout(dropout)
        self.last = nn.Linear(hidden, 10)
        ### END SOLUTION

    def forward(self, x):
        """x: Tensor [batch, 64]. Returns: logits, Tensor [batch, 10]."""
        ### BEGIN SOLUTION
        x = F.relu(self.first(x))
        x = F.relu(self.second(x))
        return self.last(self.drop(x))
        ### END SOLUTION

# %% check="digit_net" points=3
model = DigitNet(hidden=20)
x, y = torch.rand(32, 64), torch.randint(10, (32,))
check.shape(model(x), (32, 10), axes="images digits")
hidden_from = "Is every layer an attribute of self? A plain Python list hides its layers; nn.ModuleList does not."
check.parameter_count(model, 65 * 20 + 21 * 20 + 21 * 10, of="hidden=20", hint=hidden_from)
check.reaches(F.cross_entropy(model(x), y), model)
### BEGIN HIDDEN TESTS
check.shape(model(x[:1]), (1, 10), axes="images digits", of="a batch of one", hint="Is there a squeeze in forward?")
width = int(torch.randint(24, 80, ()))
check.parameter_count(DigitNet(hidden=width), 65 * width + (width + 1) * width + (width + 1) * 10, of=f"hidden={width}",
                      hint="Does every layer use the width that __init__ was given?")
wide = DigitNet(hidden=200)
logits = wide(torch.randn(200, 64))
sums_to_one = torch.allclose(logits.sum(1), torch.ones(200), atol=1e-4)
check.that(not sums_to_one, expected="logits", got="each row of your answer sums to 1",
           hint="Is there a softmax in forward? cross_entropy applies it itself.")
check.that(bool((logits < 0).any()), expected="logits of both signs", got="none of your 2,000 logits is negative",
           hint="Is there a ReLU after the last layer?")
wide.eval()
a, b = torch.randn(64, 64), torch.randn(64, 64)
bend = (wide(a) + wide(b) - wide(a + b) - wide(torch.zeros(64, 64))).abs().max().item()
check.that(bend > 1e-3, expected="a net that bends", got="your net is one straight map: f(a) + f(b) = f(a + b) + f(0)",
           hint="Is there a ReLU between the layers? Three Linears in a row are one Linear.")
forgetful = DigitNet(dropout=0.5)
forgetful.eval()
check.repeatable(forgetful, x, of="dropout=0.5 after eval()",
                 hint="Does your dropout know of eval()? F.dropout(x, p) does not, unless it is given training=self.training.")
forgetful.train()
check.that(not torch.equal(forgetful(x), forgetful(x)), expected="two different answers after train() with dropout=0.5",
           got="yours are the same", hint="Is the dropout layer called in forward, with the probability that __init__ was given?")
steady = DigitNet()
steady.train()
check.repeatable(steady, x, of="dropout=0 after train()", hint="Does your dropout use the probability that __init__ was given?")
### END HIDDEN TESTS

# %% [markdown]
# ## 4 · The first number, and one batch by heart
#
# Time for digits. Marta's scans are private, so we use a public set of the same kind, scikit-learn's `load_digits`:
# 1,797 digits in the handwriting of 13 people, scanned and shrunk to 8 × 8 pixels. We set 360 aside and do not train on
# them; section 6 says why.

# %% tags=["fixture"]
digits = load_digits()
images = torch.tensor(digits.data, dtype=torch.float32) / 16  # [1797, 64]; 0 is paper, 1 is ink
labels = torch.tensor(digits.target)  # [1797], int64, 0 to 9
order = torch.randperm(len(images), generator=torch.Generator().manual_seed(0))
x_train, y_train = images[order[:1437]], labels[order[:1437]]
x_val, y_val = images[order[1437:]], labels[order[1437:]]

# %% tags=["demo"]
fig, axes = plt.subplots(2, 10, figsize=(10, 2.4))
for axis, image, label in zip(axes.flat, x_train, y_train):
    axis.imshow(image.view(8, 8), cmap="gray_r")
    axis.set_title(str(label.item()), loc="center")
    axis.axis("off")
first = " ".join(str(label.item()) for label in y_train[:20])
lesson.show(fig, alt=f"Twenty handwritten digits of 8 by 8 grey pixels, each under its label: {first}.")

# %% [markdown]
# ### Exercise 4.1 · Predict the first loss
# ●○○○○ · 1 minute · 1 point
#
# An untrained network knows nothing: it gives each of the 10 digits about the same probability, 1/10. The
# [cross-entropy](docs/glossary.md#cross-entropy) of an image is $-\ln(\text{probability given to the right digit})$.
# What will the loss be at step 0, to two decimals? Write it down first; the check builds an untrained net
# (`build_net`, given) and measures.

# %% tags=["fixture"]
def build_net(name: str) -> nn.Module:
    """A fresh net, 64 → 64 → 10: "plain", "softmax" (applies softmax itself) or "dead" (its ReLUs never fire)."""
    net = nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10))
    if name == "softmax":
        net.append(nn.Softmax(dim=1))  # and then cross_entropy applies it once more
    if name == "dead":
        nn.init.constant_(net[0].bias, -50.0)  # every hidden unit is far below 0 and stays there
    return net

# %% exercise="predict_first_loss"
# exercise: predict_first_loss
### BEGIN SOLUTION
first_loss = math.log(10)
### END SOLUTION

# %% check="predict_first_loss" points=1
with torch.no_grad():  # an untrained net on all 1,437 images
    measured = F.cross_entropy(build_net("plain")(x_train), y_train).item()
check.close(first_loss, measured, atol=0.06, reveal=False, suspects={
    "That is the loss of a net that is always right and sure of it. This one guesses.": 0.0,
    "That is the probability itself. What is minus its logarithm?": 0.1,
    "That is the logarithm to base 2; PyTorch uses the natural one.": 3.32,
    "That is the logarithm to base 10; PyTorch uses the natural one.": 1.0,
    "The sign: the logarithm of a probability is negative, and there is a minus before it.": -measured,
}, hint="Each digit gets 1/10: what is minus the natural logarithm of that?")

# %% [markdown]
# Now we know Jonas's number. $-\ln(1/10) = \ln 10 = 2.303$: after 4,000 steps his network **knew no more than before
# the first**. It was not learning badly. It was not learning at all, and that is a different fault with different
# causes.
#
# ### Can it learn sixteen digits by heart?
#
# Before you train on everything, train on **one** batch, the same sixteen images again and again. Any healthy network
# learns sixteen answers by heart in a second: the loss goes to 0. If it cannot, no amount of data will help, and you
# have found out in a second and not in a night.
#
# Three nets have come to the clinic, all built by `build_net` above: `"plain"`, `"softmax"` and `"dead"`. **Predict**
# for each: can it get to 0? If not, where does it stop?

# %% [markdown]
# ### Exercise 4.2 · Overfit one batch
# ●●○○○ · 6 minutes · 2 points
#
# The five steps again, now with `torch.optim.AdamW(net.parameters(), lr=lr)`, which does steps 1 and 5:
# `optimizer.zero_grad()` and `optimizer.step()`. The loss is `F.cross_entropy(net(x), y)`. The same `x` and `y` in
# every step. Return the losses, one number a step.
#
# <details><summary>Hint: the order</summary>
# zero_grad, forward, loss, backward, step. If <code>step()</code> comes before <code>backward()</code>, what is there
# to step with?
# </details>

# %% exercise="overfit_one_batch"
# exercise: overfit_one_batch
def overfit_one_batch(net_name: str, x, y, steps: int = 150, lr: float = 1e-2, seed: int = 0):
    """Train a fresh net on the same batch at every step, with AdamW.

    x: Tensor [B, 64]. y: int64 Tensor [B]. Returns: list of `steps` floats, each loss taken before its update.
    """
    torch.manual_seed(seed)
    net = build_net(net_name)
    ### BEGIN SOLUTION
    optimizer = torch.optim.AdamW(net.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        optimizer.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses
    ### END SOLUTION

# %% check="overfit_one_batch" points=2
x, y = x_train[:16], y_train[:16]
# Over 200 seeds the untrained plain net's loss on 16 digits is 2.21 to 2.42, after 150 steps at most 0.002.
losses = overfit_one_batch("plain", x, y)
check.curve(losses, start=math.log(10), start_rtol=0.1, length=150, of="plain net",
            hint="At every step: zero_grad, forward, loss, backward, step, and one append?")
### BEGIN HIDDEN TESTS
rows = torch.randperm(len(x_train))[:24]
bx, by = x_train[rows], y_train[rows]

def replay(lr=0.03, keep=False, kind=torch.optim.AdamW):
    torch.manual_seed(5)
    net, seen = build_net("plain"), []
    optimizer = kind(net.parameters(), lr=lr)
    for _ in range(6):
        if not keep:
            optimizer.zero_grad()
        loss = F.cross_entropy(net(bx), by)
        loss.backward()
        optimizer.step()
        seen.append(loss.item())
    return seen

suspects = {
    "Each step still holds the gradients of the steps before: is zero_grad() called at every step?": replay(keep=True),
    "AdamW's own default of 0.001 gives just this curve: does lr reach the optimiser?": replay(lr=1e-3),
    "Plain SGD gives just this curve: the exercise asks for AdamW.": replay(kind=torch.optim.SGD),
}
same = "Is it the same batch, whole, at every step?"
want = replay()
losses = overfit_one_batch("plain", bx, by, steps=6, lr=0.03, seed=5)
check.close(losses, want, rtol=1e-3, suspects=suspects, of="24 digits, first six losses", hint=same)
check.curve(overfit_one_batch("plain", x, y), below=0.01, of="plain net", hint=same)
# Over 60 seeds 1.461 to 1.762: the floor, and up to five digits that are stuck on a wrong answer at 1/16 each.
check.within(overfit_one_batch("softmax", x, y)[-1], 1.46, 2.0, of="last loss of the net that applies softmax itself",
             hint="Is the loss cross_entropy of what the net returns, as it is?")
### END HIDDEN TESTS

# %% tags=["demo"]
batch_x, batch_y = x_train[:16], y_train[:16]
shares = torch.bincount(batch_y, minlength=10) / 16
entropy = -(shares[shares > 0] * shares[shares > 0].log()).sum().item()
for name in ("plain", "softmax", "dead"):
    losses = overfit_one_batch(name, batch_x, batch_y, steps=600)
    print(f"{name:8} loss {losses[0]:.2f} -> {losses[149]:.3f} after 150 steps -> {losses[-1]:.3f} after 600")
print(f"ln(1 + 9/e) = {math.log(1 + 9 / math.e):.3f}, entropy of the sixteen labels = {entropy:.3f}")

# %% [markdown]
# **Reconcile.** The plain net knows its sixteen digits by heart. The other two stop, and the number at which they
# stop says why:
#
# - **softmax twice**: the "logits" are probabilities between 0 and 1. The best it can offer is a 1 for the right
#   digit and nine 0s, and cross-entropy makes of that $\ln(e + 9) - 1 = \ln(1 + 9/e) = 1.461$. It trains, it even
#   gets the digits right, and its loss hangs at 1.46 for ever.
# - **dead ReLUs**: no pixel gets through, so every image gets the same answer. All that is left to learn is how often
#   each digit occurs, and that leaves the *entropy* of the labels: the mean of $-\ln(\text{share of the right digit})$.
#
# Jonas's net passes this test, by the way. His fault is not in the net.

# %% [markdown]
# ## 5 · The optimiser, and a knob that turns nothing
#
# Step 5 has variants, one for each kind of *optimiser* (PyTorch, and so all code, spells it `optimizer`). With $g$ for the gradient and $\eta$ for the learning rate:
#
# | | rule | in words |
# |---|---|---|
# | SGD | $p \leftarrow p - \eta\, g$ | straight downhill, as long as the slope is steep |
# | momentum | $v \leftarrow \mu\, v + g, \quad p \leftarrow p - \eta\, v$ | a heavy ball: keeps its direction, averages out zigzag |
# | AdamW | $p \leftarrow p - \eta\, \hat m / (\sqrt{\hat s} + \varepsilon) - \eta \lambda\, p$ | each number gets a step of about $\eta$, however steep it is there |
#
# $\mu$ is mostly 0.9. $\hat m$ and $\hat s$ are running means of the gradient and of its square; the tiny $\varepsilon$
# prevents a division by 0. The last term, weight decay of strength $\lambda$, pulls every weight a little towards 0. AdamW
# remembers two numbers for every parameter: keep that in mind for saving (section 9) and for memory (lesson 05).
#
# A narrow valley shows the difference: $f(a, b) = (a^2 + 30\, b^2) / 2$, 30 times steeper across than along.
# **Predict:** plain SGD multiplies $b$ by $1 - 30\,\eta$ at each step. Above which $\eta$ does it fly apart?

# %% tags=["demo"]
def descend(kind, steps=40, **how):
    p = torch.tensor([-4.0, 1.0], requires_grad=True)
    optimizer, path = kind([p], **how), [p.detach().clone()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((p[0] ** 2 + 30 * p[1] ** 2) / 2).backward()
        optimizer.step()
        path.append(p.detach().clone())
    return torch.stack(path)  # [steps + 1, 2]

paths = {"SGD 0.06": descend(torch.optim.SGD, lr=0.06), "AdamW 0.15": descend(torch.optim.AdamW, lr=0.15),
         "SGD 0.06, momentum 0.5": descend(torch.optim.SGD, lr=0.06, momentum=0.5)}
print("SGD at 0.07: b after 40 steps =", f"{descend(torch.optim.SGD, lr=0.07)[-1, 1].item():.3g}")
fig, axis = plt.subplots(figsize=(9, 3.2))
a, b = torch.meshgrid(torch.linspace(-4.5, 2, 80), torch.linspace(-1.6, 1.6, 60), indexing="xy")
axis.contour(a, b, (a**2 + 30 * b**2) / 2, levels=[0.2, 1, 3, 7, 15, 30], colors="0.8", linestyles="-")
for name, path in paths.items():
    axis.plot(path[:, 0], path[:, 1], marker=".", linewidth=1, label=name)
axis.set(title="40 steps from (−4, 1) towards the minimum at (0, 0)", xlabel="a", ylabel="b", xlim=(-4.5, 2))
axis.legend(loc="lower right")
told = ", ".join(f"{name} at ({path[-1, 0]:.2f}, {path[-1, 1]:.2f})" for name, path in paths.items())
lesson.show(fig, alt=f"""Three paths through an oval valley. SGD jumps from side to side and then crawls. With momentum it
jumps at first and then runs along the valley to the minimum. AdamW bends gently. After 40 steps: {told}.""")

# %% [markdown]
# **Reconcile.** $|1 - 30\,\eta| > 1$ from $\eta = 2/30 = 0.067$ on. At 0.06 plain SGD shakes, settles and then crawls
# along the valley; at 0.07 it is gone. With the same 0.06 and a little momentum it arrives. The steepest direction
# sets the limit for SGD, with momentum or without. That is why the learning rate is the first knob to turn.
#
# If the knob is connected. Jonas tried 0.001, 0.01 and 0.1. Here is his experiment, shrunk to our line. Four rates
# from tiny to huge. **Predict:** which of the four ends lowest?

# %% tags=["demo"]
def fit(config, x, y):
    lr = config.get("learning_rate", 1e-6)  # the default is tiny, to be on the safe side
    w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
    optimizer = torch.optim.SGD([w, b], lr=lr)
    for _ in range(config["steps"]):
        optimizer.zero_grad()
        loss = ((w * x + b - y) ** 2).mean()
        loss.backward()
        optimizer.step()
    return ((w * x + b - y) ** 2).mean().item()

def jonas_sweep(x, y, rates, steps=20):
    return [fit({"lr": lr, "steps": steps}, x, y) for lr in rates]

x = torch.linspace(-2, 2, 200)
y = 3 * x + 1 + 0.5 * torch.sin(40 * x)
print(*(f"{loss:.6f}" for loss in jonas_sweep(x, y, [0.001, 0.01, 0.1, 0.6])))

# %% [markdown]
# **Reconcile.** A tie to the last digit. Rates that differ 600-fold cannot tie by luck: somebody writes `"lr"`,
# somebody reads `"learning_rate"`, and the default of 0.000001 wins every time. **A learning rate that is never
# passed on tunes nothing**, and the program has no reason to complain. This is what happened in Jonas's three nights:
# his loss hung at ln 10 because the net learnt at a rate of a millionth, whatever he asked for.
#
# The test that finds it takes a second: **turn the knob to an absurd value; something absurd must happen.**
#
# ### Exercise 5.1 · Connect the knob
# ●●○○○ · 4 minutes · 2 points
#
# Repair the program: `sweep(x, y, rates, steps)` fits the line once for each rate, **each time from w = b = 0**, with
# plain SGD and the rate that it is given, and returns the losses **after** the last update, in the order of `rates`.
# You may start from Jonas's code or from your own `fit_line`.
#
# <details><summary>Hint: my second rate looks far too good</summary>
# Does it start from 0, or from where the first rate stopped?
# </details>

# %% exercise="sweep"
# exercise: sweep
def sweep(x, y, rates: list, steps: int = 20):
    """The loss that each learning rate reaches on a line fit from w = b = 0 with plain SGD on the mean squared error.

    x, y: Tensor [N]. Returns: list of floats, one for each rate: the loss after `steps` updates.
    """
    ### BEGIN SOLUTION
    results = []
    for lr in rates:
        w, b = torch.zeros((), requires_grad=True), torch.zeros((), requires_grad=True)
        optimizer = torch.optim.SGD([w, b], lr=lr)
        for _ in range(steps):
            optimizer.zero_grad()
            ((w * x + b - y) ** 2).mean().backward()
            optimizer.step()
        results.append(((w * x + b - y) ** 2).mean().item())
    return results
    ### END SOLUTION

# %% check="sweep" points=2
x = torch.linspace(-2, 2, 200)
y = 3 * x + 1 + 0.5 * torch.sin(40 * x)
ends = sweep(x, y, [0.001, 0.01, 0.1, 0.6])
check.that(isinstance(ends, list) and len(ends) == 4, expected="a list of four losses", got=f"your answer is {ends!r}")
check.that(len(set(ends)) == 4, expected="four different losses for four rates", got=f"yours are {ends}",
           hint="A tie to the last digit: by which name is the rate written, and by which is it read?")
### BEGIN HIDDEN TESTS
def end_of(lr, steps, w=0.0, b=0.0):
    for _ in range(steps):
        error = w * x.double() + b - y.double()
        w, b = w - lr * 2 * (error * x).mean().item(), b - lr * 2 * error.mean().item()
    return w, b, (w * x.double() + b - y.double()).square().mean().item()

y = -2 * x + 0.7 + 0.3 * torch.cos(30 * x)
rates, steps, goes_on, w, b = [0.05, 0.002, 0.2], 15, [], 0.0, 0.0
for lr in rates:
    w, b, loss = end_of(lr, steps, w, b)
    goes_on.append(loss)
expected = [end_of(lr, steps)[2] for lr in rates]
check.close(sweep(x, y, rates, steps), expected, rtol=1e-3, of="three rates out of order", suspects={
    "Each rate goes on from where the one before it stopped: does it start from w = b = 0?": goes_on,
    "Those are the losses before the last update.": [end_of(lr, steps - 1)[2] for lr in rates],
    "Those are in the order of rising rates, not in the order given.": [end_of(lr, steps)[2] for lr in sorted(rates)],
})
check.within(sweep(x, y, [0.9], 15)[0], 1e2, 1e12, of="an absurd rate of 0.9",
             hint="At 0.9 the loss must explode: is the rate limited or replaced somewhere?")
### END HIDDEN TESTS

# %% tags=["demo"]
x = torch.linspace(-2, 2, 200)
y = 3 * x + 1 + 0.5 * torch.sin(40 * x)
for lr, loss in zip((0.001, 0.01, 0.1, 0.6, 0.9), sweep(x, y, [0.001, 0.01, 0.1, 0.6, 0.9])):
    print(f"rate {lr:<5} ends at {loss:.6g}   (floor {best_line(x, y)[2]:.6g})")

# %% [markdown]
# **Reconcile.** Too small and hardly anything happens; 0.1 and 0.6 both reach the floor; 0.9 explodes, as an absurd
# rate must. Now the knob is connected, and "0.01 was no good" means something.
#
# ## 6 · Batches, and an honest exam
#
# **Batches.** One step on all 1,437 images is slow and dull; one step on each image is nervous. In between lie
# mini-batches. A `DataLoader` cuts the data into batches and, with `shuffle=True`, in a new order every
# [epoch](docs/glossary.md#epoch) (one pass over the data).
#
# **Predict.** 1,437 images in batches of 64: how many batches, and how large is the last?

# %% tags=["demo"]
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=64, shuffle=True)
sizes = [len(y) for _, y in loader]
print(len(loader), "batches; the last three have", sizes[-3:], "images; together", sum(sizes))
x, y = next(iter(loader))
print("one batch:", tuple(x.shape), x.dtype, "and", tuple(y.shape), y.dtype)
again, _ = next(iter(loader))
print("the first batch of two epochs is the same:", torch.equal(x, again))

# %% [markdown]
# 22 · 64 = 1,408, so 22 full batches and one of 29.
#
# **An honest exam.** A net that has learnt its training images by heart scores 100 % on them and may fail on the next
# slip. So 360 images are kept back, and only those count: the **[validation set](docs/glossary.md#validation-set)**.
# Never train on it.
#
# **Two switches for the exam**, and they are not the same:
#
# | switch | what it changes |
# |---|---|
# | `model.eval()` | layers that behave differently in training go quiet: dropout, and in other nets batch norm, which scales its inputs by the mean and spread of the batch. Gradients are still recorded. |
# | `with torch.no_grad():` | no graph is recorded: less memory, more speed. Dropout goes on dropping. |
#
# You want both. And before the next epoch, `model.train()` again.
#
# **Predict.** Below, a net with `dropout=0.5` sees the same image twice in each mode. Which rows hold two equal
# numbers?

# %% tags=["demo"]
net = DigitNet(dropout=0.5)
for mode in (net.train, net.eval):
    mode()
    with torch.no_grad():
        first, second = net(x_val[:1])[0, 0].item(), net(x_val[:1])[0, 0].item()
    print(f"{mode.__name__:5} and no_grad: {first:+.4f} {second:+.4f}")
print("eval() alone still records a graph:", net(x_val[:1]).requires_grad)

# %% [markdown]
# ### Exercise 6.1 · `evaluate`
# ●●○○○ · 4 minutes · 2 points
#
# Write the exam: mean cross-entropy and accuracy of a model on `x`, `y`, as two plain floats. It must give the same
# answer twice, whatever mode the model arrives in, and it changes no parameter. Accuracy is a fraction: 342 of 360
# right is 0.95.
#
# <details><summary>Hint: from logits to accuracy</summary>
# <code>logits.argmax(dim=1)</code> is the digit with the largest logit, [N]. Compare it with <code>y</code>, then
# take the mean of 0s and 1s.
# </details>

# %% exercise="evaluate"
# exercise: evaluate
def evaluate(model, x, y):
    """Mean cross-entropy and accuracy of the model in evaluation mode.

    x: Tensor [N, 64]. y: int64 Tensor [N]. Returns: loss (float), accuracy (float between 0 and 1).
    """
    ### BEGIN SOLUTION
    model.eval()
    with torch.no_grad():
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        accuracy = (logits.argmax(dim=1) == y).float().mean()
    return loss.item(), accuracy.item()
    ### END SOLUTION

# %% check="evaluate" points=2 requires="digit_net"
model = DigitNet(dropout=0.5)
answer = evaluate(model, x_val, y_val)
floats = isinstance(answer, (tuple, list)) and [type(part) for part in answer] == [float, float]
check.that(floats, expected="two plain floats, loss and accuracy", got=f"yours is {answer!r:.60}",
           hint="Does each end in .item()?")
check.within(answer[1], 0.0, 1.0, of="accuracy", hint="A fraction, not a percentage, and second after the loss?")
### BEGIN HIDDEN TESTS
def exam(model, x, y):
    model.eval()
    with torch.no_grad():
        logits = model(x)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()

x, y = x_train[:90], y_train[:90]
loss, accuracy = exam(model, x, y)
twice = F.cross_entropy(model(x).softmax(1), y).item()
model.train()
first = evaluate(model, x, y)
model.train()
second = evaluate(model, x, y)
check.that(first == second, expected="the same answer twice for a model that arrives in train mode",
           got=f"your losses are {first[0]:.4f} and {second[0]:.4f}", hint="Is dropout still on: where is model.eval()?")
check.close(list(evaluate(model, x, y)), [loss, accuracy], rtol=1e-4, of="[loss, accuracy] of 90 digits", suspects={
    "The loss and the accuracy are the wrong way round.": [accuracy, loss],
    "That is the sum of the losses: mean or sum?": [loss * 90, accuracy],
    "The accuracy is a percentage, the exercise asks for a fraction.": [loss, accuracy * 100],
    "Is softmax applied before cross_entropy? cross_entropy applies it itself.": [twice, accuracy],
}, hint="Is the largest logit taken along dim=1, digit by digit?")
with check.unchanged(*model.parameters(), hint="An exam teaches nothing: is there a backward() or a step() in it?"):
    evaluate(model, x, y)
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 6.2 · Train on digits
# ●●●○○ · 12 minutes · 4 points
#
# Everything together. `train_digits` builds a `DigitNet()` and trains it with AdamW on shuffled batches.
#
# | in this order | |
# |---|---|
# | seed | `torch.manual_seed(seed)` first, so that the same seed gives the same run |
# | model | `DigitNet()`, moved to `device`; then the optimiser with `lr` |
# | each epoch | every image once, in a new order; the last batch may be small |
# | each batch | moved to the same device, then the five steps |
# | returns | the model and one float a step |
#
# With 20 epochs at `lr=3e-3` the curve starts at ln 10 and ends below 0.1, and the held-out accuracy is at least
# 0.95. `epochs=0` returns the untrained model and an empty list. The check uses this to replay your first steps, and
# says where they part from its own.
#
# <details><summary>Hint 1: my loss never leaves 2.30</summary>
# Go through the five steps in order. Which gradients does <code>step()</code> find when it is called?
# </details>
# <details><summary>Hint 2: my loss falls, rises again, and the accuracy stays far below 0.95</summary>
# Print the norm of one parameter's <code>.grad</code> at each step. Does it grow?
# </details>
# <details><summary>Hint 3: where does .to(device) go?</summary>
# <code>model.to(device)</code> moves a module in place. <code>x.to(device)</code> returns a new tensor, so <code>x =
# x.to(device)</code>.
# </details>

# %% exercise="train_digits"
# exercise: train_digits
def train_digits(x, y, *, epochs: int, lr: float = 3e-3, batch_size: int = 64, seed: int = 0, device: str = "cpu"):
    """Train a fresh DigitNet() on x, y with AdamW and cross-entropy.

    x: Tensor [N, 64]. y: int64 Tensor [N]. Returns: model (on device), losses (list of floats, one a step).
    """
    ### BEGIN SOLUTION
    torch.manual_seed(seed)
    model = DigitNet().to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=lr)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True)
    losses = []
    for _ in range(epochs):
        for batch_x, batch_y in loader:
            optimizer.zero_grad()
            logits = model(batch_x.to(device))
            loss = F.cross_entropy(logits, batch_y.to(device))
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return model, losses
    ### END SOLUTION

# %% check="train_digits" points=4 requires="digit_net"
answer = train_digits(x_train, y_train, epochs=1, device=str(device))
check.that(isinstance(answer, (tuple, list)) and len(answer) == 2 and isinstance(answer[0], nn.Module),
           expected="a model, then the losses", got=f"yours is {answer!r:.60}")
model, losses = answer
check.curve(losses, start=math.log(10), start_rtol=0.1, length=23, of="one epoch of 23 batches",
            hint="For every batch, the last small one too: zero_grad, forward, loss, backward, step, and one append?")
check.device(next(model.parameters()), device, of="where the model is")
### BEGIN HIDDEN TESTS
seed, where = int(torch.randint(1000, ())), str(device)
x, y = x_train[:200], y_train[:200]
few = {"seed": seed, "batch_size": 200, "device": where}

def replay(lr, keep=False, late=False):
    model, _ = train_digits(x, y, epochs=0, **few)
    optimizer, seen = torch.optim.AdamW(model.parameters(), lr=lr), []
    for step in range(4):
        if not keep:
            optimizer.zero_grad()
        loss = F.cross_entropy(model(x.to(where)), y.to(where))
        loss.backward()
        if not (late and step == 0):
            optimizer.step()
        seen.append(loss.item())
    return seen

first = F.cross_entropy(train_digits(x, y, epochs=0, **few)[0](x.to(where)), y.to(where)).item()
_, got = train_digits(x, y, epochs=4, lr=0.02, **few)
check.close(got[0], first, rtol=2e-5, of="first loss of a run, against the untrained model that epochs=0 returns",
            hint="Is the seed set first, then the model built, and is that model the one that you return?")
# Sums in another order move these losses by 1e-6; forgetting a step or the rate moves them by more than 1e-2.
check.close(got, replay(0.02), rtol=1e-3, of="four steps on one batch of 200 at lr=0.02", suspects={
    "Nothing moves: does backward() come before step(), and zero_grad() not between them?": [first] * 4,
    "Each step still holds the gradients of the steps before: is zero_grad() called at every step?": replay(0.02, keep=True),
    "The rate 3e-3 gives just this curve: does the lr that is passed in reach the optimiser?": replay(3e-3),
    "AdamW's own default of 0.001 gives just this curve: does lr reach the optimiser?": replay(1e-3),
}, hint="Is the optimiser AdamW, and are the five steps in order for each batch?")
_, still = train_digits(x, y, epochs=2, lr=0.0, batch_size=50, seed=seed, device=where)
check.that(len(still) == 8, expected="8 losses, 4 batches of 50 in each of 2 epochs", got=f"your list has {len(still)}",
           hint="Is a loss kept at every step, not once an epoch?")
differ = len({round(loss, 5) for loss in still}) > 1
check.that(differ, expected="losses that differ from batch to batch", got="yours are all the same at lr=0",
           hint="Is it the same batch at every step?")
check.close([sum(still[:4]) / 4, sum(still[4:]) / 4], [first, first], rtol=1e-3, of="mean loss of each epoch at lr=0",
            hint="Does every epoch see every image exactly once?")
check.that(still[:4] != still[4:], expected="a new order in every epoch", got="your two epochs have the same order",
           hint="Is shuffle on?")
# 20 epochs at 3e-3, over 500 seeds: accuracy 0.958 to 0.986 (mean 0.977, standard deviation 0.005), 500 of 500 pass; the
# first loss is 2.27 to 2.34, the curve ends between 0.009 and 0.036.
model, losses = train_digits(x_train, y_train, epochs=20, seed=seed, device=where)
check.curve(losses, start=math.log(10), start_rtol=0.1, below=0.1, length=20 * 23, of="20 epochs")
model.eval()
with torch.no_grad():
    accuracy = (model(x_val.to(where)).argmax(1) == y_val.to(where)).float().mean().item()
check.within(accuracy, 0.95, 1.0, of="accuracy on 360 digits that it has never seen")
### END HIDDEN TESTS

# %% [markdown]
# **Look at it.** Train, then take the exam, then look at the mistakes themselves. **Predict:** with an accuracy near
# 0.97, how many of the 360 are wrong?

# %% tags=["demo"]
model, losses = train_digits(x_train, y_train, epochs=40 if settings.full else 20, seed=1, device=str(device))
loss, accuracy = evaluate(model, x_val.to(device), y_val.to(device))
guesses = model(x_val.to(device)).argmax(1).cpu()
wrong = (guesses != y_val).nonzero().squeeze(1)
print(f"{len(losses)} steps; held out: loss {loss:.3f}, accuracy {accuracy:.3f}, {len(wrong)} of 360 wrong")
fig = plt.figure(figsize=(10, 4.6))
curve = fig.add_subplot(2, 1, 1)
curve.plot(losses, linewidth=1)
curve.axhline(math.log(10), color="0.3", linestyle=":")
curve.set(title="Loss of each batch; dotted: ln 10, a guess", xlabel="step", ylabel="cross-entropy")
for place, row in enumerate(wrong[:8].tolist()):
    axis = fig.add_subplot(2, 8, 9 + place)
    axis.imshow(x_val[row].view(8, 8), cmap="gray_r")
    axis.set_title(f"{y_val[row]}, read as {guesses[row]}", loc="center", fontsize=9)
    axis.axis("off")
told = ", ".join(f"{y_val[row]} read as {guesses[row]}" for row in wrong[:8].tolist())
lesson.show(fig, alt=f"""Above: the loss falls from {losses[0]:.2f} to {losses[100]:.2f} at step 100 and {losses[-1]:.2f} at the end, jittering from
batch to batch. Below: the first {min(8, len(wrong))} of {len(wrong)} digits that the trained net reads wrongly: {told}.""")

# %% [markdown]
# **Reconcile.** From run to run, five to fifteen of the 360. Look at them: several are hard for you as well. For Marta, 3 % wrong
# digits on five-digit readings means about one reading in seven with a mistake in it, so the program will *propose*
# and she will *confirm*. An accuracy is only good or bad for somebody's purpose.
#
# One caution: the 360 were drawn at random, so the same 13 people wrote the digits on both sides. Marta's tenants are
# strangers to the net, and strangers are harder. An honest exam for her program would hold back *people*, not images.

# %% [markdown]
# ## 7 · Before the first step: initialisation
#
# `nn.Linear` filled its weights for you. With what? Take one row of a layer: $\text{output} = \sum_{i=1}^{d} w_i
# x_i$. If the $w_i$ and $x_i$ are independent with mean 0 and standard deviation 1, the sum of $d$ such products has
# standard deviation $\sqrt d$.
#
# **Predict.** $d$ = 256, standard normal weights, 20 layers, no activation in between: the standard deviation of the
# output of layer 20?

# %% tags=["demo"]
for d in (16, 64, 256, 1024):
    out = torch.randn(500, d) @ torch.randn(d, d)
    print(f"d = {d:4}: one layer's output has std {out.std().item():5.2f}, √d = {math.sqrt(d):5.2f}")
h = torch.randn(500, 256)
for _ in range(20):
    h = h @ torch.randn(256, 256)
print(f"20 layers of 256: std {h.std().item():.1e}, 16^20 = {16.0**20:.1e}")

# %% [markdown]
# **Reconcile.** $16^{20} \approx 10^{24}$, and float16 ends at 65,504. The remedy: divide the weights by $\sqrt d$,
# where $d$ is the number of **inputs** (fan-in). Then every layer hands on what it gets, at the same scale.
#
# A ReLU in between cuts the negative half away, and with it half of the mean square. Twenty ReLUs leave $2^{-20}$ of
# it, about a millionth. So for a layer that is followed by a ReLU the weights get a factor $\sqrt 2$ more: $\sigma =
# \sqrt{2/d}$ (He and others, 2015).
#
# One more habit: cut off the tails, so that no weight is an outlier from the start. `nn.init.trunc_normal_(w, std=σ,
# a=…, b=…)` does it, and has a trap: **`a` and `b` are numbers, not multiples of σ.** The defaults are −2 and 2.
# **Predict:** what do they cut at σ = 0.02, and what at σ = 2?

# %% tags=["demo"]
for sigma in (0.02, 2.0):
    default = nn.init.trunc_normal_(torch.empty(1000, 1000), std=sigma)
    meant = nn.init.trunc_normal_(torch.empty(1000, 1000), std=sigma, a=-3 * sigma, b=3 * sigma)
    for name, w in (("default a, b", default), ("a, b = ∓3σ", meant)):
        far, spread = w.abs().max().item() / sigma, w.std().item() / sigma
        print(f"σ = {sigma:4}, {name:12}: largest |w| = {far:.2f} σ, std = {spread:.3f} σ")

# %% [markdown]
# **Reconcile.** At σ = 0.02 the default cuts at 100 σ: nothing at all. At σ = 2 it cuts at 1 σ and nearly halves the
# spread. With `a=-3*σ, b=3*σ` it cuts where you meant, and costs 1.3 % of the spread.
#
# ### Exercise 7.1 · Keep the scale through 20 layers
# ●●●○○ · 7 minutes · 3 points
#
# Write `init_weight(n_in, n_out, relu)`: a weight matrix of normal numbers, cut off at three standard deviations,
# with σ = √(2 / n_in) if a ReLU follows and √(1 / n_in) if not, drawn anew at every call. The 1.3 % that the cut costs
# may stay or be made up for.
#
# <details><summary>Hint 1: which axis is the fan-in?</summary>
# The layer computes <code>x @ weight.T</code>: each output is a sum over <code>n_in</code> products.
# </details>
# <details><summary>Hint 2: my largest weight is 4.5 σ</summary>
# What are <code>a</code> and <code>b</code>, as numbers?
# </details>

# %% exercise="init_weight"
# exercise: init_weight
def init_weight(n_in: int, n_out: int, relu: bool = True):
    """Weights for a Linear(n_in, n_out) that keep the scale of its inputs; relu: a ReLU follows.

    Returns: Tensor [n_out, n_in], float32, mean 0, no entry beyond three standard deviations.
    """
    ### BEGIN SOLUTION
    sigma = math.sqrt((2 if relu else 1) / n_in)
    return nn.init.trunc_normal_(torch.empty(n_out, n_in), std=sigma, a=-3 * sigma, b=3 * sigma)
    ### END SOLUTION

# %% check="init_weight" points=3
w = init_weight(300, 200)
check.shape(w, (200, 300), axes="n_out n_in")
# 60,000 weights: the measured std scatters by 0.3 %; a cut at 3 σ costs 1.3 %, made up for or not.
check.close(w.std().item(), math.sqrt(2 / 300), rtol=0.03, of="std of a 300 → 200 layer before a ReLU", suspects={
    "That is √(2 / n_out): fan-in or fan-out?": math.sqrt(2 / 200),
    "That is √(1 / n_in): where is the factor for the ReLU?": math.sqrt(1 / 300),
    "That is 2 / n_in, a variance: the standard deviation is its root.": 2 / 300,
    "That is √(1 / n_out): fan-in or fan-out, and where is the factor for the ReLU?": math.sqrt(1 / 200),
}, hint="Is √(2 / n_in) the std that you pass on?")
### BEGIN HIDDEN TESTS
check.close(init_weight(300, 200, relu=False).std().item(), math.sqrt(1 / 300), rtol=0.03, of="std with relu=False",
            suspects={"That is √(2 / n_in), with no ReLU to make up for: is relu used?": math.sqrt(2 / 300)})
for n_in in (64, 1000):
    w, sigma = init_weight(n_in, 800), math.sqrt(2 / n_in)
    far = w.abs().max().item() / sigma
    cause = "Is the cut nearer than three standard deviations?"
    if far > 3.1:
        cause = "Nothing is cut: are a and b plain numbers like −3 and 3 (or −2 and 2), where −3σ and 3σ are meant?"
    # 51,200 weights: over 300 draws the largest is 2.99 to 3.04 σ with the cut, and 3.75 σ or more without.
    check.within(far, 2.8, 3.1, unit="σ", of=f"largest weight of {n_in} inputs", hint=cause)
    check.within(w.mean().item() / sigma, -0.05, 0.05, unit="σ", of=f"mean weight of {n_in} inputs")
for relu in (True, False):
    h = torch.randn(256, 256)
    for _ in range(20):
        h = h @ init_weight(256, 256, relu).T
        h = F.relu(h) if relu else h
    scale = h.square().mean().sqrt().item()
    # Over 150 seeds: 0.40 to 1.25 with ReLU, 0.70 to 0.85 without; 0.53 to 1.63 and 0.92 to 1.11 with the 1.3 % made up for.
    check.within(scale, 0.2, 5.0, of=f"scale after 20 layers, relu={relu}", hint="Does every layer hand on the scale that it gets?")
fresh = not torch.equal(init_weight(8, 8), init_weight(8, 8))
check.that(fresh, expected="new weights at every call", got="yours are the same twice")
### END HIDDEN TESTS

# %% tags=["demo"]
def scales(make, layers=20, d=256):
    h, seen = torch.randn(500, d), []
    for _ in range(layers):
        h = F.relu(h @ make(d).T)
        seen.append(h.double().square().mean().sqrt().item())
    return seen

curves = {"std 1": scales(lambda d: torch.randn(d, d)), "std 0.02": scales(lambda d: 0.02 * torch.randn(d, d)),
          "√(1/d)": scales(lambda d: init_weight(d, d, relu=False)), "√(2/d)": scales(lambda d: init_weight(d, d))}
fig, axis = plt.subplots(figsize=(8, 3.8))
for name, seen in curves.items():
    axis.semilogy(range(1, 21), seen, marker=".", label=name)
axis.set(title="Scale of the activations through 20 ReLU layers of width 256", xlabel="layer", ylabel="root mean square")
axis.set_xticks(range(0, 21, 5))
axis.legend(title="weights", loc="center left", bbox_to_anchor=(1, 0.5))
told = "; ".join(f"{name}: {seen[0]:.2g} after layer 1, {seen[-1]:.1g} after layer 20" for name, seen in curves.items())
lesson.show(fig, alt=f"Four lines on a logarithmic axis. {told}. Only the last keeps its order of magnitude.")

# %% [markdown]
# **Reconcile.** Without √2, twenty ReLUs cost a factor $\sqrt{2^{20}} \approx 1000$. With it the line stays nearly
# level: 1.3 % lost twenty times leaves $0.987^{20} = 0.77$, and chance does the rest. A signal that is gone at layer
# 20 has no gradient to send back either: one reason why deep nets were once so hard to train.

# %% [markdown]
# ## 8 · Reading curves
#
# A curve is the first thing that anybody will ask you for. Four shapes to know, each from a real run on our digits.
# Solid: loss of each training batch. Dashed: loss on the held-out digits. Dotted: ln 10, the loss of a guess.

# %% tags=["fixture"]
def record_run(lr=0.1, n_images=1437, wrong_labels=0.0, same_batch=False, shuffled=False, steps=250, seed=0):
    """A real run of a 64 → 64 → 10 net: (training loss at each step, held-out loss at every tenth)."""
    generator = torch.Generator().manual_seed(seed)
    x, y = x_train[:n_images], y_train[:n_images].clone()
    if shuffled:
        y = y[torch.randperm(n_images, generator=generator)]
    lies = torch.rand(n_images, generator=generator) < wrong_labels
    y[lies] = torch.randint(10, (int(lies.sum()),), generator=generator)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = build_net("plain")
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.9)
    train, held_out, rows = [], [], torch.arange(32)
    for step in range(steps):
        rows = rows if same_batch else torch.randint(n_images, (32,), generator=generator)
        if step % 10 == 0:
            held_out.append(F.cross_entropy(net(x_val), y_val).item())
        loss = F.cross_entropy(net(x[rows]), y[rows])
        optimizer.zero_grad(); loss.backward(); optimizer.step()
        train.append(loss.item())
    return train, held_out

# %% tags=["demo"]
def draw(axis, title, run):
    train, held_out = run
    axis.plot(train, linewidth=0.9, label="training batch")
    axis.plot(range(0, len(train), 10), held_out, label="held out")
    axis.axhline(math.log(10), color="0.3", linestyle=":", linewidth=1)
    axis.set(title=title, ylim=(0, 4), xlabel="step")

def in_words(title, run):
    train, held_out = run
    end = sum(train[-20:]) / 20
    return (f"{title}: training from {train[0]:.2f} to {end:.2f}, {train[50]:.2f} at step 50, highest {max(train):.3g}; "
            f"held out from {held_out[0]:.2f} to {held_out[-1]:.2f}, lowest {min(held_out):.2f}.")

shapes = {"healthy": record_run(seed=11), "flat": record_run(lr=2e-5, seed=12), "diverging": record_run(lr=2.0, seed=13)}
shapes["overfitting"] = record_run(n_images=100, wrong_labels=0.3, seed=14)
fig, axes = plt.subplots(1, 4, figsize=(12, 3), sharey=True)
for axis, (title, run) in zip(axes, shapes.items()):
    draw(axis, title, run)
axes[0].set_ylabel("cross-entropy")
axes[0].legend(fontsize=9)
lesson.show(fig, alt="Four loss curves over 250 steps, cut off at 4. " + " ".join(in_words(*pair) for pair in shapes.items()))

# %% [markdown]
# | shape | what you see | ask first |
# |---|---|---|
# | healthy | both fall, fast and then slowly; training jitters from batch to batch; held-out stays close | can it stop here? |
# | flat | neither moves away from the start | does the step happen: rate, order of the five steps, frozen or detached parameters? |
# | diverging | up, often beyond the start, sometimes to `nan` | rate too large; inputs not scaled |
# | overfitting | training goes on falling, held-out turns and rises | more data, a smaller net, stop at the lowest point |
#
# Two things that curves do not say by themselves. **A training loss near 0 is no success** until the held-out loss
# has been looked at. And **a smooth training curve is suspicious**: batches differ, so their losses should jitter.
#
# ### Exercise 8.1 · Six programs, six curves
# ●●●○○ · 5 minutes · 3 points
#
# The cell below ran six programs and drew their curves in an order that the code does not tell. Match them. Each
# program occurs once.
#
# | write | what the program does |
# |---|---|
# | `"healthy"` | nothing wrong |
# | `"rate too small"` | learning rate 0.0015 |
# | `"rate too large"` | learning rate 1.5 |
# | `"overfitting"` | 150 images, three in ten labels wrong |
# | `"same batch"` | the loader returns the same 32 images at every step |
# | `"shuffled labels"` | the labels were shuffled and the images were not |

# %% tags=["fixture"]
programs = {
    "healthy": {},
    "rate too small": {"lr": 1.5e-3},
    "rate too large": {"lr": 1.5},
    "overfitting": {"n_images": 150, "wrong_labels": 0.3},
    "same batch": {"same_batch": True},
    "shuffled labels": {"shuffled": True},
}
in_secret_order = sorted(programs, key=lambda name: hashlib.sha256(name.encode()).hexdigest())
six_runs = {letter: record_run(**programs[name], seed=5) for letter, name in zip("ABCDEF", in_secret_order)}

# %% tags=["demo"]
fig, axes = plt.subplots(2, 3, figsize=(11, 5.6), sharex=True, sharey=True)
for axis, (letter, run) in zip(axes.flat, six_runs.items()):
    draw(axis, letter, run)
lesson.show(fig, alt="Six loss curves over 250 steps, cut off at 4. " + " ".join(in_words(*pair) for pair in six_runs.items()))
steps = (0, 50, 100, 150, 200, 240)
print("  training batch, step", *(f"{step:4}" for step in steps), "  held out", *(f"{step:4}" for step in steps))
for letter, (train, held_out) in six_runs.items():
    trained, tested = [train[step] for step in steps], [held_out[step // 10] for step in steps]
    print(letter, " " * 20, *(f"{loss:.2f}" for loss in trained), " " * 10, *(f"{loss:.2f}" for loss in tested))

# %% [markdown]
# <details><summary>Hint 1: two curves stay near 2.30 from the first step to the last</summary>
# One of them creeps in one direction. The other has no direction. A program that learns slowly and a program that has
# nothing to learn: which is which?
# </details>
# <details><summary>Hint 2: two curves end with a training loss far below the held-out loss</summary>
# Look at the jitter of the training curve. Does a program that sees the same 32 images every time have any?
# </details>

# %% exercise="diagnoses"
# exercise: diagnoses
diagnoses = {"A": "", "B": "", "C": "", "D": "", "E": "", "F": ""}
### BEGIN SOLUTION
diagnoses = {
    "A": "same batch",
    "B": "rate too large",
    "C": "healthy",
    "D": "overfitting",
    "E": "rate too small",
    "F": "shuffled labels",
}
### END SOLUTION

# %% check="diagnoses" points=3
whole = isinstance(diagnoses, dict) and set(diagnoses) == set("ABCDEF")
check.that(whole, expected='a dict with the keys "A" to "F"', got=f"your answer is {diagnoses!r:.80}")
if not any(diagnoses.values()):
    raise check.NotAttempted("diagnoses")
given = {letter: ... if answer == "" else answer for letter, answer in diagnoses.items()}
unknown = [answer for answer in given.values() if answer is not ... and answer not in programs]
check.that(not unknown, expected=f"the names {', '.join(programs)}", got=f"yours has {unknown}")
### BEGIN HIDDEN TESTS
key = dict(zip("ABCDEF", ["same batch", "rate too large", "healthy", "overfitting", "rate too small", "shuffled labels"]))
check.each(given, key, hint={
    "A": "A: does the training curve jitter from batch to batch at all?",
    "B": "B: which fault makes a loss rise far above its start?",
    "C": "C: do both curves fall and stay together?",
    "D": "D: where does the held-out loss turn, while the training loss falls on?",
    "E": "E: look at the held-out numbers one after the other: do they move in one direction, however slowly?",
    "F": "F: no direction at all, though the steps are large enough to learn: is there anything to learn?",
})
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Stop tonight, go on tomorrow
#
# Free GPUs stop after some hours (lesson 10), laptops close. A run that cannot be resumed is a run that you will do twice. First,
# what makes a run repeatable at all:
#
# - **Seeds.** `torch.manual_seed(0)` fixes the start of the random stream: weights, shuffles, dropout.
# - **Same machine, same library.** Sums in another order round differently, so a GPU and a CPU agree to about six
#   digits at the first step, to fewer later, and never to the bit.
#
# **Predict.** Two runs with seed 1, one with seed 2. Which losses are equal, and to how many digits?

# %% tags=["demo"]
for seed in (1, 1, 2):
    print(f"seed {seed}: step 40 has loss {train_digits(x_train, y_train, epochs=2, seed=seed)[1][40]!r}")

# %% [markdown]
# Now what belongs in a [checkpoint](docs/glossary.md#checkpoint)? Everything that the next step reads:
#
# | part | why |
# |---|---|
# | `net.state_dict()` | the weights |
# | `optimizer.state_dict()` | AdamW's two running means for every weight, and its step count |
# | the step number | schedules read it: in `train_run` below the learning rate has a [warm-up](docs/glossary.md#warm-up), 40 steps in which it rises |
# | `torch.get_rng_state()` | which images come next, and what dropout drops |
#
# **Trap.** `state_dict()` hands out the tensors themselves, not copies. Written to a file at once, that does no harm.
# Kept in a variable while training goes on, the "checkpoint" goes on training as well. `copy.deepcopy` makes it stand
# still. **Predict** what the next cell prints.

# %% tags=["demo"]
net = nn.Linear(2, 1)
kept, copied = net.state_dict(), copy.deepcopy(net.state_dict())
with torch.no_grad():
    net.weight += 100.0
print("kept:  ", kept["weight"].tolist())
print("copied:", copied["weight"].tolist())

# %% [markdown]
# ### Exercise 9.1 · A resumed run is the same run
# ●●●○○ · 10 minutes · 4 points
#
# `train_run` (given) trains for `steps` steps. At step `save_at` it calls your `pack` and **goes on training**. Given
# a checkpoint, it calls your `unpack` and goes on from there. Write the two. The test: the losses of the resumed run
# are those of the run that never stopped, **bit for bit**. The checkpoint must survive `torch.save` and
# `torch.load(…, weights_only=True)`, so it is a dict of tensors, numbers, strings, lists and dicts.
#
# <details><summary>Hint 1: the first resumed loss is already wrong</summary>
# Is it the loss of other weights (the last ones?), or the loss of other images?
# </details>
# <details><summary>Hint 2: the first resumed loss is right, the later ones are not</summary>
# What else does an update read? Compare with the table.
# </details>
# <details><summary>Hint 3: the other way round</summary>
# <code>net.load_state_dict(…)</code>, <code>optimizer.load_state_dict(…)</code>, <code>torch.set_rng_state(…)</code>.
# </details>

# %% tags=["fixture"]
def resume_net() -> nn.Module:
    """The net of `train_run`: small, with dropout, so that it reads random numbers at every step."""
    return nn.Sequential(nn.Linear(64, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 10))


def warm_up(step: int) -> float:
    """The learning rate at a step: rises over 40 steps to 0.01."""
    return 0.01 * min(1.0, (step + 1) / 40)

# %% exercise="resume"
# exercise: resume
def pack(net, optimizer, step: int) -> dict:
    """A checkpoint that later training does not change: everything that step number `step` reads."""
    ### BEGIN SOLUTION
    state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "rng": torch.get_rng_state()}
    return copy.deepcopy(state)
    ### END SOLUTION

def unpack(checkpoint: dict, net, optimizer) -> int:
    """Put a checkpoint back into net, optimizer and the random stream; returns the step to go on with."""
    ### BEGIN SOLUTION
    net.load_state_dict(checkpoint["net"])
    optimizer.load_state_dict(checkpoint["optimizer"])
    torch.set_rng_state(checkpoint["rng"])
    return checkpoint["step"]
    ### END SOLUTION

def train_run(x, y, steps, save_at=None, checkpoint=None):  # given: leave it as it is
    torch.manual_seed(0)
    net = resume_net()
    optimizer = torch.optim.AdamW(net.parameters())
    step, saved, losses = 0, None, []
    if checkpoint is not None:
        step = unpack(checkpoint, net, optimizer)
    while step < steps:
        if step == save_at:
            saved = pack(net, optimizer, step)
        optimizer.param_groups[0]["lr"] = warm_up(step)
        rows = torch.randint(len(x), (32,))
        optimizer.zero_grad(); loss = F.cross_entropy(net(x[rows]), y[rows]); loss.backward(); optimizer.step()
        losses.append(loss.item()); step += 1
    return losses, saved

# %% check="resume" points=4
def through_a_file(checkpoint):
    file = io.BytesIO()  # a file in memory: what torch.save writes to disk, byte for byte
    try:
        torch.save(checkpoint, file)
        file.seek(0)
        return torch.load(file, weights_only=True)
    except Exception as error:
        check.that(False, expected="a checkpoint that torch.load(weights_only=True) reads back",
                   got=f"yours fails with {type(error).__name__}",
                   hint="Is it a dict of tensors, numbers and dicts, with no module or optimiser object in it?")

whole, saved = train_run(x_train, y_train, steps=20, save_at=12)
check.that(isinstance(saved, dict), expected="a dict from pack", got=f"yours is a {type(saved).__name__}")
resumed, _ = train_run(x_train, y_train, steps=20, checkpoint=through_a_file(saved))
check.that(len(resumed) == 8, expected="8 losses, of steps 12 to 19", got=f"your resumed run has {len(resumed)}",
           hint="Is the step saved, and returned by unpack?")
### BEGIN HIDDEN TESTS
def run_without(left_out, start, steps, x, y, later=None):  # left_out: the parts that a checkpoint forgets
    def fresh():
        torch.manual_seed(0)
        net = resume_net()
        return net, torch.optim.AdamW(net.parameters())

    def train(net, optimizer, first, last, x, y, rate_from=0):
        seen = []
        for step in range(first, last):
            optimizer.param_groups[0]["lr"] = warm_up(step - rate_from)
            rows = torch.randint(len(x), (32,))
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x[rows]), y[rows])
            loss.backward()
            optimizer.step()
            seen.append(loss.item())
        return seen

    net, optimizer = fresh()
    train(net, optimizer, 0, start, x, y)
    kept = copy.deepcopy((net.state_dict(), optimizer.state_dict()))
    rng = torch.get_rng_state()
    if "copy" in left_out:
        train(net, optimizer, start, steps, x, y)
        kept = net.state_dict(), optimizer.state_dict()
    other, other_optimizer = fresh()
    if "net" not in left_out:
        other.load_state_dict(kept[0])
    if "optimizer" not in left_out:
        other_optimizer.load_state_dict(kept[1])
    if "rng" not in left_out:
        torch.set_rng_state(rng)
    return train(other, other_optimizer, start, steps, *(later or (x, y)), rate_from=start if "step" in left_out else 0)

causes = {
    ("net",): "That is the curve of fresh weights: is the net's state saved and loaded?",
    ("optimizer",): "The first loss is right and the next ones are not: does the optimiser remember its running means?",
    ("rng",): "Those are the images and dropouts of step 0 again: is the state of the random stream saved and set?",
    ("copy",): "Those are the weights at the END of the run: does the checkpoint hold copies, or what went on training?",
    ("step",): "The warm-up of the learning rate starts anew: is the step saved, and returned by unpack?",
    ("optimizer", "rng"): "The weights are right and nothing else is: what of the optimiser, and of the random stream?",
}
for save_at in (12, int(torch.randint(20, 40, ()))):
    whole, saved = train_run(x_train, y_train, steps=50, save_at=save_at)
    resumed, _ = train_run(x_train, y_train, steps=50, checkpoint=through_a_file(saved))
    cause = None
    if resumed != whole[save_at:]:
        wrong = {what: run_without(what, save_at, 50, x_train, y_train) for what in causes}
        near = [what for what, curve in wrong.items() if all(abs(a - b) < 1e-4 for a, b in zip(curve[:4], resumed))]
        cause = causes[near[0]] if near else None
    check.equal(resumed, whole[save_at:], of=f"losses after a stop at step {save_at}", hint=cause)
# Other images after the stop: a run that starts anew behind the scenes cannot know them.
_, saved = train_run(x_train, y_train, steps=16, save_at=15)
moved, _ = train_run(x_val, y_val, steps=30, checkpoint=through_a_file(saved))
expected = run_without((), 15, 30, x_train, y_train, later=(x_val, y_val))
check.close(moved, expected, rtol=1e-4, of="losses on other images after a stop at step 15",
            hint="Is train_run as it was given, and does the resumed run begin with the saved weights?")
### END HIDDEN TESTS

# %% [markdown]
# **Look at it**, with a real file this time. (The cell takes the optimiser's part of your checkpoint to be called
# `"optimizer"`. If yours has another name, change it there.)

# %% tags=["demo"]
import pathlib
import tempfile

whole, saved = train_run(x_train, y_train, steps=100, save_at=40)
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "checkpoint.pt"
    torch.save(saved, path)
    count = sum(parameter.numel() for parameter in resume_net().parameters())
    print(f"{path.name}: {path.stat().st_size:,} bytes for {count:,} parameters")
    resumed, _ = train_run(x_train, y_train, steps=100, checkpoint=torch.load(path, weights_only=True))
    forgetful = torch.load(path, weights_only=True)
    forgetful["optimizer"] = torch.optim.AdamW(resume_net().parameters()).state_dict()
    forgot, _ = train_run(x_train, y_train, steps=100, checkpoint=forgetful)
fig, axis = plt.subplots(figsize=(9, 3.4))
axis.plot(whole, color="0.75", linewidth=5, linestyle="-", label="never stopped")
axis.plot(range(40, 100), resumed, linestyle="-", linewidth=1.2, label="resumed at step 40")
axis.plot(range(40, 100), forgot, linewidth=1.2, label="resumed, optimiser forgotten")
axis.set(title="A resumed run is the same run", xlabel="step", ylabel="cross-entropy of the batch")
axis.legend()
gap = max(abs(a - b) for a, b in zip(forgot, whole[40:]))
lesson.show(fig, alt=f"""The loss falls from {whole[0]:.2f} to {whole[-1]:.2f} over 100 steps. The run that was resumed at step 40 lies
exactly on it: {resumed == whole[40:]}. The run that forgot the optimiser's state leaves it by up to {gap:.2f}.""")

# %% [markdown]
# **Reconcile** the size of the file: 2,410 parameters of 4 bytes are 9,640 bytes. AdamW's two means make it three
# times as much, 28,920, and the random stream takes 5,056 bytes. The rest is the container. In a
# large model, where container and random stream weigh nothing beside the weights, the optimiser is two thirds of a
# checkpoint.

# %% [markdown]
# ## 10 · One device, and what the errors say
#
# This notebook has one line that chooses a [device](docs/glossary.md#device): `device = settings.device`. What is worth a GPU says `.to(device)`
# and runs on a laptop and on a GPU alike; the small experiments stay on the CPU. Scattered `.cuda()` calls are how a program ends up half on the GPU.
#
# **Predict.** On your machine, how long does one training step of a small and of a large net take? (Without a GPU
# both rows say cpu.)

# %% tags=["demo"]
import time


def seconds_a_step(width, where, steps=20, batch=256):
    net = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10))
    net = net.to(where)
    optimizer = torch.optim.AdamW(net.parameters())
    x, y = x_train[:batch].to(where), y_train[:batch].to(where)
    for step in range(steps + 3):
        if step == 3:  # the first steps pay for setting up
            start = time.perf_counter()
        optimizer.zero_grad(); loss = F.cross_entropy(net(x), y); loss.backward(); optimizer.step()
        loss.item()  # waits until the GPU has really finished
    return (time.perf_counter() - start) / steps

for width in (64, 4096 if settings.full else 512):
    for where in dict.fromkeys(["cpu", str(device)]):
        print(f"width {width:4} on {where}: {1000 * seconds_a_step(width, where):.2f} ms a step")

# %% [markdown]
# ### When it breaks
#
# Six errors that you will meet, produced on purpose and mended. The wording differs a little between versions and
# devices. Read the *kind* of error first, then the numbers in it.
#
# **1 · Two devices.** The model is on one, the batch on the other. Where there is no GPU, the `meta` device (shapes
# without data) plays its part.

# %% tags=["demo"]
elsewhere = device if device.type != "cpu" else torch.device("meta")
net = nn.Linear(64, 10).to(elsewhere)
try:
    net(x_train[:4])
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")
print("mended:", tuple(net(x_train[:4].to(elsewhere)).shape), "on", elsewhere)

# %% [markdown]
# **2 · A shape that does not fit.** An image [8, 8] is not a row of 64. **Predict** the two shapes in the message for
# three images.

# %% tags=["demo"]
pictures, net = x_train[:3].view(3, 8, 8), nn.Linear(64, 10)
try:
    net(pictures)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")
print("mended:", tuple(net(pictures.flatten(1)).shape))

# %% [markdown]
# Linear works on the last axis, so it saw 3 · 8 = 24 rows of 8.
#
# **3 · Targets of the wrong dtype.** `cross_entropy` wants class *numbers*, int64. Labels out of a CSV file are often
# floats.

# %% tags=["demo"]
logits, targets = torch.randn(3, 10), torch.tensor([1.0, 2.0, 3.0])
try:
    F.cross_entropy(logits, targets)
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")
print(f"mended: {F.cross_entropy(logits, targets.long()).item():.3f}")

# %% [markdown]
# **4 · A label outside the classes.** Somebody counted from 1. On a GPU this is an ugly "device-side assert": run the
# batch on the CPU once, and you get this message.

# %% tags=["demo"]
try:
    F.cross_entropy(torch.randn(3, 10), torch.tensor([1, 2, 10]))
except IndexError as error:
    print(f"{type(error).__name__}: {error}")
print(f"mended: {F.cross_entropy(torch.randn(3, 10), torch.tensor([1, 2, 10]) - 1).item():.3f}")

# %% [markdown]
# **5 · A step that changes a leaf while the graph is recording.** You know it from lesson 02; in a loop it is step 5.

# %% tags=["demo"]
w = torch.zeros((), requires_grad=True)
(w * 2).backward()
try:
    w -= 0.1 * w.grad
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")
with torch.no_grad():
    w -= 0.1 * w.grad
print(f"mended: w = {w.item():.1f}")

# %% [markdown]
# **6 · The one without a message.** Ines's bug of lesson 01, now inside a loop: a model returns [N, 1], the targets are
# [N]. **Predict** the slope that the fit will find. (The data has slope 3.)

# %% tags=["demo"]
def fit_with(loss_of, x, y, steps=200):
    torch.manual_seed(0)
    net = nn.Linear(1, 1)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad()
        loss = loss_of(net(x.unsqueeze(1)), y)          # net: [N, 1] -> [N, 1]
        loss.backward()
        optimizer.step()
    return net.weight.item(), loss.item()

x = torch.linspace(-2, 2, 300)
y = 3 * x + 1
print("shape of the difference:", tuple((torch.zeros(300, 1) - y).shape))
slope, loss = fit_with(lambda p, y: ((p - y) ** 2).mean(), x, y)
print(f"[N, 1] against [N]:     slope {slope:+.3f}, loss {loss:.3f}")
slope, loss = fit_with(lambda p, y: ((p.squeeze(1) - y) ** 2).mean(), x, y)
print(f"mended with squeeze(1): slope {slope:+.3f}, loss {loss:.3f}")

# %% [markdown]
# **Reconcile.** Every prediction is compared with *every* target, and the best answer to all of them at once is their
# mean: the slope is 0 and the loss hangs at the variance of $y$. No error, a curve that falls and goes level. `nn.MSELoss` at least warns. The cure is a line that you write once in every
# loop: `assert prediction.shape == target.shape`.

# %% [markdown]
# ## 11 · What a wrapper takes off your hands
#
# Libraries such as PyTorch Lightning, Hugging Face's `Trainer` or Keras write the loop for you. In Lightning the
# whole of `train_digits` becomes:
#
# ```python
# class LitDigits(L.LightningModule):
#     def __init__(self):
#         super().__init__()
#         self.net = DigitNet()
#
#     def training_step(self, batch, batch_idx):
#         x, y = batch
#         return F.cross_entropy(self.net(x), y)
#
#     def configure_optimizers(self):
#         return torch.optim.AdamW(self.parameters(), lr=3e-3)
#
# L.Trainer(max_epochs=20).fit(LitDigits(), loader)
# ```
#
# | of the five steps and what surrounds them | you write | Lightning does |
# |---|---|---|
# | forward and loss | ✓ | |
# | zero, backward, step, `train()` and `eval()`, `.to(device)` | | ✓ |
# | checkpoints, resuming, logging, progress bars | | ✓ |
# | several GPUs, mixed precision, gradient accumulation | | ✓, by an argument |
#
# That is a good deal, for somebody who knows what has been taken over. "I use it" and "I know what it abstracts" part
# ways on the day when a loss turns [NaN](docs/glossary.md#nan) at epoch 3. Here is such a day, shortened to a second. The scans are scaled so
# that the darkest pixel of each image is 1. Somewhere among 1,437 images there is a blank slip.
#
# **Predict.** After the batch with the blank slip, what happens to the loss of all the other batches?

# %% tags=["demo"]
torch.manual_seed(0)
scans = x_train.clone()
scans[753] = 0.0                                         # a blank slip
scans = scans / scans.max(dim=1, keepdim=True).values    # 0 / 0
net = build_net("plain")
optimizer = torch.optim.SGD(net.parameters(), lr=0.1)
losses, first_bad = [], None
for step in range(400):
    rows = torch.randint(len(scans), (32,))
    optimizer.zero_grad()
    loss = F.cross_entropy(net(scans[rows]), y_train[rows])
    if first_bad is None and not torch.isfinite(loss):   # two lines that you can write because the loop is yours
        first_bad = (step, rows[~torch.isfinite(scans[rows]).all(dim=1)].tolist())
    loss.backward()
    optimizer.step()
    losses.append(loss.item())
print("losses around it:", *(f"{loss:.2f}" for loss in losses[max(0, first_bad[0] - 3) : first_bad[0] + 3]))
print("first at step", first_bad[0], "because of image", first_bad[1])
lost = torch.cat([parameter.isnan().flatten() for parameter in net.parameters()])
print(f"weights that are NaN now: {lost.float().mean().item():.0%}")

# %% [markdown]
# **Reconcile.** One bad image, one step, and every weight is NaN; from there on every batch is. The cause is in the
# data, in one row, and it is visible for exactly one step. Two lines in your own loop find it. With a wrapper the
# same two lines have a place as well (`training_step` sees the batch, a hook before the optimiser's step sees the
# gradients), but only somebody who knows the five steps knows to look there. Clipping gradients or a smaller rate,
# the usual advice, would have done nothing here.
#
# Learn the loop, then choose the wrapper with open eyes. Lab 1 asks you to advise a team on just that.

# %% quiz="quiz_1" points=5

# %% lab="lab_1" points=3

# %% [markdown]
# ## Takeaways
#
# - **Five steps**: zero, forward, loss, backward, step. Leave one out and mostly nothing complains; the curve does.
# - **Two numbers before every run**: where the loss starts (ln 10 = 2.303 for ten classes, mean(y²) for a line from
#   0) and where it can end (the noise floor).
# - **Overfit one batch first.** A second of work separates "the net cannot learn" from "the data is hard".
# - **Turn a knob to an absurd value.** If nothing absurd happens, it is not connected.
# - **`eval()` and `no_grad()` are two switches.** An exam needs both, and images that the net has never seen.
# - **σ = √(2 / fan-in)** before a ReLU; `trunc_normal_`'s bounds are numbers, not multiples of σ.
# - **A checkpoint holds** the weights, the optimiser, the step and the random stream, as copies. Resumed is the same
#   to the bit.
# - **A shape mismatch that broadcasts has no error message.** Assert shapes at the loss.
#
# And Jonas's night: 2.30 said "it does not learn at all", three equal nights said "the rate is not connected". Marta
# changed one word, `learning_rate`, and had 0.97 before lunch.
#
# **Words from this lesson:** [training loop](docs/glossary.md#training-loop) ·
# [eager execution](docs/glossary.md#eager-execution) · [noise floor](docs/glossary.md#noise-floor) ·
# [logits](docs/glossary.md#logits) · [cross-entropy](docs/glossary.md#cross-entropy) ·
# [optimiser](docs/glossary.md#optimiser) · [learning rate](docs/glossary.md#learning-rate) ·
# [momentum](docs/glossary.md#momentum) · [AdamW](docs/glossary.md#adamw) · [epoch](docs/glossary.md#epoch) ·
# [batch](docs/glossary.md#batch) · [validation set](docs/glossary.md#validation-set) ·
# [overfitting](docs/glossary.md#overfitting) · [dropout](docs/glossary.md#dropout) ·
# [fan-in](docs/glossary.md#fan-in) · [initialisation](docs/glossary.md#initialisation) ·
# [checkpoint](docs/glossary.md#checkpoint) · [seed](docs/glossary.md#seed) · [parameter](docs/glossary.md#parameter)
#
# **Read next**
# - Andrej Karpathy, *A Recipe for Training Neural Networks* (2019): the habits of this lesson from somebody who has
#   broken everything once.
# - Kaiming He and others, *Delving Deep into Rectifiers* (2015): section 2.2 is where √(2 / fan-in) comes from.
# - Ilya Loshchilov and Frank Hutter, *Decoupled Weight Decay Regularization* (2019): the W in AdamW.
# - The PyTorch notes *Reproducibility* and *Saving and Loading Models*.
#
# **Next lesson:** what all this costs, in floating-point operations, hours and dollars.
#
# Before you hand in: *Restart and run all*, then look at what the last cell says.

# %% tags=["demo"]
lesson.hand_in("03_training_loop")
