"""What every message carries beside its own matter, so that both sides read the same: twins, modules, random numbers.

`Sync` packs it into a message that is about to be sent and applies it to one that arrived. The order is fixed, since
nodes are unpacked in the order in which they were packed: random numbers, modules, twins.
"""

from __future__ import annotations

import weakref
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

from autograde.wall import modules
from autograde.wall.fields import an_int, flag, ints, pairs
from autograde.wall.limits import WireError
from autograde.wall.modules import Owned, RemoteModule
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker
from autograde.wall.restore import grad_like, like, write
from autograde.wall.streams import Hearer, Teller
from autograde.wall.twins import MOST_TWINS, Twins


class Sync:
    """One side's part in keeping both the same."""

    def __init__(self, peer: Any, first: int) -> None:
        self.peer = peer
        self.twins = Twins(first)
        self.stream: Any = Teller() if peer.judge else Hearer()
        self.owned: dict[int, Owned] = {}  # modules of this side's that the other has proxies of
        self.modes: dict[int, tuple[Any, bool]] = {}  # number → weak proxy of the other's module, training as told
        self.pinned: list[Any] = []  # those proxies, while the other side may still name them

    # packing

    def pack(self, message: dict[str, Any], packer: ParcelPacker) -> None:
        """Put into a message what changed here since the last one."""
        state = self.stream.outgoing()
        if state is not None:
            message["random"] = packer.pack(state)
        if not self.peer.judge and (drawn := self.stream.drawn()):
            message["drew"] = drawn
        self._pack_modules(message, packer)
        changed = self._changed_twins(packer)
        if changed:
            message["twins"] = changed
        gone = self.twins.gone()
        if gone:
            message["gone"] = gone

    def _changed_twins(self, packer: ParcelPacker) -> list[list[Any]]:
        changed = []
        for twin, tensor in self.twins.alive():
            if not twin.source and (found := twin.changes(tensor)):
                self.peer.undo.append(twin.unsettle)
                changed.append([twin.number, self._entry(packer, tensor, found)])
        return changed

    def _entry(self, packer: ParcelPacker, tensor: torch.Tensor, found: dict[str, bool]) -> dict[str, Any]:
        entry: dict[str, Any] = {}
        if found["value"]:
            entry |= {"v": packer.raw(tensor), "q": found["quiet"]}
        grad = tensor.grad if tensor.is_leaf else None
        if found["grad"] or (found["written"] and grad is not None and grad.layout != torch.strided):
            entry["g"] = packer.pack(grad)
        elif found["written"] and grad is not None:
            entry["w"] = packer.raw(grad)
        if found["flag"]:
            entry["r"] = tensor.requires_grad
        return entry

    def _pack_modules(self, message: dict[str, Any], packer: ParcelPacker) -> None:
        own, far, built = [], [], []
        for number, owned in list(self.owned.items()):
            if number not in self.peer.exports.numbers():
                del self.owned[number]
                continue
            if owned.changed():
                built.append([number, modules.described(self.peer, packer, owned.module)])
            elif owned.training != owned.module.training:
                own.append([number, bool(owned.module.training)])
            owned.training = owned.module.training
        self.pinned = []
        self.pinned = [reference() for reference, _ in self.modes.values()]
        for (number, (reference, told)), module in zip(list(self.modes.items()), self.pinned, strict=True):
            if module is None:
                del self.modes[number]
            elif module.training != told:
                far.append([number, bool(module.training)])
                self.modes[number] = (reference, module.training)
        parts = {"modules": built, "own": own, "far": far}
        message |= {name: part for name, part in parts.items() if part}

    def twin_node(self, packer: ParcelPacker, tensor: torch.Tensor | None) -> Any:
        """The node of a tensor that is to be a twin from now on, or is one."""
        if tensor is None or is_lazy(tensor):
            return None
        number = self.twins.number(tensor)
        node: dict[str, Any] = {"$": "ref", "k": "twin"}
        if number is not None:
            return {**node, "n": number}
        node |= {"n": self.twins.new_number(), "p": isinstance(tensor, nn.Parameter)}
        self.twins.add(node["n"], tensor, home=True)
        self.peer.undo.append(lambda: self.twins.undo(node["n"]))
        node |= {"v": packer.raw(tensor), "r": bool(tensor.requires_grad and tensor.is_leaf)}
        if tensor.is_leaf and tensor.grad is not None:
            node["g"] = packer.pack(tensor.grad)
        return node

    # applying

    def apply(self, message: dict[str, Any], unpacker: ParcelUnpacker) -> None:
        """Make what changed on the other side so here. Raises WireError."""
        if "random" in message:
            self.stream.incoming(unpacker.unpack(message["random"]))
        for number in ints(message, "drew", MOST_TWINS) if self.peer.judge else ():
            self.stream.drew(self.peer.exports.find(number))
        for number, node in pairs(message, "modules", modules.MOST_PARTS):
            proxy = self.peer.imports.find(number)
            if not isinstance(proxy, RemoteModule) or type(node) is not dict:
                raise WireError("the structure of a module that is not here")
            self.furnish(number, proxy, node, unpacker)
        for number, on in pairs(message, "own", modules.MOST_PARTS):
            self._set_mode(self.peer.imports.find(number), on)
            self.modes[number] = (self.modes[number][0], on)
        for number, on in pairs(message, "far", modules.MOST_PARTS):
            if number not in self.owned:
                raise WireError("the mode of a module that was not given")
            self._set_mode(self.owned[number].module, on)
            self.owned[number].training = on
        for number, entry in pairs(message, "twins", MOST_TWINS):
            self._update(number, entry, unpacker)
        for number in ints(message, "gone", MOST_TWINS):
            self.twins.forget(number)

    def furnish(self, number: int, proxy: Any, node: dict[str, Any], unpacker: ParcelUnpacker) -> None:
        """Give the proxy of a module the parts that its owner says it has. Raises WireError."""
        modules.furnish(proxy, node, unpacker.unpack)
        self.modes[number] = (weakref.ref(proxy), proxy.training)

    def own(self, number: int, module: nn.Module, packer: ParcelPacker) -> dict[str, Any]:
        """What the other side must know of a module of this side's; nothing where it knows it already."""
        if number in self.owned:
            return {}
        self.owned[number] = Owned(module)
        self.peer.undo.append(lambda: self.owned.pop(number, None))
        return modules.described(self.peer, packer, module)

    def leaves(self) -> list[tuple[int, torch.Tensor]]:
        """(number, tensor) of the twins through which gradients flow."""
        alive = ((twin, t) for twin, t in self.twins.alive() if t.requires_grad and t.is_leaf)
        return [(twin.number, t) for twin, t in alive]

    def _set_mode(self, module: Any, on: Any) -> None:
        if not isinstance(module, nn.Module) or type(on) is not bool:
            raise WireError("the mode of a module that is none")
        module.training = on

    def _update(self, number: int, entry: Any, unpacker: ParcelUnpacker) -> None:
        twin = self.twins.synced(number)
        tensor = self.twins.find(number)
        if type(entry) is not dict:
            raise WireError("a change of a twin that is none")
        if "v" in entry:
            new = unpacker.unpack(entry["v"])
            if same_kind(tensor, new):
                with torch.no_grad():
                    write(tensor.data if flag(entry, "q") else tensor, new)
            else:
                replace_data(tensor, new)
        if "g" in entry:
            grad = unpacker.unpack(entry["g"])
            if not tensor.is_leaf:
                raise WireError("a .grad for a tensor that is no leaf")
            tensor.grad = None if grad is None else grad_like(tensor, grad)
        elif "w" in entry and tensor.grad is not None and tensor.grad.layout == torch.strided:
            with torch.no_grad():
                write(tensor.grad, like(tensor.grad, unpacker.unpack(entry["w"]), "a .grad"))
        if "r" in entry:
            if not tensor.is_leaf or not (tensor.is_floating_point() or tensor.is_complex()):
                raise WireError("a tensor that cannot require a gradient")
            tensor.requires_grad_(flag(entry, "r"))
        twin.settle(tensor)

    def new_twin(self, node: dict[str, Any], unpacker: ParcelUnpacker) -> torch.Tensor:
        """The tensor of a twin's node: known already, or made from what the node brings. Raises WireError."""
        number = an_int(node, "n")
        if "v" not in node:
            return self.twins.find(number)
        tensor = unpacker.unpack(node["v"])
        if not isinstance(tensor, torch.Tensor) or not tensor.is_leaf:
            raise WireError("a twin that is no tensor")
        wants = flag(node, "r")
        if wants and not (tensor.is_floating_point() or tensor.is_complex()):
            raise WireError("a gradient of whole numbers")
        if flag(node, "p"):
            tensor = nn.Parameter(tensor, requires_grad=wants)
        else:
            tensor.requires_grad_(wants)
        if node.get("g") is not None:
            tensor.grad = grad_like(tensor, unpacker.unpack(node["g"]))
        self.twins.add(number, tensor, home=False)
        return tensor

    def kept(self, message: dict[str, Any], tensors: list[torch.Tensor]) -> None:
        """The other side holds on to arguments of this side's: they are twins from now on. Raises WireError."""
        for i, number in pairs(message, "kept", MOST_TWINS):
            if type(number) is not int or not 0 <= i < len(tensors) or tensors[i].layout != torch.strided:
                raise WireError("a twin of a tensor that was not sent")
            leaf = None if tensors[i].is_leaf else tensors[i]
            self.twins.add(number, tensors[i], home=True, leaf=leaf)


def same_kind(tensor: torch.Tensor, new: Any) -> bool:
    """Can the values be written into the tensor as it is?"""
    return isinstance(new, torch.Tensor) and (tensor.shape, tensor.dtype, tensor.device) == (
        new.shape,
        new.dtype,
        new.device,
    )


def replace_data(tensor: torch.Tensor, new: Any) -> None:
    """What `tensor.data = …` does: model.double() gives its parameters another dtype. Raises WireError."""
    if not isinstance(new, torch.Tensor) or new.requires_grad:
        raise WireError("values of a twin that are none")
    try:
        tensor.data = new
    except (RuntimeError, TypeError):
        raise WireError("values of a twin that cannot be") from None
