"""`nbgrader quickstart`'s example course, by nbgrader's own commands, with our three lines in its settings and without.

With --whole only: `nbgrader quickstart` alone starts six commands.
"""

from __future__ import annotations

import copy
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from differences import place
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from two_graders import SHIPPED, Row, isolation_here, rows_of

pytestmark = pytest.mark.whole
ROOT = Path(__file__).resolve().parents[2]
THREE_LINES = """
c = get_config()
from autograde.grading.nbgrader_settings import judge_config
c.merge(judge_config())
"""
TESTS = ("correct_squares", "squares_invalid_input", "correct_sum_of_squares", "sum_of_squares_uses_squares")
MISSING = "deleted_a_test"  # the one student whose scores differ: nbgrader leaves a missing test to a person


def nbgrader(course: Path, *words: str, status: int = 0) -> str:
    """Run a command of nbgrader's in the course; what it logged."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER_", "NBGRADER_", "PYTEST_"))}
    environment |= {"HOME": str(course.parent / "home"), "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    command = [sys.executable, "-m", "nbgrader", *words]
    done = subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == status, done.stderr[-3000:]
    return done.stderr


@pytest.fixture(scope="module", params=["", "--autotest"], ids=["tests", "autotests"])
def quickstart(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example course with its assignment released and a class's work handed in."""
    root = tmp_path_factory.mktemp("quickstart")
    (root / "home").mkdir()
    nbgrader(root, "quickstart", "course101", *([request.param] if request.param else []))
    course = root / "course101"
    nbgrader(course, "generate_assignment", "ps1")
    for student, notebooks in the_class(course).items():
        folder = course / "submitted" / student / "ps1"
        shutil.copytree(course / "release" / "ps1", folder)
        for name, notebook in notebooks.items():
            nbformat.write(notebook, folder / f"{name}.ipynb")
    return course


def the_class(course: Path) -> dict[str, dict[str, NotebookNode]]:
    """Student → the notebooks in which their work differs from what was handed out."""
    one, two = (nbformat.read(course / "release" / "ps1" / f"problem{n}.ipynb", as_version=4) for n in (1, 2))
    solved = [nbformat.read(course / "source" / "ps1" / f"problem{n}.ipynb", as_version=4) for n in (1, 2)]
    sums = "def sum_of_squares(n):\n    return sum(squares(n))"
    careless = "def squares(n):\n    return [i ** 2 for i in range(1, n + 1)]"
    by_itself = "def sum_of_squares(n):\n    return n * (n + 1) * (2 * n + 1) // 6"
    return {
        "correct": {"problem1": _answers(one, _texts(solved[0])), "problem2": _answers(two, _texts(solved[1]))},
        "wrong": {"problem1": _answers(one, {"squares": "def squares(n):\n    return [n]", "sum_of_squares": sums})},
        "partly": {"problem1": _answers(one, {"squares": careless, "sum_of_squares": by_itself})},
        "untouched": {},
        "changed_tests": {"problem1": _answers(one, dict.fromkeys(TESTS, "assert True"))},
        "added_cells": {"problem1": _added(_answers(one, _texts(solved[0])))},
        "broken_code": {"problem1": _answers(one, {"squares": "def squares(n:\n  return"})},
        MISSING: {"problem1": _without(_answers(one, _texts(solved[0])), "correct_squares")},
    }


def _texts(nb: NotebookNode) -> dict[str, str]:
    about = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in nb.cells}
    return {name: cell.source for name, cell in about.items() if name and cell.metadata["nbgrader"]["solution"]}


def _answers(nb: NotebookNode, texts: dict[str, str]) -> NotebookNode:
    made = copy.deepcopy(nb)
    for name, text in texts.items():
        made.cells[place(made, name)].source = text
    return made


def _added(nb: NotebookNode) -> NotebookNode:
    made, at = nb, place(nb, "correct_squares")
    made.cells[at:at] = [
        new_code_cell("print(squares(3))\nsquares(2)"),
        new_markdown_cell("My notes"),
        new_code_cell("1 / 0"),
    ]
    return made


def _without(nb: NotebookNode, name: str) -> NotebookNode:
    del nb.cells[place(nb, name)]
    return nb


def test_three_lines_make_the_example_course_use_our_judge_and_scores_stay_the_same(
    quickstart: Path, tmp_path: Path
) -> None:
    theirs, ours = (shutil.copytree(quickstart, tmp_path / name) for name in ("theirs", "ours"))
    (tmp_path / "home").mkdir()
    config = ours / "nbgrader_config.py"
    with config.open("a", encoding="utf-8") as file:
        file.write(THREE_LINES + f"c.RunChecks.isolation = {isolation_here()!r}\n")
    nbgrader(theirs, "autograde", "ps1")
    log = nbgrader(ours, "autograde", "ps1")
    assert f"{MISSING}, ps1: The cell correct_squares was missing; it was put back." in log
    cells = 0
    for student in the_class(quickstart):
        expected, found = rows_of(theirs, student), rows_of(ours, student)
        if student == MISSING:
            name = "problem1/correct_squares"
            assert (expected.pop(name), found.pop(name)) == ((None, True, None), (1.0, False, None))
        assert found == expected, student
        cells += len(expected)
    assert score(rows_of(ours, "correct")) > score(rows_of(ours, "partly")) > score(rows_of(ours, "untouched")) == 0.0
    print(
        f"\n{len(the_class(quickstart))} submissions, {cells} cells: as nbgrader scores them, but for the missing test"
    )


def score(rows: dict[str, Row]) -> float:
    return sum(row[0] or 0.0 for row in rows.values())


def test_the_page_shows_the_three_lines() -> None:
    page = (ROOT / "docs" / "nbgrader.md").read_text(encoding="utf-8")
    assert all(line in page for line in THREE_LINES.strip().splitlines())


def test_the_example_courses_feedback_is_nbgraders_own(quickstart: Path, tmp_path: Path) -> None:
    course = shutil.copytree(quickstart, tmp_path / "course")
    (tmp_path / "home").mkdir()
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(THREE_LINES + f"c.RunChecks.isolation = {isolation_here()!r}\n")
    nbgrader(course, "autograde", "ps1", "--student", "partly")
    nbgrader(course, "generate_feedback", "ps1", "--student", "partly")
    page = (course / "feedback" / "partly" / "ps1" / "problem1.html").read_text(encoding="utf-8")
    assert "problem1 (Score:" in page and SHIPPED.is_dir()
