"""The last cell of a lesson: what this session's checks said, what to do next, and how to hand the notebook in."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from autograde.lesson import place

NOT_RUN = "not_run"
WORDS = {
    "passed": "✓ passed",
    "partly": "● partly right",
    "failed": "✗ failed",
    "not_attempted": "○ not attempted",
    NOT_RUN: "○ not run",
}
NEXT = {
    "failed": "Read the message under the check of {names}, change your answer, run both cells again.",
    "partly": "Part of {names} is right: the message under the check says what is not.",
    "not_attempted": "Still to write: {names}.",
    NOT_RUN: "Run the check cells of {names}: in this session they have not run.",
}
DOWNLOAD = {
    "colab": "File → Download → Download .ipynb",
    "kaggle": "File → Download Notebook",
    "local": "save the notebook (Ctrl+S); the file {lesson}.ipynb is what you hand in",
}


def hand_in(lesson: str) -> None:
    """Print each exercise's outcome since the kernel started, what to do next, and how to download the notebook.

    Exercises that no check has run for are listed where the notebook's file lies in the working directory or in the
    course's data folder; on a host that keeps it elsewhere they are unknown, and the text says so.
    """
    record = _record()
    expected = _checks_of(lesson)
    outcomes = by_exercise(record, expected or {})
    lines = [f"{lesson}: what the checks said since this kernel started", ""]
    for name, outcome in outcomes.items():
        points = sum((expected or {}).get(check, 0.0) for check in (expected or {}) if exercise_of(check) == name)
        worth = f"{points:>5g} point{'s' if points != 1 else ''}" if points else ""
        lines.append(f"  {WORDS.get(outcome, outcome):<16} {name:<28} {worth}".rstrip())
    if not outcomes:
        lines.append("  No check has run yet.")
    lines += ["", *_next_steps(outcomes, expected is not None), _limits(expected is not None)]
    lines.append(f"To hand in: {DOWNLOAD[place.platform()].format(lesson=lesson)}.")
    print("\n".join(lines))


def exercise_of(check: str) -> str:
    """The exercise that a check's grade id belongs to: check_split_heads__gradients → split_heads."""
    return check.removeprefix("check_").split("__", 1)[0]


def by_exercise(record: Mapping[str, str], expected: Mapping[str, float]) -> dict[str, str]:
    """Exercise → outcome. record: grade id → outcome of the checks that ran. expected: grade id → points of all checks.

    An exercise with several checks has passed when all of them have, and is partly right when one of them is.
    """
    parts: dict[str, list[str]] = {}
    for check in [*expected, *(name for name in record if name not in expected)]:
        parts.setdefault(exercise_of(check), []).append(record.get(check, NOT_RUN))
    return {name: outcomes[0] if len(set(outcomes)) == 1 else _together(outcomes) for name, outcomes in parts.items()}


def _together(outcomes: list[str]) -> str:
    if "passed" in outcomes or "partly" in outcomes:
        return "partly"
    return "failed" if "failed" in outcomes else "not_attempted"


def _record() -> dict[str, str]:
    """What the checks of this session said; empty where none ran or the record cannot be read."""
    try:
        from autograde import check

        return dict(check.record())
    except Exception:  # the last cell of a lesson must not be the one that breaks
        return {}


def _checks_of(lesson: str) -> dict[str, float] | None:
    """Grade id → points of every check in the lesson's notebook; None where the file is not found or not readable."""
    folders = [Path.cwd()]
    if data := os.environ.get("MEASURE_FIRST_DATA"):
        folders += [Path(data), Path(data) / lesson]
    for folder in folders:
        try:
            notebook = json.loads((folder / f"{lesson}.ipynb").read_text(encoding="utf-8"))
            marks = [cell["metadata"].get("nbgrader", {}) for cell in notebook["cells"] if cell["cell_type"] == "code"]
            checks = [mark for mark in marks if str(mark.get("grade_id", "")).startswith("check_")]
            return {str(mark["grade_id"]): float(mark.get("points") or 0.0) for mark in checks}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return None


def _next_steps(outcomes: Mapping[str, str], complete: bool) -> list[str]:
    if not outcomes:
        return ["Run the notebook from the top (Run all), then this cell again."]
    steps = []
    for outcome, line in NEXT.items():
        names = [name for name, found in outcomes.items() if found == outcome]
        if names:
            steps.append(line.format(names=", ".join(names)))
    if not steps:
        what = "Everything" if complete else "Every check that ran"
        steps = [f"{what} passed. Restart the kernel and run all once more: what you hand in must work from the top."]
    return steps


def _limits(complete: bool) -> str:
    known = "" if complete else "Checks that did not run in this session are not listed. "
    return f"{known}Hidden checks and written answers are graded after you hand in."
