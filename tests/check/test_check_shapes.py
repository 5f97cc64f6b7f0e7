"""Shapes, dtypes, devices: what a wrong one is told to look like."""
# ruff: noqa: E501  a message is asserted as the one line that a student reads

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde import check
from autograde.check.layouts import layout_finding

BTF = "batch time features"
FINDINGS = [
    ((2, 8, 4), (2, 4, 8), BTF, "The last two axes are swapped: did you transpose one of the arguments or the result?"),
    ((4, 2, 8), (2, 4, 8), BTF, "The first two axes are swapped: did you transpose one of the arguments or the result?"),
    ((3, 2), (2, 3), None, "The two axes are swapped: did you transpose one of the arguments or the result?"),
    (
        (2, 3, 4, 5), (2, 4, 3, 5), "batch heads time features",
        "Axes 1 and 2 (heads, time) are swapped: did you transpose one of the arguments or the result?",
    ),
    ((8, 2, 4), (2, 4, 8), None, "The axes are right, their order is not: is a permute or transpose missing, or one too many?"),
    ((2, 4), (2, 1, 4), "b q k", "Axis 1 (q), of size 1, is missing: keepdim=True, or unsqueeze(1)?"),
    ((4, 8), (2, 4, 8), BTF, "The first axis (batch), of size 2, is missing: is it summed over or indexed away?"),
    ((3,), (1, 3, 1), None, "All axes of size 1 are missing: squeeze() without a dim removes every one of them: is it needed?"),
    (
        (1, 2, 4), (2, 4), None,
        "There is an extra batch axis of size 1 in front: unsqueeze(0) or [None] too much, or a [0] missing?",
    ),
    ((2, 4, 1), (2, 4), None, "There is an extra axis of size 1 at the end: keepdim=True or unsqueeze too much?"),
    ((2, 7, 4), (2, 4), None, "There is an extra axis of size 7 at position 1: is a sum, mean or index over it missing?"),
    (
        (5, 5), (5,), None,
        "Broadcasting (5,) with (5, 1) gives (5, 5): is one of the two a row and the other a column?",
    ),
    ((64,), (2, 4, 8), None, "All 64 values stand in one axis: is a view or reshape to the expected shape missing?"),
    ((2, 3, 10), (2, 3, 2, 5), "b t h d", "H and d are merged into one of size 10: is a view to (2, 5) missing?"),
    ((2, 3, 2, 5), (2, 3, 10), BTF, "The last axis (features), of size 10, is still split into 2 × 5: is a view or flatten missing?"),
    ((4, 4, 4), (2, 4, 8), None, "The number of values is right (64), their arrangement is not: which sizes does view get?"),
    ((2, 5, 8), (2, 4, 8), BTF, "Axis 1 (time) is one too long: where does the slice or range begin and end?"),
    ((2, 3, 8), (2, 4, 8), BTF, "Axis 1 (time) is one too short: where does the slice or range begin and end?"),
    ((2, 8, 3), (2, 4, 3), None, "Axis 1 is 2 times too long: torch.cat where stack or + is meant?"),
    ((2, 1, 8), (2, 4, 8), None, "Axis 1 has size 1 instead of 4: is it reduced with keepdim=True, or sliced to one?"),
    ((2, 7, 8), (2, 4, 8), BTF, "Axis 1 (time) has size 7 instead of 4."),
    ((3,), (), None, "One number is expected, without axes: is a sum or mean missing?"),
    ((1, 1), (), None, "It is one number inside an axis of size 1: keepdim=True, or a slice [0:1] in place of [0]?"),
    ((), (3,), None, "Everything is reduced to one number: is a dim=… missing in the sum or mean?"),
    ((7, 9, 2), (2, 4, 8), None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("has", "want", "axes", "finding"), FINDINGS)
def test_a_wrong_shape_is_told_what_it_looks_like(said, has, want, axes, finding):
    message = said(check.shape, torch.zeros(has), want, axes=axes)
    named = f" [{', '.join(axes.split())}]" if axes else ""
    head = f"demo: expected shape {text_of(want)}{named}, your answer has {text_of(has)}."
    assert message == f"{head} {finding}".strip()


def text_of(shape):
    return str(tuple(shape))


@pytest.mark.parametrize("want", [(2, 4, 8), (None, 4, 8), (None, None, None)])
def test_a_right_shape_passes_and_none_stands_for_any_size(said, want):
    assert said(check.shape, torch.zeros(2, 4, 8), want) == ""


def test_any_is_written_where_any_size_will_do(said):
    assert said(check.shape, torch.zeros(2, 3), (None, 4)) == (
        "demo: expected shape (any, 4), your answer has (2, 3). "
        "The last axis is one too short: where does the slice or range begin and end?"
    )


def test_a_hint_takes_the_place_of_the_question_not_of_the_finding(said):
    assert said(check.shape, torch.zeros(2, 8, 4), (2, 4, 8), of="two heads", hint="Which axis holds the heads?") == (
        "demo, two heads: expected shape (2, 4, 8), your answer has (2, 8, 4). The last two axes are swapped. "
        "Which axis holds the heads?"
    )


@pytest.mark.parametrize(
    ("got", "told"),
    [
        (None, "None. Is there a return?"),
        ([1, 2], "a list: torch.tensor makes a tensor of it."),
        ([torch.zeros(2)], "a list: torch.stack or torch.cat?"),
        (3.0, "3.0 (a float). Is an .item() too much?"),
        ("x", "'x' (a string)."),
        (True, "True."),
        ({}, "a dict."),
        (torch.nn.Linear, "the class Linear, not an object made from it. Write Linear(…) to make one."),
        (len, "the function len, not what it returns."),
        ((x for x in []), "a generator."),
        (object(), "an object."),
    ],
)
def test_something_else_than_a_tensor_is_named(said, got, told):
    assert said(check.shape, got, (2,)) == f"demo: expected a tensor, your answer is {told}"


def test_the_hole_of_the_release_is_not_attempted():
    with pytest.raises(check.NotAttempted):
        check.shape(..., (2,))


sizes = st.lists(st.integers(0, 6), max_size=5).map(tuple)


@given(has=sizes, want=st.lists(st.one_of(st.none(), st.integers(0, 6)), max_size=5).map(tuple))
@settings(max_examples=300, deadline=None)
def test_a_finding_is_found_or_not_for_any_pair_of_shapes(has, want):
    finding, question = layout_finding(has, want, None)
    assert not finding.endswith(".") and (finding or not question)


@pytest.mark.parametrize(
    ("has", "want", "cause"),
    [
        (torch.float64, torch.float32, " NumPy arrays and dtype=float are float64: is a .float() missing?"),
        (torch.int64, torch.float32, " Made of whole numbers? 1.0 or dtype= gives floats."),
        (torch.float32, torch.int64, " Is there a / where // is meant, or a creation without dtype=?"),
        (torch.float32, torch.bfloat16, " A float32 tensor in the expression makes all of it float32: which one is it?"),
        (torch.float16, torch.float32, " Was it computed under autocast, or cast on the way?"),
        (torch.float32, torch.bool, " A comparison (==, <) gives a bool mask."),
        (torch.bool, torch.int64, " A comparison gives bools: is the mask the answer, or what it selects?"),
        (torch.int32, torch.int64, ""),
    ],
)  # fmt: skip
def test_a_wrong_dtype_is_told_how_it_came_about(said, has, want, cause):
    names = [str(dtype).removeprefix("torch.") for dtype in (want, has)]
    message = said(check.dtype, torch.zeros(2, dtype=has), want)
    assert message == f"demo: expected dtype {names[0]}, your answer has {names[1]}.{cause}"
    assert said(check.dtype, torch.zeros(2, dtype=want), want) == ""


def test_a_numpy_array_has_a_shape_and_a_dtype(said):
    numpy = pytest.importorskip("numpy")
    assert said(check.shape, numpy.zeros((2, 3)), (2, 3)) == ""
    assert said(check.dtype, numpy.zeros((2, 3)), torch.float64) == ""
    assert said(check.shape, numpy.array(["a"]), (1,)) == (
        "demo: expected a tensor, your answer is a numpy array of shape (1,)."
    )


class OnSecondGpu(torch.Tensor):
    """Says that it lies on cuda:1."""

    device = property(lambda self: torch.device("cuda", 1))


def test_a_device_without_an_index_stands_for_every_one_of_its_type(said):
    there = torch.zeros(2).as_subclass(OnSecondGpu)
    assert said(check.device, there, "cuda") == "" == said(check.device, there, "cuda:1")
    assert said(check.device, there, "cuda:0").startswith(
        "demo: expected a tensor on cuda:0, your answer is on cuda:1."
    )


def test_a_wrong_device_is_named(said):
    meta = torch.zeros(2, device="meta")
    assert said(check.device, meta, "cpu") == (
        "demo: expected a tensor on cpu, your answer is on meta. "
        "Is a tensor made without device=…, or a .to(device) missing?"
    )
    assert said(check.device, torch.zeros(2), "cpu") == "" == said(check.device, meta, torch.device("meta"))
