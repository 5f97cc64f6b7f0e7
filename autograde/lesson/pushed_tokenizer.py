"""What a tokenizer that somebody pushed may tell a loader: pieces, marks and a few switches, and no more.

A tokenizer is a small program, and its settings become arguments of the loader's. Left alone, they name files of the
machine that loads it ("vocab", "merges", "init_inputs"), of which an error then quotes a word; replace one letter by
ten, nine times over; or cut by a pattern that goes back and forth over a line for years.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from autograde.lesson.trouble import LessonError

SETTINGS = (
    "cls_token", "sep_token", "pad_token", "unk_token", "mask_token", "bos_token", "eos_token", "added_tokens_decoder",
    "do_lower_case", "strip_accents", "tokenize_chinese_chars", "clean_up_tokenization_spaces", "add_prefix_space",
    "model_input_names", "model_max_length", "padding_side", "truncation_side",
)  # fmt: skip
# Parts of a tokenizer.json, by where they stand.
KINDS = {
    "normalizer": "BertNormalizer Lowercase NFC NFD NFKC NFKD Nmt Prepend Replace Sequence Strip StripAccents",
    "pre_tokenizer": "BertPreTokenizer ByteLevel Digits Metaspace Punctuation Sequence Whitespace WhitespaceSplit",
    "model": "BPE Unigram WordLevel WordPiece",
    "post_processor": "BertProcessing ByteLevel RobertaProcessing Sequence TemplateProcessing",
    "decoder": "BPEDecoder ByteFallback ByteLevel Fuse Metaspace Replace Sequence Strip WordPiece",
}
MOST_PARTS = 8  # of one place: some double a text
MOST_MARKS = 8  # that are put around a text, and ids of each


def safe_files(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The tokenizer's files as a loader may see them. Raises LessonError where there are none, or such as act.

    files: the repository's, whose JSON is known to be JSON.
    """
    made: dict[str, bytes] = {}
    if "tokenizer.json" in files:
        kind, made["tokenizer.json"] = "PreTrainedTokenizerFast", _safe_tokenizer(json.loads(files["tokenizer.json"]))
    elif "vocab.txt" in files:
        kind, made["vocab.txt"] = "BertTokenizer", files["vocab.txt"]
    else:
        raise LessonError(f"there is no tokenizer.json among {', '.join(sorted(files))}: push the tokenizer, too")
    told: dict[str, Any] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        words = json.loads(files.get(name, b"{}"))
        told |= {key: words[key] for key in SETTINGS if isinstance(words, dict) and key in words}
    made["tokenizer_config.json"] = json.dumps(told | {"tokenizer_class": kind}).encode()
    return made


def _safe_tokenizer(words: Any) -> bytes:
    """A tokenizer.json all of whose parts are known and small; its padding and truncation are the caller's."""
    if not isinstance(words, dict):
        raise LessonError("tokenizer.json is no JSON object")
    for place, known in KINDS.items():
        parts = list(_parts(words.get(place)))
        if len(parts) > MOST_PARTS:
            raise LessonError(f"tokenizer.json: {len(parts)} parts of the {place}; up to {MOST_PARTS} is a tokenizer")
        for part in parts:
            if part.get("type") not in known.split():
                kind = str(part.get("type"))[:40]
                raise LessonError(f"tokenizer.json: the {place} {kind!r} is none that is loaded here")
            try:
                _check_part(part)
            except (AttributeError, KeyError, TypeError) as error:
                raise LessonError(f"tokenizer.json: a {place} that is none: {type(error).__name__}") from error
    return json.dumps(words | {"padding": None, "truncation": None}).encode()


def _parts(part: Any) -> Iterator[dict[str, Any]]:
    """A part and, of a sequence, the parts in it."""
    todo = [part]
    while todo:
        part = todo.pop()
        if isinstance(part, dict):
            yield part
            for inner in ("normalizers", "pretokenizers", "processors", "decoders"):
                todo += part[inner] if isinstance(part.get(inner), list) else []


def _check_part(part: dict[str, Any]) -> None:
    """Raises LessonError for a part that makes a text much longer, or takes a pattern's word for anything."""
    kind, pattern = part["type"], part.get("pattern")
    if kind == "Replace":
        text = pattern.get("String") if isinstance(pattern, dict) else None
        if not isinstance(text, str) or not 0 <= len(str(part.get("content"))) <= max(len(text), 1):
            raise LessonError("tokenizer.json: it replaces by a pattern, or a text by a longer one")
    if kind == "Prepend" and len(str(part.get("prepend"))) > MOST_MARKS:
        raise LessonError("tokenizer.json: it puts a long text in front of each")
    if kind == "TemplateProcessing":
        marks = part.get("special_tokens")
        long = [mark for mark in marks.values() if len(mark["ids"]) > MOST_MARKS] if isinstance(marks, dict) else []
        if long or any(len(part.get(name) or []) > MOST_MARKS for name in ("single", "pair")):
            raise LessonError(f"tokenizer.json: it puts more than {MOST_MARKS} marks around a text")
