"""Values: `close` for what is computed, `equal` for what is exact, `that` and `within` for everything else."""

from __future__ import annotations

from typing import Any

from autograde.check.compare import difference, matching
from autograde.check.describe import Axes, is_finite, is_nan, is_number, number_text, plain
from autograde.check.failure import Problem, Suspects, settle
from autograde.check.numeric import How
from autograde.check.shapes import wrong_kind

# What separates units that are easily mixed up: milli and kilo, kibi, percent, minutes, hours, bits and bytes.
UNIT_SLIPS = (1000, 1024, 100, 60, 3600, 8, 1e6, 2**20, 1e9, 2**30)


def close(
    got: Any, expected: Any, *, axes: Axes = None, rtol: float | None = None, atol: float | None = None,
    suspects: Suspects = None, reveal: bool = True, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` equals `expected` within the tolerance of its dtype (see tolerance.py).

    Numbers, tensors, arrays, and lists, tuples and dicts of them. Compared in this order: kind, shape, dtype, NaN,
    values; a tensor on another device is brought to the CPU. suspects: {hint: a known wrong value}. reveal=False: the
    message shows nothing from which the expected value follows. Raises CheckFailed.
    """
    how = How(rtol=rtol, atol=atol, reveal=reveal, axes=axes)
    problem = difference(got, expected, how)
    settle(problem, of=of, hint=hint, suspect=matching(got, suspects, how) if problem else None)


def equal(
    got: Any, expected: Any, *, suspects: Suspects = None, reveal: bool = True,
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` is exactly `expected`: integers, strings, bools, lists, dicts, integer tensors, dtypes, torch.Size.

    A tuple may stand for a list or a torch.Size, 3.0 for 3, but neither 1 for True nor "float32" for torch.float32.
    """
    how = How(exact=True, reveal=reveal)
    problem = difference(got, expected, how)
    settle(problem, of=of, hint=hint, suspect=matching(got, suspects, how) if problem else None)


def that(condition: Any, *, expected: str, got: str, of: str | None = None, hint: str | None = None) -> None:
    """Anything else. `expected` and `got` are texts: "a file of 3 lines", "your file has 2". NaN is not true."""
    if condition is ...:
        settle(Problem("", untouched=True))
    right = bool(condition) and not is_nan(plain(condition))
    settle(None if right else Problem(f"expected {expected}, {got.rstrip('.')}."), of=of, hint=hint)


def within(
    got: Any, low: float, high: float, *, unit: str = "", of: str | None = None, hint: str | None = None
) -> None:
    """low ≤ got ≤ high, where `got` is a number (or a 0-d tensor). NaN is outside every range."""
    number = plain(got)
    problem = None
    if not is_number(number) or isinstance(number, complex):
        problem = wrong_kind(got, "a number")
    elif is_nan(number) or not low <= number <= high:
        tail = f" {unit}" if unit else ""
        span = f"between {number_text(low)} and {number_text(high)}{tail}"
        text = f"expected {span}, your answer is {number_text(number)}{tail}."
        problem = Problem(text, *(slip(float(number), low, high) if is_finite(number) else ("", "")))
    settle(problem, of=of, hint=hint)


def slip(number: float, low: float, high: float) -> tuple[str, str]:
    """(finding, question) where a factor between units brings the number into a range narrower than that factor."""
    for factor in UNIT_SLIPS:
        if low > 0 and high / low < factor:
            if low <= number * factor <= high:
                return f"It fits when multiplied by {factor:.10g}", "which unit is asked for?"
            if low <= number / factor <= high:
                return f"It fits when divided by {factor:.10g}", "which unit is asked for?"
    return "", ""
