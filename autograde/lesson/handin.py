"""The last cell of a lesson: what is missing, what to do next, and a clean copy of the notebook to hand in."""

from __future__ import annotations

import importlib
import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograde.lesson import place
from autograde.lesson.handin_cells import is_instructors
from autograde.lesson.handin_copy import Copy, download, write_copy
from autograde.lesson.handin_find import Found, find_notebook
from autograde.lesson.handin_look import NOT_RUN, NOT_WRITTEN, WRITTEN, Look, by_exercise, exercise_of, look

__all__ = ["by_exercise", "exercise_of", "hand_in"]

WORDS = {
    "passed": "✓ passed",
    "partly": "● partly right",
    "failed": "✗ failed",
    "not_attempted": "○ not attempted",
    NOT_RUN: "○ not run",
    WRITTEN: "✓ written",
    NOT_WRITTEN: "○ not written",
}
NEXT = {
    "failed": "Read the message under the check of {names}, change your answer, run both cells again.",
    "partly": "Part of {names} is right: the message under the check says what is not.",
    "not_attempted": "Still to write: {names}.",
    NOT_RUN: "Run the check cells of {names}: in this session they have not run.",
    NOT_WRITTEN: "Still to answer in your own words: {names}.",
}
OLDER = {
    True: "The checks of {names} saw another answer than stands in the cell now: run both cells again.",
    False: "The checks of {names} saw another answer than the saved file holds: save the notebook (Ctrl+S), run this "
    "cell again.",
}
EDITED = "The text of {names} was changed. That is harmless: your graders put their own version back."
MISSING = (
    "Not in the notebook any more: {names}. Undo the deletion, or copy your answers into a fresh notebook: tests come "
    "back by themselves when it is graded, answers do not."
)
DOWNLOAD = {
    "colab": "File → Download → Download .ipynb",
    "kaggle": "File → Download Notebook",
    "local": "save the notebook (Ctrl+S); the file {lesson}.ipynb is what you hand in",
}
NO_COPY = {
    "colab": "No copy was made: Colab's page did not send the notebook. What the menu downloads is as good.",
    "kaggle": "No copy was made: Kaggle keeps a notebook outside its session. What the menu downloads is as good, and "
    "Save Version keeps it in your account.",
    "local": "No copy was made: where this notebook's file lies could not be found out.",
}
INSTRUCTORS = "This is an instructor's notebook: solutions or hidden tests stand in it. No copy was made."
NOT_BEGUN = "No copy was made yet: there is nothing of yours in the notebook."


def hand_in(lesson: str) -> None:
    """Print each exercise's outcome, what is missing and what to do next; write a clean copy and say where it is.

    The outcomes are those since the kernel started. The notebook itself is looked at where this platform shows it to
    its own cells (see handin_find); elsewhere only the checks that ran are known, and the text says so. The copy is
    hand_in/LESSON.ipynb; on Colab the browser downloads it. May be run any number of times.
    """
    found = _or_none(lambda: find_notebook(lesson))
    seen = _look(lesson, found)
    lines = [f"{lesson}: what the checks said since this kernel started", ""]
    for name, outcome in seen.outcomes.items():
        points = seen.points.get(name, 0.0)
        worth = f"{points:>5g} point{'s' if points != 1 else ''}" if points else ""
        lines.append(f"  {WORDS.get(outcome, outcome):<16} {name:<28} {worth}".rstrip())
    if not seen.outcomes:
        lines.append("  No check has run yet.")
    lines += ["", *_next_steps(seen, found is None or found.path is None), _limits(seen.complete)]
    print("\n".join(lines))
    print("\n".join(_to_hand_in(lesson, found, seen)))


def _look(lesson: str, found: Found | None) -> Look:
    """What there is to say of the notebook; of the session alone where it cannot be looked at."""
    record, inputs = _record(), _inputs()
    handed_out = _handed_out(lesson, found.path if found else None)
    if found is not None and (seen := _or_none(lambda: look(record, found.notebook, handed_out, inputs))):
        return seen
    return _or_none(lambda: look(record, None, handed_out)) or look(record)


def _or_none(step: Any) -> Any:
    """What `step` returns; None where it fails: the last cell of a lesson must not be the one that breaks."""
    try:
        return step()
    except Exception:
        return None


def _record() -> dict[str, str]:
    """What the checks of this session said; empty where none ran or the record cannot be read."""
    return _or_none(lambda: dict(importlib.import_module("autograde.check").record())) or {}


def _inputs() -> list[str]:
    """The texts of the cells that this session ran, in order."""
    history = _or_none(lambda: place.shell().history_manager.input_hist_raw) or ()
    return [text for text in history if isinstance(text, str)]


def _handed_out(lesson: str, running: Path | None) -> dict[str, Any] | None:
    """The notebook as it was handed out: in the lesson's data folder, where that is not the running one itself."""
    if not (data := os.environ.get("MEASURE_FIRST_DATA")):
        return None
    for path in (Path(data) / f"{lesson}.ipynb", Path(data) / lesson / f"{lesson}.ipynb"):
        try:
            if running is not None and path.samefile(running):
                continue
            notebook = json.loads(path.read_text(encoding="utf-8"))
            if any(True for _ in notebook["cells"]) and not is_instructors(notebook):
                return dict(notebook)
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return None


def _next_steps(seen: Look, live: bool) -> list[str]:
    """What to do, a sentence each. live: the notebook was read from the page, not from its file."""
    if not seen.outcomes:
        return ["Run the notebook from the top (Run all), then this cell again."]
    steps = []
    for outcome, line in NEXT.items():
        names = [name for name, found in seen.outcomes.items() if found == outcome]
        if names:
            steps.append(line.format(names=", ".join(names)))
    told = ((OLDER[live], seen.older), (MISSING, seen.missing))
    steps += [line.format(names=", ".join(names)) for line, names in told if names]
    if not steps:
        what = "Everything" if seen.complete else "Every check that ran"
        steps = [f"{what} passed. Restart the kernel and run all once more: what you hand in must work from the top."]
    return [*steps, EDITED.format(names=", ".join(seen.edited))] if seen.edited else steps


def _limits(complete: bool) -> str:
    known = "" if complete else "Checks that did not run in this session are not listed. "
    return f"{known}Hidden checks and written answers are graded after you hand in."


def _to_hand_in(lesson: str, found: Found | None, seen: Look) -> Sequence[str]:
    """What to hand in, in a line or two; writes the copy."""
    where = place.platform()
    menu = f"To hand in: {DOWNLOAD[where].format(lesson=lesson)}."
    if os.environ.get("NBGRADER_EXECUTION"):  # a grader's run: the folder is not the student's
        return [menu]
    if found is None:
        return [NO_COPY[where], menu]
    if is_instructors(found.notebook):
        return [INSTRUCTORS]
    if not seen.begun:
        return [NOT_BEGUN, menu]
    try:
        made = write_copy(found, lesson)
    except Exception as error:  # a full disk, a read-only folder; or a notebook unlike any that we know
        return [f"No copy was made: {error}. Your notebook is as it was.", menu]
    return _told(made, found, downloading=where == "colab" and download(made.path))


def _told(made: Copy, found: Found, downloading: bool) -> list[str]:
    """Where the copy is and what it is a copy of."""
    lines = [f"To hand in: {made.path} ({made.size / 1000:,.0f} KB), every answer, nothing of your account."]
    if downloading:
        lines.append(
            "Your browser downloads it now. Should it not: the folder on the left (Files) → hand_in → ⋮ → Download."
        )
    if made.kept is not None:
        lines.append(f"What was there had been changed since; it was kept as {made.kept.name}.")
    if found.path is None:
        return [*lines, "It is the notebook as this page shows it."]
    if place.platform() == "kaggle":
        return [*lines, "It is in the version's Output as soon as that is saved."]
    saved = time.strftime("%H:%M", time.localtime(found.saved_at))
    lines.append(
        f"It is a copy of {found.path.name} as saved at {saved}. Changed since? Save (Ctrl+S), run this again."
    )
    if found.others:
        lines.append(f"Here are {found.others + 1} notebooks of this lesson; it is a copy of the one saved last.")
    return lines
