"""One built course for all tests of grading; each test that writes gets a copy of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tiny_course import copy_course, make_course

from autograde.course import Course


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels of tests share few cores."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def built_course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course, built once; not to be written to."""
    return make_course(tmp_path_factory.mktemp("built") / "tiny course")


@pytest.fixture
def course(built_course: Course, tmp_path: Path) -> Course:
    """A copy of the tiny course in a folder with a space in its name."""
    return copy_course(built_course, tmp_path / "a course")


@pytest.fixture
def quick(course: Course) -> Callable[[], Course]:
    """The course with short limits, set where an instructor sets them."""

    def made() -> Course:
        text = "c = get_config()\nc.RunChecks.cell_seconds = 6.0\n"
        (course.root / "nbgrader_config.py").write_text(text, encoding="utf-8")
        return course

    return made
