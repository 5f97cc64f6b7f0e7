"""How a check fails: a problem is found, worded, recorded, raised, and shown in a notebook as one message.

A check looks for a `Problem` and hands it to `settle`. The message says what was checked, expected, got, where and the
tolerance (`text`), what the wrong answer looks like (`finding`), and then at most one likely cause, the first of:

1. the hint of the known wrong answer (`suspects`) that the student's answer equals;
2. the problem's own cause, where the evidence names it (`sure`): the factor is the batch size, None was returned;
3. the author's `hint`;
4. the problem's own guess.

So an author's hint takes the place of a guess and never of evidence, and a student reads one cause, not three.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from autograde.check.session import active

Suspects = Mapping[str, Any] | None  # hint → the wrong value that it explains


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer.

    text: full sentences. finding: a sentence without its full stop. cause: a question; like a hint, it follows after a
    colon where it begins with a small letter. sure: the evidence names this cause, no author's hint fits better.
    """

    text: str
    finding: str = ""
    cause: str = ""
    sure: bool = False
    wanted: str = ""  # for a wrong kind of object: the right kind ("a number")
    factor: float | None = None  # the answer is this multiple of what is expected
    untouched: bool = False  # the answer is still the hole of the release


class CheckFailed(AssertionError):
    """An answer is wrong. str(error) is the message; IPython shows it as one line, without a traceback.

    Raising it is what records the open test cell as failed (see Session.stop).
    """

    status = "failed"

    def __init__(self, message: str = "the answer is not right") -> None:
        super().__init__(message)
        active().stop(self.status, message)

    def _render_traceback_(self) -> list[str]:
        """What IPython (7.34 to 9) shows in place of a traceback."""
        return [f"✗ {self}"]


class NotAttempted(CheckFailed):
    """Raised by an untouched exercise: `raise check.NotAttempted("split_heads")`."""

    status = "not_attempted"

    def __init__(self, name: str = "") -> None:
        cell = active().cell
        asked = cell.exercise if cell is not None else ""
        exercise = name or asked or "this exercise"
        if asked and exercise != asked:
            super().__init__(f"{asked}: it uses {exercise}, which is not attempted yet. Write {exercise} first.")
            return
        super().__init__(
            f"{exercise}: not attempted yet. Write your answer in the cell that begins with “# exercise: {exercise}”, "
            "run it, then run this cell again."
        )


def head(of: str | None = None) -> str:
    """How a message begins: "accumulated_grad, batches of different sizes: "."""
    cell = active().cell
    parts = [text for text in (cell.exercise if cell else None, of) if text]
    return ", ".join(parts) + ": " if parts else ""


def settle(
    problem: Problem | None, *, of: str | None = None, hint: str | None = None, suspect: str | None = None
) -> None:
    """Count a check that found no problem; raise CheckFailed or NotAttempted for one that did.

    suspect: the hint of the known wrong answer that the student's answer equals, or None.
    """
    if problem is None:
        active().count()
        return
    if problem.untouched:
        raise NotAttempted()
    raise CheckFailed(head(of) + worded(problem, hint, suspect))


def worded(problem: Problem, hint: str | None = None, suspect: str | None = None) -> str:
    """The problem's text, its finding, and its one likely cause, chosen as the head of this file says."""
    told = suspect or ("" if problem.sure and problem.cause else hint) or problem.cause
    seen = f"{problem.text} {problem.finding}." if problem.finding else problem.text
    if told[:1].islower():  # half a sentence: it goes on where the evidence ended
        return f"{seen.removesuffix('.')}: {told}"
    return f"{seen} {told}".strip()
