"""Loss curves: a list of plain numbers that starts where the data says, and falls."""

from __future__ import annotations

import math
from typing import Any

import torch

from autograde.check.describe import is_number, kind, number_text
from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind


def numbers_problem(losses: Any) -> Problem | None:
    """Is it a non-empty list of finite plain numbers?"""
    if not isinstance(losses, (list, tuple)):
        return wrong_kind(losses, "a list of numbers")
    if not losses:
        return Problem("your list of losses is empty.")
    for i, loss in enumerate(losses):
        if isinstance(loss, torch.Tensor):
            graph = " with its graph attached" if loss.requires_grad else ""
            why = " It keeps every step's graph alive." if graph else ""
            return Problem(f"expected numbers, your losses[{i}] is a tensor{graph}.{why}", "Append loss.item().", True)
        if not is_number(loss):
            return Problem(f"expected numbers, your losses[{i}] is {kind(loss)}.")
        if not math.isfinite(loss):
            return Problem(f"your losses[{i}] is {loss}.", "Is the learning rate too high?")
    return None


def curve_problem(losses: Any, start: Any, start_rtol: float, below: Any, length: Any, min_drop: Any, final: Any):
    """The first thing that is wrong with the curve."""
    problem = numbers_problem(losses)
    if problem:
        return problem
    tail = losses[-max(1, len(losses) // 20) :]
    last = sum(tail) / len(tail)
    if length is not None and len(losses) != length:
        return Problem(f"expected {length} losses, your list has {len(losses)}.")
    if start is not None and abs(losses[0] - start) > start_rtol * abs(start):
        return Problem(f"expected a first loss near {number_text(start)}, yours is {number_text(losses[0])}.")
    if len(losses) > 1 and max(losses) == min(losses):
        return Problem(f"your curve is flat: every loss is {number_text(losses[0])}.", "Does the optimiser step?")
    if min_drop is not None and last > (1 - min_drop) * losses[0]:
        return Problem(f"expected a drop of at least {min_drop:.0%}, yours goes from {losses[0]:.4g} to {last:.4g}.")
    if below is not None and not last < below:
        return Problem(f"expected to end below {number_text(below)}, your curve ends at {last:.4g}.")
    if final is not None and abs(last - float(final)) > 0.25 * abs(float(final)):
        return Problem(f"your curve ends at {last:.4g}, the model you return has loss {float(final):.4g}.")
    return None


def curve(
    losses: Any, *, start: float | None = None, start_rtol: float = 0.25, below: float | None = None,
    length: int | None = None, min_drop: float | None = None, final: float | None = None,
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """A training run's losses: finite plain numbers, starting near `start`, ending below `below`, not flat."""
    settle(curve_problem(losses, start, start_rtol, below, length, min_drop, final), of=of, hint=hint)
