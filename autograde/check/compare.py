"""Compares an answer with what is expected: kind, shape, dtype, NaN, values; nested lists and dicts place by place.

`difference` returns the first problem or None, and raises nothing for any pair of values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import torch

from autograde.check.describe import array_tensor, is_array, is_bool, is_number, plain, short
from autograde.check.failure import Problem, Suspects
from autograde.check.numeric import How, differs, hidden, not_finite, number_problem, ready, with_pattern, wrong_values
from autograde.check.patterns import find_pattern
from autograde.check.shapes import dtype_problem, shape_problem, wrong_kind
from autograde.check.tolerance import EXACT, tolerance_for


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
    pattern = find_pattern(mine, theirs, wrong, tolerance_for(expected.dtype).rtol, how.axes)
    return not_finite(mine, theirs, how) or wrong_values(mine, theirs, wrong, tolerance, pattern, how)


MOST_OF_RANGE = 1_000_000  # entries of a range that is compared as a list: it can have any number


def numbers(values: Any) -> bool:
    """A non-empty list of plain numbers."""
    return len(values) > 0 and all(is_number(value) for value in values)


def sequence_difference(got: Any, expected: Any, how: How) -> Problem | None:
    """Lists and tuples, which may stand for each other; a torch.Size is a tuple."""
    if isinstance(got, range) and not got[MOST_OF_RANGE:]:
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
    return with_pattern(text, find_pattern(mine, theirs, mask, tolerance_for(None).rtol), how)


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


def foreign(value: Any) -> bool:
    """Does this stand for an object in another process? What == says of it is said there, and not to be believed."""
    return bool(getattr(type(value), "__student_object__", False))


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
    if isinstance(got, slice) and isinstance(expected, slice):
        return difference((got.start, got.stop, got.step), (expected.start, expected.stop, expected.step), how)
    try:
        right = bool(got == expected) if foreign(expected) or not foreign(got) else False
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
        if expected.dtype.kind not in "biufc":  # texts, dates, objects: no tensor holds them
            return difference(got.tolist() if is_array(got) else got, expected.tolist(), how)
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
