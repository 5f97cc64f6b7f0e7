"""Numbers that JSON does not have, exactly: large whole numbers, nan and the infinities, complex numbers."""

from __future__ import annotations

import re
from typing import Any

from autograde.wall.limits import WireError

_HEX = re.compile(r"-?[0-9a-f]+", re.ASCII)
_FLOATS = {"nan": float("nan"), "inf": float("inf"), "-inf": float("-inf")}


def int_node(value: int) -> dict[str, Any]:
    """Hexadecimal: unlike decimal digits, Python reads it in time that grows with its length alone, and any length."""
    return {"$": "int", "v": f"{value:x}"}


def float_node(value: float) -> dict[str, Any]:
    """A float that is not finite."""
    return {"$": "float", "v": repr(value)}


def complex_node(value: complex) -> dict[str, Any]:
    """Both parts with all their bits."""
    return {"$": "complex", "v": [value.real.hex(), value.imag.hex()]}


def read_int(node: dict[str, Any]) -> int:
    """The whole number of a node. Raises WireError."""
    text = field(node, "v", str)
    if not _HEX.fullmatch(text):
        raise WireError("a whole number that is none")
    return int(text, 16)


def read_float(node: dict[str, Any]) -> float:
    """The float of a node. Raises WireError."""
    value = _FLOATS.get(field(node, "v", str))
    if value is None:
        raise WireError("a number that is none")
    return value


def read_complex(node: dict[str, Any]) -> complex:
    """The complex number of a node. Raises WireError."""
    parts = field(node, "v", list)
    if len(parts) != 2 or not all(type(part) is str and len(part) <= 40 for part in parts):
        raise WireError("a complex number that is none")
    try:
        return complex(*map(float.fromhex, parts))
    except (ValueError, OverflowError):
        raise WireError("a complex number that is none") from None


def field(node: dict[str, Any], name: str, kind: type) -> Any:
    """A field of a node, which must be of exactly that type. Raises WireError."""
    value = node.get(name)
    if type(value) is not kind:
        raise WireError(f"a node whose field {name} is no {kind.__name__}")
    return value
