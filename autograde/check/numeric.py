"""Numbers and tensors side by side: which places differ, by how much, where, and what the difference looks like."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import torch

from autograde.check.describe import (
    Axes,
    array_tensor,
    capital,
    factor_text,
    is_array,
    is_nan,
    pair_text,
    place_text,
    short,
)
from autograde.check.failure import Problem
from autograde.check.patterns import Pattern, find_pattern
from autograde.check.tolerance import EXACT, Tolerance, chosen, tolerance_for


@dataclass(frozen=True)
class How:
    """How to compare: tolerances in place of the table's, exactly, without showing what is expected; the words used."""

    rtol: float | None = None
    atol: float | None = None
    exact: bool = False
    reveal: bool = True
    axes: Axes = None
    noun: str = "your answer"
    against: str = "the reference"

    def tolerance(self, dtype: torch.dtype | None, device: str | None = None) -> Tolerance:
        """The tolerance for this dtype (None: plain numbers)."""
        return EXACT if self.exact else chosen(dtype, self.rtol, self.atol, device)

    def inside(self, step: Any) -> How:
        """The same, one level deeper: your answer[2]['loss']."""
        return replace(self, noun=f"{self.noun}[{step!r}]", axes=None)


def ready(value: Any) -> torch.Tensor:
    """A dense CPU tensor without a graph, of a tensor or array, in the widest dtype of its sort.

    float64, complex128, int64 or bool: not every operation exists for the narrow ones (float8, uint16).
    """
    tensor = value.detach() if isinstance(value, torch.Tensor) else array_tensor(value)
    if tensor.is_quantized:
        tensor = tensor.dequantize()
    tensor = (tensor if tensor.layout == torch.strided else tensor.to_dense()).cpu()
    if tensor.dtype.is_complex:
        return tensor.to(torch.complex128)
    if tensor.dtype == torch.bool:
        return tensor
    return tensor.to(torch.float64 if tensor.dtype.is_floating_point else torch.int64)


def differs(mine: torch.Tensor, theirs: torch.Tensor, tolerance: Tolerance) -> torch.Tensor:
    """Where two tensors of one shape and dtype differ. NaN is like NaN only, inf like inf of the same sign only."""
    if tolerance == EXACT and not theirs.dtype.is_floating_point and not theirs.dtype.is_complex:
        return mine != theirs
    if not theirs.dtype.is_complex:
        mine, theirs = mine.to(torch.float64), theirs.to(torch.float64)
    return ~torch.isclose(mine, theirs, rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)


def hidden(got: Any, how: How) -> Problem:
    """All that may be said where the expected value must not show."""
    shown = "" if isinstance(got, torch.Tensor) and got.dim() or is_array(got) else f" {short(got)}"
    return Problem(f"{how.noun}{shown} is not right.")


def not_finite(mine: torch.Tensor, theirs: torch.Tensor, how: How) -> Problem | None:
    """NaN or inf in the answer where none is expected."""
    if not (mine.dtype.is_floating_point or mine.dtype.is_complex):
        return None
    nan, inf = mine.isnan() & ~theirs.isnan(), mine.isinf() & theirs.isfinite()
    looks = [("NaN", nan, "Is there a 0/0, an inf − inf, or the log or root of a negative number?")]
    if not bool(theirs.isinf().any()):  # where inf is expected it is a mask's, and counts as any wrong value
        looks.append(("inf", inf, "Is there a division by 0, a log(0), or the exp of a large number?"))
    for name, bad, cause in looks:
        if not bool(bad.any()):
            continue
        where = f"in {int(bad.sum())} of {bad.numel()} places, first at {place_text(bad.nonzero()[0].tolist())}"
        text = f"{how.noun} has {name} {where}; {how.against} has none there."
        rows = bad.all(-1) if bad.dim() > 1 else bad.new_zeros(1)
        if name == "NaN" and 0 < int(rows.sum()) < rows.numel() and bool((rows == bad.any(-1)).all()):
            return Problem(text, "Whole rows are NaN", "is all of such a row masked before its softmax?")
        return Problem(text, cause=cause)
    return None


def wrong_values(
    mine: torch.Tensor,
    theirs: torch.Tensor,
    wrong: torch.Tensor,
    tolerance: Tolerance,
    pattern: Pattern | None,
    how: How,
) -> Problem:
    """How many places are wrong, by how much, where, and what the difference looks like."""
    if pattern and pattern.factor is not None:
        text = f"{how.noun} is {factor_text(pattern.factor)} {how.against} everywhere."
        return Problem(text, cause=capital(pattern.cause), factor=pattern.factor)
    count = f"{int(wrong.sum())} of {wrong.numel()} places"
    text = f"{how.noun} differs from {how.against} in {count} ({largest(mine, theirs, wrong, tolerance)})."
    return with_pattern(text, pattern, how)


def with_pattern(text: str, pattern: Pattern | None, how: How) -> Problem:
    """A problem that says what the values look like."""
    if pattern is None:
        return Problem(text)
    return Problem(text, pattern.finding.replace("the reference", how.against), pattern.cause, factor=pattern.factor)


def largest(mine: torch.Tensor, theirs: torch.Tensor, wrong: torch.Tensor, tolerance: Tolerance) -> str:
    """largest 0.31 at [4], tolerance 1e-05; the first place where no difference is finite, and of bools."""
    if theirs.dtype == torch.bool:
        return f"first at {place_text(wrong.nonzero()[0].tolist())}"
    gap = (mine - theirs).abs().to(torch.float64)
    gap = torch.where(wrong & gap.isfinite(), gap, -1.0)
    if bool((gap < 0).all()):
        place = wrong.nonzero()[0].tolist()
        expected, got = pair_text(theirs[tuple(place)], mine[tuple(place)])
        return f"first at {place_text(place)}: expected {expected}, yours is {got}"
    flat = int(gap.argmax())
    place = (gap == gap.flatten()[flat]).nonzero()[0].tolist()  # unravel_index would load sympy: over a second
    size = gap.flatten()[flat].item()
    text = f"{size:.2g}" if size < 99.5 and not theirs.dtype == torch.int64 else f"{size:.0f}"
    bound = tolerance.at(abs(theirs.flatten()[flat].item()))
    return f"largest {text} at {place_text(place)}" + (f", tolerance {bound:.2g}" if bound else "")


def number_problem(got: Any, expected: Any, tolerance: Tolerance, how: How) -> Problem | None:
    """Two plain numbers."""
    try:
        bound = tolerance.at(abs(expected))
        right = bool(got == expected) or bool(abs(got - expected) <= bound < float("inf"))
    except (ArithmeticError, TypeError):  # an int beyond float's range, a Decimal's NaN, a Decimal and a float
        right, bound = bool(got == expected), 0.0
    if right or (is_nan(got) and is_nan(expected)):
        return None
    if not how.reveal:
        return hidden(got, how)
    mine, theirs = pair_text(got, expected)
    exactly = f" (tolerance {bound:.2g})" if bound and bound == bound and not is_nan(got) else ""
    text = f"expected {theirs}, {how.noun} is {mine}{exactly}."
    try:
        pair = torch.tensor([float(got)], dtype=torch.float64), torch.tensor([float(expected)], dtype=torch.float64)
    except (OverflowError, TypeError):
        return Problem(text)
    if isinstance(got, int) and isinstance(expected, int) and max(abs(got), abs(expected)) < 2**53:
        pair = pair[0].long(), pair[1].long()
    pattern = find_pattern(*pair, torch.tensor([True]), tolerance_for(None).rtol)
    if pattern is None:
        return Problem(text)
    finding = pattern.finding.replace(" everywhere", "").replace("the reference", "the expected value")
    return Problem(text, finding, pattern.cause, factor=pattern.factor)
