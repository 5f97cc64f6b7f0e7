"""Two gradings held side by side: the gradebook's rows, every product's bytes."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from typing import Any

from autograde.course import Course
from autograde.grading.nbgrader_settings import gradebook_path


def dump(course: Course) -> dict[str, list[Any]]:
    """The gradebook's rows of submissions, names in place of ids that are drawn at random."""
    with closing(sqlite3.connect(gradebook_path(course.root))) as db:
        rows = {
            "students": db.execute("SELECT * FROM student").fetchall(),
            "submissions": db.execute(
                "SELECT a.name, s.student_id, s.timestamp, s.extension, n.name, sn.flagged, sn.late_submission_penalty"
                " FROM submitted_assignment s JOIN assignment a ON a.id = s.assignment_id"
                " JOIN submitted_notebook sn ON sn.assignment_id = s.id JOIN notebook n ON n.id = sn.notebook_id"
            ).fetchall(),
            "grades": db.execute(
                "SELECT s.student_id, c.name, c.type, g.auto_score, g.manual_score, g.extra_credit,"
                " g.needs_manual_grade FROM grade g JOIN base_cell c ON c.id = g.cell_id"
                " JOIN submitted_notebook sn ON sn.id = g.notebook_id"
                " JOIN submitted_assignment s ON s.id = sn.assignment_id"
            ).fetchall(),
            "comments": db.execute(
                "SELECT s.student_id, c.name, c.type, k.auto_comment, k.manual_comment"
                " FROM comment k JOIN base_cell c ON c.id = k.cell_id"
                " JOIN submitted_notebook sn ON sn.id = k.notebook_id"
                " JOIN submitted_assignment s ON s.id = sn.assignment_id"
            ).fetchall(),
        }
    return {name: sorted(found, key=repr) for name, found in rows.items()}


def files(course: Course) -> dict[str, tuple[int, bytes]]:
    """Everything under autograded/ and feedback/: permissions and content."""
    found = {}
    for step in ("autograded", "feedback"):
        folder = course.root / "grading" / step
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                mode = stat.S_IMODE(path.stat().st_mode)
                found[f"{step}/{path.relative_to(folder).as_posix()}"] = (mode, path.read_bytes())
    return found


def products(course: Course) -> dict[str, tuple[int, bytes]]:
    """The same with the tables and the report; not timings.csv, which holds what was measured."""
    tables = ("scores.csv", "outcomes.csv", "report.html")
    return files(course) | {name: (0, (course.root / "grading" / name).read_bytes()) for name in tables}
