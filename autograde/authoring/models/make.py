"""From a recipe to a trained model. One thread and seeds of its own: the same bytes again on the same versions."""

from __future__ import annotations

import copy
import random
import time
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from autograde.authoring.models import contrast, measure, pretrain, texts, vocabulary
from autograde.authoring.models.recipes import Recipe
from autograde.authoring.models.vocabulary import WORDPIECE_SPECIALS

DROPOUT = 0.1
VIEW = 64  # tokens of a view, at most
INITIAL = 0.05  # BERT's 0.02 is for 768 features; with 128 the first steps would go by without learning


@dataclass
class Made:
    """A trained model, its tokenizer, and what was measured on the way: name → number."""

    recipe: Recipe
    model: Any
    tokenizer: Tokenizer
    measured: dict[str, float] = field(default_factory=dict)


def make(recipe: Recipe, seed: int, before: dict[str, Made]) -> Made:
    """Train one model. before: those made already, of which a classifier needs its base."""
    torch.manual_seed(seed)
    began = time.process_time()
    made = {"encoder": encoder, "decoder": decoder, "classifier": classifier}[recipe.kind](recipe, seed, before)
    made.measured["seconds"] = time.process_time() - began
    made.model.eval()
    return made


def _text(recipe: Recipe) -> tuple[list[texts.Piece], list[str]]:
    """What a model reads, and the texts for its tokenizer: each source as often as the model reads it."""
    pieces = texts.corpus(recipe.characters)
    return pieces, [f"{p.title} {p.text}" for p in pieces for _ in range(pretrain.OFTEN[p.source])]


def encoder(recipe: Recipe, seed: int, before: dict[str, Made]) -> Made:
    """A BERT that first guesses hidden words and then learns which two texts belong together."""
    pieces, all_texts = _text(recipe)
    tokenizer = vocabulary.wordpiece(all_texts, recipe.vocabulary, recipe.lowercase)
    draw = torch.Generator().manual_seed(seed)
    ids = pretrain.stream(tokenizer, pieces, draw)
    model = new_bert(recipe, tokenizer, ids)
    batches = pretrain.batches(ids, recipe.tokens, [64, 64, 64, 128], draw)
    mask_id = WORDPIECE_SPECIALS.index("[MASK]")
    losses = pretrain.fit(
        model, recipe.reading, recipe.rate, lambda _: pretrain.masked_loss(model, next(batches), mask_id, draw)
    )
    measured = {"first loss": losses[0], "masked loss": mean_of_last(losses)}
    measured["recall before"] = measure.embedding_recall(model.bert, tokenizer, recipe.longest)
    if recipe.matching:
        measured["matching loss"] = match(
            recipe, seed, model, tokenizer, pieces, lambda: pretrain.masked_loss(model, next(batches), mask_id, draw)
        )
        measured["recall"] = measure.embedding_recall(model.bert, tokenizer, recipe.longest)
    settle(model)
    return Made(recipe, model, tokenizer, measured)


def settle(model: Any) -> None:
    """What `from_pretrained` takes for fine-tuning: BERT's own dropout, and its own scale for a new head."""
    model.config.hidden_dropout_prob, model.config.initializer_range = DROPOUT, 0.02
    drop(model, DROPOUT)


def new_bert(recipe: Recipe, tokenizer: Tokenizer, ids: Tensor) -> Any:
    """BERT before training; its head starts from how often each token comes, which it would learn first anyway."""
    from transformers import BertConfig, BertForMaskedLM

    config = BertConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=recipe.width, num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads, intermediate_size=recipe.inner, max_position_embeddings=recipe.longest,
        hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, initializer_range=INITIAL,
    )  # fmt: skip
    model = BertForMaskedLM(config)
    counts = torch.bincount(ids, minlength=config.vocab_size) + 1.0
    with torch.no_grad():
        model.bert.embeddings.position_embeddings.weight.mul_(0.3)
        model.bert.embeddings.token_type_embeddings.weight.zero_()
        model.cls.predictions.bias.copy_(torch.log(counts / counts.sum()))
    return model


def match(recipe: Recipe, seed: int, model: Any, tokenizer: Tokenizer, pieces: list[texts.Piece], guess: Any) -> float:
    """The contrastive steps, every fourth with masked words beside it, to keep those. Returns the last loss."""
    draw, by_source = random.Random(seed), {name: [p for p in pieces if p.source == name] for name in contrast.SHARES}

    def loss(step: int) -> Tensor:
        both = contrast.pairs(by_source, recipe.pairs, draw)
        close = contrast.contrastive_loss(model.bert, tokenizer, both, VIEW)
        return close + 0.5 * guess() if step % 4 == 0 else close

    losses = pretrain.fit(model, recipe.matching, recipe.rate, loss)
    return mean_of_last([value for step, value in enumerate(losses) if step % 4])


def decoder(recipe: Recipe, seed: int, before: dict[str, Made]) -> Made:
    """A Llama that learns to go on with a text."""
    from transformers import LlamaConfig, LlamaForCausalLM

    pieces, all_texts = _text(recipe)
    tokenizer = vocabulary.byte_level(all_texts, recipe.vocabulary)
    draw = torch.Generator().manual_seed(seed)
    ids = pretrain.stream(tokenizer, pieces, draw, end=0)
    config = LlamaConfig(
        vocab_size=tokenizer.get_vocab_size(), hidden_size=recipe.width, num_hidden_layers=recipe.layers,
        num_attention_heads=recipe.heads, num_key_value_heads=recipe.heads, intermediate_size=recipe.inner,
        max_position_embeddings=recipe.longest, tie_word_embeddings=True, initializer_range=INITIAL,
        bos_token_id=None, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    batches = pretrain.batches(ids, recipe.tokens, [128, 256], draw)
    losses = pretrain.fit(model, recipe.reading, recipe.rate, lambda _: pretrain.next_loss(model, next(batches)))
    return Made(recipe, model, tokenizer, {"first loss": losses[0], "next loss": mean_of_last(losses)})


def classifier(recipe: Recipe, seed: int, before: dict[str, Made]) -> Made:
    """The base with a head of two labels, trained on the posts to train on."""
    from transformers import BertForSequenceClassification

    base = before[recipe.base]
    config = copy.deepcopy(base.model.config)
    config.num_labels, config.id2label, config.label2id = 2, {0: "vents", 1: "asks"}, {"vents": 0, "asks": 1}
    model = BertForSequenceClassification(config)
    model.bert.load_state_dict(base.model.bert.state_dict(), strict=False)  # the pooler stays new
    found, labels = texts.posts("train")
    draw = torch.Generator().manual_seed(seed)
    order = cycle(chunk for _ in range(20) for chunk in torch.randperm(len(found), generator=draw).split(32))

    def loss(step: int) -> Tensor:
        chosen = next(order)
        ids, kept = contrast.padded(base.tokenizer, [found[i] for i in chosen.tolist()], recipe.longest)
        logits = model(input_ids=ids, attention_mask=kept).logits
        return nn.functional.cross_entropy(logits, torch.tensor(labels)[chosen])

    losses = pretrain.fit(model, recipe.tuning, recipe.rate, loss)
    measured = {
        "tuning loss": mean_of_last(losses),
        "accuracy": measure.accuracy(model, base.tokenizer, recipe.longest),
    }
    return Made(recipe, model, base.tokenizer, measured)


def drop(model: Any, share: float) -> None:
    """Set the share that every dropout of a model drops."""
    for module in model.modules():
        if isinstance(module, nn.Dropout):
            module.p = share


def mean_of_last(losses: list[float], share: float = 0.1) -> float:
    """The mean of the last tenth of a curve."""
    tail = losses[-max(1, int(len(losses) * share)) :]
    return sum(tail) / len(tail)
