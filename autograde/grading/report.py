"""grading/report.html: the class at a glance, and what it misunderstood. One file, no network, no script."""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote

from autograde.course import Course, Lesson
from autograde.grading.html_page import page, write_whole
from autograde.grading.outcomes import STATUSES, Outcome
from autograde.grading.report_names import names_on_tests
from autograde.grading.report_repairs import put_right
from autograde.grading.scores import Row
from autograde.grading.words import LABELS, SYMBOLS, duration, number

NUMBERS = re.compile(r"[-+]?\d+(?:\.\d+)?(?:e[-+]?\d+)?")
MESSAGES_SHOWN, LONGEST_SHOWN = 3, 400
NAMES_SHOWN = 12  # of students, in a sentence
OPEN_LIST = 25  # a longer list is folded


@dataclass(frozen=True)
class Misunderstanding:
    """One message that students read, numbers aside: an example of it, and who read it."""

    example: str
    students: tuple[str, ...]


def misunderstandings(outcomes: Iterable[tuple[str, Outcome]]) -> list[Misunderstanding]:
    """The messages of wrong answers to one check, most frequent first; messages that differ in numbers only are one.

    outcomes: (student, outcome) of one check.
    """
    seen: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for student, outcome in outcomes:
        if outcome.status not in ("passed", "not_attempted", "grader_error") and outcome.message:
            seen[NUMBERS.sub("#", outcome.message)].append((student, outcome.message))
    found = [
        Misunderstanding(Counter(text for _, text in said).most_common(1)[0][0], tuple(sorted({s for s, _ in said})))
        for said in seen.values()
    ]
    return sorted(found, key=lambda one: (-len(one.students), one.example))


def write_report(course: Course, rows: Sequence[Row], path: Path) -> None:
    """The page, whole or not at all."""
    write_whole(path, report(course, rows))


def report(course: Course, rows: Sequence[Row]) -> str:
    """The whole page. Everything that comes from a student is escaped."""
    lessons = [lesson for lesson in course.lessons if any(row.lesson == lesson.key for row in rows)]
    title = f"{course.name} · the class"
    parts = [
        f'<header class="head"><p class="kicker">Report</p><h1>{escape(title)}</h1></header>',
        _tiles(rows),
        _most_misunderstood(lessons, rows),
        _broken(rows),
        _tampered(rows),
        names_on_tests(rows),
        _to_look_at(rows),
        put_right(rows),
        _grid(lessons, rows),
        *(_lesson(lesson, [row for row in rows if row.lesson == lesson.key]) for lesson in lessons),
    ]
    return page(title, "report.css", parts)


def _tiles(rows: Sequence[Row]) -> str:
    """The five figures that come first."""
    graded = [row for row in rows if not row.broken and row.standing is not None]
    shares = [100 * row.standing.total / row.standing.points for row in graded if row.standing and row.standing.points]
    tiles = [
        (str(len({row.student for row in rows})), "students"),
        (str(len(graded)), "notebooks graded"),
        (f"{statistics.median(shares):.0f} %" if shares else "–", "median score"),
        (str(sum(len(row.waiting) for row in rows)), "answers for a person to look at"),
        (str(sum(row.broken for row in rows)), "could not be graded"),
    ]
    items = "".join(f"<li><strong>{escape(figure)}</strong> {escape(what)}</li>" for figure, what in tiles)
    return f'<ul class="tiles">{items}</ul>'


def _grid(lessons: Sequence[Lesson], rows: Sequence[Row]) -> str:
    """Students × lessons, each score a link to its feedback page."""
    by_place = {(row.student, row.lesson): row for row in rows}
    students = sorted({row.student for row in rows})
    head = "".join(f'<th scope="col">{escape(lesson.number)} · {escape(lesson.title)}</th>' for lesson in lessons)
    lines = []
    for student in students:
        cells = "".join(_grid_cell(by_place.get((student, lesson.key))) for lesson in lessons)
        lines.append(f'<tr><th scope="row">{escape(student)}</th>{cells}</tr>')
    caption = "Each score leads to the student's feedback page"
    return (
        f'<h2>Scores</h2><div class="wide"><table class="grid"><caption>{caption}</caption>'
        f'<thead><tr><th scope="col">Student</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _grid_cell(row: Row | None) -> str:
    if row is None:
        return '<td class="none" title="not handed in">–</td>'
    if row.broken:
        return f'<td><a class="broken" href="#broken-{_anchor(row)}">could not be graded</a></td>'
    if row.standing is None:
        return '<td class="none">not in the gradebook</td>'
    share = 100 * row.standing.total / row.standing.points if row.standing.points else 0.0
    page = "/".join(quote(part, safe="") for part in ("feedback", row.student, row.lesson, f"{row.lesson}.html"))
    score = f"{number(row.standing.total)} / {number(row.standing.points)}"
    notes = [f"late: {duration(row.standing.late)}"] if row.standing.late else []
    if row.waiting:
        notes.append(f"{len(row.waiting)} to look at")
    if row.record.notes:
        notes.append("mended")
    said = f" <small>{', '.join(notes)}</small>" if notes else ""
    bar = f'<span class="meter small" aria-hidden="true"><span style="width:{min(100.0, share):.1f}%"></span></span>'
    return f'<td><a href="{page}">{score}</a>{said}{bar}</td>'


def _anchor(row: Row) -> str:
    """A name for a link to a row that holds nothing but letters, digits and dashes."""
    return "".join(c if c.isascii() and c.isalnum() else f"-{ord(c):x}-" for c in f"{row.student}-{row.lesson}")


def _lesson(lesson: Lesson, rows: Sequence[Row]) -> str:
    """One lesson: for each check how it ended for the class, and the messages that most students read."""
    checks: dict[str, list[tuple[str, Outcome]]] = {}
    for row in rows:
        for outcome in row.record.outcomes:
            checks.setdefault(outcome.check, []).append((row.student, outcome))
    if not checks:
        return ""
    used = [status for status in STATUSES if any(o.status == status for found in checks.values() for _, o in found)]
    keys = "".join(f'<li><span class="key {status}">{SYMBOLS[status]}</span> {LABELS[status]}</li>' for status in used)
    body = "".join(_check(found) for found in checks.values())
    return (
        f'<section class="lesson-report"><h2>{escape(lesson.number)} · {escape(lesson.title)}</h2>'
        f'<ul class="legend">{keys}</ul><div class="checks">{body}</div></section>'
    )


def _most_misunderstood(lessons: Sequence[Lesson], rows: Sequence[Row]) -> str:
    """The messages that the most students read, over all lessons: those that at least two read, five at most."""
    found = []
    for lesson in lessons:
        checks: dict[str, list[tuple[str, Outcome]]] = defaultdict(list)
        for row in rows:
            for outcome in row.record.outcomes if row.lesson == lesson.key else ():
                checks[outcome.check].append((row.student, outcome))
        found += [(len(one.students), lesson, one) for said in checks.values() for one in misunderstandings(said)]
    shared = sorted((entry for entry in found if entry[0] > 1), key=lambda entry: (-entry[0], entry[1].key))[:5]
    if not shared:
        return ""
    items = "".join(
        f"<li><strong>{count} students</strong><p>{escape(_short(one.example))} "
        f'<span class="where">{escape(lesson.number)} · {escape(_some(one.students))}</span></p></li>'
        for count, lesson, one in shared
    )
    return f'<section><h2>What the class misunderstood</h2><ul class="messages top">{items}</ul></section>'


def _some(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    more = len(names) - NAMES_SHOWN
    return ", ".join(names[:NAMES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + " …"


def _check(found: list[tuple[str, Outcome]]) -> str:
    """A bar of outcomes and the most frequent messages of one check."""
    first = found[0][1]
    counts = Counter(outcome.status for _, outcome in found)
    order = [status for status in STATUSES if counts[status]]
    said = ", ".join(f"{counts[status]} {LABELS[status]}" for status in order)
    pieces = "".join(
        f'<span class="{status}" style="flex-grow:{counts[status]}" title="{counts[status]} {LABELS[status]}">'
        f"{SYMBOLS[status]} {counts[status]}</span>"
        for status in order
    )
    scores = [outcome.score for _, outcome in found if outcome.score is not None]
    mean = f"{number(statistics.fmean(scores))} of {number(first.points)} on average" if scores else ""
    return (
        f'<article><div class="check"><h3>{escape(first.title)}</h3>'
        f'<div class="bar-of-outcomes" role="img" aria-label="{escape(first.title)}: {said}">{pieces}</div>'
        f'<p class="mean">{mean}</p></div>{_messages(misunderstandings(found), len(found))}</article>'
    )


def _messages(found: list[Misunderstanding], students: int) -> str:
    """What was misunderstood, at most three messages; the students' names folded away."""
    items = []
    for one in found[:MESSAGES_SHOWN]:
        names = escape(", ".join(one.students))
        who = f"{len(one.students)} of {students}"
        items.append(
            f"<li><details><summary>{who}</summary><p>{names}</p></details><p>{escape(_short(one.example))}</p></li>"
        )
    rest = len(found) - MESSAGES_SHOWN
    more = f'<p class="more">and {rest} more message{"" if rest == 1 else "s"}</p>' if rest > 0 else ""
    return f'<ul class="messages">{"".join(items)}</ul>{more}' if items else ""


def _tampered(rows: Sequence[Row]) -> str:
    """Whose checks ended as tampered with, and where to read on."""
    items = "".join(
        f"<li><strong>{escape(row.student)}</strong>, {escape(row.lesson)}: {escape(', '.join(row.tampered))}</li>"
        for row in rows
        if row.tampered
    )
    what = "While these checks ran, the student’s process sent what no code of this course sends. They earn nothing."
    what += (
        " Read the notebook in <code>grading/autograded/</code>; if it was an accident, give the points in formgrader."
    )
    return f'<section><h2>Tampered with</h2><p>{what}</p><ul class="plain">{items}</ul></section>' if items else ""


def _to_look_at(rows: Sequence[Row]) -> str:
    """What waits for a person, and where to do it."""
    waiting = [row for row in rows if row.waiting]
    if not waiting:
        return ""
    items = "".join(
        f"<li><strong>{escape(row.student)}</strong>, {escape(row.lesson)}: {escape(', '.join(row.waiting))}</li>"
        for row in waiting
    )
    how = "Open formgrader (<code>jupyter lab</code>, then Nbgrader → Formgrader → Manual Grading) and give the scores;"
    how += " then run <code>autograde grade</code> again, which writes the feedback pages anew."
    listed = f'<ul class="plain">{items}</ul>'
    if len(waiting) > OPEN_LIST:
        listed = f"<details><summary>{_counted(waiting)}</summary>{listed}</details>"
    return f"<section><h2>For a person to look at</h2><p>{how}</p>{listed}</section>"


def _counted(waiting: Sequence[Row]) -> str:
    """How many notebooks wait, lesson by lesson."""
    lessons = Counter(row.lesson for row in waiting)
    return escape(", ".join(f"{count} of {lesson}" for lesson, count in sorted(lessons.items())))


def _broken(rows: Sequence[Row]) -> str:
    """What could not be graded, why, and what to do."""
    items = "".join(
        f'<li id="broken-{_anchor(row)}"><strong>{escape(row.student)}</strong>, {escape(row.lesson)}: '
        f"{escape(row.record.reason)}.<br>What to do: {escape(row.record.mend)}.</li>"
        for row in rows
        if row.broken
    )
    return f'<section><h2>Could not be graded</h2><ul class="plain">{items}</ul></section>' if items else ""
