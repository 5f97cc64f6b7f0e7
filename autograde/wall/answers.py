"""A call across the wall, the half of the side that runs it: unpack the arguments, run, say what changed and what came.

The caller's half is calls.py. Either side may be either half.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from autograde.wall import aliases
from autograde.wall.calls import MOST, arrive
from autograde.wall.fields import a_list, pairs, text
from autograde.wall.gradients import Graph, as_non_leaf, reached
from autograde.wall.limits import Closed, Overdue, WireError
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker
from autograde.wall.restore import Before, at, grad_like
from autograde.wall.tensors import Mark
from autograde.wall.twins import Twins

MOST_KEPT = 50_000  # arguments that one side may hold on to


class Arrived:
    """The arguments on the side that runs a call, and the leaves through which gradients go back."""

    def __init__(self, peer: Any, message: dict[str, Any], buffers: list[memoryview]) -> None:
        self.leaves: list[torch.Tensor] = []
        unpacker = ParcelUnpacker(peer, buffers, finish=self._finish)
        value = unpacker.unpack(message.get("v"))
        if type(value) is not tuple or [type(part) for part in value] != [tuple, dict]:
            raise WireError("a call without arguments")
        self.args, self.kwargs = value
        if not all(type(name) is str for name in self.kwargs):
            raise WireError("an argument whose name is no text")
        for i, node in pairs(message, "g", MOST):
            tensor = at(unpacker.tensors, i, "a tensor")
            tensor.grad = grad_like(tensor, unpacker.unpack(node))
        peer.sync.apply(message, unpacker)
        self.tensors = unpacker.tensors
        self.kept = unpacker.kept

    def _finish(self, tensor: torch.Tensor, mark: Mark) -> torch.Tensor:
        if mark.leaf or not mark.requires_grad:
            leaf = arrive(tensor, mark)
            self.leaves.append(leaf)
            return leaf
        self.leaves.append(as_non_leaf(tensor))
        return tensor


@dataclass
class Answer:
    """A reply that is ready to be sent, and which arguments to look after once nothing else here holds them."""

    message: dict[str, Any]
    buffers: Any = ()
    watched: list[tuple[Any, Any]] = field(default_factory=list)  # weak references to each tensor and its leaf

    def kept(self, twins: Twins) -> list[list[int]]:
        """[index, number] of the arguments that somebody here holds on to: they are twins from now on."""
        found = []
        for i, (tensor, leaf) in enumerate(self.watched):
            there, behind = tensor(), leaf()
            if behind is None or behind.layout != torch.strided or len(twins) >= MOST_KEPT:
                continue
            number = twins.new_number()
            if there is behind:
                twins.add(number, there, home=False)
            elif behind.requires_grad:
                twins.add(number, behind, home=False, leaf=behind)
            else:
                continue
            found.append([i, number])
        return found


def answer_call(
    peer: Any,
    message: dict[str, Any],
    buffers: list[memoryview],
    run: Callable[..., Any] | None = None,
    more_inputs: Sequence[torch.Tensor] = (),
) -> Answer:
    """Run a call that the other side asks for."""
    arrived = Arrived(peer, message, buffers)
    if run is None:
        run = peer.verb(text(message, "verb", 40), arrived.args)
    before = Before(arrived.tensors, arrived.kept)
    mode = a_list(message, "m", 4)
    error: BaseException | None = None
    value: Any = None
    try:
        with torch.set_grad_enabled(mode == [True]):
            value = run(*arrived.args, **arrived.kwargs)
    except (WireError, Closed, Overdue):
        raise
    except peer.caught as raised:
        error = raised
    try:
        with peer.all_or_nothing(), torch._C.DisableTorchFunctionSubclass():  # a subclass says nothing of itself
            reply, parts = Reply(peer, arrived, before, more_inputs).pack(value, error)
    except (WireError, Closed, Overdue):
        raise
    except peer.caught as refused:  # what cannot cross; and a student's object can do anything when it is looked at
        reply, parts = {"op": "error", "error": peer.words_of(refused)}, ()
    if error is not None and not peer.judge:
        forget_frames(error)
    watched = zip(arrived.tensors, arrived.leaves, strict=True) if not peer.judge else ()
    return Answer(reply, parts, [(weakref.ref(tensor), weakref.ref(leaf)) for tensor, leaf in watched])


def forget_frames(error: BaseException) -> None:
    """Let go of the frames that an error holds, and with them of the arguments."""
    behind: BaseException | None = error
    for _ in range(100):  # of a chain, which may be a ring
        if behind is None:
            break
        behind.__traceback__ = None
        behind = behind.__cause__ or behind.__context__


class Reply:
    """The answering half of a call: what changed, the result or error, and the graph."""

    def __init__(self, peer: Any, arrived: Arrived, before: Before, more_inputs: Sequence[torch.Tensor]) -> None:
        self.peer = peer
        self.arrived = arrived
        self.before = before
        self.more_inputs = more_inputs
        self.places = aliases.Places(arrived.tensors, peer.sync.twins)
        self.numbers = {id(thing): i for i, thing in enumerate(arrived.kept)}
        self.views: list[torch.Tensor] = []
        self.viewed: dict[int, int] = {}  # id of a view → its number

    def claim(self, thing: Any, packer: Any) -> dict[str, Any] | None:
        """Arguments, and tensors that lie in their memory, cross as such."""
        if not issubclass(type(thing), torch.Tensor):
            number = self.numbers.get(id(thing))
            return None if number is None else {"k": "same", "i": number}
        number = self.places.number(thing)
        if number is not None:
            return {"k": "arg", "i": number}
        if id(thing) in self.viewed:
            return {"k": "again", "i": self.viewed[id(thing)]}
        node = self.places.view(thing)
        if node is not None:
            self.viewed[id(thing)] = len(self.views)
            self.views.append(thing)
        elif thing.is_leaf and thing.requires_grad and not self.peer.judge:
            return self.peer.twin_node(packer, thing)
        return node

    def pack(self, value: Any, error: BaseException | None) -> tuple[dict[str, Any], Any]:
        """The reply's message and buffers. Raises Unsendable or TypeError for a result that cannot cross."""
        packer = ParcelPacker(self.peer, self.claim)
        shadows: dict[int, torch.Tensor] = {}  # of a changed argument: its values, to be sent for what they are
        reply: dict[str, Any] = {"op": "value"}
        changed = []
        for i in self.before.changed_tensors():
            if self.before.connected(i):
                shadows[len(packer.tensors)] = self.arrived.tensors[i]
            changed.append([i, packer.raw(self.arrived.tensors[i])])
        parts = {
            "changed": changed,
            "flags": [list(pair) for pair in self.before.changed_flags()],
            "grads": [[i, packer.pack(grad)] for i, grad in self.before.changed_grads()],
            "contents": [[i, packer.pack(new)] for i, new in self.before.changed_contents()],
        }
        reply |= {name: part for name, part in parts.items() if part}
        if error is None:
            reply["v"] = packer.pack(value)
        else:
            reply |= {"op": "error", "error": self.peer.words_of(error), "v": packer.pack(plain_args(error))}
        self.peer.sync.pack(reply, packer)
        graph = self._graph(packer.tensors, shadows)
        if graph is not None:
            reply["graph"] = graph
        return reply, packer.buffers

    def _graph(self, tensors: list[torch.Tensor], shadows: dict[int, torch.Tensor]) -> dict[str, Any] | None:
        """Keep the graph of the results that have one; what the caller must know of it."""
        found = [(i, shadows.get(i, t)) for i, t in enumerate(tensors)]
        outputs = [(i, t) for i, t in found if t.requires_grad and not t.is_leaf]
        views = [(i, t) for i, t in enumerate(self.views) if t.requires_grad and not t.is_leaf]
        if not outputs and not views:
            return None
        results = [t for _, t in [*outputs, *views]]
        there = reached(results)
        leaves = self.arrived.leaves
        inputs = [i for i, x in enumerate(leaves) if x.requires_grad and (there is None or id(x) in there)]
        sources = [*(leaves[i] for i in inputs), *self.more_inputs]
        known = {id(x) for x in sources}
        twins = [(n, x) for n, x in self.peer.sync.leaves() if id(x) not in known and (there is None or id(x) in there)]
        graph = Graph([*sources, *(x for _, x in twins)], results)
        return {
            "id": self.peer.new_graph(graph),
            "inputs": inputs,
            "outputs": [i for i, _ in outputs],
            "views": [i for i, _ in views],
            "twins": [number for number, _ in twins],
        }


def plain_args(error: BaseException) -> tuple[Any, ...] | None:
    """The error's arguments where all of them are numbers or texts."""
    args = error.args
    few = type(args) is tuple and len(args) <= 10
    if few and all(
        arg is None or type(arg) in (bool, int, float) or (type(arg) is str and len(arg) < 4096) for arg in args
    ):
        return args
    return None
