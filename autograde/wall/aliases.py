"""Results that lie in an argument's memory: found on the side that ran the call, made again in the caller's memory.

A view crosses as the number of the argument and a place relative to it. The caller makes it only within the bytes that
it sent: the rest of an argument's storage may hold what the other side must not have, or choose.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from autograde.wall.fields import an_int, ints, text
from autograde.wall.limits import WireError
from autograde.wall.tensors import DTYPES, NAME_OF
from autograde.wall.twins import Twins


def reach(offset: int, shape: Sequence[int], stride: Sequence[int], size: int) -> tuple[int, int]:
    """(first, last + 1) byte of a place in a storage; size: bytes of one element."""
    if 0 in shape:
        return offset * size, offset * size
    last = offset + sum((count - 1) * step for count, step in zip(shape, stride, strict=True))
    return offset * size, (last + 1) * size


def bounds(tensor: torch.Tensor) -> tuple[int, int]:
    """(first, last + 1) byte of a tensor in its storage."""
    return reach(int(tensor.storage_offset()), tensor.shape, tensor.stride(), tensor.itemsize)


def dense(tensor: torch.Tensor) -> bool:
    """Does it use every byte between its first and its last?"""
    first, last = bounds(tensor)
    return last - first <= tensor.numel() * tensor.itemsize and not overlapping(tensor)


def overlapping(tensor: torch.Tensor) -> bool:
    """Do several places of it share memory?"""
    steps = sorted((step, count) for step, count in zip(tensor.stride(), tensor.shape, strict=True) if count > 1)
    reached = 0
    for step, count in steps:
        if step <= reached:
            return True
        reached += step * (count - 1)
    return False


class Places:
    """Where the arguments of a call lie, and the tensors that both sides have."""

    def __init__(self, tensors: list[torch.Tensor], twins: Twins) -> None:
        self._numbers = {id(tensor): i for i, tensor in enumerate(tensors)}
        self._by_storage: dict[int, list[tuple[dict[str, int], torch.Tensor]]] = {}
        self._twins: Twins | None = twins
        for i, tensor in enumerate(tensors):
            self._add({"i": i}, tensor)

    def _add(self, name: dict[str, int], tensor: torch.Tensor) -> None:
        if tensor.layout == torch.strided:
            self._by_storage.setdefault(tensor.untyped_storage()._cdata, []).append((name, tensor))

    def _here(self, tensor: torch.Tensor) -> list[tuple[dict[str, int], torch.Tensor]]:
        """What lies in the tensor's storage."""
        key = tensor.untyped_storage()._cdata
        if key not in self._by_storage and self._twins is not None:
            for twin, other in self._twins.alive():
                if not twin.source:
                    self._add({"n": twin.number}, other)
            self._twins = None
        return self._by_storage.get(key, [])

    def number(self, tensor: torch.Tensor) -> int | None:
        """The number of an argument; None for any other tensor."""
        return self._numbers.get(id(tensor))

    def view(self, tensor: torch.Tensor) -> dict[str, Any] | None:
        """The node of a tensor that lies within the bytes of one of these; None for any other."""
        if type(tensor) is not torch.Tensor or tensor.layout != torch.strided or tensor.dtype not in NAME_OF:
            return None
        if tensor.is_conj() or tensor.is_neg() or (tensor.requires_grad and tensor.is_leaf):
            return None
        for name, base in self._here(tensor):
            if (base.dtype == torch.bool) != (tensor.dtype == torch.bool):
                continue  # truth values share memory with nothing else: see view()
            (first, last), (start, end) = bounds(base), bounds(tensor)
            if first <= start and end <= last and covers(base, tensor):
                sizes = {"s": list(tensor.shape), "d": list(tensor.stride())}
                return {"k": "view", **name, "t": NAME_OF[tensor.dtype], "o": start - first, **sizes}
        return None


def covers(base: torch.Tensor, tensor: torch.Tensor) -> bool:
    """Does every element of a tensor within the base's bytes lie in elements of the base?"""
    if dense(base) or not tensor.numel():
        return True
    return bool((marked(base, tensor) <= marked(base, base)).all())


def marked(base: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
    """The base's bytes from first to last, those that a tensor uses marked with 1."""
    first, last = bounds(base)
    start, _ = bounds(tensor)
    marks = torch.zeros(last - first, dtype=torch.uint8)
    size = tensor.itemsize
    steps = [step * size for step in tensor.stride()]
    marks.as_strided([*tensor.shape, size], [*steps, 1], start - first).fill_(1)
    return marks


def view(base: torch.Tensor, node: dict[str, Any]) -> torch.Tensor:
    """The tensor in the caller's own memory that a node describes. Raises WireError.

    Of other numbers' memory no truth values are made, nor the other way: a byte that is neither 0 nor 1 could then be
    written where some of torch's kernels count on them when they reserve memory.
    """
    dtype = DTYPES.get(text(node, "t", 40))
    shape, stride, start = ints(node, "s", 64), ints(node, "d", 64), an_int(node, "o")
    if dtype is None or len(shape) != len(stride) or max([*shape, *stride, start], default=0) >= 1 << 48:
        raise WireError("a view of an odd shape")
    if (dtype == torch.bool) != (base.dtype == torch.bool):
        raise WireError("a view of numbers as truth values")
    first, last = bounds(base)
    begin = first + start
    _, end = reach(0, shape, stride, dtype.itemsize)
    if begin + end > last or begin % dtype.itemsize or base.layout != torch.strided:
        raise WireError("a view of more than was sent")
    try:
        made = torch.empty(0, dtype=dtype, device=base.device)
        made.set_(base.untyped_storage(), begin // dtype.itemsize, shape, stride)  # type: ignore[call-overload]
    except (RuntimeError, TypeError, ValueError, OverflowError):
        raise WireError("a view that cannot be") from None
    if made.numel() > 1 << 28 or not covers(base, made):
        raise WireError("a view of more than was sent")
    return made
