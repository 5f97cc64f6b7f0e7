"""`autograde grade my_notebook.ipynb`: one file graded for whoever has it, without a class or a gradebook.

Finds the lesson by the notebook's own cells, judges it, prints what each check found and writes the feedback page
beside the file. Needs the built source/ of the course; changes nothing but that page.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

import autograde
from autograde.course import Course, CourseError, load_course
from autograde.grading.cells import grade_id, kind_of, points_of, title_of
from autograde.grading.finishing import NO_RESPONSE
from autograde.grading.intake import BrokenSubmission, names_of, read_submission
from autograde.grading.limits import Limits
from autograde.grading.mending import cell_name, check_lesson, mend, notes_of, read_pair
from autograde.grading.outcomes import Outcome, auto_score
from autograde.grading.repairs import doubt_of
from autograde.grading.run import grade_notebook
from autograde.grading.submissions import files_beside
from autograde.grading.terminal import printable
from autograde.grading.words import PLAIN_SYMBOLS, number, points_text

NARROWEST, WIDEST = 60, 110  # columns of the table


@dataclass(frozen=True)
class Graded:
    """One file that was graded: the executed notebook, the outcome of each check, and where its page is."""

    path: Path
    lesson: str
    nb: NotebookNode
    outcomes: list[Outcome]
    page: Path


def course_around(named: Path | None, files: Sequence[Path]) -> Course:
    """The course named, or around the working directory, around the first file, or that this package stands in."""
    if named is not None:
        return load_course(named)
    for start in (Path.cwd(), files[0].resolve().parent, Path(autograde.__file__).resolve().parents[1]):
        if any((folder / "course.toml").is_file() for folder in (start, *start.parents)):
            return load_course(_root(start))
    return load_course()


def _root(start: Path) -> Path:
    return next(folder for folder in (start, *start.parents) if (folder / "course.toml").is_file())


def grade_files(course: Course, files: Sequence[Path], lesson: str | None, limits: Limits) -> int:
    """Grade each file, print its table; 1 where a file could not be graded. Raises CourseError for a broken course."""
    failed = 0
    for path in files:
        if sys.stderr.isatty():
            print(f"grading {path} …", file=sys.stderr, flush=True)
        try:
            print(table(course, grade_file(course, path, lesson, limits)), flush=True)
        except BrokenSubmission as error:
            failed += 1
            said = f"error: {path}: {printable(error.reason, 400)}\n    {printable(_to_oneself(error.mend), 400)}"
            print(said, file=sys.stderr, flush=True)
    return int(failed > 0)


def _to_oneself(mend: str) -> str:
    """What to do, said to whoever has the notebook."""
    for words in ("ask the student to ", " and hand that in", " and hand it in again", ", if it is this student's"):
        mend = mend.replace(words, "")
    return mend


def grade_file(course: Course, path: Path, lesson: str | None, limits: Limits) -> Graded:
    """Grade one file and write its page. lesson: its key, None to find it. Raises BrokenSubmission, CourseError."""
    submitted = read_submission(path)
    key = course.lesson(lesson).key if lesson else lesson_of(course, submitted)
    from autograde.grading.grade import check_built

    check_built(course, key)
    source, release = read_pair(course.source(key), course.release(key))
    check_lesson(submitted, source, key)
    nb = mend(submitted, source, release)
    data = files_beside(course.source(key).parent)  # not what lies around the file: that may be a folder of downloads
    outcomes = grade_notebook(nb, data, limits, lesson_files=data)
    page = path.with_name(f"{path.stem}.feedback.html")
    page.write_text(feedback_page(course, key, nb, path.stem, untouched(nb, release or source)), encoding="utf-8")
    return Graded(path, key, nb, outcomes, page)


def lesson_of(course: Course, submitted: NotebookNode) -> str:
    """The lesson whose exercises this notebook holds, the most of them. Raises BrokenSubmission, CourseError."""
    built = [lesson.key for lesson in course.lessons if course.source(lesson.key).is_file()]
    if not built:
        raise CourseError(f"no lesson is built in {course.root}. Run: autograde build")
    there = {name for cell in submitted.cells for name in names_of(cell)}
    shared = {key: len(there & _graded_names(course.source(key))) for key in built}
    best = max(shared, key=lambda key: shared[key])
    if shared[best]:
        return best
    left_out = [lesson.key for lesson in course.lessons if lesson.key not in built]
    also = f" ({', '.join(left_out)} not built: run autograde build)" if left_out else ""
    reason = f"the notebook holds no exercise of {', '.join(built)}{also}"
    raise BrokenSubmission(reason, "is it a notebook of this course? Name its lesson with --lesson KEY if it is")


def _graded_names(source: Path) -> set[str]:
    try:
        cells = nbformat.read(source, as_version=4).cells
    except Exception as error:  # nbformat raises several kinds on a file that is no notebook
        raise CourseError(f"{source} cannot be read ({error}). Run: autograde build") from error
    return {cell_name(cell) for cell in cells if kind_of(cell) in ("exercise", "check", "written")}


def untouched(nb: NotebookNode, release: NotebookNode) -> set[str]:
    """Names of the written answers that are as they were handed out."""
    given = {grade_id(cell): cell.source for cell in release.cells if kind_of(cell) == "written"}
    return {
        grade_id(cell) for cell in nb.cells if kind_of(cell) == "written" and cell.source == given.get(grade_id(cell))
    }


def feedback_page(course: Course, key: str, nb: NotebookNode, who: str, empty: set[str]) -> str:
    """The page that a student of a class would get, from the outcomes alone: nobody reads what is written.

    empty: names of written answers that were left as they were.
    """
    from autograde.grading.feedback import title_of_lesson
    from autograde.grading.pages import Page, PageMaker
    from autograde.grading.standings import GradeRow, Times, make_standing

    rows, comments = [], dict[str, str | None]()
    for cell in nb.cells:
        name = grade_id(cell)
        if kind_of(cell) == "check" and name:
            score = auto_score(cell)
            rows.append(GradeRow(name, score, None, None, score is None or bool(doubt_of(cell)), points_of(cell)))
        elif kind_of(cell) == "written" and name:
            rows.append(GradeRow(name, 0.0, None, None, False, 0.0))  # no part of the score, as in the table
        if name:
            comments[name] = NO_RESPONSE if name in empty else None
    standing = make_standing(rows, comments, None, Times(None, None))
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / f"{key}.ipynb"
        notebook.write_text(json.dumps(nb), encoding="utf-8")
        page = Page(who, key, title_of_lesson(course.root, key), notebook, Path(folder), standing, {})
        return PageMaker(course.root).html(page)


def table(course: Course, graded: Graded) -> str:
    """What each check found, for a terminal: sign, name, points, and the message of what is not right yet."""
    lesson = course.lesson(graded.lesson)
    width = min(WIDEST, max(NARROWEST, shutil.get_terminal_size((WIDEST, 24)).columns))
    lines = [f"{graded.path}: {lesson.number} · {lesson.title}"]
    lines += [f"  {printable(note, 400)}" for note in notes_of(graded.nb)]
    found = {outcome.check: outcome for outcome in graded.outcomes}
    cells = [cell for cell in graded.nb.cells if kind_of(cell) in ("check", "written") and grade_id(cell)]
    names = max((len(title_of(cell)) for cell in cells), default=0)
    for cell in cells:
        lines += _rows(cell, found.get(grade_id(cell)), names, width)
    score = sum(outcome.score or 0.0 for outcome in graded.outcomes)
    total = sum(outcome.points for outcome in graded.outcomes)
    lines.append(f"  {number(score)} of {number(total)} points{_left_open(graded)}")
    lines.append(f"  feedback: {graded.page}")
    return "\n".join(lines)


def _rows(cell: NotebookNode, outcome: Outcome | None, names: int, width: int) -> list[str]:
    """The lines of one check, or of one written answer."""
    title, most = title_of(cell).ljust(names), points_of(cell)
    if outcome is None:
        return [f"  {PLAIN_SYMBOLS['written']} {title}  a written answer, worth {number(most)}: no machine reads it"]
    points = "?" if outcome.score is None else points_text(outcome.score, most)
    lines = [f"  {PLAIN_SYMBOLS[outcome.status]} {title}  {points}"]
    if outcome.status != "passed":
        for part in outcome.message.splitlines():
            lines += textwrap.wrap(printable(part, 2000), width, initial_indent="      ", subsequent_indent="      ")
    return lines


def _left_open(graded: Graded) -> str:
    waiting = sum(outcome.score is None for outcome in graded.outcomes)
    if not waiting:
        return ""
    return f" ({waiting} could not be judged: see the message{'s' if waiting > 1 else ''} above)"
