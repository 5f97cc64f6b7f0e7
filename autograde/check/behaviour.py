"""What a function or a loss does: the same at a second call, a gradient in every parameter, an error when due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import torch

from autograde.check.compare import difference
from autograde.check.describe import is_number, listed, short, with_article
from autograde.check.failure import NotAttempted, Problem, settle
from autograde.check.numeric import How, ready
from autograde.check.shapes import shape_problem, wrong_kind


def frozen(value: Any) -> Any:
    """A copy whose tensors nothing else can reach."""
    if isinstance(value, torch.Tensor):
        return value.detach().clone()
    if isinstance(value, Mapping):
        return {key: frozen(item) for key, item in value.items()}
    return type(value)(map(frozen, value)) if type(value) in (list, tuple) else value


def repeatable(fn: Callable[..., Any], *args: Any, of: str | None = None, hint: str | None = None) -> None:
    """A second call with the same arguments gives what the first gave. Raises CheckFailed."""
    if not callable(fn):
        settle(wrong_kind(fn, "a function"), of=of, hint=hint)
        return
    before = frozen(args)
    first = frozen(fn(*args))
    changed = [i for i, (now, was) in enumerate(zip(args, before, strict=True)) if differs_now(now, was)]
    second = fn(*args)
    problem = difference(second, first, How(noun="your second call", against="the first"))
    if problem and (isinstance(first, torch.Tensor) or is_number(first)) and difference(second, 2 * first) is None:
        text = "your second call gives twice what the first gave."
        problem = Problem(text, cause="Is something not cleared between the calls?", sure=True)
    elif problem and changed:
        cause = "is something inside written with += or an operation that ends in _?"
        finding = f"The first call changes its argument {changed[0] + 1}"
        problem = Problem(problem.text, finding, cause, sure=True)
    elif problem:
        cause = "Does it draw random numbers, or keep something from call to call?"
        problem = replace(problem, finding="", cause=cause)
    settle(problem, of=of, hint=hint)


def differs_now(now: Any, was: Any) -> bool:
    """Has a tensor (or a list or dict of tensors) changed?"""
    return isinstance(now, (torch.Tensor, list, tuple, dict)) and difference(now, was, How(exact=True)) is not None


def named(parameters: Any) -> list[tuple[str, torch.Tensor]]:
    """(name, tensor) of a module, a dict, a tensor, or a list of pairs or tensors."""
    if isinstance(parameters, torch.nn.Module):
        return list(parameters.named_parameters())
    if isinstance(parameters, Mapping):
        return list(parameters.items())
    if isinstance(parameters, torch.Tensor):
        return [("the parameter", parameters)]
    return [p if isinstance(p, tuple) else (f"parameter {i}", p) for i, p in enumerate(parameters)]


def reaches(loss: Any, parameters: Any, *, of: str | None = None, hint: str | None = None) -> None:
    """loss.backward() would leave a non-zero, finite gradient in each parameter.

    parameters: a module, a dict, a tensor, or a list of tensors or (name, tensor) pairs. No .grad is touched and the
    graph is kept. Raises CheckFailed, which names the parameters that are not reached.
    """
    problem = shape_problem(loss, (), noun="your loss")
    if problem is None and not isinstance(loss, torch.Tensor):  # a numpy array has a shape, too
        problem = wrong_kind(loss, "a tensor")
    pairs = named(parameters)
    if problem is None and not pairs:
        cause = "Is every layer an attribute of the module (self.layer = …), set after super().__init__()?"
        problem = Problem("expected parameters to train, your module has none.", cause=cause)
    if problem is None and not loss.requires_grad:
        cause = "Is something on the way detached (detach, .item(), .data, torch.tensor(…), no_grad)?"
        problem = Problem("no gradient can flow back from your loss.", cause=cause, sure=True)
    settle(problem or unreached(loss, pairs), of=of, hint=hint)


def unreached(loss: torch.Tensor, pairs: list[tuple[str, torch.Tensor]]) -> Problem | None:
    """Name the parameters whose gradient is missing, not finite, or 0 everywhere."""
    wanted = [(name, p) for name, p in pairs if p.requires_grad]
    grads = torch.autograd.grad(loss, [p for _, p in wanted], allow_unused=True, retain_graph=True) if wanted else ()
    found = [(name, None if grad is None else ready(grad)) for (name, _), grad in zip(wanted, grads, strict=True)]
    every = f"expected a gradient in each of {len(pairs)} parameters" if len(pairs) > 1 else "expected a gradient"
    fixed = [name for name, p in pairs if not p.requires_grad]
    looks = (
        ("none reaches", [n for n, g in found if g is None], "Is its layer used in forward, and nothing detached?"),
        ("requires_grad is False for", fixed, "Is it frozen on purpose?"),
        ("it is NaN or inf in", [n for n, g in found if not_finite(g)], "Is the loss itself finite?"),
        ("it is 0 everywhere in", [n for n, g in found if all_zero(g)], "Is it multiplied by 0, or every relu dead?"),
    )
    return next((Problem(f"{every}, {what} {listed(names)}.", cause=why) for what, names, why in looks if names), None)


def not_finite(grad: torch.Tensor | None) -> bool:
    """NaN or inf somewhere."""
    return grad is not None and not bool(grad.isfinite().all())


def all_zero(grad: torch.Tensor | None) -> bool:
    """0 everywhere."""
    return grad is not None and not bool(grad.any())


def raises(
    error: type[BaseException] | tuple[type[BaseException], ...], fn: Callable[..., Any], *args: Any,
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """fn(*args) raises `error` (or one of several).

    An error that carries the names of the classes it stands for in `__student_types__` (one that came from another
    process) is taken by name.
    """
    wanted = error if isinstance(error, tuple) else (error,)
    names = " or ".join(with_article(cls.__name__) for cls in wanted)
    problem = None
    try:
        result = fn(*args)
        problem = Problem(f"expected {names}, your function returns {short(result)}.", cause="Is there a raise?")
    except NotAttempted:
        raise
    except Exception as raised:
        carried = getattr(raised, "__student_types__", ())
        if not isinstance(raised, wanted) and not any(cls.__name__ in carried for cls in wanted):
            called = carried[0] if carried else type(raised).__name__
            said = " ".join(str(raised).split())[:80].rstrip(".")
            text = f"expected {names}, your function raises {with_article(called)}"
            problem = Problem(f"{text}: {said}." if said else f"{text}.")
    settle(problem, of=of, hint=hint)
