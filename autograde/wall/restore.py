"""Copy and restore: what a call changed in place in its arguments is changed in the caller's own objects.

`Before` remembers the arguments on the side that runs the call and finds what changed; the functions below write that
into the caller's objects, and refuse what no call of ours reports. Tensors are compared by storage, so that views of
one memory cost one comparison.
"""

from __future__ import annotations

import sys
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from autograde.wall.limits import WireError
from autograde.wall.twins import version

DICTS = (dict, OrderedDict, Counter, defaultdict)


@dataclass(frozen=True)
class Was:
    """A tensor before the call."""

    storage: int
    offset: int
    shape: torch.Size
    stride: tuple[int, ...]
    dtype: torch.dtype
    requires_grad: bool
    grad: torch.Tensor | None
    version: int


class Before:
    """The arguments as they were before the call: tensors by value, containers by what they hold."""

    def __init__(self, tensors: list[torch.Tensor], kept: list[Any]) -> None:
        self.tensors = tensors
        self.kept = kept
        self._storages: dict[int, tuple[torch.UntypedStorage, torch.Tensor]] = {}
        with torch.no_grad():
            self._was = [self._remember(tensor) for tensor in tensors]
        self._held = [content(thing) for thing in kept]

    def _remember(self, tensor: torch.Tensor) -> Was:
        if tensor.layout != torch.strided:  # a sparse tensor: what is written to it in place is not seen
            return Was(0, 0, tensor.shape, (), tensor.dtype, tensor.requires_grad, None, version(tensor))
        storage = tensor.untyped_storage()
        if tensor.device.type != "meta" and storage._cdata not in self._storages:
            self._storages[storage._cdata] = storage, as_bytes(storage).clone()
        grad = tensor.grad if tensor.is_leaf else None
        place = int(tensor.storage_offset()), tensor.shape, tensor.stride(), tensor.dtype
        return Was(storage._cdata, *place, tensor.requires_grad, grad, version(tensor))

    def changed_tensors(self) -> Iterator[int]:
        """Indices of the tensors whose values changed. Raises TypeError for one with another shape or dtype now."""
        touched = {key for key, (now, was) in self._storages.items() if not torch.equal(as_bytes(now), was)}
        for i, (tensor, was) in enumerate(zip(self.tensors, self._was, strict=True)):
            if tensor.shape != was.shape or tensor.dtype != was.dtype:
                raise TypeError(
                    f"an argument of shape {tuple(was.shape)} has shape {tuple(tensor.shape)} and dtype {tensor.dtype} "
                    "after the call: the shape and dtype of an argument cannot be changed in place here"
                )
            if tensor.layout != torch.strided:
                continue
            moved = tensor.untyped_storage()._cdata != was.storage or tensor.storage_offset() != was.offset
            if not (moved or was.storage in touched or self.connected(i)):
                continue
            if moved or self.connected(i) or not torch.equal(tensor.detach(), self._value(was)):
                yield i

    def _value(self, was: Was) -> torch.Tensor:
        bytes_before = self._storages[was.storage][1].untyped_storage()
        plain = torch.empty(0, dtype=was.dtype, device=bytes_before.device)
        return plain.set_(bytes_before, was.offset, was.shape, was.stride)  # type: ignore[call-overload]

    def connected(self, i: int) -> bool:
        """Was the tensor written to by an operation that gradients flow through?"""
        tensor = self.tensors[i]
        return not tensor.is_leaf and version(tensor) != self._was[i].version

    def changed_flags(self) -> Iterator[tuple[int, bool]]:
        """(index, requires_grad) of leaves where that is another now."""
        for i, (tensor, was) in enumerate(zip(self.tensors, self._was, strict=True)):
            if tensor.is_leaf and tensor.requires_grad != was.requires_grad:
                yield i, tensor.requires_grad

    def changed_grads(self) -> Iterator[tuple[int, torch.Tensor | None]]:
        """(index, .grad) of leaves whose .grad is another tensor, or none, now."""
        for i, (tensor, was) in enumerate(zip(self.tensors, self._was, strict=True)):
            if tensor.is_leaf and tensor.grad is not was.grad:
                yield i, tensor.grad

    def changed_contents(self) -> Iterator[tuple[int, Any]]:
        """(index, what it holds now) of containers and arrays that hold something else now."""
        for i, (thing, held) in enumerate(zip(self.kept, self._held, strict=True)):
            if held is not None and not same_content(content(thing), held):
                yield i, content(thing)


def as_bytes(storage: torch.UntypedStorage) -> torch.Tensor:
    """The bytes of a storage, as a tensor on the same memory."""
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)  # type: ignore[call-overload]


def content(thing: Any) -> Any:
    """What a container or array holds, as something that does not change with it; None for what cannot change."""
    kind = type(thing)
    if kind is list:
        return list(thing)
    if kind in DICTS:
        return list(dict.items(thing))
    if kind is set:
        return list(thing)
    numpy = sys.modules.get("numpy")
    if numpy is not None and kind is numpy.ndarray:
        return thing.copy()
    return None


def same_content(now: Any, was: Any) -> bool:
    """The very same things in the same order (the same bytes in an array)."""
    if type(was) is not list:
        return bool(now.shape == was.shape and now.tobytes() == was.tobytes())
    if len(now) != len(was):
        return False
    return all(
        a is b or (type(a) is tuple and type(b) is tuple and len(a) == 2 == len(b) and a[0] is b[0] and a[1] is b[1])
        for a, b in zip(now, was, strict=True)
    )


def at(things: list[Any], index: int, what: str) -> Any:
    """things[index]. Raises WireError where there is none."""
    if not 0 <= index < len(things):
        raise WireError(f"{what} that was not sent")
    return things[index]


def like(tensor: torch.Tensor, new: Any, what: str) -> torch.Tensor:
    """new, if it is a plain tensor of the same shape, dtype and kind of device. Raises WireError."""
    if not isinstance(new, torch.Tensor) or new.layout != tensor.layout:
        raise WireError(f"{what} that is no tensor of its kind")
    if new.shape != tensor.shape or new.dtype != tensor.dtype or new.device.type != tensor.device.type:
        raise WireError(f"{what} of another shape, dtype or device")
    return new


def grad_like(tensor: torch.Tensor, grad: Any) -> torch.Tensor:
    """grad, if it can be the .grad of that tensor; an embedding's may be sparse. Raises WireError."""
    sparse = isinstance(grad, torch.Tensor) and grad.layout == torch.sparse_coo
    if sparse and (grad.shape, grad.dtype, grad.device.type) == (tensor.shape, tensor.dtype, tensor.device.type):
        return grad
    return like(tensor, grad, "a .grad")


def write(tensor: torch.Tensor, new: torch.Tensor) -> None:
    """Write new values into a tensor; also where several of its places share memory."""
    if tensor.is_meta:
        return
    for dim, step in enumerate(tensor.stride()):
        if step == 0 and tensor.shape[dim] > 1:
            tensor, new = tensor.narrow(dim, 0, 1), new.narrow(dim, 0, 1)
    try:
        tensor.copy_(new)
    except RuntimeError:  # windows that overlap, as unfold makes them: what is there last stays
        for index in range(tensor.shape[0]):
            write(tensor[index], new[index])


def put(thing: Any, new: Any) -> None:
    """Make a container or array of the caller's hold what the other side says. Raises WireError."""
    kind = type(thing)
    numpy = sys.modules.get("numpy")
    if kind is list and type(new) is list:
        thing[:] = new
    elif kind in DICTS and type(new) is list and all(type(pair) is tuple and len(pair) == 2 for pair in new):
        pairs = hashable(dict, new)
        thing.clear()
        dict.update(thing, pairs)
    elif kind is set and type(new) is list:
        items = hashable(set, new)
        thing.clear()
        thing.update(items)
    elif numpy is not None and kind is numpy.ndarray and type(new) is numpy.ndarray:
        if new.shape != thing.shape or new.dtype != thing.dtype:
            raise WireError("an array of another shape or dtype")
        thing[...] = new
    else:
        raise WireError("a change of something that is no container of that kind")


def hashable(make: Any, items: list[Any]) -> Any:
    """make(items). Raises WireError where one of them cannot be a key."""
    try:
        return make(items)
    except TypeError:
        raise WireError("a key that cannot be one") from None
