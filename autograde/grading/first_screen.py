"""What a feedback page says before the notebook: the table of outcomes, the score as it stands, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from nbformat import NotebookNode

from autograde.grading.cells import grade_id, kind_of, ours, title_of
from autograde.grading.hiding import scrub
from autograde.grading.outcomes import STATUSES, attached_to
from autograde.grading.repairs import doubt_of
from autograde.grading.sheets import is_test
from autograde.grading.words import LABELS, SYMBOLS, duration, number, points_text

# What a student can mend, most telling first: an answer that is nearly right, or wrong, teaches more than an empty one.
MENDABLE = (("partly", "failed", "out_of_memory", "timeout", "crashed"), ("not_attempted",), ("skipped", "tampered"))
NO_RESPONSE = "No response."  # nbgrader's own comment on an answer that was not touched


def rows(nb: NotebookNode, secret: set[str]) -> list[dict[str, Any]]:
    """The table of outcomes: a row for each check and each written answer, in the notebook's order."""
    return [_row(cell, secret) for cell in nb.cells if kind_of(cell) in ("check", "written") and grade_id(cell)]


def _row(cell: NotebookNode, secret: set[str]) -> dict[str, Any]:
    theirs, about, outcome = cell.metadata["nbgrader"], ours(cell), attached_to(cell)
    status = "written" if outcome is None else outcome.status
    test = outcome.sheet if outcome is not None and is_test(outcome.sheet) else None
    score, waiting, by_hand = float(theirs.get("score") or 0.0), bool(about.get("waiting")), bool(about.get("by_hand"))
    points, comment = float(theirs["points"]), str(theirs.get("comment") or "")
    message = outcome.message if outcome is not None else _of_written(waiting, by_hand or bool(score), points, comment)
    if status == "passed":
        message = message.removeprefix(f"{title_of(cell)}: ")
    if waiting and doubt_of(cell):
        message = f"{message} {doubt_of(cell)}".strip()
    return {
        "anchor": grade_id(cell),
        "title": title_of(cell),
        "status": status,
        "label": LABELS[status],
        "symbol": SYMBOLS[status],
        "message": scrub(message, secret),
        "comment": "" if comment == NO_RESPONSE else comment,
        "waiting": waiting,
        "by_hand": by_hand,
        "points": points_text(score, points) if points or outcome is not None else "–",
        "open": max(0.0, points - score) if waiting else 0.0,
        "each": number(points / test["of"]) if test and test["of"] else "",
        "test": test,
    }


def _of_written(waiting: bool, graded: bool, points: float, comment: str) -> str:
    if waiting:
        return "A person reads this answer."
    if not points and comment != NO_RESPONSE:
        return "No machine reads this answer."
    return "" if graded else "No answer."


def total(found: dict[str, Any], table: Sequence[dict[str, Any]], late: float = 0.0) -> dict[str, str]:
    """The score of the whole lesson, late penalty taken off, as text; `open` is what a person may still give.

    late: seconds after the due date.
    """
    score, most = max(0.0, float(found["score"])), float(found["max_score"])
    still = min(sum(row["open"] for row in table), max(0.0, most - score))
    return {
        "score": number(score),
        "most": number(most),
        "percent": f"{_percent(score, most):.1f}",
        "open": number(still) if still else "",
        "open_percent": f"{_percent(still, most):.1f}",
        "late": _late(late, float(found["late_penalty"])),
    }


def _late(seconds: float, penalty: float) -> str:
    """What being late costs; "" for a submission in time."""
    if not seconds and not penalty:
        return ""
    when = f"Handed in {duration(seconds)} after the due date" if seconds else "Late"
    return f"{when}: {number(penalty)} points are taken off." if penalty else f"{when}: no points are taken off."


def _percent(part: float, whole: float) -> float:
    return min(100.0, max(0.0, 100 * part / whole)) if whole else 0.0


def summary(table: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the student reads first: how many checks ended how, the row to go on with, how many answers are read."""
    counts = Counter(row["status"] for row in table if row["status"] != "written")
    waiting = sum(row["waiting"] for row in table)
    return {
        "counts": [(LABELS[status], counts[status], status) for status in STATUSES if counts[status]],
        "next": _named(_next(table)),
        "left": sum(_mendable(row) and row["status"] not in ("passed", "written", "grader_error") for row in table),
        "tests": [row for row in table if row["test"]],
        "unwritten": [row for row in table if row["message"] == "No answer."],
        "waiting": f"{waiting} answer{' waits' if waiting == 1 else 's wait'} for a person" if waiting else "",
    }


def _named(row: dict[str, Any] | None) -> dict[str, Any] | None:
    """The row, with a message that does not begin with the name that stands before it."""
    if row is None:
        return None
    return {**row, "message": row["message"].removeprefix(f"{row['title']}: ")}


def _next(table: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """The first check that the student can still mend; None where there is none."""
    for statuses in MENDABLE:
        if found := next((row for row in table if row["status"] in statuses and _mendable(row)), None):
            return found
    return None


def _mendable(row: dict[str, Any]) -> bool:
    """Whether the student may go on with this check: a test that was graded is over."""
    return not row["test"]
