"""The gradebook, nbgrader's own database: is it usable, does it know the lesson as it is, and what does it hold."""

from __future__ import annotations

import json
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
from nbformat import NotebookNode

from autograde.course import Course, CourseError
from autograde.grading.cells import grade_id, kind_of, nbgraders
from autograde.grading.marks import digest
from autograde.grading.nbgrader_settings import RELEASE_STEPS, gradebook_path, gradebook_url, tools_on_path

if TYPE_CHECKING:
    from nbgrader.api import Gradebook, SubmittedNotebook

PATIENCE = 5.0  # seconds to wait for somebody else's write


@dataclass(frozen=True)
class CellScore:
    """One graded cell in the gradebook. `waiting`: a person still has to look; `by_hand`: one has given the score."""

    score: float
    points: float
    waiting: bool
    by_hand: bool


@dataclass(frozen=True)
class Standing:
    """A student's lesson in the gradebook. `mark` changes whenever a score or a comment does; `late` is in seconds."""

    score: float
    points: float
    penalty: float
    cells: dict[str, CellScore] = field(default_factory=dict)
    mark: str = ""
    late: float = 0.0

    @property
    def total(self) -> float:
        """The score, late penalty taken off."""
        return max(0.0, self.score - self.penalty)

    @property
    def waiting(self) -> list[str]:
        """Names of cells that a person still has to look at."""
        return [name for name, cell in self.cells.items() if cell.waiting]


def check_gradebook(root: Path) -> None:
    """Raise CourseError where the gradebook cannot be used: locked, of another version, or no gradebook at all."""
    path = gradebook_path(root)
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
            connection.rollback()
    except sqlite3.OperationalError as error:
        raise CourseError(_unusable(path, error)) from error
    except sqlite3.DatabaseError as error:
        mend = "move it away and run the same command again (a new one is made), or put a backup in its place"
        raise CourseError(f"{path} is not a gradebook ({error}): {mend}") from error
    if tables:
        _check_version(path, found[0] if found else "")


def _unusable(path: Path, error: sqlite3.OperationalError) -> str:
    if "locked" in str(error):
        mend = "another program is writing to it: wait for it, or close it (a formgrader? another autograde?)"
        return f"the gradebook {path} is locked: {mend}, then run the same command again"
    if "readonly" in str(error):
        return f"the gradebook {path} is read-only: give yourself permission to write to it and to its folder"
    return f"the gradebook {path} cannot be used ({error}): run `nbgrader db upgrade`, or put a backup in its place"


def _check_version(path: Path, version: str) -> None:
    """Compare the gradebook's schema with the one that the installed nbgrader writes."""
    from alembic.script import ScriptDirectory
    from nbgrader.dbutil import ALEMBIC_DIR

    script = ScriptDirectory(ALEMBIC_DIR)
    head = script.get_current_head()
    if version == head:
        return
    if version in {revision.revision for revision in script.walk_revisions()}:
        mend = "back it up, then run `nbgrader db upgrade` in the course's folder"
        raise CourseError(f"the gradebook {path} was written by an older nbgrader: {mend}")
    mend = "install the nbgrader that wrote it, or move the gradebook away to start a new one"
    raise CourseError(f"the gradebook {path} was written by a newer nbgrader (schema {version or '?'}): {mend}")


@contextmanager
def opened(root: Path) -> Iterator[Gradebook]:
    """nbgrader's Gradebook of the course in `root`; made where there is none."""
    from nbgrader.api import Gradebook

    gradebook_path(root).parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), tools_on_path():
        warnings.simplefilter("ignore")
        with Gradebook(gradebook_url(root)) as gradebook:
            yield gradebook


def sync_lesson(course: Course, key: str) -> None:
    """Make the gradebook know the lesson as source/ has it. Raises CourseError where submissions stand in the way."""
    source = nbformat.read(course.source(key), as_version=4)
    with opened(course.root) as gradebook:
        if _known(gradebook, key) == _expected(source):
            return
    try:
        _register(course, key, source)
    except RuntimeError as error:
        raise CourseError(
            f"the gradebook holds submissions of {key}, and source/{key} has other graded or locked cells than then.\n"
            f"    mend: grade that class with the version it was given, or move {gradebook_path(course.root)} away"
        ) from error


def _expected(source: NotebookNode) -> dict[str, tuple[str | None, float | None]]:
    """Name → (text of a locked cell, points of a graded one), as the source has them."""
    return {
        grade_id(cell): (
            None if nbgraders(cell).get("solution") else cell.source,
            float(nbgraders(cell)["points"]) if nbgraders(cell).get("grade") else None,
        )
        for cell in source.cells
        if grade_id(cell) and kind_of(cell) != "own"
    }


def _known(gradebook: Gradebook, key: str) -> dict[str, tuple[str | None, float | None]]:
    """The same as the gradebook has them; {} where it does not know the lesson."""
    from nbgrader.api import MissingEntry

    try:
        notebook = gradebook.find_notebook(key, key)
    except MissingEntry:
        return {}
    points = {cell.name: float(cell.max_score) for cell in notebook.grade_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    return {
        cell.name: (None if cell.name in solutions else cell.source, points.get(cell.name))
        for cell in notebook.source_cells
    }


def _register(course: Course, key: str, source: NotebookNode) -> None:
    """nbgrader's own steps up to SaveCells, in memory: nothing is written but the gradebook."""
    from nbconvert.exporters import NotebookExporter

    with opened(course.root) as gradebook:
        gradebook.update_or_create_assignment(key)
    exporter = NotebookExporter()
    for step in RELEASE_STEPS[: RELEASE_STEPS.index("nbgrader.preprocessors.SaveCells") + 1]:
        exporter.register_preprocessor(step, enabled=True)
    names = {"assignment": key, "notebook": key, "student": ".", "db_url": gradebook_url(course.root)}
    with warnings.catch_warnings(), tools_on_path():
        warnings.simplefilter("ignore")
        exporter.from_notebook_node(source, resources={"nbgrader": names, "unique_key": key})


def standings(root: Path) -> dict[tuple[str, str], Standing]:
    """(student, lesson) → what the gradebook holds, for every submission in it."""
    if not gradebook_path(root).exists():
        return {}
    found = {}
    with opened(root) as gradebook:
        for assignment in gradebook.assignments:
            for submission in assignment.submissions:
                for notebook in submission.notebooks:
                    found[(submission.student_id, assignment.name)] = _standing(notebook)
    return found


def due_dates(root: Path) -> dict[str, str]:
    """Lesson → its due date as text, of the lessons that have one."""
    if not gradebook_path(root).exists():
        return {}
    with opened(root) as gradebook:
        return {found.name: str(found.duedate) for found in gradebook.assignments if found.duedate}


def standing_of(gradebook: Gradebook, student: str, lesson: str) -> Standing:
    """What the gradebook holds of one submission."""
    return _standing(gradebook.find_submission_notebook(lesson, lesson, student))


def _standing(notebook: SubmittedNotebook) -> Standing:
    cells = {
        grade.name: CellScore(
            float(grade.score), float(grade.max_score), bool(grade.needs_manual_grade), grade.manual_score is not None
        )
        for grade in notebook.grades
    }
    comments = {comment.name: comment.comment for comment in notebook.comments}
    plain = {name: [cell.score, cell.waiting, cell.by_hand] for name, cell in cells.items()}
    penalty, late = float(notebook.late_submission_penalty or 0.0), float(notebook.assignment.total_seconds_late)
    mark = digest(json.dumps([plain, comments, penalty, late], sort_keys=True))
    return Standing(float(notebook.score), float(notebook.max_score), penalty, cells, mark, late)
