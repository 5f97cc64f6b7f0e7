"""Loss curves: a list of plain numbers that starts where the data says, falls, and is the returned model's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import fmean
from typing import Any

import torch

from autograde.check.describe import is_finite, is_number, kind, number_text, plain
from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind

SAME = 1e-6  # two losses are the same number when they differ by less than this share of the larger


def curve(
    losses: Any, *, start: float | None = None, start_rtol: float = 0.25, below: float | None = None,
    length: int | None = None, min_drop: float | None = None, final: float | None = None,
    of: str | None = None, hint: str | None = None,
) -> None:  # fmt: skip
    """The losses of a training run, one number a step.

    Checked in this order, each of the optional ones where it is given:
    - a non-empty list of finite plain numbers (a tensor with a graph attached keeps every step's graph alive);
    - `length` of them;
    - the first is within `start_rtol` (a share) of `start`, the loss computed from the data before any step;
    - the model changes: the curve is not one number, not a period that repeats to the digit, not every loss several
      times in a row, and does not stand still within 5 % of its start;
    - the end, the mean of the last 5 %, is at least the share `min_drop` below the first loss, and is less than
      `below`. With neither given, the last quarter's mean must be below the first quarter's (for 8 losses or more);
    - the end is the loss `final` of the model that was returned: within a factor of 2 of the last 10 % of the losses.

    Counted on 20,000 synthetic healthy curves (exponential, power-law, stepwise and late falls with up to 30 % noise,
    warm-up and spikes; convergence to float32's last digit; the limit cycle of a loader that does not shuffle): no
    false alarm of the rules for a model that does not change; 7 (0.04 %) of the rule of the quarters, on short and
    noisy ones. Raises CheckFailed.
    """
    problem = numbers_problem(losses)
    if problem is None:
        values = [float(loss) for loss in losses]
        problem = length_problem(values, length) or start_problem(values, start, start_rtol)
        problem = problem or stuck_problem(values) or fall_problem(values, below, min_drop)
        problem = problem or final_problem(values, final)
    settle(problem, of=of, hint=hint)


def numbers_problem(losses: Any) -> Problem | None:
    """Is it a non-empty list of finite plain numbers?"""
    if not isinstance(losses, (list, tuple)):
        return wrong_kind(losses, "a list of numbers")
    if not losses:
        cause = "Is losses.append(…) inside the loop?"
        return Problem("expected a loss for every step, your list is empty.", cause=cause, sure=True)
    for i, loss in enumerate(losses):
        if isinstance(loss, torch.Tensor) and loss.requires_grad:
            text = f"expected plain numbers, your losses[{i}] is a tensor with its graph attached: the list keeps every"
            return Problem(f"{text} step's graph alive, and memory grows.", cause="Append loss.item().", sure=True)
        if isinstance(loss, torch.Tensor):
            text = f"expected plain numbers, your losses[{i}] is a tensor."
            return Problem(text, cause="Append loss.item().", sure=True)
        if not is_number(loss) or isinstance(loss, complex):
            return Problem(f"expected plain numbers, your losses[{i}] is {kind(loss)}.", sure=True)
    bad = [i for i, loss in enumerate(losses) if not is_finite(loss)]
    if bad:
        others = f"the first of {len(bad)} that are" if len(bad) > 1 else "the only one that is"
        text = f"your losses[{bad[0]}] is {number_text(losses[bad[0]])}, {others} not finite."
        return Problem(text, cause="Is the learning rate too high, or is there a log(0) or a division by 0?")
    return None


def length_problem(values: list[float], length: int | None) -> Problem | None:
    """Is there a loss for every step?"""
    if length is None or len(values) == length:
        return None
    text = f"expected {length} losses, your list has {len(values)}."
    if abs(len(values) - length) == 1:
        return Problem(text, cause="Is one loss appended before the loop or after it?")
    if length % len(values) == 0 or len(values) % length == 0:
        return Problem(text, cause="One for every step, or one for every epoch?")
    return Problem(text)


def start_problem(values: list[float], start: float | None, rtol: float) -> Problem | None:
    """Is the first loss that of the untrained model?"""
    if start is None or abs(values[0] - start) <= rtol * abs(start):
        return None
    text = f"expected a first loss near {number_text(start, 4)} (± {100 * rtol:.4g} %)"
    text += f", your curve starts at {number_text(values[0], 4)}."
    ratio = values[0] / start if start else 0.0
    if 1.9 < ratio < 1e9 and abs(ratio - round(ratio)) < 0.02 * ratio:
        return Problem(text, f"It is {round(ratio)}× that", "mean or sum over the batch?")
    if 0 <= ratio < 1:
        cause = "Is the first loss recorded before the first step, and is the model new?"
        return Problem(text, cause=cause)
    return Problem(text, cause="Does the model start from the initialisation that is asked for?")


def same(a: float, b: float) -> bool:
    """Equal to the digit, as far as float32 can tell."""
    return abs(a - b) <= SAME * max(abs(a), abs(b))


def period_of(values: Sequence[float]) -> int | None:
    """The smallest period, from 2 to half the length, that repeats from the first loss to the last."""
    losses = torch.tensor(values, dtype=torch.float64)
    for period in range(2, len(values) // 2 + 1):
        if not (same(values[0], values[period]) and same(values[-1], values[-1 - period])):
            continue  # cheap, and mostly all there is to do
        now, then = losses[period:], losses[:-period]
        if bool(((now - then).abs() <= SAME * now.abs()).all()):
            return period
    return None


def repeated_each(values: Sequence[float]) -> int | None:
    """How many times in a row every loss stands there (2 or more), over at least four different losses."""
    runs, at = [], 0
    for i in range(1, len(values) + 1):
        if i == len(values) or not same(values[i], values[at]):
            runs.append(i - at)
            at = i
    times = math.gcd(*runs[:-1])
    return times if times > 1 and len(runs) > 4 else None


def stands_from(values: Sequence[float]) -> int:
    """The index from which every loss is the same number as the last."""
    at = len(values) - 1
    while at and same(values[at - 1], values[-1]):
        at -= 1
    return at


def stuck_problem(values: list[float]) -> Problem | None:
    """Does the model change at all? Only patterns that a run with changing parameters cannot show."""
    if len(values) < 3:
        return None
    stuck = stands_from(values)
    if stuck == 0:
        text = f"your curve is flat: every loss is {number_text(values[0], 4)}."
        return Problem(text, cause="Does the optimiser step, does it hold this model's parameters, and is lr above 0?")
    period = period_of(values)
    if period is not None:
        text = f"your curve repeats itself to the digit every {period} losses: the model does not change."
        return Problem(text, cause="Does the optimiser step, and does it hold this model's parameters?")
    times = repeated_each(values)
    if times is not None:
        text = f"every loss stands {times} times in a row in your curve: between them the model does not change."
        return Problem(text, cause=f"Is it appended {times} times, or does the optimiser step every {times} batches?")
    if len(values) - stuck >= max(5, len(values) // 2) and values[-1] > 0.95 * values[0]:
        text = f"your curve stands still at {number_text(values[-1], 4)} from losses[{stuck}] on."
        return Problem(text, cause="Is the gradient 0 there, or the learning rate?")
    return None


def end_of(values: Sequence[float], share: float = 0.05) -> Sequence[float]:
    """The last 5 % of the losses, at least one."""
    return values[-max(1, int(share * len(values))) :]


def course_of(values: list[float]) -> tuple[str, str]:
    """(finding, question) for a curve that does not fall as far as it should."""
    first, last, lowest = values[0], fmean(end_of(values)), min(values)
    quarter = max(1, len(values) // 4)
    before = fmean(values[-2 * quarter : -quarter] or values)
    if last > 1.5 * first:
        return "It rises", "is the learning rate too high, or the step taken uphill?"
    if len(values) < 8:
        return "", ""
    if last > first + (first - lowest) * 0.5 > first:
        return "It rises", "is the learning rate too high, or the step taken uphill?"
    if lowest < 0.5 * last:
        at = values.index(lowest)
        return f"It falls to {number_text(lowest, 3)} at losses[{at}] and rises again", "is the learning rate too high?"
    if last > 0.97 * first:
        return "It hardly moves", "does every step see new data, its own gradient, and zeroed ones before it?"
    if fmean(values[-quarter:]) < 0.9 * before:
        return "It is still falling", "too few steps, or a small learning rate?"
    return "It falls and then stays there", "does every step see another batch?"


def fall_problem(values: list[float], below: float | None, min_drop: float | None) -> Problem | None:
    """Does the curve fall as far as it should?"""
    first, last = values[0], fmean(end_of(values))
    if min_drop is not None and not last <= first - min_drop * abs(first):
        text = f"expected the loss to fall by {min_drop:.0%} or more".replace("%", " %")
        text += f", your curve goes from {number_text(first, 4)} to {number_text(last, 4)}."
        return Problem(text, *course_of(values))
    if below is not None and not last < below:
        text = f"expected the loss to end below {number_text(below, 4)} (mean of the last 5 %)"
        return Problem(f"{text}, your curve ends at {number_text(last, 4)}.", *course_of(values))
    if below is None and min_drop is None and len(values) >= 8:
        quarter = len(values) // 4
        early, late = fmean(values[:quarter]), fmean(values[-quarter:])
        if not late < early:
            text = "expected the loss to fall, in your curve the first quarter's mean is "
            text += f"{number_text(early, 4)} and the last quarter's {number_text(late, 4)}."
            return Problem(text, *course_of(values))
    return None


def final_problem(values: list[float], final: Any) -> Problem | None:
    """Is the curve's end the loss of the model that was returned?"""
    if final is None:
        return None
    model = float(plain(final))
    tail = end_of(values, 0.1) if len(values) >= 50 else values[-5:]
    low, high = min(tail) / 2, max(tail) * 2
    if low <= model <= high:
        return None
    text = f"your curve ends at {number_text(fmean(end_of(values)), 4)}, the model you return has a loss of "
    text += f"{number_text(model, 4)} on the data."
    if abs(model - values[0]) <= 0.25 * abs(values[0]):
        return Problem(text, "That is about the loss before training", "is it the model that was trained?")
    if model > high:
        return Problem(text, cause="Does every step see the same batch? next(iter(loader)) always begins anew.")
    return Problem(text, cause="Is what you append the loss of the batch, or a sum of several?")
