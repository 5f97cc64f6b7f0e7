"""`autograde rubric LESSON`: proposes, for each student's lab, which rubric points are covered, by which sentence."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from autograde.course import Course, CourseError, load_course
from autograde.grading.rubric_reading import read_student
from autograde.grading.rubric_sheet import write_csv, write_html
from autograde.grading.submissions import find_submissions
from autograde.lesson.entries import read_toml
from autograde.lesson.lab_text import read_lab


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `autograde rubric`."""
    parser.add_argument("lesson", metavar="LESSON", help="a lesson's key or number, such as 03_training_loop or 3")
    parser.add_argument(
        "--course", metavar="DIR", type=Path, help="the course's folder (default: found from here upwards)"
    )


def run(args: argparse.Namespace) -> int:
    """Read every submission of the lesson and write grading/rubric/LESSON.html and .csv."""
    course = load_course(args.course)
    key = course.lesson(args.lesson).key
    labs = lesson_labs(course, key)
    students = find_submissions(course, [key], [])
    sheets = [(lab, [read_student(lab, found) for found in students]) for lab in labs]
    folder = course.root / "grading" / "rubric"
    folder.mkdir(parents=True, exist_ok=True)
    write_html(folder / f"{key}.html", key, sheets)
    write_csv(folder / f"{key}.csv", sheets)
    for lab, readings in sheets:
        unread = [reading for reading in readings if reading.trouble]
        print(f"{lab['id']}: {len(readings)} submissions read, {len(unread)} of them with something to look at")
        for reading in unread:
            print(f"  {reading.student}: {reading.trouble}")
    print(f"proposals for a person to decide: {folder / key}.html and .csv")
    return 0


def lesson_labs(course: Course, key: str) -> list[dict[str, Any]]:
    """The lesson's labs as their authors wrote them. Raises CourseError where there is none."""
    paths = sorted(course.text(key).parent.glob(f"{key}.*.toml"))
    labs = [read_lab(path) for path in paths if "rubric" in read_toml(path)]
    if not labs:
        raise CourseError(f"{key} has no lab: a rubric is written in notebooks/{key}.lab_N.toml")
    return labs
