"""What `autograde grade` prints: a table of the class, what could not be graded, what waits for a person."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from autograde.grading.outcomes import STATUSES
from autograde.grading.scores import Row
from autograde.grading.words import LABELS, PLAIN_SYMBOLS, duration, number

MOST_LINES = 60  # submissions that are listed one by one
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def printable(text: object, most: int = 200) -> str:
    """Text that cannot move the cursor or turn the line around, of bounded length."""
    shown = CONTROL.sub("?", str(text))
    return shown if len(shown) <= most else shown[: most - 1] + "…"


def class_table(rows: Sequence[Row]) -> str:
    """A line for each student and lesson: score, a sign for each check in the lesson's order, what is special.

    A class that no screen holds gets a line a lesson: the report has the rest.
    """
    if len(rows) > MOST_LINES:
        return _summary(rows)
    head = ("student", "lesson", "score", "checks", "")
    body = [_line(row) for row in rows]
    widths = [max(len(line[column]) for line in (head, *body)) for column in range(4)]
    rule = "-" * (sum(widths) + 6 + max((len(line[4]) for line in body), default=0) + 2)
    lines = [_join(head, widths), rule, *(_join(line, widths) for line in body), rule]
    return "\n".join(line.rstrip() for line in lines)


def _summary(rows: Sequence[Row]) -> str:
    """How a large class did in each lesson."""
    lines = []
    for lesson in dict.fromkeys(row.lesson for row in sorted(rows, key=lambda row: row.lesson)):
        theirs = [row for row in rows if row.lesson == lesson]
        held = [row.standing for row in theirs if row.standing is not None and row.standing.points and not row.broken]
        shares = [100 * standing.total / standing.points for standing in held]
        said = [
            f"{len(held)} notebooks graded"
            + (f", half of them above {statistics.median(shares):.0f} %" if held else "")
        ]
        broken, waiting = sum(row.broken for row in theirs), sum(bool(row.waiting) for row in theirs)
        said += [f"{broken} could not be graded"] if broken else []
        said += [f"{waiting} to look at"] if waiting else []
        lines.append(f"{lesson}  {', '.join(said)}")
    return "\n".join(lines)


def _line(row: Row) -> tuple[str, str, str, str, str]:
    if row.broken:
        return printable(row.student, 24), row.lesson, "-", "", "could not be graded, see below"
    score = ""
    if row.standing is not None:
        score = f"{number(row.standing.total)}/{number(row.standing.points)}"
    signs = "".join(PLAIN_SYMBOLS[outcome.status] for outcome in row.record.outcomes)
    said = []
    if row.standing is not None and row.standing.late:
        said.append(f"late: {duration(row.standing.late)}")
    if row.waiting:
        said.append(f"{len(row.waiting)} to look at")
    if row.tampered:
        said.append("tampered with: see the report")
    if row.record.notes:
        said.append("mended")
    return printable(row.student, 24), row.lesson, score, signs, ", ".join(said)


def _join(line: Sequence[str], widths: Sequence[int]) -> str:
    student, lesson, score, checks, said = line
    columns = [student.ljust(widths[0]), lesson.ljust(widths[1]), score.rjust(widths[2]), checks.ljust(widths[3])]
    return "  ".join([*columns, said])


def legend(rows: Sequence[Row]) -> str:
    """What the signs mean, those that occur."""
    used = {outcome.status for row in rows for outcome in row.record.outcomes}
    return "  ".join(f"{PLAIN_SYMBOLS[status]} {LABELS[status]}" for status in STATUSES if status in used)


def broken_list(rows: Sequence[Row]) -> str:
    """Each submission that could not be graded: why, and what to do."""
    broken = [row for row in rows if row.broken]
    lines = []
    for row in broken[:MOST_LINES]:
        lines.append(f"  {printable(row.student)}, {row.lesson}: {printable(row.record.reason, 400)}")
        lines.append(f"      {printable(row.record.mend, 400)}")
    if len(broken) > MOST_LINES:
        lines.append(f"  and {len(broken) - MOST_LINES} more: see the report")
    return "\n".join(lines)
