"""Gradients: against a reference gradient, a reference function, or central differences; do they reach, do they repeat."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch

from autograde.check.describe import listed
from autograde.check.failure import Problem, Suspects, settle
from autograde.check.values import as_tensor, difference, matching


def gradient_problem(got: Any, expected: torch.Tensor, batch: int | None, rtol: Any, atol: Any) -> Problem | None:
    """What is wrong with a gradient."""
    if got is None:
        return Problem("your gradient is None.", "Was the result detached from the graph?", sure=True)
    problem = difference(got, expected, rtol=rtol, atol=atol)
    if problem is None or not isinstance(got, torch.Tensor) or got.shape != expected.shape:
        return problem
    mine, theirs = as_tensor(got).double(), as_tensor(expected).double()
    if not mine.any():
        return Problem("your gradient is 0 everywhere.", "Was the result detached from the graph?", sure=True)
    factor = float((mine * theirs).sum() / (theirs * theirs).sum())
    if torch.allclose(mine, factor * theirs, rtol=1e-4, atol=1e-6):
        cause = f"{batch} is the batch size: mean or sum?" if batch and round(factor, 3) == batch else ""
        return Problem(f"your gradient is {factor:.6g}× the reference everywhere.", cause, sure=bool(cause))
    return Problem(problem.text.replace("your answer", "your gradient"), problem.cause)


def gradient(
    got: Any, expected: Any, *, batch: int | None = None, suspects: Suspects = None,
    rtol: float | None = None, atol: float | None = None, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` is the gradient `expected` (both tensors of one shape). batch: the batch size, to recognise mean or sum."""
    problem = gradient_problem(got, expected, batch, rtol, atol)
    suspect = matching(got, suspects, rtol=rtol, atol=atol) if problem else None
    settle(problem, of=of, hint=hint, suspect=suspect)


def numeric_gradients(fn: Callable[..., torch.Tensor], inputs: Sequence[torch.Tensor], cotangent: torch.Tensor) -> list:
    """Central differences, (f(x + h) − f(x − h)) / 2h, one entry of the inputs at a time."""
    grads = []
    for x in inputs:
        grad = torch.zeros_like(x)
        for i in range(x.numel()):
            h = 1e-6 * max(1.0, abs(float(x.reshape(-1)[i])))
            sides = []
            for sign in (1, -1):
                moved = [other.detach().clone() for other in inputs]
                at = next(k for k, other in enumerate(inputs) if other is x)
                moved[at].view(-1)[i] += sign * h
                sides.append((fn(*moved).detach() * cotangent).sum())
            grad.view(-1)[i] = (sides[0] - sides[1]) / (2 * h)
        grads.append(grad)
    return grads


def gradients(
    fn: Callable[..., torch.Tensor], inputs: Sequence[torch.Tensor], reference: Callable[..., torch.Tensor] | None = None,
    *, suspects: Mapping[str, Callable[..., torch.Tensor]] | None = None, batch: int | None = None,
    rtol: float | None = None, atol: float | None = None, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """The gradients of fn(*inputs) are those of reference(*inputs), or of central differences in float64."""
    wide = torch.float64 if reference is None else None
    leaves = [x.detach().to(wide or x.dtype).clone().requires_grad_() for x in inputs]
    out = fn(*leaves)
    cotangent = torch.randn(out.shape, dtype=out.dtype)
    got = torch.autograd.grad(out, leaves, cotangent, allow_unused=True)
    if reference is None:
        expected = numeric_gradients(fn, [x.detach() for x in leaves], cotangent)
        rtol, atol = rtol or 1e-5, atol or 1e-6
    else:
        twins = [x.detach().clone().requires_grad_() for x in leaves]
        expected = list(torch.autograd.grad(reference(*twins), twins, cotangent))
    for mine, theirs in zip(got, expected, strict=True):
        problem = gradient_problem(mine, theirs, batch, rtol, atol)
        if problem:
            settle(problem, of=of, hint=hint)
    settle(None)


def repeatable(fn: Callable[..., Any], *args: Any, of: str | None = None, hint: str | None = None) -> None:
    """A second call with the same arguments gives what the first gave."""
    first = fn(*args)
    first = first.detach().clone() if isinstance(first, torch.Tensor) else first
    second = fn(*args)
    problem = None
    if difference(second, first) is not None:
        problem = Problem("your second call with the same arguments gives another answer than the first.")
        if isinstance(first, torch.Tensor) and difference(second, 2 * first) is None:
            problem = Problem("your second call gives twice the first.", "Is something not cleared?", sure=True)
    settle(problem, of=of, hint=hint)


def named(parameters: Any) -> list[tuple[str, torch.Tensor]]:
    """(name, tensor) of a module, a dict, or a list of pairs or tensors."""
    if isinstance(parameters, torch.nn.Module):
        return list(parameters.named_parameters())
    if isinstance(parameters, Mapping):
        return list(parameters.items())
    if isinstance(parameters, torch.Tensor):
        return [("0", parameters)]
    return [p if isinstance(p, tuple) else (str(i), p) for i, p in enumerate(parameters)]


def reaches(
    loss: torch.Tensor, parameters: Any, *, of: str | None = None, hint: str | None = None
) -> None:
    """loss.backward() leaves a non-zero, finite gradient in each named parameter (a module, a dict, a list of pairs)."""
    pairs = named(parameters)
    problem = None
    for _, p in pairs:
        p.grad = None
    if not loss.requires_grad:
        problem = Problem("your loss has no graph behind it.", "Was something detached?", sure=True)
    else:
        loss.backward()
        missed = [n for n, p in pairs if p.grad is None or not p.grad.any() or not p.grad.isfinite().all()]
        if missed:
            problem = Problem(f"expected a gradient in every parameter, none reaches {listed(missed)}.")
    settle(problem, of=of, hint=hint)


