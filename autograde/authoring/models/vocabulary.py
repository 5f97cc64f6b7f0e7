"""Tokenizers for the tiny models, trained on what the models read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

WORDPIECE_SPECIALS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
END = "<|end|>"


def wordpiece(texts: Iterable[str], size: int, lowercase: bool) -> Tokenizer:
    """BERT's kind: words cut into pieces, pieces inside a word marked ##, [CLS] and [SEP] around a text."""
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]", max_input_chars_per_word=100))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=lowercase)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece(prefix="##")
    trainer = trainers.WordPieceTrainer(
        vocab_size=size, special_tokens=WORDPIECE_SPECIALS, limit_alphabet=150, show_progress=False
    )
    tokenizer.train_from_iterator(texts, trainer)
    ends = [(name, tokenizer.token_to_id(name)) for name in ("[CLS]", "[SEP]")]
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=ends
    )
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
