"""Words for things: what kind of object an answer is, how a number, a shape or a place is written."""

from __future__ import annotations

import numbers
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import torch


def is_array(value: Any) -> bool:
    """Is this a numpy array? numpy is looked up, never imported."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def is_number(value: Any) -> bool:
    """An int, float or complex, numpy's included; a bool is not a number."""
    numpy = sys.modules.get("numpy")
    if isinstance(value, bool) or (numpy is not None and isinstance(value, numpy.bool_)):
        return False
    return isinstance(value, numbers.Number)


def is_bool(value: Any) -> bool:
    """True or False, numpy's included."""
    numpy = sys.modules.get("numpy")
    return isinstance(value, bool) or (numpy is not None and isinstance(value, numpy.bool_))


def kind(value: Any) -> str:
    """What sort of thing this is, for "your answer is …": "a list", "a tensor", "None"."""
    if value is None:
        return "None"
    if is_bool(value):
        return "a bool"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    known: list[tuple[Any, str]] = [
        (torch.nn.Parameter, "a parameter"), (torch.Tensor, "a tensor"), (torch.nn.Module, "a module"),
        (torch.Size, "a torch.Size"), (torch.dtype, "a dtype"), (torch.device, "a device"), (str, "a string"),
        (int, "an int"), (float, "a float"), (complex, "a complex number"), (list, "a list"), (tuple, "a tuple"),
        (dict, "a dict"), (set, "a set"), (bytes, "bytes"), (range, "a range"),
    ]  # fmt: skip
    for cls, words in known:
        if isinstance(value, cls):
            return words
    if is_array(value):
        return "a numpy array"
    if is_number(value):
        return "a number"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__} itself"
    name = type(value).__name__
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def shape_text(shape: Iterable[int | None]) -> str:
    """(2, 4, 8); an axis that may have any size is written as any; no axes: ()."""
    sizes = ["any" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def dtype_text(dtype: torch.dtype) -> str:
    """float32, not torch.float32."""
    return str(dtype).removeprefix("torch.")


def number_text(value: Any) -> str:
    """A number as a student would write it: up to six significant digits, integers in full."""
    if isinstance(value, torch.Tensor):
        value = value.item()
    if is_number(value) and not isinstance(value, (int, complex)):
        value = float(value)
    if isinstance(value, float):
        return repr(round(value, 4)) if value == round(value, 4) and abs(value) < 1e6 else f"{value:.6g}"
    return repr(value)


def short(value: Any, limit: int = 80) -> str:
    """A value on one line, cut at `limit` characters."""
    if isinstance(value, torch.Tensor):
        text = number_text(value) if value.dim() == 0 else str(value.detach().tolist())
    elif is_number(value):
        text = number_text(value)
    elif isinstance(value, (torch.dtype, torch.device)):
        text = str(value)
    elif isinstance(value, torch.Size):
        text = shape_text(value)
    else:
        text = repr(value)
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1] + "…"


def place_text(index: Sequence[int]) -> str:
    """[0, 3]; nothing for the one place of a scalar."""
    return f"[{', '.join(str(i) for i in index)}]" if len(index) else ""


def times(count: int, noun: str) -> str:
    """1 place, 2 places."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def listed(items: Sequence[str]) -> str:
    """a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
