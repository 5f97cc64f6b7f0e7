"""No check of the course's lessons can be talked into an easy case by an answer that overwrites its inputs."""

from __future__ import annotations

import pytest
import torch
from easy_inputs import noticed
from nbformat.v4 import new_code_cell, new_notebook
from victim_course import REPOSITORY

from autograde.authoring.mutants import beside_data, lesson_cells
from autograde.course import load_course

COURSE = load_course(REPOSITORY)
BUILT = [lesson.key for lesson in COURSE.lessons if COURSE.text(lesson.key).is_file()]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("key", BUILT)
def test_an_answer_that_overwrites_its_inputs_is_noticed(key):
    torch.set_num_threads(1)
    with beside_data(COURSE, key):
        found = list(noticed(lesson_cells(COURSE, key)))
    assert found, "no exercise of this lesson is a function"
    fooled = {exercise: [o.check for o in outcomes if o.outcome == "passed"] for exercise, outcomes in found}
    assert {exercise: checks for exercise, checks in fooled.items() if checks} == {}


def cell(kind, name, source, **about):
    made = new_code_cell(source)
    made.metadata["measure_first"] = {"kind": kind, "name": name, **about}
    made.metadata["nbgrader"] = {"grade_id": name}
    return made


@pytest.mark.parametrize(
    ("hidden", "outcome"),
    [
        ("check.close(double(x), x + x)", "passed"),
        ("want = x + x\ncheck.close(double(x), want)", "failed"),
        ("with check.unchanged(x):\n    check.close(double(x), x + x)", "failed"),
    ],
    ids=["after the call", "before the call", "unchanged"],
)
def test_what_is_expected_must_be_computed_before_the_call_or_the_inputs_guarded(hidden, outcome):
    test = "check.begin('double', points=1)\nx = torch.ones(2)\ncheck.close(double(x), torch.full((2,), 2.0))\n"
    test += f"### BEGIN HIDDEN TESTS\nx = torch.randn(3)\n{hidden}\n### END HIDDEN TESTS\ncheck.end()"
    cells = [
        cell("fixture", "imports", "import torch\nfrom autograde import check"),
        cell("exercise", "double", "def double(x):\n    return 2 * x"),
        cell("check", "check_double", test, exercise="double"),
    ]
    ((_, (found,)),) = noticed(new_notebook(cells=cells).cells)
    assert found.outcome == outcome
