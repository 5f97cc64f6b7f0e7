"""The gradebook, nbgrader's own database: is it usable, and does it know the lesson as it is."""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode

from autograde.course import Course, CourseError
from autograde.grading.cells import checksum, grade_id, kind_of, nbgraders
from autograde.grading.nbgrader_settings import RELEASE_STEPS, gradebook_path, gradebook_url, tools_on_path

if TYPE_CHECKING:
    from nbgrader.api import Gradebook

PATIENCE = 30.0  # seconds to wait for somebody else's write
REVISION = re.compile(r"""^(revision|down_revision)\s*=\s*['"](\w+)['"]""", re.MULTILINE)  # in a migration
SILENCE = 1.0  # seconds of it before a word is said


def check_gradebook(root: Path) -> None:
    """Raise CourseError where the gradebook cannot be used: locked, of another version, or no gradebook at all."""
    path = gradebook_path(root)
    if not path.exists():
        return
    try:
        tables, found = _looked_into(path)
    except sqlite3.OperationalError as error:
        raise CourseError(unusable(path, error)) from error
    except sqlite3.DatabaseError as error:
        mend = "move it away and run the same command again (a new one is made), or put a backup in its place"
        raise CourseError(f"{path} is not a gradebook ({error}): {mend}") from error
    if tables:
        _check_version(path, found)


def _looked_into(path: Path) -> tuple[set[str], str]:
    """The names of its tables and its version; waits for a writer."""
    waiting = Waiting(path)
    while True:
        try:
            with closing(sqlite3.connect(path, timeout=min(SILENCE, PATIENCE))) as connection:
                connection.execute("BEGIN IMMEDIATE")
                tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
                found = connection.execute("SELECT version_num FROM alembic_version").fetchone() if tables else None
                connection.rollback()
                return tables, found[0] if found else ""
        except sqlite3.OperationalError as error:
            if not waiting.goes_on(error):
                raise


class Waiting:
    """Patience with another program that writes to the gradebook: said once, and not for ever."""

    def __init__(self, path: Path) -> None:
        self.path, self.started, self.said = path, time.monotonic(), False

    def goes_on(self, error: Exception) -> bool:
        """Whether to try again after `error`."""
        if "locked" not in str(error) or time.monotonic() - self.started >= PATIENCE:
            return False
        if not self.said:
            self.said = True
            print(
                f"the gradebook {self.path} is locked by another program: waiting up to {PATIENCE:g} s for it",
                file=sys.stderr,
            )
        return True


def unusable(path: Path, error: Exception) -> str:
    """What SQLite's error means, and what to do."""
    said = str(getattr(error, "orig", error))
    if "locked" in said:
        mend = "another program is writing to it: wait for it, or close it (a formgrader? another autograde?)"
        return f"the gradebook {path} is locked: {mend}, then run the same command again"
    if "readonly" in said or "unable to open" in said:
        return f"the gradebook {path} is read-only: give yourself permission to write to it and to its folder"
    if "full" in said:
        return f"the disk is full: the gradebook {path} cannot grow. Make room, then run the same command again"
    return f"the gradebook {path} cannot be used ({said}): run `nbgrader db upgrade`, or put a backup in its place"


def _check_version(path: Path, version: str) -> None:
    """Compare the gradebook's schema with the one that the installed nbgrader writes."""
    known = schema_versions()
    if version == known[-1]:
        return
    if version in known:
        mend = "back it up, then run `nbgrader db upgrade` in the course's folder"
        raise CourseError(f"the gradebook {path} was written by an older nbgrader: {mend}")
    mend = "install the nbgrader that wrote it, or move the gradebook away to start a new one"
    raise CourseError(f"the gradebook {path} was written by a newer nbgrader (schema {version or '?'}): {mend}")


def schema_versions() -> list[str]:
    """The versions of the gradebook's schema that the installed nbgrader knows, oldest first.

    Read from the text of its migrations: to load them is to load nbgrader, for seconds, at every start.
    """
    from importlib.util import find_spec

    found = find_spec("nbgrader")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("No module named 'nbgrader'", name="nbgrader")
    after: dict[str, str] = {}  # a version ("" for none yet) → the one that follows it
    for path in (Path(found.origin).parent / "alembic" / "versions").glob("*.py"):
        said = dict(REVISION.findall(path.read_text(encoding="utf-8")))
        after[said.get("down_revision", "")] = said["revision"]
    versions = [after[""]]
    while versions[-1] in after:
        versions.append(after[versions[-1]])
    return versions


@contextmanager
def opened(root: Path) -> Iterator[Gradebook]:
    """nbgrader's Gradebook of the course in `root`; made where there is none."""
    from nbgrader.api import Gradebook

    gradebook_path(root).parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings(), tools_on_path():
        warnings.simplefilter("ignore")
        with Gradebook(gradebook_url(root)) as gradebook:
            yield gradebook


@dataclass(frozen=True)
class KnownCell:
    """A cell of the lesson as the gradebook keeps it."""

    locked: bool
    checksum: str


@dataclass(frozen=True)
class KnownLesson:
    """A lesson in the gradebook: the ids of its rows, and its cells. graded: name → (cell's id, points)."""

    assignment: str
    notebook: str
    notebooks: int
    kernelspec: dict[str, Any] | None
    graded: dict[str, tuple[str, float]] = field(default_factory=dict)
    commented: dict[str, str] = field(default_factory=dict)
    cells: dict[str, KnownCell] = field(default_factory=dict)
    solutions: frozenset[str] = frozenset()


def known_lesson(root: Path, key: str) -> KnownLesson | None:
    """The lesson as the gradebook has it; None where it does not know it."""
    path = gradebook_path(root)
    if not path.exists():
        return None
    with closing(sqlite3.connect(path, timeout=PATIENCE)) as connection:
        try:
            rows = connection.execute(
                "SELECT a.id, n.id, n.kernelspec, (SELECT count(*) FROM notebook WHERE assignment_id = a.id)"
                " FROM assignment a JOIN notebook n ON n.assignment_id = a.id WHERE a.name = ? AND n.name = ?",
                (key, key),
            ).fetchall()
        except sqlite3.OperationalError as error:
            if "no such table" not in str(error):
                raise
            return None
        return _known_lesson(connection, rows[0]) if rows else None


def _known_lesson(connection: sqlite3.Connection, row: tuple[Any, ...]) -> KnownLesson:
    assignment, notebook, kernelspec, notebooks = row
    graded, commented, solutions = {}, {}, set()
    for identity, name, kind, points in connection.execute(
        "SELECT c.id, c.name, c.type, coalesce(g.max_score, t.max_score, 0.0) FROM base_cell c"
        " LEFT JOIN grade_cells g ON g.id = c.id LEFT JOIN task_cells t ON t.id = c.id"
        " WHERE c.notebook_id = ? ORDER BY c.rowid",
        (notebook,),
    ):
        if kind in ("GradeCell", "TaskCell"):
            graded[name] = (identity, float(points))
        if kind in ("SolutionCell", "TaskCell"):
            commented[name] = identity
        if kind == "SolutionCell":
            solutions.add(name)
    found = connection.execute(
        "SELECT name, locked, checksum FROM source_cell WHERE notebook_id = ? ORDER BY rowid", (notebook,)
    )
    cells = {name: KnownCell(bool(locked), known) for name, locked, known in found}
    spec = json.loads(kernelspec) if kernelspec else None
    return KnownLesson(assignment, notebook, notebooks, spec, graded, commented, cells, frozenset(solutions))


def sync_lesson(course: Course, key: str) -> None:
    """Make the gradebook know the lesson as source/ has it. Raises CourseError where submissions stand in the way."""
    source = nbformat.read(course.source(key), as_version=4)
    if _known(known_lesson(course.root, key)) == _expected(source):
        return
    try:
        _register(course, key, source)
    except RuntimeError as error:
        raise CourseError(
            f"the gradebook holds submissions of {key}, and source/{key} has other graded or locked cells than then.\n"
            f"    mend: grade that class with the version it was given, or move {gradebook_path(course.root)} away"
        ) from error


def _expected(source: NotebookNode) -> dict[str, tuple[str | None, float | None]]:
    """Name → (checksum of a locked cell, points of a graded one), as the source has them."""
    return {
        grade_id(cell): (
            None if nbgraders(cell).get("solution") else checksum(cell),
            float(nbgraders(cell)["points"]) if nbgraders(cell).get("grade") else None,
        )
        for cell in source.cells
        if grade_id(cell) and kind_of(cell) != "own"
    }


def _known(lesson: KnownLesson | None) -> dict[str, tuple[str | None, float | None]]:
    """The same as the gradebook has them; {} where it does not know the lesson."""
    if lesson is None:
        return {}
    points = {name: most for name, (_, most) in lesson.graded.items()}
    return {
        name: (None if name in lesson.solutions else cell.checksum, points.get(name))
        for name, cell in lesson.cells.items()
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
