"""Loss curves: what a run with a fault looks like, and that healthy runs pass."""
# ruff: noqa: E501  a message is asserted as the one line that a student reads

from __future__ import annotations

import math
import random

import pytest
import torch
from healthy_curves import KINDS, converged_curve, healthy_curves, unshuffled_curve

from autograde import check
from autograde.check.curves import fall_problem, stuck_problem

GOOD = [2.3 * 0.97**step + 0.1 for step in range(120)]
NOISY = [2.3 + 0.02 * math.sin(7.1 * step) for step in range(100)]
UPHILL = "is the learning rate too high, or the step taken uphill?"
WRONG = [
    (None, {}, "expected a list of numbers, your answer is None. Is there a return?"),
    (torch.tensor(GOOD), {}, "expected a list of numbers, your answer is a tensor of shape (120,). .tolist() makes a list of it."),
    ([], {}, "expected a loss for every step, your list is empty. Is losses.append(…) inside the loop?"),
    ([torch.tensor(2.4, requires_grad=True)], {}, "expected plain numbers, your losses[0] is a tensor with its graph attached: the list keeps every step's graph alive, and memory grows. Append loss.item()."),
    ([2.4, torch.tensor(2.3)], {}, "expected plain numbers, your losses[1] is a tensor. Append loss.item()."),
    ([2.4, "2.3"], {}, "expected plain numbers, your losses[1] is a string."),
    ([2.4, math.nan, 1.0], {}, "your losses[1] is NaN, the only one that is not finite. Is the learning rate too high, or is there a log(0) or a division by 0?"),
    ([2.4, math.inf, math.nan], {}, "your losses[1] is inf, the first of 2 that are not finite. Is the learning rate too high, or is there a log(0) or a division by 0?"),
    (GOOD, {"length": 121}, "expected 121 losses, your list has 120. Is one loss appended before the loop or after it?"),
    (GOOD, {"length": 12}, "expected 12 losses, your list has 120. One for every step, or one for every epoch?"),
    (GOOD, {"length": 100}, "expected 100 losses, your list has 120."),
    (GOOD, {"start": 0.8}, "expected a first loss near 0.8 (± 25 %), your curve starts at 2.4. It is 3× that: mean or sum over the batch?"),
    (GOOD, {"start": 4.8}, "expected a first loss near 4.8 (± 25 %), your curve starts at 2.4. Is the first loss recorded before the first step, and is the model new?"),
    (GOOD, {"start": 1.7, "start_rtol": 0.001}, "expected a first loss near 1.7 (± 0.1 %), your curve starts at 2.4. Does the model start from the initialisation that is asked for?"),
    ([2.3] * 50, {}, "your curve is flat: every loss is 2.3. Does the optimiser step, does it hold this model's parameters, and is lr above 0?"),
    ([2.3, 2.1, 2.4] * 20, {}, "your curve repeats itself to the digit every 3 losses: the model does not change. Does the optimiser step, and does it hold this model's parameters?"),
    ([loss for loss in GOOD for _ in range(4)], {}, "every loss stands 4 times in a row in your curve: between them the model does not change. Is it appended 4 times, or does the optimiser step every 4 batches?"),
    ([2.3 - 0.001 * min(step, 20) for step in range(100)], {}, "your curve stands still at 2.28 from losses[20] on. Is the gradient 0 there, or the learning rate?"),
    (GOOD, {"min_drop": 0.99}, "expected the loss to fall by 99 % or more, your curve goes from 2.4 to 0.1663. It is still falling: too few steps, or a small learning rate?"),
    ([3.0, 2.0, 1.0], {"below": 1}, "expected the loss to end below 1 (mean of the last 5 %), your curve ends at 1.0."),
    (GOOD, {"below": 0.1}, "expected the loss to end below 0.1 (mean of the last 5 %), your curve ends at 0.1663. It is still falling: too few steps, or a small learning rate?"),
    ([*GOOD, *[0.16 + 0.01 * math.sin(k) for k in range(400)]], {"below": 0.1}, "expected the loss to end below 0.1 (mean of the last 5 %), your curve ends at 0.16. It falls and then stays there: does every step see another batch?"),
    (NOISY, {"below": 1}, "expected the loss to end below 1 (mean of the last 5 %), your curve ends at 2.294. It hardly moves: does every step see new data, its own gradient, and zeroed ones before it?"),
    ([*GOOD, *GOOD[::-1]], {"min_drop": 0.5}, "expected the loss to fall by 50 % or more, your curve goes from 2.4 to 2.056. It falls to 0.161 at losses[119] and rises again: is the learning rate too high?"),
    (GOOD[::-1], {}, f"expected the loss to fall, in your curve the first quarter's mean is 0.1987 and the last quarter's 1.631. It rises: {UPHILL}"),
    ([1.0, 5.0, 80.0], {"below": 0.5}, f"expected the loss to end below 0.5 (mean of the last 5 %), your curve ends at 80.0. It rises: {UPHILL}"),
    (GOOD, {"final": 2.3}, "your curve ends at 0.1663, the model you return has a loss of 2.3 on the data. That is about the loss before training: is it the model that was trained?"),
    (GOOD, {"final": 0.9}, "your curve ends at 0.1663, the model you return has a loss of 0.9 on the data. Does every step see the same batch? next(iter(loader)) always begins anew."),
    (GOOD, {"final": torch.tensor(0.02)}, "your curve ends at 0.1663, the model you return has a loss of 0.02 on the data. Is what you append the loss of the batch, or a sum of several?"),
]  # fmt: skip


@pytest.mark.parametrize(("losses", "asked", "told"), WRONG, ids=range(len(WRONG)))
def test_a_faulty_curve_is_told_what_it_looks_like(said, losses, asked, told):
    assert said(check.curve, losses, **asked) == f"demo: {told}"


def test_a_good_curve_passes_with_every_demand(said):
    assert said(check.curve, GOOD, start=2.3, below=0.2, length=120, min_drop=0.9, final=0.15) == ""
    assert said(check.curve, tuple(GOOD), final=torch.tensor(0.2, requires_grad=True)) == ""
    assert said(check.curve, [3]) == "" == said(check.curve, [3, 2.5])


def test_numpy_numbers_are_plain_numbers(said):
    numpy = pytest.importorskip("numpy")
    assert said(check.curve, list(numpy.array(GOOD, dtype=numpy.float32)), below=0.2) == ""


def test_a_hint_takes_the_place_of_the_question(said):
    assert said(check.curve, GOOD[::-1], hint="Is the sign of the step right?").endswith(
        "It rises. Is the sign of the step right?"
    )
    assert said(check.curve, [torch.tensor(2.4)], hint="Is the sign right?").endswith("Append loss.item().")


def test_an_untouched_curve_is_not_attempted():
    with pytest.raises(check.NotAttempted):
        check.curve(...)


@pytest.mark.parametrize("seed", range(2))
def test_healthy_curves_raise_no_false_alarm(seed):
    alarms = []
    for losses in healthy_curves(800, seed):
        problem = stuck_problem(losses) or fall_problem(losses, None, None)
        alarms += [problem.text] if problem else []
    assert len(alarms) <= 1, alarms  # counted on 20,000: 7


def test_converged_and_unshuffled_runs_are_healthy(said):
    dice = random.Random(3)
    for _ in range(50):
        assert said(check.curve, converged_curve(dice)) == "" == said(check.curve, unshuffled_curve(dice))
    assert len(KINDS) == 8


def faulty(losses, fault):
    """The curve of the same run with a fault in its loop."""
    if fault == "never steps":
        batches = losses[: max(2, len(losses) // 7)]
        return (batches * 8)[: len(losses)]
    if fault == "steps every third batch":
        return [losses[i - i % 3] for i in range(len(losses))]
    if fault == "uphill":
        return losses[::-1]
    return [losses[0]] * len(losses)


@pytest.mark.parametrize("fault", ["never steps", "steps every third batch", "uphill", "flat"])
def test_the_same_curves_with_a_fault_in_the_loop_are_caught(fault):
    curves = [losses for losses in healthy_curves(240, 5) if len(losses) >= 40]
    missed = 0
    for losses in curves:
        broken = faulty(losses, fault)
        missed += (stuck_problem(broken) or fall_problem(broken, None, None)) is None
    assert missed <= 0.01 * len(curves)


def test_a_loss_beyond_the_range_of_floats_is_not_finite(said):
    assert said(check.curve, [10**400, 1.0, 0.5]).startswith("demo: your losses[0] is 1000")
