"""Values to a JSON-able tree and buffers: the sender's half of the wire format."""

from __future__ import annotations

import sys
from array import array
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable
from math import isfinite
from types import EllipsisType
from typing import Any

import torch

from autograde.wall.arrays import pack_array
from autograde.wall.limits import LIMITS, SHARED, Unsendable, WireLimits
from autograde.wall.naming import FACTORIES, MOST_KINDS, fields_of, name_of
from autograde.wall.scalars import complex_node, float_node, int_node
from autograde.wall.storages import Storages
from autograde.wall.tensors import pack_tensor

Node = Any  # None, bool, int, float, str, or a dict whose "$" names its kind
Claim = Callable[[Any], "dict[str, Any] | None"]

PLAIN = 1 << 63  # integers below it stand for themselves, larger ones travel as hexadecimal text
MANY = 64  # so many numbers and more travel in a buffer: fifty times quicker than as text
SHORT = 4096  # text and bytes up to this length travel in the tree, longer ones in a buffer
ODD = 512  # the same for text beyond ASCII, which takes six times its length there

# An IntEnum or a StrEnum crosses as its value, whatever its class has made of str() and int().
_BASES: dict[type, Callable[[Any], Any]] = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__complex__,
    str: str.__str__,
}


class Packer:
    """Packs the values of one message.

    reference(thing) is asked for everything that is not data and returns a dict of JSON values; it becomes a node of
    kind "ref". claim(thing), where given, is asked before for each tensor, container and array: a dict that it returns
    becomes such a node in place of the data. What occurs twice in a message is one object on the other side. The nodes
    are to be unpacked in the order in which they were packed, and `buffers` read after the last pack().
    """

    def __init__(
        self, reference: Callable[[Any], dict[str, Any]], limits: WireLimits = LIMITS, *, claim: Claim | None = None
    ) -> None:
        self._reference = reference
        self._claim = claim
        self._limits = limits
        self._storages = Storages(limits)
        self._seen: dict[int, tuple[Any, Node, int]] = {}  # the object too: while it is kept, its id is its own
        self._named: set[tuple[str, ...]] = set()
        self._ids = 0
        self._depth = 0
        self._count = 0  # nodes
        self._weight = 0  # nodes, and text by the length, with what is shared counted each time
        self._shared = 0  # the part of it that is there by being shared
        self.tensors: list[torch.Tensor] = []
        self.kept: list[Any] = []  # the containers and arrays, in the order of Unpacker.kept

    @property
    def buffers(self) -> list[Any]:
        """The buffers of everything packed so far (memoryviews and bytes)."""
        return self._storages.buffers()

    def pack(self, value: Any) -> Node:
        """The value's node; raises Unsendable for a cycle, for what is too deep or too large, for odd tensors."""
        self._tally(1)
        kind = type(value)
        if value is None or value is True or value is False:
            return value
        if kind is float and isfinite(value):
            return value
        if kind is int and -PLAIN < value < PLAIN:
            return value
        if kind is str and (len(value) <= SHORT if value.isascii() else len(value) <= ODD and _encodable(value)):
            self._weight += len(value) >> 4
            return value
        make = _MAKERS.get(kind)
        return self._other(value) if make is None else make(self, value)

    def _tally(self, count: int) -> None:
        self._count += count
        self._weight += count
        if self._count > self._limits.nodes:
            raise Unsendable(f"more than a message holds: over {self._limits.nodes:,} values")

    def _other(self, value: Any) -> Node:
        kind = type(value)  # not isinstance(value, …): an object can lie about its class
        if issubclass(kind, torch.Tensor):
            return self._tensor(value)
        if _is_numpy(kind):  # np.float64 is a float too, and crosses as what it is
            return self._array(value)
        for base, plain in _BASES.items():
            if issubclass(kind, base):
                self._count -= 1
                self._weight -= 1
                return self.pack(plain(value))
        named = fields_of(value) if issubclass(kind, tuple) else None
        if named is not None:
            self._named.add((named.get("n", ""), *named.get("f", ())))
            if len(self._named) > MOST_KINDS:
                raise Unsendable(f"more than a message holds: over {MOST_KINDS} kinds of named tuple")
            return {**named, "v": self._items(tuple.__iter__(value))}
        return {**self._reference(value), "$": "ref"}

    def _items(self, values: Iterable[Any]) -> list[Node] | dict[str, int]:
        """The nodes of what a container holds; a long list of nothing but numbers is put among the buffers."""
        self._depth += 1
        if self._depth > self._limits.depth:
            raise Unsendable(f"nested more than {self._limits.depth} deep")
        code = _code(values) if type(values) is list and len(values) >= MANY else ""
        if code:
            self._tally(len(values))  # type: ignore[arg-type]
            found: Any = {code: self._storages.add(array(code, values).tobytes())}
        else:
            found = [self.pack(item) for item in values]
        self._depth -= 1
        return found

    def _once(self, value: Any, node: dict[str, Any], items: Callable[[], None]) -> Node:
        """What has an identity: packed at its first occurrence, named at every later one, unless it is claimed."""
        if id(value) in self._seen:
            return self._again(value)
        claimed = None if self._claim is None else self._claim(value)
        if claimed is not None:
            return {**claimed, "$": "ref"}
        before = self._weight
        self._seen[id(value)] = (value, None, 0)
        items()
        self._seen[id(value)] = (value, node, self._weight - before)
        self.kept.append(value)
        return node

    def _again(self, value: Any) -> Node:
        _, node, weight = self._seen[id(value)]
        if node is None:
            raise Unsendable(f"a {type(value).__name__} that contains itself cannot cross")
        self._weight += weight
        self._shared += weight
        if self._shared > SHARED * self._limits.nodes:
            raise Unsendable("more than a message holds, if what occurs in several places is written out in each")
        if "id" not in node:
            self._ids += 1
            node["id"] = self._ids
        return {"$": "same", "id": node["id"]}

    def _sequence(self, value: Any) -> Node:
        node: dict[str, Any] = {"$": type(value).__name__}
        return self._once(value, node, lambda: node.update(v=self._items(value)))

    def _mapping(self, value: dict[Any, Any]) -> Node:
        node: dict[str, Any] = {"$": type(value).__name__}
        factory = getattr(value, "default_factory", None)
        if isinstance(factory, type) and factory in FACTORIES:
            node["f"] = FACTORIES[factory]
        pairs = (part for pair in value.items() for part in pair)
        return self._once(value, node, lambda: node.update(v=self._items(pairs)))

    def _array(self, value: Any) -> Node:
        node = pack_array(value, self._storages) if id(value) not in self._seen else {}
        if node is None:
            return {**self._reference(value), "$": "ref"}
        if node.get("$") == "scalar":
            return node
        return self._once(value, node, lambda: None)

    def _tensor(self, value: torch.Tensor) -> Node:
        if id(value) in self._seen:
            return {"$": "tensor", "i": self._seen[id(value)][1]["i"]}
        claimed = None if self._claim is None else self._claim(value)
        if claimed is not None:
            return {**claimed, "$": "ref"}
        node = pack_tensor(value, self._storages)
        node["i"] = len(self.tensors)
        self.tensors.append(value)
        self._seen[id(value)] = (value, node, 0)
        return node

    def _str(self, value: str) -> Node:
        data = value.encode("utf-8", "surrogatepass")
        self._weight += len(data) >> 4
        if len(data) > ODD:
            return {"$": "str", "b": self._storages.add_text(data)}
        return {"$": "str", "v": data.decode("latin-1")}

    def _bytes(self, value: bytes) -> Node:
        self._weight += len(value) >> 4
        if len(value) > SHORT:
            return {"$": "bytes", "b": self._storages.add_raw(value)}
        return {"$": "bytes", "v": value.decode("latin-1")}

    def _constant(self, value: Any) -> Node:
        """torch's own constants, by name: float32, strided, channels_last."""
        name = name_of(value)
        return {**self._reference(value), "$": "ref"} if name is None else {"$": type(value).__name__, "v": name}

    def _span(self, value: range | slice) -> Node:
        return {"$": type(value).__name__, "v": self._items((value.start, value.stop, value.step))}

    def _tuple(self, value: tuple[Any, ...]) -> Node:
        return {"$": "tuple" if type(value) is tuple else "size", "v": self._items(value)}


def _code(values: list[Any]) -> str:
    """How the array module calls these numbers: "d" where all are floats, "q" where all are ints of 64 bits, or ""."""
    kinds = set(map(type, values))
    if kinds == {float}:
        return "d"
    return "q" if kinds == {int} and -PLAIN < min(values) and max(values) < PLAIN else ""


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return False
    return True


def _is_numpy(kind: type) -> bool:
    numpy = sys.modules.get("numpy")
    return numpy is not None and issubclass(kind, (numpy.ndarray, numpy.generic))


_MAKERS: dict[type, Callable[[Packer, Any], Node]] = {
    float: lambda packer, value: float_node(value),
    int: lambda packer, value: int_node(value),
    complex: lambda packer, value: complex_node(value),
    str: Packer._str,
    bytes: Packer._bytes,
    list: Packer._sequence,
    set: Packer._sequence,
    frozenset: Packer._sequence,
    dict: Packer._mapping,
    OrderedDict: Packer._mapping,
    defaultdict: Packer._mapping,
    Counter: Packer._mapping,
    tuple: Packer._tuple,
    torch.Size: Packer._tuple,
    range: Packer._span,
    slice: Packer._span,
    EllipsisType: lambda packer, value: {"$": "ellipsis"},
    torch.Tensor: Packer._tensor,
    torch.nn.Parameter: Packer._tensor,
    torch.dtype: Packer._constant,
    torch.device: Packer._constant,
    torch.layout: Packer._constant,
    torch.memory_format: Packer._constant,
}
