"""A notebook that went through platforms is graded as the same notebook, cell for cell, as one that did not."""

from __future__ import annotations

import itertools
import json

import pytest
from lessons_answered import answered, keys
from platforms import PLATFORMS, through
from tiny_course import KEY, RIGHT, answers, hand_in

from autograde.course import Course
from autograde.grading.cells import kind_of
from autograde.grading.intake import parse_submission
from autograde.grading.limits import Limits
from autograde.grading.mending import mend
from autograde.grading.one_file import grade_file
from autograde.grading.repairs import notes_of

PAIRS = [pair for pair in itertools.product(PLATFORMS, repeat=2) if pair[0] != pair[1]]


@pytest.mark.parametrize("key", keys())
@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_platform_saves_is_graded_as_the_same_notebook(platform: str, key: str) -> None:
    lesson = answered(key)
    assert lesson.mend(through(lesson.raw, platform).encode()) == lesson.mended


@pytest.mark.parametrize("key", keys())
def test_what_two_platforms_save_one_after_the_other_is_graded_as_the_same_notebook(key: str) -> None:
    lesson = answered(key)
    mine = PAIRS[keys().index(key) :: len(keys())]
    assert [pair for pair in mine if lesson.mend(through(lesson.raw, *pair).encode()) != lesson.mended] == []


@pytest.mark.parametrize("platform", PLATFORMS)
def test_nothing_of_a_person_that_a_platform_writes_down_is_kept(platform: str) -> None:
    lesson = answered(keys()[0])
    saved = through(lesson.raw, platform)
    kept = json.dumps(lesson.mend(saved.encode()))
    for word in ("Bea Sample", "03386744220426758265", "kaggle.com/code/bea", "executionInfo", "_uuid", "widgets"):
        assert word not in kept


def test_a_platform_that_lost_an_answer_would_be_seen() -> None:
    lesson = answered(keys()[0])
    raw = json.loads(through(lesson.raw, "VS Code"))
    exercise = next(
        cell for cell in raw["cells"] if cell["metadata"].get("measure_first", {}).get("kind") == "exercise"
    )
    exercise["source"] = exercise["source"][:-1]
    assert lesson.mend(json.dumps(raw).encode()) != lesson.mended


@pytest.mark.parametrize("pair", [("Colab 4.0, GitHub", "Kaggle to GitHub"), ("Kaggle's editor", "classic nbgrader")])
def test_scores_are_the_same_whichever_way_a_notebook_came(course: Course, pair: tuple[str, str]) -> None:
    right = answers(course, **{**RIGHT, "predict": '# exercise: predict\nsizes = {"a": 4, "b": 7}'})
    limits = Limits(isolation="process")
    plain = grade_file(course, hand_in(course, "ada", right), KEY, limits)
    travelled = grade_file(course, hand_in(course, "bea", through(json.loads(json.dumps(right)), *pair)), KEY, limits)
    kept = [(one.check, one.status, one.fraction, one.message) for one in plain.outcomes]
    assert [(one.check, one.status, one.fraction, one.message) for one in travelled.outcomes] == kept
    assert [status for _, status, _, _ in kept] == ["passed", "partly", "passed"]
    assert notes_of(travelled.nb) == []


def test_a_platforms_own_cells_and_outputs_are_gone(course: Course) -> None:
    right = json.loads(json.dumps(answers(course, **RIGHT)))
    nb = mend(parse_submission(through(right, "Kaggle to GitHub").encode()), answers(course), answers(course))
    assert [cell for cell in nb.cells if kind_of(cell) == "own"] == []
    assert all(cell.outputs == [] for cell in nb.cells if cell.cell_type == "code")
