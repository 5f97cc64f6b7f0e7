"""`autograde grade`: from what students handed in to scores, feedback and a report, in one command."""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from nbformat import NotebookNode

from autograde.course import Course, CourseError, load_course
from autograde.grading.cells import grade_id, kind_of, nbgraders, without_hidden
from autograde.grading.limits import CHOICES, Limits
from autograde.grading.records import BROKEN, Record

if TYPE_CHECKING:
    from traitlets.config import Config

    from autograde.grading.batch import Batch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "lessons",
        nargs="*",
        metavar="LESSON",
        help="lessons to grade (default: all that were handed in), or notebook files to grade by themselves",
    )
    parser.add_argument("--lesson", default=None, metavar="KEY", help="which lesson the notebook files are of")
    parser.add_argument(
        "--student", action="append", default=[], metavar="ID", help="only this student (may be repeated)"
    )
    parser.add_argument("--course", type=Path, default=None, help="the course's folder (default: found from here up)")
    parser.add_argument("--force", action="store_true", help="grade again even what has not changed")
    parser.add_argument("--jobs", type=int, default=0, help="submissions at once (default 0: one for each core)")
    parser.add_argument(
        "--isolation",
        choices=CHOICES,
        default=None,
        help="what keeps students' code apart: sandbox (default), process (no walls: only code that you trust), "
        "kernel (checks and code in one process, as nbgrader does it), auto (sandbox where there is one, else process)",
    )


def run(args: argparse.Namespace) -> int:
    """Grade, write the products, print the table. A submission that cannot be graded is listed and stops nothing."""
    if args.jobs < 0:
        raise CourseError(f"--jobs {args.jobs}: give a number of processes, or 0 for one a core")
    if files := [name for name in args.lessons if _is_file(name)]:
        return _grade_files(files, args)
    if args.lesson:
        raise CourseError(f"--lesson {args.lesson} goes with notebook files: autograde grade {args.lesson}")
    course = load_course(args.course)
    keys = lessons_to_grade(course, args.lessons)
    from autograde.grading.submissions import find_submissions, strangers

    submissions = find_submissions(course, keys, args.student)
    limits = limits_for(course, args.isolation)  # before anything is written: there may be no sandbox here
    present = sorted({submission.lesson for submission in submissions})
    prepare(course, present)
    for notice in edited_since(course, present):
        print(f"notice: {notice}", file=sys.stderr)
    return _grade(course, submissions, limits, args, strangers(course))


def _is_file(name: str) -> bool:
    """Whether this names a file and not a lesson."""
    return name.endswith((".ipynb", ".py", ".zip")) or "/" in name


def _grade_files(files: Sequence[str], args: argparse.Namespace) -> int:
    """Grade notebook files by themselves: no class, no gradebook."""
    if lessons := [name for name in args.lessons if name not in files]:
        raise CourseError(f"{lessons[0]} is a lesson and {files[0]} a file: grade the one or the other")
    if args.student:
        raise CourseError("--student goes with lessons: a file is graded by itself")
    from autograde.grading.one_file import course_around, grade_files

    paths = [Path(name) for name in files]
    for path in paths:
        if path.is_dir():
            raise CourseError(f"{path} is a folder: name the notebook in it, or a lesson, to grade a class")
    course = course_around(args.course, paths)
    return grade_files(course, paths, args.lesson, limits_for(course, args.isolation))


def limits_for(course: Course, isolation: str | None) -> Limits:
    """The course's limits (nbgrader_config.py), with the isolation that the command asks for. Raises CourseError."""
    from autograde.grading.isolation import chosen
    from autograde.grading.nbgrader_settings import course_settings

    config = course_settings(course.root)
    limits = _limits_of(config, course.root / "nbgrader_config.py") if config.RunChecks else Limits()
    return dataclasses.replace(limits, isolation=chosen(isolation or limits.isolation))


def _limits_of(config: Config, file: Path) -> Limits:
    """What the course's settings say of limits. Raises CourseError for a setting that there is not, or a bad value."""
    from traitlets import TraitError

    from autograde.grading.preprocessors import RunChecks  # loads nbgrader: seconds

    for name in config.RunChecks:
        if name not in RunChecks.class_trait_names(config=True):
            known = ", ".join(vars(Limits()))
            raise CourseError(f"{file}: there is no setting c.RunChecks.{name}: choose one of {known}")
    try:
        return RunChecks(config=config).limits()
    except (TraitError, CourseError) as error:
        raise CourseError(f"{file}: {error}") from error


def lessons_to_grade(course: Course, named: Sequence[str]) -> list[str]:
    """The named lessons' keys, or all of the course that are built."""
    if named:
        return list(dict.fromkeys(course.lesson(key).key for key in named))
    return [lesson.key for lesson in course.lessons]


def prepare(course: Course, keys: Sequence[str]) -> None:
    """Everything that grading stands on: built lessons, a release that fits its source, a gradebook that knows them."""
    if any(character in str(course.root) for character in "*?["):
        raise CourseError(f"nbgrader cannot work in {course.root}: the path has one of * ? [ in it; move the course")
    for key in keys:
        check_built(course, key)
    from autograde.grading.gradebook import check_gradebook, sync_lesson

    check_gradebook(course.root)
    for key in keys:
        sync_lesson(course, key)


def check_built(course: Course, key: str) -> None:
    """Raise CourseError where source or release of a lesson is missing, or the release was made from another source."""
    for what, path in (("source", course.source(key)), ("release", course.release(key))):
        if not path.is_file():
            raise CourseError(f"{key} has no {what} ({path} is missing). Run: autograde build {key}")
    import nbformat

    try:
        source = nbformat.read(course.source(key), as_version=4)
        release = nbformat.read(course.release(key), as_version=4)
    except Exception as error:  # nbformat raises several kinds on a file that is no notebook
        raise CourseError(f"source or release of {key} cannot be read ({error}). Run: autograde build {key}") from error
    from autograde.grading.foreign import is_foreign

    if is_foreign(source):
        raise CourseError(f"source/{key} was not made by autograde build. Grade it with: nbgrader autograde {key}")
    differing = stale_cells(source, release)
    if differing:
        shown = ", ".join(differing[:3]) + (", …" if len(differing) > 3 else "")
        raise CourseError(
            f"release/{key} was made from another source than source/{key} (they differ in {shown}).\n"
            f"    Run: autograde build {key}. If students already have the other version, grade them with that one"
        )


def edited_since(course: Course, keys: Sequence[str]) -> list[str]:
    """A sentence on each lesson whose text is newer than its source: what was edited there is not graded by."""
    found = []
    for key in keys:
        text = course.text(key)
        if text.is_file() and text.stat().st_mtime > course.source(key).stat().st_mtime:
            said = f"notebooks/{text.name} is newer than source/{key}, which is what grades"
            found.append(f"{said}: if you have edited it, run autograde build {key} first")
    return found


def stale_cells(source: NotebookNode, release: NotebookNode) -> list[str]:
    """Names of locked or graded cells in which the release is not what this source gives."""
    ours = {grade_id(cell): cell for cell in source.cells if grade_id(cell) and kind_of(cell) != "own"}
    theirs = {grade_id(cell): cell for cell in release.cells if grade_id(cell) and kind_of(cell) != "own"}
    differing = sorted(set(ours) ^ set(theirs))
    for name in ours:
        if name not in theirs:
            continue
        points = [nbgraders(cell).get("points") for cell in (ours[name], theirs[name])]
        locked = not nbgraders(ours[name]).get("solution")
        same = without_hidden(ours[name].source).strip() == theirs[name].source.strip()
        if points[0] != points[1] or (locked and not same):
            differing.append(name)
    return differing


def cores() -> int:
    """How many cores this process may use: on a cluster's node that is what the job was given, not what there is."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _grade(course: Course, submissions: list, limits: Limits, args: argparse.Namespace, left_out: list[str]) -> int:
    """Run the batch under a progress bar, then write and print what it came to."""
    from autograde.grading.batch import grade_all
    from autograde.grading.products import write_products
    from autograde.grading.progress import Progress
    from autograde.grading.secret import take_secret
    from autograde.grading.standings import standings

    take_secret(course.root)
    workers, started = args.jobs or cores(), time.perf_counter()
    with Progress(len(submissions)) as progress:

        def told(record: Record, anew: bool) -> None:
            progress.step(record.status == BROKEN, anew)

        batch = grade_all(course, submissions, limits, workers, args.force, told)
    seconds = time.perf_counter() - started
    rows = write_products(course, batch.records, standings(course.root))
    _print(course, rows, said_of(batch, seconds), left_out)
    return 0


def said_of(batch: Batch, seconds: float) -> str:
    """How many submissions were graded, of how many the page alone was written, how many stayed as they were."""
    pages = len(batch.republished - batch.anew)
    kept = len(batch.records) - len(batch.anew) - pages
    said = f"{len(batch.anew)} graded in {seconds:.1f} s"
    said += f", {pages} page{'' if pages == 1 else 's'} written anew" if pages else ""
    return said + (f", {kept} unchanged since the last time" if kept else "")


def _print(course: Course, rows: list, done: str, left_out: list[str]) -> None:
    """The table, the lists under it, and which files to look at."""
    from autograde.grading.terminal import broken_list, class_table, legend

    print(class_table(rows))
    print(f"  {legend(rows)}\n")
    print(done)
    if broken := broken_list(rows):
        print(f"could not be graded (fix, then run the same command again; nothing else is repeated):\n{broken}")
    for sentence in left_out:
        print(f"  {sentence}")
    shown = next((row for row in rows if not row.broken), None)
    folder = course.root / "grading"
    print(f"look at:\n  {folder / 'report.html'}   the class")
    if shown is not None:
        page = folder / "feedback" / shown.student / shown.lesson / f"{shown.lesson}.html"
        print(f"  {page}   one student's feedback, as an example")
    print(f"  {folder / 'scores.csv'}   for a spreadsheet")
