"""Tensors that live on both sides and are kept the same: parameters, buffers, tensors that the other side holds on to.

A twin is a tensor here and one over there under one number. Whoever sends a message sends with it what changed in its
twins since the last one (values, .grad, requires_grad), so that each side always reads what the other wrote, as if the
tensor were one. The side where the tensor was born holds it; the other only watches it, and says when nothing there
holds it any longer.

What changed is found by torch's version counter and by comparing bytes: all of them up to 64 KB, beyond that four
samples of 1 KB (a change through `.data` of a few entries of a large tensor is not seen).
"""

from __future__ import annotations

import ctypes
import weakref
from collections.abc import Iterator
from typing import Any

import torch

from autograde.wall.limits import WireError

MOST_TWINS = 100_000
WHOLE = 64 << 10  # bytes that are compared entirely
SAMPLE = 1 << 10


def sample(tensor: torch.Tensor | None) -> bytes:
    """Enough of a tensor's bytes to see that it was written to."""
    if tensor is None or tensor.device.type != "cpu" or tensor.layout != torch.strided or not tensor.numel():
        return b""
    if not tensor.is_contiguous():
        tensor = tensor.detach().contiguous()
    start, size = tensor.data_ptr(), tensor.numel() * tensor.itemsize
    if size <= WHOLE:
        return ctypes.string_at(start, size)
    return b"".join(ctypes.string_at(start + (size - SAMPLE) * i // 3, SAMPLE) for i in range(4))


def version(tensor: torch.Tensor) -> int:
    """torch's count of changes in place; tensors made in inference mode have none."""
    return 0 if tensor.is_inference() else tensor._version


class Twin:
    """One of the two tensors, and how it was when both sides last agreed."""

    __slots__ = ("_grad", "_looks", "home", "key", "number", "reference", "source")

    def __init__(self, number: int, tensor: torch.Tensor, home: bool, leaf: torch.Tensor | None = None) -> None:
        self.number = number
        self.home = home
        self.source = leaf is not None  # a non-leaf: gradients flow back to it, nothing else is kept the same
        watched = tensor if leaf is None else leaf
        self.key = id(watched)
        self.reference: Any = (lambda: watched) if home else weakref.ref(watched)
        self._looks: tuple[Any, ...] = ()
        self._grad: Any = None
        self.settle(watched)

    def settle(self, tensor: torch.Tensor) -> None:
        """The other side has it as it is now."""
        grad = tensor.grad if tensor.is_leaf else None
        self._grad = grad
        self._looks = self.look(tensor, grad)

    @staticmethod
    def look(tensor: torch.Tensor, grad: torch.Tensor | None) -> tuple[Any, ...]:
        """(version, what the values look like, requires_grad, version of .grad, what that looks like)."""
        place = (tensor.shape, tensor.dtype, sample(tensor))
        return version(tensor), place, tensor.requires_grad, grad if grad is None else version(grad), sample(grad)

    def unsettle(self) -> None:
        """What was about to be told was not: all of it counts as changed."""
        self._looks = ()

    def changes(self, tensor: torch.Tensor) -> dict[str, bool] | None:
        """What changed: its values, its .grad (another, or written to) and requires_grad; None for nothing. Settles it.

        quiet: its values changed without torch's version counter, as through `.data`.
        """
        grad = tensor.grad if tensor.is_leaf else None
        looks, was = self.look(tensor, grad), self._looks or (None,) * 5
        if grad is self._grad and looks == was:
            return None
        found = {"value": looks[:2] != was[:2], "grad": grad is not self._grad or not self._looks}
        found |= {"written": not found["grad"] and looks[3:] != was[3:], "flag": looks[2] != was[2]}
        self._looks, self._grad = looks, grad
        return {**found, "quiet": looks[0] == was[0]} if any(found.values()) else None


class Twins:
    """One side's half of all twins."""

    def __init__(self, first: int) -> None:
        self._next = first  # the sides count in steps of two, so that their numbers differ
        self._twins: dict[int, Twin] = {}
        self._numbers: dict[int, int] = {}  # id of a tensor → its number, while it lives
        self.pinned: list[torch.Tensor] = []  # alive while the other side may still name them

    def __len__(self) -> int:
        return len(self._twins)

    def number(self, tensor: torch.Tensor) -> int | None:
        """The number of a tensor that is a twin; None for any other."""
        number = self._numbers.get(id(tensor))
        return number if number is not None and self._twins[number].reference() is tensor else None

    def new_number(self) -> int:
        """A number that no twin has."""
        self._next += 2
        return self._next

    def add(self, number: int, tensor: torch.Tensor, home: bool, leaf: torch.Tensor | None = None) -> None:
        """Make a tensor a twin. Raises WireError for a number that is taken, or one too many."""
        if number in self._twins or len(self._twins) >= MOST_TWINS:
            raise WireError("a twin that there is already, or one too many")
        twin = self._twins[number] = Twin(number, tensor, home, leaf)
        if not twin.source:
            self._numbers[id(tensor)] = number
        self.pinned.append(tensor if leaf is None else leaf)

    def find(self, number: int) -> torch.Tensor:
        """The tensor of that number. Raises WireError."""
        twin = self._twins.get(number)
        tensor = None if twin is None else twin.reference()
        if tensor is None:
            raise WireError("a twin that is not here")
        return tensor

    def synced(self, number: int) -> Twin:
        """The twin of that number, if it is one that is kept the same. Raises WireError."""
        twin = self._twins.get(number)
        if twin is None or twin.source:
            raise WireError("a twin that is not here")
        return twin

    def alive(self) -> Iterator[tuple[Twin, torch.Tensor]]:
        """All twins whose tensor lives."""
        for twin in list(self._twins.values()):
            tensor = twin.reference()
            if tensor is not None:
                yield twin, tensor

    def gone(self) -> list[int]:
        """Numbers of twins that nothing here holds any longer, each told once. The others are pinned."""
        self.pinned = []
        dead = []
        for twin in self._twins.values():
            tensor = twin.reference()
            if tensor is None:
                dead.append(twin.number)
            elif not twin.home:
                self.pinned.append(tensor)
        for number in dead:
            self._remove(number)
        return dead

    def forget(self, number: int) -> None:
        """The other side holds it no longer. Raises WireError."""
        if number not in self._twins or not self._twins[number].home:
            raise WireError("a twin is given back that was not given")
        self._remove(number)

    def undo(self, number: int) -> None:
        """Take back a number that was about to be told."""
        if number in self._twins:
            self._remove(number)

    def _remove(self, number: int) -> None:
        twin = self._twins.pop(number)
        if self._numbers.get(twin.key) == number:
            del self._numbers[twin.key]
