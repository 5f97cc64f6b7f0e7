# %% [markdown]
# ## The loss that preferred the wrong answer
#
# Ines bakes bread in Porto. She has a year of sales, 364 numbers, and a small model that predicts tomorrow's. After an evening
# of training it says 120 loaves. For Monday, 120. For Saturday, when the queue reaches the church, 120.
#
# So she tests the [loss](docs/glossary.md#loss) itself, the one number that training makes as small as it can; hers is the mean
# of the squared errors. She hands it the *right answers* as predictions. A perfect prediction has a squared error of 0. Then she
# hands it the lazy answer, 120 for every day.
#
# **Predict.** Which of the two gets the lower loss? Say it aloud, then run the next two cells.

# %% tags=["fixture"]
import torch

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)

# %% tags=["demo"]
week = torch.tensor([90.0, 110.0, 120.0, 120.0, 130.0, 160.0, 110.0])   # loaves, Monday to Sunday
sales = week.repeat(52)                                                # [364]: a year of such weeks

perfect = sales.reshape(364, 1)            # [364, 1]: what a model with one output per day returns
lazy = torch.full((364, 1), 120.0)         # [364, 1]: 120 every day

print("loss of the perfect prediction:", ((perfect - sales) ** 2).mean().item())
print("loss of the lazy prediction:   ", ((lazy - sales) ** 2).mean().item())

# %% [markdown]
# **Measure:** 800 for the perfect prediction, 400 for the lazy one. No error, no warning. The model learnt exactly what this
# loss asked of it.
#
# Not one number in that cell is wrong. A *shape* is: `[364, 1]` minus `[364]` is not what Ines thinks it is. You will see what
# it is in section 4, mend it in section 13, and explain the 400 to her in your own words.
#
# The question of this lesson: **what can you know about a line of tensor code before you run it?** The answer is four things,
# all of them computable with a pencil:
#
# 1. its **shape**,
# 2. its **dtype**,
# 3. its **bytes**,
# 4. whether it **shares memory** with something else.
#
# The method is the same in every lesson of this course. **Predict:** write the number down. **Measure:** run the cell.
# **Reconcile:** if they differ, one of you is wrong; find out which.

# %% [markdown]
# ## 1 · A tensor is numbers and a promise
#
# A [tensor](docs/glossary.md#tensor) is a block of numbers of one kind, with a promise attached: how many
# [axes](docs/glossary.md#axis) there are, how long each one is (the [shape](docs/glossary.md#shape)), which kind of number it
# holds (the [dtype](docs/glossary.md#dtype)) and which machine part it lives on (the [device](docs/glossary.md#device)).
#
# | in words | shape | an example |
# |---|---|---|
# | scalar, 0 axes | `[]` | one loss |
# | vector, 1 axis | `[364]` | a year of sales |
# | matrix, 2 axes | `[364, 7]` | seven measurements for each day |
# | 4 axes | `[32, 3, 28, 28]` | a batch of 32 colour pictures of 28 × 28 |
#
# **Predict.** One of the four tensors below does not hold float32. Which one, and why?

# %% tags=["demo"]
examples = {
    "scalar": torch.tensor(3.5),
    "vector": torch.tensor([1.0, 2.0, 3.0]),
    "matrix": torch.tensor([[1, 2], [3, 4], [5, 6]]),      # 3 rows of 2
    "images": torch.zeros(32, 3, 28, 28),                  # [batch, channel, height, width]
}
for name, t in examples.items():
    print(f"{name}: axes {t.ndim}, shape {tuple(t.shape)}, numbers {t.numel()}, {t.dtype}, {t.device}")
print("a scalar as a Python number:", examples["scalar"].item())
print("moved to this machine's best device:", torch.zeros(3).to(settings.device).device)

# %% [markdown]
# The matrix was built from Python integers, so it holds int64. One decimal point in the list makes it float32. A network that
# expects float32 will refuse the first kind: dtype is part of the promise.
#
# You will seldom type numbers by hand. These make tensors of any shape:
#
# | call | holds |
# |---|---|
# | `torch.zeros(2, 3)`, `torch.ones(2, 3)`, `torch.full((2, 3), 7.0)` | one value, everywhere |
# | `torch.rand(2, 3)` | random, **uniform on [0, 1)**: 0 can occur, 1 cannot |
# | `torch.randn(2, 3)` | random, normal: mean 0, standard deviation 1 |
# | `torch.arange(2, 11, 3)` | 2, 5, 8: starts at 2, steps by 3, stops **before** 11 |
# | `torch.empty(2, 3)` | whatever lay in that memory: fill it before you read it |
# | `torch.zeros_like(x)` | zeros, in the shape and dtype and on the device of `x` |
#
# **Predict** for a million numbers each: the mean of `rand`, the largest of `rand`, the mean of `randn`, the share of `randn`
# below 0.

# %% tags=["demo"]
uniform, normal = torch.rand(1_000_000), torch.randn(1_000_000)
below = (normal < 0).float().mean()
print(f"rand:  mean {uniform.mean():.3f}, from {uniform.min():.8f} to {uniform.max():.8f}")
print(f"randn: mean {normal.mean():.3f}, standard deviation {normal.std():.3f}, below 0: {below:.3f}")

weights = torch.empty(4, 8)                       # not a value yet, only room for 32 numbers
torch.nn.init.uniform_(weights, -0.5, 0.5)        # an initialiser fills it; the _ says: in place
print(f"initialised: from {weights.min():.2f} to {weights.max():.2f}")

# %% [markdown]
# About 0.5, just under 1, about 0, about one half. If you expected half of `rand` to be negative, you mixed up the two. It is easily
# done, and it shows: an "image" made with `randn` has negative pixels.
#
# A name that ends in an underscore (`uniform_`, `add_`, `zero_`) writes into the tensor that it is called on. PyTorch keeps to
# that rule everywhere.

# %% [markdown]
# ## 2 · Which kind of number, how many bytes
#
# A dtype says how many bytes each number takes and what fits into them.
#
# **Predict.** How many bytes does one number take in each dtype of the next cell? And what does 70000 become in float16?

# %% tags=["demo"]
for dtype in (torch.float32, torch.float16, torch.bfloat16, torch.int64, torch.int16, torch.bool):
    size = torch.empty(0, dtype=dtype).element_size()
    if dtype.is_floating_point:
        info = torch.finfo(dtype)
        holds = f"largest {info.max:.3g}, next number after 1 is 1 + {info.eps:.2g}"
    elif dtype is torch.bool:
        holds = "False or True"
    else:
        holds = f"from {torch.iinfo(dtype).min} to {torch.iinfo(dtype).max}"
    print(f"{str(dtype):15} {size} B  {holds}")

x = torch.tensor([0.0, 3.7, -3.7, 70000.0])
print(x.to(torch.float16), x.to(torch.int64), x.to(torch.bool), sep="\n")

# %% [markdown]
# Three things to take from this. float16 ends at 65,504, so 70000 became `inf`. Conversion to an integer cuts towards
# zero: −3.7 became −3. And a bool takes a whole byte, eight times what the information needs.
#
# `x.to(dtype)` converts, `x.to(device)` moves. Both return their result and leave `x` as it was.
#
# ### When two dtypes meet
#
# [Type promotion](docs/glossary.md#type-promotion) has three rules:
#
# 1. The kinds are ordered: bool < integer < floating point. The higher kind wins, **with its own size**.
# 2. Within a kind, the smallest dtype that can hold both wins. float16 and bfloat16 cannot hold each other's numbers, so they
#    meet in float32.
# 3. A Python number (or a tensor without axes) changes the dtype only when it is of a higher kind.
#
# **Predict** the six dtypes before you run the cell. Take your time over the second and the fourth.

# %% tags=["demo"]
half, brain = torch.ones(3, dtype=torch.float16), torch.ones(3, dtype=torch.bfloat16)
whole, flags = torch.arange(3), torch.tensor([True, False, True])
results = {
    "int64 / int64": whole / whole.clamp(min=1),
    "float16 + int64": half + whole,
    "float16 + bfloat16": half + brain,
    "float16 + 0.1": half + 0.1,
    "int64 + 0.1": whole + 0.1,
    "bool.sum()": flags.sum(),
}
for name, value in results.items():
    print(f"{name:20} → {value.dtype}")

# %% [markdown]
# `float16 + int64` stays float16: a floating point dtype outranks every integer, however wide. `half + 0.1` stays float16 by
# rule 3. Division with `/` always leaves the integers. And the sum of bools is int64, because a sum of bools is a count.
#
# ### Bytes
#
# $$\text{bytes} = \text{numel} \times \text{element size}$$
#
# where `numel` is the product of the shape. A `[4, 8]` float32 tensor: 32 numbers of 4 bytes, **128 B**. Check it:

# %% tags=["demo"]
small = torch.zeros(4, 8)
count, each = small.numel(), small.element_size()
print(f"{count} numbers × {each} B = {count * each} B; nbytes says {small.nbytes}")

# %% [markdown]
# ### How the exercises work
#
# Replace each `...`, and each `# YOUR CODE HERE` with the `raise` under it, by your answer. The cell below an exercise **checks** it at once, as often as you like, and says
# what is wrong. For most exercises more checks run after you have handed in, with other inputs; they ask for nothing that the text and the docstring
# do not say. Hints are folded up. Try first.
#
# ### Exercise 2.1 · One matrix of GPT-3
# ●○○○○ · 2 minutes · 1 point
#
# GPT-3, a language model of 2020, has 96 layers, which its numbers pass one after the other. In each, a matrix of shape
# `[49152, 12288]` takes the features (the numbers that stand for one piece of text) from wide back to narrow. How many **MiB** does
# one such matrix take in float32? 1 MiB = 2²⁰ B = 1,048,576 B. A pocket calculator is allowed, running PyTorch is not.
#
# <details><summary>Hint: round numbers hide in there</summary>
# 49152 = 48 · 2¹⁰ and 12288 = 12 · 2¹⁰. The product of the two powers is the 2²⁰ that you divide by.
# </details>

# %% exercise="predict_gpt3"
# exercise: predict_gpt3
# How many MiB? Replace the ... by your number.
### BEGIN SOLUTION
gpt3_matrix_mib = 2304.0
### END SOLUTION

# %% check="predict_gpt3" points=1
numbers = 49152 * 12288
suspects = {
    "That counts numbers (in units of 2**20). How many bytes does one float32 take?": numbers / 2**20,
    "That is the size in a 16-bit dtype. How many bytes does a float32 take?": numbers * 2 / 2**20,
    "That is the size in a 64-bit dtype. How many bytes does a float32 take?": numbers * 8 / 2**20,
    "That is in MB (10**6 bytes). One MiB is 2**20 bytes.": numbers * 4 / 10**6,
    "That is in bytes. How many MiB are they?": numbers * 4,
    "That is in GiB (2**30 bytes). The question asks for MiB.": numbers * 4 / 2**30,
}
check.close(gpt3_matrix_mib, numbers * 4 / 2**20, reveal=False, rtol=1e-3, suspects=suspects,
            of="one matrix in MiB", hint="bytes = numel × element size, and MiB = bytes / 2**20.")

# %% [markdown]
# Measure it without owning that much memory. The [meta device](docs/glossary.md#meta-device) makes tensors that have a shape
# and a dtype and no numbers at all:

# %% tags=["demo"]
matrix = torch.empty(49152, 12288, device="meta")
print(f"one matrix:              {matrix.nbytes / 2**20:.0f} MiB")
print(f"in bfloat16:             {matrix.to(torch.bfloat16).nbytes / 2**20:.0f} MiB")
print(f"two in each of 96 layers: {96 * 2 * matrix.nbytes / 2**30:.0f} GiB")

# %% [markdown]
# **Reconcile.** 48 · 12 · 4 = 2304 MiB. There is a second matrix of the same size in each layer (narrow to wide), so the
# these two matrices alone take 432 GiB (1 GiB = 1,024 MiB) in float32 over all layers. That is why lesson 05 is about memory and lesson 06 about smaller dtypes.

# %% [markdown]
# ## 3 · Picking numbers out
#
# Two rules carry you through nearly all indexing:
#
# - **An integer takes the axis away. A slice keeps it.** `x[0]` of a `[3, 4]` is `[4]`; `x[0:1]` is `[1, 4]`.
# - **Slices are half-open.** `x[2:5]` holds places 2, 3 and 4: five minus two makes three. Negative places count from the end:
#   `x[-1]` is the last one, and `x[:-1]` is everything *but* the last one.
#
# `...` stands for "all axes that I did not mention", and `None` puts in a new axis of length 1.
#
# **Predict** the shape on each line. `x` is `[2, 3, 4]`.

# %% tags=["demo"]
x = torch.arange(24).reshape(2, 3, 4)
looks = {
    "x[0]": x[0], "x[0:1]": x[0:1], "x[:, -1]": x[:, -1], "x[:, :-1]": x[:, :-1],
    "x[..., 0]": x[..., 0], "x[:, :, ::2]": x[:, :, ::2], "x[:, None]": x[:, None],
    "x[1, 2, 3]": x[1, 2, 3], "x[[0, 1, 1]]": x[[0, 1, 1]],
}
for name, value in looks.items():
    print(f"{name:14} {list(value.shape)}")

# %% [markdown]
# The last one picks whole blocks by a *list* of places: 0, then 1, then 1 again. Places may repeat.
#
# ### Masks and gather
#
# A [mask](docs/glossary.md#mask) is a bool tensor of the same shape: `x[mask]` keeps the places where it is True and forgets the shape (the result
# has one axis). `torch.where(mask, a, b)` keeps the shape.
#
# [gather](docs/glossary.md#gather) answers "one pick from each row, a different column each time". Training uses it all day long: *what score did the model give
# the right word?*
#
# **Predict.** The scores below are 3 rows of 4 words, the right words are 2, 0 and 3. Which three scores come out?

# %% tags=["demo"]
busy = sales > 125
print(f"busy days: {busy.sum()} of {busy.numel()}, with {sales[busy].mean():.0f} loaves on average")

scores = torch.tensor([[0.1, 0.2, 0.6, 0.1],
                       [0.7, 0.1, 0.1, 0.1],
                       [0.3, 0.3, 0.2, 0.2]])        # [row, word]
right = torch.tensor([2, 0, 3])                      # [row], int64
picked = scores.gather(1, right[:, None])            # along axis 1
print("gather:", picked.shape, picked.squeeze(1))
print("the same with two lists of places:", scores[torch.arange(3), right])

# %% [markdown]
# 0.6, 0.7 and 0.2. Note the `right[:, None]`: `gather` wants `[3, 1]`, not `[3]`, and returns `[3, 1]`.

# %% [markdown]
# ## 4 · When shapes differ: broadcasting
#
# Arithmetic (`+ - * / ** > ==`) works element by element. When the shapes differ, [broadcasting](docs/glossary.md#broadcasting)
# stretches them to a common shape, if it can:
#
# 1. Write both shapes **right-aligned**.
# 2. Fill missing axes on the left with 1.
# 3. Axis by axis: equal is fine; a **1 stretches** to the other's length; anything else is an error.
#
# | | | | |
# |---|---|---|---|
# | `a` | 5 | 3 | 1 |
# | `b` | | 1 | 4 |
# | `a + b` | 5 | 3 | 4 |
#
# In a picture, for `[3, 1] + [4]`. Pale boxes are not stored anywhere: they are the same numbers, read again.

# %% tags=["demo"]
# This lesson's drawing tool. Nothing to learn here: run it and go on.
import matplotlib.pyplot as plt


def boxes(ax, labels, colours, title, cmap="Blues"):
    """Draw a table of boxes. labels: nested lists of texts. colours: numbers 0 to 1, same shape."""
    ax.imshow(torch.as_tensor(colours).float(), cmap=cmap, vmin=0, vmax=1, aspect="equal")
    for row, line in enumerate(labels):
        for column, label in enumerate(line):
            ax.text(column, row, label, ha="center", va="center", fontsize=9)
    ax.set_xticks(torch.arange(len(labels[0]) + 1) - 0.5, minor=True)
    ax.set_yticks(torch.arange(len(labels) + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="white", linewidth=2)
    ax.grid(which="major", visible=False)
    ax.tick_params(which="both", length=0)
    ax.set(xticks=[], yticks=[])
    ax.set_title(title, fontsize=10)

# %% tags=["demo"]
a, b = torch.tensor([[0], [10], [20]]), torch.tensor([1, 2, 3, 4])     # [3, 1] and [4]
pale_a, pale_b = torch.full((3, 4), 0.12), torch.full((3, 4), 0.12)
pale_a[:, 0], pale_b[0] = 0.5, 0.5                                    # the numbers that are stored
fig, axes = plt.subplots(1, 3, figsize=(10, 2.6))
boxes(axes[0], a.expand(3, 4).tolist(), pale_a, "a: [3, 1] stretched to [3, 4]")
boxes(axes[1], b.expand(3, 4).tolist(), pale_b, "b: [4] is [1, 4], stretched to [3, 4]")
boxes(axes[2], (a + b).tolist(), torch.full((3, 4), 0.5), "a + b: [3, 4]")
lesson.show(fig, alt="Three 3 by 4 tables. a repeats its column 0, 10, 20 four times. b repeats its row "
                     "1, 2, 3, 4 three times. Their sum: 1 2 3 4, then 11 12 13 14, then 21 22 23 24.")

# %% [markdown]
# ### Exercise 4.1 · What Ines computed
# ●○○○○ · 2 minutes · 1 point
#
# `perfect` has shape `[364, 1]`, `sales` has shape `[364]`. How many numbers does `perfect - sales` hold, the ones whose squares
# she then averaged? Apply the three rules with a pencil.

# %% exercise="predict_pairs"
# exercise: predict_pairs
# How many numbers? Replace the ... by your number (Python may multiply for you).
### BEGIN SOLUTION
numbers_in_difference = 364 * 364
### END SOLUTION

# %% check="predict_pairs" points=1
difference = torch.zeros(364, 1) - torch.zeros(364)
suspects = {
    "So it would be with equal shapes. Right-aligned, which axis of [364, 1] is over the 364?": 364.0,
    "They are not put after each other: each of the 364 rows meets each of the 364 columns.": 728.0,
}
check.close(numbers_in_difference, float(difference.numel()), reveal=False, suspects=suspects,
            of="numbers in [364, 1] - [364]",
            hint="Write the two shapes right-aligned, fill up with 1, and see which axes stretch.")

# %% tags=["demo"]
days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
difference = perfect - sales
print("the whole year:", list(difference.shape), "=", difference.numel(), "numbers")
table = week.reshape(7, 1) - week                     # [7, 1] - [7]: one week of her difference
labels = [[f"{value:.0f}" for value in row] for row in table]
fig, ax = plt.subplots(figsize=(4.6, 4.6))
boxes(ax, labels, table.abs() / 130 + 0.08, "prediction of the row's day − sales of the column's day")
ax.set_xticks(range(7), labels=days)
ax.set_yticks(range(7), labels=days)
for day in range(7):                                  # what she meant: each day with itself
    corner = (day - 0.5, day - 0.5)
    ax.add_patch(plt.Rectangle(corner, 1, 1, fill=False, edgecolor="crimson", linewidth=2))
lesson.show(fig, alt="A 7 by 7 table of differences between days. The diagonal, outlined in red, is 0. Elsewhere "
                     "the values run from -70 (Monday's prediction minus Saturday's sales) to 70.")

# %% [markdown]
# **Reconcile.** 132,496 numbers. She meant the red diagonal, each day against itself, which is 0 throughout. She averaged
# *every day against every other day*. The contract that she had in her head ("both are one number per day") was nowhere in her
# code, so nothing could enforce it.
#
# **The other side of the coin** is `keepdim`. A reduction takes its axis away; `keepdim=True` leaves a 1 in its place, and
# the 1 is what broadcasting needs to find its way back.
#
# **Predict.** `x` is `[2, 3]`. Which of the two lines raises an error: `x / x.sum(dim=1)` or `x / x.sum(dim=1, keepdim=True)`?

# %% tags=["demo"]
x = torch.tensor([[1.0, 2.0, 1.0],
                  [3.0, 3.0, 6.0]])                  # [2, 3]
print("x.sum(dim=1)               ", list(x.sum(dim=1).shape))
print("x.sum(dim=1, keepdim=True) ", list(x.sum(dim=1, keepdim=True).shape))
print("each row's shares:\n", x / x.sum(dim=1, keepdim=True))       # [2, 3] / [2, 1]
try:
    x / x.sum(dim=1)                                                # [2, 3] / [2]: 3 against 2
except RuntimeError as error:
    print(f"{type(error).__name__}: {error}")

# %% [markdown]
# The first one, and be glad that it does. With a *square* `x`, `[3, 3] / [3]` runs, and divides column j by the
# sum of *row* j. Errors are the friendly outcome. Code that is tested on square tensors only is not tested.

# %% [markdown]
# ## 5 · The other product: matmul
#
# `*` multiplies element by element. `@` is matrix multiplication:
#
# $$[m, n] \;@\; [n, p] \;\to\; [m, p] \qquad c_{ij} = \sum_{k} a_{ik}\, b_{kj}$$
#
# The inner lengths must agree, and they disappear. Tensors with more axes are **stacks of matrices**: the last two axes
# multiply, all axes before them broadcast.
#
# **Predict** the four shapes.

# %% tags=["demo"]
ones = torch.ones
print("[2, 3] @ [3, 5]              →", list((ones(2, 3) @ ones(3, 5)).shape))
print("[2, 3] @ [3]                 →", list((ones(2, 3) @ ones(3)).shape))
print("[10, 2, 3] @ [10, 3, 5]      →", list((ones(10, 2, 3) @ ones(10, 3, 5)).shape))
print("[4, 1, 2, 3] @ [6, 3, 5]     →", list((ones(4, 1, 2, 3) @ ones(6, 3, 5)).shape))

# %% [markdown]
# The last one: `[2, 3] @ [3, 5]` gives `[2, 5]`, and `[4, 1]` broadcasts with `[6]` to `[4, 6]`. A lone vector on the right
# counts as a column, and the axis that was lent to it is taken back.

# %% [markdown]
# ### Exercise 5.1 · Twelve lines, before they run
# ●●○○○ · 8 minutes · 4 points
#
# For each expression write its shape and its bytes: `"torch.zeros(4, 8)": ((4, 8), 128)`. No running allowed until all twelve
# rows are filled in; the check below tells you which rows to think about again, not what they should be.
#
# Two points for the shapes and two for the bytes; a part of the rows earns a part of the points.
#
# <details><summary>Hint 1: bytes are always off for me</summary>
# Write the dtype beside each row first. Integers without a decimal point are int64 (8 B), comparisons are bool (1 B),
# division leaves the integers.
# </details>
# <details><summary>Hint 2: how do I write the shape of a scalar, or of one axis?</summary>
# <code>()</code> for no axes. <code>(6,)</code> for one axis; <code>6</code> and <code>[6]</code> are understood too.
# </details>

# %% exercise="twelve"
# exercise: twelve
# Replace every ... by your prediction: (shape, bytes).
twelve = {
    "torch.tensor(3)": (..., ...),
    "torch.zeros(4, 8)": (..., ...),
    "torch.arange(2, 20, 3)": (..., ...),
    "torch.ones(5, 3).to(torch.float16).T": (..., ...),
    "torch.ones(2, 3, 4)[:, -1]": (..., ...),
    "torch.ones(2, 3, 4)[..., 1:3]": (..., ...),
    "torch.randn(6, 5) > 0": (..., ...),
    "torch.arange(6) / 2": (..., ...),
    "torch.ones(3, 1) + torch.ones(4)": (..., ...),
    "(torch.ones(3, 5) > 0).sum(dim=1, keepdim=True)": (..., ...),
    "torch.ones(4, 8, 16, 32) @ torch.ones(32, 2)": (..., ...),
    "torch.ones(5, dtype=torch.float16) + torch.arange(5)": (..., ...),
}
### BEGIN SOLUTION
twelve = {
    "torch.tensor(3)": ((), 8),
    "torch.zeros(4, 8)": ((4, 8), 128),
    "torch.arange(2, 20, 3)": ((6,), 48),
    "torch.ones(5, 3).to(torch.float16).T": ((3, 5), 30),
    "torch.ones(2, 3, 4)[:, -1]": ((2, 4), 32),
    "torch.ones(2, 3, 4)[..., 1:3]": ((2, 3, 2), 48),
    "torch.randn(6, 5) > 0": ((6, 5), 30),
    "torch.arange(6) / 2": ((6,), 24),
    "torch.ones(3, 1) + torch.ones(4)": ((3, 4), 48),
    "(torch.ones(3, 5) > 0).sum(dim=1, keepdim=True)": ((3, 1), 24),
    "torch.ones(4, 8, 16, 32) @ torch.ones(32, 2)": ((4, 8, 16, 2), 4096),
    "torch.ones(5, dtype=torch.float16) + torch.arange(5)": ((5,), 10),
}
### END SOLUTION

# %% tags=["fixture"]
# The referee: the twelve expressions, run.
measured = {
    "torch.tensor(3)": torch.tensor(3),
    "torch.zeros(4, 8)": torch.zeros(4, 8),
    "torch.arange(2, 20, 3)": torch.arange(2, 20, 3),
    "torch.ones(5, 3).to(torch.float16).T": torch.ones(5, 3).to(torch.float16).T,
    "torch.ones(2, 3, 4)[:, -1]": torch.ones(2, 3, 4)[:, -1],
    "torch.ones(2, 3, 4)[..., 1:3]": torch.ones(2, 3, 4)[..., 1:3],
    "torch.randn(6, 5) > 0": torch.randn(6, 5) > 0,
    "torch.arange(6) / 2": torch.arange(6) / 2,
    "torch.ones(3, 1) + torch.ones(4)": torch.ones(3, 1) + torch.ones(4),
    "(torch.ones(3, 5) > 0).sum(dim=1, keepdim=True)": (torch.ones(3, 5) > 0).sum(dim=1, keepdim=True),
    "torch.ones(4, 8, 16, 32) @ torch.ones(32, 2)": torch.ones(4, 8, 16, 32) @ torch.ones(32, 2),
    "torch.ones(5, dtype=torch.float16) + torch.arange(5)": torch.ones(5, dtype=torch.float16) + torch.arange(5),
}

# %% tags=["fixture"]
def as_shape(value):
    """(6,) for 6, [6] and torch.Size([6]) too: to Python (6) is a number, which is no reason to lose a point."""
    if isinstance(value, int):
        return (value,)
    return tuple(value) if isinstance(value, (list, tuple)) else value


def not_pairs(answers):
    """The expressions whose row is not (shape, bytes)."""
    return [text for text, row in answers.items() if not isinstance(row, (tuple, list)) or len(row) != 2]

# %% check="twelve" part="shapes" points=2
odd = ", ".join(not_pairs(twelve))
check.that(not odd, expected="each row as (shape, bytes), like ((4, 8), 128)", got=f"yours is not, for {odd}")
shapes = {text: as_shape(row[0]) for text, row in twelve.items()}
hints = [
    "One number, no axes: how is a shape with nothing in it written?",
    "Two lengths in, two lengths out.",
    "Count 2, 5, 8, …: is 20 reached, and would it belong to a half-open range?",
    "T swaps the two axes.",
    "An integer takes its axis away. Which axis does -1 stand at?",
    "... passes over all axes but the last. From 1 up to, not including, 3: how many places?",
    "Element-wise: one answer for each number.",
    "Element-wise: one answer for each number.",
    "Right-align (3, 1) and (4): the 1 stands over the 4.",
    "Axis 1 is summed away; keepdim leaves something in its place.",
    "A stack of [16, 32] matrices, each times [32, 2]. The 4 and the 8 stay.",
    "Element-wise: one answer for each number.",
]
check.each(shapes, {text: tuple(value.shape) for text, value in measured.items()}, of="shapes",
           hint=dict(zip(measured, hints)))

# %% check="twelve" part="bytes" points=2
sizes = {text: row[-1] if isinstance(row, (tuple, list)) and row else row for text, row in twelve.items()}
hints = [
    "A Python integer becomes int64.",
    "32 numbers in float32, 4 bytes each.",
    "arange of integers is int64: 8 bytes each.",
    "15 numbers of 2 bytes; T does not change the dtype.",
    "numel × 4 for the shape that is left.",
    "numel × 4 for the shape that is left.",
    "A comparison gives bool. How many bytes does one bool take?",
    "Division leaves the integers: which floating point dtype is the default?",
    "numel of the stretched result, not of the inputs.",
    "A sum of bools is a count: which dtype holds counts?",
    "4 · 8 · 16 · 2 numbers of 4 bytes.",
    "A floating point dtype outranks every integer, and keeps its own size.",
]
check.each(sizes, {text: value.nbytes for text, value in measured.items()}, of="bytes",
           hint=dict(zip(measured, hints)))

# %% tags=["demo"]
for text, value in measured.items():
    print(f"{text:54} {str(tuple(value.shape)):15} {str(value.dtype):14} {value.nbytes:5} B")

# %% [markdown]
# **Reconcile.** For each row that you missed, write one sentence: which rule did you use, and which one applies? The rows that
# are easiest to get wrong are `.sum` of bools (8 bytes each) and `float16 + int64` (2 bytes each).

# %% [markdown]
# ## 6 · Where the numbers lie
#
# Memory has no rows. It is one long strip of boxes, numbered 0, 1, 2, … The strip that holds a tensor's numbers is its
# [storage](docs/glossary.md#storage). The shape is a way of *reading* the strip, and the [strides](docs/glossary.md#stride) say
# how: **stride[d] is how many boxes to move for one step along axis d.**
#
# $$\text{place} = \text{offset} + \sum_d i_d \cdot \text{stride}_d$$
#
# For a fresh `[3, 4]` tensor the strides are `(4, 1)`: one row down is 4 boxes on, one column right is 1 box on.
#
# `x.T` copies nothing. It swaps the two lengths and the two strides. The colours below are places in the strip: follow
# box 4 from the strip into both tables.

# %% tags=["demo"]
x = torch.arange(12).reshape(3, 4)
fig = plt.figure(figsize=(9, 4))
grid = fig.add_gridspec(2, 2, height_ratios=[1, 3])
strip = torch.arange(12)[None]                        # [1, 12]: the storage itself
boxes(fig.add_subplot(grid[0, :]), strip.tolist(), strip / 16, "storage: one strip of 12 boxes")
for column, (name, t) in enumerate({"x": x, "x.T": x.T}.items()):
    title = f"{name}: shape {list(t.shape)}, strides {t.stride()}"
    boxes(fig.add_subplot(grid[1, column]), t.tolist(), t / 16, title)
lesson.show(fig, alt="A strip of 12 boxes numbered 0 to 11. Below it x as 3 rows of 4, 0 1 2 3 first, with "
                     "strides (4, 1). Beside it x.T as 4 rows of 3, 0 4 8 first, with strides (1, 4).")

# %% [markdown]
# A slice changes the **offset**: `x[1]` starts reading at box 4. Its shape is `[4]`, its stride `(1,)`.
#
# ### Exercise 6.1 · Find the box
# ●●○○○ · 3 minutes · 1 point
#
# ```python
# x = torch.arange(24).reshape(4, 6)
# y = x[1:].T
# ```
#
# At which place of the storage does `y[4, 2]` lie? Write down the offset and the strides of `y` first.
#
# <details><summary>Hint: in two steps</summary>
# First <code>x[1:]</code>: where does it start, and what are its strides? Then T: which of shape, strides and offset does it change?
# </details>

# %% exercise="predict_place"
# exercise: predict_place
# Which box of the strip? Replace the ... by your number.
### BEGIN SOLUTION
place = 22
### END SOLUTION

# %% check="predict_place" points=1
numbered = torch.arange(24).reshape(4, 6)             # every number is its own place in the strip
suspects = {
    "Right strides, but y does not start at box 0: x[1:] leaves out the first row.": 16.0,
    "Those are x's strides (6, 1). T swaps the strides together with the lengths.": 32.0,
    "Those are x's strides (6, 1), and the offset is missing.": 26.0,
    "Those are strides of a fresh [6, 3]. y is a view: it reads x's boxes where they lie.": 20.0,
    "Those are strides of a fresh [6, 3], and the offset is missing.": 14.0,
    "An offset of 1 box? One row of x is 6 boxes long.": 17.0,
}
check.close(place, float(numbered[1:].T[4, 2]), reveal=False, suspects=suspects, of="the place of y[4, 2]",
            hint="place = offset + 4 · stride[0] + 2 · stride[1], with y's own offset and strides.")

# %% tags=["demo"]
x = torch.arange(24).reshape(4, 6)            # the number in each box is the box's own place
y = x[1:].T
offset, (down, right) = y.storage_offset(), y.stride()
print(f"shape {tuple(y.shape)}, strides {(down, right)}, offset {offset}")
print(f"y[4, 2] holds {y[4, 2]}, and {offset} + 4 · {down} + 2 · {right} = {offset + 4 * down + 2 * right}")

# %% [markdown]
# ## 7 · Views and copies
#
# Two tensors that read the same strip are [views](docs/glossary.md#view) of each other. Writing through one changes the other.
#
# **Predict.** After the three lines that write, what does `x` hold?

# %% tags=["demo"]
x = torch.zeros(3, 4)
x[1] += 1                          # an integer gives a view: this writes into x
x.T[0] = 5                         # so does a transpose: row 0 of x.T is column 0 of x
x[[0, 2]].add_(100)                # a list of places gives a copy: this writes into the copy
print(x)

# %% [markdown]
# No 100 anywhere. (`x[[0, 2]] += 100` *would* write, because Python turns that line into an assignment to `x[[0, 2]]`.)
#
# **When is a view possible?** When one offset and one stride for each axis can describe the result in the old strip.
#
# - An integer, a slice, `.T`, `transpose`, `permute`, `[:, None]`, `expand`: always a view.
# - A list of places or a mask: no fixed step leads from pick to pick, so always a copy. Arithmetic makes new numbers: a copy.
# - `view(shape)`: a view, or an error when no strides can do it.
# - `contiguous()`: a copy, unless the numbers already lie in reading order ([contiguous](docs/glossary.md#contiguous)); then
#   you get the tensor itself.
# - `x.to(dtype)`: a copy, unless there is nothing to convert; then you get the tensor itself.
# - **`reshape(shape)`: a view if strides allow it, a copy if they do not.**
#
# You will read that "reshape never copies". It is wrong, and it costs an afternoon: the code writes into a reshaped tensor, and the
# original changes or does not, depending on what happened to it ten lines earlier.
#
# The picture shows which boxes each expression reads. The last one would have to step by 1, 1, 2, 1, 1, 2, …, which no single stride
# does: a second strip.

# %% tags=["demo"]
x = torch.arange(12).reshape(3, 4)
reads = {"x[2]": x[2], "x[:, 1]": x[:, 1], "x[::2]": x[::2], "x[:, 1:].reshape(9)": x[:, 1:].reshape(9)}
fig, axes = plt.subplots(4, 1, figsize=(8, 4.6))
for ax, (name, t) in zip(axes, reads.items()):
    if t.untyped_storage().data_ptr() == x.untyped_storage().data_ptr():
        read = torch.zeros(1, 12).index_fill(1, t.flatten(), 0.5)          # boxes of x's own strip
        boxes(ax, [range(12)], read, f"{name}: x's own strip, strides {t.stride()}")
    else:
        boxes(ax, [t.tolist()], torch.full((1, len(t)), 0.5), f"{name}: a new strip", cmap="Oranges")
lesson.show(fig, alt="Three strips of 12 boxes. x[2] reads boxes 8 to 11. x[:, 1] reads boxes 1, 5 and 9. "
                     "x[::2] reads boxes 0 to 3 and 8 to 11. Below them x[:, 1:].reshape(9), a new strip of 9 "
                     "boxes that holds 1 2 3 5 6 7 9 10 11.")

# %% [markdown]
# ### Exercise 7.1 · Shared or copied?
# ●●●○○ · 4 minutes · 2 points
#
# `x = torch.arange(12.0).reshape(3, 4)`. For each expression: does the result share storage with `x`? Write `True` (shared: a
# view, or `x` itself) or `False` (a copy). No rule of thumb about `reshape` gets all eight right: think in strides.
#
# <details><summary>Hint: the two reshapes of x.T</summary>
# <code>x.T</code> has shape [4, 3] and strides (1, 4). To make [2, 2, 3] of it only the first axis is <em>split</em>: can you give strides for
# the two halves? To make [12] of it both axes must be <em>joined</em>: is there one step that leads from box to box?
# </details>

# %% exercise="predict_copies"
# exercise: predict_copies
# x = torch.arange(12.0).reshape(3, 4). Replace each ... by True (shares storage with x) or False (a copy).
shares = {
    "x[1]": ...,
    "x[:, ::2]": ...,
    "x[[0, 2]]": ...,
    "x.reshape(2, 6)": ...,
    "x.T.reshape(12)": ...,
    "x.T.reshape(2, 2, 3)": ...,
    "x.T.contiguous()": ...,
    "x.to(torch.float32)": ...,
}
### BEGIN SOLUTION
shares = {
    "x[1]": True,
    "x[:, ::2]": True,
    "x[[0, 2]]": False,
    "x.reshape(2, 6)": True,
    "x.T.reshape(12)": False,
    "x.T.reshape(2, 2, 3)": True,
    "x.T.contiguous()": False,
    "x.to(torch.float32)": True,
}
### END SOLUTION

# %% tags=["fixture"]
def same_strip(a, b):
    """Whether two tensors read the same storage."""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


base = torch.arange(12.0).reshape(3, 4)
eight = {
    "x[1]": base[1],
    "x[:, ::2]": base[:, ::2],
    "x[[0, 2]]": base[[0, 2]],
    "x.reshape(2, 6)": base.reshape(2, 6),
    "x.T.reshape(12)": base.T.reshape(12),
    "x.T.reshape(2, 2, 3)": base.T.reshape(2, 2, 3),
    "x.T.contiguous()": base.T.contiguous(),
    "x.to(torch.float32)": base.to(torch.float32),
}

# %% check="predict_copies" points=2
truth = {text: same_strip(value, base) for text, value in eight.items()}
opposite = {text: not shared for text, shared in truth.items()}
check.that(shares != opposite, expected="True for what shares storage with x",
           got="your table says the opposite in every row", hint="True means shared, False a copy.")
check.each(shares, truth, hint={
    "x[1]": "One row is four boxes that lie side by side: an offset and a stride describe it.",
    "x[:, ::2]": "Every second column: is there a fixed step from one to the next?",
    "x[[0, 2]]": "A list of places may hold any order, so PyTorch does not look for a stride.",
    "x.reshape(2, 6)": "x lies in reading order. Do the strides (6, 1) do it?",
    "x.T.reshape(12)": "0, 4, 8, 1, …: which single step leads from 0 to 4, and from 8 to 1?",
    "x.T.reshape(2, 2, 3)": "Only the first axis of x.T is split. Try the strides (2, 1, 4).",
    "x.T.contiguous()": "x.T is not in reading order; contiguous() promises a result that is.",
    "x.to(torch.float32)": "x is float32 already. Is there anything to convert?",
})

# %% tags=["demo"]
for text, value in eight.items():
    print(f"{text:22} strides {str(value.stride()):10}", "shares" if same_strip(value, base) else "a copy")

# %% [markdown]
# **Reconcile.** `x.T.reshape(12)` copies and `x.T.reshape(2, 2, 3)` does not: "reshape never copies" and "reshape copies when the
# tensor is transposed" are both wrong. Only the strides decide. When it matters, ask for what you mean: `view` to be told,
# `clone()` to be sure of a copy.

# %% [markdown]
# ### Exercise 7.2 · A tensor's passport
# ●●○○○ · 6 minutes · 3 points
#
# Shape, dtype, bytes, shared memory: the four facts from the beginning. Write the function that reads them off: `describe(tensor, others)` returns a dict
# with exactly these keys.
#
# | key | value | for `x[1]`, with `x = torch.arange(12.0).reshape(3, 4)` and `others = {"x": x, "copy": x.clone()}` |
# |---|---|---|
# | `"shape"` | tuple of ints | `(4,)` |
# | `"dtype"` | `torch.dtype` | `torch.float32` |
# | `"bytes"` | int: numel × element size | `16` |
# | `"shares_storage_with"` | list of names in `others`, sorted | `["x"]` |
#
# Bytes are those of the *shape*, also for a view that reads the same box many times.
#
# <details><summary>Hint 1: what does "the same strip" mean in code?</summary>
# <code>t.untyped_storage()</code> is the strip. Its <code>data_ptr()</code> is its address. <code>t.data_ptr()</code> is the address of t's first number, which is
# another thing as soon as there is an offset.
# </details>
# <details><summary>Hint 2: equal numbers</summary>
# A clone holds equal numbers in another strip. Comparing values tells you nothing here.
# </details>

# %% exercise="describe"
# exercise: describe
def describe(tensor, others):
    """The four facts about a tensor.

    tensor: Tensor of any shape. others: dict from names to tensors.
    Returns: {"shape": tuple of ints, "dtype": torch.dtype, "bytes": int,
              "shares_storage_with": sorted list of names}.
    """
    ### BEGIN SOLUTION
    strip = tensor.untyped_storage().data_ptr()
    return {
        "shape": tuple(tensor.shape),
        "dtype": tensor.dtype,
        "bytes": tensor.numel() * tensor.element_size(),
        "shares_storage_with": sorted(n for n, o in others.items() if o.untyped_storage().data_ptr() == strip),
    }
    ### END SOLUTION

# %% tags=["fixture"]
passport_hints = {
    "shape": "a tuple of ints: tuple(tensor.shape).",
    "dtype": "the tensor's own dtype, not its name as a text.",
    "bytes": "numel × element_size of this tensor, not the size of the strip that it reads.",
    "shares_storage_with": "do you compare the strips' addresses? data_ptr() of the tensor is the address of "
                           "its first number only, and equal numbers can lie in two strips.",
}


def check_passport(got, tensor, others, case):
    """Compare a passport with the referee's, key by key."""
    names = [name for name, other in others.items() if same_strip(tensor, other)]
    facts = {"shape": tuple(tensor.shape), "dtype": tensor.dtype, "bytes": tensor.nbytes}
    facts["shares_storage_with"] = sorted(names)
    check.that(isinstance(got, dict), expected="a dict", got=f"your function returns a {type(got).__name__}")
    check.equal(sorted(got), sorted(facts), of=f"the keys for {case}")
    for key, fact in facts.items():
        check.equal(got[key], fact, of=f'"{key}" of {case}', hint=passport_hints[key],
                    suspects={"The names are right; put them in alphabetical order.": names})

# %% check="describe" points=3
x = torch.arange(12.0).reshape(3, 4)
others = {"x": x, "copy": x.clone()}
check_passport(describe(x[1], others), x[1], others, "x[1]")
check_passport(describe(x[:, 2:].T, others), x[:, 2:].T, others, "x[:, 2:].T")
### BEGIN HIDDEN TESTS
check_passport(describe(torch.tensor(True), others), torch.tensor(True), others, "a scalar bool")
wide = torch.zeros(3, 1, dtype=torch.float64).expand(3, 1000)
check_passport(describe(wide, {}), wide, {}, "an expanded tensor, and nothing to compare with")
for (y,) in check.samples(1, "a b c", n=3, low=2, dtype=torch.bfloat16):
    others = {"z": y[..., -1], "flat": y.reshape(-1), "moved": y.permute(2, 0, 1).reshape(-1), "b": y.clone(), "a": y}
    check_passport(describe(y[1:], others), y[1:], others, "a slice of a bfloat16 tensor")
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · Axes that mean something: attention heads
#
# Ines's brother Tomás has bigger plans: a small language model, trained on their grandmother's recipes. He is copying attention
# out of a paper and is stuck on one line. (In *[attention](docs/glossary.md#attention)* each [token](docs/glossary.md#token), a piece of text, looks at the other tokens and takes a
# weighted mix of what they hold. A *[head](docs/glossary.md#attention-head)* is one such look, with numbers of its own.)
#
# A layer has given him `x` of shape `[B, T, H·D]`: for each of B texts and T tokens, H heads with D numbers each, laid
# side by side in the last axis. Attention wants `[B, H, T, D]`, so that
# each head is a `[T, D]` matrix of its own and `@` does the rest.
#
# `x.view(B, H, T, D)` has the right shape. **Predict:** does it have the right numbers? Below, each number says where it belongs: 213 is
# token 2, head 1, number 3.

# %% tags=["demo"]
T, H, D = 3, 2, 4
rows = [[100 * t + 10 * h + d for h in range(H) for d in range(D)] for t in range(T)]
x = torch.tensor([rows])                              # [1, T, H·D]
print("x, one row for each token:\n", x[0])
print("x.view(1, H, T, D), head 0:\n", x.view(1, H, T, D)[0, 0])

# %% [markdown]
# Head 0 should hold 000 … 003, 100 … 103, 200 … 203, one row for each token. It got token 0's *second* head as "token 1". The shape is right
# and nearly every number is in the wrong seat. No error will ever say so.
#
# `view` never moves anything: it reads the strip in the same order with other lengths. To change the *order* of axes you need
# `transpose` or `permute`. Splitting and reordering are two different steps.
#
# ### Exercise 8.1 · Split the heads, merge the heads
# ●●●○○ · 8 minutes · 4 points
#
# Write both directions, without a loop. The slow version in the next cell is the specification. Both functions take any B, T, H, D from 1 up, any
# dtype and any strides (`x` may be a transposed tensor itself). `split_heads` raises `ValueError`, naming both numbers, when the features cannot be
# split into so many heads.
#
# <details><summary>Hint 1: split</summary>
# First make the last axis into two, [B, T, H, D]. In which order do H and D come, so that one head's numbers stay neighbours? Only then swap axes.
# </details>
# <details><summary>Hint 2: merge says "view size is not compatible"</summary>
# After a transpose the numbers of one token no longer lie side by side, so no strides can join H and D. Which call copies when it must?
# </details>

# %% tags=["fixture"]
def split_heads_slowly(x, heads):
    """x: [B, T, H·D]. Returns [B, H, T, D], number by number. Slow, and plainly right."""
    batch, tokens, features = x.shape
    size = features // heads
    out = torch.empty(batch, heads, tokens, size, dtype=x.dtype, device=x.device)
    for b in range(batch):
        for t in range(tokens):
            for h in range(heads):
                out[b, h, t] = x[b, t, h * size : (h + 1) * size]
    return out


def merge_heads_slowly(x):
    """x: [B, H, T, D]. Returns [B, T, H·D], number by number."""
    batch, heads, tokens, size = x.shape
    out = torch.empty(batch, tokens, heads * size, dtype=x.dtype, device=x.device)
    for b in range(batch):
        for t in range(tokens):
            for h in range(heads):
                out[b, t, h * size : (h + 1) * size] = x[b, h, t]
    return out

# %% exercise="heads"
# exercise: heads
def split_heads(x, heads):
    """x: Tensor [B, T, H·D], heads: int H. Returns: Tensor [B, H, T, D].

    Raises ValueError when H does not divide the features.
    """
    ### BEGIN SOLUTION
    batch, tokens, features = x.shape
    if features % heads:
        raise ValueError(f"cannot split {features} features into {heads} heads")
    return x.view(batch, tokens, heads, features // heads).transpose(1, 2)
    ### END SOLUTION


def merge_heads(x):
    """x: Tensor [B, H, T, D]. Returns: Tensor [B, T, H·D], the inverse of split_heads."""
    ### BEGIN SOLUTION
    return x.transpose(1, 2).flatten(2)
    ### END SOLUTION

# %% check="heads" part="split" points=2
x = torch.arange(2 * 3 * 20.0).reshape(2, 3, 20)                  # B = 2, T = 3, H = 4, D = 5
got = split_heads(x, 4)
check.shape(got, (2, 4, 3, 5), axes="batch heads tokens numbers", of="split")
check.close(got, split_heads_slowly(x, 4), axes="batch heads tokens numbers", of="split",
            hint="Are one head's D numbers still neighbours, as in x? H comes before D in the last axis.",
            suspects={"The shape is right but every number kept its seat: view alone cannot change the "
                      "order of axes. Split first, then swap.": x.view(2, 4, 3, 5)})
check.raises(ValueError, split_heads, x, 3, of="20 features, 3 heads",
             hint="check features % heads before you split, and raise ValueError yourself.")
check.calls(split_heads, forbidden=("for", "while", "comprehension"), of="split")
### BEGIN HIDDEN TESTS
for (x,) in check.samples(1, "b t h d", n=6):
    check.close(split_heads(x.flatten(2), x.shape[2]), x.transpose(1, 2), of="split, other sizes",
                axes="batch heads tokens numbers")
x = torch.arange(6 * 4).reshape(4, 6, 1).transpose(0, 2)          # [1, 6, 4], int64, not contiguous
check.close(split_heads(x, 2), split_heads_slowly(x, 2), of="a transposed input of int64")
check.close(split_heads(torch.ones(1, 1, 1), 1), torch.ones(1, 1, 1, 1), of="sizes of 1")
### END HIDDEN TESTS

# %% check="heads" part="merge" points=2
x = torch.arange(2 * 4 * 3 * 5.0).reshape(2, 4, 3, 5)             # B = 2, H = 4, T = 3, D = 5
got = merge_heads(x)
check.shape(got, (2, 3, 20), axes="batch tokens features", of="merge")
check.close(got, merge_heads_slowly(x), axes="batch tokens features", of="merge",
            hint="Did you join [D, H] instead of [H, D]? One head's numbers must stay neighbours.",
            suspects={"The shape is right but every number kept its seat. Bring H next to D before you "
                      "join them.": x.reshape(2, 3, 20)})
check.calls(merge_heads, forbidden=("for", "while", "comprehension"), of="merge")
### BEGIN HIDDEN TESTS
for (x,) in check.samples(1, "b h t d", n=6):
    check.close(merge_heads(x), x.transpose(1, 2).flatten(2), axes="batch tokens features", of="other sizes")
x = torch.randn(3, 5, 8)
strided = split_heads_slowly(x, 4).transpose(2, 3).contiguous().transpose(2, 3)
check.close(merge_heads(strided), x, of="heads that are not contiguous")
check.close(merge_heads(torch.ones(1, 1, 1, 1)), torch.ones(1, 1, 1), of="sizes of 1")
### END HIDDEN TESTS

# %% [markdown]
# ## 9 · Windows for a language model
#
# A language model learns one thing: *given the tokens so far, which comes next?* Its data is one long stream of token numbers. A training
# example is a [window](docs/glossary.md#context-window): C tokens as inputs, and **the same C tokens moved by one** as targets. Place k of the targets is the
# right answer for place k of the inputs, so one window of C tokens asks C questions at once.

# %% tags=["demo"]
stream = "mix flour and water then wait and mix flour and salt again".split()
start, context = 3, 5
labels, colours = [stream, [""] * 12, [""] * 12], torch.zeros(3, 12)
colours[0] = 0.15
for row, first in ((1, start), (2, start + 1)):       # inputs, targets
    labels[row][first : first + context] = stream[first : first + context]
    colours[row, first : first + context] = 0.5
fig, ax = plt.subplots(figsize=(10, 2.8))
boxes(ax, labels, colours, f"start {start}, context {context}: the targets are the inputs, moved by one")
ax.set_yticks(range(3), labels=["stream", "inputs", "targets"])
ax.set_xticks(range(12), labels=range(12))
lesson.show(fig, alt="A stream of 12 words, numbered 0 to 11. The inputs take places 3 to 7: water then wait and "
                     "mix. The targets take places 4 to 8: then wait and mix flour.")

# %% [markdown]
# **Predict.** A stream has 12 tokens and the context is 5. What is the *last* place at which a window may start? The inputs would fit at 7. The targets decide.
# Your `count_starts` of exercise 9.1 will tell you whether you were right.
#
# The trick that replaces the loop is one you know: a column of starts plus a row of steps. `[B, 1] + [C]` broadcasts to `[B, C]`, a table of *places*, and
# indexing with a table of places returns a table of tokens.

# %% tags=["demo"]
starts = torch.tensor([0, 3, 6])
places = starts[:, None] + torch.arange(5)          # [3, 1] + [5] → [3, 5]
print(places)
for line in places.tolist():
    print(" ".join(stream[place] for place in line))

# %% [markdown]
# A trap lies in wait here. Python and PyTorch read place −1 as "the last one", so a start of −1 gives a window that joins the end of the stream to its
# beginning, without a word. And `tokens[start : start + C]` close to the end gives a window that is too short, without a word.
# A contract that nobody checks is a wish.
#
# ### Exercise 9.1 · Windows from a stream
# ●●●○○ · 8 minutes · 4 points
#
# The stream is stored as int16 to save space (2 B a token in place of 8). What reads them later, the model and its loss, wants int64.
#
# | `tokens = [10, 11, 12, 13, 14, 15]`, `context = 3` | |
# |---|---|
# | `count_starts(6, 3)` | 3: a window may start at 0, 1 or 2 |
# | `lm_windows(tokens, starts=[2, 0], context=3)`, inputs | `[[12, 13, 14], [10, 11, 12]]`, int64 |
# | targets | `[[13, 14, 15], [11, 12, 13]]`, int64 |
# | a start of −1 or of 3 | `ValueError` |
#
# `count_starts` returns 0 when the stream is too short for even one window. No loop in `lm_windows`.
#
# <details><summary>Hint 1: one table or two?</summary>
# Take windows of C + 1 tokens. The inputs are all but the last column, the targets all but the first.
# </details>
# <details><summary>Hint 2: which starts are legal?</summary>
# Those with 0 ≤ start &lt; count_starts(len(tokens), context). <code>(starts &lt; 0).any()</code> is a bool tensor without axes, and <code>if</code> understands it.
# </details>

# %% exercise="lm_windows"
# exercise: lm_windows
def count_starts(n_tokens, context):
    """How many places a window can start at, so that inputs *and* targets lie inside the stream.

    n_tokens, context: ints ≥ 1. Returns: int ≥ 0.
    """
    ### BEGIN SOLUTION
    return max(0, n_tokens - context)
    ### END SOLUTION


def lm_windows(tokens, starts, context):
    """Inputs and next-token targets.

    tokens: Tensor [N], any integer dtype. starts: Tensor [B], int64. context: int C.
    Returns: (inputs [B, C], targets [B, C]), both int64.
    Raises ValueError when a window would leave the stream.
    """
    ### BEGIN SOLUTION
    legal = count_starts(len(tokens), context)
    if (starts < 0).any() or (starts >= legal).any():
        raise ValueError(f"{len(tokens)} tokens, context {context}: starts must lie in [0, {legal})")
    steps = torch.arange(context + 1, device=starts.device)
    windows = tokens[starts[:, None] + steps].to(torch.int64)
    return windows[:, :-1], windows[:, 1:]
    ### END SOLUTION

# %% check="lm_windows" part="starts" points=1
check.equal(count_starts(6, 3), 3, of="6 tokens, context 3", suspects={
    "The targets need one token more than the inputs: does your last window's last target exist?": 4,
    "One more start is possible: does the last token get to be a target?": 2,
})
### BEGIN HIDDEN TESTS
check.equal([count_starts(n, 1) for n in (1, 2, 50)], [0, 1, 49], of="context 1")
check.equal([count_starts(n, 8) for n in (3, 8, 9)], [0, 0, 1], of="streams about as short as the context",
            hint="a stream that is too short has 0 starts, not a negative number of them.")
### END HIDDEN TESTS

# %% check="lm_windows" part="windows" points=3
tokens = torch.arange(10, 16, dtype=torch.int16)
pair = lm_windows(tokens, torch.tensor([2, 0]), 3)
check.that(isinstance(pair, (tuple, list)) and len(pair) == 2, expected="two tensors, (inputs, targets)",
           got="your function returns something else",
           hint="a window has C + 1 tokens; return its two overlapping parts.")
inputs, targets = pair
check.shape(inputs, (2, 3), axes="window token", of="inputs")
check.shape(targets, (2, 3), axes="window token", of="targets")
check.equal(inputs.tolist(), [[12, 13, 14], [10, 11, 12]], of="inputs")
check.equal(targets.tolist(), [[13, 14, 15], [11, 12, 13]], of="targets", suspects={
    "They are the inputs again, which a model could copy: move them by one.": inputs.tolist(),
    "They are moved the wrong way: the tokens before, not after.": [[11, 12, 13], [15, 10, 11]],
})
for tensor, name in ((inputs, "inputs"), (targets, "targets")):
    check.dtype(tensor, torch.int64, of=name, hint="int16 saves disk; the loss and the embedding want int64.")
for bad in (-1, 3):
    check.raises(ValueError, lm_windows, tokens, torch.tensor([0, bad]), 3, of=f"a start of {bad}",
                 hint="check all starts against 0 and count_starts before you index: −1 would silently "
                      "mean the last token.")
check.calls(lm_windows, forbidden=("for", "while", "comprehension"))
### BEGIN HIDDEN TESTS
for size, context, batch in ((2, 1, 1), (40, 1, 3), (40, 39, 1), (1000, 16, 32)):
    tokens = torch.randint(0, 500, (size,), dtype=torch.int32)
    starts = torch.randint(0, size - context, (batch,))
    starts[-1] = size - context - 1                               # the last legal one
    want = torch.stack([tokens[s : s + context + 1] for s in starts.tolist()]).to(torch.int64)
    inputs, targets = lm_windows(tokens, starts, context)
    check.equal(inputs, want[:, :-1], of=f"inputs, context {context}, with the last legal start")
    check.equal(targets, want[:, 1:], of=f"targets, context {context}, with the last legal start")
### END HIDDEN TESTS

# %% [markdown]
# ## 10 · Nobody looks into the future
#
# One window asks C questions at once, and there lies a danger: the answer to question k stands at place k + 1 of the very same inputs. The model
# must be kept from looking. A [causal mask](docs/glossary.md#causal-mask) says who may look at whom: place i (the row, the *query*) may use place j
# (the column, the *key*) when j ≤ i.
#
# Attention gives each such pair a *score*. [Softmax](docs/glossary.md#softmax) turns the scores of a row into weights: each weight is $e^{\text{score}}$, divided by the sum of all
# the $e^{\text{score}}$ in its row, so that a row of weights sums to 1.
#
# `torch.tril` keeps the lower triangle and writes 0 above it; `torch.triu` keeps the upper one. `diagonal=1` moves the border one step up and to the right.
#
# **Predict.** In a 4 × 4 mask, how many of the 16 places are allowed? Is the diagonal among them?

# %% tags=["demo"]
square = torch.arange(1, 17).reshape(4, 4)
print("tril:", square.tril(), "triu, diagonal=1:", square.triu(diagonal=1), sep="\n")

words = ["mix", "flour", "and", "water", "then"]
may_look = torch.tensor([[j <= i for j in range(5)] for i in range(5)])     # by hand, place by place
evenly = may_look / may_look.sum(dim=1, keepdim=True)            # a row's weight, shared out evenly
ticks = [["✓" if ok else "" for ok in row] for row in may_look]
shares_of = [[f"{weight:.2f}" for weight in row] for row in evenly]
fig, axes = plt.subplots(1, 2, figsize=(9, 4))
boxes(axes[0], ticks, may_look * 0.5, "may row i look at column j?")
boxes(axes[1], shares_of, evenly * 0.6, "equal scores, after mask and softmax")
for ax in axes:
    ax.set_xticks(range(5), labels=words)
    ax.set_yticks(range(5), labels=words)
lesson.show(fig, alt="Two 5 by 5 tables for the words mix, flour, and, water, then. Left: ticks on and below the "
                     "diagonal, 15 of 25. Right: weights 1.00 in row 1, 0.50 twice in row 2, 0.33 three times, "
                     "0.25 four times, 0.20 five times; zeros above the diagonal.")

# %% [markdown]
# 10 of 16, the diagonal among them: a token may look at itself (its answer is the *next* one).
#
# The mask is used on the scores, **before** softmax. A forbidden score becomes −∞, and
# $e^{-\infty} = 0$ exactly. Masking the weights *afterwards* would leave rows that sum to less than 1.
#
# ### Exercise 10.1 · A causal mask, and weights that keep to it
# ●●●○○ · 8 minutes · 4 points
#
# `causal_mask(3)` is `[[True, False, False], [True, True, False], [True, True, True]]`.
#
# `causal_weights(scores)` takes scores of shape `[…, T, T]` (any number of axes in front: broadcasting does the work) and returns weights
# of the same shape: 0 above the diagonal, and every row sums to 1. The caller's scores stay as they are. With scores `[[0, 9], [0, 0]]` the weights are
# `[[1, 0], [0.5, 0.5]]`: the 9 lies in the future and counts for nothing.
#
# <details><summary>Hint 1: which value hides a score?</summary>
# <code>float("-inf")</code>. A 0 does not: $e^0 = 1$. And <code>mask * float("-inf")</code> is NaN ("not a number", what 0 · ∞ gives) wherever the mask is 0.
# </details>
# <details><summary>Hint 2: which axis does softmax run along?</summary>
# One row belongs to one query, and its weights over all keys sum to 1: the last axis.
# </details>

# %% exercise="causal"
# exercise: causal
def causal_mask(length):
    """length: int T. Returns: bool Tensor [T, T], True at (i, j) where query i may look at key j."""
    ### BEGIN SOLUTION
    return torch.ones(length, length, dtype=torch.bool).tril()
    ### END SOLUTION


def causal_weights(scores):
    """scores: float Tensor [..., T, T], the last two axes (query, key).

    Returns: weights, Tensor [..., T, T]; each row sums to 1, the future weighs 0.
    """
    ### BEGIN SOLUTION
    hidden = ~causal_mask(scores.shape[-1]).to(scores.device)
    return scores.masked_fill(hidden, float("-inf")).softmax(dim=-1)
    ### END SOLUTION

# %% check="causal" part="mask" points=2
got = causal_mask(4)
check.shape(got, (4, 4), axes="query key", of="a mask for 4 tokens")
check.dtype(got, torch.bool, of="the mask", hint="torch.ones takes dtype=torch.bool; a comparison gives bool.")
want = torch.tensor([[1, 0, 0, 0], [1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1]]) == 1
ahead = torch.tensor([[1, 1, 0, 0], [1, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1]]) == 1
check.equal(got, want, of="a mask for 4 tokens", suspects={
    "It is True where looking is forbidden. Turn it round: True means may look.": ~want,
    "Rows and columns are swapped: the row is the one who looks.": want.T,
    "The diagonal is missing: a token may look at itself.": want & (torch.eye(4) == 0),
    "One place of the future is still visible: which diagonal does tril keep?": ahead,
})
### BEGIN HIDDEN TESTS
check.equal(causal_mask(1).tolist(), [[True]], of="a single token")
for length in (2, 7, 33):
    places = torch.arange(length)
    check.equal(causal_mask(length), places <= places[:, None], of=f"a mask for {length} tokens")
### END HIDDEN TESTS

# %% check="causal" part="weights" points=2
scores = torch.tensor([[2.0, 9.0, 1.0], [4.0, 4.0, 9.0], [1.0, 2.0, 5.0]])
scores[2] = scores[2].log()                              # e^score is then 1, 2 and 5, of 8 in all
with check.unchanged(scores, of="the caller's scores"):
    got = causal_weights(scores)
check.shape(got, (3, 3), axes="query key", of="3 tokens")
check.that(bool(torch.isfinite(got).all()), expected="numbers", got="your weights hold NaN or inf", of="3 tokens",
           hint="0 · inf is NaN: masked_fill avoids it. A row in which everything is hidden is NaN too: "
                "is the mask the right way round?")
check.close(got.triu(1), torch.zeros(3, 3), of="weights of the future",
            hint="Is the mask applied? A score of 0 hides nothing, because e^0 = 1.")
check.that(not torch.allclose(got.sum(dim=0), torch.ones(3)), expected="rows that sum to 1",
           got="your columns do",
           hint="softmax runs along the keys: the weights of one query, a row, sum to 1.")
check.close(got.sum(dim=1), torch.ones(3), axes="query", of="sums of the rows",
            hint="Did you mask after softmax? Hide the scores before it.")
check.close(got, torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.125, 0.25, 0.625]]), of="3 tokens")
### BEGIN HIDDEN TESTS
for (q, k) in check.samples(2, "b h t d", n=4):
    scores = q @ k.transpose(-2, -1)
    places = torch.arange(q.shape[2])
    want = torch.where(places <= places[:, None], scores, -torch.inf).softmax(-1)
    check.close(causal_weights(scores), want, axes="batch heads query key", of="scores with a batch and heads")
got = causal_weights(torch.full((4, 4), -500.0).triu(1) * -1 - 500)
check.close(got, torch.ones(4, 4).tril() / torch.arange(1, 5)[:, None], of="scores of -500, the future's 0",
            hint="a hidden score must be lower than any score can be: -inf, not some negative number.")
check.close(causal_weights(torch.zeros(2, 1, 1)), torch.ones(2, 1, 1), of="a single token")
### END HIDDEN TESTS

# %% [markdown]
# ## 11 · Call the axes by their names
#
# "Axis 2" tells a reader nothing. [einsum](docs/glossary.md#einsum) lets you write names (single letters) instead. Two rules: **a letter on both inputs is matched up; a
# letter that is missing on the right is summed over.**
#
# | einsum | the same as | in words |
# |---|---|---|
# | `"i j -> j i"` | `x.T` | swap |
# | `"i j -> i"` | `x.sum(dim=1)` | sum over j |
# | `"m n, n p -> m p"` | `a @ b` | matmul |
# | `"b h q d, b h k d -> b h q k"` | `q @ k.transpose(-2, -1)` | attention scores |
#
# **Predict.** What does `torch.einsum("i j, i j -> i", a, b)` compute? Which shape does it have for two `[3, 4]` tensors?

# %% tags=["demo"]
a, b = torch.arange(12.0).reshape(3, 4), torch.ones(3, 4)
print("i j, i j -> i:", torch.einsum("i j, i j -> i", a, b), "the dot product of each pair of rows")

q, k = torch.randn(2, 4, 5, 8), torch.randn(2, 4, 5, 8)          # [batch, head, token, number]
named = torch.einsum("b h q d, b h k d -> b h q k", q, k)        # [2, 4, 5, 5]
gap = (named - q @ k.transpose(-2, -1)).abs().max()
print(f"scores: {list(named.shape)}, largest difference from @: {gap:.1g}")

# %% [markdown]
# Two relatives you will meet in other people's code:
#
# - **einops** (a small library) does the same for reshaping. Exercise 8.1 reads `rearrange(x, "b t (h d) -> b h t d", h=heads)`; the brackets say "these two, side by side
#   in one axis, h outside". Splitting and swapping in one line, and the wrong order `(d h)` is visible.
# - **jaxtyping** writes shapes into signatures: `def split_heads(x: Float[Tensor, "b t hd"], heads: int) -> Float[Tensor, "b h t d"]`, and can check them at
#   every call. In this course the docstring does it: `x: Tensor [B, T, H·D]`. Write the shape down *somewhere*.
#
# ### Which day was most like tomorrow?
#
# Ines's cousin runs a chain of shops. He keeps 20,000 past shop-days with 512 measurements each, and wants to compare each of 5,000 planned shop-days with all of them:
# 20,000 × 5,000 distances. Broadcasting does it in one line, `(x[:, None] - y).square().sum(-1).sqrt()`.
#
# **Predict.** `x[:, None] - y` has shape `[20000, 5000, 512]`. How many GiB is that in float32? And the result that he wants?

# %% tags=["demo"]
x, y = torch.empty(20_000, 512, device="meta"), torch.empty(5_000, 512, device="meta")
between = x[:, None] - y                                        # [20000, 1, 512] - [5000, 512]
print(f"the intermediate {list(between.shape)}: {between.nbytes / 2**30:.1f} GiB")
print(f"the result {list(between.sum(-1).shape)}: {between.sum(-1).nbytes / 2**20:.0f} MiB")

# %% [markdown]
# 190.7 GiB on the way to 381 MiB. Broadcasting stretches for free, but the *result* of the subtraction is real. It has to be avoided, and school
# algebra does it. For one pair of rows
#
# $$\lVert x - y\rVert^2 = \lVert x\rVert^2 + \lVert y\rVert^2 - 2\, x\cdot y$$
#
# and for all pairs at once the three terms have shapes `[N, 1]`, `[M]` and `[N, M]`. Which operation makes all dot products `x·y` at once?
#
# ### Exercise 11.1 · All distances, no loop, no giant
# ●●●●○ · 8 minutes · 4 points
#
# Write `pairwise_distances(x, y)`: x `[N, D]`, y `[M, D]`, result `[N, M]` with the Euclidean distance of each row of x from each row of y. No loop, no `torch.cdist`, and no
# tensor of shape `[N, M, D]` on the way. The slow version below is the specification. Rounding is forgiven, [NaN](docs/glossary.md#nan) is not: equal points have a distance of 0, or nearly.
#
# Two points are for right distances, two for doing it without the giant. How can a check see a tensor that your function makes on the way and throws away? It
# calls your function on the meta device, with 256 and 200 points of 2⁵⁰ numbers each. `[N, D]`, `[M, D]` and `[N, M]` cost nothing there. An `[N, M, D]` tensor would
# have 5.8 · 10¹⁹ numbers, more than a 64-bit integer can count, and PyTorch refuses.
#
# <details><summary>Hint 1: shapes of the three terms</summary>
# <code>(x * x).sum(1, keepdim=True)</code> is [N, 1]. <code>(y * y).sum(1)</code> is [M]. For the third, think of [N, D] @ [D, M].
# </details>
# <details><summary>Hint 2: I get NaN for equal points</summary>
# The true value is 0, rounding makes it 0 ± 0.000001, and the root of a negative number is NaN. What may a squared distance never be less than?
# </details>

# %% tags=["fixture"]
def pairwise_slowly(x, y):
    """x: [N, D], y: [M, D]. Returns [N, M], one distance at a time."""
    rows = [[((a - b) ** 2).sum().sqrt() for b in y] for a in x]
    return torch.stack([torch.stack(row) for row in rows])


def outcome(function, *inputs):
    """What the function returns, or the error that it raises."""
    try:
        return function(*inputs)
    except Exception as error:
        return error

# %% exercise="pairwise"
# exercise: pairwise
def pairwise_distances(x, y):
    """x: Tensor [N, D], y: Tensor [M, D].

    Returns: Tensor [N, M]; entry (i, j) is the Euclidean distance of x[i] and y[j].
    """
    ### BEGIN SOLUTION
    squares = (x * x).sum(dim=1, keepdim=True) + (y * y).sum(dim=1) - 2 * x @ y.T
    return squares.clamp(min=0).sqrt()
    ### END SOLUTION

# %% check="pairwise" part="values" points=2
x = torch.tensor([[0.0, 0.0], [3.0, 4.0]])
y = torch.tensor([[0.0, 5.0], [6.0, 8.0], [3.0, 0.0]])
got = pairwise_distances(x, y)
check.shape(got, (2, 3), axes="x y", of="2 points and 3 points")
far = pairwise_slowly(x, y)
dots = x @ y.T
check.close(got, far, axes="x y", atol=1e-4, of="2 points and 3 points", suspects={
    "Those are the squared distances: the root is missing.": far ** 2,
    "Is the term −2 x·y missing?": (far ** 2 + 2 * dots).sqrt(),
    "Is the 2 missing in −2 x·y?": (far ** 2 + dots).sqrt(),
    "Those are sums of absolute differences: square, sum, take the root.": (x[:, None] - y).abs().sum(-1),
})
check.calls(pairwise_distances, forbidden=("for", "while", "comprehension", "cdist"))
x = torch.randn(60, 24)
same = pairwise_distances(x, x)
check.that(bool(torch.isfinite(same).all()), of="points compared with themselves",
           expected="finite distances", got=f"your answer holds NaN in {int(torch.isnan(same).sum())} places",
           hint="rounding can leave a tiny negative number under the root: clamp it at 0 first.")
### BEGIN HIDDEN TESTS
for (x, y) in zip((a for (a,) in check.samples(1, "n d", n=5)), (1, 2, 5, 9, 30)):
    y = torch.randn(y, x.shape[1])
    # Subtracting squares loses digits: about sqrt(1e-7) of the points' length where two points nearly meet.
    check.close(pairwise_distances(x, y), pairwise_slowly(x, y), rtol=1e-4, atol=3e-3, of="random points")
check.close(same.diagonal(), torch.zeros(60), atol=2e-2, of="each point and itself")
got = pairwise_distances(torch.ones(1, 1), torch.tensor([[3.0]]))
check.close(got, torch.tensor([[2.0]]), atol=1e-4, of="sizes of 1")
### END HIDDEN TESTS

# %% check="pairwise" part="memory" points=2
x, y = torch.randn(4, 3), torch.randn(5, 3)
check.close(pairwise_distances(x, y), pairwise_slowly(x, y), rtol=1e-4, atol=3e-3, of="4 and 5 points",
            hint="the distances themselves are not right yet: see the check above.")
x, y = torch.empty(256, 2**50, device="meta"), torch.empty(200, 2**50, device="meta")
refused = "overflow" in str(outcome(pairwise_distances, x, y))
check.that(not refused, of="256 and 200 points of 2**50 numbers",
           expected="no tensor larger than the inputs and the result",
           got="your function makes one that is too large to count, as [256, 200, 2**50] is",
           hint="x[:, None] - y has shape [N, M, D], in vmap too. Multiply out the square, and let @ make "
                "all dot products at once.")

# %% [markdown]
# **Reconcile.** The giant never had more information than the two inputs. It was only the same numbers, paired. Most memory that a tensor program
# wastes is wasted like this, in a line that looks innocent.

# %% [markdown]
# ## 12 · Write the contract down, at the border
#
# You cannot check every line, and need not. Put a [boundary check](docs/glossary.md#boundary-check) where data **enters**: at the top of a function that others call, and after loading a file. Inside, shapes follow
# from shapes.
#
# A good check names what was expected and what came. Compare the two messages: which one would you like to read at midnight?

# %% tags=["demo"]
def mean_error_unchecked(prediction, target):
    return (prediction - target).abs().mean()


def mean_error(prediction, target):
    """prediction: Tensor [N], target: Tensor [N]. Returns: Tensor [], the mean absolute error."""
    if prediction.ndim != 1 or prediction.shape != target.shape:
        got = f"{list(prediction.shape)} and {list(target.shape)}"
        raise ValueError(f"prediction and target must both be [N], got {got}")
    return (prediction - target).abs().mean()


print(f"unchecked: {mean_error_unchecked(perfect, sales):.1f} loaves, for a perfect prediction")
try:
    mean_error(perfect, sales)
except ValueError as error:
    print(f"checked:   {type(error).__name__}: {error}")

# %% [markdown]
# Why `raise` and not `assert`? `assert` is fine for your own notebook. Python drops every assert when it is started with `-O`, and a caller who wants to handle the
# case can catch a `ValueError` without catching everything else.

# %% [markdown]
# ## 13 · When it breaks
#
# These are the messages that you will meet this month. Run the cell, read each message to its end, then read the line that mends it. PyTorch's messages
# name the shapes, and the shapes name the mistake.

# %% tags=["demo"]
x, w, table = torch.ones(5, 3), torch.ones(4, 3), torch.arange(6).reshape(2, 3)
breaks = {
    "add [5, 3] and [5]": lambda: x + torch.ones(5),
    "multiply [5, 3] by [4, 3]": lambda: x @ w,
    "view a transposed tensor": lambda: table.T.view(6),
    "reshape 6 numbers to 4": lambda: table.reshape(2, 2),
    "multiply float by int": lambda: torch.ones(2, 3) @ table.T,
    "place 3 of 3": lambda: x[:, 3],
    "write into a stretched tensor": lambda: torch.zeros(1).expand(3).add_(1),
    "ask five numbers one question": lambda: 1 if x[:, 0] > 0 else 2,
    "five numbers as one Python number": lambda: x[:, 0].item(),
}
for name, line in breaks.items():
    try:
        line()
    except (RuntimeError, IndexError) as error:
        print(f"{name}\n    {type(error).__name__}: {str(error).splitlines()[0]}\n")

# %% [markdown]
# | message | what it tells you | mended |
# |---|---|---|
# | size of tensor a (3) must match … b (5) at non-singleton dimension 1 | right-aligned, 3 stands over 5 | `x + torch.ones(5)[:, None]` |
# | mat1 and mat2 shapes cannot be multiplied (5x3 and 4x3) | the inner lengths differ, 3 and 4 | `x @ w.T` |
# | view size is not compatible with … size and stride | no strides describe that order | `table.T.reshape(6)`, which copies |
# | shape '[2, 2]' is invalid for input of size 6 | the products differ, 4 and 6 | `table.reshape(2, -1)`: −1 is worked out |
# | expected … same dtype | a matmul does not promote | `table.T.to(torch.float32)` |
# | index 3 is out of bounds for dimension 1 with size 3 | places run from 0 to 2 | `x[:, 2]` or `x[:, -1]` |
# | more than one element of the written-to tensor refers to a single memory location | an expanded tensor has one box for many places | `.expand(3).clone().add_(1)` |
# | Boolean value of Tensor with more than one value is ambiguous | `if` wants one bool | `(x[:, 0] > 0).all()` or `.any()` |
# | a Tensor with 5 elements cannot be converted to Scalar | `item()` wants one number | `x[:, 0].mean().item()`, or `.tolist()` |
#
# Now the same for a mended version of each, so that you can see it go through:

# %% tags=["demo"]
mended = [x + torch.ones(5)[:, None], x @ w.T, table.T.reshape(6), table.reshape(2, -1),
          torch.ones(2, 3) @ table.T.to(torch.float32), x[:, 2], torch.zeros(1).expand(3).clone().add_(1),
          (x[:, 0] > 0).all(), x[:, 0].mean()]
for name, value in zip(breaks, mended):
    print(f"{name:34} → {list(value.shape)}")

# %% [markdown]
# A matmul does not promote dtypes, while `+` does: that surprises people who learnt the rule in section 2. And the worst message is not in the list, because it is
# no message at all: the next exercise has three programs, and two of them never raise.

# %% [markdown]
# ### Exercise 13.1 · Three programs to repair
# ●●●○○ · 10 minutes · 6 points
#
# Here are the patients. For each: find a small input whose right answer you know, watch the program get it wrong, repair it in its cell below.

# %% tags=["demo"]
def broken_loss(prediction, target):     # 11a: prediction [N, 1], target [N]
    return ((prediction - target) ** 2).mean()


def broken_rows(x):                      # 11b: x [B, F], each row to mean 0 and standard deviation 1
    return (x - x.mean(dim=1)) / x.std(dim=1)


def broken_images(images):               # 11c: [B, H, W, C] to [B, C, H, W]
    batch, height, width, channels = images.shape
    return images.view(batch, channels, height, width)


loss = broken_loss(torch.tensor([[1.0], [3.0]]), torch.tensor([1.0, 3.0]))
print("11a: a perfect prediction scores", loss.item())
days = torch.tensor([[1.0, 2.0, 3.0], [5.0, 7.0, 9.0], [0.0, 5.0, 1.0]])
print("11b: the row means, all meant to be 0:", broken_rows(days).mean(dim=1))
try:
    broken_rows(days[:2])
except RuntimeError as error:
    print("11b, with two days:", error)
red = torch.tensor([1, 0]).expand(1, 2, 2, 2)          # every pixel: red 1, green 0
print("11c: the red channel, meant to be all 1:", broken_images(red.clone())[0, 0].tolist())

# %% [markdown]
# **11a · Ines's loss** (2 points). Returns the mean squared error of N predictions `[N, 1]` against N targets `[N]`, as a tensor without axes. For `[[1], [3]]` against `[1, 5]` that
# is (0 + 4) / 2 = 2. Anything but `[N, 1]` and `[N]` with the same N raises `ValueError`: the contract, written down.
#
# <details><summary>Hint: it works, but not for N = 1</summary>
# <code>squeeze()</code> without an axis removes <em>every</em> axis of length 1, also the one that counts the days. Say which axis you mean.
# </details>

# %% exercise="repair_loss"
# exercise: repair_loss
def mean_squared_error(prediction, target):
    """prediction: Tensor [N, 1], target: Tensor [N]. Returns: Tensor [], the mean squared error.

    Raises ValueError for any other shapes.
    """
    ### BEGIN SOLUTION
    if target.ndim != 1 or prediction.shape != (len(target), 1):
        got = f"{list(prediction.shape)} and {list(target.shape)}"
        raise ValueError(f"expected [N, 1] and [N], got {got}")
    return ((prediction.squeeze(1) - target) ** 2).mean()
    ### END SOLUTION

# %% check="repair_loss" points=2
prediction, target = torch.tensor([[1.0], [3.0]]), torch.tensor([1.0, 5.0])
got = mean_squared_error(prediction, target)
check.shape(got, (), of="the loss")
all_pairs = ((prediction - target) ** 2).mean()
check.close(got, torch.tensor(2.0), of="[[1], [3]] against [1, 5]", suspects={
    "That is the mean over all pairs of days: [N, 1] - [N] still broadcasts to [N, N].": all_pairs,
    "That is the sum, not the mean.": torch.tensor(4.0),
    "That is the mean of absolute differences: are they squared?": torch.tensor(1.0),
})
check.raises(ValueError, mean_squared_error, target, target, of="a prediction of shape [N]",
             hint="the contract says [N, 1].")
check.raises(ValueError, mean_squared_error, prediction, torch.tensor([1.0]), of="2 predictions, 1 target",
             hint="a target of length 1 broadcasts without a word: compare the lengths.")
alone = outcome(mean_squared_error, torch.tensor([[2.0]]), torch.tensor([5.0]))
check.that(isinstance(alone, torch.Tensor), of="a single day, [1, 1] and [1]", expected="a loss",
           got=f"your function raises “{alone}”",
           hint="squeeze() without an axis also removes the axis that counts the days: say which one you mean.")
check.close(alone, torch.tensor(9.0), of="a single day, [1, 1] and [1]")
### BEGIN HIDDEN TESTS
for (x,) in check.samples(1, "n", n=4, low=2, high=50):
    y = torch.randn(len(x))
    want = (x - y).square().mean()
    check.close(mean_squared_error(x[:, None], y), want, of="random days")
check.raises(ValueError, mean_squared_error, torch.zeros(3, 1), torch.zeros(3, 1), of="a target of shape [N, 1]")
check.raises(ValueError, mean_squared_error, torch.zeros(1, 1), torch.zeros(3), of="1 prediction, 3 targets")
### END HIDDEN TESTS

# %% [markdown]
# **11b · Rows to mean 0 and standard deviation 1** (2 points). `x` is `[B, F]`: B days, F ≥ 2 measurements. Each **row** of the result has mean 0 and standard deviation 1 (`x.std`'s default).
# For `[[1, 2, 3], [5, 7, 9]]` both rows become `[-1, 0, 1]`.
#
# <details><summary>Hint: dim=0 made the error go away</summary>
# It did, because [B, F] - [F] broadcasts. Whose mean are you subtracting now? Look at the rows' means.
# </details>

# %% exercise="repair_rows"
# exercise: repair_rows
def standardise_rows(x):
    """x: float Tensor [B, F]. Returns: Tensor [B, F], each row of mean 0 and standard deviation 1."""
    ### BEGIN SOLUTION
    return (x - x.mean(dim=1, keepdim=True)) / x.std(dim=1, keepdim=True)
    ### END SOLUTION

# %% check="repair_rows" points=2
x = torch.tensor([[1.0, 2.0, 3.0], [5.0, 7.0, 9.0]])
got = standardise_rows(x)
check.shape(got, (2, 3), axes="day measurement", of="2 days")
half = 0.5**0.5
check.close(got, torch.tensor([[-1.0, 0.0, 1.0]] * 2), of="2 days", suspects={
    "You standardised the columns (dim=0). The error is gone, and so is the meaning: each row should "
    "have mean 0.": torch.tensor([[-half] * 3, [half] * 3]),
    "You used one mean and one deviation for the whole table. Each row has its own.": (x - 4.5) / x.std(),
    "The rows have mean 0, but is each divided by its own standard deviation?": x - torch.tensor([[2.0], [7.0]]),
    "Did you divide by the variance? The standard deviation is its root.":
        torch.tensor([[-1.0, 0.0, 1.0], [-0.5, 0.0, 0.5]]),
})
square = torch.tensor([[1.0, 2.0, 3.0], [5.0, 7.0, 9.0], [0.0, 5.0, 1.0]])
check.close(standardise_rows(square).mean(dim=1), torch.zeros(3), atol=1e-6, of="row means of a square table",
            hint="[3, 3] - [3] runs without an error and subtracts the wrong means: which shape do the "
                 "means need?")
### BEGIN HIDDEN TESTS
for (x,) in check.samples(1, "day measurement", n=5, low=3):
    x = 3 + 5 * x
    want = torch.stack([(row - row.mean()) / row.std() for row in x])
    check.close(standardise_rows(x), want, axes="day measurement", rtol=1e-4, atol=1e-4, of="random tables")
check.close(standardise_rows(torch.tensor([[4.0, 8.0]])).sum(), torch.tensor(0.0), atol=1e-6, of="a single day")
### END HIDDEN TESTS

# %% [markdown]
# **11c · Pictures for PyTorch** (2 points). Image files hold `[height, width, channel]`; PyTorch's layers want the channels first. Here is what `broken_images` does to a picture. Which contract holds, and which does not?

# %% tags=["demo"]
height, width = 24, 36
rows, columns = torch.arange(height)[:, None], torch.arange(width)            # [24, 1] and [36]
picture = torch.empty(height, width, 3)
picture[..., 0], picture[..., 1], picture[..., 2] = 0.9 - rows / 60, 0.5 - rows / 120, 0.2 + rows / 40
picture[(rows - 12) ** 2 + (columns - 25) ** 2 < 30] = torch.tensor([1.0, 0.85, 0.2])     # the sun
wrong = broken_images(picture[None])                                          # [1, 3, 24, 36]
fig, axes = plt.subplots(1, 2, figsize=(9, 3))
for ax, image, title in ((axes[0], picture, "the file, [24, 36, 3]"),
                         (axes[1], wrong[0].permute(1, 2, 0), "what the network sees after view")):
    ax.imshow(image)
    ax.set_title(title)
    ax.set_axis_off()
lesson.show(fig, alt="Left: a yellow sun at the right of an evening sky, 24 by 36 pixels. Right: the same "
                     "numbers after view: vertical stripes of brown, grey and blue with scattered green and "
                     "violet dots, and no sun.")

# %% [markdown]
# The shape is `[1, 3, 24, 36]`, as promised, and every layer will accept it. The *meaning* of each axis is gone. No shape check can catch this: a test with a known picture can.
#
# The repaired function takes `[B, H, W, C]` to `[B, C, H, W]`: `out[b, c, h, w]` is `images[b, h, w, c]`.
#
# <details><summary>Hint: my pictures lie on their side</summary>
# <code>transpose(1, 3)</code> swaps C with H, and leaves W where H should be. Three axes move here. Which call takes a whole new order?
# </details>

# %% exercise="repair_images"
# exercise: repair_images
def channels_first(images):
    """images: Tensor [B, H, W, C].

    Returns: Tensor [B, C, H, W] with out[b, c, h, w] == images[b, h, w, c].
    """
    ### BEGIN SOLUTION
    return images.permute(0, 3, 1, 2)
    ### END SOLUTION

# %% check="repair_images" points=2
colour = torch.arange(3)[:, None, None]                           # red 0, green 1, blue 2
images = torch.arange(24).reshape(1, 2, 4, 3)                     # 1 picture, 2 high, 4 wide
got = channels_first(images)
check.shape(got, (1, 3, 2, 4), axes="batch channel height width", of="one picture")
want = (torch.arange(0, 24, 3).reshape(2, 4) + colour)[None]      # red: 0, 3, 6, …; green: 1, 4, 7, …
check.equal(got, want, of="one picture", hint="compare got[0, 0], the red picture, with images[0, :, :, 0].",
            suspects={"The shape is right and every number kept its seat: view and reshape cannot move an "
                      "axis.": images.reshape(1, 3, 2, 4)})
square = torch.arange(27).reshape(1, 3, 3, 3)                     # here the shape cannot tell
check.equal(channels_first(square), (torch.arange(0, 27, 3).reshape(3, 3) + colour)[None],
            of="a picture of 3 × 3 pixels and 3 channels",
            hint="do you go by the shape? All three lengths are equal here, only the order of axes counts.")
### BEGIN HIDDEN TESTS
for (x,) in check.samples(1, "b h w c", n=5):
    check.close(channels_first(x), torch.stack(x.unbind(-1), dim=1), of="random pictures")
check.equal(channels_first(torch.ones(1, 1, 1, 1)).tolist(), [[[[1.0]]]], of="sizes of 1")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 13.2 · Explain it to Ines
# ●●○○○ · 3 minutes · 2 points · read by a person
#
# In at most six sentences: why did her first loss give the lazy prediction 400 and the perfect one 800? Why did PyTorch not complain? Which line at the border of
# her function would have told her on the first day?

# %% written="explain_to_ines" points=2
### BEGIN SOLUTION
# [364, 1] - [364] broadcasts to [364, 364], so the loss averaged the squared difference of every prediction to the sales of every day, not only of its own day.
# For the perfect prediction that is the mean squared difference between two random days, twice the variance of the sales: 2 · 400 = 800. For 120 every day
# each row holds the sales' distances from their mean, which gives the variance, 400. Over all pairs a constant at the mean is the best that any
# prediction can do, so training led the model there. Broadcasting [N, 1] with [N] is legal, so there was nothing to complain about. A check such as
# `if prediction.shape != target.shape: raise ValueError(...)` would have stopped it.
#
# (One point for naming the [364, 364] broadcast and why it is legal, half a point for the variance argument or an equivalent one, half a point for the check.)
### END SOLUTION

# %% [markdown]
# ## Takeaways
#
# - Before a line runs you can know its **shape**, **dtype**, **bytes** and whether it **shares memory**. Write them down, then measure.
# - bytes = numel × element size. `[4, 8]` in float32: 128 B.
# - Broadcasting aligns shapes at the **right** and stretches 1s. `[N, 1] - [N]` is `[N, N]`. `keepdim=True` keeps the 1 that you need.
# - place = offset + Σ i · stride. A view is another way of reading the same strip. `reshape` is a view **if strides allow it**.
# - `view` and `reshape` never change the order of the numbers. `transpose` and `permute` change the order of axes.
# - A right shape can hold wrong numbers. Test with unequal sizes, and with an input whose answer you know.
# - Check contracts where data enters, with messages that name what was expected and what came.
#
# **Words from this lesson:** [loss](docs/glossary.md#loss) · [tensor](docs/glossary.md#tensor) · [axis](docs/glossary.md#axis) · [shape](docs/glossary.md#shape) · [dtype](docs/glossary.md#dtype) · [device](docs/glossary.md#device) ·
# [type promotion](docs/glossary.md#type-promotion) · [broadcasting](docs/glossary.md#broadcasting) · [storage](docs/glossary.md#storage) · [stride](docs/glossary.md#stride) ·
# [mask](docs/glossary.md#mask) · [gather](docs/glossary.md#gather) · [view](docs/glossary.md#view) · [contiguous](docs/glossary.md#contiguous) · [meta device](docs/glossary.md#meta-device) · [token](docs/glossary.md#token) ·
# [context window](docs/glossary.md#context-window) · [attention head](docs/glossary.md#attention-head) · [causal mask](docs/glossary.md#causal-mask) · [softmax](docs/glossary.md#softmax) · [einsum](docs/glossary.md#einsum) ·
# [boundary check](docs/glossary.md#boundary-check)
#
# **Read next**
#
# - Edward Yang, *PyTorch internals* (2019): storage and strides, drawn by one of the people who built them.
# - The PyTorch documentation: *Tensor Views*, *Broadcasting semantics* and *Tensor Attributes*, three short pages.
# - Sasha Rush, *Tensor Puzzles*: twenty-one functions to write with broadcasting and little else. Do them on a train.
# - Stevens, Antiga and Viehmann, *Deep Learning with PyTorch*, chapter 3: "It starts with a tensor".
# - Alex Rogozhnikov, *Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation* (ICLR 2022).
#
# **Next lesson:** Ines's loss is right now. How does a number at the end of a computation tell each weight at its beginning what to do? That is lesson 02.
#
# Before you hand in: *Restart and run all*, then run the last cell. It tells you what is done, what is open, and what to do next.

# %% tags=["demo"]
lesson.hand_in("01_tensors")
