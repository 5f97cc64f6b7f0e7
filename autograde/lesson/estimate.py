"""What a training run will take, before it takes it: steps, seconds, GPU-hours, sessions, bytes on the card.

The reference for lesson 10's exercises and for Lab 3. Units are seconds, hours and bytes; a token, an example and a
parameter are counted one by one. All of it is arithmetic: nothing here looks at the machine it runs on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

# Backward over forward, in a deep network. Each layer's backward has two products of the forward's size: one for the
# gradient of its weights, one to hand the gradient on to the layer below. Frozen layers under an adapter still do the
# second; with a head alone to be trained nothing is handed down. (Lesson 02 counts the products, lesson 04 the FLOPs.)
BACKWARD = {"full": 2.0, "lora": 1.0, "head": 0.0}
ADAMW_BYTES = 16  # for a trained parameter in float32: weight 4, gradient 4, two means 8 (lesson 05)
MIXED_BYTES = {"weights": 2, "gradients": 2, "optimizer": 12}  # the same 16, with a float32 master copy (lesson 05)
# How many times its width a transformer's layer keeps for each token: lesson 05 takes 16 for a GPT's; counted by saved
# tensors in bfloat16, a Llama's layer keeps 22, and 19 with LoRA on q and v (transformers 5.23, 2026-11-28).
LAYER_NUMBERS = 20


def gpu_hours(
    examples: float,
    batch: float,
    epochs: float,
    forward: float,
    *,
    train: str = "full",
    checkpointing: bool = False,
    overhead: float = 1.0,
) -> float:
    """Hours that one GPU is busy with a training run.

    forward: seconds of the forward pass of one batch. train: "full" (backward = 2 forwards), "lora" (1) or "head" (0).
    checkpointing: the forward pass is computed a second time. overhead: a factor ≥ 1 for all that is no training
    (loading, evaluation, saving). Steps are examples · epochs / batch, not rounded: half a batch takes half the time.

    >>> round(gpu_hours(50_000, 32, 10, 0.2), 2)
    2.6
    >>> round(gpu_hours(50_000, 32, 10, 0.2, train="lora"), 2)
    1.74

    Raises ValueError for a size that is not positive, an overhead below 1 and an unknown way to train.
    """
    _positive(examples=examples, batch=batch, epochs=epochs, forward=forward)
    if train not in BACKWARD:
        raise ValueError(f"train is one of {', '.join(map(repr, BACKWARD))}, not {train!r}")
    if not 1 <= overhead < math.inf:
        raise ValueError(f"overhead is a factor of 1 or more (1.2 for a fifth on top), not {overhead}")
    passes = 1 + BACKWARD[train] + (1 if checkpointing else 0)
    return steps(examples, batch, epochs) * forward * passes * overhead / 3600


def steps(examples: float, batch: float, epochs: float) -> float:
    """Batches in a whole run. The short one that may end an epoch counts for its share.

    >>> steps(50_000, 32, 10)
    15625.0
    """
    _positive(examples=examples, batch=batch, epochs=epochs)
    return examples * epochs / batch


def forward_seconds(parameters: float, tokens: float, promised: float, mfu: float) -> float:
    """Seconds of a forward pass over `tokens` tokens (of the whole batch): 2 · parameters · tokens FLOPs (lesson 04).

    promised: FLOP/s of the card's data sheet. mfu: the share of it that one gets, in (0, 1]. Attention's scores, which
    have no parameters, are left out: at short texts they are small.

    >>> round(forward_seconds(3e9, 4 * 512, 65e12, 0.3), 2)
    0.63
    """
    _positive(parameters=parameters, tokens=tokens, promised=promised)
    if not 0 < mfu <= 1:
        raise ValueError(f"mfu is a share between 0 and 1, not {mfu}")
    return 2 * parameters * tokens / (promised * mfu)


def sessions(hours: float, limit: float, restart: float = 0.0) -> int:
    """How many sessions of at most `limit` hours a run of `hours` needs; each loses `restart` hours to its setup.

    >>> sessions(18, 12), sessions(24, 12), sessions(24, 12, restart=0.25)
    (2, 2, 3)
    """
    _positive(hours=hours, limit=limit)
    if not 0 <= restart < limit:
        raise ValueError(f"restart is a part of a session of {limit} hours, not {restart}")
    return math.ceil(round(hours / (limit - restart), 9))  # 9 digits: 0.3 / 0.1 is no fourth session


def lora_parameters(rank: int, shapes: Iterable[tuple[int, int]]) -> int:
    """Trained parameters of LoRA: rank · (in + out) for each adapted matrix. shapes: (in, out), one for each matrix.

    >>> lora_parameters(16, [(3072, 3072), (3072, 1024)] * 28)
    4587520
    """
    _positive(rank=rank)
    return sum(rank * (width_in + width_out) for width_in, width_out in shapes)


def vram(
    parameters: float,
    *,
    layers: int,
    width: int,
    vocabulary: int,
    batch: int,
    tokens: int,
    adapters: float | None = None,
    bytes_each: float = 2,
    checkpointing: bool = True,
) -> dict[str, float]:
    """Bytes on the card in a training step of a transformer under AdamW: {item: bytes}, to be added up.

    parameters: of the model. adapters: how many LoRA trains on top of it, all else frozen; None trains the model itself
    in mixed precision. bytes_each: of a frozen weight (2 in float16 and bfloat16, 0.5 in 4 bits); activations take 2.
    batch, tokens: examples at once, and the tokens of each. checkpointing: keep each layer's input, and all that one
    layer keeps. Attention is one that never stores its scores. CUDA's own few hundred MB and gaps come on top.

    Raises ValueError for a size that is not positive.
    """
    _positive(parameters=parameters, layers=layers, width=width, vocabulary=vocabulary, batch=batch, tokens=tokens)
    _positive(bytes_each=bytes_each)
    rows = batch * tokens
    one_layer = LAYER_NUMBERS * rows * width * 2
    kept = layers * rows * width * 2 + one_layer if checkpointing else layers * one_layer
    if adapters is None:
        trained = {item: number * parameters for item, number in MIXED_BYTES.items()}
    else:
        _positive(adapters=adapters)
        trained = {"weights": bytes_each * parameters, "adapters": 4 * adapters}
        trained |= {"gradients": 4 * adapters, "optimizer": 8 * adapters}
    return {**trained, "activations": kept, "logits": 3 * rows * vocabulary * 4}


def _positive(**sizes: float) -> None:
    for name, size in sizes.items():
        if not 0 < size < math.inf:
            raise ValueError(f"{name} is a number above 0, not {size}")
