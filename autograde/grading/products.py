"""Writes what a class comes to: the tables and the report, of every submission that was ever graded here."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.course import Course
from autograde.grading.records import Record, all_records
from autograde.grading.report import write_report
from autograde.grading.scores import Row, rows_of, write_outcomes, write_scores, write_timings
from autograde.grading.standings import Standing


def write_products(course: Course, graded: Sequence[Record], held: dict[tuple[str, str], Standing]) -> list[Row]:
    """scores.csv, outcomes.csv and report.html of the whole class; returns the rows of this run's submissions."""
    now = {(record.student, record.lesson) for record in graded}
    order = {lesson.key: n for n, lesson in enumerate(course.lessons)}
    everything = [*graded, *(r for r in all_records(course) if (r.student, r.lesson) not in now)]
    everything.sort(key=lambda record: (record.student, order.get(record.lesson, len(order))))
    rows, folder = rows_of(everything, held), course.root / "grading"
    write_scores(rows, folder / "scores.csv")
    write_outcomes(rows, folder / "outcomes.csv")
    write_timings(everything, folder / "timings.csv")
    write_report(course, rows, folder / "report.html")
    return [row for row in rows if (row.student, row.lesson) in now]
