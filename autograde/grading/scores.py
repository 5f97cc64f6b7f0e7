"""The class in two tables for a spreadsheet: scores.csv (a row a student and lesson), outcomes.csv (a row a check)."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.grading.outcomes import STATUSES
from autograde.grading.records import BROKEN, Record
from autograde.grading.standings import Standing
from autograde.grading.words import LABELS, number

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")  # what makes a spreadsheet read a cell as a formula


@dataclass(frozen=True)
class Row:
    """A student's lesson as it stands: the last run's record, and what the gradebook holds (None: nothing)."""

    record: Record
    standing: Standing | None

    @property
    def student(self) -> str:
        return self.record.student

    @property
    def lesson(self) -> str:
        return self.record.lesson

    @property
    def broken(self) -> bool:
        """Whether this submission could not be graded."""
        return self.record.status == BROKEN

    @property
    def waiting(self) -> list[str]:
        """Names of cells that a person has to look at."""
        return self.standing.waiting if self.standing is not None else []

    @property
    def tampered(self) -> list[str]:
        """Names of checks that ended as tampered with: evidence that a person should read."""
        return [outcome.title for outcome in self.record.outcomes if outcome.status == "tampered"]

    def counted(self, status: str) -> int:
        """How many checks ended so."""
        return sum(1 for outcome in self.record.outcomes if outcome.status == status)


def rows_of(records: Iterable[Record], held: dict[tuple[str, str], Standing]) -> list[Row]:
    """Each record with what the gradebook holds for it."""
    return [Row(record, held.get((record.student, record.lesson))) for record in records]


def safe(text: object) -> str:
    """Text that no spreadsheet takes for a formula; numbers are passed as numbers and not through here."""
    shown = str(text).replace("\x00", "")
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def write_scores(rows: Sequence[Row], path: Path) -> None:
    """A row for each student and lesson. Scores are the gradebook's: what people gave, late penalties taken off."""
    head = ["student", "lesson", "state", "score", "points", "late_penalty", *STATUSES, "to_look_at", "reason"]
    body = []
    for row in rows:
        standing = row.standing
        scores = ["", "", ""]
        if standing is not None:
            scores = [number(standing.total), number(standing.points), number(standing.penalty)]
        counts = [row.counted(status) for status in STATUSES]
        state = "could not be graded" if row.broken else "to look at" if row.waiting else "graded"
        body.append([safe(row.student), row.lesson, state, *scores, *counts, len(row.waiting), safe(row.record.reason)])
    _write(path, head, body)


def write_outcomes(rows: Sequence[Row], path: Path) -> None:
    """A row for each check: how it ended, what the autograder gave, what stands in the gradebook, the message."""
    head = ["student", "lesson", "check", "outcome", "auto_score", "score", "points", "by_hand", "message"]
    body = []
    for row in rows:
        for outcome in row.record.outcomes:
            cell = row.standing.cells.get(outcome.check) if row.standing is not None else None
            auto = "" if outcome.score is None else number(outcome.score)
            stands = [number(cell.score), number(cell.points), int(cell.by_hand)] if cell else ["", "", ""]
            known = [safe(row.student), row.lesson, outcome.check, LABELS[outcome.status], auto, *stands]
            body.append([*known, safe(outcome.message)])
    _write(path, head, body)


def write_timings(records: Iterable[Record], path: Path) -> None:
    """A row a submission (`check` is empty), then one for each of its checks: what was measured when it was run."""
    head = ["student", "lesson", "check", "seconds", "floor", "peak_bytes"]
    body: list[list[object]] = []
    for record in records:
        if record.status == BROKEN:
            continue
        known, took = [safe(record.student), record.lesson], record.timings
        body.append([*known, "", took.seconds, took.floor, took.peak_bytes or ""])
        body += [[*known, outcome.check, outcome.seconds, outcome.seconds, ""] for outcome in record.outcomes]
    _write(path, head, body)


def _write(path: Path, head: list[str], body: list[list[object]]) -> None:
    """The file whole or not at all, in UTF-8 with a mark that spreadsheets know it by."""
    part = path.with_suffix(".part")
    with part.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(head)
        writer.writerows(body)
    os.replace(part, path)
