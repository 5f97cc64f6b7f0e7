"""What was put right is told with its evidence; what cannot be told is a person's to decide, and scored meanwhile."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from pretended_runs import pretend
from tiny_course import KEY, RIGHT, answers, copy_course, hand_in

from autograde.course import Course
from autograde.grading.batch import jobs_for
from autograde.grading.cells import grade_id, kind_of
from autograde.grading.intake import parse_submission
from autograde.grading.limits import Limits
from autograde.grading.mending import mend
from autograde.grading.page_pool import PagePool
from autograde.grading.publish import Publisher
from autograde.grading.records import Record, read_record, save_record
from autograde.grading.repairs import CERTAIN, LIKELY, UNCLEAR, Repair, doubt_of, listed, notes_of, repairs_of
from autograde.grading.report import report
from autograde.grading.scores import Row
from autograde.grading.standings import standings
from autograde.grading.submissions import find_submissions
from autograde.grading.worker import grade_job

DOUBT = "There are 2 different answers to double. A person decides which counts; the points are provisional."


@pytest.fixture
def source(built_course: Course) -> NotebookNode:
    return nbformat.read(built_course.source(KEY), as_version=4)


@pytest.fixture
def release(built_course: Course) -> NotebookNode:
    return nbformat.read(built_course.release(KEY), as_version=4)


@pytest.fixture
def right(built_course: Course) -> NotebookNode:
    return answers(built_course, **RIGHT)


@pytest.fixture
def mended(source: NotebookNode, release: NotebookNode) -> Callable[[NotebookNode], NotebookNode]:
    return lambda nb: mend(parse_submission(json.dumps(nb).encode()), source, release)


def place_of(nb: NotebookNode, name: str) -> int:
    return next(n for n, cell in enumerate(nb.cells) if grade_id(cell) == name)


def cell_of(nb: NotebookNode, name: str) -> NotebookNode:
    return nb.cells[place_of(nb, name)]


def told(nb: NotebookNode) -> list[tuple[str, str, str, str]]:
    return [(made.kind, made.said, made.evidence, made.confidence) for made in repairs_of(nb)]


def twice(nb: NotebookNode, name: str, text: str) -> NotebookNode:
    """The notebook with an earlier copy of a cell that holds this text."""
    made = copy.deepcopy(nb)
    earlier = copy.deepcopy(cell_of(made, name))
    earlier.source, earlier.id = text, "earlier"
    made.cells.insert(place_of(made, name), earlier)
    return made


def test_two_different_answers_go_to_a_person_with_the_last_one_counting_for_now(mended, right) -> None:
    nb = mended(twice(right, "double", "# exercise: double\ndef double(x):\n    return 3 * x"))
    said = "The cell double was there 2 times, with 2 different answers; the last edited one counts for now, "
    evidence = "they define the same names otherwise"
    assert told(nb) == [("two answers", said + "and a person decides.", evidence, UNCLEAR)]
    assert cell_of(nb, "double").source == RIGHT["double"]
    doubted = {grade_id(cell): doubt_of(cell) for cell in nb.cells if doubt_of(cell)}
    assert doubted == dict.fromkeys(["check_double", "check_predict", "check_double__gradients"], DOUBT)


@pytest.mark.parametrize(
    ("text", "evidence"),
    [
        ("# exercise: double\ndef double(x):\n    return x + x  # twice", "the edited ones are the same"),
        (None, "the others are as they were handed out"),
    ],
)
def test_a_copy_that_says_the_same_or_nothing_is_no_doubt(mended, right, release, text, evidence) -> None:
    nb = mended(twice(right, "double", text or cell_of(release, "double").source))
    said = "The cell double was there 2 times; the last edited one counts."
    assert told(nb) == [("copied", said, evidence, CERTAIN)]
    assert not any(doubt_of(cell) for cell in nb.cells)


def test_an_answer_in_a_cell_of_its_own_counts_wherever_it_stands(mended, right, release) -> None:
    cell_of(right, "double").source = cell_of(release, "double").source
    right.cells.append(new_code_cell("def double(x):\n    return x + x"))
    nb = mended(right)
    assert cell_of(nb, "double").source == "def double(x):\n    return x + x"
    said = "The answer to double stood in another cell; it counts as that."
    assert told(nb) == [("adopted", said, "it defines double", LIKELY)]


def test_a_value_that_stands_below_its_check_is_a_persons_to_decide(mended, right, release) -> None:
    cell_of(right, "predict").source = cell_of(release, "predict").source
    right.cells.append(new_code_cell('sizes = {"a": 4, "b": 8}'))
    nb = mended(right)
    assert cell_of(nb, "predict").source == 'sizes = {"a": 4, "b": 8}'
    assert [(made.kind, made.confidence) for made in repairs_of(nb)] == [("adopted", UNCLEAR)]
    why = "The value for predict stands in a cell below its check."
    why += " A person decides which counts; the points are provisional."
    assert {grade_id(cell): doubt_of(cell) for cell in nb.cells if doubt_of(cell)} == {"check_predict": why}


def test_a_draft_beside_a_whole_answer_is_the_students_own_business(mended, right) -> None:
    right.cells.insert(place_of(right, "double"), new_code_cell("def double(x):\n    return 3 * x"))
    nb = mended(right)
    assert told(nb) == []
    assert [cell.source for cell in nb.cells if kind_of(cell) == "own"] == ["def double(x):\n    return 3 * x"]


def test_what_an_answer_needs_is_brought_up_from_the_end_and_what_it_has_is_left(mended, right) -> None:
    cell_of(right, "double").source = "# exercise: double\ndef double(x):\n    return twice(x)"
    right.cells += [
        new_code_cell("def twice(x):\n    return x * TWO"),
        new_code_cell("TWO = 2"),
        new_code_cell("y = 1"),
    ]
    nb = mended(right)
    place = place_of(nb, "double")
    assert [cell.source for cell in nb.cells[place - 2 : place]] == ["TWO = 2", "def twice(x):\n    return x * TWO"]
    assert nb.cells[-1].source == "y = 1"
    assert [(made.kind, made.evidence) for made in repairs_of(nb)] == [
        ("helper", "it defines twice"),
        ("helper", "it defines TWO"),
    ]
    right.cells[1:1] = [new_code_cell("TWO = 2"), new_code_cell("def twice(x):\n    return x * TWO")]
    del right.cells[-3:-1]
    assert told(mended(right)) == []


def test_what_a_student_wrote_into_the_lessons_own_cell_is_used_where_an_answer_needs_it(mended, right) -> None:
    cell_of(right, "double").source = "# exercise: double\ndef double(x):\n    return x * math.floor(2.0)"
    fixture = cell_of(right, "fixture_1")
    fixture.source = "import math\n" + fixture.source.replace("settings = ", "settings  = ").replace(
        "torch\n", "torch\n\n"
    )
    nb = mended(right)
    assert nb.cells[place_of(nb, "double") - 1].source == "import math"
    assert "import math" not in cell_of(nb, "fixture_1").source


def test_a_written_answer_below_its_own_cell_is_found_and_a_second_one_is_read_too(mended, right, release) -> None:
    cell_of(right, "why").source = cell_of(release, "why").source
    right.cells.insert(place_of(right, "why") + 1, new_markdown_cell("It adds to itself."))
    nb = mended(right)
    assert cell_of(nb, "why").source == "It adds to itself."
    right.cells.insert(place_of(right, "why") + 2, new_markdown_cell("And again."))
    nb = mended(right)
    assert cell_of(nb, "why").source == "It adds to itself.\n\nAnd again."
    assert [(made.kind, made.confidence) for made in repairs_of(nb)] == [("split", LIKELY)]


def test_a_note_with_an_exercises_line_is_no_answer(mended, right) -> None:
    right.cells.append(new_markdown_cell("# exercise: double\n\nI would add x to itself."))
    nb = mended(right)
    assert told(nb) == []
    assert nb.cells[-1].source == "# exercise: double\n\nI would add x to itself."


def test_code_in_a_markdown_cell_is_read_with_and_without_its_fence(mended, right) -> None:
    answer = cell_of(right, "double")
    answer.cell_type, answer.source = "markdown", f"```python\n{answer.source}\n```"
    nb = mended(right)
    assert (cell_of(nb, "double").cell_type, cell_of(nb, "double").source) == ("code", RIGHT["double"])
    assert [made.kind for made in repairs_of(nb)] == ["retyped"]


def test_a_formatter_that_went_over_all_cells_raises_no_alarm(mended, right) -> None:
    for cell in right.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace("'", '"').replace(" = ", "  =  ") + "\n\n"
    assert told(mended(right)) == []


def graded(course: Course, plain: bool) -> Record:
    """Grade what was handed in with made-up runs, and publish it ourselves or by nbgrader's converters."""
    limits = Limits(isolation="kernel")
    with Publisher(course, limits) as publisher:
        publisher.desk.plain = plain
        (job,) = jobs_for(course, find_submissions(course, [KEY], []), limits, publisher.settings)
        result = grade_job(replace(job, shape=publisher.shape(KEY), force=True), pretend)
        pages = PagePool(course.root, 1, 1)
        record, page = publisher.publish(result)
        if page is not None:
            pages.submit(record, page)
            (record,) = pages.done(wait_for_all=True)
        pages.close()
    return record


@pytest.mark.parametrize("plain", [True, False])
def test_in_the_gradebook_a_doubt_waits_for_a_person_with_its_provisional_score(
    built_course: Course, tmp_path: Path, plain: bool
) -> None:
    course = copy_course(built_course, tmp_path / "course")
    nb = answers(course, double="# exercise: double RIGHT\ndef double(x):\n    return 2 * x", why=RIGHT["why"])
    hand_in(course, "ada", twice(nb, "double", "# exercise: double\ndef double(x):\n    return 1"))
    record = graded(course, plain)
    held = standings(course.root)["ada", KEY]
    shown = {name: (cell.score, cell.waiting) for name, cell in held.cells.items()}
    assert shown["check_double"] == (2.0, True)
    assert shown["check_double__gradients"] == (1.0, True)
    page = (course.root / "grading" / "feedback" / "ada" / KEY / f"{KEY}.html").read_text(encoding="utf-8")
    assert DOUBT in page
    assert "(they define the same names otherwise; a person decides)" in page
    assert [repair.kind for repair in record.repairs] == ["two answers"]
    shown_to_us = report(course, [Row(record, held)])
    assert "Put right before grading" in shown_to_us
    assert "and a person decides. <small>(they define the same names otherwise; a person decides)" in shown_to_us


@pytest.mark.parametrize("plain", [True, False])
def test_of_a_file_that_was_cut_off_what_is_lost_waits_for_a_person_until_the_whole_file_is_there(
    built_course: Course, tmp_path: Path, plain: bool
) -> None:
    course = copy_course(built_course, tmp_path / "course")
    nb = answers(
        course, double="# exercise: double RIGHT\ndef double(x):\n    return 2 * x", predict="# RIGHT\nsizes = 1"
    )
    whole = nbformat.writes(nb)
    hand_in(course, "ada", whole[: whole.index("# RIGHT")])
    (repair,) = graded(course, plain).repairs
    assert repair.said == (
        "The file was cut off, in the middle of the cell predict: predict, why could not be read. "
        "The whole file has to be handed in again."
    )
    cells = standings(course.root)["ada", KEY].cells
    assert (cells["check_double"].score, cells["check_double"].waiting) == (2.0, False)
    assert (cells["check_predict"].score, cells["check_predict"].waiting) == (0.0, True)
    hand_in(course, "ada", whole)
    assert graded(course, plain).repairs == []
    cells = standings(course.root)["ada", KEY].cells
    assert (cells["check_predict"].score, cells["check_predict"].waiting) == (4.0, False)


def test_a_repair_is_kept_in_the_record_and_read_again(course: Course) -> None:
    repair = Repair("split", "It was split.", ("double",), "only one defines it", LIKELY)
    record = Record("ada", KEY, "graded", "m", repairs=[repair])
    save_record(course, record)
    assert read_record(course, "ada", KEY) == record


def test_a_long_list_of_repairs_is_folded_and_escaped(course: Course) -> None:
    repair = Repair("names", "<b>One</b>.", (), "its <i>text</i>")
    rows = [Row(Record(f"s{n:02}", KEY, "graded", "", repairs=[repair]), None) for n in range(11)]
    page = report(course, rows)
    assert "<summary>11 submissions: names 11</summary>" in page
    assert "&lt;b&gt;One&lt;/b&gt;. <small>(its &lt;i&gt;text&lt;/i&gt;; certain)</small>" in page
    assert "Put right before grading" not in report(course, [Row(Record("ada", KEY, "graded", ""), None)])


def test_many_names_in_a_sentence_are_counted() -> None:
    assert listed(["a", "b"]) == "a, b"
    assert listed([str(n) for n in range(14)]) == "0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 2 more"


def test_another_courses_sentences_are_repairs_without_grounds() -> None:
    nb = nbformat.v4.new_notebook(metadata={"measure_first": {"foreign": True, "notes": ["It was put back."]}})
    assert [(repair.said, repair.grounds) for repair in repairs_of(nb)] == [("It was put back.", "")]
    assert notes_of(nb) == ["It was put back."]
