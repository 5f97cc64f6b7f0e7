"""Words for things: what kind of object an answer is, how a number, a shape or a place is written."""

from __future__ import annotations

import inspect
import math
import numbers
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import torch

Axes = str | Sequence[str] | None  # "batch time features"
MOST_BITS = 4096  # of an int that is written in full: Python refuses beyond 4300 digits, and nobody reads a tenth of it

# A torch.Size is a tuple and a Parameter a tensor: the narrower first.
KINDS: list[tuple[type, str]] = [
    (torch.nn.Parameter, "a parameter"),
    (torch.Tensor, "a tensor"),
    (torch.nn.Module, "a module"),
    (torch.Size, "a torch.Size"),
    (torch.dtype, "a dtype"),
    (torch.device, "a device"),
    (str, "a string"),
    (int, "an int"),
    (float, "a float"),
    (complex, "a complex number"),
    (list, "a list"),
    (tuple, "a tuple"),
    (dict, "a dict"),
    (set, "a set"),
    (bytes, "bytes"),
    (range, "a range"),
]


def is_array(value: Any) -> bool:
    """Is this a numpy array? numpy is looked up, never imported."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and isinstance(value, numpy.ndarray)


def is_bool(value: Any) -> bool:
    """True or False, numpy's included."""
    numpy = sys.modules.get("numpy")
    return isinstance(value, bool) or (numpy is not None and isinstance(value, numpy.bool_))


def is_number(value: Any) -> bool:
    """An int, float or complex, numpy's included. A bool is not a number."""
    return isinstance(value, numbers.Number) and not is_bool(value)


def is_nan(value: Any) -> bool:
    """A number that is not a number."""
    return is_number(value) and bool(value != value)


def plain(value: Any) -> Any:
    """The Python number or bool of a numpy scalar or a 0-d tensor or array; anything else as it is."""
    numpy = sys.modules.get("numpy")
    if numpy is not None and isinstance(value, (numpy.generic, numpy.ndarray)) and value.ndim == 0:
        return value.item()
    if isinstance(value, torch.Tensor) and value.dim() == 0 and value.device.type != "meta":
        return value.detach().item()
    return value


def array_tensor(array: Any) -> torch.Tensor:
    """A tensor of a numpy array of numbers or bools. A copy: torch warns about arrays that cannot be written to.

    Wider floats than torch has come out as float64 (complex128), another machine's byte order as this one's.
    """
    wide = {"g": "f8", "G": "c16"}.get(array.dtype.char)
    return torch.from_numpy(array.astype(wide or array.dtype.newbyteorder("="), copy=True))


def is_finite(value: Any) -> bool:
    """A real number that fits into a float and is neither NaN nor inf."""
    try:
        return math.isfinite(value)
    except (OverflowError, ValueError):  # an int beyond float's range; a Decimal's signalling NaN
        return False


def kind(value: Any) -> str:
    """What sort of thing this is, for "your answer is …": "a list", "a tensor", "None"."""
    if value is None:
        return "None"
    if is_bool(value):
        return str(bool(value))
    if isinstance(value, type):
        return f"the class {value.__name__}, not an object made from it"
    if is_array(value):
        return "a numpy array"
    for cls, words in KINDS:
        if isinstance(value, cls):
            return words
    if is_number(value):
        return "a number"
    if inspect.isgenerator(value):
        return "a generator"
    if callable(value) and hasattr(value, "__name__"):
        return f"the function {value.__name__}, not what it returns"
    return with_article(type(value).__name__)


def with_article(noun: str) -> str:
    """a ValueError, an IndexError."""
    return f"{'an' if noun[:1].lower() in set('aeiou') else 'a'} {noun}"


def shape_text(shape: Iterable[int | None]) -> str:
    """(2, 4, 8); an axis that may have any size is written as any; no axes: ()."""
    sizes = ["any" if size is None else str(size) for size in shape]
    return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"


def dtype_text(dtype: torch.dtype) -> str:
    """float32, not torch.float32."""
    return str(dtype).removeprefix("torch.")


def number_text(value: Any, digits: int = 6) -> str:
    """A number as a student would write it: integers in full, floats with up to `digits` significant digits."""
    value = plain(value)
    if isinstance(value, int) and value.bit_length() > MOST_BITS:
        return f"an int of {value.bit_length():,} bits"
    if isinstance(value, (int, complex)) or not is_number(value):
        return repr(value)
    value = float(value)
    if not math.isfinite(value):
        return "NaN" if value != value else repr(value)
    text = f"{value:.{digits}g}"
    return text if any(sign in text for sign in ".e") else text + ".0"


def pair_text(expected: Any, got: Any) -> tuple[str, str]:
    """Two numbers, written with as many digits as it takes to tell them apart (6 to 17)."""
    for digits in range(6, 18):
        texts = number_text(expected, digits), number_text(got, digits)
        if texts[0].removesuffix(".0") != texts[1].removesuffix(".0"):
            break
    return texts


def short(value: Any, limit: int = 80) -> str:
    """A value on one line, cut at `limit` characters. What cannot be written is told by its kind."""
    try:
        text = written(value, limit)
    except Exception:  # a student's __repr__ can do anything, and a list can hold itself
        text = kind(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def written(value: Any, limit: int) -> str:
    """A value on one line, of which the first `limit` characters are meant to be seen."""
    if isinstance(value, torch.Tensor) and value.dim() and value.device.type != "meta":
        text = short(value.detach()[:limit].tolist(), limit) if value.dim() == 1 else kind_and_shape(value)
    elif is_number(plain(value)):
        text = number_text(value)
    elif isinstance(value, torch.Size):
        text = shape_text(value)
    elif type(value) in (list, tuple):
        inner = ", ".join(short(item, limit) for item in value[:limit])
        text = f"[{inner}]" if isinstance(value, list) else f"({inner}{',' if len(value) == 1 else ''})"
    else:
        text = kind_and_shape(value) if isinstance(value, torch.Tensor) or is_array(value) else repr(plain(value))
    return text if isinstance(value, str) else " ".join(text.split())


def kind_and_shape(value: Any) -> str:
    """a tensor of shape (2, 3)."""
    if isinstance(value, torch.Tensor) and value.is_nested:  # it has no one shape
        return "a nested tensor"
    return f"{kind(value)} of shape {shape_text(value.shape)}"


def place_text(index: Sequence[int]) -> str:
    """[0, 3]."""
    return f"[{', '.join(str(int(i)) for i in index)}]"


def axis_names(axes: Axes, dims: int) -> list[str]:
    """The axes' names as used in a sentence: "time", or "axis 1" where there are no names (or not as many)."""
    names = axes.split() if isinstance(axes, str) else list(axes or [])
    return names if len(names) == dims else [f"axis {i}" for i in range(dims)]


def listed(items: Sequence[str], most: int = 6) -> str:
    """a, b and c; of more than `most`, the first ones and how many more."""
    if len(items) > most:
        items = [*items[: most - 1], f"{len(items) - most + 1} more"]
    return "".join(items) if len(items) < 2 else f"{', '.join(items[:-1])} and {items[-1]}"


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]


def factor_text(factor: float) -> str:
    """10×, 1/10 of, −2×, minus."""
    sign, size = ("−" if factor < 0 else ""), abs(factor)
    if abs(size - 1) < 1e-6:
        return "minus" if sign else "1×"
    inverse = 1 / size
    if 1 < inverse < 1e7 and abs(inverse - round(inverse)) < 1e-3 * inverse:
        return f"{sign}1/{round(inverse)} of"
    return f"{sign}{round(size) if abs(size - round(size)) < 1e-3 * size and size >= 1 else f'{size:.4g}'}×"
