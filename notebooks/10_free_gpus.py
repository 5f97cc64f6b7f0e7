# %% [markdown]
# ## Eight to nine hours
#
# Salma teaches at a school for the deaf in Sfax. Letters from authorities reach her pupils' families in a language that nobody speaks, so she has collected 50,000 of them, each beside a version in plain words, and wants to fine-tune a model that
# writes the plain version. She has a laptop without a GPU, ten days of holidays, and no money.
#
# She asked in a forum how long that takes. *"50,000 examples, batch 32, ten epochs, 0.2 seconds for a forward pass? Eight to nine GPU-hours. Forget the free ones: they throw you out before you are done."*
#
# Two sentences, two mistakes. The first is arithmetic: the right answer is less than a third of it. The second is a way of working: a session that ends is a nuisance for a program that can go on, and a disaster for one that cannot. By the end
# of this lesson you have estimated Salma's job, chosen its platform, planned its memory and its sessions, and written the two pieces of code that make free machines usable: a setup that may be run twice, and a training run that may be
# killed at any moment and goes on elsewhere **to the same losses, bit for bit**. It *will* be killed: by a real SIGKILL, at a step that you do not choose.

# %% tags=["fixture"]
import hashlib
import json
import math
import os
import re
import time
from pathlib import Path

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint
from torch.utils.flop_counter import FlopCounterMode

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device

# %% [markdown]
# ## 1 · How many hours?
#
# An estimate is a product: how many steps, and how long is one. Its result is in [GPU-hours](docs/glossary.md#gpu-hour) (lesson 04).
#
# $$\text{GPU-hours} = \underbrace{\frac{\text{examples} \cdot \text{epochs}}{\text{batch}}}_{\text{steps}} \cdot \underbrace{\text{seconds of a forward pass} \cdot \text{passes}}_{\text{seconds of a step}} \cdot \frac{\text{overhead}}{3600}$$
#
# **Passes** says how many forward passes' worth of work a training step is. You have met the number twice. In [lesson 02](release/02_autograd/02_autograd.ipynb): a layer's backward has *two* products of the forward's size, one for the gradient of its weights and
# one to hand the gradient down to the layer below. In [lesson 04](release/04_compute/04_compute.ipynb): a frozen layer needs the second product and not the first, if anything below it is trained; and a layer that is computed again during the backward pass costs one more.
#
# ### Exercise 1.1 · Count the passes
# ●●○○○ · 6 minutes · 3 points
#
# A deep stack of equal layers. **Predict** the passes of one training step (forward included) for six ways to train it. A forward pass alone is 1.0. The stack is so deep that its two ends do not count, and adapters are so small that they do not count either.
#
# <details><summary>Hint: LoRA</summary>
# Every layer is frozen, and beside every layer there is something small to be trained. Which of the two products of each layer's backward are left?
# </details>
# <details><summary>Hint: the top half</summary>
# Below the lowest thing that is trained, nobody asks for a gradient, and autograd stops there.
# </details>

# %% exercise="passes"
# exercise: passes
passes = {
    "full": ...,                # every weight is trained
    "full, recomputed": ...,    # the same, with gradient checkpointing in every layer
    "lora": ...,                # every weight is frozen; a small adapter beside every layer is trained
    "lora, recomputed": ...,    # the same, with gradient checkpointing in every layer
    "lora, top half": ...,      # adapters beside the upper half of the layers only
    "head": ...,                # every weight is frozen; a small head on top is trained
}
### BEGIN SOLUTION
passes = {"full": 3.0, "full, recomputed": 4.0, "lora": 2.0, "lora, recomputed": 3.0, "lora, top half": 1.5, "head": 1.0}
### END SOLUTION

# %% tags=["fixture"]
WAYS = ("full", "full, recomputed", "lora", "lora, recomputed", "lora, top half", "head")


class Adapted(nn.Module):
    """A linear layer with a small detour (rank 1) beside it: LoRA. again: recompute it during the backward pass."""

    def __init__(self, width: int, adapter: bool, frozen: bool, again: bool):
        super().__init__()
        self.weight = nn.Linear(width, width, bias=False).requires_grad_(not frozen)
        self.down = nn.Linear(width, 1, bias=False) if adapter else None
        self.up = nn.Linear(1, width, bias=False) if adapter else None
        self.again = again

    def layer(self, x):
        """x: [batch, width]. Returns: the same shape."""
        return torch.relu(self.weight(x) if self.down is None else self.weight(x) + self.up(self.down(x)))

    def forward(self, x):
        """The layer, its activations kept or recomputed."""
        return checkpoint(self.layer, x, use_reentrant=False) if self.again else self.layer(x)

# %% tags=["fixture"]
def counted_passes(way: str, layers: int = 40, width: int = 256) -> float:
    """FLOPs of a training step over those of a forward pass, by PyTorch's own counter (lesson 04), in a stack of layers."""
    frozen, again = not way.startswith("full"), way.endswith("recomputed")
    lowest = {"head": layers, "lora, top half": layers // 2}.get(way, 0)
    stack = nn.Sequential(*[Adapted(width, frozen and n >= lowest, frozen, again) for n in range(layers)])
    model = nn.Sequential(stack, nn.Linear(width, 1, bias=False)).to("meta")
    x = torch.zeros(64, width, device="meta")
    with FlopCounterMode(display=False) as forward, torch.no_grad():
        model(x)
    with FlopCounterMode(display=False) as step:
        model(x).sum().backward()
    return step.get_total_flops() / forward.get_total_flops()

# %% check="passes" points=3
check.each(passes, dict.fromkeys(WAYS, 0.0), atol=1e6, of="any six numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
# In a stack of 40 layers the two ends shift the counted numbers by at most 0.03 (seen: 2.98, 3.97, 1.98, 2.98, 1.48, 1.00).
check.each(passes, {way: counted_passes(way) for way in WAYS}, atol=0.06, rtol=0, hint={
    "full": "one forward, and two products of that size in the backward", "full, recomputed": "one forward pass more than without",
    "lora": "frozen: no gradient of the weights. But the gradient must get down to the lowest adapter", "lora, recomputed": "one forward pass more than without",
    "lora, top half": "how many layers does the backward pass go through?", "head": "who needs a gradient below the head?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** The counter of lesson 04 looks at every product. (On the meta device, so it costs nothing.)

# %% tags=["demo"]
for way in WAYS:
    print(f"{way:18} counted {counted_passes(way):.2f}   yours: {passes.get(way)}")

# %% [markdown]
# **Reconcile.** "With LoRA only one per cent is trained, so training costs next to nothing" is the commonest mistake of this lesson. It is true of *memory*. Of the hours LoRA saves a third: 2 passes in place of 3. What saves more is training less *deep*.
#
# ### Exercise 1.2 · The estimator
# ●●○○○ · 10 minutes · 4 points
#
# Write `gpu_hours`. It returns a dict with a unit in every name:
#
# | entry | for 50,000 examples, batch 32, 10 epochs, 0.2 s |
# |---|---|
# | `"steps"` | 50,000 · 10 / 32 = 15,625 |
# | `"forward_s"`, the forward passes alone | 15,625 · 0.2 = 3,125 |
# | `"total_s"`, all passes and the overhead | 3,125 · 3 = 9,375 |
# | `"gpu_hours"` | 9,375 / 3,600 = 2.604 |
#
# (A `DataLoader` ends each epoch with a batch of 16, so it makes 15,630 steps. But half a batch takes half the time: we count the price and do not round.)
#
# `way` is `"full"`, `"lora"` or `"head"`; `recomputed` says whether checkpointing is on; `overhead` is a factor for everything that is no training (loading, evaluation, saving): 1.2 is a fifth on top. An overhead below 1 or an unknown way is a `ValueError`.

# %% exercise="gpu_hours"
# exercise: gpu_hours
def gpu_hours(examples: int, batch: int, epochs: float, forward_s: float, way: str = "full",
              recomputed: bool = False, overhead: float = 1.0) -> dict[str, float]:
    """What a training run takes on one GPU. forward_s: seconds of the forward pass of one batch."""
    ### BEGIN SOLUTION
    backward = {"full": 2, "lora": 1, "head": 0}
    if way not in backward:
        raise ValueError(f"no way to train called {way!r}: there are {', '.join(backward)}")
    if overhead < 1:
        raise ValueError(f"overhead is a factor of 1 or more, not {overhead}")
    steps = examples * epochs / batch
    total = steps * forward_s * (1 + backward[way] + recomputed) * overhead
    return {"steps": steps, "forward_s": steps * forward_s, "total_s": total, "gpu_hours": total / 3600}
    ### END SOLUTION

# %% check="gpu_hours" points=4
hours_wanted = {"steps": 15625.0, "forward_s": 3125.0, "total_s": 9375.0, "gpu_hours": 9375 / 3600}
check.close(gpu_hours(50_000, 32, 10, 0.2), hours_wanted, of="Salma's numbers", suspects={
    "that is the forward pass alone: where is the backward?": {**hours_wanted, "total_s": 3125.0, "gpu_hours": 3125 / 3600},
    "is the backward of a layer one product, or two?": {**hours_wanted, "total_s": 6250.0, "gpu_hours": 6250 / 3600},
    "the backward comes on top of the forward: 1 + 2": {**hours_wanted, "total_s": 6250.0, "gpu_hours": 1.7361},
    "an hour has 3,600 seconds": {**hours_wanted, "gpu_hours": 9375 / 60},
    "is 0.2 s the time of a batch, or of an example?": {"steps": 500_000.0, "forward_s": 100_000.0, "total_s": 300_000.0, "gpu_hours": 300_000 / 3600},
})
check.raises(ValueError, lambda: gpu_hours(50_000, 32, 10, 0.2, overhead=0.2), of="an overhead of 0.2")
### BEGIN HIDDEN TESTS
check.raises(ValueError, lambda: gpu_hours(50_000, 32, 10, 0.2, way="qlora"), of='the way "qlora"')
for way, recomputed, overhead in (("lora", False, 1.0), ("lora", True, 1.25), ("full", True, 1.0), ("head", False, 1.1), ("full", False, 3.0)):
    got = gpu_hours(1000, 48, 2.5, 0.7, way=way, recomputed=recomputed, overhead=overhead)
    true = lesson.gpu_hours(1000, 48, 2.5, 0.7, train=way, checkpointing=recomputed, overhead=overhead)
    case = f"{way}{', recomputed' if recomputed else ''}, overhead {overhead}"
    check.close(got["gpu_hours"], true, of=f"gpu_hours, {case}", suspects={
        "is 48 a divisor of 1000? Half a batch takes half the time: nothing is rounded": true * 52.5 / (2500 / 48),
        "LoRA saves the products for the weights, and no others": true / 2 if way == "lora" else -1.0,
    }, hint="(1 + backward + recomputed) passes: which backward has this way?")
    check.close(got["forward_s"], 1000 * 2.5 / 48 * 0.7, of=f"forward_s, {case}", hint="the forward passes alone, without overhead")
    check.close(got["total_s"] / 3600, true, of=f"total_s, {case}", hint="in seconds, with overhead")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 1.3 · The figure that circulates
# ●○○○○ · 4 minutes · 2 points
#
# "Eight to nine hours" is quoted for exactly Salma's numbers. For it to be true, everything that is no training would have to take a lot of time. How much? Set the two overhead factors with which your own function gives 8 and 9 hours.

# %% exercise="rumour"
# exercise: rumour
overhead_for_8 = ...
overhead_for_9 = ...
### BEGIN SOLUTION
overhead_for_8 = 8 / gpu_hours(50_000, 32, 10, 0.2)["gpu_hours"]
overhead_for_9 = 9 / gpu_hours(50_000, 32, 10, 0.2)["gpu_hours"]
### END SOLUTION

# %% check="rumour" points=2
check.within(overhead_for_8, 1, 100, of="overhead_for_8", hint="a factor on 2.6 hours")
check.within(overhead_for_9, 1, 100, of="overhead_for_9", hint="a factor on 2.6 hours")
### BEGIN HIDDEN TESTS
for name, got, hours in (("overhead_for_8", overhead_for_8, 8), ("overhead_for_9", overhead_for_9, 9)):
    check.close(got, hours * 3600 / 9375, atol=0.05, reveal=False, of=name, suspects={
        "that is over the forward passes alone": hours * 3600 / 3125,
        "an overhead of 1 is no overhead: the factor, not what comes on top": hours * 3600 / 9375 - 1,
        "which of the two is the larger one?": (17 - hours) * 3600 / 9375,
    })
### END HIDDEN TESTS

# %% [markdown]
# **Reconcile.** Three in place of one: for every second of training, two and a half seconds of something else. That happens (a loader that starves the GPU, an evaluation after every tenth step). But it is a *fault*, which you find in a profile
# (lesson 04) and mend, and no factor to plan with. Nor does it matter who said it: what circulates has usually been computed once, by somebody, in a hurry. Write the units beside the numbers (steps, s/step, s, h) and compute it again.
#
# Where does the 0.2 s come from? From a measurement, after a warm-up. That is the one number in the product that you cannot think up. So let us do the whole round on a small scale: measure a forward pass, **predict** 60 steps, measure them, and look at the ratio.

# %% tags=["demo"]
def seconds_of(work, repeats=20):
    """The median of some repeats, after two for warming up; waits for a GPU to be done."""
    took = []
    for n in range(repeats + 2):
        began = time.perf_counter()
        work()
        lesson.synchronize(device)
        took += [time.perf_counter() - began] if n >= 2 else []
    return sorted(took)[len(took) // 2]

width, layers = (2048, 24) if settings.full else (384, 10)
net = nn.Sequential(*[nn.Sequential(nn.Linear(width, width), nn.ReLU()) for _ in range(layers)]).to(device)
optimizer, batch = torch.optim.AdamW(net.parameters(), lr=1e-4), torch.randn(256, width, device=device)

def step():
    """One training step, its batch brought along by a loader that takes its time."""
    rows = torch.randn(256, width).to(device)
    optimizer.zero_grad(); net(rows).square().mean().backward(); optimizer.step()

# %% tags=["demo"]
with torch.no_grad():
    forward = seconds_of(lambda: net(batch))
books = lesson.Ledger()
books.predict("60 steps", seconds=gpu_hours(60 * 256, 256, 1, forward)["total_s"])
books.measure("60 steps", seconds=60 * seconds_of(step))
for n, name in ((1, "backward"), (2, "optimiser and loader")):
    books.predict(name, seconds=60 * forward * (2 if n == 1 else 0))
loss = net(batch).square().mean()
both = seconds_of(lambda: net(batch).square().mean().backward())
books.measure("backward", seconds=60 * (both - forward))
books.measure("optimiser and loader", seconds=max(0.0, books.total("seconds", "measured") - 120 * both + 60 * forward))
print(f"a forward pass takes {1000 * forward:.2f} ms on {device}")
print(books)

# %% written="reconcile_hours" points=2
# **Reconcile** (3 minutes · 2 points). Which overhead would have made your prediction right, in your run? Take the ledger's numbers and say what the two largest parts of the difference are; name one thing that would be different on a machine with a faster processor
# for numbers (a GPU) and the same loader.
#
# ### BEGIN SOLUTION
# Gives the ratio of measured to predicted from the own ledger (often 1.1 to 2), and names two parts with their numbers: the optimiser's update and zero_grad, the making and copying of the batch, or a backward pass that is not exactly two forwards
# (without no_grad the forward pass also stores its activations). On a faster device the forward and backward passes shrink and the loader does not: the overhead *factor* grows. Two points: ratio and two parts from the run; one point: only one of these.
# ### END SOLUTION

# %% [markdown]
# ## 2 · Where?
#
# "Which platform is the best?" is the wrong question. What does the workload look like? Here is what there is, each figure with the date at which it was true. Sessions and hours are what the platforms' own pages say, memory is what their machines report, the price of a rented card is what Lambda, Vast.ai and others ask. They change, and the course keeps them in one file so that one edit mends all lessons.
#
# | | Colab, free | Kaggle, free | rented by the hour |
# |---|---|---|---|
# | card | a T4 with 16 GB, of which {{fact:colab_t4_memory}} are usable | {{fact:kaggle_cards}}, each as on Colab | an A100 and others |
# | a session | {{fact:colab_session}} at most, not guaranteed; ends sooner when idle, and how soon is not published | {{fact:kaggle_session}}; interactive ones end after {{fact:kaggle_idle}} without you, users report | as long as you pay |
# | in a week | not published: as much as is free | {{fact:kaggle_week}}, sometimes more | as much as you pay |
# | memory beside the card | {{fact:colab_ram}} | {{fact:kaggle_ram}} | more |
# | stays afterwards | nothing on the machine; Google Drive, if you mount it | {{fact:kaggle_saved}} in `/kaggle/working` of a saved version | what you copy away |
# | without a browser | no | yes: *Save & Run All* | yes |
# | price | 0; Pro {{fact:colab_pro}}, Pro+ {{fact:colab_pro_plus}} | 0 | {{fact:a100_hour}} an hour |
#
# So: Colab for what you sit in front of; Kaggle for what must run while you sleep; a rented card when one of three things fails: **hardware** (it does not fit), **hours** (there are not enough), **reliability** (it must be done by Thursday). And two answers that people forget: small
# things run on the laptop, and what must not leave the house runs in the house.
#
# ### Exercise 2.1 · The chooser
# ●●●○○ · 12 minutes · 5 points
#
# Write `choose(job)`. It returns two words, the platform and the reason. The first rule that fits decides:
#
# | | platform | reason |
# |---|---|---|
# | the data must not leave the house (`"private"`) | `"own"` | `"private"` |
# | it needs more memory than a T4 has (`"gigabytes"` above `T4_GB`) | `"paid"` | `"hardware"` |
# | it takes at most 0.1 GPU-hours | `"own"` | `"small"` |
# | somebody sits in front of it (`"attended"`), and it fits into one session of Colab | `"colab"` | `"interactive"` |
# | it can go on from a checkpoint (`"resumes"`), and its hours fit into Kaggle's weekly hours, times the whole weeks until it is due (`"days"`; less than a week counts as one) | `"kaggle"` | `"unattended"` |
# | it cannot go on, and fits into one session of Kaggle | `"kaggle"` | `"unattended"` |
# | else | `"paid"` | `"hours"` |
#
# "Fits" includes exactly full. `"gpu_hours"` are hours on a T4.

# %% tags=["fixture"]
T4_GB = lesson.fact("colab_t4_memory").number / 1e9
COLAB_HOURS = lesson.fact("colab_session").number / 3600
KAGGLE_HOURS = lesson.fact("kaggle_session").number / 3600
KAGGLE_WEEK = lesson.fact("kaggle_week").number / 3600

USUAL = {"gpu_hours": 2.0, "gigabytes": 8.0, "days": 7, "attended": False, "resumes": True, "private": False}
JOBS = {
    "patients": {"gpu_hours": 3.0, "private": True},                          # fine-tune on a clinic's letters
    "seventy": {"gpu_hours": 60.0, "gigabytes": 41.0, "days": 30},           # adapters for a 70B model in 4 bits
    "regression": {"gpu_hours": 0.02, "attended": True},                     # a table of 2,000 rows
    "first try": {"gpu_hours": 0.7, "attended": True},                       # does the loss fall at all?
    "long look": {"gpu_hours": 12.0, "attended": True, "resumes": False},    # a day in front of the screen
    "overnight": {"gpu_hours": 9.0},                                         # starts in the evening
    "salma": {"gpu_hours": 18.0, "gigabytes": 11.0, "days": 10},             # resumes, needs two sessions
    "one go": {"gpu_hours": 18.0, "days": 10, "resumes": False},             # the same, and cannot resume
    "full week": {"gpu_hours": 30.0},                                        # exactly Kaggle's week
    "thesis": {"gpu_hours": 55.0, "days": 21},                               # three weeks of patience
    "thursday": {"gpu_hours": 55.0, "days": 3},                              # the same, and three days
    "demo day": {"gpu_hours": 20.0, "days": 2, "attended": True},            # longer than a session of Colab
}
JOBS = {name: {**USUAL, **job} for name, job in JOBS.items()}

# %% exercise="choose"
# exercise: choose
def choose(job: dict) -> tuple[str, str]:
    """(platform, reason) for a job with the entries of USUAL."""
    ### BEGIN SOLUTION
    hours, weeks = job["gpu_hours"], max(1, job["days"] // 7)
    if job["private"]:
        return "own", "private"
    if job["gigabytes"] > T4_GB:
        return "paid", "hardware"
    if hours <= 0.1:
        return "own", "small"
    if job["attended"] and hours <= COLAB_HOURS:
        return "colab", "interactive"
    if hours <= (weeks * KAGGLE_WEEK if job["resumes"] else KAGGLE_HOURS):
        return "kaggle", "unattended"
    return "paid", "hours"
    ### END SOLUTION

# %% check="choose" points=5
check.equal(choose(JOBS["first try"]), ("colab", "interactive"), of="first try")
check.equal(choose(JOBS["overnight"]), ("kaggle", "unattended"), of="overnight")
### BEGIN HIDDEN TESTS
right = {
    "patients": ("own", "private"), "seventy": ("paid", "hardware"), "regression": ("own", "small"), "first try": ("colab", "interactive"),
    "long look": ("colab", "interactive"), "overnight": ("kaggle", "unattended"), "salma": ("kaggle", "unattended"), "one go": ("paid", "hours"),
    "full week": ("kaggle", "unattended"), "thesis": ("kaggle", "unattended"), "thursday": ("paid", "hours"), "demo day": ("kaggle", "unattended"),
    "13 days": ("paid", "hours"), "tiny and private": ("own", "private"), "too large, tiny": ("paid", "hardware"), "no checkpoint, a night": ("kaggle", "unattended"),
    "no checkpoint, a session and a bit": ("paid", "hours"), "exactly the card": ("kaggle", "unattended"),
}
others = {
    "13 days": {"gpu_hours": 31.0, "days": 13}, "tiny and private": {"gpu_hours": 0.01, "gigabytes": 90.0, "private": True},
    "too large, tiny": {"gpu_hours": 0.05, "gigabytes": 40.0}, "no checkpoint, a night": {"gpu_hours": 12.0, "resumes": False},
    "no checkpoint, a session and a bit": {"gpu_hours": 12.5, "resumes": False}, "exactly the card": {"gigabytes": T4_GB},
}
table = {**JOBS, **{name: {**USUAL, **job} for name, job in others.items()}}
check.each({name: choose(table[name]) for name in right}, right, hint={
    "patients": "which rule stands first?", "one go": "it cannot go on: one session must do", "full week": "exactly full fits",
    "thesis": "three weeks are three times Kaggle's hours", "thursday": "less than a week counts as one", "13 days": "whole weeks: 13 days are one",
    "demo day": "too long for one session of Colab, so the next rule is asked", "long look": "exactly full fits", "exactly the card": "exactly full fits",
    "too large, tiny": "the order of the rules decides", "no checkpoint, a night": "exactly one session", "tiny and private": "the order of the rules decides"})
### END HIDDEN TESTS

# %% written="choose_why" points=2
# **Your judgement** (5 minutes · 2 points). A rule is no judgement. Take one of the twelve jobs for which you would decide *against* the table, and say what you would do, with a number: of hours, euros, or the price of being late. If you agree with all twelve, take "long look" and say what can go wrong with it.
#
# ### BEGIN SOLUTION
# Names a job, a different decision and a number. Examples: "full week" fills Kaggle's 30 hours to the brim: each restart costs setup time, so it will not fit; I would shorten it by an epoch or start early in the quota's week. "long look": 12 hours attended on Colab
# that cannot resume: an idle disconnect at hour 11 costs 11 hours; write the checkpoint first. "thursday": 55 T4-hours are about 12 A100-hours, 24 dollars; if three days are hard, pay. Two points: decision with a reason and a number; one point: one of the two.
# ### END SOLUTION

# %% [markdown]
# ## 3 · In how many pieces?
#
# "Two sessions of {{fact:kaggle_session}} make 24 hours." (In older material a session has 9, and two make 18.) Do they? Every session begins with a setup: packages, data, the base model, the last checkpoint. And a run dies at a moment of its own choosing, so the work since the last checkpoint is done twice.
#
# ### Exercise 3.1 · The session plan
# ●●○○○ · 8 minutes · 3 points
#
# Write `session_plan(hours, limit, week, setup)`: `hours` of training, sessions of at most `limit` hours, of which the first `setup` go by without training, and `week` hours a week. It returns `"sessions"` (a whole number), `"charged"` (hours that the platform counts: training and setups) and `"weeks"` (a whole number: how many weeks' hours are needed).
#
# | `session_plan(18, 12, 30, 0.25)` | |
# |---|---|
# | sessions | each has 11.75 useful hours: 2 |
# | charged | 18 + 2 · 0.25 = 18.5 |
# | weeks | 18.5 of 30: 1 |
#
# A setup that is as long as a session, or longer, leaves nothing: `ValueError`.

# %% exercise="session_plan"
# exercise: session_plan
def session_plan(hours: float, limit: float, week: float, setup: float) -> dict[str, float]:
    """Sessions, charged hours and weeks of a run. All arguments in hours."""
    ### BEGIN SOLUTION
    if setup >= limit:
        raise ValueError(f"a setup of {setup} h leaves nothing of a session of {limit} h")
    sessions = math.ceil(hours / (limit - setup))
    charged = hours + sessions * setup
    return {"sessions": sessions, "charged": charged, "weeks": math.ceil(charged / week)}
    ### END SOLUTION

# %% check="session_plan" points=3
check.close(session_plan(18, 12, 30, 0.25), {"sessions": 2, "charged": 18.5, "weeks": 1}, of="18 hours", suspects={
    "each session pays for its own setup": {"sessions": 2, "charged": 18.25, "weeks": 1}})
check.raises(ValueError, lambda: session_plan(5, 1, 30, 1), of="a setup as long as a session")
### BEGIN HIDDEN TESTS
for hours, limit, week, setup in ((24, 12, 30, 0.25), (24, 12, 30, 0.0), (23.5, 12, 30, 0.25), (29.5, 12, 30, 0.25), (100, 9, 30, 0.5), (0.5, 12, 30, 0.1), (11.8, 12, 30, 0.25)):
    sessions = -(-hours // (limit - setup))
    charged = hours + sessions * setup
    want = {"sessions": sessions, "charged": charged, "weeks": -(-charged // week)}
    check.close(session_plan(hours, limit, week, setup), want, of=f"{hours} h in sessions of {limit} h with {setup} h of setup", suspects={
        "two sessions are 24 hours, but not 24 hours of training": {**want, "sessions": -(-hours // limit), "charged": hours + -(-hours // limit) * setup, "weeks": -(-(hours + -(-hours // limit) * setup) // week)},
        "does the setup use up the week's hours, too?": {**want, "weeks": -(-hours // week)},
    }, hint="rounded up, and a session that is exactly full is enough")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 3.2 · How often to save
# ●●●○○ · 10 minutes · 3 points
#
# Saving takes time, and so does not saving. Let a save take $s$ hours, let there be one every $e$ hours of training, and let the machine die every $m$ hours on the average, at no particular moment. Then for each hour of training
#
# - saving costs $s / e$ hours;
# - dying costs the work since the last save, on the average $e / 2$, and that happens $1 / m$ times: $e / (2m)$ hours.
#
# Write `waste(every, save, mean)`, the sum of the two (a share: 0.05 is 3 minutes of every hour), and `best_every(save, mean)`, the $e$ with the smallest waste. All three in hours. (Setting the derivative to 0 gives a root; John Young wrote it down in 1974 for the tapes of his day.)
#
# <details><summary>Hint: the derivative</summary>
# −s/e² + 1/(2m) = 0.
# </details>

# %% exercise="best_every"
# exercise: best_every
def waste(every: float, save: float, mean: float) -> float:
    """Hours lost for each hour of training. every: between two saves; save: for one; mean: between two deaths."""
    ### BEGIN SOLUTION
    return save / every + every / (2 * mean)
    ### END SOLUTION

def best_every(save: float, mean: float) -> float:
    """The hours between two saves that lose least."""
    ### BEGIN SOLUTION
    return math.sqrt(2 * save * mean)
    ### END SOLUTION

# %% check="best_every" points=3
check.close(waste(1.0, 0.01, 10.0), 0.06, of="waste(1, 0.01, 10)", suspects={
    "a death costs half of the hours between two saves, on the average": 0.11, "is the saving in it?": 0.05, "and the dying?": 0.01})
check.close(best_every(0.01, 10.0), 0.4472136, rtol=1e-4, of="best_every(0.01, 10)", suspects={
    "the hours at which both parts are equal are these: is there a 2 too few?": math.sqrt(0.1), "and the root?": 0.2})
### BEGIN HIDDEN TESTS
for save, mean in ((20 / 3600, 6.0), (0.1, 4.0), (0.002, 30.0)):
    best = best_every(save, mean)
    check.close(waste(0.7, save, mean), save / 0.7 + 0.7 / (2 * mean), of=f"waste(0.7, {save:.3f}, {mean})")
    check.close(best, math.sqrt(2 * save * mean), of=f"best_every({save:.3f}, {mean})", hint="√(2 · save · mean)")
### END HIDDEN TESTS

# %% [markdown]
# **Predict, measure, reconcile.** Do deaths at random moments really cost what the formula says? The cell plays 4,000 hours of training with a save of 20 seconds, on machines that die every six hours on the average. **Predict** the best interval first: `best_every(20 / 3600, 6)`.

# %% tags=["demo"]
def played(every: float, save: float, mean: float, hours: float = 4000.0) -> float:
    """The same waste, by playing it: deaths come at random (exponential), each undoes what was not saved."""
    dice, clock, done, next_death = torch.Generator().manual_seed(SEED), 0.0, 0.0, 0.0
    deaths = (torch.empty(100_000).exponential_(1 / mean, generator=dice)).tolist()
    next_death = deaths.pop()
    while done < hours:
        if clock + every + save <= next_death:
            clock, done = clock + every + save, done + every
        else:
            clock, next_death = next_death, next_death + deaths.pop()
    return clock / done - 1

intervals = [0.03, 0.06, 0.12, 0.18, 0.26, 0.4, 0.7, 1.2, 2.0]
seen = [played(every, 20 / 3600, 6.0) for every in intervals]
best = best_every(20 / 3600, 6.0)
fig, ax = plt.subplots(figsize=(7.5, 3.4))
ax.plot(intervals, [100 * waste(every, 20 / 3600, 6.0) for every in intervals], ls="-", label="the formula")
ax.plot(intervals, [100 * share for share in seen], ls="none", marker="o", label="played, 4,000 hours")
ax.axvline(best, color="black", lw=1, ls=":")
ax.set(xscale="log", xlabel="hours between two saves", ylabel="hours lost, %", title=f"Best: every {60 * best:.0f} minutes")
ax.legend()
lesson.show(fig, alt="Hours lost in per cent against hours between two saves, formula and played: " + ", ".join(
    f"{every} h {100 * waste(every, 20 / 3600, 6.0):.1f} and {100 * share:.1f}" for every, share in zip(intervals, seen)) + f". The lowest point of the formula is at {best:.2f} h.")

# %% [markdown]
# **Reconcile.** The curve is flat around its lowest point: a factor of two in the interval costs little. So nobody needs to know $m$ exactly. Save every quarter of an hour and forget about it; what is expensive is *never* (and, on the left, every two minutes). Far to the right the played points lie above the formula: when
# saves become as rare as deaths, the same work is lost more than once.

# %% [markdown]
# ## 4 · Does it fit?
#
# Hours are one contract, gigabytes the other (of 10⁹ bytes here, as on the box; the 14.6 GiB that PyTorch reports of a T4, in the unit of lesson 05, are 15.7 of them). Weights alone: 7 billion parameters in float16 are $7 \cdot 10^9 \cdot 2 = 14$ GB, so a 7B model fills a T4 before anything has been computed. Salma's model has "3B" on its label. With full AdamW at 16 bytes for each
# parameter ([lesson 05](release/05_memory/05_memory.ipynb)) that is more than three cards. With LoRA the 16 bytes are paid for the adapters alone:
#
# | item | bytes |
# |---|---|
# | `"weights"`, frozen, float16 | 2 for each parameter: no gradient, no state, no master copy |
# | `"adapters"`, float32 | 4 for each trained parameter |
# | `"gradients"`, float32 | 4 for each trained parameter |
# | `"optimizer"`, AdamW in float32 | 8 for each trained parameter |
# | `"activations"`, float16, with checkpointing | each layer's input, and 20 such rows for the one layer that is being recomputed: $(\text{layers} + 20) \cdot \text{batch} \cdot \text{tokens} \cdot \text{width} \cdot 2$ |
# | `"logits"` | kept about three times in float32: $3 \cdot \text{batch} \cdot \text{tokens} \cdot \text{vocabulary} \cdot 4$ |
#
# (float16, not bfloat16: a T4 has no bfloat16 hardware, lesson 06. The 20 is counted further down.) And the trained parameters of LoRA: for each adapted matrix with $a$ inputs and $b$ outputs, $B \cdot A$ of rank $r$ has $r \cdot (a + b)$ numbers, in every layer.
#
# ### Exercise 4.1 · The memory plan
# ●●●○○ · 10 minutes · 4 points
#
# Write `lora_plan(model, rank, batch, tokens)`. It returns the six items, in bytes. `model["matrices"]` lists (inputs, outputs) of the matrices of *one* layer that get an adapter.

# %% tags=["fixture"]
THREE_B = {"parameters": 3_212_749_824, "layers": 28, "width": 3072, "vocabulary": 128_256, "matrices": [(3072, 3072), (3072, 1024)]}
SMALL = {"parameters": 1000, "layers": 2, "width": 8, "vocabulary": 50, "matrices": [(8, 8), (8, 4)]}

# %% exercise="lora_plan"
# exercise: lora_plan
def lora_plan(model: dict, rank: int, batch: int, tokens: int) -> dict[str, float]:
    """Bytes on the card in a training step with LoRA: {item: bytes}."""
    ### BEGIN SOLUTION
    trained = model["layers"] * sum(rank * (a + b) for a, b in model["matrices"])
    rows = batch * tokens
    return {
        "weights": 2 * model["parameters"],
        "adapters": 4 * trained,
        "gradients": 4 * trained,
        "optimizer": 8 * trained,
        "activations": (model["layers"] + 20) * rows * model["width"] * 2,
        "logits": 3 * rows * model["vocabulary"] * 4,
    }
    ### END SOLUTION

# %% check="lora_plan" points=4
want = {"weights": 2000, "adapters": 448, "gradients": 448, "optimizer": 896, "activations": 5280, "logits": 9000}
check.close(lora_plan(SMALL, rank=2, batch=3, tokens=5), want, of="a small model", suspects={
    "adapters stand in every layer, and a rank of 2 is 2 rows of A and 2 columns of B": {**want, "adapters": 224, "gradients": 224, "optimizer": 448},
    "frozen weights have no gradient and no state": {**want, "gradients": 4000, "optimizer": 8000},
    "rank · (inputs + outputs), not rank · inputs · outputs": {**want, "adapters": 1536, "gradients": 1536, "optimizer": 3072},
})
### BEGIN HIDDEN TESTS
for model, rank, batch, tokens in ((THREE_B, 16, 4, 512), ({**SMALL, "layers": 7, "matrices": [(8, 24), (24, 8), (8, 8)]}, 3, 2, 9)):
    trained = lesson.lora_parameters(rank, model["matrices"] * model["layers"])
    sizes = {name: model[name] for name in ("layers", "width", "vocabulary")}
    true = lesson.vram(model["parameters"], adapters=trained, batch=batch, tokens=tokens, **sizes)
    check.close(lora_plan(model, rank, batch, tokens), true, of=f"rank {rank}, {batch} texts of {tokens} tokens", hint="compare with the table, item by item")
### END HIDDEN TESTS

# %% [markdown]
# **Measure** what can be measured without the card. Is "3B" the number above? transformers builds the model on the meta device, where it costs nothing, and PEFT puts its adapters in.

# %% tags=["demo"]
import logging
import warnings

from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, LlamaConfig

logging.getLogger("transformers").setLevel(logging.ERROR)
warnings.filterwarnings("ignore", category=FutureWarning)

def llama(width, inner, layers, heads, shared_heads, vocabulary, where="meta", dtype=torch.float16):
    """A model of this shape with adapters of rank 16 on q and v; its weights are random."""
    shape = LlamaConfig(vocab_size=vocabulary, hidden_size=width, intermediate_size=inner, num_hidden_layers=layers,
                        num_attention_heads=heads, num_key_value_heads=shared_heads, head_dim=128, tie_word_embeddings=True)
    with torch.device(where):
        model = AutoModelForCausalLM.from_config(shape, dtype=dtype)
    return get_peft_model(model, LoraConfig(r=16, target_modules=["q_proj", "v_proj"]))

model = llama(3072, 8192, 28, 24, 8, 128_256)
trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
print(f"frozen  {sum(p.numel() for p in model.parameters() if not p.requires_grad):>13,}   expected {THREE_B['parameters']:>13,}")
print(f"trained {trained:>13,}   expected {lora_plan(THREE_B, 16, 4, 512)['adapters'] // 4:>13,}   ({100 * trained / THREE_B['parameters']:.2f} %)")

# %% [markdown]
# And the 20 rows of one layer? Count what autograd keeps (`saved_tensors_hooks`, lesson 05) in a small model of the same proportions, on the CPU, without checkpointing:

# %% tags=["demo"]
def kept_rows(layers: int, width: int = 384) -> float:
    """Bytes kept for the backward pass, in units of tokens · width · 2 bytes."""
    model = llama(width, width * 8 // 3, layers, 3, 1, 64, where="cpu", dtype=torch.bfloat16).train()
    known = {tensor.untyped_storage().data_ptr() for tensor in (*model.parameters(), *model.buffers())}
    sizes = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        text = torch.randint(64, (2, 128))
        alive = model(input_ids=text, labels=text).loss  # held until all is counted
    return sum(sizes.values()) / (2 * 128 * width * 2)

print(f"a layer keeps {(kept_rows(4) - kept_rows(2)) / 2:.1f} rows of its width (in the plan: 20)")

# %% tags=["demo"]
plans = {"all parameters, AdamW": lesson.vram(THREE_B["parameters"], layers=28, width=3072, vocabulary=128_256, batch=4, tokens=512)}
plans |= {f"LoRA, batch {size}": lora_plan(THREE_B, 16, size, 512) for size in (16, 8, 4, 1)}
fig, ax = plt.subplots(figsize=(8, 2.9))
colours = {"weights": "#999999", "gradients": "#D55E00", "optimizer": "#E69F00", "activations": "#0072B2", "logits": "#56B4E9"}
for row, plan in enumerate(plans.values()):
    left = 0.0
    for item, colour in colours.items():
        ax.barh(row, plan[item] / 1e9, left=left, color=colour, label=item if row == 0 else None)
        left += plan[item] / 1e9
ax.set_yticks(range(len(plans)), list(plans))
ax.axvline(T4_GB, color="black", lw=1)
ax.invert_yaxis()
ax.set(xlabel="GB (the line: a T4)", title="A model of 3.2 billion parameters, texts of 512 tokens")
ax.legend(ncols=3, fontsize=8)
totals = {name: sum(plan.values()) / 1e9 for name, plan in plans.items()}
lesson.show(fig, alt="Stacked bars of bytes on the card: " + ", ".join(f"{name} {total:.1f} GB" for name, total in totals.items()) + f". A T4 has {T4_GB:.1f} GB.")
print({name: round(total, 1) for name, total in totals.items()})

# %% [markdown]
# **Reconcile.** The gradients and states, four fifths of the upper bar, have shrunk to a line that you cannot see. What is left is the frozen weights, and, with the batch, the *logits*: a vocabulary of 128,256 words is a large table for each token. So batch 4 with accumulation, and some gigabytes of air for CUDA itself and for gaps.
#
# And Salma's hours, with her real model and 256 tokens a text? Two FLOPs for each parameter and token (lesson 04), at a third of a T4's promise, and checkpointing on. **Predict** first: with the numbers of 1.1, is LoRA with checkpointing 2, 3 or 4 passes?

# %% tags=["demo"]
T4 = lesson.fact("t4_fp16").number
forward = lesson.forward_seconds(THREE_B["parameters"], tokens=4 * 256, promised=T4, mfu=0.3)
for epochs in (1, 3, 5):
    bill = gpu_hours(50_000, 4, epochs, forward, way="lora", recomputed=True, overhead=1.1)
    plan = session_plan(bill["gpu_hours"], KAGGLE_HOURS, KAGGLE_WEEK, 0.25)
    print(f"{epochs} epochs: {bill['gpu_hours']:5.1f} GPU-hours, sessions: {plan['sessions']}, weeks of Kaggle: {plan['weeks']}")
print("the chooser says:", choose({**JOBS["salma"], "gpu_hours": bill["gpu_hours"], "gigabytes": totals["LoRA, batch 4"]}))

# %% [markdown]
# ## 5 · Setup as code
#
# A free machine is a rented room that is cleared when you leave ([ephemeral](docs/glossary.md#ephemeral-machine)). Packages, data, environment variables: gone. So the room is made by *code*, in the first cell, and that code is run more often than you think: at every session, after every restart of the kernel, and again when it broke off half-way. It must be
# [idempotent](docs/glossary.md#idempotent): to run it twice does what running it once does, and the second time at no cost.
#
# Four questions to such a function. What does the second run do? (Nothing.) What if the first one was cut off in the middle? (It goes on.) What if half a file lies there under the right name? (That cannot happen, because nothing gets its right name before it is whole.) What if there is no network? (Then
# it works if everything is there, and says what is missing if not.)
#
# ### Exercise 5.1 · Set up, twice, half-way, offline
# ●●●○○ · 15 minutes · 5 points
#
# Write `set_up(machine, packages, files)`. `machine` is a dict of six functions:
#
# | | |
# |---|---|
# | `machine["version"](package)` | a text, or `None` if the package is not installed |
# | `machine["install"](package)` | slow, needs the network |
# | `machine["exists"](name)` | whether there is a file of that name |
# | `machine["fetch"](name, to)` | slow, needs the network: fetches the file `name` and writes it as `to`. Cut off half-way, half a file is left as `to` |
# | `machine["rename"](old, new)` | at once, in one piece; replaces `new` |
# | `machine["remove"](name)` | at once |
#
# Afterwards every package is installed, and every file is there, whole, under its name. It returns a list of what it has installed and fetched (names, in any order). What is there already is neither installed nor fetched. Without a network `install` and `fetch` raise a `ConnectionError`: then raise a `RuntimeError` that names the
# package or file which is missing. Let every other error through.
#
# <details><summary>Hint: half a file</summary>
# Fetch it under another name, such as <code>name + ".part"</code>, and rename it when it is whole. A renaming is done or not done, never half.
# </details>
# <details><summary>Hint: the error</summary>
# <code>try: … except ConnectionError as error: raise RuntimeError(f"{name} is missing, and there is no network") from error</code>
# </details>

# %% exercise="set_up"
# exercise: set_up
def set_up(machine: dict, packages: list[str], files: list[str]) -> list[str]:
    """Make a machine ready. Returns the names of what was installed and fetched."""
    ### BEGIN SOLUTION
    done = []
    for package in packages:
        if machine["version"](package) is None:
            try:
                machine["install"](package)
            except ConnectionError as error:
                raise RuntimeError(f"the package {package} is missing, and there is no network") from error
            done.append(package)
    for name in files:
        if not machine["exists"](name):
            try:
                machine["fetch"](name, name + ".part")
            except ConnectionError as error:
                raise RuntimeError(f"the file {name} is missing, and there is no network") from error
            machine["rename"](name + ".part", name)
            done.append(name)
    return done
    ### END SOLUTION

# %% [markdown]
# The machine that the check hands you is scripted: it counts what you ask of it, and dies when it is told to. It is here so that you can play with it.

# %% tags=["fixture"]
class Died(Exception):
    """The machine is gone, in the middle of something."""

# %% tags=["fixture"]
class Scripted:
    """A machine in a few lines. dies_at: the slow call in whose middle it dies; online: whether there is a network."""

    def __init__(self):
        self.installed, self.files, self.slow = set(), {}, []
        self.online, self.dies_at, self.dead = True, None, False

    def work(self, name, half, whole):
        """A slow call: dies in its middle, fails without a network, or does it whole."""
        self.alive()
        if not self.online:
            raise ConnectionError("no network")
        self.slow.append(name)
        half()
        if len(self.slow) == self.dies_at:
            self.dead = True
        self.alive()
        whole()

    def alive(self):
        """A dead machine answers nothing any more."""
        if self.dead:
            raise Died("the machine is gone")

# %% [markdown]
# And its six functions:

# %% tags=["fixture"]
def faces(machine: Scripted) -> dict:
    """The six functions of a scripted machine."""

    def look(found):
        machine.alive()
        return found

    def install(package):
        machine.work(package, lambda: None, lambda: machine.installed.add(package))

    def fetch(name, to):
        def write(text):
            machine.files[to] = text
        machine.work(name, lambda: write(f"half of {name}"), lambda: write(f"whole {name}"))

    def rename(old, new):
        machine.alive()
        machine.files[new] = machine.files.pop(old)

    return {"version": lambda package: look("1.0" if package in machine.installed else None), "install": install,
            "exists": lambda name: look(name in machine.files), "fetch": fetch, "rename": rename,
            "remove": lambda name: look(machine.files.pop(name, None))}

# %% check="set_up" points=5
packages, files = ["peft", "sacrebleu"], ["letters.jsonl", "model.safetensors"]
fresh = Scripted()
done = set_up(faces(fresh), packages, files)
ready = {name: f"whole {name}" for name in files}
check.equal((fresh.installed, {name: fresh.files.get(name) for name in files}), (set(packages), ready), of="a fresh machine", hint="is everything installed, and fetched under its own name?")
check.equal(sorted(done or []), sorted(packages + files), of="what it returns of a fresh machine")
### BEGIN HIDDEN TESTS
fresh.slow.clear()
again = set_up(faces(fresh), packages, files)
check.equal((fresh.slow, again), ([], []), of="the second run", hint="it must not install or fetch what is there: is version, and exists, asked first?")
for online_again in (True, False):
    for n in range(1, 5):
        broken = Scripted()
        broken.dies_at = n
        try:
            set_up(faces(broken), packages, files)
        except Exception:
            pass
        check.that(broken.dead, expected=f"a machine that dies in slow call {n}, and an error that comes through", got="yours goes on")
        named = {name: broken.files[name] for name in files if name in broken.files}
        check.that(all(text.startswith("whole") for text in named.values()), expected="no half file under a file's own name",
                   got=f"after a death in the middle of slow call {n} there is {named}", hint="fetch it under another name, and rename it when it is whole")
        had, broken.dead, broken.dies_at, broken.slow, broken.online = (len(broken.installed), len(named)), False, None, [], online_again
        if not online_again:
            # The network is cut: something is missing, and half a file lies about.
            try:
                set_up(faces(broken), packages, files)
                said = None
            except RuntimeError as error:
                said = str(error)
            missing = [name for name in packages if name not in broken.installed] + [name for name in files if broken.files.get(name) != f"whole {name}"]
            check.that(said is not None and any(name in said for name in missing), expected=f"a RuntimeError that names what is missing without a network ({missing[0]} is)",
                       got="yours raises none" if said is None else f"yours says {said!r:.80}", hint="is half a file taken for a whole one, or the error kept quiet?")
            check.that((len(broken.installed), sum(broken.files.get(name) == f"whole {name}" for name in files)) == had, expected="nothing lost that was there",
                       got="something is gone after a run without a network")
            continue
        set_up(faces(broken), packages, files)
        check.equal((broken.installed, {name: broken.files.get(name) for name in files}), (set(packages), ready), of=f"the run after a death in slow call {n}",
                    hint="is half a file taken for a whole one?")
        check.that(len(broken.slow) == 4 - (n - 1), expected=f"{5 - n} slow calls after a death in slow call {n}", got=f"your second run made {len(broken.slow)}",
                   hint="what was done before the death is not done again")
whole = Scripted()
whole.installed, whole.files, whole.online = set(packages), dict(ready), False
check.equal(set_up(faces(whole), packages, files), [], of="everything is there, and no network")
check.equal(whole.files, ready, of="the files after a run without a network", hint="is something removed before it is known that it can be fetched again?")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 5.2 · The marker comes last
# ●●●○○ · 12 minutes · 4 points
#
# A data set is often *many* files, and one renaming does not cover them. The usual answer: a **marker**, a small file that says "all of it is here", written last. Whoever finds the marker uses the files without looking. (The setup of this course does that: look for `.complete` beside your notebook.)
#
# Now on a real disk, in a real process. `@lesson.machine` is the machine room of this lesson: each call of a function decorated with it runs in a process of its own, on an empty folder (or one with `files` in it), and can be killed at any change that it makes to the folder, with SIGKILL: no `finally`, no goodbye. (Where a GPU is, a machine that trains is a whole new Python, and takes some seconds to start.)
#
# Write `unpack(folder, archive)`. It leaves every file of `archive` (a dict name → bytes) in `folder`, and in `folder / "READY"` the text `fingerprint(archive)`.
#
# - If READY is there and holds this fingerprint, it changes nothing.
# - If there is none, or another one (an *older* archive was unpacked here), it unpacks anew.
# - **At no moment** does READY hold the fingerprint of an archive that is not there, whole.
#
# <details><summary>Hint: an older archive</summary>
# As soon as the first file is replaced, the old marker lies. So what must happen before that?
# </details>

# %% tags=["fixture"]
def fingerprint(archive: dict[str, bytes]) -> str:
    """A short text that changes with any name or byte of the archive."""
    text = json.dumps([[name, hashlib.sha256(content).hexdigest()] for name, content in sorted(archive.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:16]

# %% exercise="unpack"
# exercise: unpack
@lesson.machine  # given: runs it in a process of its own, which can be killed
def unpack(folder: Path, archive: dict[str, bytes]) -> None:
    """Lay the archive's files out in the folder, and the marker READY last."""
    ### BEGIN SOLUTION
    marker, mark = folder / "READY", fingerprint(archive)
    if marker.exists() and marker.read_text() == mark:
        return
    marker.unlink(missing_ok=True)
    for name, content in archive.items():
        (folder / name).write_bytes(content)
    marker.write_text(mark)
    ### END SOLUTION

# %% check="unpack" points=4
first, second = ({name: f"{name} {edition}".encode() for name in ("train.jsonl", "test.jsonl", "labels.txt")} for edition in ("first", "second edition"))
end = unpack(first)
check.equal(end["files"], {**first, "READY": fingerprint(first).encode()}, of="an empty folder", hint="every file, and READY with the fingerprint in it")
### BEGIN HIDDEN TESTS
again = unpack(first, files=end["files"])
check.that(again["touched"] == 0, expected="nothing changed by a second run", got=f"yours makes {again['touched']} changes to the folder", hint="is READY there, with this fingerprint?")
check.equal(unpack(second, files=end["files"])["files"], {**second, "READY": fingerprint(second).encode()}, of="a second archive over the first",
            hint="does READY hold the fingerprint of *this* archive?")
for archive, before in ((first, {}), (second, end["files"])):
    for n in range(1, 30):
        night = unpack(archive, files=before, dies_touching=n)
        left = night["files"]
        mark = left.get("READY", b"").decode()
        lies = [name for old in (first, second) if mark == fingerprint(old) for name in old if left.get(name) != old[name]]
        check.that(not lies, expected="a READY that tells the truth, whenever the machine dies", got=f"killed at change {n}, your READY speaks of files and {lies[0] if lies else ''} is not whole",
                   hint="is the marker written last, and an old one removed first?")
        if night["ended"] == "finished":
            break
        # Written or not: a run on what the killed one has left must mend it.
        mended = unpack(archive, files=left)["files"] if n % 2 else None
        check.that(mended is None or {name: mended.get(name) for name in (*archive, "READY")} == {**archive, "READY": fingerprint(archive).encode()},
                   expected="a whole folder from the run after a death", got=f"killed at change {n} and run again, your folder is not whole")
### END HIDDEN TESTS

# %% [markdown]
# ## 6 · Kill and resume
#
# The same idea, for a run of 18 hours. [Lesson 03](release/03_training_loop/03_training_loop.ipynb) taught what belongs into a [checkpoint](docs/glossary.md#checkpoint) (weights, the optimiser's means, the step, the random stream). Two things were kind there and are not here.
#
# **The process was the same.** Now it is dead, and what goes on is another process on another machine, which has the files and nothing else: no variable, no seed, no working directory.
#
# **The data had no memory.** Here they are shuffled once for each epoch, and gone through in order. A run that is killed in the middle of an epoch must know the order *and* the place in it; the state of the random stream alone does not bring back an order that was drawn ten steps ago.
#
# **And the save itself can be what kills you.** A disk that is full, a session that ends between two bytes: then half a checkpoint lies where the last good one was.
#
# ### Exercise 6.1 · Killed at any step
# ●●●●○ · 20 minutes · 8 points
#
# Write `save` and `load`. `train` (given) saves at every tenth step and goes on from what `load` finds. The test: kill it at a step that you do not know, carry the files to another machine, go on; the losses are those of the run that never stopped, **to the bit**. In the second part the machine dies *in the middle of a save*: then
# the last good checkpoint must still be there, and be used.
#
# `load` returns the step to go on with: 0 if there is no checkpoint.
#
# <details><summary>Hint 1: what is there to save?</summary>
# Everything that the loop reads at its next step. Go through <code>train</code> and <code>Shuffled.next</code> line by line: which objects, which numbers and which stream does each line read?
# </details>
# <details><summary>Hint 2: my list</summary>
# Six things: net, optimiser, step, <code>order.rows</code>, <code>order.place</code>, and <code>torch.get_rng_state()</code>.
# </details>
# <details><summary>Hint 3: in one piece</summary>
# <code>torch.save(state, folder / "new")</code>, then <code>os.replace(folder / "new", folder / "checkpoint.pt")</code>. (On a real disk that can lose its power, <code>os.fsync</code> comes in between.)
# </details>
# <details><summary>Hint 4: look at it</summary>
# <code>night = train(30, x, y, dies_after=17)</code>, then <code>night["recorded"]</code> and <code>night["files"].keys()</code>. Print inside of your functions: it arrives here.
# </details>

# %% tags=["fixture"]
class Shuffled:
    """Row numbers in batches. At each epoch's beginning a new order is drawn from torch's random stream.

    rows: the order of this epoch, int64 [count]; place: how many of them have been handed out.
    """

    def __init__(self, count: int, size: int):
        self.count, self.size, self.rows, self.place = count, size, torch.arange(0), 0

    def next(self) -> torch.Tensor:
        """The next batch: int64 [size]. Rows that do not fill a batch are left out."""
        if self.place + self.size > len(self.rows):
            self.rows, self.place = torch.randperm(self.count), 0
        self.place += self.size
        return self.rows[self.place - self.size : self.place]


def little_net() -> nn.Module:
    """A net with dropout: [batch, 16] -> [batch, 4]. It reads random numbers at every step."""
    return nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 4))


def warmed(step: int) -> float:
    """The learning rate at a step: rises over 40 steps to 0.01."""
    return 0.01 * min(1.0, (step + 1) / 40)

# %% tags=["fixture"]
def some_data(seed: int, count: int = 400):
    """x [count, 16], y [count]: four classes that a line can nearly tell apart."""
    dice = torch.Generator().manual_seed(seed)
    x = torch.randn(count, 16, generator=dice)
    y = (x @ torch.randn(16, 4, generator=dice) + torch.randn(count, 4, generator=dice)).argmax(1)
    return x, y

x, y = some_data(SEED)

# %% exercise="resume"
# exercise: resume
def save(folder: Path, net: nn.Module, optimizer, order: Shuffled, step: int) -> None:
    """Write a checkpoint of everything that step number `step` reads; a death in the middle costs the new one only."""
    ### BEGIN SOLUTION
    state = {"net": net.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "rng": torch.get_rng_state(),
             "rows": order.rows, "place": order.place}
    torch.save(state, folder / "new")
    os.replace(folder / "new", folder / "checkpoint.pt")
    ### END SOLUTION

def load(folder: Path, net: nn.Module, optimizer, order: Shuffled) -> int:
    """Put the last good checkpoint back, if there is one. Returns the step to go on with."""
    ### BEGIN SOLUTION
    if not (folder / "checkpoint.pt").exists():
        return 0
    state = torch.load(folder / "checkpoint.pt", weights_only=True)
    net.load_state_dict(state["net"])
    optimizer.load_state_dict(state["optimizer"])
    order.rows, order.place = state["rows"], state["place"]
    torch.set_rng_state(state["rng"])
    return state["step"]
    ### END SOLUTION

@lesson.machine  # given, as all that follows: each call is a process of its own, on another machine
def train(folder: Path, steps: int, x, y, record) -> None:
    torch.manual_seed(0)
    net, order = little_net(), Shuffled(len(x), 32)
    optimizer = torch.optim.AdamW(net.parameters())
    step = load(folder, net, optimizer, order)
    while step < steps:
        if step % 10 == 0:
            save(folder, net, optimizer, order, step)
        optimizer.param_groups[0]["lr"] = warmed(step)
        rows = order.next()
        loss = F.cross_entropy(net(x[rows]), y[rows])
        record(step, loss.item())  # heard outside before it returns: here it can be killed
        optimizer.zero_grad(); loss.backward(); optimizer.step(); step += 1

# %% check="resume" points=6
check.calls(train, required=("load", "save", "record"), of="train as it was given")
never = train(30, x, y)
check.equal([step for step, _ in never["recorded"]], list(range(30)), of="steps of a run that is not killed", hint="is train as it was given, and is load's answer 0 on an empty folder?")
night = train(30, x, y, dies_after=17)
check.that(night["ended"] == "killed" and len(night["recorded"]) == 17, expected="a run that is killed at its 17th record",
           got=f"yours has {night['ended']} with {len(night['recorded'])} records", hint="is train as it was given, with its decorator?")
check.that(night["files"], expected="a checkpoint in the folder when the machine is gone", got="your folder is empty", hint="does save write into folder, and not into a variable?")
later = train(30, x, y, files=night["files"])
check.equal([step for step, _ in later["recorded"]], list(range(10, 30)), of="steps after a death at step 16", hint="the last checkpoint is that of step 10: is the step saved, and returned?")
### BEGIN HIDDEN TESTS
def run_without(forgotten, upto, steps, x, y, later=None):  # forgotten: the parts that a checkpoint leaves out
    def fresh():
        torch.manual_seed(0)
        net = little_net()
        return net, torch.optim.AdamW(net.parameters()), Shuffled(len(x), 32)

    def go(net, optimizer, order, first, last, x, y):
        seen = []
        for step in range(first, last):
            optimizer.param_groups[0]["lr"] = warmed(step)
            rows = order.next()
            loss = F.cross_entropy(net(x[rows]), y[rows])
            seen.append(loss.item())
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        return seen

    net, optimizer, order = fresh()
    go(net, optimizer, order, 0, upto, x, y)
    rng = torch.get_rng_state()
    other, other_optimizer, other_order = fresh()
    if "net" not in forgotten:
        other.load_state_dict(net.state_dict())
    if "optimizer" not in forgotten:
        other_optimizer.load_state_dict(optimizer.state_dict())
    if "order" not in forgotten:
        other_order.rows, other_order.place = order.rows, order.place
    if "place" in forgotten:
        other_order.place = 0
    if "rng" not in forgotten:
        torch.set_rng_state(rng)
    return go(other, other_optimizer, other_order, upto, steps, *(later or (x, y)))

causes = {
    ("net",): "Those are the losses of fresh weights: is the net's state saved and loaded?",
    ("optimizer",): "The first loss is right and the next ones are not: does the optimiser remember its running means?",
    ("rng",): "The batches are right and the dropouts are those of step 0: is the state of the random stream saved and set?",
    ("order",): "The run begins a new epoch: is the order of the rows saved, and the place in it?",
    ("place",): "The order is right and begins anew: is the place in it saved?",
    ("optimizer", "rng"): "Weights and batches are right and nothing else is: what of the optimiser, and of the random stream?",
    ("order", "rng"): "Those are the batches of step 0 again: what of the order of the rows, and of the random stream?",
}
with check.unchanged(x, y):
    never = dict(train(70, x, y)["recorded"])
for death in (int(torch.randint(14, 20, ())), int(torch.randint(36, 40, ()))):
    night = train(70, x, y, dies_after=death)
    upto = (death - 1) // 10 * 10
    later = dict(train(70, x, y, files=night["files"], dies_after=70 - upto)["recorded"])
    want = {step: never[step] for step in range(upto, 70)}
    cause = None
    if later != want:
        wrong = {what: run_without(what, upto, upto + 4, x, y) for what in causes}
        near = [what for what, curve in wrong.items() if all(abs(a - later.get(upto + n, 9.0)) < 1e-4 for n, a in enumerate(curve))]
        cause = causes[near[0]] if near else None
    check.equal(later, want, of=f"losses after a death at step {death - 1}", hint=cause)
# Other data after the death: a run that replays what it has seen cannot know them. Two deaths in a row.
night = train(70, x, y, dies_after=26)
other = some_data(int(torch.randint(1000, (), dtype=torch.int64)) + 7)
moved = train(46, *other, files=night["files"], dies_after=9)["recorded"]
check.close([loss for _, loss in moved], run_without((), 20, 29, x, y, later=other), rtol=1e-4, of="losses on other data after a death at step 25",
            hint="Is train as it was given, and does it go on with the saved state alone?")
second = train(46, x, y, files=train(46, x, y, files=night["files"], dies_after=14)["files"])["recorded"]
check.equal(dict(second), {step: never[step] for step in range(30, 46)}, of="losses after two deaths, at steps 25 and 33", hint="does save work in a run that was resumed, too?")
### END HIDDEN TESTS

# %% check="resume" part="torn" points=2
whole = train(40, x, y)
torn = train(40, x, y, dies_saving=15)
check.that(torn["ended"] == "killed", expected="a machine that dies in the save of step 20", got="yours lives on: is there a save at step 20, as large as the first?")
### BEGIN HIDDEN TESTS
for records, good in ((15, 10), (26, 20)):
    torn = train(40, x, y, dies_saving=records)
    try:
        after = train(40, x, y, files=torn["files"])["recorded"]
    except check.NotAttempted:
        raise
    except Exception as error:
        check.that(False, expected=f"a run that goes on at step {good}, from the last good checkpoint", got=f"yours fails with {type(error).__name__}",
                   hint="Half a checkpoint lies where the last good one was: is it written under another name first, and renamed when it is whole?")
    first = after[0][0] if after else None
    check.that(first == good, expected=f"a run that goes on at step {good}, from the last good checkpoint", got=f"yours goes on at step {first}",
               hint="Is the last good checkpoint lost when the new one is cut off in the middle?")
    check.equal(dict(after), {step: loss for step, loss in whole["recorded"] if step >= good}, of=f"losses after a death in the save of step {good + 10}")
### END HIDDEN TESTS

# %% [markdown]
# **Look at it.** A night with three deaths, each on another machine, beside one that nobody disturbed. **Predict** the total number of steps that were computed, if deaths come after 23, 30 and 17 records.

# %% tags=["demo"]
steps = 400 if settings.full else 80
quiet = train(steps, x, y)["recorded"]
pieces, carried = [], {}
for death in (23, 30, 17, None):
    piece = train(steps, x, y, files=carried, dies_after=death)
    pieces.append(piece["recorded"])
    carried = piece["files"]
    print(f"{piece['ended']:8} after steps {pieces[-1][0][0]} to {pieces[-1][-1][0]}; left: " + ", ".join(f"{name} ({len(content):,} bytes)" for name, content in carried.items()))
print("computed:", sum(map(len, pieces)), "steps for", steps, "  equal to the bit:", all(dict(quiet)[step] == loss for piece in pieces for step, loss in piece))
fig, ax = plt.subplots(figsize=(9, 3.3))
ax.plot(*zip(*quiet), color="0.8", lw=6, ls="-", label="never stopped")
for n, piece in enumerate(pieces):
    ax.plot(*zip(*piece), lw=1.3, ls="-", label=f"machine {n + 1}")
    if n < 3:
        ax.plot(*piece[-1], marker="x", color="black", ls="none")
ax.set(xlabel="step", ylabel="cross-entropy of the batch", title="Four machines, one curve")
ax.legend(ncols=5, fontsize=8)
lesson.show(fig, alt=f"The loss falls from {quiet[0][1]:.2f} to {quiet[-1][1]:.2f}. Four pieces, of steps " + ", ".join(
    f"{piece[0][0]} to {piece[-1][0]}" for piece in pieces) + ", lie exactly on the grey curve of the run that never stopped; three crosses mark the deaths.")

# %% [markdown]
# **Reconcile.** Each death costs the steps since the last tenth: those that were computed twice. That is the $e/2$ of exercise 3.2, live.
#
# One limit, so that you do not hunt a ghost: *to the bit* holds for the same kind of device, the same library and the same number of threads. A T4 tonight and a T4 tomorrow, yes; a T4 and an A100, no: they add up in another order, and the losses agree to some digits only (lesson 03).

# %% [markdown]
# ## 7 · Secrets
#
# A checkpoint on Hugging Face, a private data set: that takes a token, and a token is a password. In a notebook there are four places in which it stays although you thought it gone: the source, an output (somebody printed the headers), an error message, and metadata. All of them are saved, committed and forked.
#
# Where it belongs: Colab has a key symbol in its side bar, `google.colab.userdata.get("HF_TOKEN")`; Kaggle has *Add-ons · Secrets*, `kaggle_secrets.UserSecretsClient().get_secret("HF_TOKEN")`; your own machine has environment variables. The Hub's libraries read `HF_TOKEN` from the environment by themselves, so most notebooks never have to name it.
#
# ### Exercise 7.1 · The leak check
# ●●●○○ · 12 minutes · 3 points
#
# Write `leaks(notebook)`: where in a notebook (a dict, as `json.load` gives it) is something that looks like a token? A token of the Hub is `hf_` and then at least 30 letters or digits. Return a sorted list of tuples: `(number of the cell, "source" | "outputs" | "metadata")`, each once; the notebook's own metadata has the cell number −1.
#
# Outputs are nested: a stream has `text`, a result has `data` with several forms, an error has a `traceback` of lines, in which colours (`\x1b[31m`) may stand. Text may be one string or a list of lines. Never return the token itself: your answer will be printed.
#
# <details><summary>Hint: nested</summary>
# <code>json.dumps(part)</code> turns any part into one string, in which you can search. Or walk through lists and dicts by recursion. What does <code>json.dumps</code> make of a colour?
# </details>

# %% exercise="leaks"
# exercise: leaks
def leaks(notebook: dict) -> list[tuple[int, str]]:
    """(cell number or −1, part) of everything that holds something like a token, sorted."""
    ### BEGIN SOLUTION
    def found(part):
        plain = re.sub(r"\x1b\[[0-9;]*m", "", json.dumps(part, ensure_ascii=False).replace("\\u001b", "\x1b"))
        return re.search(r"hf_[A-Za-z0-9]{30,}", plain) is not None

    places = [(-1, "metadata")] if found(notebook.get("metadata", {})) else []
    for number, cell in enumerate(notebook["cells"]):
        places += [(number, part) for part in ("source", "outputs", "metadata") if found(cell.get(part, ""))]
    return sorted(places)
    ### END SOLUTION

# %% check="leaks" points=3
token = "hf_" + "".join("abcdefghijkLMNOPqrstuvwxyz0123456789"[n] for n in torch.randint(36, (34,)).tolist())
page = {"metadata": {}, "cells": [
    {"cell_type": "code", "metadata": {}, "source": ["import os\n", f"os.environ['HF_TOKEN'] = '{token}'\n"], "outputs": []},
    {"cell_type": "markdown", "metadata": {}, "source": "Tokens begin with hf_ and are secret."},
    {"cell_type": "code", "metadata": {}, "source": "print(headers)", "outputs": [{"output_type": "stream", "name": "stdout", "text": [f"Bearer {token}\n"]}]},
]}
check.equal(leaks(page), [(0, "source"), (2, "outputs")], of="a notebook of three cells")
### BEGIN HIDDEN TESTS
clean = {"metadata": {}, "cells": [{"cell_type": "code", "metadata": {}, "source": "print('hf_' + 'x' * 5)", "outputs": [
    {"output_type": "stream", "name": "stdout", "text": "hf_xxxxx\n"}]}]}
check.equal(leaks(clean), [], of="a notebook without a token", hint="hf_ and at least 30 letters or digits")
red = "\x1b[31m"
deep = {"metadata": {"colab": {"note": token}}, "cells": [
    {"cell_type": "markdown", "metadata": {}, "source": f"My token: {token}"},
    {"cell_type": "code", "metadata": {"tags": [token]}, "source": [], "outputs": [
        {"output_type": "execute_result", "data": {"text/plain": ["Login\n"], "text/html": [f"<b>{token}</b>"]}, "metadata": {}}]},
    {"cell_type": "code", "metadata": {}, "source": "whoami()", "outputs": [
        {"output_type": "error", "ename": "HTTPError", "evalue": "401", "traceback": ["Traceback", f"  token = '{token[:9]}{red}{token[9:]}\x1b[0m'"]}]},
    {"cell_type": "code", "metadata": {}, "source": f"a = '{token}'; b = '{token}'", "outputs": [{"output_type": "display_data", "data": {"text/plain": "x"}, "metadata": {"k": token}}]},
]}
want = [(-1, "metadata"), (0, "source"), (1, "metadata"), (1, "outputs"), (2, "outputs"), (3, "outputs"), (3, "source")]
got = leaks(deep)
check.that(token not in repr(got), expected="places, and never the token itself", got="your answer holds the token")
check.that(isinstance(got, list), expected="a list of places", got=f"yours is {got!r:.60}")
check.equal([tuple(place) for place in got if place != (2, "outputs")], [place for place in want if place != (2, "outputs")], of="a notebook with seven leaks",
            hint="metadata, every form of a result, text and lists of lines: is every part searched, and each place named once?")
check.equal(got, want, of="a token with a colour in its middle", hint="traceback lines hold colours such as \\x1b[31m: are they taken out before the search?")
### END HIDDEN TESTS

# %% [markdown]
# Run it over every notebook before you publish, this one included. A token that was public for a minute is public: revoke it on the Hub's page and make a new one. To delete the cell is not enough, since the history keeps it.
#
# ## 8 · When to pay
#
# Pay when hardware, hours or reliability fail. That leaves the case in which nothing fails and you are merely tired of it: a job that *can* run for nothing, in pieces. What are the pieces worth?
#
# An A100 promises {{fact:a100_bf16}} where a T4 promises {{fact:t4_fp16}}: at equal MFU it is 4.8 times as fast. 18 hours on a T4 are 3.75 hours on an A100.
#
# ### Exercise 8.1 · The break-even
# ●●○○○ · 6 minutes · 2 points
#
# Each session costs you `attention` hours of your own (starting it, carrying a checkpoint, looking whether it lives); a rented machine is one session. Write `break_even(t4_hours, speedup, price, sessions, attention)`: the value of an hour of your own, in dollars, at which both ways cost the same. Above it, rent; below it,
# take the free one. If renting saves no session, no value of your hours justifies it: `math.inf`.
#
# `break_even(18, 4.8, 2.0, 2, 0.5)`: 3.75 hours · 2 dollars = 7.50; saved: one session of half an hour; so 15 dollars an hour.

# %% exercise="break_even"
# exercise: break_even
def break_even(t4_hours: float, speedup: float, price: float, sessions: int, attention: float) -> float:
    """Dollars an hour of yours must be worth. price: of the rented card, for an hour. sessions: of the free way."""
    ### BEGIN SOLUTION
    saved = (sessions - 1) * attention
    return t4_hours / speedup * price / saved if saved > 0 else math.inf
    ### END SOLUTION

# %% check="break_even" points=2
check.close(break_even(18, 4.8, 2.0, 2, 0.5), 15.0, of="18 hours in two sessions", suspects={
    "the rented machine takes one session's attention, too": 7.5, "a faster card takes fewer hours": 345.6, "did you pay for 18 hours?": 72.0})
check.equal(break_even(3, 4.8, 2.0, 1, 0.5), math.inf, of="a job of one session")
### BEGIN HIDDEN TESTS
for t4_hours, speedup, price, sessions, attention in ((55, 4.8, 1.5, 5, 0.5), (100, 3.0, 3.0, 9, 0.25)):
    check.close(break_even(t4_hours, speedup, price, sessions, attention), t4_hours / speedup * price / ((sessions - 1) * attention), of=f"{t4_hours} hours in {sessions} sessions")
check.equal(break_even(18, 4.8, 2.0, 4, 0.0), math.inf, of="sessions that cost no attention", hint="a division by 0")
### END HIDDEN TESTS

# %% tags=["demo"]
PRICE = lesson.fact("a100_hour").number
speedup = lesson.fact("a100_bf16").number / lesson.fact("t4_fp16").number
for name, hours in (("overnight", 9.0), ("Salma", 18.0), ("thesis", 55.0)):
    pieces = session_plan(hours, KAGGLE_HOURS, KAGGLE_WEEK, 0.25)["sessions"]
    worth = break_even(hours, speedup, PRICE, pieces, 0.5)
    print(f"{name:10} {hours:4.0f} T4-hours = {hours / speedup:4.1f} A100-hours = {hours / speedup * PRICE:5.2f} dollars; sessions: {pieces}; worth it if your hour is worth {worth:.2f} dollars")

# %% [markdown]
# **Reconcile.** Salma's answer is hers to give. But now it is a number and no mood: two sessions that run by themselves, or 7.50 dollars. (And the A100's price is a range: {{fact:a100_hour}}.)

# %% [markdown]
# ## 9 · When it breaks
#
# **1 · The session died.** Variables are gone; files in the right place are not. The cell plays it with a real death. **Predict** what the second call can still read.

# %% tags=["demo"]
notes = {}

@lesson.machine
def work(folder, record):
    """Keeps one thing in a variable and one in a file, and lives until it is killed."""
    print("in memory:", notes, "  on the disk:", [path.name for path in folder.iterdir()])
    notes["best loss"] = 0.31
    (folder / "best_loss.txt").write_text("0.31")
    record(0, 0.31)

dead = work(dies_after=1)
work(files=dead["files"])  # mended: what must last lies in a file, and the file lies where the next machine can see it

# %% [markdown]
# **2 · Packages vanished.** `pip` wrote them to the machine's own disk. Mended: a cell that asks before it installs.

# %% tags=["demo"]
import importlib.util

try:
    import a_package_of_yesterday
except ModuleNotFoundError as error:
    print(f"{type(error).__name__}: {error}")
wanted = ["torch", "a_package_of_yesterday"]
missing = [name for name in wanted if importlib.util.find_spec(name) is None]
print("mended: to install is only", missing, "; what the platform brought (torch, numpy) is never installed over")

# %% [markdown]
# **3 · The disk is full.** `/dev/full` is a device of every Linux that behaves like a full disk. Old checkpoints are the usual reason. Mended: keep the last two, and save the adapters alone (9 MB for Salma's model, not 6.4 GB: the frozen weights can be fetched again).

# %% tags=["demo"]
try:
    with open("/dev/full" if Path("/dev/full").exists() else "/nowhere/full", "wb", buffering=0) as file:
        file.write(b"a checkpoint")
except OSError as error:
    print(f"{type(error).__name__}: {error}")
adapters = lora_plan(THREE_B, 16, 1, 1)["adapters"] / 2  # in float16
print(f"mended: {adapters / 1e6:.0f} MB of adapters fit {lesson.fact('kaggle_saved').number / adapters:,.0f} times where the whole model fits {lesson.fact('kaggle_saved').number / (2 * THREE_B['parameters']):.0f} times")

# %% [markdown]
# **4 · CUDA says no.** No GPU was switched on (*Runtime · Change runtime type*; on Kaggle in the panel at the right), or none was free. Mended: one line that chooses the device and *tries* it, and a program that runs on either.

# %% tags=["demo"]
try:
    torch.zeros(1, device="cuda:7")
except (RuntimeError, AssertionError) as error:
    print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
print("mended:", torch.zeros(1, device=settings.device).device)

# %% [markdown]
# **5 · Drive is not mounted.** The path is right, and there is nothing behind it yet. Mended: look for the folder *before* the first hour of training, not at its first save.

# %% tags=["demo"]
drive = Path("/content/drive/MyDrive/letters")
try:
    torch.save({"step": 1}, drive / "checkpoint.pt")
except (RuntimeError, OSError) as error:
    print(f"{type(error).__name__}: {str(error).splitlines()[0]}")
folder = drive if drive.parent.exists() else Path("checkpoints")
print("mended: saving to", folder, "" if drive.parent.exists() else "(and said so: on Colab, mount Drive first)")

# %% [markdown]
# **6 · The token was printed.** No error at all: that is what makes it one. Mended: `leaks` before you publish, and a new token if it found one.

# %% quiz="quiz_3" points=5

# %% lab="lab_3" points=3

# %% [markdown]
# ## Takeaways
#
# - **Hours** = steps · seconds of a forward pass · passes · overhead. Passes: 3 for all weights, 2 for LoRA, 1 for a head, one more with checkpointing. 50,000 examples at 0.2 s are 2.6 hours, not 8 or 9.
# - **Which platform?** Private, hardware, small, interactive, unattended, hours: the first that decides.
# - **Sessions** begin with a setup: two of 12 hours are not 24 hours of training. Save every $\sqrt{2 s m}$ hours; the curve is flat.
# - **Bytes with LoRA**: 2 for each frozen weight, 16 for each trained one, then activations and logits. 7B in float16 are 14 GB of weights.
# - **Idempotent**: ask, then do; under another name, then rename; the marker last, an old one away first.
# - **A checkpoint** is everything that the next step reads, the order of the data and the place in it included, and it is written in one piece.
# - **Pay** when hardware, hours or reliability fail; else at a break-even that you have computed.
#
# Salma's model was trained on two nights, on two machines that have forgotten her.
#
# **Words from this lesson:** [GPU-hour](docs/glossary.md#gpu-hour) · [idempotent](docs/glossary.md#idempotent) · [atomic](docs/glossary.md#atomic) · [marker](docs/glossary.md#marker) · [checkpoint](docs/glossary.md#checkpoint) · [overhead](docs/glossary.md#overhead) · [ephemeral machine](docs/glossary.md#ephemeral-machine) ·
# [LoRA](docs/glossary.md#lora) · [session](docs/glossary.md#session) · [break-even](docs/glossary.md#break-even)
#
# **Read next**
# - John W. Young, *A first order approximation to the optimum checkpoint interval* (1974): two pages, and still the formula.
# - Edward Hu and others, *LoRA: Low-Rank Adaptation of Large Language Models* (2021): section 4.2 counts what it saves.
# - Tim Dettmers and others, *QLoRA* (2023): the frozen weights in 4 bits.
# - [This course's page on platforms](docs/platforms.md): what its own setup cell does on Colab, on Kaggle and at home, and why.
#
# Before you hand in: *Restart and run all*, then look at what the last cell says.

# %% tags=["demo"]
lesson.hand_in("10_free_gpus")
