"""What the judge may ask the student's side to do with a thing: one function for each verb."""

from __future__ import annotations

import builtins
import copy
import inspect
import operator
from collections.abc import Callable
from typing import Any

MOST_TEXT = 20_000  # characters of a repr


def reflected(name: str) -> Callable[[Any, Any], Any]:
    """The operator with its operands the other way round: the judge's proxy was the right one."""
    do = getattr(operator, name)
    return lambda thing, other: do(other, thing)


def words(make: Callable[..., str]) -> Callable[..., str]:
    """A text, cut where nobody reads any further."""

    def run(*args: Any) -> str:
        found = str.__str__(make(*args))
        return found if len(found) <= MOST_TEXT else found[: MOST_TEXT - 1] + "…"

    return run


def signature(thing: Any) -> list[list[Any]] | None:
    """[name, kind, has a default, default] of each parameter; None where Python knows none."""
    try:
        found = inspect.signature(thing).parameters.values()
    except (TypeError, ValueError):
        return None
    return [[p.name, int(p.kind), p.default is not p.empty, plain(p.default)] for p in found]


def plain(value: Any) -> Any:
    """A default that is a number or text, or what it looks like."""
    if value is None or type(value) in (bool, int, float, str):
        return value
    return None


def leave(thing: Any, *args: Any) -> bool:
    """The end of a with block; the judge's error, if there was one, is not shown."""
    return bool(type(thing).__exit__(thing, *(args or (None, None, None))))


_ARITHMETIC = "add sub mul matmul truediv floordiv mod pow lshift rshift and_ or_ xor".split()
_UNARY = "lt le eq ne gt ge neg pos abs invert getitem setitem delitem contains index".split()

VERBS: dict[str, Callable[..., Any]] = {
    **{name.rstrip("_"): getattr(operator, name) for name in _ARITHMETIC},
    **{f"r{name.rstrip('_')}": reflected(name) for name in _ARITHMETIC},
    **{f"i{name.rstrip('_')}": getattr(operator, f"i{name.rstrip('_')}") for name in _ARITHMETIC},
    **{name: getattr(operator, name) for name in _UNARY},
    **{name: getattr(builtins, name) for name in "getattr setattr delattr len iter next reversed divmod round".split()},
    **{name: getattr(builtins, name) for name in "bool int float isinstance issubclass dir".split()},
    "call": lambda thing, *args, **kwargs: thing(*args, **kwargs),
    "enter": lambda thing: type(thing).__enter__(thing),
    "exit": leave,
    "repr": words(repr),
    "str": words(str),
    "format": words(format),
    "doc": lambda thing: thing.__doc__ if isinstance(thing.__doc__, str) else None,
    "signature": signature,
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}
