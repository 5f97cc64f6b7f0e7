"""A course of this project's own kind for the tests of nbgrader's commands: that of tests/grading/tiny_course.py."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from autograde.course import Course
from autograde.grading.nbgrader_settings import gradebook_url

REPOSITORY = Path(__file__).resolve().parents[2]
_spec = importlib.util.spec_from_file_location("tiny_course", REPOSITORY / "tests" / "grading" / "tiny_course.py")
assert _spec is not None and _spec.loader is not None
if "tiny_course" not in sys.modules:
    sys.modules["tiny_course"] = importlib.util.module_from_spec(_spec)
    _spec.loader.exec_module(sys.modules["tiny_course"])
from tiny_course import KEY, RIGHT, answers, hand_in, make_course  # noqa: E402

__all__ = ["KEY", "RIGHT", "answers", "graded_rows", "hand_in", "make_course", "set_isolation"]


def graded_rows(course: Course) -> dict[str, dict[str, float | None]]:
    """Student → cell → the gradebook's automatic score; None where a person has to look."""
    from nbgrader.api import Gradebook

    found: dict[str, dict[str, float | None]] = {}
    with Gradebook(gradebook_url(course.root)) as gradebook:
        for submission in gradebook.assignment_submissions(KEY):
            grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
            found[submission.student_id] = {grade.name: grade.auto_score for grade in grades}
    return found


def set_isolation(course: Course, isolation: str) -> None:
    """Give the course this repository's settings for nbgrader, and this isolation."""
    config = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    config += f"c.RunChecks.isolation = {isolation!r}\n"
    (course.root / "nbgrader_config.py").write_text(config, encoding="utf-8")
