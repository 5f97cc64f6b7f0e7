"""The student's end: answers the judge's questions about a namespace until the socket closes.

It runs in the sandbox beside the student's code, which can change any of it. Nothing that the judge relies on is
decided here.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from autograde.wall import errors, known
from autograde.wall.answers import Answer
from autograde.wall.exports import Far
from autograde.wall.fields import text
from autograde.wall.limits import Closed, WireError
from autograde.wall.lockstep import Peer
from autograde.wall.modules import ASKED, TORCH, bare, bases_of, torch_name
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker
from autograde.wall.proxies import CAPABLE, METHODS, Function
from autograde.wall.verbs import VERBS

ROUTINES = (
    types.FunctionType,
    types.BuiltinFunctionType,
    types.MethodType,
    types.MethodWrapperType,
    types.WrapperDescriptorType,
    types.MethodDescriptorType,
)


DATA = (bool, int, float, complex, str, bytes, type(None), type(...))
MOST_LOOKED_AT = 1000
Question = tuple[dict[str, Any], list[memoryview]]


class Callback(Function):
    """A callable of the judge's. It can be called and nothing else."""

    __slots__ = ()

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"'function' object has no attribute {name!r}")

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"'function' object has no attribute {name!r}")

    __delattr__ = __getattr__  # type: ignore[assignment]

    def __dir__(self) -> list[str]:
        return ["__call__", "__name__"]

    @property
    def __signature__(self) -> None:
        return None

    @property
    def __doc__(self) -> None:  # type: ignore[override]
        return None

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: Any) -> Any:
        return self


Callback.__name__ = Callback.__qualname__ = "function"


class Sealed(Callback):
    """An object of the judge's. It can be handed back and nothing else."""

    __slots__ = ()

    __call__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return "<an object of the test's>"

    __str__ = __repr__


class Stream(Sealed):
    """Something of the judge's that can be gone through, one item at a time."""

    __slots__ = ()

    __iter__ = METHODS["__iter__"]
    __next__ = METHODS["__next__"]


class SizedStream(Stream):
    """The same, with a length."""

    __slots__ = ()

    __len__ = METHODS["__len__"]


class Student(Peer):
    """The student's end of a check's socket."""

    def __init__(self, channel: Any, namespace: dict[str, Any], frame_of: errors.FrameOf | None) -> None:
        super().__init__(channel, lambda: None)
        self.namespace = namespace
        self.frame_of = frame_of
        self.told: set[int] = set()  # numbers of classes that the judge has a description of, and keeps

    def answer_other(self, op: str, message: dict[str, Any], buffers: list[memoryview]) -> Answer:
        """A name of the student's: what it is bound to, or that it is not."""
        if op != "get":
            raise WireError("a question of an unknown kind")
        name = text(message, "name", 10_000)
        self.sync.apply(message, ParcelUnpacker(self, buffers))
        if name not in self.namespace:
            return Answer({"op": "value", "missing": True})
        packer = ParcelPacker(self, lambda thing, packer: self.twin_node(packer, thing) if twinned(thing) else None)
        try:
            with self.all_or_nothing(), torch._C.DisableTorchFunctionSubclass():
                reply: dict[str, Any] = {"op": "value", "v": packer.pack(self.namespace[name])}
                self.sync.pack(reply, packer)
            return Answer(reply, packer.buffers)
        except Exception as error:
            return Answer({"op": "error", "error": self.words_of(error)})

    def is_harmless(self, message: dict[str, Any]) -> bool:
        """Whether it can be answered without a fork: a name that is bound to plain data, or to nothing.

        No code of the student's runs then, and nothing of theirs changes. (A namespace can have keys that compare
        themselves; it then gets a fork.)
        """
        if message.get("op") != "get" or not message.keys() <= {"op", "n", "name", "random"}:
            return False
        space = self.namespace
        return type(space) is dict and all(type(key) is str for key in space) and is_data(space.get(message["name"]))

    def verb(self, name: str, args: tuple[Any, ...]) -> Callable[..., Any]:
        """The function that does a verb."""
        if name not in VERBS:
            raise WireError("a verb that is not in the table")
        return VERBS[name]

    def describe(self, thing: Any, packer: ParcelPacker) -> dict[str, Any]:
        """A thing of the student's: its number, what it is called and which operators it has.

        Goes by its type alone: what it says of its own class may be anything.
        """
        plain = known.plain_type(thing)
        if plain is not None:
            return plain
        node = super().describe(thing, packer)
        cls = type(thing)
        if issubclass(cls, type):
            return {**node, **self._class(node["id"], thing)}
        if issubclass(cls, nn.Module):
            named = {**self.reference(cls, packer), "$": "ref"}
            return {**node, "t": "module", "cls": named, **self.sync.own(node["id"], thing, packer)}
        if issubclass(cls, ROUTINES):
            return {**node, "t": "function", "name": str(getattr(thing, "__name__", "function"))[:4000]}
        return {**node, "t": "object", "cls": self.reference(cls, packer)}

    def _class(self, number: int, cls: type) -> dict[str, Any]:
        """What the judge must know of a class; nothing where it knows it already."""
        if number in self.told:
            return {}
        self.told.add(number)
        self.undo.append(lambda: self.told.discard(number))
        mro = type.__dict__["__mro__"].__get__(cls)
        node = {"t": "class", "name": mro_name(cls)[:4000], **abilities(mro)}
        if nn.Module in mro:
            ways = [name for name in ASKED if any(name in space for space in own_spaces(mro))]
            node |= {"module": True, "torch": torch_name(mro), "ways": ways}
        return node

    def proxy(self, far: Far, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """A callable or module of the judge's."""
        if node.get("t") == "module":
            bases = bases_of(node.get("torch"))
            module = bare(type(node.get("torch") or "Module", bases, {}), far)
            settings = unpacker.unpack(node["settings"])
            module.__dict__.update(settings)
            if node.get("whole"):
                module.__dict__["_whole"] = tuple(settings)
            return module
        far.name = "function"
        kind = {"iterable": Stream, "object": Sealed}.get(str(node.get("t")), Callback)
        return SizedStream(far) if node.get("sized") else kind(far)

    def named(self, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """A thing that both sides have: torch's own, or what a fixture bound to a name here."""
        if node["k"] == "known":
            return known.find(node)
        if node["k"] == "name":
            return self.namespace[node["n"]]
        return self.sync.stream.generator(Far(self, node["id"], "generator"), unpacker.unpack(node["v"]))

    def set_attribute(self, thing: Any, name: str, value: Any) -> None:
        """Only what is there already: `layer.weight += 1` changes the weight in place, and then sets it."""
        if not any(parts.get(name) is value for parts in (thing._parameters, thing._buffers, thing._modules)):
            super().set_attribute(thing, name, value)

    def module_text(self, module: Any) -> str:
        """The repr of a module of the judge's."""
        return f"{type(module).__name__}(…)"


def twinned(thing: Any) -> bool:
    """A tensor that the judge finds by name is one that the student's code goes on using."""
    return type(thing) in (torch.Tensor, nn.Parameter) and (thing.is_leaf or not thing.requires_grad)


def mro_name(cls: type) -> str:
    """The name of a class, whatever its metaclass says."""
    return str(type.__dict__["__name__"].__get__(cls))


def own_spaces(mro: tuple[type, ...]) -> list[Any]:
    """The namespaces of a class and its bases, up to object or the first of torch's own modules."""
    spaces: list[Any] = []
    for base in mro:
        if base is object or base is nn.Module or TORCH.get(mro_name(base)) is base:
            break
        spaces.append(type.__dict__["__dict__"].__get__(base))
    return spaces


def abilities(mro: tuple[type, ...]) -> dict[str, Any]:
    """Which operators a class has, apart from those that every object, or torch's own module, has."""
    spaces = own_spaces(mro)
    found = {name: next((space[name] for space in spaces if name in space), None) for name in CAPABLE}
    found.pop("__call__" if nn.Module in mro else "", None)
    hashes = [space["__hash__"] for space in spaces if "__hash__" in space]
    return {"has": [name for name, does in found.items() if does is not None], "hash": [*hashes, hash][0] is not None}


def serve(channel: Any, namespace: dict[str, Any], frame_of: errors.FrameOf | None = None) -> None:
    """Answer the judge's questions about this namespace until the socket closes.

    frame_of: the number of the cell whose code has this file name, or None for code of anybody else's.
    """
    go_on(Student(channel, namespace, frame_of))


def go_on(peer: Student, first: Question | None = None) -> None:
    """Answer `first`, which has come already, and all that comes after it."""
    while True:
        try:
            message, buffers = first or peer.receive()
            first = None
            peer.answer(text(message, "op", 20), message, buffers)
        except Closed:
            return


def is_data(value: Any) -> bool:
    """Whether this is nothing but numbers, text and containers of Python's own: to look at it runs nobody's code."""
    left = [value]
    for _ in range(MOST_LOOKED_AT):
        if not left:
            return True
        item = left.pop()
        if type(item) is dict:
            left += (*item.keys(), *item.values())
        elif type(item) in (list, tuple, set, frozenset):
            left += item
        elif type(item) not in DATA:
            return False
    return False  # large, or it holds itself: worth a fork
