"""Values: `close` for what is computed, `equal` for what is exact, `each` for tables of answers, `that` and `within`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch

from autograde.check.describe import is_array, is_bool, is_number, number_text, place_text, short
from autograde.check.failure import CheckFailed, Problem, Suspects, head, settle
from autograde.check.session import active
from autograde.check.shapes import dtype_problem, shape_problem, wrong_kind
from autograde.check.tolerance import Tolerance, chosen


def as_tensor(value: Any) -> torch.Tensor:
    """A tensor on the CPU without a graph, of a tensor, array or number."""
    tensor = value if isinstance(value, torch.Tensor) else torch.as_tensor(value)
    return tensor.detach().cpu()


def differs(got: torch.Tensor, expected: torch.Tensor, tolerance: Tolerance) -> torch.Tensor:
    """Where two tensors of one shape differ: NaN equals NaN only, inf equals inf of the same sign only."""
    if got.dtype.is_floating_point or got.dtype.is_complex or tolerance.rtol or tolerance.atol:
        wide = torch.complex128 if got.dtype.is_complex or expected.dtype.is_complex else torch.float64
        return ~torch.isclose(got.to(wide), expected.to(wide), rtol=tolerance.rtol, atol=tolerance.atol, equal_nan=True)
    return got != expected


def tensor_difference(
    got: Any, expected: torch.Tensor, rtol: float | None, atol: float | None, axes: str | None, noun: str, reveal: bool
) -> Problem | None:
    """Shape, dtype, NaN, values of an answer that should be like the tensor `expected`."""
    problem = shape_problem(got, tuple(expected.shape), axes) or dtype_problem(got, expected.dtype)
    if problem:
        return problem
    mine, theirs = as_tensor(got), as_tensor(expected)
    tolerance = chosen([theirs.dtype], rtol, atol)
    wrong = differs(mine, theirs, tolerance)
    if not wrong.any():
        return None
    if not reveal:
        return Problem(f"{noun} is not right.")
    bad = (mine.isnan() & ~theirs.isnan()) if mine.dtype.is_floating_point else torch.zeros_like(wrong)
    if bad.any():
        first = place_text(bad.nonzero()[0].tolist())
        return Problem(f"{noun} has NaN in {int(bad.sum())} of {bad.numel()} places, first at {first}.")
    gap = (mine.to(torch.float64) - theirs.to(torch.float64)).abs() * wrong
    at = place_text(torch.unravel_index(gap.argmax(), gap.shape) if gap.dim() else ())
    at = at.replace("tensor(", "").replace(")", "")
    text = f"{noun} differs from the reference in {int(wrong.sum())} of {wrong.numel()} places"
    return Problem(f"{text} (largest {gap.max().item():.2g} at {at}, tolerance {tolerance.atol:.2g}).")


def difference(
    got: Any, expected: Any, *, rtol: float | None = None, atol: float | None = None, axes: str | None = None,
    reveal: bool = True, path: str = "", exact: bool = False,
) -> Problem | None:  # fmt: skip
    """What is wrong with `got`, or None. Nested lists, tuples and dicts are compared place by place."""
    noun = f"your answer{path}"
    if got is ... and expected is not ...:
        return wrong_kind(got, "")
    if isinstance(expected, torch.Tensor) or is_array(expected):
        return tensor_difference(got, as_tensor(expected), rtol, atol, axes, noun, reveal)
    if isinstance(got, torch.Tensor) and got.dim() == 0:
        got = got.item()
    if is_number(expected) and not exact:
        if not is_number(got):
            return wrong_kind(got, "a number")
        ints = isinstance(got, int) and isinstance(expected, int)
        tolerance = chosen([torch.int64 if ints else None], rtol, atol)
        if not differs(torch.tensor(got), torch.tensor(expected), tolerance).any():
            return None
        if not reveal:
            return Problem(f"{noun} {number_text(got)} is not right.")
        return Problem(f"expected {number_text(expected)}, {noun} is {number_text(got)}.")
    if isinstance(expected, Mapping):
        if not isinstance(got, Mapping):
            return wrong_kind(got, "a dict")
        missing = [key for key in expected if key not in got]
        if missing:
            return Problem(f"{noun} has no entry {missing[0]!r}.")
        pairs = [(got[key], expected[key], f"{path}[{key!r}]") for key in expected]
    elif isinstance(expected, (list, tuple)) and not isinstance(expected, str):
        if not isinstance(got, (list, tuple)):
            return wrong_kind(got, "a list")
        if len(got) != len(expected):
            return Problem(f"expected {len(expected)} entries, {noun} has {len(got)}.")
        pairs = [(g, e, f"{path}[{i}]") for i, (g, e) in enumerate(zip(got, expected, strict=True))]
    else:
        same = got == expected and is_bool(got) == is_bool(expected)
        if same:
            return None
        return Problem(f"expected {short(expected)}, {noun} is {short(got)}." if reveal else f"{noun} is not right.")
    for g, e, where in pairs:
        problem = difference(g, e, rtol=rtol, atol=atol, reveal=reveal, path=where, exact=exact)
        if problem:
            return problem
    return None


def matching(got: Any, suspects: Suspects, **how: Any) -> str | None:
    """The hint of the first known wrong value that the answer equals."""
    for text, value in (suspects or {}).items():
        if difference(got, value, **how) is None:
            return text
    return None


def close(
    got: Any, expected: Any, *, axes: str | None = None, rtol: float | None = None, atol: float | None = None,
    suspects: Suspects = None, reveal: bool = True, of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` equals `expected` within the tolerance of its dtype: numbers, tensors, arrays, nested lists and dicts."""
    problem = difference(got, expected, rtol=rtol, atol=atol, axes=axes, reveal=reveal)
    suspect = matching(got, suspects, rtol=rtol, atol=atol) if problem else None
    settle(problem, of=of, hint=hint, suspect=suspect)


def equal(
    got: Any, expected: Any, *, suspects: Suspects = None, reveal: bool = True,
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """`got` is exactly `expected`: integers, strings, bools, lists, dicts, integer tensors, dtypes, torch.Size."""
    problem = difference(got, expected, rtol=0.0, atol=0.0, reveal=reveal, exact=True)
    suspect = matching(got, suspects, rtol=0.0, atol=0.0, exact=True) if problem else None
    settle(problem, of=of, hint=hint, suspect=suspect)


def each(
    got: Any, expected: Any, *, reveal: bool = False, rtol: float | None = None, atol: float | None = None,
    of: str | None = None, hint: str | Mapping[Any, str] | None = None,
) -> None:  # fmt: skip
    """A table of answers, each worth the same: partial credit is the share of right entries.

    got, expected: two dicts with the same keys, or two lists of one length. hint: a text, or a dict key → hint.
    """
    if not isinstance(got, type(expected)) and not isinstance(got, (list, tuple)):
        settle(wrong_kind(got, "a dict" if isinstance(expected, Mapping) else "a list"), of=of)
    keys: Sequence[Any] = list(expected) if isinstance(expected, Mapping) else range(len(expected))
    mine = got if isinstance(got, Mapping) else dict(enumerate(got))
    theirs = expected if isinstance(expected, Mapping) else dict(enumerate(expected))
    wrong = [k for k in keys if k not in mine or difference(mine[k], theirs[k], rtol=rtol, atol=atol) is not None]
    if not wrong:
        settle(None)
        return
    if all(k not in mine or mine[k] is ... for k in keys):
        settle(Problem("", untouched=True))
    listed = ", ".join(f"{k!r} (yours: {short(mine.get(k))})" for k in wrong)
    texts = [hint[k] for k in wrong if k in hint] if isinstance(hint, Mapping) else [hint] if hint else []
    message = head(of) + " ".join([f"{len(keys) - len(wrong)} of {len(keys)} are right. Not right: {listed}.", *texts])
    if len(wrong) == len(keys):
        raise CheckFailed(message)
    active().partly(1 - len(wrong) / len(keys), message)


def that(condition: Any, *, expected: str, got: str, of: str | None = None, hint: str | None = None) -> None:
    """Anything else: `expected` and `got` are texts, "a file of 3 lines" and "your file has 2"."""
    problem = None if bool(condition) else Problem(f"expected {expected}; {got}.")
    settle(problem, of=of, hint=hint)


def within(
    got: Any, low: float, high: float, *, unit: str = "", of: str | None = None, hint: str | None = None
) -> None:
    """low ≤ got ≤ high. NaN is outside every range."""
    if isinstance(got, torch.Tensor) and got.numel() == 1:
        got = got.item()
    problem = None
    if not is_number(got):
        problem = wrong_kind(got, "a number")
    elif not low <= got <= high:
        tail = f" {unit}" if unit else ""
        span = f"between {number_text(low)} and {number_text(high)}{tail}"
        problem = Problem(f"expected {span}, your answer is {number_text(got)}{tail}.")
    settle(problem, of=of, hint=hint)
