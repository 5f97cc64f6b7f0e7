"""A submission is put back into the lesson's shape: whatever happened to it, each check stands there once."""

from __future__ import annotations

import copy
import json

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from platforms import COLAB_BADGE, KAGGLE_BADGE
from tiny_course import KEY, RIGHT, answers

from autograde.course import Course
from autograde.grading.cells import grade_id, kind_of, nbgraders, ours
from autograde.grading.intake import BrokenSubmission, parse_submission
from autograde.grading.mending import check_lesson, mend, notes_of


@pytest.fixture
def source(built_course: Course) -> NotebookNode:
    return nbformat.read(built_course.source(KEY), as_version=4)


@pytest.fixture
def release(built_course: Course) -> NotebookNode:
    return nbformat.read(built_course.release(KEY), as_version=4)


@pytest.fixture
def right(built_course: Course) -> NotebookNode:
    return answers(built_course, **RIGHT)


def mended(submitted: NotebookNode, source: NotebookNode, release: NotebookNode | None) -> NotebookNode:
    return mend(parse_submission(json.dumps(submitted).encode()), source, release)


def cell_of(nb: NotebookNode, name: str) -> NotebookNode:
    (found,) = [cell for cell in nb.cells if grade_id(cell) == name]
    return found


def place_of(nb: NotebookNode, name: str) -> int:
    return next(n for n, cell in enumerate(nb.cells) if grade_id(cell) == name)


def shape(nb: NotebookNode) -> list[str]:
    return [grade_id(cell) for cell in nb.cells if grade_id(cell)]


def test_an_honest_submission_keeps_its_answers_and_gets_the_hidden_tests_back(source, release, right) -> None:
    nb = mended(right, source, release)
    assert cell_of(nb, "double").source == RIGHT["double"]
    assert cell_of(nb, "why").source == RIGHT["why"]
    assert cell_of(nb, "check_double").source == cell_of(source, "check_double").source
    assert "secret_input" in cell_of(nb, "check_double").source
    assert shape(nb) == shape(source)
    assert notes_of(nb) == []


def test_a_missing_check_is_put_back_where_it_belongs(source, release, right) -> None:
    del right.cells[place_of(right, "check_double")]
    nb = mended(right, source, release)
    assert shape(nb) == shape(source)
    assert notes_of(nb) == ["The cell check_double was missing; it was put back."]


def test_a_missing_exercise_is_the_releases_hole_and_never_the_solution(source, release, right) -> None:
    del right.cells[place_of(right, "double")]
    nb = mended(right, source, release)
    assert "raise check.NotAttempted" in cell_of(nb, "double").source
    assert notes_of(nb) == ["The cell double was missing, so there is no answer in it."]
    assert cell_of(mended(right, source, None), "double").source == ""


def test_an_edited_check_is_the_lessons_own_again(source, release, right) -> None:
    cell_of(right, "check_double").source = "pass"
    nb = mended(right, source, release)
    assert cell_of(nb, "check_double").source == cell_of(source, "check_double").source
    assert notes_of(nb) == ["The cell check_double had been changed; the lesson's own was used."]


def test_changed_settings_are_put_back_without_a_word(source, release, right) -> None:
    settings = next(cell for cell in right.cells if kind_of(cell) == "settings")
    settings.source = 'DEVICE = "cuda"'
    nb = mended(right, source, release)
    assert next(cell for cell in nb.cells if kind_of(cell) == "settings").source.startswith('DEVICE = "auto"')
    assert notes_of(nb) == []


def test_tags_points_and_other_metadata_of_a_students_check_do_not_count(source, release, right) -> None:
    check = cell_of(right, "check_double")
    check.metadata.tags = ["skip-execution", "raises-exception"]
    check.metadata.nbgrader.points = 1000.0
    check.metadata.measure_first.kind = "demo"
    check.metadata.measure_first.outcome = {"status": "passed", "fraction": 1.0}
    check.cell_type = "markdown"
    again = cell_of(mended(right, source, release), "check_double")
    assert again.cell_type == "code"
    assert again.metadata.tags == []
    assert nbgraders(again)["points"] == 2.0
    assert ours(again)["kind"] == "check"
    assert "outcome" not in ours(again)


def test_an_old_schema_or_broken_nbgrader_metadata_changes_nothing(source, release, right) -> None:
    for n, cell in enumerate(right.cells):
        if grade_id(cell):
            old = {"grade_id": grade_id(cell), "grade": True, "solution": True, "points": "many", "schema_version": 0}
            cell.metadata.nbgrader = old if n % 2 else {"grade_id": grade_id(cell)}
    assert shape(mended(right, source, release)) == shape(source)


def test_a_duplicated_check_runs_once(source, release, right) -> None:
    twin = copy.deepcopy(cell_of(right, "check_double"))
    right.cells.append(twin)
    nb = mended(right, source, release)
    assert shape(nb) == shape(source)
    assert notes_of(nb) == ["The cell check_double was there 2 times; it counts once."]


def test_of_a_duplicated_exercise_the_last_edited_copy_counts_and_an_untouched_one_does_not(
    source, release, right
) -> None:
    untouched = copy.deepcopy(cell_of(release, "double"))
    right.cells.insert(place_of(right, "double") + 1, untouched)
    nb = mended(right, source, release)
    assert cell_of(nb, "double").source == RIGHT["double"]
    assert notes_of(nb) == ["The cell double was there 2 times; the last edited one counts."]


def test_an_exercise_that_was_split_in_two_keeps_both_halves_in_order(source, release, right) -> None:
    second = copy.deepcopy(cell_of(right, "double"))
    cell_of(right, "double").source = "def helper(x):\n    return x"
    right.cells.insert(place_of(right, "double") + 1, second)
    nb = mended(right, source, release)
    place = place_of(nb, "double")
    assert (nb.cells[place - 1].source, kind_of(nb.cells[place - 1])) == ("def helper(x):\n    return x", "own")
    assert nb.cells[place].source == RIGHT["double"]


def test_a_cell_that_the_student_added_stays_where_it_was_without_its_metadata(source, release, right) -> None:
    added = new_code_cell("import math", metadata={"nbgrader": {"grade_id": "mine", "grade": True}, "tags": ["x"]})
    right.cells.insert(place_of(right, "double"), added)
    nb = mended(right, source, release)
    own = nb.cells[place_of(nb, "double") - 1]
    assert (own.source, own.id, dict(own.metadata)) == ("import math", "own-1", {"measure_first": {"kind": "own"}})


def test_a_badge_that_a_platform_puts_first_is_left_out_and_a_students_own_picture_is_not(
    source, release, right
) -> None:
    right.cells.insert(0, new_markdown_cell(COLAB_BADGE, metadata={"id": "view-in-github"}))
    right.cells.insert(0, new_markdown_cell(KAGGLE_BADGE))
    assert mended(right, source, release).cells[0].source == source.cells[0].source
    right.cells.insert(0, new_markdown_cell(f"my badge: {KAGGLE_BADGE}"))
    assert mended(right, source, release).cells[0].source == f"my badge: {KAGGLE_BADGE}"


def test_checks_that_were_moved_come_back_into_the_lessons_order(source, release, right) -> None:
    right.cells.reverse()
    assert shape(mended(right, source, release)) == shape(source)


def test_all_metadata_lost_the_first_lines_still_say_which_cell_is_which(source, release, right) -> None:
    for n, cell in enumerate(right.cells):
        cell.metadata, cell.id = {}, f"lost-{n}"
    nb = mended(right, source, release)
    assert cell_of(nb, "double").source == RIGHT["double"]
    assert shape(nb) == shape(source)


def test_widget_state_that_breaks_the_html_export_is_gone(source, release, right) -> None:
    right.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"1": {"model_name": "HBoxModel"}}}
    assert set(mended(right, source, release).metadata) == {"kernelspec", "language_info", "measure_first"}


def test_the_same_submission_always_gives_the_same_notebook(source, release, right) -> None:
    right.cells.insert(3, new_code_cell("a = 1"))
    assert mended(right, source, release) == mended(right, source, release)


def test_another_courses_notebook_is_matched_by_its_grade_ids(source, release, right) -> None:
    for nb in (source, release, right):
        for cell in nb.cells:
            cell.metadata.pop("measure_first", None)
            cell.metadata.pop("id", None)
    cell_of(right, "check_double").source = "pass"
    nb = mended(right, source, release)
    assert cell_of(nb, "check_double").source == cell_of(source, "check_double").source
    assert [kind_of(cell_of(nb, name)) for name in ("double", "check_double", "why")] == [
        "exercise",
        "check",
        "written",
    ]


def test_another_lessons_notebook_is_no_submission_of_this_one(course: Course) -> None:
    source = nbformat.read(course.source(KEY), as_version=4)
    other = b'{"cells": [{"cell_type": "markdown", "source": "# 02 \xc2\xb7 Autograd", "metadata": {}}]}'
    with pytest.raises(BrokenSubmission) as caught:
        check_lesson(parse_submission(other), source, KEY)
    assert caught.value.reason == "the notebook holds none of the exercises of 01_tiny; it begins with “02 · Autograd”"
    check_lesson(parse_submission(b'{"cells": [{"source": "# exercise: double"}]}'), source, KEY)


def test_where_no_cell_has_a_name_prose_is_known_by_its_text_and_a_written_answer_by_its_place(
    source: NotebookNode, release: NotebookNode, built_course: Course
) -> None:
    raw = json.loads(nbformat.writes(answers(built_course, **RIGHT)))
    for cell in raw["cells"]:
        cell["metadata"] = {}
        cell.pop("id")
    mended = mend(parse_submission(json.dumps(raw).encode()), source, release)
    lost = "fixture_1, double, check_double, predict, check_predict, check_double__gradients"
    assert notes_of(mended) == [
        f"6 cells had lost their names: {lost}.",
        "The answer to why stood in a cell without its name.",
    ]
    assert [kind_of(cell) for cell in mended.cells if kind_of(cell) == "own"] == []
    assert next(cell.source for cell in mended.cells if grade_id(cell) == "why") == "It adds to itself."
