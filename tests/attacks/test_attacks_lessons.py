"""No check of the course's lessons takes an answer that overwrites its inputs, or one that holds nothing."""

from __future__ import annotations

import pytest
import torch
from easy_inputs import noticed, noticed_at
from empty_answers import taken
from nbformat.v4 import new_code_cell, new_notebook
from victim_course import REPOSITORY

from autograde.authoring.mutants import beside_data, lesson_cells
from autograde.authoring.run_cells import about, walk_reference
from autograde.course import load_course

COURSE = load_course(REPOSITORY)
BUILT = [lesson.key for lesson in COURSE.lessons if COURSE.text(lesson.key).is_file()]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=BUILT)
def attacked(request):
    """Of a lesson: exercise → outcomes with easy inputs; empty answer → checks that gave something for it."""
    torch.set_num_threads(1)
    cells, eased, empty = lesson_cells(COURSE, request.param), {}, {}
    with beside_data(COURSE, request.param):
        for position, namespace in walk_reference(cells):
            if outcomes := noticed_at(cells, position, namespace):
                eased[about(cells[position])["name"]] = outcomes
            empty |= taken(cells, position, namespace)
    return eased, empty


def test_an_answer_that_overwrites_its_inputs_is_noticed(attacked):
    eased, _ = attacked
    if not eased:
        pytest.skip("no exercise of this lesson is a function")
    fooled = {exercise: [o.check for o in outcomes if o.outcome == "passed"] for exercise, outcomes in eased.items()}
    assert {exercise: checks for exercise, checks in fooled.items() if checks} == {}


def test_an_answer_that_holds_nothing_is_noticed(attacked):
    assert attacked[1] == {}


@pytest.mark.parametrize(
    ("test", "fooled"),
    [
        ("for got, want in zip(double(x), x + x):\n    check.close(got, want)", ["()", "[]", "{}", "set()", "''"]),
        ("check.equal(len(double(x)), 2)\nfor got, want in zip(double(x), x + x):\n    check.close(got, want)", []),
        ("check.close(list(map(double, x)), list(map(double, x)))", ["raise StopIteration"]),
    ],
    ids=["nothing to go through", "its length is looked at", "the end of an iteration"],
)
def test_a_check_that_goes_through_nothing_is_found(test, fooled):
    cells = [
        cell("fixture", "imports", "import torch\nfrom autograde import check\nx = torch.ones(2)"),
        cell("exercise", "double", "def double(x):\n    return 2 * x"),
        cell("check", "check_double", f"check.begin('double', points=1)\n{test}\ncheck.end()", exercise="double"),
    ]
    cells = new_notebook(cells=cells).cells
    (found,) = [taken(cells, position, namespace) for position, namespace in walk_reference(cells)]
    assert set(fooled) <= {name.removeprefix("double is ") for name in found}
    assert bool(fooled) == bool(found)


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
