"""What stands at the judge for a student's function, class or object.

A proxy forwards calls, operators, items and attributes, and has nothing of its own. Its class is made here, with the
operators that the student's class has, out of a fixed table: the other side chooses names and which of these there
are, never what they do. What comes back of a comparison is data that the student's side computed: no check may take
it for a comparison (see docs/wall.md).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from autograde.wall import errors
from autograde.wall.exports import Far, Proxy, ProxyType, far_of
from autograde.wall.fields import a_list, flag, identifier, text
from autograde.wall.limits import WireError

MOST_NAME = 200

# Operators: the method and the verb that does it on the other side.
BINARY = {
    f"__{name}__": name
    for name in "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor lt le eq ne gt ge".split()
}
REFLECTED = {
    f"__r{name}__": f"r{name}"
    for name in "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split()
}
IN_PLACE = {
    f"__i{name}__": f"i{name}"
    for name in "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor".split()
}
OTHERS = {
    "__neg__": "neg",
    "__pos__": "pos",
    "__abs__": "abs",
    "__invert__": "invert",
    "__divmod__": "divmod",
    "__round__": "round",
    "__call__": "call",
    "__getitem__": "getitem",
    "__setitem__": "setitem",
    "__delitem__": "delitem",
    "__iter__": "iter",
    "__next__": "next",
    "__reversed__": "reversed",
    "__enter__": "enter",
}
# Those whose result must be of one type, or Python itself raises a TypeError that says so.
TYPED: dict[str, tuple[str, type]] = {
    "__len__": ("len", int),
    "__bool__": ("bool", bool),
    "__int__": ("int", int),
    "__float__": ("float", float),
    "__index__": ("index", int),
    "__contains__": ("contains", bool),
    "__exit__": ("exit", bool),
}
FORWARDED = BINARY | REFLECTED | IN_PLACE | OTHERS
CAPABLE = [*FORWARDED, *TYPED]  # what a student's class may have


def forwarded(name: str, verb: str) -> Callable[..., Any]:
    """The method that has the other side do a verb on its object."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return far_of(self).peer.call(verb, self, *args, **kwargs)

    method.__name__ = method.__qualname__ = name
    return method


def typed(name: str, verb: str, kind: type) -> Callable[..., Any]:
    """The same for a result of one type."""

    def method(self: Any, *args: Any) -> Any:
        return far_of(self).peer.call_for(kind, verb, self, *args)

    method.__name__ = method.__qualname__ = name
    return method


METHODS: dict[str, Callable[..., Any]] = {
    **{name: forwarded(name, verb) for name, verb in FORWARDED.items()},
    **{name: typed(name, verb, kind) for name, (verb, kind) in TYPED.items()},
}


def remote_attribute(thing: Any, name: str) -> Any:
    """An attribute of the student's object. Python's own names, but for a few, are not asked for."""
    if name.startswith("__") and name.endswith("__") and name not in ("__name__", "__doc__"):
        raise errors.make("AttributeError", f"{type(thing).__name__!r} object has no attribute {name!r}")
    return far_of(thing).peer.call("getattr", thing, name)


class Handle(Proxy):
    """An object of the student's."""

    __slots__ = ("__student_name__", "__student_source__", "__weakref__", "_far")
    __student_object__ = True  # autograde.check takes no comparison's word for it

    def __init__(self, far: Far) -> None:
        object.__setattr__(self, "_far", far)

    def __getattr__(self, name: str) -> Any:
        return remote_attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        far_of(self).peer.call("setattr", self, name, value)

    def __delattr__(self, name: str) -> None:
        far_of(self).peer.call("delattr", self, name)

    def __repr__(self) -> str:
        return far_of(self).peer.call_for(str, "repr", self)

    def __str__(self) -> str:
        return far_of(self).peer.call_for(str, "str", self)

    def __format__(self, spec: str) -> str:
        return far_of(self).peer.call_for(str, "format", self, spec)

    def __dir__(self) -> list[str]:
        return [name for name in far_of(self).peer.call("dir", self) if type(name) is str]

    def __hash__(self) -> int:
        return object.__hash__(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise errors.make("TypeError", f"cannot pickle a {type(self).__name__!r} object of the student's")

    def __copy__(self) -> Any:
        return far_of(self).peer.call("copy", self)

    def __deepcopy__(self, memo: Any) -> Any:
        return far_of(self).peer.call("deepcopy", self)


class Function(Handle):
    """A function (or method) of the student's."""

    __slots__ = ("__name__", "__qualname__")

    def __init__(self, far: Far) -> None:
        super().__init__(far)
        object.__setattr__(self, "__name__", far.name)
        object.__setattr__(self, "__qualname__", far.name)

    __call__ = METHODS["__call__"]

    def __repr__(self) -> str:
        return f"<function {far_of(self).name}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(repr(self), spec)

    @property
    def __signature__(self) -> inspect.Signature | None:
        return far_of(self).peer.signature(self)

    @property
    def __doc__(self) -> str | None:  # type: ignore[override]
        found = far_of(self).peer.call("doc", self)
        return found if type(found) is str else None


Function.__name__ = Function.__qualname__ = "function"


class ClassType(ProxyType):
    """The type of the classes that stand for a student's class: calling one makes an object on the other side."""

    __student_object__ = True

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        return far_of(cls).peer.call("call", cls, *args, **kwargs)

    def __getattr__(cls, name: str) -> Any:
        return remote_attribute(cls, name)

    def __setattr__(cls, name: str, value: Any) -> None:
        far_of(cls).peer.call("setattr", cls, name, value)

    def __instancecheck__(cls, thing: Any) -> bool:
        if type.__instancecheck__(cls, thing):
            return True
        return far_of(thing) is not None and far_of(cls).peer.call("isinstance", thing, cls) is True

    def __subclasscheck__(cls, other: Any) -> bool:
        if type.__subclasscheck__(cls, other):
            return True
        return far_of(other) is not None and far_of(cls).peer.call("issubclass", other, cls) is True

    def __repr__(cls) -> str:
        return f"<class '__main__.{cls.__name__}'>"

    @property
    def __signature__(cls) -> inspect.Signature | None:
        return far_of(cls).peer.signature(cls)


def class_proxy(far: Far, node: dict[str, Any], bases: tuple[type, ...], more: dict[str, Any]) -> type:
    """The class that stands for a student's class: its name, the operators that it says it has, and `more`."""
    names = a_list(node, "has", len(CAPABLE))
    if not all(type(name) is str and name in METHODS for name in names):
        raise WireError("a class with an operator that is not in the table")
    space: dict[str, Any] = {name: METHODS[name] for name in names} | more
    if "__eq__" in space:
        space["__hash__"] = Handle.__hash__ if flag(node, "hash") else None
    space |= {"__slots__": (), "_class_far": far, "__module__": "__main__"}
    return type.__new__(ClassType, far.name, bases, space)


def give_source(thing: Any, name: str, source: str | None) -> None:
    """Let check.calls read the text of the cell that binds this name: the judge's own copy."""
    put: Any = object if isinstance(thing, Handle) else type if type(thing) is ClassType else None
    if source is not None and put is not None:
        put.__setattr__(thing, "__student_source__", source)
        put.__setattr__(thing, "__student_name__", name)


def handle(cls: type, far: Far) -> Any:
    """A handle of that class, made without asking the class."""
    made: Any = object.__new__(cls)
    Handle.__init__(made, far)
    return made


def plain_name(node: dict[str, Any], otherwise: str) -> str:
    """The name that the other side gives: an identifier, or another word."""
    name = text(node, "name", 4096)[:MOST_NAME]
    return name if name.isidentifier() else otherwise


def signature_of(found: Any) -> inspect.Signature | None:
    """A signature from [name, kind, has a default, default]s; None where the other side has none."""
    if found is None:
        return None
    if type(found) is not list or len(found) > 1000:
        raise WireError("a signature that is none")
    try:
        return inspect.Signature([parameter(*entry) for entry in found])
    except (TypeError, ValueError):
        raise WireError("a signature that is none") from None


def parameter(name: Any, kind: Any, has: Any, default: Any) -> inspect.Parameter:
    """One parameter of a signature."""
    kinds = list(inspect._ParameterKind)
    if type(kind) is not int or not 0 <= kind < len(kinds):
        raise WireError("a parameter of an unknown kind")
    return inspect.Parameter(identifier(name), kinds[kind], default=default if has is True else inspect.Parameter.empty)
