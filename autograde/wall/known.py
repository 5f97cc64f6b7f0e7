"""Things that both sides have: torch's functions and classes, Python's own. They cross by name, to the student's side.

The judge never looks up a name that the other side chose, but for the few plain types and errors of `PLAIN`.
"""

from __future__ import annotations

import builtins
import sys
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from autograde.wall.limits import WireError

MODULES = (
    "builtins",
    "math",
    "cmath",
    "operator",
    "statistics",
    "torch",
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.optim",
    "torch.special",
    "torch.linalg",
    "torch.fft",
    "numpy",
)
_TYPES = "int float complex bool str bytes list tuple dict set frozenset range slice".split()
PLAIN: dict[str, type] = {name: getattr(builtins, name) for name in _TYPES} | {
    name: thing for name, thing in vars(builtins).items() if isinstance(thing, type) and issubclass(thing, Exception)
}
_PLAIN = {id(thing): name for name, thing in PLAIN.items() if thing.__name__ == name}


@lru_cache(maxsize=1)
def _names() -> dict[int, tuple[Any, str, str]]:
    """id of a thing → (the thing, its module, its name there)."""
    found: dict[int, tuple[Any, str, str]] = {}
    for module in MODULES:
        for name, thing in list(vars(sys.modules[module]).items()) if module in sys.modules else ():
            if callable(thing) and not name.startswith("_") and thing is not builtins.open:
                found.setdefault(id(thing), (thing, module, name))
    return found


def name_of(thing: Any) -> dict[str, Any] | None:
    """The node of a thing that both sides have; None for any other."""
    found = _names().get(id(thing))
    return None if found is None or found[0] is not thing else {"k": "known", "m": found[1], "n": found[2]}


def plain_type(thing: Any) -> dict[str, Any] | None:
    """The node of one of Python's plain types or errors; None for anything else."""
    name = _PLAIN.get(id(thing))
    return None if name is None else {"k": "known", "m": "builtins", "n": name}


def find_plain(node: dict[str, Any]) -> Any:
    """The plain type of that name. Raises WireError for any other."""
    found = PLAIN.get(node["n"]) if node.get("m") == "builtins" and type(node.get("n")) is str else None
    if found is None:
        raise WireError("a name that is not in the table")
    return found


def find(node: dict[str, Any]) -> Callable[..., Any]:
    """The thing of that name, on the student's side."""
    return getattr(sys.modules[node["m"]], node["n"])
