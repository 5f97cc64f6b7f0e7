"""A notebook's cells as the hand-in cell sees them: plain JSON read with the standard library.

`nbformat` is not on every student's machine, and the names by which a cell is known have to be found without it: they
are the ones that grading goes by (its tests compare the two).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

EXERCISE_LINE = re.compile(r"#\s*exercise:\s*(\w+)\s*$")
CHECK_LINE = re.compile(r"""check\.begin\(\s*["'](\w+)["'](?:\s*,\s*part\s*=\s*["'](\w+)["'])?""")
# The instructor's notebook holds them, and no release does.
INSTRUCTORS_LINE = re.compile(r"^\s*### BEGIN (SOLUTION|HIDDEN TESTS)\s*$", re.MULTILINE)
GRADED = ("exercise", "check", "written")


@dataclass(frozen=True)
class LessonCell:
    """A cell that a lesson knows by name. kind: "exercise", "check", "written" or another of the build's kinds.

    untouched: whether nbgrader's checksum says that the text is as it was handed out; None where there is none.
    """

    kind: str
    name: str
    source: str
    points: float
    untouched: bool | None


def cells_of(notebook: object) -> list[dict[str, Any]]:
    """The cells of a notebook, [] for anything that is none."""
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    return [cell for cell in cells if isinstance(cell, dict)] if isinstance(cells, list) else []


def text_of(cell: Mapping[str, Any]) -> str:
    """A cell's text: platforms write it as one string or as a list of lines."""
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""


def table_of(thing: Mapping[str, Any], name: str) -> dict[str, Any]:
    """The table `name` in a table; {} where there is none."""
    found = thing.get(name)
    return found if isinstance(found, dict) else {}


def name_of(cell: Mapping[str, Any]) -> str:
    """What a cell is known by: its grade id, else what its first line says, else its id; "" where it has no name."""
    about = table_of(cell, "metadata")
    name = table_of(about, "nbgrader").get("grade_id")
    if isinstance(name, str) and name:
        return name
    first = text_of(cell).split("\n", 1)[0].strip()
    if match := EXERCISE_LINE.match(first):
        return match[1]
    if match := CHECK_LINE.match(first):
        return f"check_{match[1]}" + (f"__{match[2]}" if match[2] else "")
    ids = (known for known in (about.get("id"), cell.get("id")) if isinstance(known, str))
    return next(ids, "")


def kind_of(cell: Mapping[str, Any]) -> str:
    """What the cell is for: the build says so, else nbgrader's marks do, else its name."""
    about = table_of(cell, "metadata")
    kind = table_of(about, "measure_first").get("kind")
    if isinstance(kind, str):
        return kind
    marks = table_of(about, "nbgrader")
    if marks.get("solution"):
        return "written" if marks.get("grade") else "exercise"
    name = name_of(cell)
    if marks.get("grade") or name.startswith("check_"):
        return "check"
    return "exercise" if EXERCISE_LINE.match(text_of(cell).split("\n", 1)[0].strip()) else "own"


def graded_cells(notebook: object) -> Iterator[LessonCell]:
    """The notebook's exercises, checks and written answers, in order."""
    for cell in cells_of(notebook):
        kind, name = kind_of(cell), name_of(cell)
        if kind in GRADED and name:
            points = table_of(table_of(cell, "metadata"), "nbgrader").get("points")
            worth = float(points) if isinstance(points, int | float) else 0.0
            yield LessonCell(kind, name, text_of(cell), worth, untouched(cell))


def untouched(cell: Mapping[str, Any]) -> bool | None:
    """Whether the text is the one that nbgrader's checksum in the metadata was taken of; None where there is none."""
    marks = table_of(table_of(cell, "metadata"), "nbgrader")
    told = marks.get("checksum")
    if not isinstance(told, str):
        return None
    text = text_of(cell)
    return told in (checksum(cell, text), checksum(cell, text.rstrip("\n")), checksum(cell, text + "\n"))


def checksum(cell: Mapping[str, Any], text: str) -> str:
    """nbgrader's checksum (0.9) of a cell with this text: of the text, the cell's kind, its marks, name and points."""
    marks = table_of(table_of(cell, "metadata"), "nbgrader")
    grade, solution = bool(marks.get("grade")), bool(marks.get("solution"))
    locked = False if solution else True if grade else bool(marks.get("locked"))
    parts = [text, str(cell.get("cell_type")), str(grade), str(solution), str(locked), str(marks.get("grade_id"))]
    if grade:
        points = marks.get("points")
        parts.append(str(float(points if isinstance(points, int | float) else 0)))
    return hashlib.md5("".join(parts).encode("utf-8", "replace"), usedforsecurity=False).hexdigest()


def is_instructors(notebook: object) -> bool:
    """Whether solutions or hidden tests stand in it: then nobody should hand it in, and no copy of it is made."""
    return any(INSTRUCTORS_LINE.search(text_of(cell)) for cell in cells_of(notebook))


def belongs_to(notebook: object, lesson: str) -> bool:
    """Whether a notebook found by its file name is this lesson's: it hands it in, or holds graded cells."""
    call = re.compile(rf"""hand_in\(\s*["']{re.escape(lesson)}["']""")
    named = any(call.search(text_of(cell)) for cell in cells_of(notebook))
    return named or any(True for _ in graded_cells(notebook))
