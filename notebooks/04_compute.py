# %% [markdown]
# ## Eleven days
#
# Graça looks after forty thousand handwritten letters in the city archive of Braga. A program reads the handwriting, and reads it badly: *farinha* (flour) becomes
# *sarinha*, which is nothing at all. A small language model that has seen enough old Portuguese would mend most of that.
#
# The director had one question. "How long does the training take, and what does it cost?" Graça said: "A weekend?" On day eleven he asked again.
#
# There was an answer, and it needed no computer: a pencil, the size of the model, the length of the text and one number from a data sheet. It would have been right to within a
# factor of two, **before** the first step was trained. In this lesson you learn to give that answer, to check it against an exact referee, and to
# measure what the machine in front of you really does with its promises.
#
# From here on the course keeps books. Every cost is written down twice: what you predicted, and what you measured.

# %% tags=["fixture"]
import json
import math
import statistics
import time
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device


def counted(run: Callable[[], object]) -> int:
    """The FLOPs that PyTorch's counter sees while run() runs."""
    with FlopCounterMode(display=False) as referee:
        run()
    return referee.get_total_flops()

# %% [markdown]
# ## 1 · A count and a rate
#
# Two things share one name, and half of all wrong estimates come from that:
#
# | written | what it is | like |
# |---|---|---|
# | [FLOP](docs/glossary.md#flop), FLOPs | a **count**: one addition or one multiplication of two floating-point numbers | kilometres |
# | FLOP/s | a **rate**: how many of them in a second | kilometres an hour |
#
# A model and a batch have a count. A chip has a rate. Time is the one divided by the other, as on the road.
#
# Nearly all of the count is matrix products. One entry of $[m, n] \cdot [n, p]$ is a row times a column: $n$ multiplications and $n$ additions (one fewer, but nobody
# counts that). There are $m \cdot p$ entries:
#
# $$\text{FLOPs} = 2 \cdot m \cdot n \cdot p$$
#
# The 2 is the multiplication and the addition. A linear layer on $B$ rows is such a product, with its bias left out of the books: $2 \cdot B \cdot D_{in} \cdot D_{out}$.
#
# PyTorch has a referee, `FlopCounterMode`. It watches the operators that run inside its block and applies these formulas to their shapes. Our `counted(run)` wraps it:

# %% tags=["demo"]
a, b = torch.randn(64, 512), torch.randn(512, 2048)
print(f"formula: {2 * 64 * 512 * 2048:,} FLOPs")
print(f"referee: {counted(lambda: a @ b):,} FLOPs")

# %% [markdown]
# ### Exercise 1.1 · Six bills
# ●○○○○ · 5 minutes · 3 points
#
# **Predict** six counts. Whole numbers, or a product such as `2 * 3 * 4`. The last two ask different things about one line of code: what it *costs*, one FLOP for
# each multiplication and each addition, and what the referee *says*. The referee knows matrix products (and convolutions and attention), and nothing else.
#
# The cell below your answer checks only its form. The measurement comes right after it.
#
# <details><summary>Hint: the third one has three axes</summary>
# A linear layer works on the last axis. How many rows of 512 numbers does <code>x</code> have altogether?
# </details>

# %% exercise="six_bills"
# exercise: six_bills
six_bills = {
    "product": ...,          # x @ w                with x [64, 512] and w [512, 2048]
    "batch": ...,            # x @ w                with x [8, 16, 32] and w [8, 32, 4]
    "linear": ...,           # nn.Linear(512, 10)(x)    with x [2, 100, 512]
    "all pairs": ...,        # x @ x.T              with x [1000, 50]
    "scaled": ...,           # x * 3 + 1            with x [64, 512]: what it costs
    "scaled, counted": ...,  # the same line: what the referee says
}
### BEGIN SOLUTION
six_bills = {
    "product": 2 * 64 * 512 * 2048,
    "batch": 8 * 2 * 16 * 32 * 4,
    "linear": 2 * (2 * 100) * 512 * 10,
    "all pairs": 2 * 1000 * 50 * 1000,
    "scaled": 2 * 64 * 512,
    "scaled, counted": 0,
}
### END SOLUTION

# %% check="six_bills" points=3
six_names = ["product", "batch", "linear", "all pairs", "scaled", "scaled, counted"]
check.each(six_bills, dict.fromkeys(six_names, 0.0), atol=1e12, of="any six numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
six_counts = [134_217_728, 32_768, 2_048_000, 100_000_000, 65_536, 0]
check.each(six_bills, dict(zip(six_names, six_counts)), hint={
    "product": "two FLOPs for each of the m·n·p pairs?", "batch": "eight products, one for each matrix of the batch?",
    "linear": "how many rows of 512 numbers does x have?", "all pairs": "what are m, n and p here?",
    "scaled": "how many numbers, and how many operations on each?", "scaled, counted": "is there a matrix product in it?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.**

# %% tags=["demo"]
x = torch.randn(64, 512)
runs = {
    "product": lambda: x @ torch.randn(512, 2048),
    "batch": lambda: torch.randn(8, 16, 32) @ torch.randn(8, 32, 4),
    "linear": lambda: nn.Linear(512, 10)(torch.randn(2, 100, 512)),
    "all pairs": lambda: torch.randn(1000, 50) @ torch.randn(50, 1000),
    "scaled, counted": lambda: x * 3 + 1,
}
for name, run in runs.items():
    print(f"{name:16} {counted(run):>12,}   yours: {six_bills.get(name)}")
print(f"{'scaled':16} {2 * x.numel():>12,}   yours: {six_bills.get('scaled')}   (by hand: two operations on each of {x.numel():,} numbers)")

# %% [markdown]
# **Reconcile.** Four of the six are one formula. The last two differ, and that is no mistake of yours: the referee's formulas cover products, and a few other heavy operators. For
# a transformer that is nearly all of the count (section 3 adds it up). It is *not* nearly all of the **time**, and section 9 shows why.
#
# The referee has blind spots that nobody tells you about. A referee you rely on is a referee you test:

# %% tags=["demo"]
matrix, vector = torch.randn(512, 2048), torch.randn(2048)
query = torch.randn(2, 4, 16, 8, device=device)                   # [batch, heads, tokens, features]
print(f"matrix @ vector:             {counted(lambda: matrix @ vector):>10,}   by formula {2 * 512 * 2048:,}")
print(f"matrix @ vector as a column: {counted(lambda: matrix @ vector[:, None]):>10,}")
print(f"fused attention, this device:{counted(lambda: F.scaled_dot_product_attention(query, query, query)):>10,}   by formula {4 * 2 * 4 * 16 * 16 * 8:,}")

# %% [markdown]
# Where a line says 0, the operator is one that this version of PyTorch has no formula for: a product with a vector, or attention by a [kernel](docs/glossary.md#kernel) (a ready-made program for one operation) that this device uses. The work was done all the same. So we count with the
# referee where it can see, and keep the formula beside it always.
#
# ## 2 · The bill of a network
#
# A multilayer perceptron (MLP: linear layers with a ReLU between them, as your `DigitNet`) of sizes `[512, 256, 10]` on a batch of 64 rows makes two products forwards:
#
# | layer | product | FLOPs |
# |---|---|---|
# | 512 → 256 | [64, 512] · [512, 256] | 16,777,216 |
# | 256 → 10 | [64, 256] · [256, 10] | 327,680 |
#
# And backwards? From [lesson 02](release/02_autograd/02_autograd.ipynb): each layer's backward pass makes **two** products of the same size, one for the blame of its weights and one for the blame of its
# input. The first layer makes only one: its input is data, and nobody asks what the data is to blame for.
#
# ### Exercise 2.1 · The bill of an MLP
# ●●○○○ · 8 minutes · 4 points
#
# Write `mlp_flops(batch, sizes, training=False)`. It returns the FLOPs of one forward pass, or with `training=True` of forward **and** backward pass together. Matrix products only, as the
# referee counts them: no biases, no ReLU.
#
# For `batch=64, sizes=[512, 256, 10]` that is 17,104,896 forwards and 34,537,472 for training.
#
# <details><summary>Hint 1: which pairs are layers?</summary>
# <code>zip(sizes, sizes[1:])</code> gives (512, 256) and (256, 10).
# </details>
# <details><summary>Hint 2: my training bill is exactly three times the forward bill</summary>
# That is what everybody says, and it is nearly right for a deep network. Which product does nobody need?
# </details>

# %% exercise="mlp_flops"
# exercise: mlp_flops
def mlp_flops(batch: int, sizes: list[int], training: bool = False) -> int:
    """FLOPs of one pass through a chain of linear layers. batch: rows. sizes: features, from the input to the output."""
    ### BEGIN SOLUTION
    layers = [2 * batch * wide_in * wide_out for wide_in, wide_out in zip(sizes, sizes[1:])]
    return 3 * sum(layers) - layers[0] if training else sum(layers)
    ### END SOLUTION

# %% check="mlp_flops" points=4
check.equal(mlp_flops(64, [512, 256, 10]), 17_104_896, of="[512, 256, 10] forwards", suspects={
    "is each pair one multiplication and one addition?": 8_552_448,
    "the biases are in it, and the referee leaves them out": 17_104_896 + 64 * 266,
})
check.equal(mlp_flops(64, [512, 256, 10], training=True), 34_537_472, of="[512, 256, 10] for training", suspects={
    "that is three times the forward bill: who needs the blame of the data?": 51_314_688,
    "that is twice the forward bill: how many products does each layer's backward pass make?": 34_209_792,
    "that is the backward pass alone: training is both": 17_432_576,
})
### BEGIN HIDDEN TESTS
def chain(sizes):
    """A chain of linear layers on the meta device: shapes without numbers."""
    layers = []
    for before, after in zip(sizes, sizes[1:]):
        layers += [nn.Linear(before, after, device="meta"), nn.ReLU()]
    return nn.Sequential(*layers)

for depth in (1, 2, 4, 7):
    sizes, batch = check.partition(40 * (depth + 1), into=depth + 1), 3 + depth
    net, rows = chain(sizes), torch.zeros(batch, sizes[0], device="meta")
    forwards = counted(lambda: net(rows))
    both = counted(lambda: net(rows).sum().backward())
    check.equal(mlp_flops(batch, sizes), forwards, of=f"{depth} layers forwards")
    check.equal(mlp_flops(batch, sizes, training=True), both, of=f"{depth} layers for training",
                hint="does every layer but the first make two products backwards?")
check.equal(mlp_flops(10**6, [49152, 12288]), 2 * 10**6 * 49152 * 12288, of="one layer of GPT-3 on a million tokens",
            hint="is the number whole, and computed without making the tensors?")
### END HIDDEN TESTS

# %% [markdown]
# **Reconcile.** "Backward costs twice the forward pass" is a rule for deep networks. You have the exact bill, and you know where the rule comes from: two products for one.
#
# ## 3 · The bill of a transformer block
#
# A [transformer block](docs/glossary.md#transformer-block) is what Graça's model is made of, twelve of them in a row. On `x` of shape [batch $B$, tokens $T$, width $D$] (the whole width, which lesson 01 wrote H·D) it makes eight products:
#
# | step | product | FLOPs |
# |---|---|---|
# | queries, keys, values and the output | four times [B·T, D] · [D, D] | |
# | scores | [T, D] · [D, T] for each of the $B$ texts | |
# | weighted values | [T, T] · [T, D] for each of the $B$ texts | |
# | up and down | [B·T, D] · [D, F] and back, $F$ is usually $4D$ | |
#
# The last column is yours. (Attention in several heads cuts $D$ into pieces, and the pieces' bills add up to the same.) What else the block does costs little beside them: a `LayerNorm` brings each token's numbers to mean 0 and standard deviation 1, GELU is a ReLU with a
# rounded corner, and each half adds its result to its own input, `x + …`.

# %% tags=["fixture"]
class Block(nn.Module):
    """One transformer block with a single attention head, without biases. x: [batch, tokens, width]."""

    def __init__(self, width: int, hidden: int):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.query, self.key, self.value, self.output = (nn.Linear(width, width, bias=False) for _ in range(4))
        self.up, self.down = nn.Linear(width, hidden, bias=False), nn.Linear(hidden, width, bias=False)

    def forward(self, x):
        """The same shape comes out."""
        h = self.norm_1(x)
        scores = self.query(h) @ self.key(h).transpose(1, 2) / math.sqrt(x.shape[-1])    # [batch, tokens, tokens]
        future = torch.ones(scores.shape[1:], dtype=torch.bool, device=x.device).triu(1)
        x = x + self.output(scores.masked_fill(future, -math.inf).softmax(-1) @ self.value(h))
        return x + self.down(F.gelu(self.up(self.norm_2(x))))

# %% [markdown]
# ### Exercise 3.1 · Where a block's FLOPs go
# ●●●○○ · 10 minutes · 4 points
#
# Write `block_flops(batch, tokens, width, hidden)`. It returns the forward FLOPs of a block as a dict with three entries:
#
# - `"projections"`: queries, keys, values and output,
# - `"attention"`: scores and weighted values (PyTorch computes the masked half too),
# - `"mlp"`: up and down.
#
# For `block_flops(1, 10, 4, 16)`: 1,280 and 1,600 and 2,560.
#
# <details><summary>Hint 1: which entry grows fastest with T?</summary>
# In which product does <i>T</i> stand twice?
# </details>

# %% exercise="block_flops"
# exercise: block_flops
def block_flops(batch: int, tokens: int, width: int, hidden: int) -> dict[str, int]:
    """Forward FLOPs of a transformer block on [batch, tokens, width], by what they are for."""
    ### BEGIN SOLUTION
    return {
        "projections": 4 * 2 * batch * tokens * width * width,
        "attention": 2 * 2 * batch * tokens * tokens * width,
        "mlp": 2 * 2 * batch * tokens * width * hidden,
    }
    ### END SOLUTION

# %% check="block_flops" points=4
check.equal(block_flops(1, 10, 4, 16), {"projections": 1_280, "attention": 1_600, "mlp": 2_560}, of="1, 10, 4, 16", suspects={
    "two FLOPs for each pair?": {"projections": 640, "attention": 800, "mlp": 1_280},
    "attention makes two products: scores, and weighted values": {"projections": 1_280, "attention": 800, "mlp": 2_560},
    "queries, keys and values are three, and the output is a fourth": {"projections": 960, "attention": 1_600, "mlp": 2_560},
    "up and down are two products": {"projections": 1_280, "attention": 1_600, "mlp": 1_280},
})
### BEGIN HIDDEN TESTS
def of_block(batch, tokens, width, hidden):
    """The referee's count of a whole block on the meta device."""
    with torch.device("meta"):
        block, x = Block(width, hidden), torch.zeros(batch, tokens, width)
        return counted(lambda: block(x))

for batch, tokens, width, hidden in ((3, 7, 8, 40), (2, 33, 16, 20), (5, 64, 12, 12), (1, 4096, 768, 3072)):
    got = block_flops(batch, tokens, width, hidden)
    case = f"batch {batch}, {tokens} tokens, width {width}, hidden {hidden}"
    check.equal(got["attention"], 4 * batch * tokens**2 * width, of=f"attention, {case}",
                hint="each of the B texts has scores of its own, T by T")
    check.equal(got["mlp"], 4 * batch * tokens * width * hidden, of=f"mlp, {case}", hint="is hidden used as it is given?")
    check.equal(sum(got.values()), of_block(batch, tokens, width, hidden), of=f"all three, {case}")
### END HIDDEN TESTS

# %% [markdown]
# **Measure** what the products leave out. Nobody counts that for you, so here it is by hand, and not stingily: 8 operations on a number for a `LayerNorm`, 10 for a GELU, 7 for scale, mask and softmax of a score, 1 for a sum.
# **Predict**: in which of the three models is their share the largest?

# %% tags=["demo"]
for name, width, heads in (("small, 1 head", 128, 1), ("GPT-2, 12 heads", 768, 12), ("GPT-3, 96 heads", 12_288, 96)):
    tokens = 1024
    products = sum(block_flops(1, tokens, width, 4 * width).values())
    rest = 2 * 8 * tokens * width + 10 * tokens * 4 * width + 7 * heads * tokens**2 + 2 * tokens * width
    print(f"{name:16} width {width:6}   {products / (products + rest):8.2%} of the count are products")

# %% [markdown]
# **Reconcile.** What the matrices cost grows with the *square* of the width, what the rest costs with the width: the wider the model, the less the rest counts.
#
# ### Exercise 3.2 · When attention overtakes
# ●●○○○ · 4 minutes · 1 point
#
# The projections and the MLP grow with $T$, attention with $T^2$. So there is a length at which attention costs as much as all the rest of the block. **Predict** it for the smallest GPT-2: width 768, hidden 3,072.
# How many tokens?
#
# <details><summary>Hint: write the equation</summary>
# Attention = projections + mlp. Divide both sides by everything that they share: what is left of <i>T</i>?
# </details>

# %% exercise="crossover"
# exercise: crossover
### BEGIN SOLUTION
crossover = 2 * 768 + 3072
### END SOLUTION

# %% check="crossover" points=1
check.close(crossover, 0.0, atol=1e9, of="one number")
### BEGIN HIDDEN TESTS
check.close(crossover, 4608.0, reveal=False, atol=1, suspects={
    "that is where attention overtakes the MLP alone: the projections are there too": 3072.0,
    "that is where attention overtakes the projections alone: the MLP is there too": 1536.0,
    "is attention two products, of scores and of values?": 9216.0,
})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** The share of attention in the bill of a GPT-2 block, by your own function:

# %% tags=["demo"]
lengths = [2**n for n in range(6, 16)]
shares = [100 * (bill := block_flops(1, length, 768, 3072))["attention"] / sum(bill.values()) for length in lengths]
fig, ax = plt.subplots(figsize=(7, 3.2))
ax.plot(lengths, shares, "o-", color="#0072B2")
ax.axhline(50, color="#999999", lw=1, ls="--")
ax.set(xscale="log", xlabel="tokens in the context", ylabel="% of FLOPs in attention", ylim=(0, 100))
ax.set_xticks(lengths, [str(length) for length in lengths], rotation=45)
lesson.show(fig, alt=f"The share of attention in a GPT-2 block's FLOPs against the context length: {shares[0]:.0f} % at {lengths[0]} tokens, "
            f"{shares[4]:.0f} % at {lengths[4]}, and {shares[-1]:.0f} % at {lengths[-1]}. The curve crosses 50 % between 4096 and 8192 tokens.")

# %% [markdown]
# **Reconcile.** The curve crosses one half at $T = 2D + F$, as your equation says. A letter of 500 tokens is far below: for Graça the attention scores are small change. For somebody who feeds whole
# books to a model they are the bill.
#
# ## 4 · Six times parameters times tokens
#
# One more look at the projections: $2 \cdot D^2$ FLOPs for each token, and $D^2$ is the number of *parameters* in the matrix. The same holds for the MLP. So as long as the attention scores are small change:
#
# | | FLOPs for each token |
# |---|---|
# | forward | 2 for each parameter: one multiplication, one addition |
# | backward | 4 for each parameter: two products for one |
# | training | **6 for each parameter** |
#
# $$\text{training FLOPs} \approx 6 \cdot \text{parameters} \cdot \text{tokens}$$
#
# That is the most useful formula of this course. It fits on a napkin, and like everything on napkins it holds under conditions. Which?
#
# The little GPT below has two parts more than its blocks. The *[embedding](docs/glossary.md#embedding)* is a table with a row of `width` numbers for each token of the vocabulary: a token picks its row. The *head* is a last linear layer, from `width` to one logit for each token of the vocabulary.

# %% tags=["fixture"]
class LittleGPT(nn.Module):
    """Embedding, blocks, head. tied: the head uses the embedding's table. recompute: see lesson 05."""

    def __init__(self, vocabulary=64, width=128, layers=4, tied=True, recompute=False):
        super().__init__()
        self.embed = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, 4 * width) for _ in range(layers))
        self.head = nn.Linear(width, vocabulary, bias=False)
        self.recompute = recompute
        if tied:
            self.head.weight = self.embed.weight

    def forward(self, tokens):
        """tokens: int64 [batch, tokens]. Returns: logits [batch, tokens, vocabulary]."""
        x = self.embed(tokens)
        for block in self.blocks:
            x = checkpoint(block, x, use_reentrant=False) if self.recompute else block(x)
        return self.head(x)


def training_count(model: nn.Module, length: int) -> tuple[int, int]:
    """(FLOPs of one training pass over a text of `length` tokens by the referee, parameters of the model)."""
    tokens = torch.zeros(1, length, dtype=torch.int64, device="meta")
    model = model.to("meta")
    return counted(lambda: model(tokens).sum().backward()), sum(p.numel() for p in model.parameters())

# %% [markdown]
# ### Exercise 4.1 · Where the napkin tears
# ●●●○○ · 8 minutes · 3 points
#
# Six training runs of a little GPT (width 128, four blocks). **Predict** for each what 6 · parameters · tokens is: `"too low"`, `"about right"` (within 10 % of the true
# count) or `"too high"`. All parameters count, those that are not trained too.
#
# <details><summary>Hint 1: the table of an embedding</summary>
# How many FLOPs does it take to look up a row in a table?
# </details>
# <details><summary>Hint 2: frozen layers</summary>
# A frozen layer needs no blame for its weights. Does it need to pass blame on? Only if something below it is trained.
# </details>

# %% exercise="napkin"
# exercise: napkin
napkin = {
    "letters": ...,   # texts of 32 tokens, a vocabulary of 64 letters, head and embedding share one table
    "books": ...,     # the same model, texts of 4,096 tokens
    "words": ...,     # texts of 32 tokens, a vocabulary of 32,000 words, head and embedding each with a table of its own
    "top": ...,       # letters again: everything is frozen but the head, which has a table of its own
    "bottom": ...,    # letters again: everything is frozen but the embedding, which has a table of its own
    "recompute": ..., # letters again: each block is computed a second time during the backward pass (lesson 05 says why)
}
### BEGIN SOLUTION
napkin = {
    "letters": "about right",
    "books": "too low",
    "words": "too high",
    "top": "too high",
    "bottom": "too high",
    "recompute": "too low",
}
### END SOLUTION

# %% check="napkin" points=3
if all(word is ... for word in napkin.values()):
    raise check.NotAttempted("napkin")
napkin_other = [word for word in napkin.values() if word is not ... and word not in ("too low", "about right", "too high")]
check.that(not napkin_other, expected='only the words "too low", "about right" and "too high"', got=f"your answer has {napkin_other}")
### BEGIN HIDDEN TESTS
napkin_truth = {"letters": "about right", "books": "too low", "words": "too high", "top": "too high", "bottom": "too high",
                "recompute": "too low"}
check.each(napkin, napkin_truth, hint={
    "letters": "what share have the scores at 32 tokens?", "books": "4,096 tokens: is T above 2D + F?",
    "words": "which of the two tables takes part in a product?", "top": "which products of the backward pass are left?",
    "bottom": "the blame must pass through everything: which product of the two can be left out?",
    "recompute": "how many forward passes is that?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.**

# %% tags=["demo"]
def frozen_but(part: str) -> nn.Module:
    """A little GPT of which only one part is trained."""
    model = LittleGPT(tied=False)
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name.startswith(part))
    return model

cases = {
    "letters": (LittleGPT(), 32), "books": (LittleGPT(), 4096), "words": (LittleGPT(32_000, tied=False), 32),
    "top": (frozen_but("head"), 32), "bottom": (frozen_but("embed"), 32), "recompute": (LittleGPT(recompute=True), 32),
}
ratios = {}
for name, (model, length) in cases.items():
    true, parameters = training_count(model, length)
    ratios[name] = true / (6 * parameters * length)
    verdict = "too high" if ratios[name] < 0.9 else "too low" if ratios[name] > 1.1 else "about right"
    print(f"{name:10} {parameters:>10,} parameters   true / napkin = {ratios[name]:.2f}   6 · parameters · tokens is {verdict:12} yours: {napkin.get(name)}")

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(7, 2.8))
ax.barh(list(ratios), list(ratios.values()), color=["#009E73" if 0.9 <= r <= 1.1 else "#D55E00" for r in ratios.values()])
ax.axvline(1, color="black", lw=1)
ax.invert_yaxis()
ax.set(xlabel="true FLOPs / (6 · parameters · tokens)")
lesson.show(fig, alt="Bars of the true training FLOPs over six times parameters times tokens: " +
            ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()) + ". Only letters is close to 1.")

# %% [markdown]
# **Reconcile.** Each tear has one reason:
#
# | run | FLOPs for each parameter and token | why |
# |---|---|---|
# | letters | 6 | nothing but products with parameters |
# | books | more | attention scores are products *without* parameters |
# | words | fewer | an embedding's table is looked up, never multiplied |
# | top | 2, and a little | forward through everything; backward only one product, in the head |
# | bottom | 4 | forward 2, and 2 to carry the blame down; no blame for frozen weights |
# | recompute | 8, nearly | two forward passes |
#
# The 4 of the fifth row will come back in lesson 09: [fine-tuning](docs/glossary.md#fine-tuning) (training a finished model a little further) with all its weights frozen and small adapters beside them does **not** cost next to nothing. It saves a third of the FLOPs, and a lot of memory.

# %% [markdown]
# ## 5 · How long, and what does it cost?
#
# Now the answer for the director. Kilometres divided by kilometres an hour:
#
# $$\text{seconds} = \frac{6 \cdot \text{parameters} \cdot \text{tokens}}{\text{chips} \cdot \text{promised FLOP/s} \cdot \text{MFU}}$$
#
# The **promise** stands in a data sheet. [MFU](docs/glossary.md#mfu), model FLOP/s utilisation, is the share of it that a training run really gets. PaLM's authors worked it out for
# GPT-3, {{fact:mfu_gpt3.value}}, and for their own model, {{fact:mfu_palm}}; Llama 3's authors report {{fact:mfu_llama3}}. Those are runs with a team behind them. One that nobody looks at can get a small fraction of that, as you will see. Section 8 measures it.
#
# | chip | promised for training | in float32 | memory traffic |
# |---|---|---|---|
# | T4, free on Colab and Kaggle | {{fact:t4_fp16}} | {{fact:t4_fp32}} | {{fact:t4_bandwidth}} |
# | A100 | {{fact:a100_bf16}} | {{fact:a100_fp32}} | {{fact:a100_bandwidth}} |
# | H100 | {{fact:h100_bf16}} | {{fact:h100_fp32}} | {{fact:h100_bandwidth}} |
#
# One trap stands in the data sheet itself: the largest number on an H100's is for matrices half of whose entries are zero in a fixed pattern ("sparsity"). Yours are not. The promise for
# ordinary, *dense* matrices is half of it, and it is the one in our table.

# %% tags=["fixture"]
T4 = lesson.fact("t4_fp16").number                    # FLOP/s; the same numbers as in the table
A100 = lesson.fact("a100_bf16").number
H100 = lesson.fact("h100_bf16").number

# %% [markdown]
# ### Exercise 5.1 · The quote
# ●●○○○ · 8 minutes · 4 points
#
# Write `quote(parameters, tokens, promised, mfu, chips=1, dollars_per_hour=0.0)`. It returns a dict: `"flops"` (of the whole run), `"seconds"` (by the clock on the wall), `"gpu_hours"` (all chips together: two chips for
# one hour are two [GPU-hours](docs/glossary.md#gpu-hour)) and `"dollars"` (`dollars_per_hour` is the price of *one* chip).
#
# A worked example: 1e6 parameters, 1e6 tokens, a chip that promises 1e9 FLOP/s, MFU 0.5, two chips, 3 dollars.
#
# | | |
# |---|---|
# | flops | 6 · 1e6 · 1e6 = 6e12 |
# | seconds | 6e12 / (2 · 1e9 · 0.5) = 6,000 |
# | gpu_hours | 2 · 6,000 / 3,600 = 3.333 |
# | dollars | 3.333 · 3 = 10 |
#
# An `mfu` of 0 or less, or above 1, is nobody's machine: raise a `ValueError` that says so.

# %% exercise="quote"
# exercise: quote
def quote(parameters: float, tokens: float, promised: float, mfu: float, chips: int = 1,
          dollars_per_hour: float = 0.0) -> dict[str, float]:
    """What a training run takes. promised: FLOP/s of one chip. mfu: the share of it that one gets, in (0, 1]."""
    ### BEGIN SOLUTION
    if not 0 < mfu <= 1:
        raise ValueError(f"mfu is a share between 0 and 1, not {mfu}")
    flops = 6 * parameters * tokens
    seconds = flops / (chips * promised * mfu)
    gpu_hours = chips * seconds / 3600
    return {"flops": flops, "seconds": seconds, "gpu_hours": gpu_hours, "dollars": gpu_hours * dollars_per_hour}
    ### END SOLUTION

# %% check="quote" points=4
check.close(quote(1e6, 1e6, 1e9, 0.5, chips=2, dollars_per_hour=3.0),
            {"flops": 6e12, "seconds": 6000.0, "gpu_hours": 10 / 3, "dollars": 10.0}, of="the worked example", suspects={
    "a chip that does half of its promise takes twice as long, not half": {"flops": 6e12, "seconds": 1500.0, "gpu_hours": 2.5 / 3, "dollars": 2.5},
    "is the price for each chip and hour?": {"flops": 6e12, "seconds": 6000.0, "gpu_hours": 10 / 3, "dollars": 5.0},
})
check.raises(ValueError, lambda: quote(1e6, 1e6, 1e9, 1.7), of="an MFU of 1.7")
### BEGIN HIDDEN TESTS
check.raises(ValueError, lambda: quote(1e6, 1e6, 1e9, 0.0), of="an MFU of 0")
check.raises(ValueError, lambda: quote(1e6, 1e6, 1e9, -0.2), of="an MFU of −0.2")
for chips, mfu in ((1, 1.0), (8, 0.4), (1024, 0.5)):
    flops = 6 * 70e9 * 15e12
    seconds = flops / (chips * H100 * mfu)
    got = quote(70e9, 15e12, H100, mfu, chips=chips, dollars_per_hour=2.5)
    case = f"{chips} H100 at MFU {mfu}"
    check.close(got["flops"], flops, of=f"flops, {case}", hint="do the chips share the work, or does each do all of it?")
    check.close(got["seconds"], seconds, of=f"seconds, {case}")
    check.close(got["gpu_hours"], chips * seconds / 3600, of=f"gpu_hours, {case}", hint="all chips together, in hours")
    check.close(got["dollars"], chips * seconds / 3600 * 2.5, of=f"dollars, {case}")
### END HIDDEN TESTS

# %% [markdown]
# **Measure**, or rather: ask. The archive's model has 85 million parameters, and a good corpus of old Portuguese has 1.7 billion tokens. Two offers lie on the table: a free T4, and an A100 for two dollars an hour. (The MFU in each line is assumed, about as high as in the published runs. A quote says what it assumes.)

# %% tags=["demo"]
for name, promised, mfu, price in (("T4", T4, 0.25, 0.0), ("A100", A100, 0.4, 2.0)):
    offer = quote(85e6, 1.7e9, promised, mfu, dollars_per_hour=price)
    print(f"{name:5} {offer['flops']:.2e} FLOPs   {offer['seconds'] / 3600:5.1f} hours   {offer['dollars']:5.2f} dollars")
llama = quote(70e9, 15e12, H100, 0.5, chips=1024)
print(f"70 billion parameters, 15 trillion tokens, 1,024 H100 at MFU 0.5: {llama['seconds'] / 86400:.1f} days")
gpt3 = quote(175e9, 300e9, A100, 0.5, chips=1024)
print(f"GPT-3, 175 billion parameters and 300 billion tokens: {gpt3['flops']:.3g} FLOPs (its authors say 3.14e23), today {gpt3['seconds'] / 86400:.1f} days of 1,024 A100 at MFU 0.5")

# %% [markdown]
# **Reconcile.** A night and a bit on the free card (longer than one session lasts: [lesson 10](release/10_free_gpus/10_free_gpus.ipynb) is about that), or two hours for the price of a coffee and a pastel de nata. So why eleven days? Graça's run had an MFU of 0.014. Nobody had measured it.
#
# Large models are planned on the same napkin: 143.9 days for the third line. For GPT-3 the napkin can be held against a published figure (Brown and others, 2020, appendix D): 3.15e23 against 3.14e23. Three tenths of a per cent, from a formula with a 6 in it.
#
# ### Exercise 5.2 · A figure that circulates
# ●●○○○ · 5 minutes · 2 points
#
# "Eight H100 for two weeks, at their full dense promise, do 4.79e21 FLOPs." You will find that sentence, with that number, in more than one set of lecture notes. Believe nobody. Write `run_flops(chips, days, promised, mfu=1.0)`, the FLOPs that a
# machine does in so many days, and set `rumour_days` to the number of days after which eight H100 (`H100` FLOP/s each) have really done 4.79e21.

# %% exercise="rumour"
# exercise: rumour
def run_flops(chips: int, days: float, promised: float, mfu: float = 1.0) -> float:
    """The FLOPs that `chips` chips do in `days` days. promised: FLOP/s of one chip."""
    ### BEGIN SOLUTION
    return chips * days * 86400 * promised * mfu
    ### END SOLUTION

rumour_days = ...
### BEGIN SOLUTION
rumour_days = 4.79e21 / run_flops(8, 1, H100)
### END SOLUTION

# %% check="rumour" points=2
check.close(run_flops(2, 1, 1e9), 1.728e14, of="two chips for one day", hint="how many seconds has a day?")
check.close(run_flops(2, 1, 1e9, mfu=0.5), 0.864e14, of="the same at MFU 0.5")
### BEGIN HIDDEN TESTS
check.close(run_flops(8, 14, H100), 8 * 14 * 86400 * H100, of="two weeks of eight H100")
check.close(rumour_days, 7.0, reveal=False, atol=0.05, of="rumour_days", suspects={
    "that takes the sentence at its word: what does your own function say?": 14.0,
    "is that in weeks? The exercise asks for days": 1.0,
})
### END HIDDEN TESTS

# %% [markdown]
# One week, not two: two weeks are $8 \cdot 1{,}209{,}600 \cdot 989.5 \cdot 10^{12} = 9.58 \cdot 10^{21}$ FLOPs. Perhaps somebody halved for sparsity what had been halved before. A napkin is quick to check. That is the whole point of a napkin.
#
# ## 6 · Keeping books
#
# A prediction that nobody wrote down was always right. So we write it down, with a small **cost ledger** that stays with you for the rest of the course: FLOPs, seconds and dollars today, bytes in lesson 05, tokens in
# lesson 07, all of it in lesson 12.
#
# | item | quantity | predicted | measured | measured / predicted |
# |---|---|---|---|---|
# | forward | flops | 1.7e7 | 1.7e7 | 1.0 |
# | forward | seconds | 0.002 | 0.005 | 2.5 |
# | training | dollars | 4 | | |
#
# ### Exercise 6.1 · The ledger
# ●●●○○ · 12 minutes · 5 points
#
# Complete the class `Ledger`.
#
# - `predict(item, **amounts)` and `measure(item, **amounts)` book amounts: `ledger.predict("forward", flops=1.7e7, seconds=0.002)`. Booked twice on the same item and quantity, amounts **add up**: a step that runs ten times is booked ten times.
# - Only the quantities in `QUANTITIES` exist. Anything else (`flop=…`, `second=…`) raises a `ValueError` that names the wrong word, and then *nothing* of that call is booked: a typo must not vanish in the books.
# - `total(quantity, side="predicted")` is the sum over all items; `side` may be `"measured"`. Nothing booked is 0.
# - `reconcile()` returns `{(item, quantity): measured / predicted}` for everything that was booked on **both** sides.
# - `missing()` returns a sorted list of the `(item, quantity)` that were predicted and never measured.
#
# Two ledgers know nothing of each other.

# %% tags=["fixture"]
QUANTITIES = ("flops", "bytes", "tokens", "seconds", "dollars")

# %% exercise="ledger"
# exercise: ledger
class Ledger:
    """What something costs, booked before and after. An entry belongs to an item ("forward") and a quantity ("flops")."""

    def __init__(self):
        """Empty books."""
        ### BEGIN SOLUTION
        self.books = {"predicted": {}, "measured": {}}
        ### END SOLUTION

    def predict(self, item: str, **amounts: float) -> None:
        """Book what an item is expected to cost."""
        ### BEGIN SOLUTION
        self._book("predicted", item, amounts)
        ### END SOLUTION

    def measure(self, item: str, **amounts: float) -> None:
        """Book what an item did cost."""
        ### BEGIN SOLUTION
        self._book("measured", item, amounts)

    def _book(self, side, item, amounts):
        unknown = [name for name in amounts if name not in QUANTITIES]
        if unknown:
            raise ValueError(f"no quantity {unknown[0]!r}: there are {', '.join(QUANTITIES)}")
        for quantity, amount in amounts.items():
            self.books[side][item, quantity] = self.books[side].get((item, quantity), 0) + amount
        ### END SOLUTION

    def total(self, quantity: str, side: str = "predicted") -> float:
        """The sum of a quantity over all items, on one side of the books."""
        ### BEGIN SOLUTION
        return sum(amount for (_, name), amount in self.books[side].items() if name == quantity)
        ### END SOLUTION

    def reconcile(self) -> dict[tuple[str, str], float]:
        """measured / predicted for each (item, quantity) on both sides."""
        ### BEGIN SOLUTION
        measured = self.books["measured"]
        return {key: measured[key] / amount for key, amount in self.books["predicted"].items() if key in measured}
        ### END SOLUTION

    def missing(self) -> list[tuple[str, str]]:
        """Each (item, quantity) that was predicted and never measured, sorted."""
        ### BEGIN SOLUTION
        return sorted(set(self.books["predicted"]) - set(self.books["measured"]))
        ### END SOLUTION

# %% check="ledger" points=3
books = Ledger()
books.predict("forward", flops=100.0, seconds=2.0)
books.measure("forward", flops=100.0, seconds=5.0)
books.predict("training", dollars=4.0)
check.close(books.reconcile(), {("forward", "flops"): 1.0, ("forward", "seconds"): 2.5}, of="reconcile()", suspects={
    "is it measured over predicted?": {("forward", "flops"): 1.0, ("forward", "seconds"): 0.4}})
check.equal(books.missing(), [("training", "dollars")], of="missing()")
check.close(books.total("seconds"), 2.0, of='total("seconds")')
check.close(books.total("seconds", "measured"), 5.0, of='total("seconds", "measured")')
### BEGIN HIDDEN TESTS
check.close(books.total("bytes"), 0.0, of="the total of a quantity that nobody booked")
check.equal(Ledger().missing(), [], of="a new ledger", hint="does every ledger have books of its own?")
check.equal(Ledger().reconcile(), {}, of="a new ledger's reconcile()", hint="does every ledger have books of its own?")
steps = Ledger()
for amount in (1.0, 2.0, 4.0):
    steps.predict("step", tokens=amount)
    steps.measure("step", tokens=3 * amount)
check.close(steps.total("tokens"), 7.0, of="three bookings on one item", hint="do amounts add up, or does the last one overwrite the others?")
check.close(steps.reconcile(), {("step", "tokens"): 3.0}, of="reconcile() after three bookings")
steps.measure("evaluation", seconds=9.0)
check.close(steps.reconcile(), {("step", "tokens"): 3.0}, of="something that was measured and never predicted")
check.close(steps.total("seconds", side="measured"), 9.0, of="a total over items")
for item in ("b", "a"):
    steps.predict(item, seconds=1.0, bytes=2.0)
check.equal(steps.missing(), [("a", "bytes"), ("a", "seconds"), ("b", "bytes"), ("b", "seconds")], of="missing(), sorted")
### END HIDDEN TESTS

# %% check="ledger" part="typos" points=2
check.raises(ValueError, lambda: Ledger().predict("forward", flop=1.0), of='predict("forward", flop=1.0)')
### BEGIN HIDDEN TESTS
strict = Ledger()
booked = strict.total("flops")
check.raises(ValueError, lambda: strict.measure("forward", second=1.0), of='measure("forward", second=1.0)')
check.raises(ValueError, lambda: strict.predict("forward", flops=1.0, euros=2.0), of="one good and one unknown quantity")
check.close(strict.total("flops"), booked, of="what a refused booking leaves behind", hint="is everything checked before anything is booked?")
### END HIDDEN TESTS

# %% [markdown]
# The course has a ledger of its own that does the same and can draw, so that a later lesson never waits for this exercise. It reads like yours:

# %% tags=["demo"]
books = lesson.Ledger()
books.predict("one forward pass", flops=mlp_flops(64, [512, 256, 10]))
net, rows = nn.Sequential(nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)), torch.randn(64, 512)
books.measure("one forward pass", flops=counted(lambda: net(rows)))
books.predict("the archive's model", seconds=quote(85e6, 1.7e9, A100, 0.4)["seconds"])
print(books)

# %% [markdown]
# ## 7 · A stopwatch that does not lie
#
# The count was exact. Time is not, and the first trap is a nasty one: **a GPU takes orders and returns at once.** Python says `a @ b`, the order goes into a queue, and the next line runs while the product
# is still being computed. A stopwatch around that line measures how fast one can *give orders*.
#
# Three more traps lie around it. The first calls are slow: kernels are loaded, caches are cold, `torch.compile` compiles. Now and then somebody else wants the machine, and one call takes ten times as long: one such
# call ruins a mean. And now and then a call is unusually quick, so the smallest time is a boast.
#
# You need no GPU to learn this. `PretendGPU` is one whose clock belongs to us. It takes an order in 20 microseconds and works it off later; `synchronize()` waits until its queue is empty, as
# `torch.cuda.synchronize()` does.

# %% tags=["fixture"]
class PretendGPU:
    """An asynchronous device on a clock of its own. seconds: what one order takes when nothing comes between."""

    def __init__(self, seconds: float, slow: int = 3, seed: int = 0):
        self.seconds, self.slow, self.seed = seconds, slow, seed
        self.now, self.free_at, self.orders = 0.0, 0.0, 0

    def clock(self) -> float:
        """Seconds since the beginning; looking at it takes a microsecond."""
        self.now += 1e-6
        return self.now

    def launch(self) -> None:
        """Take one order and return; the work is done later."""
        self.now += 20e-6
        self.orders += 1
        luck = (self.orders * 7 + self.seed) % 10
        factor = 200 if self.orders <= self.slow else 12 if luck < 2 else 0.2 if luck == 5 else 1
        self.free_at = max(self.now, self.free_at) + self.seconds * factor

    def synchronize(self) -> None:
        """Wait until all orders are worked off."""
        self.now = max(self.now, self.free_at)

# %% [markdown]
# And the machine in front of you, with the same two functions. PyTorch has one call for each kind of device: `torch.cuda.synchronize()`, and `torch.mps.synchronize()` for Apple's GPU. `lesson.synchronize(device)` makes the one
# that belongs to yours. On a CPU, which is always done, it does nothing:

# %% tags=["fixture"]
HERE = {"clock": time.perf_counter, "wait": lambda: lesson.synchronize(device)}

# %% [markdown]
# Watch the trap close. One order takes two milliseconds:

# %% tags=["demo"]
gpu = PretendGPU(seconds=0.002, slow=0)
began = gpu.clock()
gpu.launch()
given = gpu.clock() - began
gpu.synchronize()
print(f"without synchronize: {1e6 * given:6.0f} µs\nwith synchronize:    {1e6 * (gpu.clock() - began):6.0f} µs")

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 2))
for n in range(4):
    ax.barh("Python", 0.2, left=0.25 * n, color="#0072B2", edgecolor="white")
    ax.barh("GPU", 2, left=0.25 + 2 * n, color="#D55E00", edgecolor="white")
ax.axvline(1.0, color="black", ls="--", lw=1)
ax.text(1.1, -0.1, "Python is done: a stopwatch stopped here\nhas timed four orders", va="center", fontsize=9)
ax.axvline(8.25, color="black", lw=1)
ax.set(xlabel="milliseconds", xlim=(0, 9))
ax.invert_yaxis()
lesson.show(fig, alt="Two rows over time. Python gives four orders within the first millisecond. The GPU works them off one after another "
            "until 8.25 milliseconds. A stopwatch stopped when Python is done has timed only the giving of orders.")

# %% [markdown]
# ### Exercise 7.1 · The honest stopwatch
# ●●●○○ · 12 minutes · 5 points
#
# Write `timed(work, clock, wait, warmup=3, repeats=15)`. It returns the seconds that one call of `work()` takes: the **median** of `repeats` measurements, after `warmup` calls that are not measured. Each measurement begins with
# nothing in the queue and ends when the work is done. `clock()` gives seconds, and `wait()` returns when the queue is empty (for a GPU it is `torch.cuda.synchronize`).
#
# <details><summary>Hint 1: how many calls of work are there altogether?</summary>
# <code>warmup + repeats</code>, each measurement around exactly one.
# </details>
# <details><summary>Hint 2: the median</summary>
# <code>statistics.median</code> is imported above.
# </details>

# %% exercise="timed"
# exercise: timed
def timed(work: Callable[[], object], clock: Callable[[], float], wait: Callable[[], object],
          warmup: int = 3, repeats: int = 15) -> float:
    """Seconds of one call of work(), the median of `repeats`. clock(): seconds. wait(): until the work is done."""
    ### BEGIN SOLUTION
    for _ in range(warmup):
        work()
    seconds = []
    for _ in range(repeats):
        wait()
        began = clock()
        work()
        wait()
        seconds.append(clock() - began)
    return statistics.median(seconds)
    ### END SOLUTION

# %% check="timed" points=3
gpu = PretendGPU(seconds=0.002)
check.close(timed(gpu.launch, gpu.clock, gpu.synchronize), 0.002, rtol=0.05, of="orders of 2 ms", suspects={
    "that is the time of giving an order: who waits until it is done?": 21e-6})
check.equal(gpu.orders, 18, of="calls of work() with 3 to warm up and 15 to measure")
### BEGIN HIDDEN TESTS
for seed, seconds in ((1, 0.01), (4, 0.0005), (9, 0.3)):
    gpu = PretendGPU(seconds, slow=5, seed=seed)
    check.close(timed(gpu.launch, gpu.clock, gpu.synchronize, warmup=5, repeats=21), seconds, rtol=0.05, of=f"orders of {seconds} s, five to warm up",
                hint="is it the median, of single calls, each one waited for?")
    check.equal(gpu.orders, 26, of="calls of work() with 5 to warm up and 21 to measure", hint="are warmup and repeats used as they are given?")
gpu = PretendGPU(0.001, slow=6)
timed(gpu.launch, gpu.clock, gpu.synchronize, warmup=6, repeats=1)
check.close(timed(gpu.launch, gpu.clock, gpu.synchronize, warmup=0, repeats=5), 0.001, rtol=0.05, of="a device that is warm, without any warm-up")
### END HIDDEN TESTS

# %% check="timed" part="queue" points=2
gpu = PretendGPU(0.004, slow=0, seed=6)
for _ in range(100):
    gpu.launch()                                      # somebody else's orders, still in the queue
check.close(timed(gpu.launch, gpu.clock, gpu.synchronize, warmup=0, repeats=1), 0.004, rtol=0.05, of="one measurement behind a full queue",
            hint="is the queue empty when the clock starts?")
### BEGIN HIDDEN TESTS
gpu = PretendGPU(0.01, slow=4, seed=8)
check.close(timed(gpu.launch, gpu.clock, gpu.synchronize, warmup=4, repeats=1), 0.01, rtol=0.05, of="one measurement after four slow calls",
            hint="are the warm-up calls done when the clock starts?")
### END HIDDEN TESTS

# %% [markdown]
# ## 8 · What the machine really does
#
# Now the promises can be tested. Product of two $n \times n$ matrices: $2n^3$ FLOPs, so many seconds, one rate.
#
# ### Exercise 8.1 · The rate of a product
# ●●○○○ · 8 minutes · 3 points
#
# Write `product_rates(sizes, seconds_of)`. For each `n` it makes two random float32 matrices of $n \times n$ on `device`, asks `seconds_of(work)` how long `work()` takes, where `work()` returns the product, and gives the list of rates in
# FLOP/s. `seconds_of` is a stopwatch such as `lambda work: timed(work, **HERE)`. Make the matrices **outside** of `work`: we time the product, not the dice.

# %% exercise="product_rates"
# exercise: product_rates
def product_rates(sizes: list[int], seconds_of: Callable[[Callable], float]) -> list[float]:
    """FLOP/s of the product of two n × n float32 matrices, for each n. seconds_of(work): how long work() takes."""
    ### BEGIN SOLUTION
    rates = []
    for n in sizes:
        a, b = torch.randn(n, n, device=device), torch.randn(n, n, device=device)
        rates.append(2 * n**3 / seconds_of(lambda a=a, b=b: a @ b))
    return rates
    ### END SOLUTION

# %% check="product_rates" points=2
def says_half_a_second(work):
    """A stopwatch that looks at the work and then says 0.5."""
    made = work()
    check.shape(made, (8, 8), of="what work() returns for n = 8")
    return 0.5
check.close(product_rates([8], says_half_a_second), [2048.0], of="n = 8 in half a second", suspects={
    "two FLOPs for each pair?": [1024.0], "is it FLOPs divided by seconds?": [512.0]})
### BEGIN HIDDEN TESTS
works = []
def remembers(work):
    """A stopwatch that keeps two results of the work."""
    works.append((work(), work()))
    return 0.001 * len(works)
check.close(product_rates([4, 16, 9], remembers), [128 / 0.001, 8192 / 0.002, 1458 / 0.003], of="n = 4, 16, 9")
for n, (first, second) in zip((4, 16, 9), works):
    check.shape(first, (n, n), of=f"what work() returns for n = {n}")
    check.equal(first, second, of=f"two calls of work() for n = {n}", hint="are the matrices made anew in each call? Make them outside")
### END HIDDEN TESTS

# %% check="product_rates" part="here" points=1
here = product_rates([8, 512], lambda work: timed(work, **HERE))
check.that(0 < here[0] < here[1] < 1e16, expected="a product of 512 to run at a higher rate than one of 8, on any machine",
           got=f"your rates are {here[0]:.3g} and {here[1]:.3g} FLOP/s", hint="FLOPs over seconds, for each size?")

# %% [markdown]
# **Predict:** at which $n$ does the rate stop growing on your machine? And what is it there? Then **measure**:

# %% tags=["demo"]
sizes = [8, 16, 32, 64, 128, 256, 512, 1024] + ([2048, 4096, 8192] if settings.full and device.type == "cuda" else [])
my_rates = product_rates(sizes, lambda work: timed(work, **HERE))
my_peak = max(my_rates)
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(sizes, [rate / 1e9 for rate in my_rates], "o-", color="#0072B2")
ax.set(xscale="log", yscale="log", xlabel="n, for a product of two n × n matrices in float32", ylabel="GFLOP/s")
ax.set_xticks(sizes, [str(n) for n in sizes])
lesson.show(fig, alt=f"The rate of a matrix product on this machine against its size, both axes logarithmic: {my_rates[0] / 1e9:.2f} GFLOP/s at n = 8, "
            f"rising to {my_peak / 1e9:.0f} GFLOP/s at the best size.")
print(f"the best rate here: {my_peak / 1e9:.0f} GFLOP/s in float32, on {settings.device}")

# %% [markdown]
# ### Exercise 8.2 · Model FLOP/s utilisation
# ●○○○○ · 4 minutes · 2 points
#
# Write `mfu(flops, seconds, promised)`: the rate that was reached, as a share of the promise. A share above 1 is not a success. It is a mistake in the count, in the stopwatch or in the promise, so raise a `ValueError` that shows the share. (Exactly 1 is allowed. So is 0, for a run that did nothing.)

# %% exercise="mfu"
# exercise: mfu
def mfu(flops: float, seconds: float, promised: float) -> float:
    """The share of the promised FLOP/s that a run of `flops` FLOPs in `seconds` seconds has reached, in [0, 1]."""
    ### BEGIN SOLUTION
    share = flops / seconds / promised
    if share > 1:
        raise ValueError(f"a share of {share:.2f}: are the FLOPs, the seconds and the promise right?")
    return share
    ### END SOLUTION

# %% check="mfu" points=2
check.close(mfu(1e12, 2.0, 1e12), 0.5, of="1e12 FLOPs in two seconds, 1e12 FLOP/s promised", suspects={
    "is it the rate, FLOPs over seconds, that is compared with the promise?": 2.0})
check.raises(ValueError, lambda: mfu(3e12, 2.0, 1e12), of="a share of 1.5")
### BEGIN HIDDEN TESTS
for flops, seconds, promised in ((6e15, 100.0, T4), (3.3e18, 86400.0, A100), (0.0, 5.0, H100), (2e12, 2.0, 1e12)):
    check.close(mfu(flops, seconds, promised), flops / seconds / promised, of=f"{flops:g} FLOPs in {seconds:g} s")
check.raises(ValueError, lambda: mfu(1e12, 0.5, T4 / 65), of="a share of 2 of 1e12 FLOP/s")
### END HIDDEN TESTS

# %% [markdown]
# How does Graça's training step do? Below is one of a small model on this machine: all its products by the referee, all its time by the stopwatch. The promise is the best rate that you have just measured here.

# %% tags=["demo"]
torch.manual_seed(SEED)
model = LittleGPT(vocabulary=256, width=256 if settings.full else 64).to(device)
for length in (8, 64, 256):
    text = torch.randint(256, (4, length), device=device)

    def step(text=text):
        """Forward and backward, no optimiser."""
        model(text).logsumexp(-1).mean().backward()

    flops, seconds = counted(step), timed(step, **HERE, warmup=2, repeats=5)
    print(f"4 texts of {length:3} tokens: {flops:.2e} FLOPs in {1e3 * seconds:7.2f} ms, {flops / seconds / my_peak:6.1%} of this machine's best rate")
lesson.record("MFU", flops / seconds / my_peak)

# %% [markdown]
# **Reconcile.** The same model, the same machine, and the share depends on how much work one order carries. Here is the eleventh day: Graça trained on one short letter at a time. Her card
# spent the days waiting for Python, and kept 1.4 % of its promise.
#
# ## 9 · The roofline
#
# Why is a product of 8 by 8 so slow, and why do `x * 3 + 1` and `softmax` take time although the referee says 0? Because numbers have to be **fetched**. A chip has two promises:
#
# | promise | T4 |
# |---|---|
# | how fast it computes (FLOP/s) | {{fact:t4_fp16}} |
# | how fast it moves numbers between memory and processor (bytes/s) | {{fact:t4_bandwidth}} |
#
# An operation's [arithmetic intensity](docs/glossary.md#arithmetic-intensity) is how many FLOPs it does for each byte that it moves:
#
# $$I = \frac{\text{FLOPs}}{\text{bytes read} + \text{bytes written}}, \qquad \text{rate} \le \min(\text{peak},\; I \cdot \text{bandwidth})$$
#
# That minimum, drawn over $I$, is a sloping line that runs into a flat one: the [roofline](docs/glossary.md#roofline). The corner lies at peak / bandwidth. Left of it an operation is **memory-bound** (the processor waits
# for numbers), right of it **compute-bound** (the numbers wait for the processor).
#
# ### Exercise 9.1 · Under the roof
# ●●○○○ · 6 minutes · 3 points
#
# Write `roofline(flops, bytes_moved, peak, bandwidth)`. It returns a dict: `"intensity"` (FLOPs a byte), `"rate"` (the highest FLOP/s that the roof allows) and `"bound"`, which is `"compute"` or `"memory"`. Exactly at the corner it is `"compute"`.

# %% exercise="roofline"
# exercise: roofline
def roofline(flops: float, bytes_moved: float, peak: float, bandwidth: float) -> dict[str, object]:
    """Where an operation stands under a chip's roof. peak: FLOP/s. bandwidth: bytes/s."""
    ### BEGIN SOLUTION
    intensity = flops / bytes_moved
    bound = "compute" if intensity * bandwidth >= peak else "memory"
    return {"intensity": intensity, "rate": min(peak, intensity * bandwidth), "bound": bound}
    ### END SOLUTION

# %% check="roofline" points=3
check.close(roofline(100.0, 50.0, peak=1000.0, bandwidth=10.0)["rate"], 20.0, of="the rate at 2 FLOPs a byte under a roof of 1000 and 10", suspects={
    "the lower of the two is the roof": 1000.0, "is intensity FLOPs a byte, or bytes a FLOP?": 5.0})
check.equal(roofline(100.0, 50.0, peak=1000.0, bandwidth=10.0)["bound"], "memory", of="the same operation")
### BEGIN HIDDEN TESTS
for flops, moved, peak, bandwidth in ((2e12, 1e9, 65e12, 320e9), (1e9, 6e9, 65e12, 320e9), (8e3, 1e3, 80.0, 10.0), (8e3, 1.001e3, 80.0, 10.0)):
    got, intensity = roofline(flops, moved, peak, bandwidth), flops / moved
    case = f"{flops:g} FLOPs, {moved:g} bytes, peak {peak:g}, bandwidth {bandwidth:g}"
    check.close(got["intensity"], intensity, of=f"intensity, {case}")
    check.close(got["rate"], min(peak, intensity * bandwidth), of=f"rate, {case}", hint="the lower of the two is the roof")
    check.equal(got["bound"], "compute" if intensity * bandwidth >= peak else "memory", of=f"bound, {case}")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 9.2 · Six operations on a T4
# ●●●○○ · 8 minutes · 3 points
#
# All numbers are float16, two bytes each, read once and written once. The T4 promises 65e12 FLOP/s and moves 320e9 bytes a second, so its corner is at 203 FLOPs a byte. **Predict**: `"compute"` or `"memory"`?
#
# <details><summary>Hint: a product of n by n</summary>
# 2n³ FLOPs, and three matrices of n² numbers of two bytes: I = 2n³ / 6n² = n / 3.
# </details>

# %% exercise="bounds"
# exercise: bounds
bounds = {
    "add": ...,           # x + y           both [4096, 4096]
    "large product": ..., # x @ w           both [4096, 4096]
    "small product": ..., # x @ w           both [256, 256]
    "one row": ...,       # x @ w           x [1, 4096], w [4096, 4096]: a model that writes one token for one reader
    "many rows": ...,     # x @ w           x [1024, 4096], w [4096, 4096]: a training batch
    "softmax": ...,       # x.softmax(1)    [4096, 4096], say 5 FLOPs for each number
}
### BEGIN SOLUTION
bounds = {
    "add": "memory",
    "large product": "compute",
    "small product": "memory",
    "one row": "memory",
    "many rows": "compute",
    "softmax": "memory",
}
### END SOLUTION

# %% check="bounds" points=3
if all(word is ... for word in bounds.values()):
    raise check.NotAttempted("bounds")
bound_other = [word for word in bounds.values() if word is not ... and word not in ("compute", "memory")]
check.that(not bound_other, expected='only the words "compute" and "memory"', got=f"your answer has {bound_other}")
### BEGIN HIDDEN TESTS
bound_truth = dict(zip(["add", "large product", "small product", "one row", "many rows", "softmax"], ["memory", "compute", "memory", "memory", "compute", "memory"]))
check.each(bounds, bound_truth, hint={
    "add": "one FLOP for how many bytes?", "large product": "4096 / 3 FLOPs a byte: left or right of 203?",
    "small product": "256 / 3 FLOPs a byte: left or right of 203?", "one row": "each of the 4096² weights is fetched, and used how often?",
    "many rows": "each weight is fetched once, and used how often?", "softmax": "5 FLOPs for how many bytes?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure** by your own function, and put the machine in front of you beside the T4. Its peak you know; its bandwidth is a large copy, read once and written once:

# %% tags=["demo"]
big = torch.ones(2**25 if settings.full else 2**23, device=device)                  # float32: 4 bytes each
my_bandwidth = 2 * big.nbytes / timed(lambda: big.clone(), **HERE, repeats=7)
print(f"this machine: {my_peak / 1e9:.0f} GFLOP/s, {my_bandwidth / 1e9:.1f} GB/s, corner at {my_peak / my_bandwidth:.1f} FLOPs a byte")
side, half = 4096, 2
work = {
    "add": (side**2, 3 * side**2 * half), "large product": (2 * side**3, 3 * side**2 * half),
    "small product": (2 * 256**3, 3 * 256**2 * half), "one row": (2 * side**2, (side**2 + 2 * side) * half),
    "many rows": (2 * 1024 * side**2, (side**2 + 2 * 1024 * side) * half), "softmax": (5 * side**2, 2 * side**2 * half),
}
for name, (flops, moved) in work.items():
    place = roofline(flops, moved, T4, lesson.fact("t4_bandwidth").number)
    print(f"{name:14} {place['intensity']:8.2f} FLOPs a byte   at most {place['rate'] / 1e12:6.2f} TFLOP/s   {place['bound']:8} yours: {bounds.get(name)}")

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 4))
intensities = [10**(n / 10) for n in range(-10, 41)]
for label, peak, bandwidth, colour in (("T4, float16", T4, lesson.fact("t4_bandwidth").number, "#0072B2"), ("this machine, float32", my_peak, my_bandwidth, "#009E73")):
    ax.plot(intensities, [min(peak, i * bandwidth) for i in intensities], color=colour, label=label)
for name, (flops, moved) in work.items():
    place = roofline(flops, moved, T4, lesson.fact("t4_bandwidth").number)
    ax.plot(place["intensity"], place["rate"], "o", color="#D55E00")
    above = name in ("one row", "many rows")
    ax.annotate(name, (place["intensity"], place["rate"]), xytext=(-50, 6) if above else (6, -12), textcoords="offset points", fontsize=9)
ax.set(xscale="log", yscale="log", xlabel="FLOPs a byte", ylabel="FLOP/s, at most")
ax.legend()
lesson.show(fig, alt=f"Two rooflines on logarithmic axes: the T4's rises to 65 TFLOP/s with its corner at 203 FLOPs a byte, this machine's to {my_peak / 1e9:.0f} GFLOP/s "
            f"with its corner at {my_peak / my_bandwidth:.0f}. Of six operations only the large product and the product with many rows stand under the T4's flat part; "
            "add, softmax, one row and the small product stand under the slope.")

# %% [markdown]
# **Reconcile.** Two lessons hang in this picture.
#
# - *One row* against *many rows*: the same weights, fetched once each. A batch of 1,024 uses every fetched weight 1,024 times. Batches are what fills a GPU. They are why training is compute-bound and a chat with one reader is not.
# - *Add* and *softmax* reach a few per mille of the promise, whatever you do. A chain of such steps (a norm, a GELU, a mask) fetches and writes everything again at each step. Fusing the chain into one kernel
#   fetches once. That is most of what `torch.compile` does for you.
#
# Where a compiler is at hand, look at it. The chain below moves $2 \cdot 6$ tensors step by step and 2 when it is fused:

# %% tags=["demo"]
def chain_of_six(x):
    """Six element-wise steps."""
    return ((x * 2 + 1).sigmoid() - 0.5).abs().sqrt()

values = torch.rand(2**22, device=device)
print(f"step by step: {1e3 * timed(lambda: chain_of_six(values), **HERE, repeats=7):.2f} ms")
if settings.full:
    try:
        fused = torch.compile(chain_of_six)
        print(f"compiled:     {1e3 * timed(lambda: fused(values), **HERE, repeats=7):.2f} ms")
    except Exception as error:                       # no compiler here: a lesson goes on without it
        print(f"torch.compile does not work here: {type(error).__name__}")
else:
    print("compiled: left out at this scale (the first call compiles, which takes a while). SCALE = \"full\" in the settings cell shows it.")

# %% [markdown]
# ## 10 · Find the hot spot
#
# Before you make anything faster, find out where the time goes. `torch.profiler` writes down every operator, with how often, how long, and on what shapes. Here is a piece of the archive's search: for each
# of 400 letters, how well does it match a question? `slow_match` is right, and slower than it has to be.

# %% tags=["fixture"]
class Meter:
    """Counts the FLOPs of the products that are made with it, as an electricity meter does."""

    def __init__(self):
        self.flops, self.by_shape = 0, {}

    def product(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        """a @ b for a [m, n] and b [n, p]; the meter goes up by 2·m·n·p."""
        shape = (a.shape[0], a.shape[1], b.shape[1])
        cost = 2 * shape[0] * shape[1] * shape[2]
        self.flops += cost
        self.by_shape[shape] = self.by_shape.get(shape, 0) + cost
        return a @ b

    def hottest(self) -> int:
        """The FLOPs of all products of the one shape that takes most of them."""
        return max(self.by_shape.values(), default=0)

# %% [markdown]
# The search:

# %% tags=["fixture"]
def slow_match(product, letters, table, question):
    """letters [N, D], table [D, K], question [K, 1]. Returns: a score for each letter, [N, 1], the largest 1."""
    scores = []
    for row in range(len(letters)):
        spread = product(table, table.T)                            # [D, D]
        seen = product(letters[row:row + 1], spread)          # [1, D]
        scores.append(product(seen, product(table, question)))
    scores = torch.cat(scores)
    return scores / scores.abs().max()

# %% tags=["demo"]
from torch.profiler import ProfilerActivity, profile, record_function

letters, table, question = torch.randn(400, 96), torch.randn(96, 64), torch.randn(64, 1)
activities = [ProfilerActivity.CPU] + ([ProfilerActivity.CUDA] if device.type == "cuda" else [])


def profiled(search: Callable) -> profile:
    """The profile of one search: operators, their shapes, the memory that they take."""
    with profile(activities=activities, record_shapes=True, profile_memory=True) as report:
        with record_function("the whole search"):
            search(Meter().product, letters, table, question)
    return report


# %% [markdown]
# And a look at its dearest rows, by the time that each operator takes by itself:

# %% tags=["demo"]
def print_top(report: profile, count: int = 6) -> None:
    """The operators that take most time by themselves."""
    rows = sorted(report.key_averages(group_by_input_shape=True), key=lambda row: -row.self_cpu_time_total)[:count]
    for row in rows:
        print(f"{row.self_cpu_time_total / 1e3:8.2f} ms {row.self_cpu_memory_usage / 2**20:8.2f} MiB {row.count:5} times  {row.key:22} {[shape for shape in row.input_shapes if shape]}")


report = profiled(slow_match)
print_top(report)

# %% [markdown]
# The memory column is what each operator took for its results, all calls together. The whole story, every call on a time axis, goes into a file in the *Chrome trace* format. It is plain JSON, so it can be looked at before it is handed to a viewer:

# %% tags=["demo"]
report.export_chrome_trace("search_trace.json")
with open("search_trace.json", encoding="utf-8") as file:
    events = json.load(file)["traceEvents"]
spans = [event for event in events if event.get("ph") == "X"]
whole = next(event for event in spans if event["name"] == "the whole search")
print(f"{len(spans):,} spans in search_trace.json, the longest of ours {whole['dur'] / 1e3:.1f} ms: {whole['name']}")
print("open https://ui.perfetto.dev and drop the file there: W and S zoom, A and D move, a click on a span tells its shapes")

# %% [markdown]
# ### Exercise 10.1 · Read the profile
# ●●○○○ · 4 minutes · 1 point
#
# Which of the four products is the hot spot? **Predict** from the program or read it off the profile's shapes: set `hot_spot` to `"spread"`, `"seen"`, `"table @ question"` or `"scores"`.

# %% exercise="hot_spot"
# exercise: hot_spot
### BEGIN SOLUTION
hot_spot = "spread"
### END SOLUTION

# %% check="hot_spot" points=1
if hot_spot is ...:
    raise check.NotAttempted("hot_spot")
check.that(hot_spot in ("spread", "seen", "table @ question", "scores"), expected="one of the four names",
           got="your answer is another word")
### BEGIN HIDDEN TESTS
check.equal(hot_spot, "spread", reveal=False, hint="which product is [96, 64] by [64, 96], and how often is it made?")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 10.2 · Put it out
# ●●●●○ · 12 minutes · 4 points
#
# Write `match(product, letters, table, question)`. It returns what `slow_match` returns, to within rounding, and makes every product by `product(a, b)`, which gives `a @ b` and is on the meter. It has two tricks at its disposal, and both change no result:
#
# - what is the same for every letter is computed once, and all letters can go into one product;
# - $(A B) c = A (B c)$, but the two sides do not cost the same.
#
# The points go by the meter. For the sizes above `slow_match` uses 484,224,000 FLOPs. Two points at a tenth of that or less, where the products of the one dearest shape must fall to a tenth as well, and two more at the smallest possible bill: four thin products, 113,664 FLOPs.
#
# <details><summary>Hint: read the formula from the right</summary>
# The scores are letters · table · tableᵀ · table · question. What are the shapes, if you begin on the right?
# </details>

# %% exercise="match"
# exercise: match
def match(product, letters, table, question):
    """letters [N, D], table [D, K], question [K, 1]. Returns: a score for each letter, [N, 1], largest 1. product(a, b): a @ b, on the meter."""
    ### BEGIN SOLUTION
    column = product(table, question)
    column = product(table.T, column)
    column = product(table, column)
    scores = product(letters, column)
    return scores / scores.abs().max()
    ### END SOLUTION

# %% check="match" points=2
meter, few, small, asked = Meter(), torch.randn(5, 6), torch.randn(6, 3), torch.randn(3, 1)
check.close(match(meter.product, few, small, asked), slow_match(Meter().product, few, small, asked), rtol=1e-3, atol=1e-4, of="five letters",
            hint="letters · table · tableᵀ · table · question, and the division at the end?")
check.that(meter.flops > 0, expected="products made by product(a, b)", got="your meter stands at 0")
### BEGIN HIDDEN TESTS
for n, d, k in ((400, 96, 64), (200, 32, 80)):
    rows, basis, sought = torch.randn(n, d), torch.randn(d, k), torch.randn(k, 1)
    slow, quick = Meter(), Meter()
    wanted = slow_match(slow.product, rows, basis, sought)
    # float32, and the order of four products changed: 1,000 runs of each size differed by at most 1.1e-6 of the largest
    check.close(match(quick.product, rows, basis, sought), wanted, rtol=1e-3, atol=1e-3, of=f"{n} letters")
    least = 6 * d * k + 2 * n * d
    check.that(quick.flops >= least, expected=f"at least {least:,} FLOPs on the meter for {n} letters", got=f"your meter says {quick.flops:,}",
               hint="is a product made past the meter?")
    check.that(10 * quick.flops <= slow.flops, expected=f"at most a tenth of {slow.flops:,} FLOPs for {n} letters", got=f"your meter says {quick.flops:,}",
               hint="what is computed anew for every letter, and is the same for all?")
    check.that(10 * quick.hottest() <= slow.hottest(), expected=f"the hottest shape of product to fall to a tenth of {slow.hottest():,} FLOPs", got=f"your hottest one takes {quick.hottest():,}")
### END HIDDEN TESTS

# %% check="match" part="thin" points=2
meter = Meter()
match(meter.product, torch.randn(400, 96), torch.randn(96, 64), torch.randn(64, 1))
check.equal(meter.flops, 113_664, of="the meter for 400 letters", suspects={
    "spread is a product of two thick matrices: can everything be a matrix times a column?": 2 * 96 * 64 * 96 + 2 * 400 * 96 * 96 + 2 * 96 * 64 + 2 * 400 * 96})
### BEGIN HIDDEN TESTS
for n, d, k in ((7, 11, 13), (50, 8, 30)):
    meter, rows, basis, sought = Meter(), torch.randn(n, d), torch.randn(d, k), torch.randn(k, 1)
    wanted = slow_match(Meter().product, rows, basis, sought)
    check.close(match(meter.product, rows, basis, sought), wanted, rtol=1e-3, atol=1e-3, of=f"{n} letters")
    check.equal(meter.flops, 6 * d * k + 2 * n * d, of=f"the meter for {n} letters, D = {d}, K = {k}", hint="is every product one with a single column?")
### END HIDDEN TESTS

# %% [markdown]
# **Reconcile.** Books, not cleverness: one sum in the wrong order, and one line inside the loop that belonged outside. The profile shows both, if you let it tell you the shapes.

# %% tags=["demo"]
before, after = Meter(), Meter()
slow_seconds = timed(lambda: slow_match(before.product, letters, table, question), **HERE, warmup=1, repeats=3)
quick_seconds = timed(lambda: match(after.product, letters, table, question), **HERE, warmup=1, repeats=3)
print(f"FLOPs {before.flops // 4:,} → {after.flops // 4:,} (1 to {before.flops / after.flops:,.0f}), seconds 1 to {slow_seconds / quick_seconds:,.0f}")
print("the new profile:")
print_top(profiled(match), count=3)

# %% [markdown]
# The FLOPs fell by a factor of four thousand and the time by less: on the roof, the thin products stand far to the left.
#
# On a GPU the same report has two columns of time, one for the CPU that gives the orders and one for the GPU that works. If the second is nearly empty, buy no faster GPU. For a closer look, NVIDIA's *Nsight Systems* draws your own marks, the orders and the kernels on one time axis:
#
# | to do | how |
# |---|---|
# | mark a stretch of the program | `with torch.cuda.nvtx.range("forward"):` |
# | record | `nsys profile -o report --trace=cuda,nvtx python train.py`, a dozen steps are plenty |
# | look | open `report.nsys-rep` in Nsight Systems, on your own computer |
#
# | what you see | what it says |
# |---|---|
# | gaps between kernels, in every step | the GPU waits for Python: a larger batch, `torch.compile` |
# | one long gap at the beginning of each step | it waits for data (lesson 07) |
# | a stripe of copies between host and device | somebody calls `.item()`, `.cpu()` or `print(loss)` in the loop |
# | thousands of kernels of a few microseconds | chains of element-wise steps that could be fused |
# | no gaps, large products | you are done here: only fewer or cheaper FLOPs help |

# %% tags=["demo"]
if device.type == "cuda":
    with torch.cuda.nvtx.range("the whole search"):
        match(Meter().product, letters.to(device), table.to(device), question.to(device))
    print("one range marked: run this notebook's code under `nsys profile` to see it")
else:
    print("NVTX ranges need a GPU. On a CPU, record_function (above) marks the same stretch in the exported trace.")

# %% [markdown]
# ## 11 · The batch-size sweep
#
# The last question of the day: how large should a batch be? Giving orders costs a fixed time for each step, whatever the batch. Each example adds its own:
#
# $$t(B) = \text{fixed} + \text{each} \cdot B$$
#
# Measure two or more batch sizes, fit the line, and you can predict all the others, and so the [throughput](docs/glossary.md#throughput) $B / t(B)$ in examples a second.
#
# ### Exercise 11.1 · Two numbers that predict a sweep
# ●●●○○ · 12 minutes · 4 points
#
# Write `fit_steps(batches, seconds)`. It fits the line by least squares (with two points: exactly through both) and returns a dict:
#
# - `"fixed"` and `"each"`, in seconds,
# - `"ceiling"`: the throughput in examples a second that no batch can exceed,
# - `"enough"`: the batch size at which 80 % of the ceiling are reached (a float, not rounded).
#
# For batches `[1, 3]` that take `[0.005, 0.007]` seconds: fixed 0.004, each 0.001, ceiling 1,000, enough 16.
#
# <details><summary>Hint 1: least squares</summary>
# each = Σ(B − mean B)(t − mean t) / Σ(B − mean B)², and the line passes through the two means. <code>torch.linalg.lstsq</code> or <code>statistics.linear_regression</code> do it for you.
# </details>
# <details><summary>Hint 2: enough</summary>
# Set B / (fixed + each · B) = 0.8 / each and solve for B.
# </details>

# %% exercise="fit_steps"
# exercise: fit_steps
def fit_steps(batches: list[int], seconds: list[float]) -> dict[str, float]:
    """The line t = fixed + each · B through measured steps, and what follows from it."""
    ### BEGIN SOLUTION
    line = statistics.linear_regression(batches, seconds)
    fixed, each = line.intercept, line.slope
    return {"fixed": fixed, "each": each, "ceiling": 1 / each, "enough": 4 * fixed / each}
    ### END SOLUTION

# %% check="fit_steps" points=4
check.close(fit_steps([1, 3], [0.005, 0.007]), {"fixed": 0.004, "each": 0.001, "ceiling": 1000.0, "enough": 16.0}, rtol=1e-4, of="two points", suspects={
    "enough: at 80 % of the ceiling, four fifths of the step's time go into the examples, not half": {"fixed": 0.004, "each": 0.001, "ceiling": 1000.0, "enough": 4.0},
    "the line does not go through the origin: what does a step cost without any example?": {"fixed": 0.0, "each": 0.0026, "ceiling": 1 / 0.0026, "enough": 0.0},
})
### BEGIN HIDDEN TESTS
for fixed, each in ((0.02, 0.0005), (0.0001, 0.03)):
    sizes = [1, 2, 4, 8, 16, 32]
    exact = fit_steps(sizes, [fixed + each * size for size in sizes])
    # 1e-3: a solver in float32 may be used, and the fixed time is small beside the largest step
    check.close(exact, {"fixed": fixed, "each": each, "ceiling": 1 / each, "enough": 4 * fixed / each}, rtol=1e-3, atol=2e-6 * each * 32, of=f"six exact points, fixed {fixed}, each {each}")
noisy = fit_steps([1, 2, 3, 4], [0.010, 0.013, 0.011, 0.016])
check.close([noisy["fixed"], noisy["each"]], [0.0085, 0.0016], rtol=1e-3, atol=1e-6, of="four points that lie on no line",
            hint="is it least squares over all points, not a line through two of them?")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** the throughput at a batch of 64 from two measured batches, then **measure** it and the rest:

# %% tags=["demo"]
torch.manual_seed(SEED)
model = LittleGPT(vocabulary=256, width=256 if settings.full else 64).to(device)

def step_seconds(batch: int) -> float:
    """Seconds of forward and backward on a batch of short letters."""
    text = torch.randint(256, (batch, 32), device=device)
    return timed(lambda: model(text).logsumexp(-1).mean().backward(), **HERE, warmup=2, repeats=7)

line = fit_steps([1, 16], [step_seconds(1), step_seconds(16)])
books = lesson.Ledger()
for batch in (1, 2, 4, 8, 16, 32, 64):
    books.predict(f"batch {batch}", seconds=line["fixed"] + line["each"] * batch)
    books.measure(f"batch {batch}", seconds=step_seconds(batch))
print(books)
print(f"predicted: at most {line['ceiling']:.0f} texts a second, 80 % of it from a batch of {line['enough']:.0f}")

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(7, 3))
tried = [1, 2, 4, 8, 16, 32, 64]
rows = {item: (predicted, found) for item, _, predicted, found in books.rows()}
lesson.record("a step at batch 64", rows["batch 64"][1], predicted=rows["batch 64"][0], unit="s")
throughput = [batch / rows[f"batch {batch}"][1] for batch in tried]
ax.plot(tried, [batch / rows[f"batch {batch}"][0] for batch in tried], "--", color="#999999", label="predicted from batches 1 and 16")
ax.plot(tried, throughput, "o-", color="#0072B2", label="measured")
ax.set(xscale="log", xlabel="batch size", ylabel="texts a second")
ax.set_xticks(tried, [str(batch) for batch in tried])
ax.legend()
lesson.show(fig, alt=f"Texts a second against the batch size: measured {throughput[0]:.0f} at 1, {throughput[4]:.0f} at 16 and {throughput[-1]:.0f} at 64, beside the line that was predicted "
            "from the batches 1 and 16.")

# %% [markdown]
# ### Exercise 11.2 · Short pilots before the long run
# ●●○○○ · 8 minutes · 3 points
#
# The dearest FLOPs of all are those of a long run with a bad learning rate. A few short runs, [pilots](docs/glossary.md#pilot-run), cost little and say which one to take.
#
# Write `pilot(run, rates, steps, long_steps)`. `run(rate, steps)` trains for so many steps and gives the list of losses; call it once for each rate. A pilot's score is the mean of its **last five** losses, and the lowest wins. A pilot with a NaN or an infinity among those five is out, and if all are out, raise a `ValueError`. Return a dict: `"rate"`, the
# winner, and `"share"`, the pilots' steps as a share of all steps, long run included.
#
# Three pilots of 50 steps before a run of 2,850 cost 150 / 3,000: a share of 0.05.
#
# <details><summary>Hint: NaN</summary>
# <code>min</code> cannot cope with NaN: every comparison with it is false. <code>math.isfinite</code> sorts it out first.
# </details>

# %% exercise="pilot"
# exercise: pilot
def pilot(run: Callable[[float, int], list[float]], rates: list[float], steps: int, long_steps: int) -> dict[str, float]:
    """The best learning rate by short runs, and what they cost. run(rate, steps): the losses."""
    ### BEGIN SOLUTION
    scores = {}
    for rate in rates:
        score = sum(run(rate, steps)[-5:]) / 5
        if math.isfinite(score):
            scores[rate] = score
    if not scores:
        raise ValueError("every pilot has diverged: try smaller rates")
    spent = len(rates) * steps
    return {"rate": min(scores, key=scores.get), "share": spent / (spent + long_steps)}
    ### END SOLUTION

# %% check="pilot" points=3
def scripted(rate, steps):
    """Losses that fall towards |rate − 0.1|, with a spike in the middle of the good one."""
    return [abs(rate - 0.1) + 1 / (n + 1) + (5.0 if n == 3 and rate == 0.1 else 0.0) for n in range(steps)]

check.close(pilot(scripted, [0.01, 0.1, 1.0], 50, 2850), {"rate": 0.1, "share": 0.05}, of="three pilots of 50 steps before a run of 2,850", suspects={
    "a share of all steps, the pilots' own included": {"rate": 0.1, "share": 150 / 2850}, "all pilots together, not one": {"rate": 0.1, "share": 50 / 2900}})
### BEGIN HIDDEN TESTS
asked = []
def diverging(rate, steps):
    """NaN or infinity above 0.05; below it, the larger the better. One lucky last loss at 0.001."""
    asked.append((rate, steps))
    if rate > 0.05:
        return [1.0] * (steps - 1) + [math.nan if rate > 0.5 else math.inf]
    return [1.0 - rate] * (steps - 1) + [0.9 if rate == 0.001 else 1.0 - rate]
check.close(pilot(diverging, [1.0, 0.001, 0.04, 0.02, 0.1], 10, 150), {"rate": 0.04, "share": 0.25}, of="five pilots of which two diverge", hint="is NaN out? And the mean of the last five, not the last one?")
check.equal(asked, [(rate, 10) for rate in (1.0, 0.001, 0.04, 0.02, 0.1)], of="calls of run", hint="once for each rate, with the steps as given")
check.raises(ValueError, lambda: pilot(diverging, [0.2, 0.9], 10, 150), of="pilots that all diverge")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** which of four rates wins, and what the pilots cost in FLOPs beside the long run. Then **measure**:

# %% tags=["demo"]
letters_of = torch.arange(64).repeat(40)                       # a text that repeats itself: something to learn quickly

def train_little(rate: float, steps: int) -> list[float]:
    """The losses of a very small GPT."""
    torch.manual_seed(SEED)
    net = LittleGPT(width=32, layers=1).to(device)
    adamw, losses = torch.optim.AdamW(net.parameters(), lr=rate), []
    for _ in range(steps):
        places = torch.randint(len(letters_of) - 17, (8,))
        rows = letters_of[places[:, None] + torch.arange(17)].to(device)
        loss = F.cross_entropy(net(rows[:, :-1]).flatten(0, 1), rows[:, 1:].flatten())
        adamw.zero_grad()
        loss.backward()
        adamw.step()
        losses.append(loss.detach())
    return [value.item() for value in losses]                 # looked at once, at the end

# %% tags=["demo"]
curves = {rate: train_little(rate, 40) for rate in (0.0003, 0.003, 0.03, 0.3)}
chosen = pilot(lambda rate, steps: curves[rate], list(curves), 40, 4000)
fig, ax = plt.subplots(figsize=(7, 3))
for (rate, losses), style in zip(curves.items(), ("-", "--", "-.", ":")):
    ax.plot(losses, style, label=f"{rate:g}")
ax.set(yscale="log", xlabel="step", ylabel="loss")
ax.legend(title="learning rate")
lesson.show(fig, alt="Loss curves of four pilot runs of 40 steps, the loss logarithmic. Final losses: " + ", ".join(f"{rate:g}: {losses[-1]:.2f}" for rate, losses in curves.items()) + f". The winner is {chosen['rate']:g}.")
print(f"take {chosen['rate']:g}; the pilots cost {chosen['share']:.1%} of all steps")

# %% written="reconcile" points=2
# **Reconcile** (3 minutes · 2 points). Look at your ledger and your plot. Where was the prediction good, and where was it not? Name one quantity, with its two numbers from *your* run, and give one reason for the difference that you could test.
#
# ### BEGIN SOLUTION
# Names an item with both numbers (for example: at batch 64 I predicted 0.052 s and measured 0.071 s, 1.4 times as much) and a testable reason: the activations no longer fit the processor's
# cache, so memory traffic grows faster than the batch; another program ran at the same time; a second core was used only for large batches. Says how it would be tested: a smaller width, a repetition, `torch.set_num_threads(1)`.
# Two points: numbers and a testable reason; one point: only one of the two.
# ### END SOLUTION

# %% [markdown]
# ## 12 · When it breaks
#
# **An MFU of 3.7.** The stopwatch ran while the GPU was still working, or the promise is for another dtype. Your `mfu` says so:

# %% tags=["demo"]
try:
    print(mfu(2.4e12, 0.01, T4))
except ValueError as error:
    print(f"ValueError: {error}")

# %% [markdown]
# **The count is 0, or much too low.** The work ran where the referee does not look: outside of its block, in NumPy, or in an operator without a formula. Mended: everything inside the block, and the formula beside it.

# %% tags=["demo"]
a = torch.randn(100, 100)
print("NumPy inside:", counted(lambda: a.numpy() @ a.numpy()), "  PyTorch inside:", counted(lambda: a @ a))

# %% [markdown]
# **The profile is full of `aten::copy_` and `aten::item`.** Numbers travel between GPU and CPU in every step: a `.item()` or `print(loss)` for each batch waits for the whole queue. Collect the losses on the device, and look at them once in a while.
#
# **Twice the batch, twice the time, the same throughput.** You are under the flat roof: the machine is full. More batch buys nothing but memory trouble (lesson 05).
#
# **Half the FLOPs, the same time.** You were under the slope, or waiting for Python. Fewer FLOPs help only what is bound by FLOPs. Profile first.
#
# ## How to pay less
#
# In the order in which one should try: a smaller model that is good enough (most of the cost is decided here); somebody else's trained model as a start (lesson 09); a learning rate found on short pilot runs, so that the long run is made
# once; a batch that fills the machine; a faster precision (lesson 06); more chips, last. And before all of them: a napkin, and a profile.
#
# ## Takeaways
#
# - FLOPs are a count, FLOP/s a rate. 2·m·n·p for a product; 6 · parameters · tokens for training, **if** attention is small change, every parameter is multiplied, and all of them are trained.
# - Seconds = FLOPs / (chips · promise · MFU). Write it down before the run.
# - `synchronize`, warm up, repeat, take the median.
# - Intensity decides which promise counts: FLOP/s on the right of the corner, bytes/s on the left.
# - Profile first. What is slow is seldom what you think.
#
# **Words from this lesson:** [FLOP](docs/glossary.md#flop) · [GPU-hour](docs/glossary.md#gpu-hour) · [kernel](docs/glossary.md#kernel) · [MFU](docs/glossary.md#mfu) · [arithmetic intensity](docs/glossary.md#arithmetic-intensity) · [roofline](docs/glossary.md#roofline) · [transformer block](docs/glossary.md#transformer-block) ·
# [cost ledger](docs/glossary.md#cost-ledger) · [pilot run](docs/glossary.md#pilot-run)
#
# **Read next:** Williams, Waterman and Patterson, *Roofline: an insightful visual performance model for multicore architectures* (Communications of the ACM, 2009), the paper with the picture. Kaplan et al., *Scaling laws for neural language models* (2020), section 2.1,
# where 6 · N · D (their N is our parameters, their D our tokens) is derived with all its conditions. PyTorch's own recipe for the profiler.
#
# **Next lesson:** the same model again, and this time the bytes.

# %% tags=["demo"]
lesson.hand_in("04_compute")
