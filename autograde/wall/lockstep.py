"""One end of the wall: messages in lock step, and calls that go either way while one is under way.

A side asks and waits; while it waits it answers what the other side asks in between (a callback, a gradient), so that
one socket serves calls within calls. Both ends are a `Peer`; the judge's (`Wall`) lets the other side call what it was
handed and ask for gradients, the student's (serve.py) does whatever it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from autograde.wall import errors, known
from autograde.wall.answers import Answer, answer_call
from autograde.wall.calls import Request
from autograde.wall.exports import Exports, Far, Imports, far_of
from autograde.wall.fields import an_int, flag, ints, pairs, text
from autograde.wall.gradients import Graph, Link, Pass, products
from autograde.wall.limits import Closed, Overdue, Unsendable, WireError
from autograde.wall.modules import RemoteModule
from autograde.wall.parcels import ParcelPacker, ParcelUnpacker
from autograde.wall.syncing import Sync

MOST_DEPTH = 40  # calls within calls
MOST_NESTED = 40  # modules within modules
MOST_GRAPHS = 100_000
MOST_DROPS = 1_000_000
MOST_RAISED = 16  # errors of this side's that are kept, in case they come back


class Peer:
    """One end of a socket. Subclasses say what the other side may ask for."""

    judge = False
    caught: type[BaseException] = BaseException  # what an answer turns into an error for the other side
    frame_of: errors.FrameOf | None = None

    def __init__(self, channel: Any, deadline: Callable[[], float | None]) -> None:
        self.channel = channel
        self.deadline = deadline
        self.limits = channel.limits
        self.exports = Exports()
        self.imports = Imports()
        self.released: list[list[int]] = []  # [number, times] of the other side's things that nothing here holds
        self.finished: list[int] = []  # the other side's graphs that nothing here can reach
        self.graphs: dict[int, Graph] = {}
        self.anchor = torch.zeros((), requires_grad=True)
        self.raised: dict[int, BaseException] = {}
        self.sync = Sync(self, 1 if self.judge else 0)
        self.undo: list[Callable[[], Any]] = []  # takes back what a message that cannot be sent would have told
        self.depth = 0
        self._next = 0
        self._asked = 0
        self._nested = 0
        self._leaving: dict[str, Any] = {}  # the last message, whose "released" and "finished" are still to be done

    # asking

    def ask(self, message: dict[str, Any], buffers: Any = ()) -> tuple[dict[str, Any], list[memoryview]]:
        """Send a question; the reply, after answering whatever is asked in between."""
        self._asked += 1
        number = message["n"] = self._asked
        try:
            self.send(message, buffers)
        except Unsendable:
            self.take_back()
            raise
        while True:
            reply, arrived = self.receive()
            op = text(reply, "op", 20)
            if op in ("value", "error"):
                if reply.get("n") != number:
                    raise WireError("a reply to another question")
                return reply, arrived
            self.answer(op, reply, arrived)

    def call(self, verb: str, *args: Any, **kwargs: Any) -> Any:
        """Have the other side do `verb` with these arguments; the first is usually a thing of its own."""
        request = Request(self, args, kwargs)
        message = {"op": "call", "verb": verb, **request.message}
        return request.result(*self.ask(message, request.buffers))

    def call_for(self, kind: type, verb: str, *args: Any) -> Any:
        """The same for a result that must be of one type."""
        found = self.call(verb, *args)
        if type(found) is not kind:
            raise WireError(f"{verb} gave something that is no {kind.__name__}")
        return found

    def products(self, link: Link, grads: list[Any], wanted: list[bool], how: dict[str, Any], inputs: Any) -> list[Any]:
        """The gradients of a graph's inputs, asked of the other side."""
        request = Request(self, tuple(grads), {}, inputs)
        message = {"op": "products", "graph": link.graph, "wanted": wanted, **how, **request.message}
        return link.check(request.result(*self.ask(message, request.buffers)), wanted)

    def send(self, message: dict[str, Any], buffers: Any = ()) -> None:
        """Send a message, and with it what this side lets go of."""
        self.let_go()
        if self.released:
            self.released, message["released"] = [], self.released
        if self.finished:
            self.finished, message["finished"] = [], self.finished
        self.channel.send(message, buffers, deadline=self.deadline())

    def receive(self) -> tuple[dict[str, Any], list[memoryview]]:
        """The next message. What the other side lets go of may still be named in it: it goes with the one after."""
        message, buffers = self.channel.receive(self.deadline())
        self.let_go()
        self._leaving = message
        return message, buffers

    def let_go(self) -> None:
        """Let go of what the other side has let go of."""
        message, self._leaving = self._leaving, {}
        for number, count in pairs(message, "released", MOST_DROPS):
            if type(count) is not int:
                raise WireError("a number is given back in an odd way")
            self.exports.take_back(number, count)
        for graph in ints(message, "finished", MOST_DROPS):
            if self.graphs.pop(graph, None) is None:
                raise WireError("a graph is given back that was not given")

    # answering

    def answer(self, op: str, message: dict[str, Any], buffers: list[memoryview]) -> None:
        """Do what the other side asks, and reply."""
        self.depth += 1
        try:
            if self.depth > MOST_DEPTH:
                error = RecursionError("maximum recursion depth exceeded: calls within calls across the wall")
                self.send({"op": "error", "n": message.get("n"), "error": self.words_of(error)})
                return
            if op == "call":
                answer = answer_call(self, message, buffers)
            elif op == "products":
                answer = self._answer_products(message, buffers)
            else:
                answer = self.answer_other(op, message, buffers)
            answer.message["n"] = message.get("n")
            self.reply(answer)
        finally:
            self.depth -= 1

    def reply(self, answer: Answer) -> None:
        """Send an answer, and say which of the arguments this side holds on to."""
        if answer.watched:
            kept = answer.kept(self.sync.twins)
            if kept:
                answer.message["kept"] = kept
        try:
            self.send(answer.message, answer.buffers)
        except Unsendable as refused:
            self.take_back()
            self.send({"op": "error", "n": answer.message["n"], "error": self.words_of(refused)})

    @contextmanager
    def all_or_nothing(self) -> Iterator[None]:
        """While a message is packed: where that fails, what it would have told counts as not told."""
        self.undo = []
        try:
            yield
        except BaseException:
            self.take_back()
            raise

    def take_back(self) -> None:
        """Forget what a message told that was not sent."""
        for step in self.undo:
            step()
        self.undo = []

    def _answer_products(self, message: dict[str, Any], buffers: list[memoryview]) -> Answer:
        graph = self.graphs.get(an_int(message, "graph"))
        if graph is None:
            raise WireError("a gradient of a graph that is not here")
        wanted = message.get("wanted")
        if type(wanted) is not list or [type(want) for want in wanted] != [bool] * len(graph.inputs):
            raise WireError("a gradient of inputs that the graph has not")
        how = Pass(flag(message, "keep"), flag(message, "fill"), flag(message, "create"), wanted)
        checked = graph

        def run(*grads: Any) -> list[torch.Tensor | None]:
            if len(grads) != len(checked.outputs) or not all(map(fits, grads, checked.outputs)):
                raise WireError("a gradient of another shape or dtype than its tensor")
            return products(checked, list(grads), how)

        return answer_call(self, message, buffers, run, graph.inputs if how.create else ())

    def answer_other(self, op: str, message: dict[str, Any], buffers: list[memoryview]) -> Answer:
        """Other questions; there are none by default."""
        raise WireError("a question of an unknown kind")

    def verb(self, name: str, args: tuple[Any, ...]) -> Callable[..., Any]:
        """The function that does a verb. Raises WireError for one that the other side may not ask for."""
        raise WireError("a verb that is not allowed")

    # things and errors

    def reference(self, thing: Any, packer: ParcelPacker) -> dict[str, Any]:
        """How a thing that is no data crosses: by a number, its owner's."""
        far = far_of(thing)
        if far is not None and far.peer is self:
            return {"k": "own", "id": far.number}
        return self.describe(thing, packer)

    def describe(self, thing: Any, packer: ParcelPacker) -> dict[str, Any]:
        """A thing of this side's: its number and what the other side may know of it."""
        return {"k": "far", "id": self.exports.give(thing)}

    def claim(self, thing: Any) -> dict[str, Any] | None:
        """Tensors that the other side has already cross by their number."""
        number = self.sync.twins.number(thing) if issubclass(type(thing), torch.Tensor) else None
        return None if number is None else {"k": "twin", "n": number}

    def resolve(self, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """What a node stands for: a thing of this side's, a tensor that both sides have, or a proxy."""
        kind = node.get("k")
        if kind == "own":
            return self.exports.find(an_int(node, "id"))
        if kind == "twin":
            return self.sync.new_twin(node, unpacker)
        if kind in ("known", "name", "generator"):
            return self.named(node, unpacker)
        if kind != "far":
            raise WireError("a reference of an unknown kind")
        number = an_int(node, "id")
        found = self.imports.again(number)
        if found is not None:
            return found
        self._nested += 1
        if self._nested > MOST_NESTED:
            raise WireError("things within things within things")
        found = self.imports.keep(number, self.proxy(Far(self, number, ""), node, unpacker))
        if isinstance(found, RemoteModule):
            self.sync.furnish(number, found, node, unpacker)
        self._nested -= 1
        return found

    def proxy(self, far: Far, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """A new proxy for a thing of the other side's."""
        raise WireError("a thing of the other side's where none is expected")

    def named(self, node: dict[str, Any], unpacker: ParcelUnpacker) -> Any:
        """A thing that both sides have, by its name."""
        return known.find_plain(node)

    def attribute(self, thing: Any, name: str) -> Any:
        """An attribute of a module of the other side's."""
        raise AttributeError(f"{type(thing).__name__!r} object has no attribute {name!r}")

    def set_attribute(self, thing: Any, name: str, value: Any) -> None:
        """Set an attribute of a module of the other side's."""
        raise AttributeError(f"cannot set {name!r}: the {type(thing).__name__} belongs to the test")

    def twin_node(self, packer: ParcelPacker, tensor: torch.Tensor | None) -> Any:
        """The node of a tensor that is kept the same on both sides from now on."""
        return self.sync.twin_node(packer, tensor)

    def new_graph(self, graph: Graph) -> int:
        """Keep a call's graph; its number."""
        if len(self.graphs) >= MOST_GRAPHS:
            raise RuntimeError(f"more than {MOST_GRAPHS:,} results with gradients are in use across the wall")
        self._next += 1
        self.graphs[self._next] = graph
        return self._next

    def words_of(self, error: BaseException) -> dict[str, Any]:
        """An error as words, and a number under which this side knows it should it come back."""
        try:
            words = errors.words_of(error, self.frame_of)
        except Exception:  # a class whose name is none
            words = {"type": "Exception", "types": ["Exception"], "text": ""}
        if isinstance(error, errors.StudentError) and error.token is not None:
            words["yours"] = error.token
        self._next += 1
        self.raised[self._next] = error
        words["token"] = self._next
        while len(self.raised) > MOST_RAISED:
            del self.raised[next(iter(self.raised))]
        return words

    def error_of(self, words: Any, args: Any = None) -> BaseException:
        """The error to raise for the other side's words: this side's own where it comes back."""
        found = errors.error_of(words, args)
        own = self.raised.get(words["yours"]) if type(words.get("yours")) is int else None
        return found if own is None else own


def fits(grad: Any, out: torch.Tensor) -> bool:
    """Is this a gradient for that tensor, or none at all?"""
    if grad is None:
        return True
    return isinstance(grad, torch.Tensor) and grad.shape == out.shape and grad.dtype == out.dtype


FAILURES = (WireError, Closed, Overdue)
