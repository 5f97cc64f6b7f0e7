"""The one table of tolerances."""

from __future__ import annotations

import pytest
import torch

from autograde import check
from autograde.check import tolerance
from autograde.check.tolerance import EXACT, TABLE, Tolerance, chosen, tolerance_for


def test_the_table_is_that_of_torch_testing():
    theirs = pytest.importorskip("torch.testing._comparison")._DTYPE_PRECISIONS
    assert {dtype: tuple(entry) for (dtype, _), entry in TABLE.items()} == {dtype: theirs[dtype] for dtype, _ in TABLE}
    floats = {dtype for dtype in theirs if dtype.is_floating_point or dtype.is_complex}
    assert floats == {dtype for dtype, device in TABLE if device is None}


def test_integers_and_bools_are_exact():
    assert tolerance_for(torch.int64) == EXACT == tolerance_for(torch.bool)


def test_a_device_can_have_a_line_of_its_own(monkeypatch):
    monkeypatch.setitem(tolerance.TABLE, (torch.float32, "cuda"), Tolerance(1e-3, 1e-4))
    assert tolerance_for(torch.float32, "cuda") == (1e-3, 1e-4)
    assert tolerance_for(torch.float32, "cpu") == tolerance_for(torch.float32) == (1.3e-6, 1e-5)


def test_an_authors_tolerance_replaces_one_entry_and_not_the_other():
    assert chosen(torch.float32, rtol=0.1) == (0.1, 1e-5)
    assert chosen(torch.float32, atol=0.0) == (1.3e-6, 0.0)


@pytest.mark.parametrize("dtype", [dtype for dtype, _ in TABLE if not dtype.is_complex])
def test_an_answer_is_right_just_inside_the_tolerance_and_wrong_just_outside(said, dtype):
    rtol, atol = tolerance_for(dtype)
    expected = torch.tensor([1.0, 64.0], dtype=dtype)
    bound = atol + rtol * 64
    step = max(torch.finfo(dtype).eps * 64, 1e-3 * bound)
    inside = (expected.double() + torch.tensor([0.0, max(0.0, bound - step)])).to(dtype)
    outside = (expected.double() + torch.tensor([0.0, bound + 2 * step])).to(dtype)
    assert said(check.close, inside, expected) == ""
    assert said(check.close, outside, expected) != ""


@pytest.mark.parametrize(("got", "right"), [(1 + 1.3e-6, True), (1 + 3e-6, False), (1.0, True)])
def test_plain_floats_have_the_relative_tolerance_of_float32(said, got, right):
    assert (said(check.close, got, 1.0) == "") is right


def test_a_small_float_is_not_close_to_zero(said):
    assert said(check.close, 1e-6, 0.0) == "demo: expected 0.0, your answer is 1e-06 (tolerance 1e-07)."
    assert said(check.close, torch.tensor(1e-6), torch.tensor(0.0)) == ""


def test_whole_numbers_are_exact(said):
    assert said(check.close, 2**40 + 1, 2**40) == (
        "demo: expected 1099511627776, your answer is 1099511627777. "
        "It is one too large: do you count from 0 or from 1?"
    )
