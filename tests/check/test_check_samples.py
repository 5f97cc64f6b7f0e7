"""Random inputs: shapes by name, the same in every run, untouched by the student's draws."""

from __future__ import annotations

import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde import check


def test_each_tuple_has_one_random_shape(session):
    drawn = list(check.samples(3, "b t 8"))
    assert len(drawn) == 5 and all(len(tensors) == 3 for tensors in drawn)
    for q, k, v in drawn:
        assert q.shape == k.shape == v.shape and q.dim() == 3 and q.shape[2] == 8
        assert not torch.equal(q, k) and q.dtype == torch.float32 and not q.requires_grad


def test_samples_are_the_same_in_every_run_and_differ_from_cell_to_cell():
    def shapes(name):
        check.begin(name)
        return [(x.shape, x.sum().item()) for (x,) in check.samples(1, "b t")]

    assert shapes("demo") == shapes("demo") != shapes("other")


def test_the_students_draws_do_not_change_the_samples():
    check.begin("demo")
    first = [x for (x,) in check.samples(1, "b t")]
    check.begin("demo")
    second = []
    for (x,) in check.samples(1, "b t"):
        torch.rand(3), random.random()
        torch.manual_seed(0)
        second.append(x)
    assert all(map(torch.equal, first, second))


def test_the_shapes_are_those_of_every_python_and_torch():
    with check.using(check.Session("measure-first", "")):
        check.begin("demo")
        assert [tuple(x.shape) for (x,) in check.samples(1, "b t d", n=3)] == SHAPES
        assert check.partition(37, into=5) == PARTS


SHAPES = [(2, 1, 3), (4, 6, 2), (2, 6, 5)]
PARTS = [9, 5, 1, 3, 19]


@given(
    axes=st.lists(st.sampled_from(["a", "b", "c", "d", "2", "9"]), max_size=5).map(" ".join),
    low=st.integers(1, 3),
    high=st.integers(7, 9),
    n=st.integers(1, 5),
)
@settings(max_examples=100, deadline=None)
def test_samples_are_distinct(axes, low, high, n):
    names = axes.split()
    with check.using(check.Session("s", "")):
        shapes = [tuple(x.shape) for (x,) in check.samples(1, axes, n=n, low=low, high=high)]
    free = {name for name in names if not name.isdigit()}
    for shape in shapes:
        sizes = dict(zip(names, shape, strict=True))
        assert all(sizes[name] == size for name, size in zip(names, shape, strict=True))
        assert all(size == int(name) for name, size in sizes.items() if name.isdigit())
        assert all(low <= sizes[name] <= high for name in free)
        assert len({sizes[name] for name in {*free, *(n for n in names if n.isdigit())}}) == len(sizes)
    if free:
        assert len(set(shapes)) == len(shapes)


def test_axes_may_share_a_size_where_that_is_asked_for():
    shapes = [tuple(x.shape) for (x,) in check.samples(1, "a b c", n=50, low=1, high=2, distinct=False)]
    assert (1, 1, 1) in shapes and (2, 1, 2) in shapes


@pytest.mark.parametrize(
    "dtype", [torch.float16, torch.bfloat16, torch.float64, torch.int64, torch.bool, torch.complex64]
)
def test_samples_come_in_any_dtype(dtype):
    (x,) = next(check.samples(1, "9 9", dtype=dtype))
    assert x.dtype == dtype and x.shape == (9, 9) and x.unique().numel() > 1 if dtype != torch.complex64 else True
    if dtype == torch.int64:
        assert x.min() >= 0 and x.max() <= 9


def test_samples_can_be_leaves_of_a_graph():
    assert all(x.requires_grad and x.is_leaf for (x,) in check.samples(1, "b", requires_grad=True))


def test_an_author_is_told_when_there_are_not_enough_sizes():
    with pytest.raises(
        ValueError, match="not enough sizes from 1 to 2 for the axes 'a b c': raise high, or distinct=F"
    ):
        check.samples(1, "a b c", high=2)


@given(total=st.integers(1, 200), data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_partition_has_positive_parts_that_sum_to_the_total(total, data):
    into = data.draw(st.integers(1, total))
    parts = check.partition(total, into)
    assert len(parts) == into and sum(parts) == total and min(parts) >= 1


@pytest.mark.parametrize(("total", "into"), [(3, 4), (3, 0), (0, 0)])
def test_a_partition_that_cannot_be_is_an_authors_error(total, into):
    with pytest.raises(ValueError, match=f"cannot cut {total} into {into} positive parts"):
        check.partition(total, into)
