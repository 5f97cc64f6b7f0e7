"""Learning to read: masked-language modelling for encoders, next-token prediction for the decoder."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from autograde.authoring.models.texts import Piece

MASKED = 0.2  # share of the tokens that an encoder has to guess
OFTEN = {"posts": 6, "passages": 6, "topics": 1, "docstrings": 1}  # how often each source is read in one pass
SPECIAL = 5  # ids below are [PAD] … [MASK]: never masked


def stream(tokenizer: Tokenizer, pieces: list[Piece], draw: torch.Generator, end: int | None = None) -> Tensor:
    """All pieces in random order as one row of ids, int64 [N]; `end` after each where the tokenizer writes no end."""
    texts = [f"{p.title}. {p.text}" if p.title else p.text for p in pieces for _ in range(OFTEN[p.source])]
    order = torch.randperm(len(texts), generator=draw).tolist()
    tail = [] if end is None else [end]
    encoded = tokenizer.encode_batch([texts[i] for i in order])
    return torch.tensor([id for one in encoded for id in one.ids + tail])


def batches(ids: Tensor, tokens: int, lengths: list[int], draw: torch.Generator) -> Iterator[Tensor]:
    """Batches of `tokens` ids, [tokens / length, length], lengths in turn, pass after pass without end."""
    turn = 0
    while True:
        start = int(torch.randint(0, tokens, (1,), generator=draw))
        for at in range(start, len(ids) - tokens + 1, tokens):
            yield ids[at : at + tokens].view(-1, lengths[turn % len(lengths)])
            turn += 1


def rate(step: int, steps: int, top: float) -> float:
    """A learning rate that rises for the first 6 % of the steps and then falls to 0 along a cosine."""
    warm = max(1, steps * 6 // 100)
    return (
        top * (step + 1) / warm if step < warm else top * 0.5 * (1 + math.cos(math.pi * (step - warm) / (steps - warm)))
    )


def fit(model: Any, steps: int, top: float, loss_of: Callable[[int], Tensor]) -> list[float]:
    """AdamW with clipping for `steps` steps; returns the loss of each."""
    matrices = [p for p in model.parameters() if p.dim() > 1]
    others = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": matrices, "weight_decay": 0.05}, {"params": others, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=top, betas=(0.9, 0.98))
    losses = []
    model.train()
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = rate(step, steps, top)
        loss = loss_of(step)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    model.eval()
    return losses


def mask(ids: Tensor, mask_id: int, vocabulary: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """(ids with some hidden, which ones): 80 % of those chosen become [MASK], 10 % another id, 10 % stay."""
    chosen = (torch.rand(ids.shape, generator=draw) < MASKED) & (ids >= SPECIAL)
    what = torch.rand(ids.shape, generator=draw)
    other = torch.randint(SPECIAL, vocabulary, ids.shape, generator=draw)
    hidden = torch.where(what < 0.8, torch.full_like(ids, mask_id), torch.where(what < 0.9, other, ids))
    return torch.where(chosen, hidden, ids), chosen


def masked_loss(model: Any, ids: Tensor, mask_id: int, draw: torch.Generator) -> Tensor:
    """Cross-entropy of the hidden tokens; the head works only where something is hidden."""
    hidden, chosen = mask(ids, mask_id, model.config.vocab_size, draw)
    states = model.bert(input_ids=hidden).last_hidden_state[chosen]
    return nn.functional.cross_entropy(model.cls(states), ids[chosen])


def next_loss(model: Any, ids: Tensor) -> Tensor:
    """Cross-entropy of each token after those before it."""
    logits = model(input_ids=ids, use_cache=False).logits[:, :-1]
    return nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten())
