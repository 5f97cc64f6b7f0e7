"""Quizzes and labs: answers that are well-formed and right, exchanges that say something."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograde.check.describe import listed
from autograde.check.failure import Problem, settle
from autograde.check.shapes import wrong_kind
from autograde.check.tables import each


def answers(quiz: Any, got: Any) -> None:
    """Every question of the quiz has an answer that is a letter."""
    if not isinstance(got, Mapping):
        settle(wrong_kind(got, "a dict question → letter"))
    blank = [str(name) for name, letter in got.items() if letter in ("", ..., None)]
    if got and len(blank) == len(got):
        settle(Problem("", untouched=True))
    settle(Problem(f"no answer yet to {listed(blank)}.") if blank else None)


def key(got: Any, expected: Mapping[str, str]) -> None:
    """The letters are right; partial credit by question."""
    tidy = {k: v.strip().lower() if isinstance(v, str) else v for k, v in got.items()}
    each(tidy, {k: v.lower() for k, v in expected.items()})


def exchanges(lab: Any, turns: Any, *, at_least: int = 3) -> None:
    """At least `at_least` of the student's turns say something (12 words or more)."""
    if not isinstance(turns, (list, tuple)):
        settle(wrong_kind(turns, "a list of turns"))
    if not turns:
        settle(Problem("", untouched=True))
    good = [turn for turn in turns if isinstance(turn, str) and len(turn.split()) >= 12]
    problem = None
    if len(good) < at_least:
        problem = Problem(f"expected at least {at_least} turns of 12 words or more, your conversation has {len(good)}.")
    settle(problem)
