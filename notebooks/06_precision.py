# %% [markdown]
# ## A thousand drops
#
# Lerato reads rain gauges along the Vaal. A gauge sends 0.01 millimetres, a thousand times in a wet night, and her program adds them up. One evening she switches everything to 16 bits, "to save memory", and the night's rain falls from 10 millimetres to 4.
#
# No error, no warning. The model that predicts the river's level is no better off: its loss falls for a while and then stands still, as if it had learnt all there is. In 32 bits it goes on falling.
#
# A floating-point number is a promise with two limits: how far it reaches, and how finely it divides. In this lesson you take the formats apart bit by bit, find out which of the two limits hurt Lerato, and build the two machines that make
# 16 bits safe: mixed precision and a loss scaler.

# %% tags=["fixture"]
import math
import time
import warnings

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device

# %% [markdown]
# ## 1 · A number in three pieces
#
# A float is a sign, a power of two and a fraction:
#
# $$(-1)^{\text{sign}} \cdot 2^{\,e - \text{bias}} \cdot \left(1 + \tfrac{m}{2^M}\right)$$
#
# $e$ and $m$ are whole numbers, read off the bits. The exponent has $E$ bits and sets the **range**; the [mantissa](docs/glossary.md#mantissa) has $M$ bits and sets the **precision**. The bias is $2^{E-1} - 1$.
#
# | format | sign, E, M | largest | next number after 1 |
# |---|---|---|---|
# | float32 | 1, 8, 23 | 3.4e38 | 1 + 1.2e-7 |
# | float16 | 1, 5, 10 | 65,504 | 1 + 0.001 |
# | bfloat16 | 1, 8, 7 | 3.4e38 | 1 + 0.008 |
# | float8 E5M2 | 1, 5, 2 | 57,344 | 1.25 |
# | float8 E4M3 | 1, 4, 3 | 448 | 1.125 |
#
# [bfloat16](docs/glossary.md#bfloat16) is float32 with the last 16 bits cut off: all the range, little precision. float16 is the other bargain. Two exponents are special:
#
# - $e = 0$ is a **[subnormal](docs/glossary.md#subnormal)** number: there is no 1 before the fraction, and the power is that of $e = 1$. So $2^{1 - \text{bias}} \cdot m / 2^M$, and with $m = 0$ it is zero.
# - $e$ with all bits set is infinity ($m = 0$) or [NaN](docs/glossary.md#nan) (otherwise). E4M3 alone spends these bits differently: it has no infinity, and only the very last pattern is NaN; leave it out of the exercises.
#
# PyTorch tells the limits of each format: `torch.finfo`. Its `eps` is the distance from 1 to the next number, `tiny` the smallest number that is not subnormal.

# %% tags=["demo"]
for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float8_e4m3fn):
    info = torch.finfo(dtype)
    print(f"{str(dtype).removeprefix('torch.'):15} {info.bits:2} bits   largest {info.max:<10.4g} tiny {info.tiny:<10.3g} eps {info.eps:.3g}")

# %% [markdown]
# ### Exercise 1.1 · Decode
# ●●●○○ · 10 minutes · 4 points
#
# Write `decode(bits, exponent)`. `bits` is a string of zeros and ones, sign first; `exponent` is the number of exponent bits, and the rest is mantissa. Return a Python float: a number, an infinity, or NaN.
#
# `decode("0011110000000000", 5)` is 1.0 and `decode("1100000001000000", 8)` is −3.0.
#
# <details><summary>Hint: from bits to a whole number</summary>
# <code>int("1101", 2)</code> is 13.
# </details>

# %% exercise="decode"
# exercise: decode
def decode(bits: str, exponent: int) -> float:
    """The value of a float's bits: one sign bit, `exponent` bits of exponent, the rest mantissa."""
    ### BEGIN SOLUTION
    mantissa = len(bits) - 1 - exponent
    sign = -1.0 if bits[0] == "1" else 1.0
    e, m = int(bits[1:1 + exponent], 2), int(bits[1 + exponent:], 2)
    bias = 2**(exponent - 1) - 1
    if e == 2**exponent - 1:
        return sign * math.inf if m == 0 else math.nan
    if e == 0:
        return sign * 2.0**(1 - bias) * (m / 2**mantissa)
    return sign * 2.0**(e - bias) * (1 + m / 2**mantissa)
    ### END SOLUTION

# %% tags=["fixture"]
FORMATS = {"float16": (5, torch.float16, torch.int16), "bfloat16": (8, torch.bfloat16, torch.int16), "float8 E5M2": (5, torch.float8_e5m2, torch.int8)}


def bits_of(value: float, name: str) -> str:
    """The bits that PyTorch stores for a number in a format of FORMATS."""
    _, dtype, whole = FORMATS[name]
    stored = torch.tensor(value).to(dtype).view(whole).item()
    size = 8 * torch.tensor(0, dtype=whole).element_size()
    return format(stored % 2**size, f"0{size}b")

# %% check="decode" points=4
check.close(decode("0011110000000000", 5), 1.0, of="a float16", hint="is the bias 2^(E − 1) − 1, which is 15 here?")
check.close(decode("1100000001000000", 8), -3.0, of="a bfloat16", hint="does the mantissa have the bits that are left?")
check.close(decode("0000000000000001", 5), 2.0**-24, rtol=1e-6, atol=0, of="the smallest float16", hint="exponent 0 is subnormal: no 1 before the fraction, and the power of exponent 1")
check.close(decode("1111110000000000", 5), -math.inf, of="all exponent bits set, mantissa 0")
### BEGIN HIDDEN TESTS
check.that(math.isnan(decode("0111110000000001", 5)), expected="NaN for all exponent bits set and a mantissa that is not 0", got="your answer is another")
check.close(decode("1" + "0" * 15, 8), 0.0, of="minus zero")
for name, (exponent, dtype, _) in FORMATS.items():
    for value in (0.1, -2.75, 1e-5, 300.0, *torch.randn(5).tolist()):
        bits = bits_of(value, name)
        true = torch.tensor(value).to(dtype).double().item()
        check.close(decode(bits, exponent), true, rtol=1e-9, atol=0, of=f"{bits} in {name}")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 1.2 · Encode
# ●●●●○ · 12 minutes · 4 points
#
# The way back. Write `encode(value, exponent, mantissa)`: the bits of the number that lies nearest to `value`, as a string. If two lie equally near, the one whose last mantissa bit is 0 wins ("ties to even"; Python's `round` does the same with whole numbers). What rounds to more than the largest number is infinity. NaN has all exponent bits set and any mantissa but 0; minus
# zero keeps its sign.
#
# `encode(1.0, 5, 10)` is `"0011110000000000"`, and `encode(-3.0, 8, 7)` is `"1100000001000000"`.
#
# <details><summary>Hint 1: which power?</summary>
# <code>math.frexp(8.5)</code> is (0.53125, 4): 8.5 = 0.53125 · 2⁴ = 1.0625 · 2³. So the power is one less than what <code>frexp</code> says. It is never below 1 − bias: there the subnormals begin.
# </details>
# <details><summary>Hint 2: how many steps?</summary>
# Near the number the format advances in steps of 2<sup>power − M</sup>. Divide by the step and round. For a normal number the result lies between 2<sup>M</sup> and 2<sup>M+1</sup>.
# </details>
# <details><summary>Hint 3: rounding up to the next power</summary>
# Read exponent and mantissa together as <i>one</i> whole number, (power + bias − 1) · 2<sup>M</sup> + steps. Then a carry does the right thing by itself, even into infinity.
# </details>

# %% exercise="encode"
# exercise: encode
def encode(value: float, exponent: int, mantissa: int) -> str:
    """The bits of the float nearest to value: sign, `exponent` bits of exponent, `mantissa` bits of mantissa."""
    ### BEGIN SOLUTION
    bias, endless = 2**(exponent - 1) - 1, (2**exponent - 1) << mantissa
    if math.isnan(value):
        number = endless + 1
    elif math.isinf(value):
        number = endless
    else:
        power = max(math.frexp(value)[1] - 1, 1 - bias)
        steps = round(abs(value) / 2.0**(power - mantissa))
        number = min((power + bias - 1) * 2**mantissa + steps, endless) if value else 0
    sign = "1" if math.copysign(1.0, value) < 0 else "0"
    return sign + format(number, f"0{exponent + mantissa}b")
    ### END SOLUTION

# %% check="encode" points=4
check.equal(encode(1.0, 5, 10), "0011110000000000", of="1.0 in float16")
check.equal(encode(-3.0, 8, 7), "1100000001000000", of="−3.0 in bfloat16")
check.equal(encode(0.1, 5, 10), bits_of(0.1, "float16"), of="0.1 in float16", hint="rounded to the nearest, not cut off?")
check.equal(encode(2.0**-24, 5, 10), "0" * 15 + "1", of="the smallest float16", hint="below 2^(1 − bias) the power stays, and there is no 1 before the fraction")
### BEGIN HIDDEN TESTS
for name, mantissa in (("float16", 10), ("bfloat16", 7), ("float8 E5M2", 2)):
    exponent = FORMATS[name][0]
    values = [0.3, -2.75, 1e-5, 300.0, 1.999, 0.0, 3.3e-5, -6.2e-5, 40_000.0, *torch.randn(6).tolist(), *(0.01 * torch.randn(4)).tolist()]
    for value in (torch.tensor(v).item() for v in values):
        check.equal(encode(value, exponent, mantissa), bits_of(value, name), of=f"{value:.8g} in {name}", hint="nearest; a carry may reach the exponent; subnormals keep the power 1 − bias")
for value, what in ((1 + 2.0**-11, "halfway between 1 and the next float16"), (1 + 3 * 2.0**-11, "halfway, one step further"), (65_519.0, "just below the last half step"),
                    (65_520.0, "half a step above the largest float16"), (1e6, "far above the largest"), (2.0**-25, "half of the smallest"), (2047.9, "a carry into the exponent")):
    check.equal(encode(value, 5, 10), bits_of(value, "float16"), of=what, hint="ties go to the even mantissa, and what rounds above the largest number is infinity")
check.equal(encode(-0.0, 5, 2), "10000000", of="minus zero", hint="math.copysign(1.0, value) sees the sign of −0.0")
check.equal([encode(math.inf, 5, 2), encode(-math.inf, 8, 7)], ["01111100", "1" + "1" * 8 + "0" * 7], of="the infinities")
nothing = encode(math.nan, 5, 10)
check.that(nothing[1:6] == "11111" and "1" in nothing[6:] and len(nothing) == 16, expected="all exponent bits set and a mantissa that is not 0 for NaN", got=f"your answer is {nothing[:20]}")
### END HIDDEN TESTS

# %% [markdown]
# **Look** at how finely the formats divide. Every line is a number that exists; between two lines there is nothing:

# %% tags=["demo"]
fig, axes = plt.subplots(3, 1, figsize=(8, 3.2), sharex=True)
told = []
e4m3 = torch.arange(128, dtype=torch.uint8).view(torch.float8_e4m3fn).float().tolist()     # PyTorch decodes: E4M3 has rules of its own
lines = {
    "float8 E5M2: more range": [decode(format(n, "08b"), 5) for n in range(128)],
    "float8 E4M3: more precision": e4m3,
    "5 exponent bits and 4 of mantissa": [decode(format(n, "010b"), 5) for n in range(512)],
}
for ax, (name, there) in zip(axes, lines.items()):
    there = [value for value in there if 0 <= value <= 4]
    ax.vlines(there, 0, 1, color="#0072B2", lw=0.8)
    ax.set_yticks([])
    ax.set_title(name, fontsize=9, loc="left")
    told.append(f"{name}: {len(there)} numbers, {sum(1 <= value < 2 for value in there)} of them from 1 up to 2")
axes[-1].set(xlabel="from 0 to 4")
lesson.show(fig, alt="Three number lines from 0 to 4 with a stroke for each number that a small format has. " + "; ".join(told) + ". Each doubling of the value halves the density.")

# %% [markdown]
# From each power of two to the next there are equally many numbers, $2^M$. So the steps grow with the number: precision is *relative*.
#
# ### Exercise 1.3 · Where counting ends
# ●●○○○ · 5 minutes · 2 points
#
# Count up from 0 in steps of 1, in one format. Somewhere the next number is 2 away, the sum is rounded back, and counting stands still. **Predict** at which number, for each format:

# %% exercise="stalls_at"
# exercise: stalls_at
stalls_at = {
    "float16": ...,
    "bfloat16": ...,
    "float32": ...,
}
### BEGIN SOLUTION
stalls_at = {"float16": 2**11, "bfloat16": 2**8, "float32": 2**24}
### END SOLUTION

# %% check="stalls_at" points=2
check.each(stalls_at, dict.fromkeys(("float16", "bfloat16", "float32"), 0.0), atol=1e15, of="any three numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
check.each(stalls_at, {"float16": 2048, "bfloat16": 256, "float32": 16_777_216}, hint={
    "float16": "ten bits of mantissa and the 1 before them: up to which number can they count?",
    "bfloat16": "seven bits of mantissa and the 1 before them", "float32": "23 bits of mantissa and the 1 before them"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.**

# %% tags=["demo"]
for name, dtype in (("float16", torch.float16), ("bfloat16", torch.bfloat16), ("float32", torch.float32)):
    number = torch.tensor(1.0, dtype=dtype)
    while (number + 1) != number:
        number = number * 2
    print(f"{name:9} {int(number):>12,}   yours: {stalls_at.get(name)}")

# %% [markdown]
# ### Exercise 1.4 · Range
# ●●○○○ · 5 minutes · 3 points
#
# What becomes of these numbers? **Predict** `"zero"`, `"inf"` or `"fine"` (within one per cent of what it was).

# %% exercise="becomes"
# exercise: becomes
becomes = {
    "1e-8 in float16": ...,
    "1e-8 in bfloat16": ...,
    "70000 in float16": ...,
    "70000 in bfloat16": ...,
    "1e-8 * 65536 in float16": ...,   # multiplied first, in float32, and then converted
    "1e39 in bfloat16": ...,
}
### BEGIN SOLUTION
becomes = {"1e-8 in float16": "zero", "1e-8 in bfloat16": "fine", "70000 in float16": "inf",
           "70000 in bfloat16": "fine", "1e-8 * 65536 in float16": "fine", "1e39 in bfloat16": "inf"}
### END SOLUTION

# %% check="becomes" points=3
if all(word is ... for word in becomes.values()):
    raise check.NotAttempted("becomes")
becomes_other = [word for word in becomes.values() if word is not ... and word not in ("zero", "inf", "fine")]
check.that(not becomes_other, expected='only the words "zero", "inf" and "fine"', got=f"your answer has {becomes_other}")
### BEGIN HIDDEN TESTS
becomes_truth = {"1e-8 in float16": "zero", "1e-8 in bfloat16": "fine", "70000 in float16": "inf",
                 "70000 in bfloat16": "fine", "1e-8 * 65536 in float16": "fine", "1e39 in bfloat16": "inf"}
check.each(becomes, becomes_truth, hint={
    "1e-8 in float16": "the smallest float16 is 2^-24, about 6e-8", "1e-8 in bfloat16": "how many exponent bits has bfloat16?",
    "70000 in float16": "what is the largest float16?", "70000 in bfloat16": "how many exponent bits has bfloat16?",
    "1e-8 * 65536 in float16": "about 0.00066: is that far above the smallest?", "1e39 in bfloat16": "what is the largest float32?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.**

# %% tags=["demo"]
half, brain = torch.float16, torch.bfloat16
for name, value, dtype in (("1e-8 in float16", 1e-8, half), ("1e-8 in bfloat16", 1e-8, brain), ("70000 in float16", 7e4, half),
                           ("70000 in bfloat16", 7e4, brain), ("1e-8 * 65536 in float16", 1e-8 * 65536, half), ("1e39 in bfloat16", 1e39, brain)):
    print(f"{name:25} {torch.tensor(value, dtype=torch.float64).to(dtype).item():<22g} yours: {becomes.get(name)}")

# %% [markdown]
# **Reconcile.** float16 takes 1e-8 for nothing. bfloat16 does not. The fifth line is the idea of section 5: *multiply first*.
#
# But do [gradients](docs/glossary.md#gradient) get so small? Ask some. A small classifier learns 512 points by heart, in float32, and three times on the way it counts how many of its gradients (those that are not zero anyway) would be zero in float16. **Predict**: are there more of them at the start, or at the end?

# %% tags=["demo"]
torch.manual_seed(SEED)
x = torch.randn(512, 64)
y = x[:, :8].argmax(1)                                          # which of the first eight numbers is the largest?
net = nn.Sequential(nn.Linear(64, 256), nn.ReLU(), nn.Linear(256, 256), nn.ReLU(), nn.Linear(256, 8))
optimizer = torch.optim.AdamW(net.parameters(), lr=1e-3)
for step in range(301):
    activations = [x]
    for layer in net:
        activations.append(layer(activations[-1]))
    loss = F.cross_entropy(activations[-1], y)
    if step in (0, 100, 300):
        for what, tensors in (("weights", list(net.parameters())), ("activations", activations[1:])):
            grads = torch.cat([grad.flatten() for grad in torch.autograd.grad(loss, tensors, retain_graph=True)])
            gone, still_gone = (((grads != 0) & ((grads * scale).half() == 0)).double().mean() for scale in (1, 65536))
            print(f"step {step:3}   loss {loss.item():.4f}   gradients of {what:12} zero in float16: {gone:6.2%}   times 65,536: {still_gone:6.2%}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()

# %% [markdown]
# **Reconcile.** At the end. A gradient is a product with the error in it, and the error shrinks: when the net has learnt its points, about one weight's gradient in a hundred is gone, and one activation's in six. Multiplied first, nearly all of them are there.
#
# And Lerato's rain? Small steps onto a growing sum:

# %% tags=["demo"]
def night(drops: torch.dtype, gauge: torch.dtype) -> list[float]:
    """The sum after each of a thousand drops of 0.01."""
    total, drop, seen = torch.zeros((), dtype=gauge), torch.tensor(0.01, dtype=drops), []
    for _ in range(1000):
        total = total + drop.to(gauge)
        seen.append(total.item())
    return seen

nights = {"float32": night(torch.float32, torch.float32), "float16": night(half, half), "bfloat16": night(brain, brain),
          "bfloat16 drops, float32 sum": night(brain, torch.float32)}
fig, ax = plt.subplots(figsize=(7, 3))
for (name, line), style in zip(nights.items(), ("-", "--", "-", ":")):
    ax.plot(line, style, label=f"{name}: {line[-1]:.3g}")
ax.set(xlabel="drops of 0.01 mm", ylabel="sum")
ax.legend()
lesson.show(fig, alt="The sum of a thousand drops of 0.01. At the end: " + ", ".join(f"{name} {line[-1]:.4g}" for name, line in nights.items()) +
            ". In bfloat16 the sum stands still at 4: from there on the next number is too far away.")

# %% [markdown]
# The drops in 16 bits are harmless. The *sum* in 16 bits is not. That is the rule of everything below: **multiply in 16 bits, add up in 32.** A GPU's tensor cores, its units for matrix products, do just that.
#
# ## 2 · Sums of exponentials
#
# Some formulas leave the range in the middle, though their result is tame. `log_softmax` is the one that every classifier meets: $x_i - \log \sum_j e^{x_j}$. With $x = 1000$ the exponential is infinite in every format.
#
# ### Exercise 2.1 · A log-softmax that holds
# ●●○○○ · 8 minutes · 4 points
#
# Write `log_softmax(x)` for `x` of shape [N, C], along the last axis, without PyTorch's own (`log_softmax`, `softmax`, `logsumexp`, `logaddexp` and `cross_entropy` are forbidden). It must be right for entries of ±1000, in float32 and float16, and its gradient must be right, too.
#
# <details><summary>Hint: subtract something first</summary>
# The result does not change when the same number is subtracted from all entries of a row. Which number makes every exponential at most 1?
# </details>

# %% exercise="log_softmax"
# exercise: log_softmax
def log_softmax(x: torch.Tensor) -> torch.Tensor:
    """The logarithm of the softmax along the last axis. x: [N, C]. Returns: [N, C], the same dtype."""
    ### BEGIN SOLUTION
    shifted = x - x.max(dim=-1, keepdim=True).values
    return shifted - shifted.exp().sum(dim=-1, keepdim=True).log()
    ### END SOLUTION

# %% check="log_softmax" points=3
x = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
want = F.log_softmax(x, -1)
check.close(log_softmax(x), want, of="tame numbers", hint="is it x minus the log of the sum along the last axis?")
x = torch.tensor([[1000.0, 0.0, -1000.0], [-1000.0, -1000.0, -1000.0]])
want = F.log_softmax(x, -1)
check.close(log_softmax(x), want, of="1000 and −1000", hint="which number can be subtracted from a row first?")
### BEGIN HIDDEN TESTS
for scale in (1.0, 100.0, 5000.0):
    x = scale * torch.randn(4, 6)
    want = F.log_softmax(x, -1)
    check.close(log_softmax(x), want, of=f"numbers of size {scale:g}", hint="each row has a maximum of its own")
    y = x.double().requires_grad_()
    weigh = torch.randn(4, 6, dtype=torch.float64)
    right, = torch.autograd.grad(F.log_softmax(y, -1), y, weigh)
    mine, = torch.autograd.grad(log_softmax(y), y, weigh, allow_unused=True)
    check.gradient(mine, right, of=f"the gradient for numbers of size {scale:g}")
x = (10 * torch.randn(3, 5)).half()
want = F.log_softmax(x, -1)
# float16: the sum of five exponentials and two subtractions, each rounded to eleven bits
check.close(log_softmax(x), want, rtol=4e-3, atol=2e-2, of="float16")
### END HIDDEN TESTS

# %% check="log_softmax" part="own" points=1
x = torch.tensor([[0.0, 0.0]])
check.close(log_softmax(x), torch.tensor([[-math.log(2), -math.log(2)]]), of="two equal numbers")
check.calls(log_softmax, forbidden=["log_softmax", "logsumexp", "softmax", "cross_entropy", "logaddexp"])

# %% [markdown]
# The same trick stands behind `F.cross_entropy(logits, …)`, and it is why that function takes logits and not probabilities. `log(softmax(x))` as two steps gives −inf where a probability underflows:

# %% tags=["demo"]
x = torch.tensor([[0.0, 200.0]])
print("in two steps:", x.softmax(1).log().tolist(), "  in one:", F.log_softmax(x, 1).tolist())

# %% [markdown]
# ## 3 · Which step in which format?
#
# [Mixed precision](docs/glossary.md#mixed-precision) is a division of labour, and PyTorch knows it by heart. Inside [`torch.autocast`](docs/glossary.md#autocast), matrix products run in 16 bits; what adds up many numbers or takes logarithms runs in 32; everything else takes what it is given, and where
# 16 and 32 bits meet, 32 win. The parameters stay in float32, and so do their gradients. (Older texts write `torch.cuda.amp.autocast()`: that spelling is deprecated. Write `torch.amp.autocast("cuda", …)` or `torch.autocast`.)
#
# ### Exercise 3.1 · Dtypes under autocast
# ●●●○○ · 6 minutes · 3 points
#
# Under `torch.autocast("cpu", dtype=torch.bfloat16)`, with `x` [4, 8] and a `layer = nn.Linear(8, 3)` in float32: **predict** the dtype of each of these. Write `torch.float32` or `torch.bfloat16`.

# %% exercise="dtypes"
# exercise: dtypes
dtypes = {
    "layer.weight": ...,            # inside the block
    "h = layer(x)": ...,
    "h * 2": ...,
    "h + x[:, :3]": ...,
    "the loss": ...,                # F.cross_entropy(h, targets)
    "layer.weight.grad": ...,       # after loss.backward()
}
### BEGIN SOLUTION
dtypes = {"layer.weight": torch.float32, "h = layer(x)": torch.bfloat16, "h * 2": torch.bfloat16,
          "h + x[:, :3]": torch.float32, "the loss": torch.float32, "layer.weight.grad": torch.float32}
### END SOLUTION

# %% tags=["fixture"]
def dtypes_here() -> dict[str, torch.dtype]:
    """The dtypes of the exercise, from a run."""
    layer, x = nn.Linear(8, 3), torch.randn(4, 8)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        h = layer(x)
        loss = F.cross_entropy(h, torch.zeros(4, dtype=torch.int64))
        seen = {"layer.weight": layer.weight.dtype, "h = layer(x)": h.dtype, "h * 2": (h * 2).dtype, "h + x[:, :3]": (h + x[:, :3]).dtype}
    loss.backward()
    return {**seen, "the loss": loss.dtype, "layer.weight.grad": layer.weight.grad.dtype}

# %% check="dtypes" points=3
if all(kind is ... for kind in dtypes.values()):
    raise check.NotAttempted("dtypes")
dtypes_other = [kind for kind in dtypes.values() if kind is not ... and kind not in (torch.float32, torch.bfloat16)]
check.that(not dtypes_other, expected="only torch.float32 and torch.bfloat16", got=f"your answer has {dtypes_other}")
### BEGIN HIDDEN TESTS
check.each(dtypes, dtypes_here(), hint={
    "layer.weight": "does autocast change what is there, or what comes out?", "h = layer(x)": "is it a matrix product?",
    "h * 2": "it takes what it is given", "h + x[:, :3]": "16 and 32 bits meet: which of the two wins?",
    "the loss": "logarithms and sums: which format do they need?", "layer.weight.grad": "a gradient has the dtype of its parameter"})
### END HIDDEN TESTS

# %% tags=["demo"]
for name, kind in dtypes_here().items():
    print(f"{name:18} {str(kind):15} yours: {dtypes.get(name)}")

# %% [markdown]
# ## 4 · The loss that stood still
#
# Why does Lerato's model stop learning in 16 bits? A step is `w = w - lr * grad`, a small number taken from a larger one. When `lr * grad` is less than half the distance to the next number, `w` stays where it is. The drops again.
#
# The mend is a **master copy**: the weights live in float32. For each step they are rounded to 16 bits, the products run in 16 bits, the gradient comes out in 16 bits, and the *update* is added to the copy in 32.
#
# ### Exercise 4.1 · Four ways to take a step
# ●●●●○ · 15 minutes · 6 points
#
# Train $\hat y = x \cdot w$ by gradient descent on the mean squared error. Write `train(x, y, w, steps, lr, mode)`; `x` [N, D], `y` [N] and the start `w` [D] are float32 and must not be changed. Return `(losses, w)`: one float for each step, and the final weights.
#
# | mode | products and gradient in | weights and update in |
# |---|---|---|
# | `"float32"` | float32 | float32 |
# | `"float16"` | float16 | float16 |
# | `"bfloat16"` | bfloat16 | bfloat16 |
# | `"mixed"` | bfloat16 | float32 |
#
# Each loss is measured **before** its step, in float32, with the weights as they are (converted to float32), so that the four curves can be compared. The gradient is $\frac{2}{N} X^\top (X w - y)$, in the mode's format from the first product to the last. Any other mode is a `ValueError`.
#
# <details><summary>Hint: one function for four modes</summary>
# Two dtypes decide everything: that of the products, and that of the weights.
# </details>

# %% exercise="train"
# exercise: train
def train(x, y, w, steps: int, lr: float, mode: str) -> tuple[list[float], torch.Tensor]:
    """Gradient descent on mean((x @ w − y)²). mode: "float32", "float16", "bfloat16" or "mixed". Returns: losses, final w."""
    ### BEGIN SOLUTION
    kinds = {"float32": (torch.float32, torch.float32), "float16": (torch.float16, torch.float16),
             "bfloat16": (torch.bfloat16, torch.bfloat16), "mixed": (torch.bfloat16, torch.float32)}
    if mode not in kinds:
        raise ValueError(f"no mode {mode!r}: there are {', '.join(kinds)}")
    low, own = kinds[mode]
    weights, inputs, targets, losses = w.to(own), x.to(low), y.to(low), []
    for _ in range(steps):
        losses.append((x @ weights.float() - y).square().mean().item())
        error = inputs @ weights.to(low) - targets
        gradient = 2 / len(x) * (inputs.T @ error)
        weights = weights - lr * gradient.to(own)
    return losses, weights
    ### END SOLUTION

# %% tags=["fixture"]
def river(seed: int, rows: int = 64, width: int = 8):
    """(x, y, w at the start): levels that depend on eight gauges, with noise of 0.1."""
    draws = torch.Generator().manual_seed(seed)
    x = torch.randn(rows, width, generator=draws)
    true = torch.randn(width, generator=draws) + 3
    return x, x @ true + 0.1 * torch.randn(rows, generator=draws), torch.zeros(width)

# %% check="train" points=3
x, y, w = river(0)
start = (x @ w - y).square().mean().item()
losses, final = train(x, y, w, 200, 0.02, "float32")
check.curve(losses, start=start, length=200, below=0.05, final=(x @ final.float() - y).square().mean().item())
check.dtype(final, torch.float32)
losses, final = train(x, y, w, 200, 0.02, "mixed")
check.dtype(final, torch.float32, hint="the master copy is in float32")
check.dtype(train(x, y, w, 2, 0.02, "bfloat16")[1], torch.bfloat16)
check.dtype(train(x, y, w, 2, 0.02, "float16")[1], torch.float16)
check.raises(ValueError, lambda: train(x, y, w, 2, 0.02, "float64"))
### BEGIN HIDDEN TESTS
with check.unchanged(x, y, w):
    train(x, y, w, 3, 0.1, "float32")
for seed in (1, 2):
    x, y, w = river(seed)
    losses, final = train(x, y, w, 60, 0.02, "float32")
    mine, at = [], w.clone()
    for _ in range(60):
        mine.append((x @ at - y).square().mean().item())
        at = at - 0.02 * 2 / len(x) * (x.T @ (x @ at - y))
    check.close(losses, mine, rtol=1e-3, of="the losses in float32", hint="measured before each step; 2/N in the gradient?")
    check.close(final, at, rtol=1e-3, atol=1e-4, of="the final weights in float32")
### END HIDDEN TESTS

# %% check="train" part="curves" points=3
x, y, w = river(3)
ends = {mode: sum(train(x, y, w, 800, 0.005, mode)[0][-10:]) / 10 for mode in ("float32", "float16", "bfloat16", "mixed")}
# The bands, over river(0) to river(2999), reference, 2026-11-28: mixed ended at 0.92 to 1.16 × float32 (log: mean 0.026, standard deviation 0.026; the band of 1.6 is 17 deviations away),
# float16 at 2.4 to 31 × (2.27 and 0.35; the band of 2 is 4.5 deviations away), bfloat16 at 60 to 1,000 × (5.8 and 0.35). No false failure in 3,000, so the rate is below 1 in 1,000 (95 %).
check.that(ends["mixed"] <= 1.6 * ends["float32"], expected=f"mixed to end near float32 ({ends['float32']:.3g})", got=f"yours ends at {ends['mixed']:.3g}",
           hint="is the update added to float32 weights?")
for pure in ("float16", "bfloat16"):
    check.that(ends[pure] >= 2 * ends["float32"], expected=f"{pure} to stand still well above float32 ({ends['float32']:.3g})", got=f"yours ends at {ends[pure]:.3g}",
               hint=f"are the weights themselves in {pure}, after every step?")
check.that(ends["bfloat16"] > ends["float16"], expected="bfloat16, with fewer mantissa bits, to stand still higher than float16", got=f"yours end at {ends['bfloat16']:.3g} and {ends['float16']:.3g}")
### BEGIN HIDDEN TESTS
for seed in (4,):
    x, y, w = river(seed)
    ends = {mode: sum(train(x, y, w, 800, 0.005, mode)[0][-10:]) / 10 for mode in ("float32", "float16", "bfloat16", "mixed")}
    check.that(ends["mixed"] <= 1.6 * ends["float32"], expected="mixed to end near float32", got=f"yours ends at {ends['mixed']:.3g}, not near {ends['float32']:.3g}")
    for pure in ("float16", "bfloat16"):
        check.that(ends[pure] >= 2 * ends["float32"], expected=f"{pure} to stand still well above float32", got=f"yours ends at {ends[pure]:.3g}, against {ends['float32']:.3g}")
    early = train(x, y, w, 20, 0.02, "mixed")[0]
    exact = train(x, y, w, 20, 0.02, "float32")[0]
    check.that(early != exact, expected="products in bfloat16 in the mixed mode", got="your mixed curve is the float32 curve to the last digit")
### END HIDDEN TESTS

# %% tags=["demo"]
x, y, w = river(SEED)
fig, ax = plt.subplots(figsize=(7, 3))
told = []
for mode, style in (("float32", "-"), ("mixed", "--"), ("float16", "-."), ("bfloat16", ":")):
    losses, _ = train(x, y, w, 800, 0.005, mode)
    ax.plot(losses, style, label=mode)
    told.append(f"{mode} {losses[-1]:.3g}")
ax.set(yscale="log", xlabel="step", ylabel="mean squared error")
ax.legend()
lesson.show(fig, alt=f"Loss curves of the same training in four precisions on a logarithmic axis. After 800 steps: {', '.join(told)}. Mixed lies on float32; float16 stands still above it, and bfloat16 far above.")

# %% [markdown]
# **Reconcile.** Nothing is wrong with the products in 16 bits: the mixed curve lies on the other. What stood still was the *sum*, the weight, onto which small updates are added. float16 divides eight times as finely as bfloat16 and stands still later. Later is not never: halve the learning rate, and it stands still higher.
#
# Mixed precision costs no less memory for weights and states ([lesson 05](release/05_memory/05_memory.ipynb)). It buys speed, on hardware with units for it, and half of the activations.
#
# ### Exercise 4.2 · Formats in the books
# ●●○○○ · 8 minutes · 3 points
#
# The ledger learns the formats. Complete `TypedLedger` over the course's `lesson.Ledger`:
#
# - `predict_numbers(item, count, dtype)` books the bytes of `count` numbers of a dtype on the item (`dtype.itemsize` is the bytes of one);
# - `measure_numbers(item, tensors)` books what a list of tensors holds (`tensor.nbytes` each) on the item;
# - `by_dtype(side="predicted")` returns `{dtype: bytes}`, all items together, for the dtypes that were booked on that side (`"predicted"` or `"measured"`).
#
# <details><summary>Hint: an __init__ of its own</summary>
# The class needs a place for the dtypes: <code>super().__init__()</code> first, then your own dict for each side.
# </details>

# %% exercise="typed_ledger"
# exercise: typed_ledger
class TypedLedger(lesson.Ledger):
    """A ledger that knows in which formats the bytes lie."""

    def __init__(self):
        """Empty books."""
        ### BEGIN SOLUTION
        super().__init__()
        self.kinds = {"predicted": {}, "measured": {}}
        ### END SOLUTION

    def predict_numbers(self, item: str, count: int, dtype: torch.dtype) -> None:
        """Book the predicted bytes of so many numbers."""
        ### BEGIN SOLUTION
        size = count * dtype.itemsize
        self.kinds["predicted"][dtype] = self.kinds["predicted"].get(dtype, 0) + size
        self.predict(item, bytes=size)
        ### END SOLUTION

    def measure_numbers(self, item: str, tensors: list[torch.Tensor]) -> None:
        """Book the measured bytes of tensors."""
        ### BEGIN SOLUTION
        for tensor in tensors:
            self.kinds["measured"][tensor.dtype] = self.kinds["measured"].get(tensor.dtype, 0) + tensor.nbytes
            self.measure(item, bytes=tensor.nbytes)
        ### END SOLUTION

    def by_dtype(self, side: str = "predicted") -> dict[torch.dtype, int]:
        """The bytes of each dtype on one side of the books."""
        ### BEGIN SOLUTION
        return dict(self.kinds[side])
        ### END SOLUTION

# %% check="typed_ledger" points=3
books = TypedLedger()
books.predict_numbers("weights", 100, torch.bfloat16)
books.predict_numbers("master copy", 100, torch.float32)
books.predict_numbers("states", 200, torch.float32)
check.equal(books.by_dtype(), {torch.bfloat16: 200, torch.float32: 1200}, of="by_dtype() of three items", suspects={
    "counted in bytes, not in numbers?": {torch.bfloat16: 100, torch.float32: 300}, "two items in one dtype add up": {torch.bfloat16: 200, torch.float32: 800}})
check.close(books.total("bytes"), 1400.0, of='total("bytes")', hint="is it booked on the item, too?")
books.measure_numbers("weights", [torch.zeros(3, dtype=torch.float16), torch.zeros(2)])
check.equal(books.by_dtype("measured"), {torch.float16: 6, torch.float32: 8}, of='by_dtype("measured")')
### BEGIN HIDDEN TESTS
check.equal(books.by_dtype(), {torch.bfloat16: 200, torch.float32: 1200}, of="by_dtype() after a measurement", hint="does each side have books of its own?")
check.equal(TypedLedger().by_dtype(), {}, of="a new ledger", hint="does every ledger have books of its own?")
check.equal(sorted(books.missing()), [("master copy", "bytes"), ("states", "bytes")], of="missing()")
books.measure_numbers("weights", [torch.zeros(4, 5, dtype=torch.float8_e5m2), torch.zeros(7, dtype=torch.int64)])
check.equal(books.by_dtype("measured"), {torch.float16: 6, torch.float32: 8, torch.float8_e5m2: 20, torch.int64: 56}, of="four dtypes measured")
check.close([books.total("bytes", "measured"), books.reconcile()["weights", "bytes"]], [90.0, 0.45], of="the total, and weights reconciled")
### END HIDDEN TESTS

# %% [markdown]
# **Predict, measure, reconcile**: what a layer keeps for its backward pass, without autocast and with it. Half, because the activations are 16-bit?

# %% tags=["demo"]
net, rows = nn.Sequential(nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, 256)).to(device), torch.randn(64, 256, device=device)
for under in (False, True):
    books, seen = TypedLedger(), {}
    low = torch.bfloat16 if under else torch.float32
    books.predict_numbers("activations", 64 * (256 + 512), low)
    weights = {p.untyped_storage().data_ptr() for p in net.parameters()}

    def keep(tensor, seen=seen, weights=weights):
        if tensor.untyped_storage().data_ptr() not in weights:
            seen[tensor.untyped_storage().data_ptr()] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor), torch.autocast(device.type, dtype=torch.bfloat16, enabled=under):
        alive = net(rows)
    books.measure_numbers("activations", [t for t in seen.values() if len(t) == 64])
    books.measure_numbers("copies of weights", [t for t in seen.values() if len(t) != 64])
    print(f"autocast {under}:\n{books}\n{books.by_dtype('measured')}\n")

# %% [markdown]
# **Reconcile.** The activations are halved, as predicted. And something nobody ordered: under autocast each float32 weight is copied into 16 bits, and the copy is kept for the backward pass. On a small batch those copies can be larger than what was saved.
#
# ## 5 · A loss scaler
#
# float16 has a second trouble, as you saw: gradients of 1e-8 become zero. The mend is to multiply before they are computed ([loss scaling](docs/glossary.md#loss-scaling)). Scale the **loss** by $S = 65{,}536$, and by the chain rule every gradient is scaled by $S$. Before the step, in float32, divide by $S$. (bfloat16 has the range of float32 and needs none of this.)
#
# How large may $S$ be? As large as goes without overflow, and that changes during training. So it is found by trying:
#
# | after a backward pass | do |
# |---|---|
# | some gradient is inf or NaN | skip this step; halve $S$ |
# | all finite | divide by $S$, clip, step; after `interval` good steps in a row, double $S$ |
#
# ### Exercise 5.1 · The scaler
# ●●●●○ · 15 minutes · 6 points
#
# Complete the class. A `Scaler` starts at `scale`, multiplies it by `growth` (2 in the table) or by `backoff` (one half), and counts good steps up to `interval`. The present scale is always in the attribute `scale`.
#
# - `scale_loss(loss)` returns the loss times the scale.
# - `step(grads, update)` is called after the backward pass with a list of gradients (tensors) and a function that makes the optimiser's step. If all are finite: **divide them by the scale in place**, call `update(grads)` once, count one good step; at `interval` good steps in a row multiply the scale by `growth` and begin counting anew. Otherwise: do not call `update`, leave the gradients, multiply the scale by
#   `backoff`, begin counting anew. It returns `True` if a step was made, else `False`.
#
# Clipping belongs into `update`, so it sees gradients that are divided already. Clipped before, they would be measured in the wrong unit.

# %% exercise="scaler"
# exercise: scaler
class Scaler:
    """Dynamic loss scaling: large enough that small gradients survive, small enough that large ones do."""

    def __init__(self, scale: float = 65536.0, growth: float = 2.0, backoff: float = 0.5, interval: int = 2000):
        """A scaler that has seen nothing yet. `scale` is an attribute that may be read at any time."""
        ### BEGIN SOLUTION
        self.scale, self.growth, self.backoff, self.interval = scale, growth, backoff, interval
        self.good = 0
        ### END SOLUTION

    def scale_loss(self, loss):
        """The loss that backward() is called on."""
        ### BEGIN SOLUTION
        return loss * self.scale
        ### END SOLUTION

    def step(self, grads, update) -> bool:
        """Unscale and update(grads), or skip; adapt the scale. Returns: whether update was called."""
        ### BEGIN SOLUTION
        if not all(torch.isfinite(grad).all() for grad in grads):
            self.scale *= self.backoff
            self.good = 0
            return False
        for grad in grads:
            grad.div_(self.scale)
        update(grads)
        self.good += 1
        if self.good == self.interval:
            self.scale *= self.growth
            self.good = 0
        return True
        ### END SOLUTION

# %% check="scaler" points=4
scaler = Scaler(scale=8.0, interval=2)
check.close(float(scaler.scale_loss(torch.tensor(3.0))), 24.0, of="a loss of 3 at scale 8")
grads, made = [torch.tensor([8.0, 16.0])], []
check.equal(scaler.step(grads, lambda given: made.append(given[0].tolist())), True, of="finite gradients")
check.equal(made, [[1.0, 2.0]], of="what update saw", suspects={"divided before update, not after": [[8.0, 16.0]]}, hint="called once, with the divided gradients?")
check.close(grads[0], torch.tensor([1.0, 2.0]), of="the gradients after the step", hint="divided in place?")
grads = [torch.tensor([1.0]), torch.tensor([math.inf])]
check.equal(scaler.step(grads, lambda given: made.append("stepped")), False, of="a gradient that is inf")
check.equal(len(made), 1, of="calls of update", hint="is the step skipped?")
check.close(scaler.scale, 4.0, of="the scale after an overflow")
### BEGIN HIDDEN TESTS
scaler = Scaler(scale=1024.0, growth=4.0, backoff=0.25, interval=3)
script, scales, steps = "ggxgggnggggggxx", [], 0
for sign in script:
    grads = [torch.ones(2) * scaler.scale, torch.tensor([{"g": 1.0, "x": -math.inf, "n": math.nan}[sign]])]
    before, seen = scaler.scale, []
    stepped = scaler.step(grads, lambda given, seen=seen: seen.append(given[0].clone()))
    check.equal(stepped, sign == "g", of=f"what step() returns for {'good' if sign == 'g' else 'bad'} gradients", hint="is NaN noticed, too?")
    if stepped:
        check.close(seen[0], torch.ones(2), of=f"unscaled gradients at scale {before:g}", hint="divided by the scale that the loss was multiplied with, before it grows")
    scales.append(scaler.scale)
want, now, good = [], 1024.0, 0
for sign in script:
    good = good + 1 if sign == "g" else 0
    now = now * 0.25 if sign != "g" else now * 4.0 if good == 3 else now
    good = 0 if good == 3 else good
    want.append(now)
check.close(scales, want, of="the scale after each of fifteen scripted steps", hint="does an overflow begin the count anew, and does growing begin it anew?")
### END HIDDEN TESTS

# %% check="scaler" part="training" points=2
weight = torch.tensor([0.5], requires_grad=True)
scaler = Scaler(scale=65536.0, interval=5)
loss = (weight * 1e-8).half().float().sum() * 0 + (weight * 1e-8).sum()
scaler.scale_loss(loss).backward()
survives = weight.grad.half().float()
check.that(survives.item() > 0, expected="a gradient of 1e-8, scaled, to survive float16", got="yours is zero there", hint="is the loss multiplied by the scale?")
scaler.step([weight.grad], lambda given: None)
check.close(weight.grad, torch.tensor([1e-8]), rtol=1e-5, atol=0, of="the same gradient after step()")
### BEGIN HIDDEN TESTS
scaler, made = Scaler(scale=4.0, interval=1), []
for _ in range(4):
    scaler.step([torch.tensor([2.0])], lambda given: made.append(1))
check.close(scaler.scale, 64.0, of="the scale after four good steps at interval 1")
check.equal(len(made), 4, of="calls of update")
gone = [torch.tensor([4.0]), torch.tensor([math.nan])]
scaler.step(gone, lambda given: None)
check.close(gone[0], torch.tensor([4.0]), of="a finite gradient beside a NaN", hint="a skipped step leaves the gradients")
check.close(Scaler().scale, 65536.0, of="the scale of a new Scaler")
### END HIDDEN TESTS

# %% [markdown]
# PyTorch's own is `torch.amp.GradScaler("cuda")`: `scaler.scale(loss).backward()`, `scaler.unscale_(optimizer)` before clipping, `scaler.step(optimizer)`, `scaler.update()`. Now you know what each of the four lines does, and why a skipped step now and then is health, not sickness. Here they are at work, on whatever device this is:

# %% tags=["demo"]
torch.manual_seed(SEED)
net = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 1)).to(device)
optimizer = torch.optim.AdamW(net.parameters(), lr=0.01)
amp_scaler = torch.amp.GradScaler(device.type, init_scale=2.0**24, growth_interval=50)
gauges, levels, _ = (part.to(device) for part in river(SEED))
for step in range(151):
    optimizer.zero_grad()
    with torch.autocast(device.type, dtype=torch.float16):
        error = net(gauges).squeeze(1).float() - levels
        loss = error.square().mean()
    amp_scaler.scale(loss).backward()
    amp_scaler.unscale_(optimizer)                          # before clipping
    norm = nn.utils.clip_grad_norm_(net.parameters(), 5.0)
    amp_scaler.step(optimizer)                              # left out, if something is inf
    amp_scaler.update()
    if step in (0, 5, 50, 100, 150):
        print(f"step {step:3}  loss {loss.item():8.4f}   gradient norm {norm.item():8.3g}   scale then {amp_scaler.get_scale():,.0f}")

# %% [markdown]
# The first steps overflow, on purpose: the scale starts far too high, backs off, and training begins. Now the order of two of those lines. Clipping ([lesson 02](release/02_autograd/02_autograd.ipynb)) shortens a gradient to a length. Do it before the gradients are divided, and the length is in the wrong unit:

# %% tags=["demo"]
true, S = torch.tensor([3.0, 4.0]), 65536.0                # a gradient of length 5
for order in ("unscale, then clip to 1", "clip to 1, then unscale"):
    weight = nn.Parameter(torch.zeros(2))
    weight.grad = true * S
    if order.startswith("unscale"):
        weight.grad /= S
    nn.utils.clip_grad_norm_([weight], 1.0)
    if order.startswith("clip"):
        weight.grad /= S
    print(f"{order:25} the step has length {weight.grad.norm():.2g}")

# %% [markdown]
# One of them trains. The other crawls at a sixty-five-thousandth of the speed, without a word.
#
# The story of a scale, by your own scaler:

# %% tags=["demo"]
scaler, history = Scaler(scale=2.0**10, interval=20), []
for step in range(200):
    limit = 2.0**14 if step < 100 else 2.0**11            # what the gradients can stand, and it changes
    grad = torch.tensor([math.inf if scaler.scale > limit else 1.0])
    scaler.step([grad], lambda given: None)
    history.append(scaler.scale)
fig, ax = plt.subplots(figsize=(7, 2.6))
ax.step(range(200), history, color="#0072B2")
ax.set(yscale="log", xlabel="step", ylabel="scale")
lesson.show(fig, alt=f"The loss scale over 200 steps, logarithmic. It doubles every 20 good steps from 1,024 to {max(history):,.0f}, is thrown back by each overflow, and after step 100, "
            f"where gradients grow, falls to {min(history[100:]):,.0f} and probes upwards again and again.")

# %% [markdown]
# ## 6 · Which format for which machine?
#
# *Compute capability* is NVIDIA's number for what a chip can do:
#
# | compute capability | cards | units for 16 bits |
# |---|---|---|
# | none | CPU | none worth counting on |
# | below 7.0 | P100 | none: float16 is stored, and computed slowly |
# | 7.0 to 7.9 | V100, T4 | float16 |
# | 8.0 and above | A100, L4, H100 | float16 and bfloat16 |
#
# ### Exercise 6.1 · Choose
# ●●○○○ · 5 minutes · 2 points
#
# Write `choose(capability)`; `capability` is `None` (no GPU) or what `torch.cuda.get_device_capability()` gives, a pair such as `(7, 5)`. Return `(dtype, scaler)`: the dtype for autocast, or `torch.float32` where it brings nothing, and whether a loss scaler is needed. Prefer bfloat16 where there are units for it.

# %% exercise="choose"
# exercise: choose
def choose(capability: tuple[int, int] | None) -> tuple[torch.dtype, bool]:
    """(dtype for autocast, whether it needs a loss scaler). capability: (major, minor) of the GPU, None for a CPU."""
    ### BEGIN SOLUTION
    if capability is None or capability < (7, 0):
        return torch.float32, False
    if capability < (8, 0):
        return torch.float16, True
    return torch.bfloat16, False
    ### END SOLUTION

# %% check="choose" points=2
check.equal(choose((7, 5)), (torch.float16, True), of="a T4")
check.equal(choose(None), (torch.float32, False), of="no GPU")
### BEGIN HIDDEN TESTS
for card, capability, want in (("P100", (6, 0), (torch.float32, False)), ("V100", (7, 0), (torch.float16, True)), ("A100", (8, 0), (torch.bfloat16, False)),
                               ("L4", (8, 9), (torch.bfloat16, False)), ("H100", (9, 0), (torch.bfloat16, False)), ("a GTX 1080", (6, 1), (torch.float32, False))):
    check.equal(choose(capability), want, of=card, hint="a scaler only where the range is small")
### END HIDDEN TESTS

# %% [markdown]
# One thing the chip does not tell you. `torch.cuda.is_bf16_supported()` says *True* on a T4: it can be emulated, slowly. Ask for the capability.
#
# **Predict → measure → reconcile**: the price of a product in each format on this machine.

# %% tags=["demo"]
def per_second(dtype: torch.dtype, n: int) -> float:
    """GFLOP/s of a product of two n × n matrices."""
    a, b = (torch.randn(n, n, device=device).to(dtype) for _ in range(2))
    times = []
    for _ in range(6):
        lesson.synchronize(device)
        began = time.perf_counter()
        a @ b
        lesson.synchronize(device)
        times.append(time.perf_counter() - began)
    return 2 * n**3 / sorted(times[1:])[2] / 1e9

n = 4096 if settings.full and device.type == "cuda" else 256
print(f"on {device}: " + ", ".join(f"{str(kind).removeprefix('torch.')} {per_second(kind, n):.1f} GFLOP/s" for kind in (torch.float32, torch.bfloat16, torch.float16)))

# %% written="why_formats" points=2
# **Reconcile** (3 minutes · 2 points). Which format was quickest on your machine, by how much, and is that what the table above led you to expect? Give the numbers of your run and one reason.
#
# ### BEGIN SOLUTION
# Gives the three rates of the run and compares them with the table: on a CPU without units for 16 bits float32 is as quick or quicker, because numbers are converted on the way; with such units (AMX, AVX512-BF16) bfloat16 wins. On a T4 float16 is several times float32 and bfloat16 is slow, since it is
# emulated; on an A100 or later both 16-bit formats are far ahead. Two points: numbers and a fitting reason; one point: only one of the two.
# ### END SOLUTION

# %% [markdown]
# ## 7 · When it breaks
#
# **The loss is NaN.** Find the first step that made one. `torch.autograd.set_detect_anomaly(True)` names the forward line whose backward gave NaN (and makes everything slow: for the hunt only).

# %% tags=["demo"]
w = torch.tensor([0.0], requires_grad=True)
try:
    with torch.autograd.set_detect_anomaly(True, check_nan=True):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            (w.sqrt() * 0).sum().backward()
except RuntimeError as error:
    print(f"RuntimeError: {error}")
safe = torch.where(w > 0, w, torch.ones(())).sqrt()       # mended: no root of zero is ever taken
print("mended:", torch.where(w > 0, safe, torch.zeros(())).sum().item())

# %% [markdown]
# The usual suspects: `log(0)`, `0/0`, the root of 0 in a backward pass, `exp` of something large, a learning rate that is too high. Clipping the gradient is first aid; it does not cure.
#
# **"mat1 and mat2 must have the same dtype".** 16 and 32 bits met in a matrix product outside of autocast. Mended: the product inside the block, or one `.to(…)`.

# %% tags=["demo"]
layer, x = nn.Linear(4, 2), torch.randn(3, 4).bfloat16()
try:
    layer(x)
except RuntimeError as error:
    print(f"RuntimeError: {error}")
with torch.autocast("cpu", dtype=torch.bfloat16):
    print("mended:", layer(x).dtype)

# %% [markdown]
# **The scale falls to zero.** Every step overflows, because something is infinite at any scale: look for a NaN in the data or in the loss itself.
#
# ## Takeaways
#
# - Exponent bits are range, mantissa bits are precision, and precision is relative.
# - float16: little range, so it needs a scaler. bfloat16: little precision, so it needs sums in float32. Both need master weights.
# - Multiply in 16 bits, add up in 32.
# - Subtract the maximum before you exponentiate.
# - Mixed precision buys time and activations, not weights and states.
#
# **Words from this lesson:** [bfloat16](docs/glossary.md#bfloat16) · [mantissa](docs/glossary.md#mantissa) · [NaN](docs/glossary.md#nan) · [autocast](docs/glossary.md#autocast) · [mixed precision](docs/glossary.md#mixed-precision) · [loss scaling](docs/glossary.md#loss-scaling) · [subnormal](docs/glossary.md#subnormal) · [dtype](docs/glossary.md#dtype)
#
# **Read next:** Micikevicius and others, *Mixed precision training* (2018), the paper with the scaler. Goldberg, *What every computer scientist should know about floating-point arithmetic* (1991). PyTorch's page on automatic mixed precision, with the lists of operators.
#
# **Next lesson:** what all these numbers are trained on.

# %% tags=["demo"]
lesson.hand_in("06_precision")
