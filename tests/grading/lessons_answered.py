"""The course's lessons with right answers filled in, for tests that damage notebooks and for damage_report.py."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.authoring.sample_answers import GUESSES
from autograde.authoring.source import source_notebook
from autograde.authoring.stub import BEGIN_SOLUTION, END_SOLUTION
from autograde.course import CourseError, load_course
from autograde.grading.cells import grade_id, kind_of, without_hidden
from autograde.grading.code_text import tidy
from autograde.grading.intake import parse_submission
from autograde.grading.mending import mend

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answered:
    """A lesson with right answers. raw: the student's file as data, not to be changed. mended: what it is graded as."""

    key: str
    source: NotebookNode
    release: NotebookNode
    raw: dict[str, Any]
    answers: dict[str, str]
    mended: NotebookNode

    def mend(self, data: bytes) -> NotebookNode:
        """A damaged file of this lesson, read and mended."""
        return mend(parse_submission(data), self.source, self.release)


def keys() -> list[str]:
    """The lessons that have a release."""
    course = load_course(ROOT)
    return [lesson.key for lesson in course.lessons if course.release(lesson.key).is_file()]


@functools.cache
def answered(key: str) -> Answered:
    """One lesson, its source built in memory, its release as committed. Raises CourseError for a stale one."""
    course = load_course(ROOT)
    source = source_notebook(course, key)
    release = nbformat.read(course.release(key), as_version=4)
    if [tidy(without_hidden(cell.source)) for cell in source.cells if kind_of(cell) == "fixture"] != [
        tidy(cell.source) for cell in release.cells if kind_of(cell) == "fixture"
    ]:
        raise CourseError(f"release/{key} was made from another text. Run: autograde build {key}")
    answers = {}
    for cell in source.cells:
        if kind_of(cell) in ("exercise", "written"):
            answers[grade_id(cell)] = _solved(cell.source)
    for number, name in enumerate(n for n in answers if kind_of_name(source, n) == "written"):
        answers[name] = f"{GUESSES[number % len(GUESSES)]} (the {number + 1}. answer)"
    raw = json.loads(nbformat.writes(release))
    for cell in raw["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name].splitlines(keepends=True)
    mended = mend(parse_submission(json.dumps(raw).encode()), source, release)
    return Answered(key, source, release, raw, answers, mended)


def kind_of_name(nb: NotebookNode, name: str) -> str:
    """What the cell of this name is for."""
    return next(kind_of(cell) for cell in nb.cells if grade_id(cell) == name)


def _solved(source: str) -> str:
    return "\n".join(line for line in source.splitlines() if line.strip() not in (BEGIN_SOLUTION, END_SOLUTION))
