"""A lesson's text as nbgrader's instructor notebook, in memory: every cell with its id, its metadata and its kind."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.authoring import header
from autograde.authoring.expand import expand
from autograde.authoring.facts import IN_CODE, Fact, code_facts_file, facts_in_code, read_facts, with_facts
from autograde.authoring.name_rules import requirements
from autograde.authoring.names import bound_names
from autograde.authoring.problems import raise_if_any
from autograde.authoring.rules import lesson_problems
from autograde.authoring.side_files import absolute, read_side_files, sealed_files
from autograde.authoring.text import LessonText, TextCell, read_lesson
from autograde.course import Course, Lesson

SHOWN_KIND = {"markdown": "prose"}


@dataclass(frozen=True)
class Source:
    """All that one lesson's text gives: the instructor notebook, and the files that lie beside it by name."""

    text: LessonText
    cells: list[TextCell]
    side: dict[str, dict[str, Any]]
    notebook: nbformat.NotebookNode
    facts: dict[str, Fact]

    def files(self) -> dict[str, str]:
        """The sealed quizzes and labs, and the facts that code asks for. Slow: each seal costs a key derivation."""
        asked = {name for cell in self.text.cells for _, name in facts_in_code(cell.source)}
        figures = {IN_CODE: code_facts_file(asked, self.facts)} if asked else {}
        return sealed_files(self.side, self.text) | figures


def source_notebook(course: Course, key: str) -> nbformat.NotebookNode:
    """The instructor notebook of a lesson, quizzes and labs expanded. Raises LessonProblems with all of them."""
    return read_source(course, key).notebook


def read_source(course: Course, key: str) -> Source:
    """Read, check and expand a lesson's text. Raises LessonProblems, CourseError for an unknown lesson or no text."""
    lesson = course.lesson(key)
    facts, problems = read_facts(course.root)
    text = read_lesson(course.text(lesson.key))
    side, wrong_files = read_side_files(course, text, facts)
    cells, unexpanded = expand(text, side)
    raise_if_any([*problems, *wrong_files, *unexpanded, *lesson_problems(course, text, cells, facts)])
    return Source(text, cells, side, notebook_of(course, lesson, cells, facts), facts)


def notebook_of(
    course: Course, lesson: Lesson, cells: Sequence[TextCell], facts: dict[str, Fact]
) -> nbformat.NotebookNode:
    """The instructor notebook of checked cells: header, setup and settings first, facts and links in their places."""
    points = sum(cell.points or 0.0 for cell in cells)
    needs = requirements(cells)
    counters: dict[str, int] = {}
    made = []
    for cell in [*header.first_cells(course, lesson, points), *cells]:
        if cell.kind in ("markdown", "written"):
            cell = replace(cell, source=absolute(course, with_facts(cell.source, facts)))
        if cell.kind == "check":
            cell = replace(cell, requires=needs[str(cell.grade_id)])
        made.append(_notebook_cell(cell, counters))
    notebook = new_notebook(metadata=notebook_metadata(), cells=made)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return notebook


def notebook_metadata() -> dict[str, Any]:
    """Which kernel runs it, and Colab's hint that a T4 is wanted."""
    return {
        "accelerator": "GPU",
        "colab": {"gpuType": "T4", "provenance": []},
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }


def _notebook_cell(cell: TextCell, counters: dict[str, int]) -> nbformat.NotebookNode:
    """One cell with everything that nbgrader, the judge and the mutants read from it."""
    source = check_source(cell) if cell.kind == "check" else cell.source
    name = _cell_id(cell, source, counters)
    metadata: dict[str, Any] = {"id": name, "measure_first": _our_metadata(cell), "tags": cell.tags}
    graded = _nbgrader_metadata(cell, name)
    if graded:
        metadata["nbgrader"] = graded
    new_cell = new_markdown_cell if cell.kind in ("markdown", "written") else new_code_cell
    return new_cell(source, id=name, metadata=metadata)


def check_source(cell: TextCell) -> str:
    """A check cell between its `check.begin(…)` and `check.end()`."""
    part = f', part="{cell.part}"' if cell.part else ""
    return f'check.begin("{cell.name}"{part}, points={header.number(cell.points or 0)})\n{cell.source}\ncheck.end()'


def _cell_id(cell: TextCell, source: str, counters: dict[str, int]) -> str:
    """The grade id; else a counter, with a content hash where nbgrader does not know the cell by name."""
    if cell.grade_id:
        return cell.grade_id
    kind = SHOWN_KIND.get(cell.kind, cell.kind)
    counters[kind] = counters.get(kind, 0) + 1
    if kind == "fixture":
        return f"fixture_{counters[kind]}"
    digest = hashlib.sha256(source.encode("utf-8")).hexdigest()[:8]
    return f"{kind}-{counters[kind]}-{digest}"


def _our_metadata(cell: TextCell) -> dict[str, Any]:
    """What the judge, the mutants and the headless run need to know of a cell."""
    ours: dict[str, Any] = {"kind": SHOWN_KIND.get(cell.kind, cell.kind)}
    if cell.kind in ("exercise", "check", "written"):
        ours["name"] = cell.grade_id
    if cell.kind == "check":
        ours |= {"exercise": cell.name, "part": cell.part, "requires": cell.requires}
    if cell.kind == "exercise":
        ours["binds"] = sorted(bound_names(cell.source))
    return ours


def _nbgrader_metadata(cell: TextCell, name: str) -> dict[str, Any] | None:
    """nbgrader's schema 3: who writes in the cell, who grades it, what it is worth."""
    graded, answered = cell.kind in ("check", "written"), cell.kind in ("exercise", "written")
    locked = cell.kind in ("check", "fixture", "setup", "settings")
    if not (graded or answered or locked):
        return None
    metadata: dict[str, Any] = {"grade": graded, "grade_id": name, "locked": locked, "schema_version": 3}
    metadata |= {"solution": answered, "task": False}
    if graded:
        metadata["points"] = cell.points or 0.0
    return metadata
