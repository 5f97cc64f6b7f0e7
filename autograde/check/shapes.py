"""Shapes, dtypes and devices: what a tensor is before what it holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

from autograde.check.describe import dtype_text, is_array, kind, shape_text
from autograde.check.failure import Problem, settle

Shape = Sequence[int | None]


def wrong_kind(got: Any, wanted: str) -> Problem:
    """The answer is not even the right sort of thing."""
    if got is ...:
        return Problem("not attempted yet.", untouched=True)
    if got is None:
        return Problem(f"expected {wanted}, your answer is None.", "Is there a return?", sure=True)
    return Problem(f"expected {wanted}, your answer is {kind(got)}.")


def tensor_problem(got: Any) -> Problem | None:
    """None if this has a shape and a dtype."""
    if isinstance(got, torch.Tensor) or is_array(got):
        return None
    return wrong_kind(got, "a tensor")


def axes_text(axes: str | Sequence[str] | None) -> str:
    """ " [batch, time, features]", or nothing."""
    names = axes.split() if isinstance(axes, str) else list(axes or [])
    return f" [{', '.join(names)}]" if names else ""


def shape_problem(got: Any, expected: Shape, axes: str | Sequence[str] | None = None) -> Problem | None:
    """Compare a tensor's shape with the expected one, in which None stands for any size."""
    problem = tensor_problem(got)
    if problem:
        return problem
    has = tuple(got.shape)
    if len(has) == len(expected) and all(want in (None, size) for want, size in zip(expected, has, strict=True)):
        return None
    text = f"expected shape {shape_text(expected)}{axes_text(axes)}, your answer has {shape_text(has)}."
    return Problem(text)


def shape(
    got: Any, expected: Shape, *, axes: str | None = None, of: str | None = None, hint: str | None = None
) -> None:
    """The tensor `got` has the shape `expected`; None in it stands for any size.

    axes: the axes' names, "batch time features". Raises CheckFailed.
    """
    settle(shape_problem(got, expected, axes), of=of, hint=hint)


def dtype_problem(got: Any, expected: torch.dtype) -> Problem | None:
    """Compare dtypes."""
    problem = tensor_problem(got)
    if problem:
        return problem
    has = got.dtype if isinstance(got, torch.Tensor) else torch.as_tensor(got).dtype
    if has == expected:
        return None
    return Problem(f"expected dtype {dtype_text(expected)}, your answer has {dtype_text(has)}.")


def dtype(got: Any, expected: torch.dtype, *, of: str | None = None, hint: str | None = None) -> None:
    """The tensor `got` has the dtype `expected`. Raises CheckFailed."""
    settle(dtype_problem(got, expected), of=of, hint=hint)


def device(got: Any, expected: torch.device | str, *, of: str | None = None, hint: str | None = None) -> None:
    """The tensor `got` lies on the device `expected`; "cuda" accepts any index. Raises CheckFailed."""
    wanted = torch.device(expected)
    problem = tensor_problem(got)
    if problem is None:
        has = got.device if isinstance(got, torch.Tensor) else torch.device("cpu")
        if has.type != wanted.type or wanted.index not in (None, has.index):
            problem = Problem(f"expected a tensor on {wanted}, your answer is on {has}.")
    settle(problem, of=of, hint=hint)
