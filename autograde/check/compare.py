"""Compares an answer with what is expected: kind, shape, dtype, NaN, values; nested lists and dicts place by place.

`difference` returns the first problem or None, and raises nothing for any pair of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import torch

from autograde.check.describe import (
    Axes,
    array_tensor,
    capital,
    factor_text,
    is_array,
    is_bool,
    is_nan,
    is_number,
    pair_text,
    place_text,
    plain,
    short,
)
from autograde.check.failure import Problem, Suspects
from autograde.check.patterns import Pattern, find_pattern
from autograde.check.shapes import dtype_problem, shape_problem, wrong_kind
from autograde.check.tolerance import EXACT, Tolerance, chosen


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


def tensor_difference(got: Any, expected: torch.Tensor, how: How) -> Problem | None:
    """An answer that should be like the tensor `expected`."""
    if expected.dim() == 0 and (is_number(got) or is_bool(got)):
        if is_bool(got) or expected.dtype == torch.bool:
            return difference(got, plain(expected), how)
        return number_problem(got, plain(expected), how.tolerance(expected.dtype), how)
    problem = shape_problem(got, tuple(expected.shape), how.axes, how.noun)
    problem = problem or dtype_problem(got, expected.dtype, how.noun)
    if problem:  # a hint is about the values: the question about the shape or dtype fits better
        return replace(problem, sure=bool(problem.cause)) if how.reveal or problem.wanted else hidden(got, how)
    if isinstance(got, torch.Tensor) and got.is_meta:
        return Problem(f"{how.noun} is on the meta device, where tensors have no values.")
    mine, theirs = ready(got), ready(expected)
    tolerance = how.tolerance(expected.dtype, expected.device.type)
    wrong = differs(mine, theirs, tolerance)
    if not bool(wrong.any()):
        return None
    if not how.reveal:
        return hidden(got, how)
    if theirs.dim() == 0:
        return number_problem(plain(mine), plain(theirs), tolerance, how)
    return not_finite(mine, theirs, how) or wrong_values(mine, theirs, wrong, tolerance, how)


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
    mine: torch.Tensor, theirs: torch.Tensor, wrong: torch.Tensor, tolerance: Tolerance, how: How
) -> Problem:
    """How many places are wrong, by how much, where, and what the difference looks like."""
    pattern = find_pattern(mine, theirs, wrong, tolerance, how.axes)
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
    place = [int(i) for i in torch.unravel_index(torch.tensor(flat), gap.shape)]
    size = gap.flatten()[flat].item()
    text = f"{size:.2g}" if size < 99.5 and not theirs.dtype == torch.int64 else f"{size:.0f}"
    bound = tolerance.at(abs(theirs.flatten()[flat].item()))
    return f"largest {text} at {place_text(place)}" + (f", tolerance {bound:.2g}" if bound else "")


def number_problem(got: Any, expected: Any, tolerance: Tolerance, how: How) -> Problem | None:
    """Two plain numbers."""
    try:
        bound = tolerance.at(abs(expected))
        right = bool(got == expected) or bool(abs(got - expected) <= bound < float("inf"))
    except (OverflowError, TypeError):
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
    pattern = find_pattern(*pair, torch.tensor([True]), tolerance)
    if pattern is None:
        return Problem(text)
    finding = pattern.finding.replace(" everywhere", "").replace("the reference", "the expected value")
    return Problem(text, finding, pattern.cause, factor=pattern.factor)


def numbers(values: Any) -> bool:
    """A non-empty list of plain numbers."""
    return len(values) > 0 and all(is_number(value) for value in values)


def sequence_difference(got: Any, expected: Any, how: How) -> Problem | None:
    """Lists and tuples, which may stand for each other; a torch.Size is a tuple."""
    if isinstance(got, range):
        got = list(got)
    if not isinstance(got, (list, tuple)):
        return wrong_kind(got, "a tuple" if isinstance(expected, tuple) else "a list")
    problem = None
    if len(got) != len(expected):
        entries = "1 entry" if len(expected) == 1 else f"{len(expected)} entries"
        problem = Problem(f"expected {entries}, {how.noun} has {len(got)}.")
    elif numbers(got) and numbers(expected) and len(got) > 1:
        problem = number_list_difference(got, expected, how)
    else:
        places = (difference(g, e, how.inside(i)) for i, (g, e) in enumerate(zip(got, expected, strict=True)))
        problem = next((found for found in places if found), None)
    return not_told(problem, got, how)


def not_told(problem: Problem | None, got: Any, how: How) -> Problem | None:
    """The problem, or that there is one: a place inside an answer can tell all where answers are few."""
    return problem if problem is None or how.reveal or problem.untouched else hidden(got, how)


def number_list_difference(got: Any, expected: Any, how: How) -> Problem | None:
    """Lists of plain numbers: one message for all of them where they are short or show a pattern."""
    wrong = [i for i, (g, e) in enumerate(zip(got, expected, strict=True)) if difference(g, e, how) is not None]
    if not wrong:
        return None
    if len(expected) > 12:
        first = difference(got[wrong[0]], expected[wrong[0]], how.inside(wrong[0]))
        more = f"{how.noun} differs in {len(wrong)} of {len(expected)} places, first at [{wrong[0]}]:"
        return replace(first, text=f"{more} {first.text}") if first else None
    text = f"expected {short(expected)}, {how.noun} is {short(got)}."
    try:
        mine, theirs = (torch.tensor([float(v) for v in values], dtype=torch.float64) for values in (got, expected))
    except (OverflowError, TypeError):
        return Problem(text)
    if all(isinstance(value, int) for value in [*got, *expected]):
        mine, theirs = mine.long(), theirs.long()
    mask = torch.zeros(len(got), dtype=torch.bool)
    mask[wrong] = True
    return with_pattern(text, find_pattern(mine, theirs, mask, how.tolerance(None)), how)


def mapping_difference(got: Any, expected: Mapping, how: How) -> Problem | None:
    """Dicts: the same keys, and for each the same value."""
    if not isinstance(got, Mapping):
        return wrong_kind(got, "a dict")
    missing = [key for key in expected if key not in got]
    extra = [key for key in got if key not in expected]
    if missing:
        return not_told(Problem(f"expected an entry {missing[0]!r}, {how.noun} has {key_list(got)}."), got, how)
    if extra:
        return not_told(Problem(f"{how.noun} has an entry {extra[0]!r} that is not expected."), got, how)
    places = (difference(got[key], expected[key], how.inside(key)) for key in expected)
    return not_told(next((found for found in places if found), None), got, how)


def key_list(mapping: Mapping) -> str:
    """'a', 'b'."""
    return short(list(mapping)).strip("[]") or "none"


def exact_difference(got: Any, expected: Any, how: How) -> Problem | None:
    """Strings, bools, None, dtypes, devices, sets and whatever else knows what == means."""
    if is_bool(expected):
        if not is_bool(got):
            return wrong_kind(got, "True or False")
    elif isinstance(expected, (str, torch.dtype, torch.device, bytes)) and type(got) is not type(expected):
        wanted = {str: "a string", torch.dtype: "a dtype", torch.device: "a device", bytes: "bytes"}
        problem = wrong_kind(got, next(words for cls, words in wanted.items() if isinstance(expected, cls)))
        if isinstance(got, str) and isinstance(expected, torch.dtype):
            return replace(problem, cause=f"Write torch.{got.removeprefix('torch.')}, without quotes.", sure=True)
        return problem
    try:
        right = bool(got == expected)
    except Exception:
        right = got is expected
    if right and is_bool(got) == is_bool(expected):
        return None
    if not how.reveal:
        return hidden(got, how)
    text = f"expected {short(expected)}, {how.noun} is {short(got)}."
    if isinstance(got, str) and isinstance(expected, str) and got.split() == expected.split():
        return Problem(text, "They differ only in spaces or line ends")
    if isinstance(got, str) and isinstance(expected, str) and got.strip().lower() == expected.strip().lower():
        return Problem(text, "They differ only in spaces or capital letters")
    return Problem(text)


def difference(got: Any, expected: Any, how: How | None = None) -> Problem | None:
    """What is wrong with `got`, or None. Nested lists, tuples and dicts are compared place by place."""
    how = how or How()
    if got is ... and expected is not ...:
        if how.noun.startswith("your answer["):
            return Problem(f"{how.noun} is not filled in yet.")
        return wrong_kind(got, "")
    if isinstance(expected, torch.Tensor):
        return tensor_difference(got, expected, how)
    if is_array(expected) and expected.ndim:
        return tensor_difference(got, array_tensor(expected), how)
    expected = plain(expected)
    if isinstance(expected, Mapping):
        return mapping_difference(got, expected, how)
    if isinstance(expected, (list, tuple)):
        return sequence_difference(got, expected, how)
    dtype = got.dtype if isinstance(got, torch.Tensor) else None
    got = plain(got)
    if is_number(expected):
        if not is_number(got):
            return wrong_kind(got, "a number")
        whole = isinstance(got, int) and isinstance(expected, int)
        return number_problem(got, expected, EXACT if whole else how.tolerance(dtype), how)
    return exact_difference(got, expected, how)


def matching(got: Any, suspects: Suspects, how: How) -> str | None:
    """The hint of the first known wrong value that the answer equals; None where it equals none of them."""
    seen = replace(how, reveal=True)
    return next((text for text, value in (suspects or {}).items() if difference(got, value, seen) is None), None)
