"""Tokenizers for the tiny models, trained on what the models read."""

from __future__ import annotations

import json
import string
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDPIECE_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
END = "<|end|>"


def wordpiece(texts: Iterable[str], size: int, lowercase: bool) -> Tokenizer:
    """BERT's kind: words cut into pieces, pieces inside a word marked ##, [CLS] and [SEP] around a text."""
    tokenizer = _words(models.WordPiece(unk_token="[UNK]"), lowercase)
    texts = list(texts)
    found = set("".join(tokenizer.normalizer.normalize_str(text) for text in texts))
    letters = sorted(letter for letter in found if letter != " " and not stands_alone(letter))
    # The trainer numbers the letters inside of words in the order of a hash table, another one in each run: so they are
    # named beforehand, as if they were special, and the vocabulary goes into a tokenizer to which they are not.
    first = WORDPIECE_SPECIALS + [f"##{letter}" for letter in letters]
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=first, limit_alphabet=len(found), show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    made = _words(models.WordPiece(tokenizer.get_vocab(with_added_tokens=True), unk_token="[UNK]"), lowercase)
    made.add_special_tokens(WORDPIECE_SPECIALS)
    ends = [(name, made.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    made.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
    return made


def stands_alone(letter: str) -> bool:
    """Whether BERT takes a character for punctuation, a word of its own: signs of ASCII, and what Unicode calls so."""
    return letter in string.punctuation or unicodedata.category(letter).startswith("P")


def _words(model: Any, lowercase: bool) -> Tokenizer:
    """A tokenizer that cuts a text into words and hands each to the model."""
    tokenizer = Tokenizer(model)
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    return tokenizer


def byte_level(texts: Iterable[str], size: int) -> Tokenizer:
    """The kind of GPT-2 and Llama 3: byte-pair encoding over bytes, so that any text goes through it and back."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path, longest: int, lowercase: bool | None) -> None:
    """tokenizer.json and tokenizer_config.json as `AutoTokenizer` reads them; lowercase: None for byte-level."""
    tokenizer.no_padding()
    tokenizer.no_truncation()
    (folder / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
    settings: dict[str, Any] = {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": longest}
    settings["clean_up_tokenization_spaces"] = False
    if lowercase is None:
        settings |= {"eos_token": END, "pad_token": END, "model_input_names": ["input_ids", "attention_mask"]}
    else:
        names = ("pad_token", "unk_token", "cls_token", "sep_token", "mask_token")
        settings |= dict(zip(names, WORDPIECE_SPECIALS, strict=True)) | {"do_lower_case": lowercase}
        settings["model_input_names"] = ["input_ids", "token_type_ids", "attention_mask"]
    text = json.dumps(settings, indent=2, sort_keys=True) + "\n"
    (folder / "tokenizer_config.json").write_text(text, encoding="utf-8")
