"""`autograde build`: notebooks/*.py → source/ → release/ and the gradebook's assignments; only what is stale."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from autograde.authoring import course_rules, freshness, products
from autograde.authoring.problems import LessonProblems, Problem
from autograde.course import Course, CourseError, Lesson, load_course


@dataclass
class Report:
    """What a build did: a line for each lesson, and what went wrong."""

    quiet: bool = False
    lines: list[tuple[int, float, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def lesson(self, key: str, what: str, stamp: freshness.Stamp) -> None:
        """One line: the lesson, what was done, its cells and points, the size of what students get."""
        self.lines.append((stamp.cells, stamp.points, stamp.bytes))
        if not self.quiet or what != "unchanged":
            print(_line(key, what, stamp.cells, stamp.points, stamp.bytes))

    def failed(self, key: str, error: CourseError) -> None:
        """A lesson that could not be built: all its problems are shown at the end, with the others'."""
        if isinstance(error, LessonProblems):
            self.problems += error.problems
            count = len(error.problems)
            print(f"{key:<22} failed      {count} {'problem' if count == 1 else 'problems'}, see below")
        else:
            self.errors.append(str(error))
            print(f"{key:<22} failed      see below")

    def total(self) -> None:
        """The last line."""
        if not self.quiet:
            cells, points, size = (sum(column) for column in zip(*self.lines, strict=True)) if self.lines else (0, 0, 0)
            count = len(self.lines)
            print(_line("total", f"{count} lesson{'s' * (count != 1)}", cells, points, size))

    def raise_errors(self) -> None:
        """Raise CourseError with everything that went wrong."""
        told = [str(LessonProblems(self.problems))] if self.problems else []
        if told or self.errors:
            raise CourseError("\n".join([*told, *self.errors]))


def _line(key: str, what: str, cells: int, points: float, size: int) -> str:
    return f"{key:<22} {what:<11} {cells:>4} cells  {points:>5g} points  {size / 1000:>6.0f} KB"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="which lessons (03 or 03_training_loop); all")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where release/ is not up to date")
    parser.add_argument("--course", type=Path, metavar="DIR", help="the course's folder (default: found from here)")
    parser.add_argument("--quiet", action="store_true", help="say nothing of lessons that are up to date")


def run(args: argparse.Namespace) -> int:
    """Build or check; the exit status."""
    course = load_course(args.course)
    lessons = [course.lesson(key) for key in dict.fromkeys(args.lessons)] or course.lessons
    if args.check:
        return check(course, lessons)
    build(course, lessons, quiet=args.quiet, whole=not args.lessons)
    return 0


def build(course: Course, lessons: Sequence[Lesson], quiet: bool = False, whole: bool = True) -> None:
    """Build the stale ones of these lessons. Raises CourseError with all problems of all of them, after building the
    others. `whole`: the course's own files too."""
    report = Report(quiet)
    if whole:
        report.problems += course_rules.lesson_list_problems(course)
        for problem in course_rules.course_problems(course):
            print(f"note: {problem}", file=sys.stderr)
    write_course_files(course, report)
    code = freshness.code_hash()
    gradebook = course.root / "grading" / "gradebook.db"
    for lesson in lessons:
        stamp = freshness.fresh_stamp(course, lesson.key, code)
        if stamp:
            report.lesson(lesson.key, "unchanged", stamp)
        elif course.text(lesson.key).is_file() or not whole:
            try:
                inputs = freshness.inputs_hash(course, lesson.key, code)
                product = products.build_lesson(course, lesson.key, gradebook)
                for kept in products.write_product(course, product):
                    print(f"kept: somebody's work in release/ lies in {kept.relative_to(course.root)} now")
            except CourseError as error:
                report.failed(lesson.key, error)
                continue
            for note in product.notes:
                print(f"note: {note}", file=sys.stderr)
            report.lesson(lesson.key, "built", finished(course, product, inputs))
    report.total()
    report.raise_errors()


def write_course_files(course: Course, report: Report) -> None:
    """release/README.md and the two lines of setup_colab.py that follow course.toml."""
    try:
        for path, data in products.course_files(course).items():
            products.write_file(course.root / path, data)
    except CourseError as error:
        report.errors.append(str(error))


def finished(course: Course, product: products.Product, inputs: str) -> freshness.Stamp:
    """The stamp of a lesson that has just been written, kept."""
    stamp = freshness.Stamp(
        inputs=inputs,
        products=freshness.product_hashes(course, product.key),
        gradebook=freshness.gradebook_hash(course, product.key),
        links=product.links,
        cells=product.cells,
        points=product.points,
        bytes=sum(map(len, product.released.values())),
    )
    freshness.write_stamp(course, product.key, stamp)
    return stamp


def check(course: Course, lessons: Sequence[Lesson]) -> int:
    """Build everything elsewhere and compare with what is committed: 0 when it is the same. Raises CourseError."""
    report = Report()
    stale = products.differences(course, products.course_files(course))
    report.problems += [*course_rules.lesson_list_problems(course), *course_rules.course_problems(course)]
    report.problems += products.strays(course)
    for lesson in lessons:
        if not course.text(lesson.key).is_file():
            continue
        try:
            product = products.build_lesson(course, lesson.key, None)
        except CourseError as error:
            report.failed(lesson.key, error)
            continue
        found = released_differences(course, product)
        stale += found
        print(f"{lesson.key:<22} {'stale' if found else 'up to date'}")
    for path in stale:
        print(f"stale: {path} is not what notebooks/ and course.toml give")
    report.raise_errors()
    if stale:
        print("run: make release (autograde build), then commit what it changed")
    return 1 if stale else 0


def released_differences(course: Course, product: products.Product) -> list[str]:
    """What in release/KEY differs from the build, files that it does not give included."""
    wanted = {path: data for path, data in product.files.items() if path.startswith("release/")}
    folder = course.release(product.key).parent
    extra = {
        path.relative_to(course.root).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and ".ipynb_checkpoints" not in path.parts
    }
    return sorted({*products.differences(course, wanted), *(extra - set(wanted))})
