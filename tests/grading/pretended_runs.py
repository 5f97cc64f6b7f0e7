"""Runs that did not happen: the tiny lesson's cells are given the outputs that their text asks for, at once.

Tests of what is done with a result need results of every kind, and no process that makes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cells_by_hand import error, stream, told
from nbformat import NotebookNode

from autograde.grading import check_cache, outcomes
from autograde.grading.cells import grade_id, kind_of, note, ours
from autograde.grading.run import judge

LONG_TRACE = [f"Cell In[3], line {n}, in double" for n in range(150)]
PICTURE = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def pretend(nb: NotebookNode, files: list[Path], student: str, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Stands for a judge: fills a mended notebook in place and attaches its outcomes."""
    if not check_cache.recall(nb, known):
        number = 0
        for cell in nb.cells:
            if cell.cell_type != "code":
                continue
            if kind_of(cell) in ("demo", "setup"):
                note(cell, "skipped", 0.0, "This cell is not run when grading.")
                continue
            number += 1
            cell.outputs = check_outputs(nb, cell) if kind_of(cell) == "check" else cell_outputs(cell)
            cell.execution_count = number
            failed = any(output.output_type == "error" for output in cell.outputs)
            note(cell, "error" if failed else "ok", 0.1 * number, peak_bytes=1000 * number)
    outcomes.attach(nb, judge(nb))


def check_outputs(nb: NotebookNode, cell: NotebookNode) -> list[NotebookNode]:
    """What a check says of an exercise: its text has the words RIGHT, PARTLY, CRASH or STUB in it."""
    exercise = str(ours(cell).get("exercise"))
    text = next(other.source for other in nb.cells if grade_id(other) == exercise)
    if "NotAttempted" in text:
        return [error("NotAttempted", f"{exercise}: not attempted yet")]
    if "PARTLY" in text:
        message = f"{exercise}: 1 of 2 entries are right"
        return [stream(f"✗ {message}\n"), told(0.5, grade_id(cell), message)]
    if "GRADER" in text:
        frames = ['File "/x/autograde/check/values.py", line 3, in close', "ValueError: a bug"]
        return [error("ValueError", "a bug", frames)]
    if "RIGHT" in text:
        return [stream(f"✓ {exercise}: 1 check passed\n"), told(1.0, grade_id(cell), f"{exercise}: 1 check passed")]
    value = f"{exercise}: expected <b>2.0</b>, got 3.0 \U0001f600 =1+1"
    return [error("CheckFailed", value, ["Cell In[5], line 3", f"CheckFailed: {value}"])]


def cell_outputs(cell: NotebookNode) -> list[NotebookNode]:
    """What another cell puts out, by words in it."""
    made = []
    if "LOUD" in cell.source:
        made += [stream("a line\n" * 800), stream("and <b>more</b>\n" * 800, "stderr"), stream("the rest\n" * 800)]
    if "SHOWN" in cell.source:
        data = {"text/html": "<table><tr><td onclick='x'>1</td></tr></table>", "text/plain": "1", "image/png": PICTURE}
        made.append(NotebookNode(output_type="display_data", data=NotebookNode(data), metadata=NotebookNode()))
    if "STOPS" in cell.source:
        made.append(error("ValueError", "no", LONG_TRACE))
    return made
