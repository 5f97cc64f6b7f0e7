"""Gradients across the wall: a call's results are the outputs of one node, whose backward asks the other side.

The side that ran the call keeps its graph under a number (`Graph`); the caller's results hang on a `Crossing`, whose
backward sends the gradients of the outputs and receives those of the inputs: vector–Jacobian products, as between any
two nodes of autograd. With create_graph=True the products are themselves results with a graph on the other side, so
derivatives of any order work. A graph is dropped there once nothing here can reach its Crossing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from autograde.wall.limits import WireError

MOST_NODES = 1_000_000  # of a graph


@dataclass
class Graph:
    """A call's graph on the side that ran it: where gradients come in, and where they go out."""

    inputs: list[torch.Tensor]
    outputs: list[torch.Tensor]


class Entry(torch.autograd.Function):
    """Makes an arrived tensor a non-leaf, as it was for its sender, so that it can be written to in place.

    Its gradient ends up in `hidden`, a leaf that shares its memory and that no code of anybody's sees.
    """

    @staticmethod
    def forward(ctx: Any, hidden: torch.Tensor, tensor: torch.Tensor) -> torch.Tensor:
        ctx.mark_dirty(tensor)
        return tensor

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        return grads[0], None


def as_non_leaf(tensor: torch.Tensor) -> torch.Tensor:
    """Turn an arrived plain tensor into a non-leaf; returns the hidden leaf behind it."""
    hidden = tensor.detach().requires_grad_()
    with torch.enable_grad():
        Entry.apply(hidden, tensor)
    return hidden


class Link:
    """The caller's hold on a graph of the other side's; when it goes, the graph may go too."""

    __slots__ = ("graph", "inputs", "peer")

    def __init__(self, peer: Any, graph: int, inputs: list[Any]) -> None:
        self.peer = peer
        self.graph = graph
        self.inputs = inputs  # (shape, dtype, type of device) of each

    def check(self, found: Any, wanted: list[bool]) -> list[Any]:
        """The gradients, if they are that. Raises WireError."""
        if type(found) is not list or len(found) != len(wanted):
            raise WireError("not as many gradients as were asked for")
        for grad, want, like in zip(found, wanted, self.inputs, strict=True):
            if grad is None:
                continue
            if not want or not isinstance(grad, torch.Tensor) or (grad.shape, grad.dtype, grad.device.type) != like:
                raise WireError("a gradient of another shape or dtype than its tensor")
        return found

    def __del__(self) -> None:
        self.peer.finished.append(self.graph)


class Crossing(torch.autograd.Function):
    """The node that stands for a graph on the other side.

    anchor is a leaf that nobody sees: it makes the outputs require a gradient even where no input does (the function's
    own parameters do), and tells in backward whether leaves are being filled (loss.backward()) or gradients asked for.
    """

    @staticmethod
    def forward(ctx: Any, link: Link, anchor: torch.Tensor, count: int, *tensors: torch.Tensor) -> Any:
        ctx.link = link
        ctx.count = count
        ctx.outputs = len(tensors) - count
        ctx.set_materialize_grads(False)
        ctx.save_for_backward(*tensors[:count])
        ctx.mark_dirty(*tensors[count:])
        return tensors[count:]

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        nodes = [node for node, _ in ctx.next_functions]
        wanted = [bool(need) for need in ctx.needs_input_grad[3 : 3 + ctx.count]]
        wanted = [need and running(nodes[1 + i]) for i, need in enumerate(wanted)]
        how = {
            "keep": torch._C._autograd._get_current_graph_task_keep_graph(),
            "fill": running(nodes[0]),
            "create": torch.is_grad_enabled(),
        }
        inputs = ctx.saved_tensors if how["create"] else ()
        found = ctx.link.peer.products(ctx.link, list(grads), wanted, how, inputs)
        return None, None, None, *found, *[None] * ctx.outputs


def running(node: Any) -> bool:
    """Will the backward pass that is under way run this node?"""
    if node is None:
        return False
    try:
        return bool(torch._C._will_engine_execute_node(node))
    except RuntimeError:  # a leaf whose gradient torch.autograd.grad was asked for
        return True


def attach(link: Link, anchor: torch.Tensor, inputs: Sequence[torch.Tensor], outputs: Sequence[torch.Tensor]) -> None:
    """Make plain tensors the outputs of a Crossing, in place."""
    with torch.enable_grad():
        Crossing.apply(link, anchor, len(inputs), *inputs, *outputs)


def reached(outputs: Sequence[torch.Tensor]) -> set[int] | None:
    """id() of every leaf that gradients of these tensors flow back to; None for a graph too large to walk."""
    found: set[int] = set()
    seen: set[Any] = set()
    left = [out.grad_fn for out in outputs]
    while left:
        node = left.pop()
        if node is None or node in seen:
            continue
        seen.add(node)
        if len(seen) > MOST_NODES:
            return None
        leaf = getattr(node, "variable", None)
        if leaf is not None:
            found.add(id(leaf))
        left += [before for before, _ in node.next_functions]
    return found


@dataclass
class Pass:
    """How a backward pass runs: keep the graph, fill the leaves of this side, make the products differentiable."""

    keep: bool = False
    fill: bool = False
    create: bool = False
    wanted: list[bool] = field(default_factory=list)


def products(graph: Graph, grads: list[Any], how: Pass) -> list[torch.Tensor | None]:
    """The vector–Jacobian products of a graph on this side, for its inputs in order; None where nothing flows."""
    flowing = [(out, grad) for out, grad in zip(graph.outputs, grads, strict=True) if grad is not None]
    wanted = [x for x, want in zip(graph.inputs, how.wanted, strict=True) if want]
    if not flowing or not (wanted or how.fill):
        return [None] * len(graph.inputs)
    outs, flow = [out for out, _ in flowing], [grad for _, grad in flowing]
    found = filled(outs, flow, wanted, how) if how.fill else list(run(outs, flow, how, tuple(wanted)))
    each = iter(found)
    return [next(each) if want else None for want in how.wanted]


def filled(outs: list[Any], flow: list[Any], wanted: list[torch.Tensor], how: Pass) -> list[torch.Tensor | None]:
    """As loss.backward(): leaves of this side keep their gradients, those of the call's inputs go to the caller."""
    before = [x.grad for x in wanted]
    for x in wanted:
        x.grad = None
    try:
        run(outs, flow, how)
        return [x.grad for x in wanted]
    finally:
        for x, grad in zip(wanted, before, strict=True):
            x.grad = grad


def run(outs: list[Any], flow: list[Any], how: Pass, inputs: tuple[torch.Tensor, ...] = ()) -> tuple[Any, ...]:
    """A pass of torch's engine: the gradients of these inputs, or, without any, those of all leaves into their .grad.

    torch.autograd.grad does the same; but it compares shapes with the help of sympy, whose import takes half a second
    in every new process. Here they have been compared.
    """
    engine = torch.autograd.Variable._execution_engine
    keep, fill = how.keep or how.create, not inputs
    return engine.run_backward(  # type: ignore[no-any-return]
        tuple(outs), tuple(flow), keep, how.create, inputs, allow_unreachable=True, accumulate_grad=fill
    )
