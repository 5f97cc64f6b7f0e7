"""An nn.Module across the wall: a real module here whose parameters and buffers are twins of the other side's.

Its forward and its methods run where it was made. Everything that torch does with a module (parameters(), state_dict(),
optimisers, train(), named_modules(), isinstance) works on the local one, and what that changes the other side reads
before it runs again. The owner says when its structure changes.
"""

from __future__ import annotations

import copy
import operator
from typing import Any

import torch
from torch import nn

from autograde.wall import errors
from autograde.wall.exports import Far, Proxy, far_of
from autograde.wall.fields import a_list, flag
from autograde.wall.limits import Unsendable, WireError

MOST_PARTS = 100_000
MOST_NESTED = 200
# Modules whose class is one of torch's own are of that class here, too: isinstance(layer, nn.Linear).
TORCH = {name: cls for name, cls in vars(nn).items() if isinstance(cls, type) and issubclass(cls, nn.Module)}
BARE = vars(nn.Module()).keys()  # what every module has
ASKED = ("train", "eval", "zero_grad", "reset_parameters")  # what a student's class may do in a way of its own
HOOKS = ("register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook")


class RemoteModule(Proxy, nn.Module):
    """A module of the other side's."""

    _far: Far

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        twins = far_of(self).peer.sync.twins
        if any(twins.number(p) is None for p in self.parameters()):  # torch.func.functional_call puts others in
            raise Unsendable("a module across the wall runs with its own parameters only")
        return far_of(self).peer.call("call", self, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        try:
            return nn.Module.__getattr__(self, name)
        except AttributeError:
            return far_of(self).peer.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "training" or name.startswith("_"):
            object.__setattr__(self, name, value)
        else:
            far_of(self).peer.set_attribute(self, name, value)

    def __repr__(self) -> str:
        return far_of(self).peer.module_text(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        raise errors.make("TypeError", f"cannot pickle {type(self).__name__!r} object")

    def __deepcopy__(self, memo: Any) -> Any:
        if "_whole" in self.__dict__:
            return local_copy(self, memo)
        return far_of(self).peer.call("deepcopy", self)

    def __copy__(self) -> Any:
        return self.__deepcopy__({})


def _there(name: str) -> Any:
    """A method that runs on the other side. Hooks do: where forward runs they fire for the modules inside, too."""

    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        return far_of(self).peer.attribute(self, name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in HOOKS:
    setattr(RemoteModule, _name, _there(_name))


def own_ways(names: list[Any]) -> dict[str, Any]:
    """Methods that have the other side do what its class does in a way of its own. Raises WireError."""
    if not all(type(name) is str and name in ASKED for name in names):
        raise WireError("a method of a module that is not in the table")
    return {name: _there(name) for name in names}


def torch_name(mro: tuple[type, ...]) -> str | None:
    """The name in torch.nn of the first of torch's own classes among these; None for nn.Module itself."""
    found = next((base for base in mro if TORCH.get(base.__name__) is base), nn.Module)
    return None if found is nn.Module else found.__name__


def bases_of(name: Any) -> tuple[type, ...]:
    """The bases of a module's class here. Raises WireError for a name that torch.nn has not."""
    if name is None:
        return (RemoteModule,)
    if type(name) is not str or name not in TORCH:
        raise WireError("a module of a class that torch.nn has not")
    return RemoteModule, TORCH[name]


class Owned:
    """A module of this side's that the other side has a proxy of, and the structure that was told."""

    __slots__ = ("_told", "module", "training")

    def __init__(self, module: nn.Module) -> None:
        self.module = module
        self.training = module.training
        self._told = self._parts()

    def _parts(self) -> tuple[list[str], list[Any]]:
        module = self.module
        names = [*module._parameters, "", *module._buffers, "", *module._modules]
        return names, [*module._parameters.values(), *module._buffers.values(), *module._modules.values()]

    def changed(self) -> bool:
        """Has it other parts than when this was last asked?"""
        names, parts = self._parts()
        was_names, was = self._told
        if names == was_names and all(map(operator.is_, parts, was)):
            return False
        self._told = names, parts
        return True


def described(peer: Any, packer: Any, module: nn.Module) -> dict[str, Any]:
    """The structure of a module: its parts by name, each a node."""
    put = peer.twin_node
    return {
        "training": bool(module.training),
        "params": [[name, put(packer, p)] for name, p in module._parameters.items()],
        "buffers": [
            [name, put(packer, b), name not in module._non_persistent_buffers_set]
            for name, b in module._buffers.items()
        ],
        "children": [[name, packer.pack(child)] for name, child in module._modules.items()],
        "plain": [[name, packer.pack(value)] for name, value in vars(module).items() if layers_in(name, value)],
    }


def settings(module: nn.Module) -> dict[str, Any]:
    """The numbers and words of one of torch's own modules: in_features, p, kernel_size. Of other classes nothing."""
    if TORCH.get(type(module).__name__) is not type(module):
        return {}
    return {name: value for name, value in vars(module).items() if not name.startswith("_") and simple(value)}


def whole(module: nn.Module) -> bool:
    """Is it one of torch's own of which settings and parts are all there is? (A convolution keeps more.)"""
    if TORCH.get(type(module).__name__) is not type(module) or hooked(module):
        return False
    return vars(module).keys() == BARE | settings(module).keys()


def hooked(module: nn.Module) -> bool:
    """Has anybody put a hook on it?"""
    return any(value for name, value in vars(module).items() if name.endswith(("_hooks", "_pre_hooks")))


def local_copy(proxy: Any, memo: dict[int, Any]) -> nn.Module:
    """A deep copy of a whole module of the other side's: torch's own, here, and nobody's but its maker's."""
    cls = next(base for base in type(proxy).__mro__ if TORCH.get(base.__name__) is base)
    copied = object.__new__(cls)
    nn.Module.__init__(copied)
    memo[id(proxy)] = copied
    copied.__dict__ |= {name: proxy.__dict__[name] for name in proxy.__dict__["_whole"]}
    copied.__dict__["training"] = proxy.training
    copied.__dict__["_non_persistent_buffers_set"] = set(proxy._non_persistent_buffers_set)
    for parts in ("_parameters", "_buffers", "_modules"):
        for name, part in getattr(proxy, parts).items():
            getattr(copied, parts)[name] = copy.deepcopy(part, memo)
    return copied


def simple(value: Any) -> bool:
    """A number, a word, None, or a tuple of these."""
    if type(value) is tuple:
        return all(map(simple, value))
    return value is None or type(value) in (bool, int, float, str)


def layers_in(name: str, value: Any) -> bool:
    """Is this a plain list or dict with layers in it, which torch does not see? A check names it."""
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return not name.startswith("_") and any(isinstance(item, (nn.Module, nn.Parameter)) for item in items)


def bare(cls: type, far: Far) -> Any:
    """A proxy of that class, still without parts."""
    module: Any = object.__new__(cls)
    nn.Module.__init__(module)
    module.__dict__["_far"] = far
    return module


def furnish(module: Any, node: dict[str, Any], unpack: Any) -> None:
    """Give a proxy the parts that its owner says it has. Raises WireError."""
    params = {name: part(unpack(item), torch.Tensor) for name, item in named(node, "params", 2)}
    kept = {name: persistent for name, _, persistent in named(node, "buffers", 3)}
    buffers = {name: part(unpack(item), torch.Tensor) for name, item, _ in named(node, "buffers", 3)}
    children = {name: part(unpack(item), nn.Module) for name, item in named(node, "children", 2)}
    plain = {name: unpack(item) for name, item in named(node, "plain", 2)}
    if not all(p is None or isinstance(p, nn.Parameter) for p in params.values()):
        raise WireError("a parameter that is none")
    for own, new in ((module._parameters, params), (module._buffers, buffers), (module._modules, children)):
        own.clear()
        own.update(new)
    module.__dict__["_non_persistent_buffers_set"] = {
        name for name, persistent in kept.items() if persistent is not True
    }
    for name in [name for name, value in vars(module).items() if layers_in(name, value)]:
        del module.__dict__[name]
    wanted = {name: value for name, value in plain.items() if layers_in(name, value) and not hasattr(nn.Module, name)}
    module.__dict__.update(wanted)
    module.__dict__["training"] = flag(node, "training")
    tree(module)


def named(node: dict[str, Any], field: str, size: int) -> list[list[Any]]:
    """The entries of a field, each a list that begins with a name no other has."""
    entries = a_list(node, field, MOST_PARTS)
    if not all(type(entry) is list and len(entry) == size and type(entry[0]) is str for entry in entries):
        raise WireError("a part of a module without a name")
    names = {entry[0] for entry in entries}
    if len(names) < len(entries) or any("." in name or len(name) > 1000 or name.startswith("__") for name in names):
        raise WireError("a part of a module with an odd name")
    return entries


def part(value: Any, kind: type) -> Any:
    """A part, or None."""
    if value is not None and not isinstance(value, kind):
        raise WireError("a part of a module that is none")
    return value


def tree(module: nn.Module) -> None:
    """Refuse a module that holds itself, or one so often that walking it would never end. Raises WireError."""
    visits: dict[int, int] = {}
    open_now: set[int] = set()

    def count(inner: nn.Module) -> int:
        if id(inner) in open_now or len(open_now) > MOST_NESTED:
            raise WireError("a module that holds itself")
        if id(inner) not in visits:
            open_now.add(id(inner))
            visits[id(inner)] = 1 + sum(count(child) for child in inner._modules.values() if child is not None)
            open_now.discard(id(inner))
        return min(visits[id(inner)], MOST_PARTS + 1)

    if count(module) > MOST_PARTS:
        raise WireError("a module with too many parts")
