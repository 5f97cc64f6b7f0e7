"""What somebody pushed, loaded as a stranger would load it, and with more care: the files are another person's."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson.hub import cards
from autograde.lesson.hub.names import Refused, file_path
from autograde.lesson.hub.objects import read
from autograde.lesson.pushed_tokenizer import safe_files
from autograde.lesson.trouble import LessonError

MOST_BYTES = 64 << 20  # of all files
MOST_FILES = 100
MOST_JSON = 16 << 20  # bytes of a JSON file: a large vocabulary has a few million
MOST_LAYERS, MOST_NUMBER = 48, 1_000_000  # of a config: what a model of the course's size may ask for
# What a loader may look at besides the tokenizer (pushed_tokenizer.py); the rest stays out of its sight.
LOADED = ("config.json", "generation_config.json", "model.safetensors")
JSON = ("config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json")
# Plain models of text. Others share weights between thousands of layers, compute tables, ask for further models.
MODELS = (
    "bert", "camembert", "deberta-v2", "distilbert", "electra", "gpt2", "gpt_neox", "llama", "mistral", "modernbert",
    "mpnet", "qwen2", "qwen3", "roberta", "smollm3", "xlm-roberta",
)  # fmt: skip
PICKLES = (".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".joblib", ".npy", ".npz", ".h5", ".msgpack")
# Words of a config that make a loader fetch or run something else.
RUNS = ("auto_map", "custom_pipelines", "quantization_config", "custom_generate", "transformers_weights")
TRIAL = "A trial, nothing else: unbelievably short, and with a sign 🙂 that no vocabulary of ours has. Or does yours?"


@dataclass(frozen=True)
class Pushed:
    """A repository that could be loaded: its model, its tokenizer, and its card's metadata and text."""

    model: Any
    tokenizer: Any
    metadata: dict[str, Any]
    card: str


def load_pushed(files: Mapping[str, bytes], auto_class: str = "AutoModelForSequenceClassification") -> Pushed:
    """Load a repository's files (`hub.pushed_files`) with `from_pretrained`: safetensors, no code of theirs, float32.

    One text goes through both, so that what loads also runs. auto_class: a class of transformers that begins with
    "AutoModel". Raises LessonError where they cannot be loaded or hold what nobody should load: a pickle, remote code,
    paths that lead out, a tokenizer that does more than cut, numbers that no small model has.
    """
    import transformers

    checked = _checked(files)
    made = getattr(transformers, auto_class, None) if auto_class.startswith("AutoModel") else None
    if made is None:
        raise LessonError(f"{auto_class} is no class of transformers for models")
    with tempfile.TemporaryDirectory(prefix="measure_first-pushed-") as place:
        folder = Path(place)
        shown = {name: checked[name] for name in LOADED if name in checked} | safe_files(checked)
        for name, data in shown.items():
            (folder / name).write_bytes(data)
        _fits(transformers, made, folder)
        text = checked.get("README.md", b"").decode("utf-8", "replace")[: cards.MOST_TEXT]
        options = {"trust_remote_code": False, "local_files_only": True}
        try:
            weights = options | {"use_safetensors": True, "attn_implementation": "eager", "dtype": "float32"}
            model = made.from_pretrained(place, **weights).eval()
            tokenizer = transformers.AutoTokenizer.from_pretrained(place, **options)
            _try(model, tokenizer)
        except Exception as error:
            raise LessonError(f"from_pretrained does not load it: {type(error).__name__}: {_line(error)}") from error
    return Pushed(model, tokenizer, cards.metadata(text)[0], text)


def _checked(files: object) -> dict[str, bytes]:
    """The files, if they are such as may be looked at."""
    if not isinstance(files, Mapping) or not all(isinstance(data, bytes) for data in files.values()):
        raise LessonError("these are no files: expected a dict of name → bytes, as hub.pushed_files returns it")
    if len(files) > MOST_FILES or sum(map(len, files.values())) > MOST_BYTES:
        raise LessonError(f"this repository is too large: {MOST_FILES} files and {MOST_BYTES >> 20} MiB are the limit")
    for name in files:
        try:
            file_path(name)
        except Refused as refused:
            raise LessonError(refused.why) from None
        if str(name).lower().endswith(PICKLES):
            raise LessonError(f"{name} may hold a pickle: who loads it, runs what is in it. Push safetensors.")
    for needed in ("config.json", "model.safetensors"):
        if needed not in files:
            raise LessonError(f"there is no {needed} among {', '.join(sorted(files)) or 'no files'}")
    checked = dict(files)
    for name in JSON:
        if name in checked:
            _without_code(name, checked[name])
    kind = json.loads(checked["config.json"])
    if not isinstance(kind, dict) or kind.get("model_type") not in MODELS:
        said = kind.get("model_type") if isinstance(kind, dict) else None
        raise LessonError(f"config.json: the model_type {str(said)[:40]!r} is none that is loaded here")
    return checked


def _without_code(name: str, data: bytes) -> None:
    """Raises LessonError for a JSON file that cannot be read, that runs something, or has numbers out of bounds."""
    try:
        made = json.loads(data) if len(data) <= MOST_JSON else None
    except (ValueError, RecursionError) as error:
        raise LessonError(f"{name} is no JSON: {_line(error)}") from error
    if not isinstance(made, (dict, list)):
        raise LessonError(f"{name} is no JSON object, or a very large one")
    todo: list[Any] = [made]
    while todo:
        value = todo.pop()
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            if key in RUNS:
                raise LessonError(f"{name} has {key!r}: it makes a loader run or fetch something else")
            if name == "config.json" and isinstance(inner, (int, float)) and not isinstance(inner, bool):
                most = MOST_LAYERS if "layer" in str(key) and "norm" not in str(key) else MOST_NUMBER
                if not -most <= inner <= most:
                    raise LessonError(
                        f"{name}: {key} is {str(inner)[:20]}; up to {most} is a model of this course's size"
                    )
            if isinstance(inner, (dict, list)):
                todo.append(inner)


def _fits(transformers: Any, made: Any, folder: Path) -> None:
    """Whether the config asks for about as many numbers as the weights hold: a loader makes up all that is missing."""
    import torch

    place = folder / "model.safetensors"
    said = sum(cards.parameters({place.name: read(place.name, place)}).values())
    held = min(said, place.stat().st_size)  # no number takes less than a byte, whatever the header says
    try:
        config = transformers.AutoConfig.from_pretrained(folder, trust_remote_code=False, local_files_only=True)
        with torch.device("meta"):
            wanted = sum(p.numel() for p in made.from_config(config, trust_remote_code=False).parameters())
    except Exception as error:
        raise LessonError(f"config.json makes no model: {type(error).__name__}: {_line(error)}") from error
    if wanted > 2 * held + 100_000:
        raise LessonError(f"config.json asks for {wanted:,} numbers and model.safetensors holds {held:,}")


def _try(model: Any, tokenizer: Any) -> None:
    """Let the model read a text. Raises whatever goes wrong."""
    import torch

    batch = tokenizer(TRIAL, truncation=True, max_length=64, return_tensors="pt")
    with torch.no_grad():
        model(**batch)


def _line(error: BaseException) -> str:
    """An error's message in one line."""
    return " ".join(str(error).split())[:300] or type(error).__name__
