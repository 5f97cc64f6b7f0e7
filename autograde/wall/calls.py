"""A call across the wall, the caller's half.

A request holds the arguments (copied in), the gradients that lie in their .grad, and how torch is set. Its reply holds
what changed in the arguments (restored in the caller's own objects), the result, and which of its tensors have a graph.
A result that is an argument is the caller's own object, and one that lies in an argument's memory a view of that. What
a reply says is checked against what was sent. answers.py is the other half.
"""

from __future__ import annotations

from typing import Any

import torch

from autograde.wall import aliases
from autograde.wall.fields import an_int, ints, pairs
from autograde.wall.gradients import Link, attach
from autograde.wall.limits import WireError
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker
from autograde.wall.restore import at, grad_like, like, put, write
from autograde.wall.tensors import Mark

MOST = 300_000  # entries of any list in a message


class Request:
    """The caller's half of a call: packs the arguments, and makes the reply's changes and result its own."""

    def __init__(self, peer: Any, args: tuple[Any, ...], kwargs: dict[str, Any], inputs: Any = ()) -> None:
        self.peer = peer
        self.inputs = list(inputs)  # of the graph whose gradients this asks for and will differentiate again
        packer = ParcelPacker(peer)
        with peer.all_or_nothing():
            node = packer.pack((args, kwargs))
            self.message: dict[str, Any] = {"v": node, "m": [torch.is_grad_enabled()]}
            grads = [(i, t.grad) for i, t in enumerate(packer.tensors) if t.is_leaf and t.grad is not None]
            if grads:
                self.message["g"] = [[i, packer.pack(grad)] for i, grad in grads]
            peer.sync.pack(self.message, packer)
        self.buffers = packer.buffers
        self.tensors = packer.tensors
        self.kept = packer.kept

    def result(self, reply: dict[str, Any], buffers: list[memoryview]) -> Any:
        """Restore what changed, then return the result or raise the error."""
        made: list[torch.Tensor] = []  # results that lie in an argument's memory

        def resolve(node: dict[str, Any]) -> Any:
            if node.get("k") == "same":
                return at(self.kept, an_int(node, "i"), "a container")
            if node.get("k") == "arg":
                return at(self.tensors, an_int(node, "i"), "a tensor")
            if node.get("k") == "again":
                return at(made, an_int(node, "i"), "a view")
            if node.get("k") == "view":
                made.append(aliases.view(self._base(node), node))
                return made[-1]
            return None

        unpacker = ParcelUnpacker(self.peer, buffers, resolve, finish=arrive)
        changed = self._changed(unpacker, reply)
        for i, on in pairs(reply, "flags", MOST):
            self._flag(at(self.tensors, i, "a tensor"), on)
        grads = [(i, unpacker.unpack(node)) for i, node in pairs(reply, "grads", MOST)]
        contents = [(i, unpacker.unpack(node)) for i, node in pairs(reply, "contents", MOST)]
        failed = reply["op"] == "error"
        value = unpacker.unpack(reply.get("v"))
        self.peer.sync.apply(reply, unpacker)
        if "graph" in reply:
            self._attach(reply["graph"], unpacker, made)
        for tensor, new in changed:
            if new.requires_grad and not tensor.is_leaf or new.requires_grad and not tensor.requires_grad:
                with torch.enable_grad():
                    write(tensor, new)
        for i, grad in grads:
            self._grad(at(self.tensors, i, "a tensor"), grad)
        for i, new in contents:
            put(at(self.kept, i, "a container"), new)
        self.peer.sync.kept(reply, self.tensors)
        if failed:
            raise self.peer.error_of(reply.get("error"), value if type(value) is tuple else None)
        return value

    def _base(self, node: dict[str, Any]) -> torch.Tensor:
        """The tensor in whose memory a result lies: an argument, or one that both sides have."""
        if "n" in node:
            return self.peer.sync.twins.find(an_int(node, "n"))
        return at(self.tensors, an_int(node, "i"), "a tensor")

    def _changed(self, unpacker: Any, reply: dict[str, Any]) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Write changed values into the caller's tensors; those that may turn out to have a graph are returned."""
        found = []
        for i, node in pairs(reply, "changed", MOST):
            tensor = at(self.tensors, i, "a tensor")
            new = like(tensor, unpacker.unpack(node), "a changed tensor")
            with torch.no_grad():
                write(tensor, new)
            found.append((tensor, new))
        return found

    def _flag(self, tensor: torch.Tensor, on: Any) -> None:
        if type(on) is not bool or not tensor.is_leaf or not (tensor.is_floating_point() or tensor.is_complex()):
            raise WireError("a tensor that cannot require a gradient")
        tensor.requires_grad_(on)

    def _grad(self, tensor: torch.Tensor, grad: Any) -> None:
        if not tensor.is_leaf:
            raise WireError("a .grad for a tensor that is no leaf")
        tensor.grad = None if grad is None else grad_like(tensor, grad)

    def _attach(self, graph: Any, unpacker: Any, made: list[torch.Tensor]) -> None:
        if type(graph) is not dict:
            raise WireError("a graph that is none")
        inputs = [at(self.tensors, i, "a tensor") for i in ints(graph, "inputs", MOST)]
        inputs += self.inputs
        inputs += [self.peer.sync.twins.find(number) for number in ints(graph, "twins", MOST)]
        outputs = [at(unpacker.tensors, i, "a tensor") for i in ints(graph, "outputs", MOST)]
        outputs += [at(made, i, "a view") for i in ints(graph, "views", MOST)]
        if not all(x.requires_grad for x in inputs) or len({id(x) for x in outputs}) < len(outputs):
            raise WireError("a graph of tensors that have none")
        if not all(out.is_leaf and not out.requires_grad and differentiable(out) for out in outputs):
            raise WireError("a graph of tensors that have none")
        link = Link(self.peer, an_int(graph, "id"), [(x.shape, x.dtype, x.device.type) for x in inputs])
        attach(link, self.peer.anchor, inputs, outputs)


def differentiable(tensor: torch.Tensor) -> bool:
    """Can it have a gradient?"""
    return tensor.is_floating_point() or tensor.is_complex()


def arrive(tensor: torch.Tensor, mark: Mark) -> torch.Tensor:
    """A tensor of a reply: a leaf as it was, or plain until its graph is attached."""
    if mark.parameter:
        return torch.nn.Parameter(tensor, requires_grad=mark.requires_grad)
    return tensor.requires_grad_(mark.requires_grad and mark.leaf)
