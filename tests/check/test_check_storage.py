"""What is changed in place, and what is shared."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from autograde import check

CHANGED = "Is there a +=, an assignment x[…] = …, or an operation that ends in _ on it?"


def block(*watched, change, **options):
    def run():
        with check.unchanged(*watched, **options):
            change()

    return run


def test_a_block_that_changes_nothing_passes(said):
    x = torch.tensor([1.0, float("nan")], requires_grad=True)
    x.grad = torch.ones(2)
    assert said(block(x, change=lambda: x + 1)) == ""


def test_a_changed_argument_is_named(said):
    x, y = torch.zeros(3), torch.zeros(3)
    assert said(block(x, change=lambda: x.add_(1))) == (
        f"demo: expected its argument to stay as it was, your code changes it. {CHANGED}"
    )
    assert said(block(x, y, change=lambda: y.add_(1), of="two tensors", hint="Which one is the buffer?")) == (
        "demo, two tensors: expected argument 2 to stay as it was, your code changes it. Which one is the buffer?"
    )
    assert said(block([x, y], change=lambda: y.add_(1))).startswith("demo: expected its argument[1] to stay ")
    assert said(block({"w": y}, change=lambda: y.resize_(2))).startswith("demo: expected its argument['w'] to stay ")


def test_a_models_parameters_and_buffers_are_watched(said):
    model = nn.BatchNorm1d(2)
    told = said(block(model, change=lambda: model(torch.randn(4, 2))))
    assert told == f"demo: expected the model's running_mean to stay as it was, your code changes it. {CHANGED}"
    assert said(block(model.eval(), change=lambda: model(torch.randn(4, 2)))) == ""


def test_a_changed_gradient_is_told_apart(said):
    w = torch.ones(3, requires_grad=True)
    assert said(block(w, change=lambda: w.sum().backward())) == (
        "demo: expected the .grad of its argument to stay as it was, your code changes it. "
        "Does something call backward(), where torch.autograd.grad or a detach() is meant?"
    )


def test_an_error_inside_the_block_goes_its_way():
    x = torch.zeros(3)
    with pytest.raises(ZeroDivisionError):
        with check.unchanged(x):
            x.add_(1 // 0)


def test_a_function_must_write_into_the_tensor_itself(said):
    x = torch.zeros(3)
    assert said(check.changes_in_place, lambda x, by: x.add_(by), x, 2) == "" and x.sum() == 6
    assert said(check.changes_in_place, lambda x: x + 1, x) == (
        "demo: expected the tensor itself to change, your function leaves it as it was: "
        "x = x + 1 makes a new tensor; x += 1, x.add_(1) and x[…] = … write into the one you were given."
    )


def test_memory_is_told_apart_without_an_address(said):
    for x in (torch.zeros(0, 3), torch.zeros(2, 3, device="meta")):
        assert said(check.shares_storage, x.T, x) == "" != said(check.own_storage, x.T, x)
        assert (
            said(check.own_storage, torch.empty_like(x), x) == "" != said(check.shares_storage, torch.empty_like(x), x)
        )


def test_a_view_shares_memory_and_a_copy_does_not(said):
    x = torch.zeros(2, 3)
    assert said(check.shares_storage, x.T, x) == "" == said(check.own_storage, x.clone(), x)
    assert said(check.shares_storage, x.T.reshape(6), x) == (
        "demo: expected a view of the same memory, your answer is a copy. "
        "Which step copies: reshape, contiguous, clone, an index list or a mask?"
    )
    assert said(check.own_storage, x[1], x) == (
        "demo: expected a copy with memory of its own, your answer shares memory. "
        "A slice, transpose, view or detach shares memory; clone() copies."
    )
    for word in (check.shares_storage, check.own_storage):
        assert said(word, None, x) == "demo: expected a tensor, your answer is None. Is there a return?"


def test_a_sparse_gradient_is_watched_like_any_other(said):
    table = torch.nn.Embedding(4, 2, sparse=True)
    table(torch.tensor([1])).sum().backward()
    with check.unchanged(table):
        pass

    def again() -> None:
        with check.unchanged(table):
            table(torch.tensor([1])).sum().backward()

    assert said(again).startswith("demo: expected the .grad of the model's weight to stay as it was")


def test_a_sparse_answer_shares_no_memory(said):
    base = torch.eye(2)
    assert said(check.own_storage, base.to_sparse(), base) == ""
    assert said(check.shares_storage, base.to_sparse(), base).startswith("demo: expected a view of the same memory")
