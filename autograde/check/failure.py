"""How a check fails: a problem found, worded, recorded, raised, and shown in a notebook as one message.

A check looks for a `Problem` and hands it to `settle`. The message is: what was checked, expected, got, where,
tolerance, and then at most one likely cause. The cause is the first of:

1. the hint of the known wrong answer (`suspects`) that the student's answer equals;
2. the problem's own cause, where the evidence names it (`sure`: None was returned; the factor is the batch size);
3. the author's `hint`;
4. the problem's own guess.

The evidence itself ("The last two axes are swapped.") is part of the problem's text and is always shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograde.check.session import active


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer. `text`: full sentences; `cause`: a question; `sure`: the evidence names the cause."""

    text: str
    cause: str = ""
    sure: bool = False
    untouched: bool = False  # the answer is still the hole of the release


class CheckFailed(AssertionError):
    """An answer is wrong. str(error) is the message; IPython shows it as one line and no traceback."""

    status = "failed"

    def __init__(self, message: str = "the answer is not right") -> None:
        super().__init__(message)
        active().stop(self.status, message)

    def _render_traceback_(self) -> list[str]:
        return [f"✗ {self}"]


class NotAttempted(CheckFailed):
    """Raised by an untouched exercise: `raise check.NotAttempted("split_heads")`."""

    status = "not_attempted"

    def __init__(self, name: str = "") -> None:
        cell = active().cell
        asked = cell.exercise if cell is not None else ""
        exercise = name or asked or "this exercise"
        text = f"{exercise}: not attempted yet. Write your answer in the cell that begins with"
        text += f" “# exercise: {exercise}”, run it, then run this cell again."
        if asked and exercise != asked:
            text = f"{asked}: it uses {exercise}, which is not attempted yet. Write {exercise} first, then run this again."
        super().__init__(text)


def head(of: str | None = None) -> str:
    """How a message begins: "accumulated_grad, batches of different sizes: "."""
    cell = active().cell
    parts = [text for text in (cell.exercise if cell else None, of) if text]
    return ", ".join(parts) + ": " if parts else ""


def settle(problem: Problem | None, *, of: str | None = None, hint: str | None = None, suspect: str | None = None) -> None:
    """Count a check without a problem; raise CheckFailed or NotAttempted for a problem.

    suspect: the hint of the known wrong answer that the student's answer equals, or None.
    """
    if problem is None:
        active().count()
        return
    if problem.untouched:
        raise NotAttempted()
    raise CheckFailed(head(of) + with_cause(problem, hint, suspect))


def with_cause(problem: Problem, hint: str | None, suspect: str | None = None) -> str:
    """The problem's text and its one likely cause, chosen as the head of this file says."""
    cause = suspect or (problem.cause if problem.sure else "") or hint or problem.cause
    return f"{problem.text} {cause}" if cause else problem.text


Suspects = Mapping[str, Any] | None
