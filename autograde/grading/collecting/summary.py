"""What came of collecting, for a spreadsheet (grading/collected/summary.csv, students.csv) and for the terminal."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from autograde.course import Course
from autograde.grading.collecting.entries import Refused
from autograde.grading.collecting.journal import NO_NOTEBOOK, PLACED, REFUSED, Journal, collected_folder
from autograde.grading.collecting.people import People
from autograde.grading.collecting.rows import LOST, NEW, NEWER, OLDER, SAME, UNCLEAR, Row
from autograde.grading.collecting.unowned import unsettled
from autograde.grading.folders import write_whole
from autograde.grading.scores import safe
from autograde.grading.terminal import MOST_LINES, printable
from autograde.grading.words import duration

NOTHING = "nothing handed in"
STATES = (NEW, NEWER, SAME, OLDER, UNCLEAR, NO_NOTEBOOK, LOST, REFUSED, NOTHING)
HEAD = (
    "lesson", "student", "name", "state", "handed_in", "late", "attempts", "file", "from", "evidence", "remarks",
    "what_to_do", "folder",
)  # fmt: skip


def lateness(row: Row, due: datetime | None) -> str:
    """ "2 hours", "marked late" where only the platform's mark tells, "" for in time and where nothing is known."""
    if row.submitted is not None and due is not None:
        seconds = (row.submitted - due).total_seconds()
        return duration(seconds) if seconds > 0 else ""
    return "marked late" if row.late else ""


def due_date(course: Course, lesson: str) -> datetime | None:
    """The lesson's due date in the gradebook, in UTC; None where there is none, or no gradebook that can be read."""
    import sqlite3

    from autograde.grading.standings import due_dates

    try:
        text = due_dates(course.root).get(lesson, "")
        when = datetime.fromisoformat(text) if text else None
    except (sqlite3.DatabaseError, ValueError):
        return None
    return when.replace(tzinfo=UTC) if when is not None and when.tzinfo is None else when


def complete(rows: Sequence[Row], refused: Iterable[Refused], people: People | None, known: set[str]) -> list[Row]:
    """The rows with a row for each file that was refused, and for each of the roster who handed in nothing (yet)."""
    made = list(rows)
    for one in refused:
        shown = one.path or "all of it"
        made.append(Row(REFUSED, source=one.source, member=shown, remarks=[one.reason], mend=one.mend))
    there = {row.student for row in rows} | known
    for student in people.students.values() if people else ():
        if student.id not in there:
            made.append(Row(NOTHING, student.id, student.name))
    return made


def earlier_rows(journal: Journal, lesson: str, now: Iterable[Row]) -> list[Row]:
    """What earlier runs collected and this one did not touch."""
    there = {row.student for row in now if row.student}
    lost = {row.folder for row in now if row.state == LOST}
    latest = {entry["student"]: entry for entry in journal.of_lesson(lesson, NO_NOTEBOOK)}
    latest |= {entry["student"]: entry for entry in journal.of_lesson(lesson, PLACED)}
    made = [_row(NO_NOTEBOOK if e["what"] == NO_NOTEBOOK else NEW, e) for s, e in latest.items() if s not in there]
    for entry in unsettled(journal, lesson):
        if entry["place"] not in lost:
            made.append(_row(LOST, entry))
            made[-1].folder = str(entry["place"])
            made[-1].remarks.insert(0, str(entry.get("reason", "")))
            made[-1].mend = str(entry.get("mend", ""))
    return made


def _row(state: str, entry: dict[str, Any]) -> Row:
    said = entry.get("submitted")
    return Row(
        state,
        student=str(entry.get("student", "")),
        name=str(entry.get("name", "")),
        folder=str(entry.get("folder", "")),
        submitted=datetime.fromisoformat(said) if said else None,
        late=bool(entry.get("late")),
        attempts=1,
        source=str(entry.get("source", "")),
        member=str(entry.get("member", "")),
        evidence=str(entry.get("evidence", "")),
        remarks=[str(remark) for remark in entry.get("remarks", [])],
    )


def write_tables(course: Course, rows: Mapping[str, Sequence[Row]], due: Mapping[str, datetime | None]) -> Path:
    """summary.csv: all lessons' rows; students.csv: which id has which folder."""
    folder = collected_folder(course)
    lines: list[Sequence[object]] = []
    students: dict[str, tuple[str, str]] = {}
    for lesson in sorted(rows):
        for row in sorted(rows[lesson], key=lambda row: (row.student == "", row.student, row.source, row.member)):
            lines.append(_line(lesson, row, due.get(lesson)))
            if row.student and row.folder:
                students[row.student] = (row.folder, row.name)
    _write(folder / "summary.csv", HEAD, lines)
    known = [(cell(identity), cell(name), cell(place)) for identity, (place, name) in sorted(students.items())]
    _write(folder / "students.csv", ("student", "name", "folder"), known)
    return folder / "summary.csv"


def _line(lesson: str, row: Row, due: datetime | None) -> list[object]:
    when = f"{row.submitted.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if row.submitted else ""
    texts = [row.member, row.source, row.evidence, "; ".join(row.remarks), row.mend, row.folder]
    who = [lesson, cell(row.student), cell(row.name), row.state, when, lateness(row, due), row.attempts or ""]
    return [*who, *(cell(text) for text in texts)]


def cell(text: str) -> str:
    """Text for a spreadsheet: one line, and no formula, not even behind what other countries' cells end with."""
    line = "".join(c if c.isprintable() or c == " " else "?" for c in text)
    return safe(re.sub(r"([;,|]\s*)(?=[=+\-@])", r"\1'", line))


def _write(path: Path, head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows(lines)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, text.getvalue().encode("utf-8-sig", "replace"))


def table(rows: Sequence[Row], due: datetime | None) -> str:
    """A line for each student; for a class that no screen holds only the counts."""
    counts = Counter(row.state for row in rows)
    total = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]) or "nothing was found"
    people = [row for row in rows if row.student and row.state != NOTHING]
    if not people or len(people) > MOST_LINES:
        return total
    head = ("student", "what became of it", "handed in (UTC)", "late", "")
    body = [_shown(row, due) for row in sorted(people, key=lambda row: row.student)]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(4)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, (*widths, 0), strict=True)) for line in (head, *body)
    ]
    rule = "-" * min(110, max(len(line) for line in lines))
    return "\n".join(line.rstrip() for line in [lines[0], rule, *lines[1:], rule, total])


def _shown(row: Row, due: datetime | None) -> tuple[str, str, str, str, str]:
    who = printable(row.student, 28)
    when = f"{row.submitted.astimezone(UTC):%Y-%m-%d %H:%M}" if row.submitted else ""
    said = [f"{row.attempts} attempts"] if row.attempts > 1 else []
    return who, row.state, when, lateness(row, due), printable("; ".join([*said, *row.remarks]), 160)


def to_do(rows: Sequence[Row]) -> str:
    """What a person has to look at: each with why, and what to do."""
    waiting = [row for row in rows if row.state in (LOST, UNCLEAR, NO_NOTEBOOK, REFUSED)]
    lines = []
    for row in waiting[:MOST_LINES]:
        what = f"{row.student} ({row.member})" if row.student else f"{Path(row.source).name}: {row.member}"
        lines.append(f"  {row.state}: {printable(what, 160)}: {printable('; '.join(row.remarks), 300)}")
        lines.append(f"      {printable(row.mend, 300)}")
    if len(waiting) > MOST_LINES:
        lines.append(f"  and {len(waiting) - MOST_LINES} more: see summary.csv")
    return "\n".join(lines)
