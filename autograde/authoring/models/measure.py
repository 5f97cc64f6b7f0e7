"""What the tiny models can do, measured on the public splits that they were not trained on."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Any

import torch
from tokenizers import Tokenizer

from autograde.authoring.models.contrast import padded, pooled
from autograde.authoring.models.texts import CAFE, Piece, passages, posts, rows


@torch.no_grad()
def vectors(encoder: Any, tokenizer: Tokenizer, texts: list[str], longest: int) -> torch.Tensor:
    """Embeddings of length 1, [N, D]."""
    return torch.cat(
        [pooled(encoder, *padded(tokenizer, texts[at : at + 32], longest)) for at in range(0, len(texts), 32)]
    )


def recall_at_3(scores: list[list[float]], answers: list[list[str]], found: list[Piece], names: list[str]) -> float:
    """Of the passages that answer a question, the share among the first three; the mean of questions with an answer."""
    shares = []
    for row, right in zip(scores, answers, strict=True):
        if right:
            best = sorted(range(len(found)), key=lambda i: -row[i])[:3]
            shares.append(len({names[i] for i in best} & set(right)) / len(right))
    return sum(shares) / len(shares)


def _cafe() -> tuple[list[Piece], list[str], list[dict]]:
    return passages(), [row["id"] for row in rows(f"{CAFE}/passages.jsonl")], rows(f"{CAFE}/questions.jsonl")


def embedding_recall(encoder: Any, tokenizer: Tokenizer, longest: int) -> float:
    """recall@3 on the repair café's public questions, title and text embedded as one."""
    found, names, asked = _cafe()
    documents = vectors(encoder, tokenizer, [f"{p.title}. {p.text}" for p in found], longest)
    questions = vectors(encoder, tokenizer, [row["question"] for row in asked], longest)
    return recall_at_3((questions @ documents.T).tolist(), [row["passage_ids"] for row in asked], found, names)


def overlap_recall() -> float:
    """The same by BM25 (k1 = 1.5, b = 0.75, no stop words, no stemming): a search by words."""
    found, names, asked = _cafe()
    bags = [Counter(re.findall(r"\w+", f"{p.title} {p.text}".lower())) for p in found]
    mean = sum(bag.total() for bag in bags) / len(bags)
    holding = Counter(word for bag in bags for word in bag)

    def score(words: list[str], bag: Counter[str]) -> float:
        total = 0.0
        for word in words:
            rare = math.log(1 + (len(bags) - holding[word] + 0.5) / (holding[word] + 0.5))
            total += rare * bag[word] * 2.5 / (bag[word] + 1.5 * (0.25 + 0.75 * bag.total() / mean))
        return total

    scores = [[score(re.findall(r"\w+", row["question"].lower()), bag) for bag in bags] for row in asked]
    return recall_at_3(scores, [row["passage_ids"] for row in asked], found, names)


@torch.no_grad()
def accuracy(model: Any, tokenizer: Tokenizer, longest: int) -> float:
    """Share of the validation posts that a classifier labels as their writer did."""
    texts, labels = posts("validation")
    ids, kept = padded(tokenizer, texts, longest)
    guesses = model(input_ids=ids, attention_mask=kept).logits.argmax(-1)
    return (guesses == torch.tensor(labels)).double().mean().item()
