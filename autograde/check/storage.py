"""Memory: what is changed in place, and what is shared."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind


def same(a: torch.Tensor | None, b: torch.Tensor | None) -> bool:
    """Bit for bit the same values, NaN included; or both None."""
    if a is None or b is None:
        return a is b
    if a.shape != b.shape or a.dtype != b.dtype:
        return False
    a, b = (t if t.layout == torch.strided else t.to_dense() for t in (a, b.to(a.device)))  # an embedding's .grad
    return bool(((a == b) | ((a != a) & (b != b))).all())


def grad_of(tensor: torch.Tensor) -> torch.Tensor | None:
    """.grad of a tensor that can have one; reading it of any other makes torch warn."""
    return tensor.grad if tensor.is_leaf or tensor.retains_grad else None


def tensors_in(things: tuple[Any, ...]) -> list[tuple[str, torch.Tensor]]:
    """(what it is called, tensor) of tensors, of modules' parameters and buffers, and of lists and dicts of them."""
    found: list[tuple[str, torch.Tensor]] = []
    for i, thing in enumerate(things):
        called = f"argument {i + 1}" if len(things) > 1 else "its argument"
        if isinstance(thing, torch.Tensor):
            found.append((called, thing))
        elif isinstance(thing, torch.nn.Module):
            found += [(f"the model's {name}", tensor) for name, tensor in thing.state_dict(keep_vars=True).items()]
        elif isinstance(thing, dict):
            found += [(f"{called}[{key!r}]", tensor) for key, tensor in thing.items()]
        else:
            found += [(f"{called}[{k}]", tensor) for k, tensor in enumerate(thing)]
    return [(name, tensor) for name, tensor in found if isinstance(tensor, torch.Tensor)]


@contextmanager
def unchanged(*tensors: Any, of: str | None = None, hint: str | None = None) -> Iterator[None]:
    """Context manager: the block changes none of these, nor any .grad of theirs.

    tensors: tensors, modules (their parameters and buffers), or lists or dicts of tensors. Raises CheckFailed at the
    end of the block; an error inside it goes its way.
    """
    watched = tensors_in(tensors)
    grads = [grad_of(tensor) for _, tensor in watched]
    before = [(t.detach().clone(), g if g is None else g.clone()) for (_, t), g in zip(watched, grads, strict=True)]
    yield
    settle(change(watched, before), of=of, hint=hint)


def change(watched: list[tuple[str, torch.Tensor]], before: list[tuple[torch.Tensor, Any]]) -> Problem | None:
    """The first tensor or gradient that is not what it was."""
    for (name, tensor), (value, grad) in zip(watched, before, strict=True):
        if not same(tensor.detach(), value):
            cause = "Is there a +=, an assignment x[…] = …, or an operation that ends in _ on it?"
            return Problem(f"expected {name} to stay as it was, your code changes it.", cause=cause)
        if not same(grad_of(tensor), grad):
            cause = "Does something call backward(), where torch.autograd.grad or a detach() is meant?"
            return Problem(f"expected the .grad of {name} to stay as it was, your code changes it.", cause=cause)
    return None


def changes_in_place(
    fn: Callable[..., Any], tensor: torch.Tensor, *args: Any, of: str | None = None, hint: str | None = None
) -> None:
    """fn(tensor, *args) writes into the tensor itself, whatever it returns. Raises CheckFailed."""
    before = tensor.detach().clone()
    fn(tensor, *args)
    problem = None
    if same(tensor.detach(), before):
        text = "expected the tensor itself to change, your function leaves it as it was."
        cause = "x = x + 1 makes a new tensor; x += 1, x.add_(1) and x[…] = … write into the one you were given."
        problem = Problem(text, cause=cause)
    settle(problem, of=of, hint=hint)


def shared(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Do two tensors lie in the same memory? Empty and meta tensors have no address, but a storage all the same.

    A sparse tensor has no storage of its own, only those of its indices and values: it shares none.
    """
    if a.layout != torch.strided or b.layout != torch.strided:
        return a is b
    mine, theirs = a.untyped_storage(), b.untyped_storage()
    return mine._cdata == theirs._cdata or mine.data_ptr() == theirs.data_ptr() != 0


def shares_storage(a: Any, b: torch.Tensor, *, of: str | None = None, hint: str | None = None) -> None:
    """`a`, the student's, lies in the memory of `b`: it is a view. Raises CheckFailed."""
    problem = None if isinstance(a, torch.Tensor) else wrong_kind(a, "a tensor")
    if problem is None and not shared(a, b):
        cause = "Which step copies: reshape, contiguous, clone, an index list or a mask?"
        problem = Problem("expected a view of the same memory, your answer is a copy.", cause=cause)
    settle(problem, of=of, hint=hint)


def own_storage(a: Any, b: torch.Tensor, *, of: str | None = None, hint: str | None = None) -> None:
    """`a`, the student's, has memory of its own and shares none with `b`. Raises CheckFailed."""
    problem = None if isinstance(a, torch.Tensor) else wrong_kind(a, "a tensor")
    if problem is None and shared(a, b):
        cause = "A slice, transpose, view or detach shares memory; clone() copies."
        problem = Problem("expected a copy with memory of its own, your answer shares memory.", cause=cause)
    settle(problem, of=of, hint=hint)
