"""A README's metadata, and the tags that the Hub makes of it."""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterable
from math import prod
from pathlib import Path
from typing import Any

from autograde.lesson.hub.objects import File

_FRONT = re.compile(r"\A(?:\ufeff)?\s*---[ \t]*\r?\n(.*?)\r?\n---[ \t]*(?:\r?\n|\Z)", re.DOTALL)
MOST_TEXT = 1 << 20  # bytes of a README or a config that are looked at
# What the Hub takes a model for whose card does not say it, by the end of its architecture's name.
TASKS = {
    "ForSequenceClassification": ("text-classification", "AutoModelForSequenceClassification"),
    "ForTokenClassification": ("token-classification", "AutoModelForTokenClassification"),
    "ForQuestionAnswering": ("question-answering", "AutoModelForQuestionAnswering"),
    "ForMaskedLM": ("fill-mask", "AutoModelForMaskedLM"),
    "ForCausalLM": ("text-generation", "AutoModelForCausalLM"),
    "LMHeadModel": ("text-generation", "AutoModelForCausalLM"),
    "Model": ("feature-extraction", "AutoModel"),
}


def metadata(text: str) -> tuple[dict[str, Any], str]:
    """The YAML between the two lines `---` at a README's top, and what is wrong with it ("" where nothing is)."""
    import yaml

    found = _FRONT.match(text)
    if not found:
        return {}, "there is no metadata: a card begins with a line ---, lines of YAML, and another line ---"
    try:
        made = yaml.load(found[1], Loader=_PlainLoader())
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        return {}, f"the metadata is no YAML: {' '.join(str(error).split())[:200]}"
    if not isinstance(made, dict):
        return {}, "the metadata is no list of `name: value`"
    return json.loads(json.dumps(made, default=str)), ""


def _PlainLoader() -> Any:
    """yaml's safe loader without references, which a few lines of can be made to fill the memory with."""
    import yaml

    class Loader(yaml.SafeLoader):
        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.AliasEvent):
                raise yaml.YAMLError("references (*name) are not read here")
            return super().compose_node(parent, index)

    return Loader


def text_of(file: File | None) -> str:
    """A small text file's text, "" where there is none."""
    if file is None or file.size > MOST_TEXT:
        return ""
    return file.place.read_bytes().decode("utf-8", "replace")


def card(files: dict[str, File]) -> dict[str, Any]:
    """The metadata of the repository's README; {} where there is none that can be read."""
    return metadata(text_of(files.get("README.md")))[0]


def config(files: dict[str, File]) -> dict[str, Any]:
    """What the Hub shows of a model's config.json."""
    try:
        made = json.loads(text_of(files.get("config.json")) or "{}")
    except (ValueError, RecursionError):
        return {}
    names = ("architectures", "model_type", "auto_map")
    return {name: made[name] for name in names if name in made} if isinstance(made, dict) else {}


def task(of_config: dict[str, Any]) -> tuple[str, str]:
    """Task and class that a model's architecture stands for, ("", "") where it is not known."""
    names = of_config.get("architectures")
    name = names[0] if isinstance(names, list) and names and isinstance(names[0], str) else ""
    return next((found for end, found in TASKS.items() if name.endswith(end)), ("", ""))


def parameters(files: dict[str, File]) -> dict[str, int]:
    """How many numbers of which dtype the repository's safetensors files say they hold."""
    counts: dict[str, int] = {}
    for path, file in files.items():
        if path.endswith(".safetensors"):
            for tensor in _header(file.place, file.size).values():
                if isinstance(tensor, dict) and isinstance(tensor.get("shape"), list):
                    shape = [side for side in tensor["shape"] if isinstance(side, int) and side >= 0]
                    dtype = str(tensor.get("dtype"))
                    counts[dtype] = counts.get(dtype, 0) + prod(shape)
    return counts


def _header(place: Path, size: int) -> dict[str, Any]:
    """The header of a safetensors file; {} of what is none."""
    with open(place, "rb") as file:
        first = file.read(8)
        length = struct.unpack("<Q", first)[0] if len(first) == 8 else 0
        if not 2 <= length <= min(size - 8, 8 << 20):
            return {}
        try:
            made = json.loads(file.read(length))
        except (ValueError, RecursionError):
            return {}
    return {name: made[name] for name in made if name != "__metadata__"} if isinstance(made, dict) else {}


def words(value: object) -> list[str]:
    """A metadata value as a list of words: the Hub takes one word for a list of one."""
    if isinstance(value, Iterable) and not isinstance(value, (str, dict)):
        return [str(word) for word in value]
    return [str(value)] if isinstance(value, (str, int)) and value is not True and str(value) else []


def model_tags(of_card: dict[str, Any], of_config: dict[str, Any], files: dict[str, File], task_name: str) -> list[str]:
    """What a model can be found by: library, format, architecture, task, and the card's tags, languages, licence."""
    found = words(of_card.get("library_name")) or (["transformers"] if of_config.get("model_type") else [])
    found += ["safetensors"] if any(path.endswith(".safetensors") for path in files) else []
    found += words(of_config.get("model_type")) + ([task_name] if task_name else [])
    found += words(of_card.get("tags")) + words(of_card.get("language"))
    for name, prefix in (("license", "license"), ("datasets", "dataset"), ("base_model", "base_model")):
        found += [f"{prefix}:{word}" for word in words(of_card.get(name))]
    return list(dict.fromkeys(found))


def dataset_tags(of_card: dict[str, Any]) -> list[str]:
    """What a data set can be found by: tasks, languages, licence, size and the card's own tags."""
    names = ("task_categories", "task_ids", "language", "license", "size_categories", "multilinguality")
    found = [f"{name}:{word}" for name in names for word in words(of_card.get(name))]
    return list(dict.fromkeys(found + words(of_card.get("tags"))))
