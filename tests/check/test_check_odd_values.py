"""Answers of kinds that no comparison expects: a message, and no error of the check's own."""

from __future__ import annotations

from decimal import Decimal

import pytest
import torch

from autograde import check


def test_an_int_too_long_to_write_is_told_by_its_size(said):
    assert said(check.equal, 10**5000, 3) == "demo: expected 3, your answer is an int of 16,610 bits."
    assert said(check.within, 10**5000, 1, 2) == (
        "demo: expected between 1 and 2, your answer is an int of 16,610 bits."
    )
    assert said(check.within, 10**400, 1, 2).startswith("demo: expected between 1 and 2, your answer is 1000")


def test_a_range_without_end_is_no_list(said):
    assert said(check.equal, range(10**30), [0, 1]) == "demo: expected a list, your answer is a range."


def test_what_is_no_function_is_told_by_every_check_that_calls_it(said):
    told = "demo: expected a function, your answer is 5 (an int)."
    assert said(check.repeatable, 5, 1) == told
    assert said(check.gradients, 5, (torch.ones(2),), torch.tanh) == told


def test_a_decimal_that_is_no_number_is_like_any_other_nan(said):
    nan = Decimal("nan")
    assert said(check.equal, nan, 3) == "demo: expected 3, your answer is NaN."
    assert said(check.within, nan, 1, 2).startswith("demo: expected between 1 and 2")
    assert said(check.close, Decimal("1.5"), 1.5) == ""


def test_numpy_arrays_of_any_width_and_byte_order_are_compared(said):
    numpy = pytest.importorskip("numpy")
    backwards = numpy.array([1.0, 2.0], dtype=">f4")
    assert said(check.close, backwards, torch.tensor([1.0, 2.0])) == ""
    wide = numpy.array([1.0, 2.0], dtype=numpy.longdouble)
    assert said(check.close, wide, torch.tensor([1.0, 2.0], dtype=torch.float64)) == ""
    assert said(check.dtype, wide, torch.float32).startswith("demo: expected dtype float32, your answer has float64.")


def test_an_expected_array_of_texts_is_compared_place_by_place(said):
    numpy = pytest.importorskip("numpy")
    expected = numpy.array(["a", "b"])
    assert said(check.equal, numpy.array(["a", "b"]), expected) == ""
    assert said(check.equal, ["a", "b"], expected) == ""
    assert said(check.equal, numpy.array(["a", "c"]), expected) == "demo: expected 'b', your answer[1] is 'c'."


def test_a_nested_tensor_is_told_by_its_kind(said):
    nested = torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
    assert said(check.equal, nested, 3).startswith("demo: expected a number, your answer is a nested tensor.")
    assert said(check.gradient, nested, torch.ones(3)) == "demo: expected a tensor, your answer is a nested tensor."
