"""Named tuples, and the few names that stand for something on the other side.

A named tuple crosses as its name and its fields; the other side makes a class of that shape. No class is looked up by a
name from outside except in the closed tables below.
"""

from __future__ import annotations

import re
from collections import namedtuple
from functools import lru_cache
from keyword import iskeyword
from typing import Any
from unicodedata import normalize

import torch

from autograde.wall.limits import WireError

MOST_KINDS = 100  # of named tuple in a message: to make a class takes a tenth of a millisecond
MOST_FIELDS = 200
LONGEST = 200  # characters of a name

FACTORIES: dict[Any, str] = {kind: kind.__name__ for kind in (int, float, str, bool, list, dict, set, tuple)}
FACTORY_OF = {name: kind for kind, name in FACTORIES.items()}

# What torch.max(x, 0), torch.topk and their like return.
RETURNED: dict[str, Any] = {
    name: kind
    for name, kind in vars(torch.return_types).items()
    if isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "n_fields")
}
_RETURNED_NAME = {kind: name for name, kind in RETURNED.items()}


def _named(kind: type) -> dict[str, Any]:
    return {str(value).removeprefix("torch."): value for value in vars(torch).values() if type(value) is kind}


CONSTANTS = {kind.__name__: _named(kind) for kind in (torch.dtype, torch.layout, torch.memory_format)}
_DEVICE = re.compile(r"(cpu|meta|cuda|mps|xpu)(:(\d|[1-9]\d))?", re.ASCII)


def name_of(constant: Any) -> str | None:
    """What a dtype, layout, memory format or device is called, if the other side knows it by that name."""
    name = str(constant).removeprefix("torch.")
    known = _DEVICE.fullmatch(name) if type(constant) is torch.device else name in CONSTANTS[type(constant).__name__]
    return name if known else None


def device_of(name: str) -> torch.device:
    """The device of that name. Raises WireError."""
    if not _DEVICE.fullmatch(name):
        raise WireError("a device that is none")
    return torch.device(name)


def fields_of(value: tuple[Any, ...]) -> dict[str, Any] | None:
    """The node (still without its values) of a named tuple; None for any other subclass of tuple."""
    kind = type(value)
    if kind in _RETURNED_NAME:
        return {"$": "returned", "n": _RETURNED_NAME[kind]}
    fields = getattr(kind, "_fields", None)
    if kind.__bases__ != (tuple,) or type(fields) is not tuple or len(fields) != len(value):
        return None
    if not _sound(kind.__name__, fields):
        return None
    return {"$": "named", "n": kind.__name__, "f": list(fields)}


@lru_cache(maxsize=4 * MOST_KINDS)
def class_of(name: str, fields: tuple[str, ...]) -> Any:
    """The class of such named tuples; the same as long as few others are asked for. Raises WireError."""
    if not _sound(name, fields):
        raise WireError("a named tuple with odd names")
    return namedtuple(name, fields)


def _sound(name: str, fields: tuple[Any, ...]) -> bool:
    """Are these plain identifiers, each once? namedtuple() compiles them into a constructor."""
    if len(fields) > MOST_FIELDS or len(set(fields)) != len(fields):
        return False
    return _plain(name) and all(type(field) is str and _plain(field) and field[0] != "_" for field in fields)


def _plain(name: str) -> bool:
    spelling = len(name) <= LONGEST and name.isidentifier() and normalize("NFKC", name) == name
    return spelling and not iskeyword(name)
