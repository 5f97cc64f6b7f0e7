"""The tree and buffers of a message back to values: the receiver's half, which trusts nothing."""

from __future__ import annotations

from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable
from time import thread_time
from typing import Any

import torch

from autograde.wall.arrays import unpack_array
from autograde.wall.limits import LIMITS, SHARED, Overfull, WireError, WireLimits
from autograde.wall.naming import CONSTANTS, FACTORY_OF, MOST_KINDS, RETURNED, class_of, device_of
from autograde.wall.scalars import field, read_complex, read_float, read_int
from autograde.wall.storages import Arrived
from autograde.wall.tensors import Mark, finish, unpack_tensor

Finish = Callable[[torch.Tensor, Mark], torch.Tensor]

KEYS = 128  # keys entered between two looks at the clock
HASHING = 1.0  # seconds of this thread's time for all keys of a message: thirty times what honest ones take

_SCALARS = (int, float, bool, type(None))
_DICTS: dict[str, Callable[[], dict[Any, Any]]] = {"dict": dict, "OrderedDict": OrderedDict, "Counter": Counter}


class Unpacker:
    """Unpacks the nodes of one message, in the order in which they were packed.

    resolve(fields) is asked for every node of kind "ref". finish(tensor, mark) makes of each arrived plain tensor the
    object that the value holds (by default a leaf with requires_grad as it was); `tensors` holds those objects and
    `marks` what each was on the other side. Raises WireError alone, whatever arrived, apart from what resolve and
    finish raise.
    """

    def __init__(
        self,
        buffers: list[memoryview],
        resolve: Callable[[dict[str, Any]], Any],
        limits: WireLimits = LIMITS,
        *,
        finish: Finish = finish,
    ) -> None:
        self._arrived = Arrived(buffers, limits)
        self._resolve = resolve
        self._limits = limits
        self._finish = finish
        self._known: dict[int, tuple[Any, int]] = {}  # number -> (object, its weight)
        self._named: set[tuple[str, ...]] = set()
        self._depth = 0
        self._hashing = 0.0
        self._count = 0  # as in Packer: the same bounds on both sides, so that what is packed can be unpacked
        self._weight = 0
        self._shared = 0
        self.tensors: list[torch.Tensor] = []
        self.marks: list[Mark] = []
        self.kept: list[Any] = []  # the containers and arrays, in the order of Packer.kept

    def unpack(self, node: Any) -> Any:
        """The value of a node. Raises WireError."""
        try:
            return self._value(node)
        except MemoryError:
            raise Overfull("a message that is too much to take in (MemoryError)") from None
        except RecursionError:
            raise WireError("a message that is too much to take in (RecursionError)") from None

    def _value(self, node: Any) -> Any:
        self._tally(1)
        kind = type(node)
        if kind is str:
            self._weight += len(node) >> 4
            return node
        if kind in _SCALARS:
            return node
        if kind is not dict:
            raise WireError("a node that is none")
        name = node.get("$")
        make = _MAKERS.get(name) if type(name) is str else None
        if make is None:
            raise WireError("a node of an unknown kind")
        return make(self, node)

    def _tally(self, count: int) -> None:
        self._count += count
        self._weight += count
        if self._count > self._limits.nodes:
            raise WireError(f"more than {self._limits.nodes:,} values in one message")

    def _items(self, node: dict[str, Any], count: int | None = None) -> list[Any]:
        self._depth += 1
        if self._depth > self._limits.depth:
            raise WireError(f"nested more than {self._limits.depth} deep")
        values = node.get("v")
        if type(values) is dict:
            found = self._numbers(values)
        elif type(values) is list:
            found = [self._value(value) for value in values]
        else:
            raise WireError("a container without contents")
        self._depth -= 1
        if count is not None and len(found) != count:
            raise WireError("a node with too many or too few parts")
        return found

    def _numbers(self, node: dict[str, Any]) -> list[Any]:
        """A list of floats ("d") or ints ("q"), eight bytes each."""
        floats = "d" in node
        data = self._arrived.take(field(node, "d" if floats else "q", int))
        if len(data) % 8:
            raise WireError("numbers that are cut short")
        self._tally(len(data) // 8)
        return data.cast("d").tolist() if floats else data.cast("q").tolist()

    def _kept(self, node: dict[str, Any], value: Any, before: int) -> Any:
        """Note an object that later nodes may name."""
        self.kept.append(value)
        if "id" in node:
            number = field(node, "id", int)
            if number in self._known:
                raise WireError("two objects with one number")
            self._known[number] = (value, self._weight - before)
        return value

    def _same(self, node: dict[str, Any]) -> Any:
        number = field(node, "id", int)
        if number not in self._known:
            raise WireError("a number that names no object")
        value, weight = self._known[number]
        self._weight += weight
        self._shared += weight
        if self._shared > SHARED * self._limits.nodes:
            raise WireError("more values than a message may have, written out")
        return value

    def _list(self, node: dict[str, Any]) -> Any:
        before = self._weight
        return self._kept(node, self._items(node), before)

    def _dict(self, node: dict[str, Any]) -> Any:
        before = self._weight
        parts = self._items(node)
        if len(parts) % 2:
            raise WireError("a key without a value")
        keys, values = parts[::2], parts[1::2]
        factory = node.get("f")
        if node["$"] == "defaultdict":
            if factory is not None and (type(factory) is not str or factory not in FACTORY_OF):
                raise WireError("a defaultdict with an unknown factory")
            value: dict[Any, Any] = defaultdict(FACTORY_OF[factory] if factory else None)
        else:
            value = _DICTS[node["$"]]()

        def enter(at: int) -> None:
            for key, item in zip(keys[at : at + KEYS], values[at : at + KEYS], strict=True):
                value[key] = item

        self._enter(len(keys), enter)
        if len(value) != len(keys):
            raise WireError("a key that occurs twice")
        return self._kept(node, value, before)

    def _set(self, node: dict[str, Any]) -> Any:
        before = self._weight
        items = self._items(node)
        value: set[Any] = set()
        self._enter(len(items), lambda at: value.update(items[at : at + KEYS]))
        if len(value) != len(items):
            raise WireError("an item that occurs twice")
        return self._kept(node, value if node["$"] == "set" else frozenset(value), before)

    def _enter(self, count: int, enter: Callable[[int], Any]) -> None:
        """Enter keys block by block: those chosen to collide take time with the square of their number."""
        start = thread_time() if count > KEYS else 0.0
        try:
            for at in range(0, count, KEYS):
                enter(at)
                if count > KEYS and self._hashing + thread_time() - start > HASHING:
                    raise WireError("keys that collide")
        except TypeError:
            raise WireError("a key that cannot be one") from None
        if count > KEYS:
            self._hashing += thread_time() - start

    def _named_tuple(self, node: dict[str, Any]) -> Any:
        name, fields = field(node, "n", str), field(node, "f", list)
        items = self._items(node, len(fields))
        if not all(type(field) is str for field in fields):
            raise WireError("a named tuple with odd names")
        self._named.add((name, *fields))
        if len(self._named) > MOST_KINDS:
            raise WireError("too many kinds of named tuple")
        return class_of(name, tuple(fields))(*items)

    def _returned(self, node: dict[str, Any]) -> Any:
        kind = RETURNED.get(field(node, "n", str))
        if kind is None:
            raise WireError("a result of an unknown function of torch")
        return kind(self._items(node, kind.n_fields))

    def _tensor(self, node: dict[str, Any]) -> Any:
        number = field(node, "i", int)
        if not 0 <= number <= len(self.tensors):
            raise WireError("a tensor out of order")
        if number == len(self.tensors):
            plain, mark = unpack_tensor(node, self._arrived, self._limits)
            self.marks.append(mark)
            self.tensors.append(self._finish(plain, mark))
        return self.tensors[number]

    def _array(self, node: dict[str, Any]) -> Any:
        value = unpack_array(node, self._arrived)
        return value if node["$"] == "scalar" else self._kept(node, value, self._weight)

    def _raw(self, node: dict[str, Any]) -> bytes:
        if "b" in node:
            number = field(node, "b", int)
            data = self._arrived.text(number) if node["$"] == "str" else self._arrived.raw(number)
        else:
            try:
                data = field(node, "v", str).encode("latin-1")
            except UnicodeEncodeError:
                raise WireError("bytes that are none") from None
        self._weight += len(data) >> 4
        return data

    def _str(self, node: dict[str, Any]) -> str:
        try:
            return self._raw(node).decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raise WireError("a text that is none") from None

    def _span(self, node: dict[str, Any]) -> Any:
        start, stop, step = self._items(node, 3)
        if node["$"] == "slice":
            return slice(start, stop, step)
        if not all(type(part) is int for part in (start, stop, step)) or not step:
            raise WireError("a range that is none")
        return range(start, stop, step)

    def _size(self, node: dict[str, Any]) -> torch.Size:
        items = self._items(node)
        if not all(type(item) is int and -(1 << 63) <= item < 1 << 63 for item in items):
            raise WireError("a size that is none")
        return torch.Size(items)

    def _constant(self, node: dict[str, Any]) -> Any:
        value = CONSTANTS[node["$"]].get(field(node, "v", str))
        if value is None:
            raise WireError(f"a {node['$']} that is none")
        return value


_MAKERS: dict[str, Callable[[Unpacker, dict[str, Any]], Any]] = {
    "list": Unpacker._list,
    "tuple": lambda unpacker, node: tuple(unpacker._items(node)),
    "named": Unpacker._named_tuple,
    "returned": Unpacker._returned,
    "size": Unpacker._size,
    "dict": Unpacker._dict,
    "OrderedDict": Unpacker._dict,
    "defaultdict": Unpacker._dict,
    "Counter": Unpacker._dict,
    "set": Unpacker._set,
    "frozenset": Unpacker._set,
    "same": Unpacker._same,
    "tensor": Unpacker._tensor,
    "sparse": Unpacker._tensor,
    "array": Unpacker._array,
    "scalar": Unpacker._array,
    "float": lambda unpacker, node: read_float(node),
    "int": lambda unpacker, node: read_int(node),
    "complex": lambda unpacker, node: read_complex(node),
    "str": Unpacker._str,
    "bytes": Unpacker._raw,
    "range": Unpacker._span,
    "slice": Unpacker._span,
    "ellipsis": lambda unpacker, node: ...,
    "dtype": Unpacker._constant,
    "layout": Unpacker._constant,
    "memory_format": Unpacker._constant,
    "device": lambda unpacker, node: device_of(field(node, "v", str)),
    "ref": lambda unpacker, node: unpacker._resolve(node),
}
