"""An exception that stopped a test cell at the judge, as the output that a Jupyter kernel would have made of it.

outcomes.py reads verdict, blame and place from such an output. Lines of the test and of the student are told as
"Cell In[7], line 3, in double", frames of other files as "File …". What the wall does between the two is left out,
unless it is the wall itself that failed.
"""

from __future__ import annotations

import linecache
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import autograde

HOME = str(Path(autograde.__file__).parent)
WALL, GRADING = str(Path(HOME) / "wall"), str(Path(HOME) / "grading")
MOST_FRAMES = 40
LONGEST = 20_000  # characters of an error's text that are kept


def error_output(error: BaseException, cells: Mapping[str, int], theirs: list[tuple[int, int, str]]) -> dict[str, Any]:
    """An nbformat error output.

    cells: file name of a cell that ran here → its number. theirs: (cell, line, function) of the student's own lines,
    outermost first, where the student's code raised the error.
    """
    name, value = kind_of_error(error), text_of_error(error)
    render = getattr(error, "_render_traceback_", None)
    if render is not None:
        return _output(name, value, [str(line)[:LONGEST] for line in render()])
    frames = [_frame(frame, cells) for frame in _frames(error, theirs)]
    frames += [_cell_frame(number, line, function) for number, line, function in theirs]
    if len(frames) > MOST_FRAMES:
        frames = [*frames[: MOST_FRAMES // 2], "…", *frames[-MOST_FRAMES // 2 :]]
    said = f"{name}: {value}" if value else name
    return _output(name, value, [f"{name}: Traceback (most recent call last)", *frames, said])


def kind_of_error(error: BaseException) -> str:
    """The error's type as a student knows it: over there it was a KeyError, here it is a StudentError."""
    return str(getattr(error, "student_type", "") or type(error).__name__)[:200]


def text_of_error(error: BaseException) -> str:
    """What the error says, of bounded length; an error that cannot say anything says nothing."""
    try:
        found = getattr(error, "message", None) if is_students(error) else None
        return str(found if found is not None else error)[:LONGEST]
    except Exception:
        return ""


def is_students(error: BaseException) -> bool:
    """Whether the student's code raised it, in its own process."""
    return hasattr(error, "student_type")


def _output(name: str, value: str, lines: list[str]) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": value, "traceback": lines}


def _frames(error: BaseException, theirs: list[tuple[int, int, str]]) -> list[traceback.FrameSummary]:
    """The frames from the test cell inwards. A student's error ends where the call left for the student's process.

    Where such an error has no line of theirs (a built-in function raised it, or code that they made with exec), it ends
    at the test's own line: else the last frame would be that of a check, which is to say a bug of the grader's.
    """
    summary = traceback.StackSummary.extract(traceback.walk_tb(error.__traceback__), lookup_lines=False)
    found = [frame for frame in summary if not frame.filename.startswith(GRADING)]
    if theirs or is_students(error):
        found = [frame for frame in found if not frame.filename.startswith(WALL)]
    if not theirs and getattr(error, "crossed", False):
        found = [frame for frame in found if not frame.filename.startswith(HOME)]
    return found


def _frame(frame: traceback.FrameSummary, cells: Mapping[str, int]) -> str:
    """One frame as IPython's plain traceback begins it, with its line of text."""
    line = frame.lineno or 0
    text = linecache.getline(frame.filename, line).strip()
    if frame.filename in cells:
        head = _cell_frame(cells[frame.filename], line, "" if frame.name == "<module>" else frame.name)
        return f"{head}\n----> {line} {text}" if text else head
    return f"File {frame.filename}:{line}, in {frame.name}" + (f"\n----> {line} {text}" if text else "")


def _cell_frame(number: int, line: int, function: str) -> str:
    return f"Cell In[{number}], line {line}" + (f", in {function}" if function and function != "<module>" else "")
