"""What a tensor is before what it holds: its shape, dtype and device."""

from __future__ import annotations

from typing import Any

import torch

from autograde.check.describe import (
    Axes,
    array_tensor,
    dtype_text,
    is_array,
    is_number,
    kind,
    kind_and_shape,
    shape_text,
    short,
)
from autograde.check.failure import Problem, settle
from autograde.check.layouts import Shape, layout_finding

HALF = (torch.float16, torch.bfloat16)
WHOLE = (torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8)


def wrong_kind(got: Any, wanted: str) -> Problem:
    """The answer is not even the right sort of thing; an Ellipsis is an untouched exercise."""
    if got is ...:
        return Problem("not attempted yet.", untouched=True)
    text = f"expected {wanted}, your answer is {thing(got)}."
    if got is None:
        return Problem(text, cause="Is there a return?", sure=True, wanted=wanted)
    cause = ""
    if isinstance(got, type):
        cause = f"Write {got.__name__}(…) to make one."
    elif wanted == "a tensor" and isinstance(got, (list, tuple)):
        inside = bool(got) and isinstance(got[0], torch.Tensor)
        cause = "torch.stack or torch.cat?" if inside else "torch.tensor makes a tensor of it."
    elif wanted == "a tensor" and is_number(got):
        cause = "Is an .item() too much?"
    elif wanted.startswith("a list") and isinstance(got, torch.Tensor):
        cause = ".tolist() makes a list of it."
    elif wanted == "a number" and isinstance(got, torch.Tensor):
        cause = ".item() makes a number of it." if got.numel() == 1 else "Is a sum or mean missing?"
    return Problem(text, cause=cause, sure=bool(cause), wanted=wanted)


def thing(value: Any) -> str:
    """3 (an int), 'three' (a string), a tensor of shape (2, 3), a list."""
    if isinstance(value, (torch.Tensor, torch.nn.Parameter)) or is_array(value):
        return kind_and_shape(value)
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return f"{short(value, 40)} ({kind(value)})"
    return kind(value)


def tensor_problem(got: Any) -> Problem | None:
    """None if this is a tensor, or a numpy array of numbers, which has a shape and a dtype as well."""
    if isinstance(got, torch.Tensor):
        return Problem("expected a tensor, your answer is a nested tensor.") if got.is_nested else None
    return None if is_array(got) and got.dtype.kind in "biufc" else wrong_kind(got, "a tensor")


def axes_text(axes: Axes) -> str:
    """Nothing, or " [batch, time, features]"."""
    names = axes.split() if isinstance(axes, str) else list(axes or [])
    return f" [{', '.join(names)}]" if names else ""


def shape_problem(got: Any, expected: Shape, axes: Axes = None, noun: str = "your answer") -> Problem | None:
    """Compare a tensor's shape with the expected one, in which None stands for any size."""
    problem = tensor_problem(got)
    if problem:
        return problem
    has = tuple(got.shape)
    if len(has) == len(expected) and all(want in (None, size) for want, size in zip(expected, has, strict=True)):
        return None
    text = f"expected shape {shape_text(expected)}{axes_text(axes)}, {noun} has {shape_text(has)}."
    finding, cause = layout_finding(has, tuple(expected), axes)
    return Problem(text, finding, cause)


def shape(got: Any, expected: Shape, *, axes: Axes = None, of: str | None = None, hint: str | None = None) -> None:
    """The tensor `got` has the shape `expected`, in which None stands for any size.

    axes: names of the axes, "batch time features", for the message. Raises CheckFailed.
    """
    settle(shape_problem(got, expected, axes), of=of, hint=hint)


def dtype_problem(got: Any, expected: torch.dtype, noun: str = "your answer") -> Problem | None:
    """Compare a tensor's dtype with the expected one."""
    problem = tensor_problem(got)
    if problem:
        return problem
    has = got.dtype if isinstance(got, torch.Tensor) else array_tensor(got).dtype
    if has == expected:
        return None
    text = f"expected dtype {dtype_text(expected)}, {noun} has {dtype_text(has)}."
    return Problem(text, cause=dtype_cause(has, expected))


def dtype_cause(has: torch.dtype, expected: torch.dtype) -> str:
    """How a tensor usually comes by this dtype in place of that one."""
    if has == torch.float64 and expected.is_floating_point:
        return "NumPy arrays and dtype=float are float64: is a .float() missing?"
    if has in WHOLE and expected.is_floating_point:
        return "Made of whole numbers? 1.0 or dtype= gives floats."
    if has == torch.float32 and expected in HALF:
        return "A float32 tensor in the expression makes all of it float32: which one is it?"
    if has in HALF and expected.is_floating_point:
        return "Was it computed under autocast, or cast on the way?"
    if has.is_floating_point and expected in WHOLE:
        return "Is there a / where // is meant, or a creation without dtype=?"
    if expected == torch.bool:
        return "A comparison (==, <) gives a bool mask."
    if has == torch.bool:
        return "A comparison gives bools: is the mask the answer, or what it selects?"
    return ""


def dtype(got: Any, expected: torch.dtype, *, of: str | None = None, hint: str | None = None) -> None:
    """The tensor `got` has the dtype `expected`. Raises CheckFailed."""
    settle(dtype_problem(got, expected), of=of, hint=hint)


def device(got: Any, expected: torch.device | str, *, of: str | None = None, hint: str | None = None) -> None:
    """The tensor `got` lies on the device `expected`; "cuda" stands for every GPU. Raises CheckFailed."""
    wanted = torch.device(expected)
    problem = tensor_problem(got)
    if problem is None:
        has = got.device if isinstance(got, torch.Tensor) else torch.device("cpu")
        if has.type != wanted.type or wanted.index not in (None, has.index):
            cause = "Is a tensor made without device=…, or a .to(device) missing?"
            problem = Problem(f"expected a tensor on {wanted}, your answer is on {has}.", cause=cause)
    settle(problem, of=of, hint=hint)
