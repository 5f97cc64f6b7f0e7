"""What the gradebook holds of every submission, in plain SQL: nbgrader's own objects take minutes for a large class."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograde.grading.marks import digest
from autograde.grading.nbgrader_settings import gradebook_path

READ_PATIENCE = 30.0  # seconds that a read waits for somebody's write; a write of ours takes milliseconds
EPOCH = datetime(1970, 1, 1)  # SQLAlchemy keeps a span of time in SQLite as a date after this one

SUBMISSIONS = """
SELECT sn.id, sa.student_id, a.name, sn.late_submission_penalty, sa.timestamp, sa.extension, a.duedate
FROM submitted_notebook sn
JOIN notebook n ON n.id = sn.notebook_id
JOIN submitted_assignment sa ON sa.id = sn.assignment_id
JOIN assignment a ON a.id = sa.assignment_id
WHERE n.name = a.name
"""
GRADES = """
SELECT g.notebook_id, c.name, g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade,
       coalesce(gc.max_score, tc.max_score, 0.0)
FROM grade g
JOIN base_cell c ON c.id = g.cell_id
LEFT JOIN grade_cells gc ON gc.id = g.cell_id
LEFT JOIN task_cells tc ON tc.id = g.cell_id
{where}
ORDER BY c.rowid
"""
COMMENTS = """
SELECT k.notebook_id, c.name, coalesce(k.manual_comment, k.auto_comment)
FROM comment k JOIN base_cell c ON c.id = k.cell_id
{where}
ORDER BY c.rowid
"""


@dataclass(frozen=True)
class CellScore:
    """One graded cell in the gradebook. `waiting`: a person still has to look; `by_hand`: one has given the score."""

    score: float
    points: float
    waiting: bool
    by_hand: bool


@dataclass(frozen=True)
class Standing:
    """A student's lesson in the gradebook. `mark` changes whenever a score or a comment does; `late` is in seconds.

    comments: cell → what a person said, or nbgrader's own word. due: the due date with the student's extension.
    """

    score: float
    points: float
    penalty: float
    cells: dict[str, CellScore] = field(default_factory=dict)
    mark: str = ""
    late: float = 0.0
    comments: dict[str, str | None] = field(default_factory=dict)
    due: str = ""

    @property
    def total(self) -> float:
        """The score, late penalty taken off."""
        return max(0.0, self.score - self.penalty)

    @property
    def waiting(self) -> list[str]:
        """Names of cells that a person still has to look at."""
        return [name for name, cell in self.cells.items() if cell.waiting]


@dataclass
class GradeRow:
    """One graded cell of one submission as the gradebook keeps it: score and points as nbgrader computes them."""

    name: str
    auto_score: float | None
    manual_score: float | None
    extra_credit: float | None
    needs_manual_grade: bool
    points: float

    @property
    def score(self) -> float:
        """nbgrader's rule: a person's score before the machine's, and extra credit on top of either."""
        given = self.manual_score if self.manual_score is not None else self.auto_score
        return 0.0 if given is None else float(given) + float(self.extra_credit or 0.0)


def make_standing(
    rows: Iterable[GradeRow], comments: dict[str, str | None], penalty: float | None, times: Times
) -> Standing:
    """A standing from the gradebook's rows of one submission, in the lesson's order."""
    cells, score, points = {}, 0.0, 0.0
    for row in rows:
        by_hand = row.manual_score is not None
        cells[row.name] = CellScore(row.score, float(row.points), bool(row.needs_manual_grade), by_hand)
        score, points = score + row.score, points + float(row.points)
    plain = {name: [cell.score, cell.waiting, cell.by_hand] for name, cell in cells.items()}
    off = float(penalty or 0.0)
    mark = digest(json.dumps([plain, comments, off, times.late], sort_keys=True))
    return Standing(score, points, off, cells, mark, times.late, comments, times.due)


@dataclass(frozen=True)
class Times:
    """When a submission was handed in, when it was due (extension included), as SQLite has them or as dates."""

    handed_in: datetime | None
    due_date: datetime | None

    @property
    def late(self) -> float:
        """Seconds after the due date; 0.0 where there is none, or no time of handing in."""
        if self.handed_in is None or self.due_date is None:
            return 0.0
        return max(0.0, (self.handed_in - self.due_date).total_seconds())

    @property
    def due(self) -> str:
        """The due date as text; "" where there is none."""
        return str(self.due_date) if self.due_date is not None else ""


def times_of(timestamp: str | None, extension: str | None, duedate: str | None) -> Times:
    """The times as the gradebook's columns have them."""
    due, more = _date(duedate), _date(extension)
    if due is not None and more is not None:
        due += more - EPOCH
    return Times(_date(timestamp), due)


def _date(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def standings(root: Path, only: tuple[str, str] | None = None) -> dict[tuple[str, str], Standing]:
    """(student, lesson) → what the gradebook holds, for every submission in it, or for `only` one."""
    path = gradebook_path(root)
    if not path.exists():
        return {}
    grades: dict[str, list[GradeRow]] = {}
    comments: dict[str, dict[str, str | None]] = {}
    with closing(sqlite3.connect(path, timeout=READ_PATIENCE)) as connection:
        if not _tables(connection):
            return {}
        connection.execute("BEGIN")  # one state of the gradebook for all three questions
        one = " AND sa.student_id = ? AND a.name = ?" if only else ""
        submissions = connection.execute(SUBMISSIONS + one, only or ()).fetchall()
        if only and not submissions:
            return {}
        ids = [row[0] for row in submissions] if only else []
        for notebook, *row in connection.execute(GRADES.format(where=_of("g", only)), ids):
            grades.setdefault(notebook, []).append(GradeRow(*row))
        for notebook, name, said in connection.execute(COMMENTS.format(where=_of("k", only)), ids):
            comments.setdefault(notebook, {})[name] = said
    return {
        (student, lesson): make_standing(
            grades.get(notebook, ()), comments.get(notebook, {}), penalty, times_of(timestamp, extension, duedate)
        )
        for notebook, student, lesson, penalty, timestamp, extension, duedate in submissions
    }


def _of(table: str, only: tuple[str, str] | None) -> str:
    return f"WHERE {table}.notebook_id = ?" if only else ""


def due_dates(root: Path) -> dict[str, str]:
    """Lesson → its due date as text, of the lessons that have one."""
    path = gradebook_path(root)
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path, timeout=READ_PATIENCE)) as connection:
        if not _tables(connection):
            return {}
        rows = connection.execute("SELECT name, duedate FROM assignment WHERE duedate IS NOT NULL").fetchall()
    return {name: times_of(None, None, duedate).due for name, duedate in rows}


def _tables(connection: sqlite3.Connection) -> bool:
    """Whether there is a gradebook in the file at all: an empty file is none yet."""
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'submitted_notebook'").fetchone()
    return bool(found[0])
