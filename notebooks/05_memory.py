# %% [markdown]
# ## Twenty megabytes
#
# Mirela spends her summers in the Danube delta with a microphone. She has nine hundred hours of marsh birds, and a model that names them: it cuts the sound into tokens and reads them as a
# language model reads words. On a free T4, a card with 16 gigabytes, the training stops in its first step:
#
# > `CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 14.74 GiB of which 11.06 MiB is free.`
#
# Twenty *megabytes*. How can they be too much for sixteen *gigabytes*?
#
# They are not. They are the last straw. The message names the straw and says nothing of the load. In this lesson you write down the load before the run, item by item, to the byte where bytes can be known; you find out which
# item is the one to change; and you change it without changing a single gradient.

# %% tags=["fixture"]
import math
import re
import time
import warnings
import weakref
from collections.abc import Callable

import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.checkpoint import checkpoint

from autograde import check, lesson

settings = lesson.start(DEVICE, SCALE, SEED)
device = settings.device
MIB, GIB = 2**20, 2**30

# %% [markdown]
# ## 1 · Bytes for each parameter
#
# Four things lie on the card while a model trains:
#
# | item | how large | what for |
# |---|---|---|
# | weights | one number for each parameter | the model |
# | gradients | one number for each parameter | what `backward()` leaves |
# | optimiser states | none, one or two numbers for each parameter | what the optimiser remembers |
# | activations | depends on the batch, not on the parameters alone | what the backward pass will need |
#
# And some change: **buffers** (tensors of a model that are not trained, such as a batch norm's running means), **temporary** tensors that live for the length of one operation, and gaps that no request fits into ([fragmentation](docs/glossary.md#fragmentation); section 6 makes
# some). The first three of the table are easy, and there is a number to know by heart. In float32 a number takes 4 bytes, and AdamW remembers two numbers for each parameter
# ([lesson 03](release/03_training_loop/03_training_loop.ipynb): a running mean and a running mean of squares): 4 + 4 + 8 = **16 bytes for each parameter**.
#
# ### Exercise 1.1 · Five ways to train
# ●●○○○ · 5 minutes · 3 points
#
# **Predict** the bytes for each parameter of weights, gradients and optimiser states together (activations left out):
#
# <details><summary>Hint: mixed precision</summary>
# The states stay in float32, and so does a master copy of the weights, because small updates vanish in 16 bits (lesson 06). Write down all five numbers and add.
# </details>

# %% exercise="bytes_each"
# exercise: bytes_each
bytes_each = {
    "sgd": ...,        # plain SGD in float32
    "momentum": ...,   # SGD with momentum in float32: it remembers one number
    "adamw": ...,      # AdamW in float32
    "mixed": ...,      # AdamW: weights and gradients in bfloat16, and in float32 a master copy of the weights and both states
    "8-bit": ...,      # AdamW with weights and gradients in float32, and states of one byte each
    "inference": ...,  # no training at all: weights in bfloat16
}
### BEGIN SOLUTION
bytes_each = {"sgd": 8, "momentum": 12, "adamw": 16, "mixed": 16, "8-bit": 10, "inference": 2}
### END SOLUTION

# %% check="bytes_each" points=3
ways = ["sgd", "momentum", "adamw", "mixed", "8-bit", "inference"]
check.each(bytes_each, dict.fromkeys(ways, 0.0), atol=1e9, of="any six numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
check.each(bytes_each, dict(zip(ways, [8, 12, 16, 16, 10, 2])), hint={
    "sgd": "weights and gradients, four bytes each?", "momentum": "one number more than plain SGD",
    "adamw": "two numbers more than plain SGD", "mixed": "2 + 2 + 4 + 4 + 4: is the master copy in it?",
    "8-bit": "4 + 4, and two states of one byte", "inference": "is there a gradient without training?"})
### END HIDDEN TESTS

# %% [markdown]
# **Reconcile.** Look at *adamw* and *mixed*: 16 and 16. "Half precision halves the memory of training" is said everywhere, and for these three items it is simply wrong. What it halves are the activations, and the time. A machine with eight
# cards of 80 gigabytes holds, activations left out, at most $8 \cdot 80 \cdot 10^9 / 16 = 40 \cdot 10^9$ parameters under AdamW, in either precision.
#
# ## 2 · Counting a model that does not fit
#
# How many parameters has Mirela's model? It is of the size of the smallest GPT-2. PyTorch can build a model without memory, on the [meta device](docs/glossary.md#meta-device) of lesson 01.

# %% tags=["fixture"]
class Layer(nn.Module):
    """A transformer block with biases, as GPT-2 has it. x: [batch, tokens, width]."""

    def __init__(self, width: int):
        super().__init__()
        self.norm_1, self.norm_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.output = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x):
        """The same shape comes out; the attention has one head and stores its scores."""
        query, key, value = self.qkv(self.norm_1(x)).split(x.shape[-1], dim=-1)
        scores = query @ key.transpose(1, 2) / math.sqrt(x.shape[-1])
        future = torch.ones(scores.shape[1:], dtype=torch.bool, device=x.device).triu(1)
        x = x + self.output(scores.masked_fill(future, -math.inf).softmax(-1) @ value)
        return x + self.down(F.gelu(self.up(self.norm_2(x))))

# %% [markdown]
# The whole model: two tables (tokens and positions), the blocks, a last norm, and a head that is the token table again ("[tied](docs/glossary.md#weight-tying)") or a table of its own.

# %% tags=["fixture"]
class GPT(nn.Module):
    """Embeddings, layers, norm, head without a bias."""

    def __init__(self, vocabulary: int, context: int, width: int, layers: int, tied: bool = True):
        super().__init__()
        self.embed, self.places = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.layers = nn.ModuleList(Layer(width) for _ in range(layers))
        self.norm, self.head = nn.LayerNorm(width), nn.Linear(width, vocabulary, bias=False)
        if tied:
            self.head.weight = self.embed.weight

    def forward(self, tokens):
        """tokens: int64 [batch, tokens]. Returns: logits [batch, tokens, vocabulary]."""
        x = self.embed(tokens) + self.places(torch.arange(tokens.shape[1], device=tokens.device))
        for layer in self.layers:
            x = layer(x)
        return self.head(self.norm(x))


def count(model: nn.Module) -> int:
    """The parameters of a model, each tensor once."""
    return sum(parameter.numel() for parameter in model.parameters())

# %% [markdown]
# ### Exercise 2.1 · Parameters by formula
# ●●●○○ · 12 minutes · 4 points
#
# Write `gpt_parameters(vocabulary, context, width, layers, tied=True)` with nothing but arithmetic: biases included, each `LayerNorm` has a weight and a bias of `width` numbers, a `Linear(a, b)` has $a \cdot b + b$, the head has no bias.
#
# For `gpt_parameters(50, 8, 4, 2)` the answer is 728.
#
# <details><summary>Hint: one layer</summary>
# Write a line for each part, qkv first: <code>Linear(D, 3D)</code> has 3D² + 3D. Then output, up, down and the two norms. What is there once, and not in every layer?
# </details>

# %% exercise="gpt_parameters"
# exercise: gpt_parameters
def gpt_parameters(vocabulary: int, context: int, width: int, layers: int, tied: bool = True) -> int:
    """The number of parameters of a GPT of this size."""
    ### BEGIN SOLUTION
    tables = vocabulary * width * (1 if tied else 2) + context * width
    return tables + layers * (12 * width**2 + 13 * width) + 2 * width
    ### END SOLUTION

# %% check="gpt_parameters" points=4
check.equal(gpt_parameters(50, 8, 4, 2), 728, of="50, 8, 4, 2", suspects={
    "a norm stands in front of the head, too": 720,
    "are the biases of the four linear layers in it?": 728 - 2 * 9 * 4,
    "the tied head is the token table again: it has no numbers of its own": 928,
})
### BEGIN HIDDEN TESTS
for size in ((11, 5, 6, 1), (64, 3, 8, 5), (7, 30, 2, 3)):
    for tied in (True, False):
        with torch.device("meta"):
            true = count(GPT(*size, tied=tied))
        check.equal(gpt_parameters(*size, tied=tied), true, of=f"{size}, {'tied' if tied else 'untied'}", hint="which table is there twice, if not tied?")
check.equal(gpt_parameters(50257, 1024, 768, 12), 124_439_808, of="the smallest GPT-2")
### END HIDDEN TESTS

# %% [markdown]
# **Measure**, on the meta device, where it costs nothing:

# %% tags=["demo"]
for name, width, layers in (("small", 768, 12), ("medium", 1024, 24), ("large", 1280, 36), ("xl", 1600, 48)):
    began = time.perf_counter()
    with torch.device("meta"):
        true = count(GPT(50257, 1024, width, layers))
    print(f"GPT-2 {name:7} {true:>13,} parameters   yours: {gpt_parameters(50257, 1024, width, layers):>13,}   "
          f"AdamW needs {16 * true / GIB:5.1f} GiB   (counted in {time.perf_counter() - began:.2f} s)")

# %% [markdown]
# So Mirela's weights, gradients and states take 1.9 of her 14.7 GiB. The load must be the fourth item.
#
# ### Exercise 2.2 · What an optimiser remembers, to the byte
# ●●●○○ · 8 minutes · 3 points
#
# Write `state_bytes(shapes, optimizer)`: the bytes of all tensors in the optimiser's state after its first step, for float32 parameters of these shapes. `optimizer` is `"sgd"`, `"momentum"`, `"adagrad"` or `"adamw"`.
#
# | optimiser | for each parameter tensor it keeps |
# |---|---|
# | sgd | nothing |
# | momentum | a buffer of the tensor's shape |
# | adagrad | a sum of the tensor's shape, and its step count: one float32 |
# | adamw | two averages of the tensor's shape, and its step count: one float32 |
#
# Anything else is a `ValueError`. For shapes `[(2, 3), (4,)]`: 0, 40, 48, 88.

# %% exercise="state_bytes"
# exercise: state_bytes
def state_bytes(shapes: list[tuple[int, ...]], optimizer: str) -> int:
    """Bytes of the optimiser's state tensors. shapes: of the parameter tensors, all float32."""
    ### BEGIN SOLUTION
    copies = {"sgd": 0, "momentum": 1, "adagrad": 1, "adamw": 2}
    if optimizer not in copies:
        raise ValueError(f"no optimiser {optimizer!r}: there are {', '.join(copies)}")
    steps = 4 * len(shapes) if optimizer in ("adagrad", "adamw") else 0
    return 4 * copies[optimizer] * sum(math.prod(shape) for shape in shapes) + steps
    ### END SOLUTION

# %% tags=["fixture"]
def measured_state(shapes: list[tuple[int, ...]], optimizer: str) -> int:
    """The bytes of the state that PyTorch's own optimiser has after one step."""
    parameters = [nn.Parameter(torch.ones(shape)) for shape in shapes]
    made = {
        "sgd": lambda: torch.optim.SGD(parameters, lr=0.1),
        "momentum": lambda: torch.optim.SGD(parameters, lr=0.1, momentum=0.9),
        "adagrad": lambda: torch.optim.Adagrad(parameters, lr=0.1),
        "adamw": lambda: torch.optim.AdamW(parameters, lr=0.1),
    }[optimizer]()
    for parameter in parameters:
        parameter.grad = torch.ones_like(parameter)
    made.step()
    tensors = [value for state in made.state.values() for value in state.values() if isinstance(value, torch.Tensor)]
    return sum(tensor.nbytes for tensor in tensors)

# %% check="state_bytes" points=3
two = [(2, 3), (4,)]
check.equal([state_bytes(two, name) for name in ("sgd", "momentum", "adagrad", "adamw")], [0, 40, 48, 88], of="shapes (2, 3) and (4,)", suspects={
    "each tensor has a step count of its own, under adagrad and adamw": [0, 40, 40, 80],
    "one step count for each tensor, not one for all": [0, 40, 44, 84],
    "four bytes for each number?": [0, 10, 12, 22],
})
check.raises(ValueError, lambda: state_bytes(two, "adam-w"), of='"adam-w"')
### BEGIN HIDDEN TESTS
for shapes in ([(5, 7)], [(3, 2, 2), (1,), (9,)], [(), (4, 4)]):
    for name in ("sgd", "momentum", "adagrad", "adamw"):
        check.equal(state_bytes(shapes, name), measured_state(shapes, name), of=f"{name}, shapes {shapes}", hint="how many numbers has a tensor of shape ()?")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 2.3 · Bytes in the books
# ●●●○○ · 10 minutes · 4 points
#
# In lesson 04 you built a ledger. Now it learns memory. Complete `MemoryLedger`: it has all that the course's `lesson.Ledger` has (`predict`, `measure`, `total`, `reconcile`, `missing`, `rows`), and two methods more.
#
# - `predict_training(parameters, way, activations=0)` books predicted bytes on the items `"weights"`, `"gradients"`, `"optimizer"` and `"activations"`. `way` is `"sgd"`, `"momentum"`, `"adamw"` or `"mixed"`, with the bytes of exercise 1.1; under `"mixed"` the master copy belongs to the optimiser. Any
#   other way is a `ValueError`, and then *nothing* is booked.
# - `measure_bytes(item, tensors)` books the measured bytes of a list of tensors. Tensors on one storage (a tied head, a view) are one; `None`, a gradient that is not there, takes none.
#
# <details><summary>Hint 1: I want to book, and there is no dict here</summary>
# <code>self.predict("weights", bytes=…)</code>: the ledger of lesson 04 does the rest.
# </details>
# <details><summary>Hint 2: which storage, and how large</summary>
# <code>tensor.untyped_storage()</code> has <code>.data_ptr()</code> and <code>.nbytes()</code>.
# </details>

# %% exercise="memory_ledger"
# exercise: memory_ledger
class MemoryLedger(lesson.Ledger):
    """A ledger that knows what training holds in memory."""

    def predict_training(self, parameters: int, way: str, activations: int = 0) -> None:
        """Book the predicted bytes of weights, gradients, optimiser and activations."""
        ### BEGIN SOLUTION
        ways = {"sgd": (4, 4, 0), "momentum": (4, 4, 4), "adamw": (4, 4, 8), "mixed": (2, 2, 12)}
        if way not in ways:
            raise ValueError(f"no way {way!r}: there are {', '.join(ways)}")
        for item, each in zip(("weights", "gradients", "optimizer"), ways[way]):
            self.predict(item, bytes=each * parameters)
        self.predict("activations", bytes=activations)
        ### END SOLUTION

    def measure_bytes(self, item: str, tensors: list[torch.Tensor | None]) -> None:
        """Book the measured bytes of tensors, each storage once."""
        ### BEGIN SOLUTION
        storages = [tensor.untyped_storage() for tensor in tensors if tensor is not None]
        self.measure(item, bytes=sum({part.data_ptr(): part.nbytes() for part in storages}.values()))
        ### END SOLUTION

# %% check="memory_ledger" points=2
books = MemoryLedger()
books.predict_training(1000, "adamw", activations=500)
check.close(books.total("bytes"), 16_500.0, of="1,000 parameters under AdamW and 500 bytes of activations")
check.equal(books.missing(), [(item, "bytes") for item in ("activations", "gradients", "optimizer", "weights")], of="the items that are booked")
check.raises(ValueError, lambda: books.predict_training(1000, "adam", activations=7), of='the way "adam"')
### BEGIN HIDDEN TESTS
check.close(books.total("bytes"), 16_500.0, of="the total after a way that is refused", hint="is the way looked up before anything is booked?")
for way, parts in {"sgd": (4, 4, 0), "momentum": (4, 4, 4), "adamw": (4, 4, 8), "mixed": (2, 2, 12)}.items():
    books, number = MemoryLedger(), 7001
    books.predict_training(number, way)
    found = {item: predicted for item, quantity, predicted, _ in books.rows()}
    check.close([found.get(item) for item in ("weights", "gradients", "optimizer", "activations")], [1.0 * each * number for each in (*parts, 0)],
                of=f"weights, gradients, optimiser and activations under {way}", hint="four bytes each in float32; under mixed 2, 2 and 4 + 4 + 4")
### END HIDDEN TESTS

# %% check="memory_ledger" part="measured" points=2
books, table = MemoryLedger(), torch.zeros(10, 4)
books.measure_bytes("weights", [table, torch.zeros(3, dtype=torch.float16), None])
check.close(books.total("bytes", "measured"), 166.0, of="40 numbers of four bytes, three of two, and a gradient that is None")
books = MemoryLedger()
books.measure_bytes("weights", [table, table.T])
check.close(books.total("bytes", "measured"), 160.0, of="a table and its transposed view", hint="one storage counts once")
### BEGIN HIDDEN TESTS
books, whole = MemoryLedger(), torch.zeros(12)
books.measure_bytes("views", [whole, whole[4:6], whole.view(3, 4)])
books.measure_bytes("more", [torch.zeros(2, dtype=torch.int64), torch.zeros(5, dtype=torch.bfloat16)])
check.close([books.total("bytes", "measured"), books.total("bytes")], [74.0, 0.0], of="two items, one of them three views of one storage",
            hint="which storage does each tensor stand on? And does each number have its dtype's bytes?")
small = GPT(20, 6, 4, 2)
small(torch.zeros(1, 3, dtype=torch.int64)).sum().backward()
books = MemoryLedger()
books.predict_training(count(small), "sgd")
books.measure_bytes("weights", [p.detach() for p in small.parameters()] + [small.head.weight.detach()])
books.measure_bytes("gradients", [p.grad for p in small.parameters()])
check.close(books.reconcile(), {("weights", "bytes"): 1.0, ("gradients", "bytes"): 1.0}, of="a small GPT with a tied head, reconciled", hint="the head is the token table again")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** GPT-2 small by formula, and a GPT small enough to be weighed, one step of AdamW later:

# %% tags=["demo"]
for name, size, way in (("GPT-2 small", (50257, 1024, 768, 12), "adamw"), ("the same", (50257, 1024, 768, 12), "mixed")):
    books = MemoryLedger()
    books.predict_training(gpt_parameters(*size), way)
    print(f"{name}, {way}: {books.total('bytes') / GIB:.2f} GiB without activations")
books, tiny = MemoryLedger(), GPT(512, 128, 64, 4).to(device)
books.predict_training(gpt_parameters(512, 128, 64, 4), "adamw")
optimizer = torch.optim.AdamW(tiny.parameters())
tiny(torch.zeros(1, 8, dtype=torch.int64, device=device)).sum().backward()
optimizer.step()
books.measure_bytes("weights", list(tiny.parameters()))
books.measure_bytes("gradients", [p.grad for p in tiny.parameters()])
books.measure_bytes("optimizer", [value for state in optimizer.state.values() for value in state.values()])
print(books)

# %% [markdown]
# **Reconcile.** Equal to the byte, but for four bytes for each tensor: the step counts of exercise 2.2.
#
# ## 3 · What the backward pass needs
#
# While the forward pass runs, autograd keeps what the backward pass will need: the *saved tensors* ([lesson 02](release/02_autograd/02_autograd.ipynb)). They are the [activations](docs/glossary.md#activation) of memory accounts. PyTorch lets you watch: `saved_tensors_hooks` calls
# you for every tensor that is kept. Our `kept(run)` counts their bytes. A tensor that is kept twice (or two views of one storage) counts once, as in memory; parameters are left out, they are in the books already.

# %% tags=["fixture"]
def kept(run: Callable[[], object], *parameters: torch.Tensor) -> int:
    """Bytes that are kept for the backward pass while run() runs, each storage once; those of `parameters` left out."""
    known = {parameter.untyped_storage().data_ptr() for parameter in parameters}
    sizes = {}

    def keep(tensor):
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in known:
            sizes[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        alive = run()                                 # held until all is counted, so that no address is used again
    del alive
    return sum(sizes.values())

# %% [markdown]
# ### Exercise 3.1 · Six operations
# ●●●○○ · 8 minutes · 3 points
#
# `x` and `y` are float32 of shape [64, 256] (65,536 bytes) and `w` is [256, 128] (131,072 bytes). All of them require a gradient, but for the last line, where `w` is frozen. **Predict** how many bytes each line keeps. Ask of each: which numbers stand in
# the formula of its derivative?

# %% exercise="kept_bytes"
# exercise: kept_bytes
kept_bytes = {
    "x + y": ...,
    "x * y": ...,
    "x.relu()": ...,
    "x.softmax(1)": ...,
    "x @ w": ...,
    "x @ frozen w": ...,
}
### BEGIN SOLUTION
kept_bytes = {"x + y": 0, "x * y": 131_072, "x.relu()": 65_536, "x.softmax(1)": 65_536, "x @ w": 196_608, "x @ frozen w": 131_072}
### END SOLUTION

# %% check="kept_bytes" points=3
lines = ["x + y", "x * y", "x.relu()", "x.softmax(1)", "x @ w", "x @ frozen w"]
check.each(kept_bytes, dict.fromkeys(lines, 0.0), atol=1e12, of="any six numbers", hint="is every answer a number?")
### BEGIN HIDDEN TESTS
check.each(kept_bytes, dict(zip(lines, [0, 131_072, 65_536, 65_536, 196_608, 131_072])), hint={
    "x + y": "what is the derivative of a sum?", "x * y": "the derivative for x is y, and the other way round",
    "x.relu()": "where was it positive? One tensor tells", "x.softmax(1)": "its derivative is written in its own result",
    "x @ w": "dx needs w, and dw needs x", "x @ frozen w": "who needs x, if nobody asks for dw?"})
### END HIDDEN TESTS

# %% [markdown]
# **Measure.**

# %% tags=["demo"]
x, y = torch.randn(64, 256, requires_grad=True), torch.randn(64, 256, requires_grad=True)
w = torch.randn(256, 128, requires_grad=True)
asked = {
    "x + y": lambda: x + y, "x * y": lambda: x * y, "x.relu()": lambda: x.relu(),
    "x.softmax(1)": lambda: x.softmax(1), "x @ w": lambda: x @ w, "x @ frozen w": lambda: x @ w.detach(),
}
for name, run in asked.items():
    print(f"{name:14} {kept(run):>9,} bytes   yours: {kept_bytes.get(name)}")

# %% [markdown]
# **Reconcile.** A sum keeps nothing, a product keeps both factors, ReLU and softmax keep their *result*, and a frozen weight saves its input. That last line is why fine-tuning a few layers saves so much memory.
#
# ### Exercise 3.2 · What an MLP keeps
# ●●●○○ · 10 minutes · 3 points
#
# A chain of `Linear` layers with a ReLU after each but the last, float32, all weights trained, the input is data. Write `mlp_kept(batch, sizes)`: the bytes that are kept for the backward pass, parameters left out, each storage once.
#
# For `mlp_kept(10, [8, 6, 4])`: 560 bytes.
#
# <details><summary>Hint: what does a linear layer keep, and what does the ReLU before it keep?</summary>
# The layer keeps its input. The ReLU keeps its result. Are these two tensors?
# </details>

# %% exercise="mlp_kept"
# exercise: mlp_kept
def mlp_kept(batch: int, sizes: list[int]) -> int:
    """Bytes kept by one forward pass of a float32 MLP. sizes: features, from the input to the output."""
    ### BEGIN SOLUTION
    return 4 * batch * sum(sizes[:-1])
    ### END SOLUTION

# %% check="mlp_kept" points=3
check.equal(mlp_kept(10, [8, 6, 4]), 560, of="10 rows through [8, 6, 4]", suspects={
    "a ReLU's result and the next layer's input are one tensor": 800,
    "the last layer's output is kept by nobody: no derivative needs it": 720,
    "the input is kept, too: the first layer's dw needs it": 240,
    "four bytes for each number?": 140,
})
### BEGIN HIDDEN TESTS
def chain(sizes):
    """Linear layers with a ReLU between them."""
    parts = []
    for before, after in zip(sizes, sizes[1:]):
        parts += [nn.Linear(before, after), nn.ReLU()]
    return nn.Sequential(*parts[:-1])

for depth in (1, 2, 5):
    sizes, rows = check.partition(12 * (depth + 1), into=depth + 1), 2 + depth
    net, data = chain(sizes), torch.randn(2 + depth, sizes[0])
    check.equal(mlp_kept(rows, sizes), kept(lambda: net(data), *net.parameters()), of=f"{depth} layers")
### END HIDDEN TESTS

# %% [markdown]
# **Reconcile.** Activations grow with the batch, and parameters do not. That is why an out-of-memory error so often goes away with half the batch.
#
# And a transformer? Here is one of Mirela's layers, measured at three lengths:

# %% tags=["demo"]
layer = Layer(64)
for tokens in (64, 128, 256):
    x = torch.randn(1, tokens, 64, requires_grad=True)
    print(f"{tokens:4} tokens: {kept(lambda x=x: layer(x), *layer.parameters()) / 2**10:8.0f} KiB kept, of which scores {4 * tokens**2 / 2**10:5.0f} KiB each time they are kept")

# %% [markdown]
# Twice the tokens, *more* than twice the bytes: the scores are $T \times T$, and several steps between them and the weighted sum keep a copy. Fused attention kernels (`F.scaled_dot_product_attention`) never store them.
#
# ## 4 · Trading time for memory
#
# The backward pass goes through the layers from the last to the first, and needs the input of each. There are two extreme ways to have it:
#
# | | forward steps | activations at once |
# |---|---|---|
# | keep everything | $L$ | $L$ |
# | keep only the first, recompute for every step | about $L^2 / 2$ | 2 |
#
# [Gradient checkpointing](docs/glossary.md#gradient-checkpointing) stands between the two. Keep every $k$-th input (the *checkpoints*). Going back, recompute one segment of $k$ steps from its checkpoint, use it, throw it away, and go to the segment before. Each step runs forward twice, one forward pass more
# altogether, a third more time. The activations at once: $L / k$ checkpoints and $k$ of one segment. Best where both are alike, $k = \sqrt L$.
#
# ### Exercise 4.1 · Checkpointing from scratch
# ●●●●○ · 15 minutes · 6 points
#
# A chain of `layers` steps, numbered from 0. You are handed two functions:
#
# - `forward(i, h)` takes the input of step `i` and gives its output, which is the input of step `i + 1`;
# - `backward(i, h, blame)` takes the input `h` of step `i` and the blame of its output, and gives the blame of `h`.
#
# Write `backprop(forward, backward, x, blame, layers, every)`. `x` is the input of step 0, `blame` that of the last output; return the blame of `x`. Going forward, keep the inputs of the steps 0, `every`, 2 · `every`, … and nothing else. Going back, recompute a
# segment at a time.
#
# The tensors are weighed: a function that still holds everything is seen, because what you hold cannot be thrown away. (The scales are generous: two activations more than needed are allowed.)
#
# <details><summary>Hint 1: what do I hold while I go forward?</summary>
# A dict from the step's number to its input, for the checkpoints, and one variable <code>h</code> that is overwritten.
# </details>
# <details><summary>Hint 2: one segment</summary>
# From its checkpoint, run forward to get the inputs of all its steps into a list (the last step of the segment need not run: nobody asks for its output). Then walk the list from its end, calling <code>backward</code>. Then forget list and checkpoint.
# </details>

# %% exercise="backprop"
# exercise: backprop
def backprop(forward, backward, x, blame, layers: int, every: int):
    """The blame of x through a chain of steps. forward(i, h): the next h. backward(i, h, blame): the blame of h."""
    ### BEGIN SOLUTION
    checkpoints, h = {}, x
    for i in range(layers):
        if i % every == 0:
            checkpoints[i] = h
        if i < layers - 1:
            h = forward(i, h)
    del h
    for start in reversed(range(0, layers, every)):
        inputs = [checkpoints.pop(start)]
        for i in range(start, min(start + every, layers) - 1):
            inputs.append(forward(i, inputs[-1]))
        while inputs:
            i = start + len(inputs) - 1
            blame = backward(i, inputs.pop(), blame)
    return blame
    ### END SOLUTION

# %% [markdown]
# The scales. An `Activation` can be handed on and nothing else; the chain knows how many of them are alive, because Python says when one is gone:

# %% tags=["fixture"]
class Activation:
    """The input of a step; what is in it is the chain's own business."""

    def __init__(self, values: torch.Tensor):
        self.values = values

# %% [markdown]
# The way forward …

# %% tags=["fixture"]
class Chain:
    """Steps h → sin(a·h), with a number a for each; counts calls, and activations that are alive at once."""

    def __init__(self, layers: int):
        self.factors = torch.rand(layers) + 0.5
        self.alive = self.peak = self.forwards = self.backwards = 0
        self.history = [0]

    def first(self) -> Activation:
        """The input of step 0; it is not counted."""
        return Activation(torch.randn(4))

    def forward(self, i: int, h: Activation) -> Activation:
        """The output of step i."""
        made = Activation(torch.sin(self.factors[i] * h.values))
        self.forwards += 1
        self.alive += 1
        self.peak = max(self.peak, self.alive)
        self.history.append(self.alive)
        weakref.finalize(made, self._gone)
        return made

    def _gone(self) -> None:
        self.alive -= 1
        self.history.append(self.alive)

# %% [markdown]
# … and the way back:

# %% tags=["fixture"]
class Course(Chain):
    """A chain with its way back, and the answer by autograd."""

    def backward(self, i: int, h: Activation, blame: torch.Tensor) -> torch.Tensor:
        """The blame of the input of step i."""
        self.backwards += 1
        return blame * self.factors[i] * torch.cos(self.factors[i] * h.values)

    def truth(self, x: Activation, blame: torch.Tensor) -> torch.Tensor:
        """The blame of x, by autograd."""
        start = x.values.clone().requires_grad_()
        h = start
        for factor in self.factors:
            h = torch.sin(factor * h)
        return torch.autograd.grad(h, start, blame)[0]

# %% check="backprop" points=3
way = Course(6)
x, blame = way.first(), torch.randn(4)
check.gradient(backprop(way.forward, way.backward, x, blame.clone(), 6, 3), way.truth(x, blame), of="six steps, a checkpoint at every third")
check.equal(way.backwards, 6, of="backward steps")
### BEGIN HIDDEN TESTS
for layers, every in ((1, 1), (7, 3), (12, 4), (9, 20), (10, 1)):
    way = Course(layers)
    x, blame = way.first(), torch.randn(4)
    want = way.truth(x, blame)
    check.gradient(backprop(way.forward, way.backward, x, blame.clone(), layers, every), want, of=f"{layers} steps, a checkpoint at every {every}",
                   hint="is the last segment, which may be shorter, complete? Does each step get its own input?")
    check.that(way.forwards <= 2 * layers, expected=f"at most {2 * layers} forward steps for {layers}", got=f"your function makes {way.forwards}",
               hint="is only one segment recomputed at a time, from its own checkpoint?")
    check.equal(way.backwards, layers, of=f"backward steps of {layers}")
### END HIDDEN TESTS

# %% check="backprop" part="memory" points=3
way = Course(64)
x, blame = way.first(), torch.randn(4)
want = way.truth(x, blame)
check.gradient(backprop(way.forward, way.backward, x, blame, 64, 8), want, of="64 steps, a checkpoint at every eighth")
check.that(way.peak <= 18, expected="at most 8 + 8 activations at once (and two more) for 64 steps",
           got=f"your function holds {way.peak}", hint="is only every eighth input kept on the way forward, and each segment forgotten when it is done?")
### BEGIN HIDDEN TESTS
for layers, every in ((36, 6), (49, 7), (40, 10)):
    way = Course(layers)
    x, blame = way.first(), torch.randn(4)
    want = way.truth(x, blame)
    check.gradient(backprop(way.forward, way.backward, x, blame, layers, every), want, of=f"{layers} steps")
    most = math.ceil(layers / every) + every + 2
    check.that(way.peak <= most, expected=f"at most {most} activations at once for {layers} steps, a checkpoint at every {every}",
               got=f"your function holds {way.peak}", hint="is a checkpoint forgotten once its segment is done?")
### END HIDDEN TESTS

# %% [markdown]
# **Measure** what the choice of $k$ does, with 64 steps:

# %% tags=["demo"]
choices, peaks, forwards = [1, 2, 4, 8, 16, 32, 64], [], []
for every in choices:
    way = Course(64)
    backprop(way.forward, way.backward, way.first(), torch.ones(4), 64, every)
    peaks.append(way.peak)
    forwards.append(way.forwards)
fig, ax = plt.subplots(figsize=(7, 3))
ax.plot(choices, peaks, "o-", color="#0072B2", label="activations at once")
ax.plot(choices, forwards, "s--", color="#D55E00", label="forward steps")
ax.set(xscale="log", xlabel="a checkpoint at every … steps", ylabel="of 64 steps")
ax.set_xticks(choices, [str(n) for n in choices])
ax.legend()
lesson.show(fig, alt=f"Activations held at once and forward steps made against the distance of checkpoints in a chain of 64 steps. Held: {', '.join(map(str, peaks))} for distances "
            f"{', '.join(map(str, choices))}; the smallest number, {min(peaks)}, is at 8. Forward steps: {', '.join(map(str, forwards))}.")

# %% [markdown]
# **Reconcile.** The valley lies at $\sqrt{64} = 8$. It costs less than one forward pass more. `torch.utils.checkpoint.checkpoint(block, x, use_reentrant=False)` does for a block what you did for a segment, and in `transformers` it is one line:
# `model.gradient_checkpointing_enable()`. The gradients are the same, and here is the proof on the little bird model, with the bytes:

# %% tags=["demo"]
torch.manual_seed(SEED)
birds = nn.ModuleList(Layer(64) for _ in range(6))
sound = torch.randn(4, 128, 64)

def forward_pass(recompute: bool):
    """The loss of six layers, each of them checkpointed or none."""
    h = sound.clone().requires_grad_()
    for layer in birds:
        h = checkpoint(layer, h, use_reentrant=False) if recompute else layer(h)
    return h.square().mean()

grads = []
forward_pass(False).backward()                        # to warm up
for recompute in (False, True):
    for parameter in birds.parameters():
        parameter.grad = None
    began = time.perf_counter()
    loss = forward_pass(recompute)
    loss.backward()
    took = time.perf_counter() - began
    grads.append([parameter.grad.clone() for parameter in birds.parameters()])
    held = kept(lambda recompute=recompute: forward_pass(recompute), *birds.parameters())
    print(f"checkpointing {str(recompute):5}  {held / MIB:6.2f} MiB kept   {1e3 * took:6.1f} ms")
print("identical gradients:", all(torch.equal(a, b) for a, b in zip(*grads)))

# %% [markdown]
# (The hooks do not see what a segment keeps while it is recomputed: `checkpoint` hides that. The scales of section 4 do.) And the one line of `transformers`, on a GPT-2 of a toy's size with random weights (newer versions of the
# library call the same method `activation_checkpointing_enable`, and the old name goes in version 6):

# %% tags=["demo"]
from transformers import GPT2Config, GPT2LMHeadModel, logging

logging.set_verbosity_error()
warnings.simplefilter("ignore", FutureWarning)
shape = {"vocab_size": 64, "n_positions": 128, "n_embd": 64, "n_layer": 6, "n_head": 2, "bos_token_id": 0, "eos_token_id": 0}
quiet = {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "use_cache": False}        # no dice: gradients can be compared
torch.manual_seed(SEED)
gpt2, song = GPT2LMHeadModel(GPT2Config(**shape, **quiet)).to(device), torch.randint(64, (4, 128), device=device)
gpt2.train()
found = {}
for name in ("as it is", "gradient_checkpointing_enable()"):
    if name != "as it is":
        gpt2.gradient_checkpointing_enable()
    gpt2.zero_grad()
    held = kept(lambda: gpt2(song, labels=song).loss, *gpt2.parameters())
    gpt2(song, labels=song).loss.backward()
    found[name] = [p.grad.clone() for p in gpt2.parameters()]
    print(f"{name:32} {held / MIB:6.2f} MiB kept")
same = [torch.allclose(a, b, rtol=1e-4, atol=1e-6) for a, b in zip(*found.values())]
print(f"gradients that agree: {sum(same)} of {len(same)}")

# %% [markdown]
# The timeline of one step of 64 layers, with every activation that begins or ends to be held:

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 3))
tops = {}
for every, label, colour in ((1, "everything kept", "#D55E00"), (8, "a checkpoint at every eighth step", "#0072B2")):
    way = Course(64)
    backprop(way.forward, way.backward, way.first(), torch.ones(4), 64, every)
    tops[every] = max(way.history)
    ax.plot([n / (len(way.history) - 1) for n in range(len(way.history))], way.history, color=colour, label=label)
ax.set(xlabel="one step, from the first layer forward to the first layer back", ylabel="activations held")
ax.set_xticks([])
ax.legend()
lesson.show(fig, alt=f"Activations held during one step of 64 layers. Everything kept: a mountain, up to {tops[1]} at the end of the forward pass and down again. With a checkpoint at every "
            f"eighth step: a slow rise to 8, then a saw with eight teeth, each smaller than the one before, never above {tops[8]}.")

# %% [markdown]
# That was a drawing of a scripted chain. The real thing: `torch.profiler` with `profile_memory=True` writes down every allocation, on a CPU, too. In its trace each is an event `[memory]` with its bytes, negative when something is freed. Added up, they are a timeline of everything, temporary tensors included:

# %% tags=["demo"]
import json
import tempfile
from pathlib import Path

from torch.profiler import ProfilerActivity, profile


def timeline(recompute: bool) -> list[float]:
    """MiB in use over one step of the bird model, beyond what was there before it."""
    with profile(activities=[ProfilerActivity.CPU], profile_memory=True) as report:
        forward_pass(recompute).backward()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "trace.json")
        report.export_chrome_trace(str(path))
        events = json.loads(path.read_text(encoding="utf-8"))["traceEvents"]
    used, total = [], 0
    for event in sorted((e for e in events if e.get("name") == "[memory]"), key=lambda e: e["ts"]):
        total += event["args"]["Bytes"]
        used.append(total / MIB)
    return used

# %% tags=["demo"]
fig, ax = plt.subplots(figsize=(8, 3))
heights = {}
for recompute, label, colour in ((False, "everything kept", "#D55E00"), (True, "each layer checkpointed", "#0072B2")):
    for parameter in birds.parameters():
        parameter.grad = torch.zeros_like(parameter)
    used = timeline(recompute)
    heights[recompute] = max(used)
    ax.plot([n / (len(used) - 1) for n in range(len(used))], used, color=colour, label=label, drawstyle="steps-post")
ax.set(xlabel="one step of the bird model: every allocation and every release", ylabel="MiB in use")
ax.set_xticks([])
ax.legend()
lesson.show(fig, alt=f"Memory in use during one training step of six layers, measured by the profiler. Everything kept: a mountain of {heights[False]:.1f} MiB. Each layer checkpointed: a low "
            f"ridge with six teeth on the way back, at most {heights[True]:.1f} MiB.")

# %% [markdown]
# **Reconcile.** The mountain and the saw again, and this time nobody scripted them. The fine teeth are temporary tensors. You will meet this picture in every memory snapshot of a GPU.
#
# ## 5 · Small batches, large step
#
# The other way to fewer activations costs nothing but patience: several small batches for one step. Their gradients add up, as you proved in [lesson 02](release/02_autograd/02_autograd.ipynb). The question left is *how* small.
#
# ### Exercise 5.1 · The largest batch that fits
# ●●○○○ · 8 minutes · 4 points
#
# Write `split_batch(target, free_bytes, bytes_each)`. A step shall see `target` examples; `free_bytes` are left for activations, and each example needs `bytes_each`. Return `(micro, steps)`: the largest micro-batch that fits **and** divides `target`, and how many of them make one step. If not
# even one example fits, raise a `ValueError`.
#
# `split_batch(32, 1000, 90)` is `(8, 4)`: eleven would fit, and the largest divisor of 32 up to eleven is eight.

# %% exercise="split_batch"
# exercise: split_batch
def split_batch(target: int, free_bytes: int, bytes_each: int) -> tuple[int, int]:
    """(micro-batch, micro-batches a step) for a step of `target` examples."""
    ### BEGIN SOLUTION
    fits = min(target, free_bytes // bytes_each)
    if fits < 1:
        raise ValueError(f"one example needs {bytes_each} bytes, and {free_bytes} are free")
    micro = max(size for size in range(1, fits + 1) if target % size == 0)
    return micro, target // micro
    ### END SOLUTION

# %% check="split_batch" points=4
check.equal(split_batch(32, 1000, 90), (8, 4), of="32 examples of 90 bytes in 1000", suspects={
    "eleven fit, but eleven does not divide 32": (11, 3), "is it (micro-batch, number of micro-batches)?": (4, 8)})
check.raises(ValueError, lambda: split_batch(32, 89, 90), of="not one fits")
### BEGIN HIDDEN TESTS
for case, want in {(32, 10**9, 90): (32, 1), (7, 500, 90): (1, 7), (48, 90 * 17, 90): (16, 3), (36, 90 * 12, 90): (12, 3), (5, 90, 90): (1, 5)}.items():
    check.equal(split_batch(*case), want, of=f"split_batch{case}", hint="no larger than target, a divisor of it, and exactly full is allowed")
check.raises(ValueError, lambda: split_batch(8, 0, 1), of="nothing is free")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise 5.2 · The same gradient, a few at a time
# ●●●○○ · 10 minutes · 4 points
#
# Write `accumulate(model, tokens, targets, micro)`. It leaves in each parameter's `.grad` what one backward pass over the **whole** batch would leave, and never has more than `micro` texts in the model, nor more than one graph alive. It returns the loss of the whole batch as a float.
#
# `tokens` and `targets` are int64 [B, T]. A target of −100 is padding and counts for nothing. The loss is the mean over all **real** targets of the batch: `F.cross_entropy(logits.flatten(0, 1), targets.flatten(), ignore_index=-100)`. The last micro-batch may be smaller. `.grad` is empty when you start.
#
# <details><summary>Hint 1: the mean of means</summary>
# A micro-batch with three real targets must not weigh as much as one with thirty. <code>reduction="sum"</code>, and divide by the number of real targets of the <i>whole</i> batch.
# </details>
# <details><summary>Hint 2: one graph at a time</summary>
# Call <code>backward()</code> for each micro-batch before the next one goes in. Gradients add up by themselves.
# </details>

# %% exercise="accumulate"
# exercise: accumulate
def accumulate(model, tokens: torch.Tensor, targets: torch.Tensor, micro: int) -> float:
    """Leave the gradient of the whole batch's mean loss, `micro` texts at a time. Returns: that loss."""
    ### BEGIN SOLUTION
    real, total = (targets != -100).sum().item(), 0.0
    for start in range(0, len(tokens), micro):
        logits = model(tokens[start:start + micro])
        part = targets[start:start + micro].flatten()
        loss = F.cross_entropy(logits.flatten(0, 1), part, ignore_index=-100, reduction="sum") / real
        loss.backward()
        total += loss.item()
    return total
    ### END SOLUTION

# %% tags=["fixture"]
class Watched(nn.Module):
    """A little model that writes down how many texts came in, and when each graph went backward."""

    def __init__(self):
        super().__init__()
        self.embed, self.head = nn.Embedding(11, 6), nn.Linear(6, 11)
        self.rows, self.story = [], ""

    def forward(self, tokens):
        """tokens: int64 [batch, tokens]. Returns: logits [batch, tokens, 11]."""
        self.rows.append(len(tokens))
        self.story += "f"
        out = self.head(self.embed(tokens).tanh())
        if out.requires_grad:
            out.register_hook(self.went_back)
        return out

    def went_back(self, gradient):
        """Called when the backward pass of a forward pass begins."""
        self.story += "b"

# %% tags=["fixture"]
def padded(rows: int, length: int = 5):
    """(tokens, targets) of texts of very different lengths, padded with −100."""
    tokens = torch.randint(11, (rows, length))
    targets = torch.randint(11, (rows, length))
    for n in range(rows):
        targets[n, 1 + (n * n) % length:] = -100
    return tokens, targets


def in_one_go(model: nn.Module, tokens: torch.Tensor, targets: torch.Tensor) -> tuple[float, list[torch.Tensor]]:
    """(loss, gradients) of the whole batch, by one backward pass."""
    loss = F.cross_entropy(model(tokens).flatten(0, 1), targets.flatten(), ignore_index=-100)
    return loss.item(), list(torch.autograd.grad(loss, list(model.parameters())))

# %% check="accumulate" points=2
model, (tokens, targets) = Watched(), padded(8)
want, wanted = in_one_go(model, tokens, targets)
got = accumulate(model, tokens, targets, 2)
for (name, parameter), gradient in zip(model.named_parameters(), wanted):
    check.gradient(parameter.grad, gradient, of=f"{name}, eight texts, two at a time", batch=4, hint="the mean over all real targets of the batch, not a mean of the micro-batches' means?")
check.close(got, want, rtol=1e-4, of="the loss of the batch")
### BEGIN HIDDEN TESTS
for rows, micro in ((7, 3), (5, 8), (6, 1), (4, 4)):
    model, (tokens, targets) = Watched(), padded(rows)
    want, wanted = in_one_go(model, tokens, targets)
    got = accumulate(model, tokens, targets, micro)
    for (name, parameter), gradient in zip(model.named_parameters(), wanted):
        check.gradient(parameter.grad, gradient, of=f"{name}, {rows} texts, {micro} at a time", hint="is the smaller last micro-batch weighed by its real targets?")
    check.close(got, want, rtol=1e-4, of=f"the loss of {rows} texts, {micro} at a time")
### END HIDDEN TESTS

# %% check="accumulate" part="memory" points=2
model, (tokens, targets) = Watched(), padded(6)
accumulate(model, tokens, targets, 2)
check.equal(sum(model.rows), 6, of="texts through the model", hint="each of the six once?")
check.that(max(model.rows) <= 2, expected="at most 2 texts at a time", got=f"your function sends {max(model.rows)}")
check.that(model.story == "fb" * 3, expected="forward and backward in turn: fbfbfb", got=f"your model went {model.story}",
           hint="each micro-batch goes backward before the next one goes forward: otherwise all graphs are alive at once")
### BEGIN HIDDEN TESTS
for rows, micro in ((7, 3), (5, 1)):
    model, (tokens, targets) = Watched(), padded(rows)
    with check.unchanged(tokens, targets):
        accumulate(model, tokens, targets, micro)
    parts = math.ceil(rows / micro)
    check.equal(sum(model.rows), rows, of=f"texts through the model, {rows} texts", hint="is the last, smaller micro-batch there?")
    check.that(max(model.rows) <= micro, expected=f"at most {micro} texts at a time", got=f"your function sends {max(model.rows)}")
    check.that(model.story == "fb" * parts, expected="forward and backward in turn", got=f"your model went {model.story}", hint="one graph at a time")
### END HIDDEN TESTS

# %% [markdown]
# **Measure.** The bytes kept at once, and the gradient, for a bird model on eight texts:

# %% tags=["demo"]
torch.manual_seed(SEED)
tiny, (tokens, targets) = GPT(64, 32, 32, 2), (torch.randint(64, (8, 32)), torch.randint(64, (8, 32)))
exact = in_one_go(tiny, tokens, targets)[1]
for micro in (8, 4, 2, 1):
    tiny.zero_grad()
    accumulate(tiny, tokens, targets, micro)
    away = max((p.grad - g).abs().max().item() for p, g in zip(tiny.parameters(), exact))
    held = kept(lambda micro=micro: tiny(tokens[:micro]), *tiny.parameters())
    print(f"{micro} at a time: {held / 2**10:7.0f} KiB kept, gradients within {away:.1e} of the whole batch's")

# %% [markdown]
# **Reconcile.** An eighth of the activations, the same gradient, to rounding. (Batch norm is the exception that proves the rule: it looks at the batch that is *in the model*, so small pieces change it.)
#
# ## 6 · Reading the message
#
# Back to Mirela's screen. The message says more than the straw, if you know where to look:

# %% tags=["fixture"]
MESSAGE = (
    "CUDA out of memory. Tried to allocate 20.00 MiB. GPU 0 has a total capacity of 14.74 GiB of which 11.06 MiB is free. "
    "Process 2417 has 14.73 GiB memory in use. Of the allocated memory 14.41 GiB is allocated by PyTorch, and 198.32 MiB is reserved by "
    "PyTorch but unallocated. If reserved but unallocated memory is large try setting PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True "
    "to avoid fragmentation."
)

# %% [markdown]
# ### Exercise 6.1 · What it says
# ●●○○○ · 8 minutes · 3 points
#
# Write `oom_numbers(message)`. It returns a dict with `"tried"`, `"capacity"`, `"free"`, `"allocated"` and `"reserved"` (reserved by PyTorch but unallocated), each in bytes as a float. Units are KiB, MiB or GiB. A number that a message does not have is `None`: older and newer versions of PyTorch leave some out.
#
# <details><summary>Hint</summary>
# One pattern with <code>re.search</code> for each number, such as <code>r"Tried to allocate ([\d.]+) ([KMG])iB"</code>.
# </details>

# %% exercise="oom_numbers"
# exercise: oom_numbers
def oom_numbers(message: str) -> dict[str, float | None]:
    """The numbers of an out-of-memory message of PyTorch's, in bytes; None for what is not in it."""
    ### BEGIN SOLUTION
    number = r"([\d.]+) ([KMG])iB"
    patterns = {
        "tried": f"Tried to allocate {number}", "capacity": f"total capacity of {number}", "free": f"of which {number} is free",
        "allocated": f"{number} is allocated by PyTorch", "reserved": f"{number} is reserved by PyTorch but unallocated",
    }
    found = {name: re.search(pattern, message) for name, pattern in patterns.items()}
    scale = {"K": 2**10, "M": 2**20, "G": 2**30}
    return {name: float(hit[1]) * scale[hit[2]] if hit else None for name, hit in found.items()}
    ### END SOLUTION

# %% check="oom_numbers" points=3
check.close(oom_numbers(MESSAGE), {"tried": 20 * MIB, "capacity": 14.74 * GIB, "free": 11.06 * MIB, "allocated": 14.41 * GIB, "reserved": 198.32 * MIB},
            of="Mirela's message", hint="MiB and GiB are powers of 1024", suspects={
    "MiB and GiB are powers of 1024, not of 1000": {"tried": 20e6, "capacity": 14.74e9, "free": 11.06e6, "allocated": 14.41e9, "reserved": 198.32e6}})
### BEGIN HIDDEN TESTS
other = "CUDA out of memory. Tried to allocate 1.50 GiB. GPU 3 has a total capacity of 79.15 GiB of which 512.00 KiB is free. Of the allocated memory 70.00 GiB is allocated by PyTorch, and 8.10 GiB is reserved by PyTorch but unallocated."
check.close(oom_numbers(other), {"tried": 1.5 * GIB, "capacity": 79.15 * GIB, "free": 512 * 1024.0, "allocated": 70 * GIB, "reserved": 8.1 * GIB}, of="a larger card", hint="each number has a unit of its own")
check.equal(oom_numbers("CUDA out of memory. Tried to allocate 4.00 MiB."), {"tried": 4.0 * MIB, "capacity": None, "free": None, "allocated": None, "reserved": None},
            of="a message with one number", hint="None for what is not there")
### END HIDDEN TESTS

# %% [markdown]
# Three questions to such a message. How much is *allocated* of the *capacity*? Nearly all: the load is real. How much is *reserved but unallocated*? Little: no gaps worth mending. How large was the straw? Small: so it is not one giant tensor, but the sum. Had it tried to allocate 9 GiB, the hunt would be for one
# tensor with a silly shape.
#
# And gaps? The allocator of a GPU keeps what was freed, to hand it out again. What is free in total may lie in pieces that are each too small. A shelf of sixteen places shows it:

# %% tags=["demo"]
def longest_gap(shelf: str) -> int:
    """The longest row of free places (dots)."""
    return max(len(gap) for gap in re.split("[^.]+", shelf))

full = "aabbccddeeffgghh"                                 # eight tensors of two places each
holes = full.translate(str.maketrans("bdfh", "...."))     # every second one is freed
for name, shelf in (("full", full), ("every second freed", holes)):
    print(f"{name:20} |{shelf}|  free: {shelf.count('.'):2}, largest request that fits: {longest_gap(shelf)}")

# %% [markdown]
# Eight places are free, and a tensor of three does not fit: *reserved but unallocated* is large, and the message says "out of memory" all the same. Batches of always the same shape make few such gaps, and `expandable_segments:True`, which the message proposes, lets the allocator join pieces.
#
# ## 7 · A plan that fits
#
# Now we can do what Mirela should have done before. Her job, and an estimate of its four items (a rough one: each layer keeps $16 \cdot B T D$ numbers and, for each head, $4 \cdot B T^2$ of stored scores; the logits are kept three times. The end of this section measures how rough):

# %% tags=["fixture"]
JOB = {"parameters": 124_439_808, "batch": 32, "tokens": 512, "width": 768, "layers": 12, "heads": 12, "vocabulary": 4096}
REMEDIES = ("batch", "checkpointing", "precision", "model")


def needs(job: dict, batch: int, checkpointing: bool = False, half: bool = False) -> dict[str, int]:
    """Bytes of a GPT's training step under AdamW. half: activations in 16 bits. batch: examples at once."""
    number = 2 if half else 4
    rows = batch * job["tokens"]
    one_layer = rows * (16 * job["width"] + 4 * job["heads"] * job["tokens"]) * number
    stored = rows * job["width"] * number * job["layers"] + one_layer if checkpointing else one_layer * job["layers"]
    states = {"weights": 4 * job["parameters"], "gradients": 4 * job["parameters"], "optimizer": 8 * job["parameters"]}
    return {**states, "activations": stored + 3 * rows * job["vocabulary"] * number}

# %% [markdown]
# ### Exercise 7.1 · The order of remedies
# ●●●○○ · 12 minutes · 5 points
#
# There is an order in which one tries: what costs least comes first. Write `plan(job, capacity)` with `needs`:
#
# 1. **batch**: halve the micro-batch (32, 16, 8, … 1; an odd one is rounded down, so 6, 3, 1), with accumulation so that the step stays the same. Stop at the first that fits.
# 2. **checkpointing**: if not even a micro-batch of 1 fits, begin again at the full batch with checkpointing on, and halve again.
# 3. **precision**: if that is not enough, begin again at the full batch with checkpointing *and* half-precision activations.
# 4. **model**: nothing helps but a smaller model or a larger card.
#
# Return a dict: `"remedy"` (`"none"` if the full batch fits as it is, else the last one taken, from `REMEDIES`), `"micro"` (the micro-batch, `None` under `"model"`) and `"bytes"` (the sum of all items, `None` under `"model"`). It fits if the sum is at most `capacity`.

# %% exercise="plan"
# exercise: plan
def plan(job: dict, capacity: float) -> dict[str, object]:
    """The first remedy under which a job fits a card of `capacity` bytes."""
    ### BEGIN SOLUTION
    ways = {"batch": {}, "checkpointing": {"checkpointing": True}, "precision": {"checkpointing": True, "half": True}}
    for remedy, switches in ways.items():
        micro = job["batch"]
        while micro >= 1:
            total = sum(needs(job, micro, **switches).values())
            if total <= capacity:
                untouched = remedy == "batch" and micro == job["batch"]
                return {"remedy": "none" if untouched else remedy, "micro": micro, "bytes": total}
            micro //= 2
    return {"remedy": "model", "micro": None, "bytes": None}
    ### END SOLUTION

# %% check="plan" points=5
check.equal(plan(JOB, 10**15)["remedy"], "none", of="a card without end")
check.equal(plan(JOB, 10**6), {"remedy": "model", "micro": None, "bytes": None}, of="a card of a megabyte")
got = plan(JOB, 14.5 * GIB)
check.equal((got["remedy"], got["micro"]), ("batch", 8), of="Mirela's card", hint="halve the batch until the sum of all items fits")
### BEGIN HIDDEN TESTS
def first_that_fits(job, capacity):
    """The same by looking at all ways in order."""
    sizes = [job["batch"] // 2**n for n in range(job["batch"].bit_length())]
    for remedy, switches in zip(REMEDIES, ((False, False), (True, False), (True, True))):
        for size in sizes:
            total = sum(needs(job, size, *switches).values())
            if total <= capacity:
                return {"remedy": "none" if (remedy, size) == ("batch", job["batch"]) else remedy, "micro": size, "bytes": total}
    return {"remedy": "model", "micro": None, "bytes": None}

least = [sum(needs(JOB, 1, *switches).values()) for switches in ((False, False), (True, False), (True, True))]
for capacity in (least[0], least[0] - 1, least[1], least[1] - 1, least[2], least[2] - 1, sum(needs(JOB, 32).values()), 5 * GIB, 40 * GIB):
    check.equal(plan(JOB, capacity), first_that_fits(JOB, capacity), of=f"a card of {capacity / GIB:.2f} GiB",
                hint="does each remedy begin again at the full batch? Does a sum that is exactly the capacity fit?")
odd = {**JOB, "batch": 6}
check.equal(plan(odd, 6 * GIB), first_that_fits(odd, 6 * GIB), of="a batch of 6")
### END HIDDEN TESTS

# %% [markdown]
# **Predict, measure, reconcile**, in the ledger. The prediction is an estimate of the bytes of a small job; the measurement is what autograd keeps (on a GPU also what the allocator saw):

# %% tags=["demo"]
torch.manual_seed(SEED)
small = {"parameters": gpt_parameters(512, 128, 64, 4), "batch": 4, "tokens": 128, "width": 64, "layers": 4, "heads": 1, "vocabulary": 512}
model = GPT(512, 128, 64, 4).to(device)
text = torch.randint(512, (4, 128), device=device)
optimizer = torch.optim.AdamW(model.parameters())
books = lesson.Ledger()
for item, amount in needs(small, 4).items():
    books.predict(item, bytes=amount)


def loss():
    """Next to nothing of a task: say again what was said."""
    return F.cross_entropy(model(text).flatten(0, 1), text.flatten())

books.measure("activations", bytes=kept(loss, *model.parameters()))
loss().backward()
optimizer.step()
books.measure("weights", bytes=sum(p.nbytes for p in model.parameters()))
books.measure("gradients", bytes=sum(p.grad.nbytes for p in model.parameters()))
books.measure("optimizer", bytes=sum(v.nbytes for s in optimizer.state.values() for v in s.values()))
print(books)

# %% tags=["demo"]
rows = [(item, predicted / MIB, found / MIB) for item, _, predicted, found in books.rows()]
for item, predicted, found in rows:
    lesson.record(item, found, predicted=predicted, unit="MiB")
fig, ax = plt.subplots(figsize=(7, 2.6))
for n, (item, predicted, found) in enumerate(rows):
    ax.barh(n - 0.2, predicted, 0.38, color="#999999", label="predicted" if n == 0 else None)
    ax.barh(n + 0.2, found, 0.38, color="#0072B2", label="measured" if n == 0 else None)
ax.set_yticks(range(len(rows)), [item for item, _, _ in rows])
ax.invert_yaxis()
ax.set(xlabel="MiB")
ax.legend()
lesson.show(fig, alt="Predicted and measured bytes of four items, in MiB: " + ", ".join(f"{item} {predicted:.2f} and {found:.2f}" for item, predicted, found in rows) + ".")

# %% written="reconcile_bytes" points=2
# **Reconcile** (3 minutes · 2 points). Three of the four items agree nearly to the byte, and one does not. Which one, with its two numbers from *your* run? Name one tensor that `needs` has forgotten or counted too often, and say how you would find out.
#
# ### BEGIN SOLUTION
# Names activations with both numbers, and a candidate that can be tested: the norms keep their inputs and statistics, the softmax result and the scores are both kept, the mask is kept, GELU keeps its input, log-softmax of the logits is kept once and not three times.
# Says how: by `kept` around a single layer or a single operation, or by a list of the shapes that the hook is called with. Two points: numbers and a tensor with a test; one point: only one of the two.
# ### END SOLUTION

# %% [markdown]
# ## 8 · On a GPU
#
# The allocator of a GPU keeps books of its own. On a CPU the cell says what you would see.

# %% tags=["demo"]
if device.type == "cuda":
    torch.cuda.reset_peak_memory_stats()
    loss().backward()
    print(f"now {torch.cuda.memory_allocated() / MIB:.1f} MiB, at most {torch.cuda.max_memory_allocated() / MIB:.1f} MiB, reserved {torch.cuda.memory_reserved() / MIB:.1f} MiB")
    torch.cuda.memory._record_memory_history(max_entries=100_000)
    loss().backward()
    torch.cuda.memory._dump_snapshot("memory.pickle")
    torch.cuda.memory._record_memory_history(enabled=None)
    print("every allocation of one step is in memory.pickle: drop it on https://docs.pytorch.org/memory_viz")
else:
    print("torch.cuda.max_memory_allocated() would give the peak, memory_summary() a table, and a snapshot every allocation with the line that made it.")
    print("On a CPU, saved_tensors_hooks (our kept) and torch.profiler(profile_memory=True) tell the same story.")

# %% [markdown]
# ## 9 · When it breaks
#
# **Memory grows with every step.** Somebody keeps the graph: `losses.append(loss)` keeps all of each step's saved tensors. Mended: `losses.append(loss.item())`.

# %% tags=["demo"]
def steps(keep_graph: bool) -> int:
    """Graphs that are alive after three steps, with the losses as tensors or as numbers."""
    losses = []
    weight = torch.randn(256, 256, requires_grad=True)

    for _ in range(3):
        value = (torch.randn(64, 256) @ weight).relu().sum()
        losses.append(value if keep_graph else value.item())
    return sum(value.grad_fn is not None for value in losses if isinstance(value, torch.Tensor))

print(f"graphs alive after three steps: {steps(True)} with the tensors, {steps(False)} with .item()")

# %% [markdown]
# **Evaluation needs as much memory as training.** `model.eval()` switches dropout off, not autograd. Mended: `with torch.no_grad():`, or `torch.inference_mode()`.

# %% tags=["demo"]
model.eval()
print(f"eval() alone:  {kept(loss, *model.parameters()):>12,} bytes kept")
with torch.no_grad():
    print(f"under no_grad: {kept(loss, *model.parameters()):>12,} bytes kept")

# %% [markdown]
# **Out of memory in the second step, not the first.** AdamW makes its states in its first `step()`: 8 bytes for each parameter appear after the first backward pass. Count them before.
#
# **`empty_cache()` did not help.** It hands back what is reserved and unallocated. What is allocated, somebody still holds: look for the variable.
#
# ## Takeaways
#
# - 16 bytes for each parameter under AdamW, in float32 and in mixed precision alike. Activations come on top, and are usually the load.
# - What is kept can be predicted from derivatives: a product keeps both factors, ReLU and softmax keep their result, a sum nothing.
# - Checkpointing every $\sqrt L$-th layer: the memory of $2 \sqrt L$ layers for one forward pass more.
# - The order: batch (with accumulation), checkpointing, precision, model.
# - Read the message: allocated against capacity, reserved but unallocated, the size of the straw.
#
# **Words from this lesson:** [gradient checkpointing](docs/glossary.md#gradient-checkpointing) · [activation](docs/glossary.md#activation) · [saved tensor](docs/glossary.md#saved-tensor) · [meta device](docs/glossary.md#meta-device) · [micro-batch](docs/glossary.md#micro-batch) · [fragmentation](docs/glossary.md#fragmentation)
#
# **Read next:** Chen, Xu, Zhang and Guestrin, *Training deep nets with sublinear memory cost* (2016), where the square root comes from. Korthikanti et al., *Reducing activation recomputation in large transformer models* (2022), for the bytes of a layer, term by term.
#
# **Next lesson:** the same bytes, fewer bits.

# %% tags=["demo"]
lesson.hand_in("05_memory")
