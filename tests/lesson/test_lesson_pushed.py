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
    "an unheard type": (lambda f: config(f, model_type="unheard"), "config.json makes no model"),
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


def test_a_weight_of_another_shape_is_said(files: Files) -> None:
    with pytest.raises(lesson.LessonError, match="^from_pretrained does not load it: "):
        lesson.load_pushed(config(files, intermediate_size=48))


def test_a_class_that_is_none_is_said(files: Files) -> None:
    for name in ("pipeline", "AutoModelForNothing"):
        with pytest.raises(lesson.LessonError, match=f"^{name} is no class of transformers for models$"):
            lesson.load_pushed(files, name)
