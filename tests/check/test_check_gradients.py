"""Gradients against a reference, a reference function and central differences."""
# ruff: noqa: E501  a message is asserted as the one line that a student reads

from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde import check
from autograde.check.gradients import central_differences

G = torch.tensor([0.3, -1.5, 0.6, 2.0])
DETACHED = "Is the result detached from the graph (detach, .item(), .data, torch.tensor(…), no_grad)?"
SCALE = "The direction is right, the scale is not: mean or sum, or a factor missing?"
WRONG = [
    (10 * G, "your gradient is 10× the reference everywhere. 10 is the batch size: mean or sum?"),
    (G / 10, "your gradient is 1/10 of the reference everywhere. 10 is the batch size: mean or sum?"),
    (2 * G, "your gradient is 2× the reference everywhere. Was something in .grad already, or is backward() called twice?"),
    (-G, "your gradient is minus the reference everywhere. Is a difference the wrong way round, or a minus missing?"),
    (-10 * G, "your gradient is −10× the reference everywhere. 10 is the batch size: mean or sum?"),
    (0.37 * G, f"your gradient is 0.37× the reference everywhere. {SCALE}"),
    (G / G.norm(), "your gradient is 0.3863× the reference everywhere. Its norm is 1: is it normalised or clipped?"),
    (0 * G, "your gradient is 0 everywhere. Is the result detached from the graph, or .grad zeroed after backward()?"),
    (None, f"expected a gradient, your gradient is None. {DETACHED}"),
    (G[:, None], "expected shape (4,), your gradient has (4, 1). There is an extra axis of size 1 at the end: keepdim=True or unsqueeze too much?"),
    (G.double(), "expected dtype float32, your gradient has float64. NumPy arrays and dtype=float are float64: is a .float() missing?"),
    (G + torch.tensor([0, 0.31, 0, 0]), "your gradient differs from the reference in 1 of 4 places (largest 0.31 at [1], tolerance 1.2e-05)."),
    (G / 0, "your gradient has inf in 4 of 4 places, first at [0]; the reference has none there. Is there a division by 0, a log(0), or the exp of a large number?"),
    (3.0, "expected a tensor, your answer is 3.0 (a float). Is an .item() too much?"),
]  # fmt: skip


@pytest.mark.parametrize(("got", "told"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_gradient_is_told_what_it_looks_like(said, got, told):
    assert said(check.gradient, got, G, batch=10) == f"demo: {told}"


def test_a_right_gradient_passes_and_an_untouched_one_is_not_attempted(said):
    assert said(check.gradient, G.clone(), G, batch=10) == ""
    assert said(check.gradient, None, 0 * G) == ""
    with pytest.raises(check.NotAttempted):
        check.gradient(..., G)


def test_the_batch_size_is_named_only_where_it_is_the_factor(said):
    assert said(check.gradient, 10 * G, G) == f"demo: your gradient is 10× the reference everywhere. {SCALE}"
    assert said(check.gradient, 10 * G, G, batch=5) == f"demo: your gradient is 10× the reference everywhere. {SCALE}"
    assert said(check.gradient, 2 * G, G, batch=2).endswith("2 is the batch size: mean or sum?")


def test_evidence_wins_over_a_hint_and_a_suspect_over_both(said):
    hint, suspects = "Is there something in .grad?", {"Ten times: do you know why?": 10 * G}
    assert said(check.gradient, 10 * G, G, batch=10, hint=hint).endswith("mean or sum?")
    assert said(check.gradient, 2 * G, G, batch=10, hint=hint).endswith(hint)
    assert said(check.gradient, 10 * G, G, batch=10, hint=hint, suspects=suspects) == (
        "demo: your gradient is 10× the reference everywhere. Ten times: do you know why?"
    )


Q, K = torch.randn(2, 3), torch.randn(3, 4)


def product(q, k):
    return torch.tanh(q @ k)


class WrongBackward(torch.autograd.Function):
    """x³ with the gradient of x²."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x**3

    @staticmethod
    def backward(ctx, out):
        (x,) = ctx.saved_tensors
        return 2 * x * out


def test_gradients_of_a_right_function_agree_with_central_differences(said):
    assert said(check.gradients, product, (Q, K)) == ""
    assert said(check.gradients, lambda x, i: x[i].exp(), (torch.randn(4), torch.tensor([0, 0, 2]))) == ""
    assert said(check.gradients, lambda x: (x**2).sum(), (torch.tensor(3.0),)) == ""


def test_gradients_of_a_wrong_backward_are_found_by_central_differences(said):
    x = torch.tensor([1.0, 2.0, 3.0])
    told = said(check.gradients, WrongBackward.apply, (x,))
    assert told.startswith("demo: your gradient for ")
    assert " differs from the central differences in 3 of 3 places (largest " in told


def test_gradients_name_the_argument(said):
    def half_detached(query, key):
        return query.detach() @ key

    assert said(check.gradients, half_detached, (Q, K)) == (
        f"demo: expected a gradient, your gradient for query is None. {DETACHED}"
    )
    assert said(check.gradients, lambda *args: 2 * args[0] @ args[1], (Q, K), torch.matmul) == (
        "demo: your gradient for argument 1 is 2× the reference everywhere. "
        "Was something in .grad already, or is backward() called twice?"
    )


def test_gradients_of_a_result_without_a_graph(said):
    assert said(check.gradients, lambda q, k: product(q, k).detach(), (Q, K)) == (
        f"demo: no gradient can flow back through your answer. {DETACHED}"
    )
    assert said(check.gradients, lambda q, k: None, (Q, K)) == (
        "demo: expected a tensor, your answer is None. Is there a return?"
    )
    assert said(check.gradients, lambda q, k: product(q, k).float(), (Q, K)) == (
        "demo: given float64 inputs, expected a float64 result, your answer has float32. "
        "Is .float() or dtype=torch.float32 written inside?"
    )
    assert said(check.gradients, lambda q, k: product(q, k) + torch.rand(()), (Q, K)) == (
        "demo: two calls with the same inputs give different results. "
        "Is something random inside, or kept from call to call?"
    )
    assert said(check.gradients, lambda q, k: product(q, k).sum(), (Q, K), product) == (
        "demo: expected shape (2, 4), your answer has (). "
        "Everything is reduced to one number: is a dim=… missing in the sum or mean?"
    )


def test_gradients_know_the_batch_size_and_suspects(said):
    x = torch.randn(6)

    def total(x):
        return (x**2).sum()

    assert said(check.gradients, total, (x,), lambda x: (x**2).mean(), batch=6) == (
        "demo: your gradient for x is 6× the reference everywhere. 6 is the batch size: mean or sum?"
    )
    told = said(
        check.gradients, lambda x: x.abs().sum(), (x,), total, suspects={"Is it squared?": lambda x: x.abs().sum()}
    )
    assert told.endswith(" Is it squared?")


def test_inputs_are_neither_changed_nor_given_a_gradient():
    q = Q.clone().requires_grad_()
    with check.unchanged(q):
        check.gradients(product, (q, K))
    assert q.grad is None


def test_the_students_draws_do_not_change_the_cotangent():
    def told(draws):
        check.begin("demo")
        torch.rand(draws)
        with pytest.raises(check.CheckFailed) as failed:
            check.gradients(lambda q, k: product(q, k) + q.sum(), (Q, K), product)
        return str(failed.value)

    assert told(0) == told(7)


def test_a_students_own_error_is_raised_as_it_is():
    with pytest.raises(ZeroDivisionError):
        check.gradients(lambda x: x / (1 // 0), (Q,))


def test_an_author_is_told_what_cannot_be_differenced():
    with pytest.raises(ValueError, match="gradients needs at least one floating-point input"):
        check.gradients(product, (torch.tensor([1]),))
    with pytest.raises(ValueError, match="more than 1000 entries to difference"):
        check.gradients(lambda x: x, (torch.zeros(1001),))
    check.gradients(lambda x: 2 * x, (torch.zeros(1001),), lambda x: x + x)


@given(values=st.lists(st.floats(-50, 50), min_size=1, max_size=5))
@settings(max_examples=50, deadline=None)
def test_central_differences_of_a_polynomial_are_its_derivative(values):
    x = torch.tensor(values, dtype=torch.float64)
    (found,) = central_differences(lambda x: x**3 - 2 * x, (x,), torch.ones_like(x))
    assert torch.allclose(found, 3 * x**2 - 2, rtol=1e-6, atol=1e-7)
