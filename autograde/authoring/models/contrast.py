"""Learning what belongs together: two views of a text lie close, those of two texts do not."""

from __future__ import annotations

import random
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from autograde.authoring.models.texts import Piece, two_views

TEMPERATURE = 0.05
SHARES = {"passages": 0.6, "posts": 0.1, "docstrings": 0.2, "topics": 0.1}  # of each batch


def padded(tokenizer: Tokenizer, texts: list[str], longest: int) -> tuple[Tensor, Tensor]:
    """(ids, attention mask), each [N, T] with T at most `longest`; ids are padded with 0."""
    found = [one.ids if len(one.ids) <= longest else one.ids[: longest - 1] + one.ids[-1:] for one in
             tokenizer.encode_batch(texts)]  # fmt: skip
    width = max(map(len, found))
    ids = torch.tensor([one + [0] * (width - len(one)) for one in found])
    kept = torch.tensor([[1] * len(one) + [0] * (width - len(one)) for one in found])
    return ids, kept


def pooled(encoder: Any, ids: Tensor, kept: Tensor) -> Tensor:
    """Mean of the last hidden states over the tokens that are no padding, of length 1: [N, D]."""
    states = encoder(input_ids=ids, attention_mask=kept).last_hidden_state
    weights = kept.unsqueeze(-1).to(states.dtype)
    return nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


def pairs(pieces: dict[str, list[Piece]], size: int, draw: random.Random) -> list[tuple[str, str]]:
    """`size` pairs of texts that belong together, no text twice."""
    chosen = [p for name, share in SHARES.items() for p in draw.sample(pieces[name], max(1, int(size * share)))]
    return [two_views(p, draw) for p in chosen]


def contrastive_loss(encoder: Any, tokenizer: Tokenizer, both: list[tuple[str, str]], longest: int) -> Tensor:
    """InfoNCE: the second view of each text is to be found among those of all, and the first from the second."""
    first = pooled(encoder, *padded(tokenizer, [a for a, _ in both], longest))
    second = pooled(encoder, *padded(tokenizer, [b for _, b in both], longest))
    close = first @ second.T / TEMPERATURE
    right = torch.arange(len(both))
    return (nn.functional.cross_entropy(close, right) + nn.functional.cross_entropy(close.T, right)) / 2
