"""What was pushed loads as a stranger would load it; what nobody should load is refused before any loader sees it."""

from __future__ import annotations

import json
import pickle
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from hub_sample import lay_out

from autograde import lesson

Files = dict[str, bytes]


SPRUNG: list[str] = []


def spring(word: str) -> None:
    """What an attacker's pickle would run."""
    SPRUNG.append(word)


class Trap:
    """Says so where it is unpickled."""

    def __reduce__(self) -> Any:
        return spring, ("unpickled",)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Files:
    folder = lay_out(tmp_path_factory.mktemp("hub")) / "models/measure-first/tiny-encoder"
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture
def files(sample: Files) -> Files:
    return dict(sample)


def config(files: Files, **words: Any) -> Files:
    """With other words in config.json."""
    return files | {"config.json": json.dumps(json.loads(files["config.json"]) | words).encode()}


def test_a_pushed_model_its_tokenizer_and_its_card_are_loaded(files: Files) -> None:
    pushed = lesson.load_pushed(files)
    assert type(pushed.model).__name__ == "BertForSequenceClassification" and not pushed.model.training
    assert pushed.tokenizer("how do i")["input_ids"] == [5, 6, 7]
    assert pushed.metadata["license"] == "mit" and "# measure-first/tiny-encoder" in pushed.card
    held = pushed.model.state_dict()["bert.embeddings.word_embeddings.weight"]
    assert held.dtype == torch.float32 and held.shape == (17, 16)


def test_other_files_stay_out_of_the_loaders_sight(files: Files) -> None:
    lesson.load_pushed(files | {"adapter_config.json": b"not json", "modeling_evil.py": b"1 / 0", "a/b.txt": b""})


def lying_header(numbers: int) -> bytes:
    """A safetensors file that claims to hold so many numbers."""
    header = json.dumps({"w": {"dtype": "F32", "shape": [numbers], "data_offsets": [0, 4 * numbers]}}).encode()
    return struct.pack("<Q", len(header)) + header


def tokenizer(files: Files, **words: Any) -> Files:
    """With other words in tokenizer.json."""
    return files | {"tokenizer.json": json.dumps(json.loads(files["tokenizer.json"]) | words).encode()}


def replace(pattern: dict[str, str], content: str) -> dict[str, Any]:
    """A normaliser that replaces."""
    return {"type": "Replace", "pattern": pattern, "content": content}


def marks(ids: list[int]) -> dict[str, Any]:
    """A post-processor that puts a mark in front."""
    mark = {"SpecialToken": {"id": "x", "type_id": 0}}
    named = {"x": {"id": "x", "ids": ids, "tokens": ["x"] * len(ids)}}
    return {"type": "TemplateProcessing", "single": [mark], "pair": [mark], "special_tokens": named}


def shorter(files: Files, positions: int) -> Files:
    """With positions for a few tokens only, in config and weights alike."""
    from safetensors.torch import load, save

    weights = load(files["model.safetensors"])
    (name,) = (name for name in weights if "position_embeddings" in name)
    weights[name] = weights[name][:positions].contiguous()
    made = config(files, max_position_embeddings=positions)
    return made | {"model.safetensors": save(weights, metadata={"format": "pt"})}


def reading_tokenizer() -> Files:
    """Settings that name files of whoever loads them: tokenizers quotes a word of them in its error."""
    words = {"tokenizer_class": "GPT2Tokenizer", "vocab": "/etc/hostname", "merges": "/etc/passwd"}
    return {"tokenizer_config.json": json.dumps(words).encode()}


ATTACKS: dict[str, tuple[Callable[[Files], Any], str]] = {
    "a pickle beside": (
        lambda f: f | {"pytorch_model.bin": pickle.dumps(Trap())},
        "pytorch_model.bin may hold a pickle",
    ),
    "a pickle in place": (
        lambda f: f | {"model.safetensors": pickle.dumps(Trap())},
        "does not load it: SafetensorError",
    ),
    "a pickle in a folder": (lambda f: f | {"x/Y.PKL": pickle.dumps(Trap())}, "x/Y.PKL may hold a pickle"),
    "remote code": (
        lambda f: config(f, auto_map={"AutoConfig": "evil.Config"}) | {"evil.py": b"1 / 0"},
        "config.json has 'auto_map'",
    ),
    "remote code of another repository": (
        lambda f: config(f, auto_map={"AutoConfig": "a/b--evil.Config"}, model_type="unheard"),
        "config.json has 'auto_map'",
    ),
    "remote code of a tokenizer": (
        lambda f: f | {"tokenizer_config.json": b'{"auto_map": {"AutoTokenizer": ["a/b--t.T", null]}}'},
        "tokenizer_config.json has 'auto_map'",
    ),
    "remote code, nested": (lambda f: config(f, text_config=[{"auto_map": {}}]), "config.json has 'auto_map'"),
    "a quantiser": (lambda f: config(f, quantization_config={"quant_method": "x"}), "has 'quantization_config'"),
    "a way out": (lambda f: f | {"../evil.json": b"{}"}, "'../evil.json' is no path of a file"),
    "an absolute way out": (lambda f: f | {"/tmp/evil.json": b"{}"}, "'/tmp/evil.json' is no path of a file"),
    "millions of layers": (lambda f: config(f, num_hidden_layers=10**9), "num_hidden_layers is 1000000000; up to 48"),
    "a huge vocabulary": (lambda f: config(f, vocab_size=10**12), "vocab_size is 1000000000000; up to 1000000 is"),
    "more numbers than it holds": (lambda f: config(f, vocab_size=900_000), "config.json asks for 14,4"),
    "nested without end": (lambda f: f | {"config.json": b"[" * 100_000}, "config.json is no JSON"),
    "no object": (lambda f: f | {"config.json": b"7"}, "config.json is no JSON object"),
    "a header that lies": (
        lambda f: f | {"model.safetensors": struct.pack("<Q", 1 << 62) + b"{}"},
        "does not load it: SafetensorError",
    ),
    "shapes that lie": (
        lambda f: config(f, vocab_size=900_000) | {"model.safetensors": lying_header(10**12)},
        "config.json asks for 14,4",
    ),
    "an unheard type": (lambda f: config(f, model_type="unheard"), "the model_type 'unheard' is none that is loaded"),
    "layers by the thousand on the same weights": (
        lambda f: config(f, model_type="albert", inner_group_num=100_000),
        "the model_type 'albert' is none that is loaded here",
    ),
    "weights that lie elsewhere": (
        lambda f: config(f, transformers_weights="../other.safetensors"),
        "config.json has 'transformers_weights'",
    ),
    "merges that are a file of the loader's": (
        lambda f: {n: d for n, d in f.items() if n != "tokenizer.json"} | reading_tokenizer(),
        "there is no tokenizer.json among",
    ),
    "a normaliser that grows": (
        lambda f: tokenizer(f, normalizer=replace({"String": "e"}, "eeeeeeeeee")),
        "it replaces by a pattern, or a text by a longer one",
    ),
    "a normaliser that goes by a pattern": (
        lambda f: tokenizer(f, normalizer=replace({"Regex": "(a+)+b"}, "")),
        "it replaces by a pattern, or a text by a longer one",
    ),
    "a replacement without a content": (
        lambda f: tokenizer(f, normalizer={"type": "Replace", "pattern": "e"}),
        "it replaces by a pattern, or a text by a longer one",
    ),
    "words cut by a pattern": (
        lambda f: tokenizer(f, pre_tokenizer={"type": "Split", "pattern": {"Regex": "(a+)+b"}, "behavior": "Isolated"}),
        "the pre_tokenizer 'Split' is none that is loaded here",
    ),
    "parts that each double a text": (
        lambda f: tokenizer(f, pre_tokenizer={"type": "Sequence", "pretokenizers": [{"type": "ByteLevel"}] * 40}),
        "41 parts of the pre_tokenizer; up to 8 is a tokenizer",
    ),
    "marks by the million": (
        lambda f: tokenizer(f, post_processor=marks(ids=[1] * 1_000_000)),
        "it puts more than 8 marks around a text",
    ),
    "marks that are none": (
        lambda f: tokenizer(f, post_processor={"type": "TemplateProcessing", "special_tokens": {"x": 7}}),
        "a post_processor that is none: TypeError",
    ),
    "positions for three tokens": (
        lambda f: shorter(f, 3),
        "from_pretrained does not load it: ",
    ),
    "a piece for unknown words that is none": (
        lambda f: tokenizer(f, model={"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "x"}),
        "from_pretrained does not load it: ",
    ),
    "no weights": (lambda f: {n: d for n, d in f.items() if "safetensors" not in n}, "there is no model.safetensors"),
    "many files": (lambda f: f | {f"{n}.txt": b"" for n in range(200)}, "this repository is too large"),
    "no bytes": (lambda f: f | {"a": "text"}, "these are no files"),
    "no dict": (lambda f: [1], "these are no files"),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_nobody_should_load_is_refused_in_words_and_at_once(files: Files, name: str) -> None:
    spoil, why = ATTACKS[name]
    began = time.monotonic()
    with pytest.raises(lesson.LessonError) as error:
        lesson.load_pushed(spoil(files))
    assert why in str(error.value), str(error.value)
    assert time.monotonic() - began < 20
    assert SPRUNG == [] and not Path("/tmp/evil.json").exists()


def test_the_trap_of_these_tests_springs_where_something_is_unpickled() -> None:
    pickle.loads(pickle.dumps(Trap()))
    assert SPRUNG.pop() == "unpickled"


@pytest.mark.parametrize("name", ["tokenizer_config.json", "special_tokens_map.json"])
def test_settings_of_a_tokenizer_that_name_files_are_not_told_to_the_loader(
    files: Files, tmp_path: Path, name: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("password grader\n")
    table = tmp_path / "table.json"
    table.write_text('{"a": 0}')
    words = {"tokenizer_class": "GPT2Tokenizer", "vocab": str(table), "merges": str(secret), "vocab_file": str(secret)}
    words |= {"init_inputs": [str(table), str(secret)], "tokenizer_file": str(secret)}
    pushed = lesson.load_pushed(files | {name: json.dumps(words).encode()})
    assert pushed.tokenizer("how do i")["input_ids"] == [5, 6, 7]


def test_a_vocabulary_alone_is_read_as_berts(files: Files) -> None:
    plain = {name: data for name, data in files.items() if not name.startswith("tokenizer")}
    pushed = lesson.load_pushed(plain | {"vocab.txt": b"[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nhow\ndo\n"})
    assert pushed.tokenizer("how do i")["input_ids"] == [2, 5, 6, 1, 3]


def test_padding_and_truncation_of_a_tokenizer_are_the_callers(files: Files) -> None:
    huge = {"strategy": {"Fixed": 10**9}, "direction": "Right", "pad_to_multiple_of": None}
    huge |= {"pad_id": 0, "pad_type_id": 0, "pad_token": "[PAD]"}
    assert lesson.load_pushed(tokenizer(files, padding=huge)).tokenizer("how do i")["input_ids"] == [5, 6, 7]


def test_a_weight_of_another_shape_is_said(files: Files) -> None:
    with pytest.raises(lesson.LessonError, match="^from_pretrained does not load it: "):
        lesson.load_pushed(config(files, intermediate_size=48))


def test_a_class_that_is_none_is_said(files: Files) -> None:
    for name in ("pipeline", "AutoModelForNothing"):
        with pytest.raises(lesson.LessonError, match=f"^{name} is no class of transformers for models$"):
            lesson.load_pushed(files, name)
