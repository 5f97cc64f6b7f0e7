"""Memory: what is changed, what is shared; and calls that must raise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from autograde.check.describe import short
from autograde.check.failure import CheckFailed, Problem, settle
from autograde.check.shapes import wrong_kind


def same(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Bit for bit, NaN included."""
    return a.shape == b.shape and a.dtype == b.dtype and bool(((a == b) | ((a != a) & (b != b))).all())


@contextmanager
def unchanged(*tensors: torch.Tensor, of: str | None = None, hint: str | None = None) -> Iterator[None]:
    """The block changes none of the tensors, nor their .grad."""
    before = [(t.detach().clone(), None if t.grad is None else t.grad.clone()) for t in tensors]
    yield
    problem = None
    for i, (tensor, (value, grad)) in enumerate(zip(tensors, before, strict=True)):
        which = f"argument {i}" if len(tensors) > 1 else "its argument"
        if not same(tensor.detach(), value):
            problem = problem or Problem(f"your code changes {which}.", "An operation that ends in _ or += ?")
        elif (tensor.grad is None) != (grad is None) or (grad is not None and not same(tensor.grad, grad)):
            problem = problem or Problem(f"your code changes the .grad of {which}.")
    settle(problem, of=of, hint=hint)


def changes_in_place(
    fn: Callable[..., Any], tensor: torch.Tensor, *args: Any, of: str | None = None, hint: str | None = None
) -> None:
    """fn(tensor, *args) writes into the tensor itself."""
    before = tensor.detach().clone()
    fn(tensor, *args)
    problem = None
    if same(tensor.detach(), before):
        problem = Problem("expected the tensor itself to change, your code leaves it as it was.", "x = x + 1 or x += 1?")
    settle(problem, of=of, hint=hint)


def shared(a: torch.Tensor, b: torch.Tensor) -> bool:
    """Do two tensors lie in the same memory?"""
    return a.untyped_storage().data_ptr() == b.untyped_storage().data_ptr()


def shares_storage(a: Any, b: torch.Tensor, *, of: str | None = None, hint: str | None = None) -> None:
    """`a` is a view: it lies in the memory of `b`."""
    problem = None if isinstance(a, torch.Tensor) else wrong_kind(a, "a tensor")
    if problem is None and not shared(a, b):
        problem = Problem("expected a view of the same memory, your answer is a copy.")
    settle(problem, of=of, hint=hint)


def own_storage(a: Any, b: torch.Tensor, *, of: str | None = None, hint: str | None = None) -> None:
    """`a` is a copy: it has memory of its own."""
    problem = None if isinstance(a, torch.Tensor) else wrong_kind(a, "a tensor")
    if problem is None and shared(a, b):
        problem = Problem("expected a copy with memory of its own, your answer is a view of the same memory.")
    settle(problem, of=of, hint=hint)


def raises(
    error: type[BaseException], fn: Callable[..., Any], *args: Any, of: str | None = None, hint: str | None = None
) -> None:
    """fn(*args) raises `error`."""
    try:
        result = fn(*args)
    except error as raised:
        if isinstance(raised, CheckFailed) and error is not type(raised):
            raise
        settle(None)
        return
    settle(Problem(f"expected a {error.__name__}, your function returns {short(result)}."), of=of, hint=hint)
