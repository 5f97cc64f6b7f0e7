"""A second call, gradients that arrive, errors that are due."""
# ruff: noqa: E501  a message is asserted as the one line that a student reads

from __future__ import annotations

import warnings

import pytest
import torch
from torch import nn

from autograde import check


def test_a_second_call_that_gives_the_same_passes(said):
    assert said(check.repeatable, torch.tanh, torch.ones(3)) == ""
    assert said(check.repeatable, lambda: {"a": [1, torch.ones(2)]}) == ""


def test_a_second_call_that_doubles_was_not_cleared(said):
    w = torch.ones(3, requires_grad=True)

    def grad_of_sum(w):
        w.sum().backward()
        return w.grad

    told = "demo: your second call gives twice what the first gave. Is something not cleared between the calls?"
    assert said(check.repeatable, grad_of_sum, w, hint="Is it the sum?") == told
    count = [0]

    def counted():
        count[0] += 4
        return count[0]

    assert said(check.repeatable, counted) == told


def test_a_call_that_changes_its_argument_is_told_so(said):
    assert said(check.repeatable, lambda n, x: x.add_(1), 3, torch.ones(3)) == (
        "demo: your second call is 1.5× the first everywhere. The first call changes its argument 2: "
        "is something inside written with += or an operation that ends in _?"
    )


def test_a_second_call_that_gives_something_else_draws_or_keeps(said):
    calls = []
    told = said(check.repeatable, lambda: calls.append(1) or 12.5 * len(calls) ** 3)
    assert told == (
        "demo: expected 12.5, your second call is 100.0 (tolerance 1.6e-05). "
        "Does it draw random numbers, or keep something from call to call?"
    )


def net():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))


X = torch.ones(4, 2)


def test_a_gradient_that_reaches_every_parameter_passes_and_leaves_no_trace(said):
    model = net()
    model[0].weight.grad = torch.ones(3, 2)
    loss = model(X).sum()
    assert said(check.reaches, loss, model) == ""
    assert torch.equal(model[0].weight.grad, torch.ones(3, 2)) and model[0].bias.grad is None
    assert said(check.reaches, loss, list(model.parameters())) == ""  # the graph is still there


def test_parameters_that_are_not_reached_are_named(said):
    model = net()
    loss = model[2](model[0](X).tanh().detach()).sum()
    assert said(check.reaches, loss, model) == (
        "demo: expected a gradient in each of 4 parameters, none reaches 0.weight and 0.bias. "
        "Is its layer used in forward, and nothing detached?"
    )
    assert said(check.reaches, loss, {"w": model[0].weight}, hint="Is it the detach()?") == (
        "demo: expected a gradient, none reaches w. Is it the detach()?"
    )
    assert said(check.reaches, loss, [("w", model[0].weight), ("b", model[2].bias)]).startswith(
        "demo: expected a gradient in each of 2 parameters, none reaches w."
    )


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        (lambda m: m(X), "expected shape (), your loss has (4, 1). One number is expected, without axes: is a sum or mean missing?"),
        (lambda m: m(X).sum().item(), "expected a tensor, your answer is -1.58476 (a float). Is an .item() too much?"),
        (lambda m: m(X).sum().detach(), "no gradient can flow back from your loss. Is something on the way detached (detach, .item(), .data, torch.tensor(…), no_grad)?"),
        (lambda m: m(X).sum() * 0, "expected a gradient in each of 4 parameters, it is 0 everywhere in 0.weight, 0.bias, 2.weight and 2.bias. Is it multiplied by 0, or every relu dead?"),
        (lambda m: m(X).sum() / 0, "expected a gradient in each of 4 parameters, it is NaN or inf in 0.weight, 0.bias, 2.weight and 2.bias. Is the loss itself finite?"),
        (lambda m: None, "expected a tensor, your answer is None. Is there a return?"),
    ],
    ids=range(6),
)  # fmt: skip
def test_a_loss_from_which_nothing_flows_is_told_apart(said, loss, told):
    model = net()
    assert said(check.reaches, loss(model), model) == f"demo: {told}"


def test_frozen_parameters_and_modules_without_any_are_told_apart(said):
    model = net()
    model[0].requires_grad_(False)
    assert said(check.reaches, model(X).sum(), model) == (
        "demo: expected a gradient in each of 4 parameters, requires_grad is False for 0.weight and 0.bias. "
        "Is it frozen on purpose?"
    )
    assert said(check.reaches, model(X).sum(), nn.Tanh()) == (
        "demo: expected parameters to train, your module has none. "
        "Is every layer an attribute of the module (self.layer = …), set after super().__init__()?"
    )


def test_a_tensor_inside_the_graph_can_be_asked_for_and_nothing_warns(said):
    x = torch.ones(3, requires_grad=True)
    hidden = x * 2
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(check.reaches, hidden.sum(), {"hidden": hidden}) == ""
        with check.unchanged(hidden):
            pass


def test_a_sparse_gradient_reaches_too(said):
    table = nn.Embedding(5, 2, sparse=True)
    assert said(check.reaches, table(torch.tensor([1, 2])).sum(), table) == ""


class FromElsewhere(Exception):
    """What a judge raises for an error in another process."""

    __student_types__ = ("ValueError", "Exception")


def first_of_none():
    nothing = []
    return nothing[0]


def raising(error):
    def fn():
        raise error

    return fn


def test_an_error_that_is_due_passes_by_class_or_by_name(said):
    assert said(check.raises, ValueError, raising(ValueError("no"))) == ""
    assert said(check.raises, (TypeError, ValueError), raising(ValueError("no"))) == ""
    assert said(check.raises, LookupError, first_of_none) == ""
    assert said(check.raises, ValueError, raising(FromElsewhere("no"))) == ""


def test_no_error_and_another_error_are_told_apart(said):
    assert said(check.raises, ValueError, lambda: torch.zeros(2, 2)) == (
        "demo: expected a ValueError, your function returns a tensor of shape (2, 2). Is there a raise?"
    )
    assert said(check.raises, (TypeError, ValueError), first_of_none) == (
        "demo: expected a TypeError or a ValueError, your function raises an IndexError: list index out of range."
    )
    assert said(check.raises, TypeError, raising(FromElsewhere(""))) == (
        "demo: expected a TypeError, your function raises a ValueError."
    )


def test_an_untouched_function_does_not_count_as_an_error():
    with pytest.raises(check.NotAttempted):
        check.raises(Exception, raising(check.NotAttempted("demo")))


def test_a_numpy_number_is_no_loss(said):
    numpy = pytest.importorskip("numpy")
    message = said(check.reaches, numpy.array(2.0), torch.nn.Linear(2, 2))
    assert message == "demo: expected a tensor, your answer is a numpy array of shape ()."
