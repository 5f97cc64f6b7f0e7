"""numpy's arrays and scalars, where numpy is loaded; this module never imports it."""

from __future__ import annotations

import re
import sys
from math import prod
from typing import Any

from autograde.wall.limits import WireError
from autograde.wall.storages import Arrived, Storages

AXES = 32  # every version of numpy takes as many
FAR = 1 << 48  # no axis is longer
_TEXT = re.compile(r"[<>]U\d{1,6}|\|S\d{1,6}", re.ASCII)  # an entry has up to 999,999 characters
_NUMBERS = frozenset(
    {"|b1", "|i1", "|u1"}
    | {order + kind for order in "<>" for kind in "i2 i4 i8 u2 u4 u8 f2 f4 f8 f16 c8 c16 c32".split()}
)


def pack_array(value: Any, storages: Storages) -> dict[str, Any] | None:
    """The node of an array (its values in C order) or a scalar; None where it is no plain array of data."""
    numpy = sys.modules["numpy"]
    scalar = isinstance(value, numpy.generic)
    if not scalar and type(value) not in (numpy.ndarray, numpy.memmap):  # a masked array, a matrix
        return None
    dtype = value.dtype.str
    if (dtype not in _NUMBERS and not _TEXT.fullmatch(dtype)) or value.ndim > AXES:
        return None
    if not all(size < FAR for size in value.shape) or not (scalar or value.itemsize):
        return None
    data: Any = memoryview(numpy.ascontiguousarray(value).reshape(-1).view(numpy.uint8)) if value.nbytes else b""
    kind = "scalar" if scalar else "array"
    return {"$": kind, "t": dtype, "s": list(value.shape), "b": storages.add(data)}


def unpack_array(node: dict[str, Any], arrived: Arrived) -> Any:
    """The array, writable, on the memory of its buffer; or the scalar. Raises WireError."""
    numpy = sys.modules.get("numpy")
    dtype, shape, number = node.get("t"), node.get("s"), node.get("b")
    if numpy is None or type(dtype) is not str or type(shape) is not list or type(number) is not int:
        raise WireError("an array that is described in an unknown way, or where numpy is not loaded")
    if dtype not in _NUMBERS and not _TEXT.fullmatch(dtype):
        raise WireError("an array of an unknown dtype")
    if len(shape) > AXES or not all(type(size) is int and 0 <= size < FAR for size in shape):
        raise WireError("an array of an odd shape")
    kind, data = numpy.dtype(dtype), arrived.take(number)
    if prod(shape) * kind.itemsize != len(data) or (shape if node["$"] == "scalar" else not kind.itemsize):
        raise WireError("an array whose bytes do not fill its shape")
    try:
        array = numpy.frombuffer(data, dtype=kind).reshape(shape) if len(data) else numpy.zeros(shape, kind)
        if kind.kind == "b" and len(data) and numpy.frombuffer(data, dtype="u1").max() > 1:
            raise WireError("a truth value that is neither true nor false")
        if kind.kind == "U" and len(data) and numpy.frombuffer(data, dtype=dtype[0] + "u4").max() > 0x10FFFF:
            raise WireError("an array of text with a character that is none")
        return array[()] if node["$"] == "scalar" else array
    except (ValueError, TypeError, MemoryError) as error:
        raise WireError(f"an array that cannot be ({type(error).__name__})") from None
