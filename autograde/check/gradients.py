"""Gradients: against a reference gradient, a reference function, or central differences."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from autograde.check.compare import difference, matching
from autograde.check.describe import dtype_text
from autograde.check.failure import Problem, Suspects, settle
from autograde.check.numeric import How, ready
from autograde.check.session import active
from autograde.check.shapes import shape_problem, wrong_kind
from autograde.check.tolerance import DIFFERENCES

Function = Callable[..., torch.Tensor]
DETACHED = "Is the result detached from the graph (detach, .item(), .data, torch.tensor(…), no_grad)?"
MOST_ENTRIES = 1000  # central differences call the function twice for each


def gradient_problem(got: Any, expected: torch.Tensor, how: How, batch: int | None = None) -> Problem | None:
    """What is wrong with a gradient. An expected gradient of zeros may also be None: nothing depends on that input."""
    if got is None:
        nothing = f"expected a gradient, {how.noun} is None."
        return Problem(nothing, cause=DETACHED, sure=True) if bool(ready(expected).any()) else None
    problem = difference(got, expected, how)
    if problem is None or not isinstance(got, torch.Tensor) or got.is_nested or got.is_meta:
        return problem
    if got.shape != expected.shape:
        return problem
    if not bool(ready(got).any()):
        cause = "Is the result detached from the graph, or .grad zeroed after backward()?"
        return Problem(f"{how.noun} is 0 everywhere.", cause=cause)
    if problem.factor is None:
        return problem
    norm = ready(got).double().norm().item()
    cause, sure = scale_cause(problem.factor, norm, batch)
    return replace(problem, cause=cause, sure=sure) if cause else problem


def scale_cause(factor: float, norm: float, batch: int | None) -> tuple[str, bool]:
    """Where a gradient's wrong scale comes from, and whether that is more than a guess."""
    size = max(abs(factor), 1 / abs(factor))
    if batch and batch > 1 and abs(size - batch) < 1e-3 * batch:
        return f"{batch} is the batch size: mean or sum?", True
    if abs(norm - 1) < 1e-5:
        return "Its norm is 1: is it normalised or clipped?", True
    if abs(factor - 2) < 1e-3:
        return "Was something in .grad already, or is backward() called twice?", False
    if abs(factor + 1) < 1e-5:
        return "", False
    return "The direction is right, the scale is not: mean or sum, or a factor missing?", False


def gradient(
    got: Any, expected: Any, *, batch: int | None = None, suspects: Suspects = None,
    rtol: float | None = None, atol: float | None = None, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` is the gradient `expected`: two tensors of one shape, compared with the tolerance of their dtype.

    batch: the batch size, by which a gradient is too large or too small when mean and sum are mixed up. Raises
    CheckFailed.
    """
    how = How(rtol=rtol, atol=atol, noun="your gradient")
    problem = gradient_problem(got, expected, how, batch)
    settle(problem, of=of, hint=hint, suspect=matching(got, suspects, how) if problem else None)


def gradients(
    fn: Function, inputs: Sequence[torch.Tensor], reference: Function | None = None, *,
    suspects: Mapping[str, Function] | None = None, batch: int | None = None,
    rtol: float | None = None, atol: float | None = None, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """The gradients of fn(*inputs) for each floating-point input are those of reference(*inputs).

    fn maps tensors to a tensor; its output is multiplied by a random cotangent of the check's own (1 for a single
    number). Without a reference they are compared, in float64, with central differences
    (f(x + h) − f(x − h)) / 2h, h = ε^(1/3) · max(1, |x|) ≈ 6e-6 · max(1, |x|), where rounding and truncation balance
    (Numerical Recipes, 3rd edition, section 5.7), with rtol 1e-5 and atol 1e-6 (tolerance.DIFFERENCES). That costs two
    calls for each entry of each input: keep inputs small, and away from kinks such as relu's at 0.

    suspects: {hint: a function whose gradients are a known wrong answer}. Raises CheckFailed; ValueError for inputs
    without a floating-point tensor or with more than a thousand entries to difference.
    """
    if not any(floating(x) for x in inputs):
        raise ValueError("gradients needs at least one floating-point input")
    problem, got = vjp(fn, inputs, reference) if callable(fn) else (wrong_kind(fn, "a function"), None)
    if problem or got is None:
        settle(problem, of=of, hint=hint)
        return
    against = "the central differences" if reference is None else "the reference"
    how = How(rtol, atol, against=against)
    if reference is None:
        how = replace(
            how, **{name: getattr(DIFFERENCES, name) for name in ("rtol", "atol") if getattr(how, name) is None}
        )
    for i, name in enumerate(argument_names(fn, inputs)):
        if name and (problem := gradient_problem(got.mine[i], got.theirs[i], replace(how, noun=name), batch)):
            break
    settle(problem, of=of, hint=hint, suspect=known_wrong(got, inputs, suspects, how) if problem else None)


@dataclass(frozen=True)
class Products:
    """The vector–Jacobian products of an answer and of what it is compared with; None for an integer input."""

    mine: list[Any]
    theirs: list[Any]
    cotangent: torch.Tensor


def floating(x: Any) -> bool:
    """A tensor that can have a gradient."""
    return isinstance(x, torch.Tensor) and x.dtype.is_floating_point


def fresh(inputs: Sequence[Any], dtype: torch.dtype | None = None, leaf: bool = False) -> list[Any]:
    """Copies of the inputs, the floating-point ones as leaves (or not) of a graph."""
    copies = []
    for x in inputs:
        if floating(x):
            x = x.detach().to(dtype or x.dtype, copy=True).requires_grad_(leaf)
        copies.append(x.clone() if isinstance(x, torch.Tensor) and not floating(x) else x)
    return copies


def argument_names(fn: Function, inputs: Sequence[Any]) -> list[str]:
    """your gradient for k (or for argument 1); an empty text for an input that has none."""
    try:
        names = list(inspect.signature(fn).parameters)[: len(inputs)]
    except (TypeError, ValueError):
        names = []
    if len(names) < len(inputs) or any(name in ("args", "inputs") for name in names):
        names = [f"argument {i + 1}" for i in range(len(inputs))]
    return [f"your gradient for {name}" if floating(x) else "" for name, x in zip(names, inputs, strict=True)]


def vjp(fn: Function, inputs: Sequence[Any], reference: Function | None) -> tuple[Problem | None, Products | None]:
    """Run the answer and what it is compared with; a problem where the answer's result cannot have gradients."""
    wide = torch.float64 if reference is None else None
    leaves = fresh(inputs, wide, leaf=True)
    out = fn(*leaves)
    if not isinstance(out, torch.Tensor):
        return wrong_kind(out, "a tensor"), None
    twins = fresh(inputs, wide, leaf=True)
    right = None if reference is None else reference(*twins)
    problem = None if right is None else shape_problem(out, tuple(right.shape))
    if problem is None and wide and out.dtype.is_floating_point and out.dtype != wide:
        cause = "Is .float() or dtype=torch.float32 written inside?"
        text = f"given float64 inputs, expected a float64 result, your answer has {dtype_text(out.dtype)}."
        problem = Problem(text, cause=cause)
    if problem is None and not out.requires_grad:
        problem = Problem("no gradient can flow back through your answer.", cause=DETACHED, sure=True)
    if problem:
        return problem, None
    cotangent = torch.ones((), dtype=torch.float64) if not out.dim() else random_like(out)
    mine = products(out, leaves, cotangent)
    if right is not None:
        theirs = [zeros(x, g) for x, g in zip(twins, products(right, twins, cotangent), strict=True)]
        return None, Products(mine, theirs, cotangent)
    if not same_twice(fn, inputs):
        text = "two calls with the same inputs give different results."
        return Problem(text, cause="Is something random inside, or kept from call to call?", sure=True), None
    return None, Products(mine, central_differences(fn, inputs, cotangent), cotangent)


def zeros(x: Any, gradient: Any) -> Any:
    """The gradient of an input that nothing depends on."""
    return torch.zeros_like(x) if gradient is None and floating(x) else gradient


def random_like(out: torch.Tensor) -> torch.Tensor:
    """A normal tensor in float64 from the check's own random numbers."""
    return torch.randn(out.shape, generator=active().generator, dtype=torch.float64)


def products(out: torch.Tensor, leaves: list[Any], cotangent: torch.Tensor) -> list[torch.Tensor | None]:
    """The vector–Jacobian product for each leaf, None for those that are not floating-point or not used."""
    wanted = [x for x in leaves if floating(x)]
    weights = cotangent.to(out.device, out.dtype)
    if not out.requires_grad:
        return [None for _ in leaves]
    found = iter(torch.autograd.grad(out, wanted, weights, allow_unused=True))
    return [next(found) if floating(x) else None for x in leaves]


def same_twice(fn: Function, inputs: Sequence[Any]) -> bool:
    """Do two calls give the same?"""
    results = [fn(*fresh(inputs, torch.float64)).detach() for _ in range(2)]
    return torch.equal(results[0], results[1]) or bool(results[0].isnan().any())


def central_differences(fn: Function, inputs: Sequence[Any], cotangent: torch.Tensor) -> list[torch.Tensor | None]:
    """The vector–Jacobian product for each floating-point input, one entry at a time, in float64 on the CPU."""
    base = fresh(inputs, torch.float64)
    if sum(x.numel() for x in base if floating(x)) > MOST_ENTRIES:
        raise ValueError(f"more than {MOST_ENTRIES} entries to difference: use smaller inputs, or a reference")
    found: list[torch.Tensor | None] = []
    for k, x in enumerate(base):
        if not floating(x):
            found.append(None)
            continue
        flat = torch.zeros(x.numel(), dtype=torch.float64)
        for i in range(x.numel()):
            h = torch.finfo(torch.float64).eps ** (1 / 3) * max(1.0, abs(x.flatten()[i].item()))
            sides = []
            for step in (h, -h):
                moved = fresh(base)
                moved[k] = moved[k].contiguous()
                moved[k].view(-1)[i] += step
                sides.append(fn(*moved).detach().to(cotangent.device, torch.float64))
            flat[i] = ((sides[0] - sides[1]) * cotangent).sum() / (2 * h)
        found.append(flat.view(x.shape))
    return found


def known_wrong(got: Products, inputs: Sequence[Any], suspects: Mapping[str, Function] | None, how: How) -> str | None:
    """The hint of the first known wrong function that has the answer's gradients."""
    for text, wrong in (suspects or {}).items():
        leaves = fresh(inputs, next((g.dtype for g in got.mine if g is not None), None), leaf=True)
        theirs = products(wrong(*leaves), leaves, got.cotangent)
        pairs = zip(got.mine, theirs, strict=True)
        if all((g is None) == (t is None) and (g is None or difference(g, t, how) is None) for g, t in pairs):
            return text
    return None
