"""Writes one submission's rows into the gradebook, in one transaction, by the tables of nbgrader's own model.

What nbgrader's autograde does in some sixty statements and a commit for each cell: the student, the submission with its
time of handing in, a grade for each graded cell, nbgrader's own comments, the late penalty. What a person gave (a
manual score, extra credit, a comment, an extension) is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from autograde.course import CourseError
from autograde.grading.finishing import Scores
from autograde.grading.gradebook import SILENCE, KnownLesson, Waiting, opened, unusable
from autograde.grading.nbgrader_settings import gradebook_path, gradebook_url
from autograde.grading.standings import GradeRow, Standing, Times, make_standing

Penalty = Callable[[str, float, float], float | None]  # student, score, seconds late → points taken off


class GradebookWriter:
    """One open connection to the gradebook. A transaction holds it for milliseconds, so that formgrader works on."""

    def __init__(self, root: Path) -> None:
        from nbgrader import api
        from sqlalchemy import create_engine

        self.path = gradebook_path(root)
        with opened(root):
            pass  # makes it where there is none
        self.engine = create_engine(gradebook_url(root), connect_args={"timeout": SILENCE})
        self.connection = self.engine.connect()
        self.api = api

    def close(self) -> None:
        """Let go of the gradebook."""
        self.connection.close()
        self.engine.dispose()

    def write(
        self, lesson: KnownLesson, student: str, handed_in: datetime | None, scores: Scores, penalty: Penalty
    ) -> Standing:
        """Write one submission's rows, all or none; returns what the gradebook then holds.

        handed_in: None leaves the time that the gradebook has. Waits for another program's write; raises CourseError
        where it does not end, or the gradebook cannot be written.
        """
        from sqlalchemy.exc import OperationalError

        waiting = Waiting(self.path)
        while True:
            try:
                self.connection.exec_driver_sql("BEGIN IMMEDIATE")
                standing = self._rows(lesson, student, handed_in, scores, penalty)
                self.connection.commit()
                return standing
            except OperationalError as error:
                self.connection.rollback()
                if not waiting.goes_on(error):
                    raise CourseError(unusable(self.path, error)) from error
            except BaseException:
                self.connection.rollback()
                raise

    def _rows(
        self, lesson: KnownLesson, student: str, handed_in: datetime | None, scores: Scores, penalty: Penalty
    ) -> Standing:
        self._student(student)
        submission, times = self._submission(lesson, student, handed_in)
        notebook = self._notebook(lesson, submission)
        rows = self._grades(lesson, notebook, scores)
        comments = self._comments(lesson, notebook, scores)
        score = sum(row.score for row in rows)
        off = checked_penalty(penalty(student, score, times.late), score) if times.late > 0 else None
        table = self.api.SubmittedNotebook.__table__
        self._run(table.update().where(table.c.id == notebook).values(late_submission_penalty=off))
        return make_standing(rows, comments, off, times)

    def _run(self, statement: Any, rows: list[dict[str, Any]] | None = None) -> Any:
        return self.connection.execute(statement, rows) if rows else self.connection.execute(statement)

    def _student(self, student: str) -> None:
        table = self.api.Student.__table__
        if self._run(table.select().where(table.c.id == student)).first() is None:
            self._run(table.insert().values(id=student))

    def _submission(self, lesson: KnownLesson, student: str, handed_in: datetime | None) -> tuple[str, Times]:
        """The submission's id, and its times, the student's extension and the lesson's due date as they are now."""
        table, lessons = self.api.SubmittedAssignment.__table__, self.api.Assignment.__table__
        due = self._run(lessons.select().where(lessons.c.id == lesson.assignment)).one().duedate
        found = self._run(
            table.select().where(table.c.assignment_id == lesson.assignment, table.c.student_id == student)
        ).first()
        if found is None:
            new = table.insert().values(assignment_id=lesson.assignment, student_id=student, timestamp=handed_in)
            return self._run(new).inserted_primary_key[0], Times(handed_in, due)
        if handed_in is not None and handed_in != found.timestamp:
            self._run(table.update().where(table.c.id == found.id).values(timestamp=handed_in))
        if due is not None and found.extension is not None:
            due += found.extension
        return found.id, Times(handed_in or found.timestamp, due)

    def _notebook(self, lesson: KnownLesson, submission: str) -> str:
        table = self.api.SubmittedNotebook.__table__
        found = self._run(
            table.select().where(table.c.notebook_id == lesson.notebook, table.c.assignment_id == submission)
        ).first()
        if found is not None:
            return str(found.id)
        new = table.insert().values(notebook_id=lesson.notebook, assignment_id=submission, flagged=False)
        return str(self._run(new).inserted_primary_key[0])

    def _grades(self, lesson: KnownLesson, notebook: str, scores: Scores) -> list[GradeRow]:
        """A row for each graded cell of the lesson. One that a person has scored asks for a second look."""
        table = self.api.Grade.__table__
        held = {row.cell_id: row for row in self._held(table, notebook, [cell for cell, _ in lesson.graded.values()])}
        rows, new, changed = [], [], []
        for name, (cell, points) in lesson.graded.items():
            row, told = held.get(cell), name in scores.grades
            manual, extra = (row.manual_score, row.extra_credit) if row is not None else (None, None)
            auto = scores.grades[name] if told else (row.auto_score if row is not None else None)
            waiting = manual is not None or auto is None or name in scores.doubted
            if row is not None and not told:
                waiting = bool(row.needs_manual_grade)
            rows.append(GradeRow(name, auto, manual, extra, waiting, points))
            values = {"auto_score": auto, "needs_manual_grade": waiting}
            if row is None:
                new.append({"cell_id": cell, "notebook_id": notebook, **values})
            elif (row.auto_score, bool(row.needs_manual_grade)) != (auto, waiting):
                changed.append((row.id, values))
        if new:
            self._run(table.insert(), new)
        for identity, values in changed:
            self._run(table.update().where(table.c.id == identity).values(**values))
        return rows

    def _comments(self, lesson: KnownLesson, notebook: str, scores: Scores) -> dict[str, str | None]:
        """A row for each answer; nbgrader's own word on it where there is one. What a person said stays."""
        table = self.api.Comment.__table__
        held = {row.cell_id: row for row in self._held(table, notebook, list(lesson.commented.values()))}
        said, new = {}, []
        for name, cell in lesson.commented.items():
            row = held.get(cell)
            auto = scores.comments[name] if name in scores.comments else (row.auto_comment if row is not None else None)
            said[name] = row.manual_comment if row is not None and row.manual_comment is not None else auto
            if row is None:
                new.append({"cell_id": cell, "notebook_id": notebook, "auto_comment": auto})
            elif row.auto_comment != auto:
                self._run(table.update().where(table.c.id == row.id).values(auto_comment=auto))
        if new:
            self._run(table.insert(), new)
        return said

    def _held(self, table: Any, notebook: str, cells: list[str]) -> list[Any]:
        """The rows of these cells in this submission, found by the table's own index on (cell, notebook)."""
        found = self._run(table.select().where(table.c.cell_id.in_(cells), table.c.notebook_id == notebook))
        return list(found.all())


def checked_penalty(penalty: float | None, score: float) -> float | None:
    """nbgrader's bounds: a late penalty is neither below zero nor above the score."""
    if penalty is None or 0.0 <= penalty <= score:
        return penalty
    return 0.0 if penalty < 0.0 else score
