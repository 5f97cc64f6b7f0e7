"""Feedback on what the judge graded, by nbgrader's own command: every message, and no line of a hidden test."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from lesson_course import KEY, RIGHT, answers, hand_in, make_course, set_isolation
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from two_graders import isolation_here

from autograde.course import Course
from autograde.grading.cells import hidden_lines
from autograde.grading.nbgrader_settings import course_settings, tools_on_path

# Right in the visible case; in the hidden one it raises, naming what it got, and looks around for the test's text.
PRYING = """\
# exercise: double
import sys, traceback
def double(x):
    if x.numel() == 4:
        frame = sys._getframe()
        while frame is not None:
            print(sorted(frame.f_globals.get("In", []))[-1:], frame.f_code.co_filename)
            frame = frame.f_back
        traceback.print_stack()
        raise ValueError(f"four numbers: {x}")
    return x + x
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Two submissions, graded: one wrong in the hidden case, one that pries."""
    made = make_course(tmp_path_factory.mktemp("feedback") / "a course")
    set_isolation(made, isolation_here())
    hand_in(made, "ben", answers(made, double="# exercise: double\ndef double(x):\n    return (x + x).abs()"))
    hand_in(made, "eve", answers(made, **{**RIGHT, "double": PRYING}))
    for student in ("ben", "eve"):
        assert api(made).autograde(KEY, student)["success"] is True
    return made


def api(course: Course) -> NbGraderAPI:
    config = course_settings(course.root)
    return NbGraderAPI(CourseDirectory(config=config), config=config)


def page(course: Course, student: str) -> str:
    with tools_on_path():
        assert api(course).generate_feedback(KEY, student, force=True)["success"] is True
    path = course.root / "grading" / "feedback" / student / KEY / f"{KEY}.html"
    return path.read_text(encoding="utf-8")


def secret(course: Course) -> list[str]:
    """The hidden lines, and the names that only they know."""
    source = nbformat.read(course.source(KEY), as_version=4)
    lines = [line for cell in source.cells for line in hidden_lines(cell.source) if "_input" in line]
    assert len(lines) == 2
    return [*lines, "secret_input", "torch.arange(4.0)"]


@pytest.mark.parametrize("student", ["ben", "eve"])
def test_no_hidden_line_reaches_a_student(course: Course, student: str) -> None:
    text = page(course, student)
    assert [line for line in secret(course) if line in text] == []
    assert "a hidden case" in text if student == "ben" else "four numbers" in text


def test_an_instructor_may_see_them(course: Course, tmp_path: Path) -> None:
    config = course.root / "nbgrader_config.py"
    before = config.read_text(encoding="utf-8")
    config.write_text(before + "c.PrepareFeedback.show_hidden_tests = True\n", encoding="utf-8")
    try:
        assert "secret_input" in page(course, "ben")
    finally:
        config.write_text(before, encoding="utf-8")
