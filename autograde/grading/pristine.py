"""The lesson's own objects as they were: what one check changes in place is not there for the next one.

In a kernel a fixture's tensor that a student's function zeroes stays zeroed for every check below. At the judge each
check begins with what the lesson's cells made, so that a check's result depends on nothing but the check.
"""

from __future__ import annotations

import operator
import sys
import types
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import torch
from torch.nn.parameter import is_lazy

MOST_OBJECTS = 200_000  # that are looked at: a tokenizer's table is long, and nobody changes it
LEAVES = (str, bytes, int, float, complex, bool, type(None), type, types.ModuleType, types.FunctionType)

Step = Callable[[], None]


class Pristine:
    """Remembers what is reachable from these namespaces; `restore()` puts back what has been changed since."""

    def __init__(self, states: Iterable[dict[str, Any]]) -> None:
        self._seen: dict[int, Any] = {}  # kept, so that no id is used twice
        self._steps: list[Step] = []
        self._storages: set[int] = set()
        waiting: deque[Any] = deque(value for state in states for value in state.values())
        while waiting and len(self._seen) < MOST_OBJECTS:  # in breadth: names before a long table's rows
            thing = waiting.popleft()
            if not isinstance(thing, LEAVES) and id(thing) not in self._seen:
                self._seen[id(thing)] = thing
                waiting += self._remember(thing)

    def restore(self) -> None:
        """Put everything back in place."""
        for step in self._steps:
            step()

    def _remember(self, thing: Any) -> list[Any]:
        """Keep how to put this thing back; returns what it holds."""
        numpy = sys.modules.get("numpy")
        if isinstance(thing, torch.Tensor):
            self._steps += self._of_tensor(thing)
            return [thing.grad] if thing.is_leaf and thing.grad is not None else []
        if isinstance(thing, torch.Generator):
            state = thing.get_state().clone()
            self._steps.append(lambda: None if torch.equal(thing.get_state(), state) else _set_state(thing, state))
            return []
        if numpy is not None and isinstance(thing, numpy.ndarray):
            if thing.dtype != object:
                self._steps.append(_array_step(thing, thing.copy()))
            return []
        held = _held(thing)
        if isinstance(thing, dict | list | set):
            self._steps.append(_container_step(thing))
        if isinstance(inside := getattr(thing, "__dict__", None), dict):
            self._steps.append(_container_step(inside))
            held += inside.values()
        return held

    def _of_tensor(self, tensor: torch.Tensor) -> Iterator[Step]:
        if is_lazy(tensor) or tensor.layout != torch.strided or tensor.is_quantized or tensor.is_nested:
            return
        grad, wanted = tensor.grad if tensor.is_leaf else None, tensor.requires_grad

        def flags() -> None:
            if tensor.is_leaf and tensor.requires_grad != wanted:
                tensor.requires_grad_(wanted)
            if tensor.is_leaf and tensor.grad is not grad:
                tensor.grad = grad

        storage, plain = tensor.untyped_storage(), tensor.detach()
        here = _place(tensor)

        def place() -> None:
            if _place(tensor) != here:
                tensor.data = plain

        yield place  # before the flags: a tensor that was made one of whole numbers could not require a gradient
        yield flags
        if tensor.device.type == "meta" or storage._cdata in self._storages:
            return
        self._storages.add(storage._cdata)
        yield _storage_step(storage)


def _held(thing: Any) -> list[Any]:
    """What a plain container holds."""
    if isinstance(thing, dict):
        return [*thing.values()]
    return [*thing] if isinstance(thing, list | tuple | set | frozenset) else []


def _container_step(thing: Any) -> Step:
    """Put a dict, list or set back where it holds other things, or in another order."""
    if isinstance(thing, dict):
        keys, values = [*thing], [*thing.values()]

        def restore_dict() -> None:
            if len(thing) != len(keys) or not (_same(keys, thing) and _same(values, thing.values())):
                thing.clear()
                thing.update(zip(keys, values, strict=True))

        return restore_dict
    was = [*thing]

    def restore() -> None:
        if len(thing) != len(was) or not (isinstance(thing, set) and thing == {*was} or _same(was, thing)):
            thing.clear()
            thing.update(was) if isinstance(thing, set) else thing.extend(was)

    return restore


def _same(was: Iterable[Any], now: Iterable[Any]) -> bool:
    return all(map(operator.is_, was, now))


def _place(tensor: torch.Tensor) -> tuple[Any, ...]:
    """Where a tensor's values lie and how they are read: what `tensor.data = …` makes another."""
    place = tensor.untyped_storage()._cdata, int(tensor.storage_offset())
    return (*place, tensor.shape, tensor.stride(), tensor.dtype)


def _storage_step(storage: torch.UntypedStorage) -> Step:
    """All bytes are compared, of a large storage too: torch counts no change that is made through `.data`."""
    was = storage.clone()

    def restore() -> None:
        if storage.nbytes() != was.nbytes():
            storage.resize_(was.nbytes())
        if not torch.equal(_bytes(storage), _bytes(was)):
            storage.copy_(was)

    return restore


def _bytes(storage: torch.UntypedStorage) -> torch.Tensor:
    return torch.empty(0, dtype=torch.uint8, device=storage.device).set_(storage)


def _array_step(array: Any, was: Any) -> Step:
    def restore() -> None:
        if array.flags.writeable and array.tobytes() != was.tobytes():
            array[...] = was

    return restore


def _set_state(generator: torch.Generator, state: torch.Tensor) -> None:
    generator.set_state(state)
