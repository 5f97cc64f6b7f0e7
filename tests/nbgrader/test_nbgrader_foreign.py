"""Another course's notebook is put in order, nothing that the student wrote is lost, and its cells' runs are scored."""

from __future__ import annotations

import json

import pytest
from differences import assignment, cell
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograde.grading.cells import grade_id, note
from autograde.grading.foreign import (
    Given,
    check_language,
    check_notebook,
    earned,
    is_foreign,
    of_result,
    outcomes_of,
    restore,
)
from autograde.grading.intake import BrokenSubmission, parse_submission
from autograde.grading.mending import notes_of


def given(*cells: NotebookNode) -> list[Given]:
    """The course's cells, as the gradebook has them."""
    made = []
    for found in cells:
        about = dict(found.metadata["nbgrader"])
        about["locked"] = not about["solution"]
        made.append(Given(about["grade_id"], found.cell_type, found.source, about))
    return made


STUB = cell("# YOUR CODE HERE", "answer", solution=True)
HIDDEN = "### BEGIN HIDDEN TESTS\nassert answer < 2\n### END HIDDEN TESTS"
TEST = cell(f"assert answer == 1\n{HIDDEN}", "test", grade=True, points=2)
WHY = cell("Your answer", "why", "markdown", grade=True, solution=True, points=4)
GIVEN = given(STUB, TEST, WHY)


def handed_in(*cells: NotebookNode) -> NotebookNode:
    return parse_submission(json.dumps(new_notebook(cells=list(cells))).encode())


def written(text: str = "answer = 1") -> NotebookNode:
    return cell(text, "answer", solution=True)


def shown(nb: NotebookNode) -> list[str]:
    return [f"{grade_id(found) or '-'}: {found.source.splitlines()[0]}" for found in nb.cells]


def test_a_whole_notebook_keeps_its_order_and_gets_the_courses_tests() -> None:
    mine, test = new_code_cell("x = 2"), cell("assert True", "test", grade=True, points=99)
    nb = restore(handed_in(written(), mine, test, WHY), GIVEN)
    assert shown(nb) == ["answer: answer = 1", "-: x = 2", "test: assert answer == 1", "why: Your answer"]
    assert nb.cells[2].metadata["nbgrader"]["points"] == 2
    assert "assert answer < 2" in nb.cells[2].source
    assert notes_of(nb) == [] and is_foreign(nb)


def test_of_an_answer_that_is_there_twice_the_last_edited_one_counts_and_both_run() -> None:
    nb = restore(handed_in(written("answer = 0"), written(), STUB, TEST, WHY), GIVEN)
    assert shown(nb)[:3] == ["-: answer = 0", "answer: answer = 1", "-: # YOUR CODE HERE"]
    assert notes_of(nb) == ["The cell answer was there 3 times; the last edited one counts."]


def test_a_deleted_test_is_put_back_behind_what_the_student_wrote_there() -> None:
    nb = restore(handed_in(written(), new_code_cell("x = 2"), WHY), GIVEN)
    assert shown(nb) == ["answer: answer = 1", "-: x = 2", "test: assert answer == 1", "why: Your answer"]
    assert notes_of(nb) == ["The cell test was missing; it was put back."]


def test_a_missing_answer_is_not_put_back_since_it_may_stand_in_a_cell_without_a_name() -> None:
    nb = restore(handed_in(new_code_cell("answer = 1"), WHY), GIVEN)
    assert shown(nb) == ["-: answer = 1", "test: assert answer == 1", "why: Your answer"]
    assert notes_of(nb) == ["The cell answer was missing.", "The cell test was missing; it was put back."]


def test_a_test_that_lost_its_name_is_known_by_its_text() -> None:
    nb = restore(handed_in(written(), new_code_cell("assert answer == 1"), WHY), GIVEN)
    assert shown(nb) == ["answer: answer = 1", "test: assert answer == 1", "why: Your answer"]
    assert notes_of(nb) == []


def test_a_cell_of_the_wrong_type_gets_its_own_back() -> None:
    nb = restore(handed_in(new_markdown_cell("answer = 1", metadata=written().metadata), TEST, WHY), GIVEN)
    assert nb.cells[0].cell_type == "code"


def test_another_assignments_notebook_is_refused() -> None:
    other = new_notebook(cells=[cell("1", "squares", solution=True), cell("2", "test_squares", grade=True, points=1)])
    with pytest.raises(BrokenSubmission, match="none of the cells of p1; it has squares, test_squares: another"):
        check_notebook(other, GIVEN, "p1")
    check_notebook(new_notebook(cells=[new_code_cell("1")]), GIVEN, "p1")
    check_notebook(new_notebook(cells=[written()]), GIVEN, "p1")


@pytest.mark.parametrize("kernel", [{"name": "python3"}, {"name": "env7", "language": "python"}])
def test_a_python_notebook_is_graded_whatever_its_kernel_is_called(kernel: dict[str, str]) -> None:
    check_language(new_notebook(metadata={"kernelspec": {"display_name": "", **kernel}}))
    check_language(new_notebook())


def test_a_notebook_in_another_language_is_refused() -> None:
    with pytest.raises(BrokenSubmission, match="the notebook asks for the kernel 'ir'"):
        check_language(new_notebook(metadata={"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}))


@pytest.mark.parametrize(
    ("text", "earns"),
    [
        ("0.5", 0.5),
        ("2", 2.0),
        ("0", 0.0),
        ("1e-1", 0.1),
        (["1.5"], 1.5),
        ("True", 2.0),
        ("'well done'", 2.0),
        ("<Figure size 640x480 with 1 Axes>", 2.0),
        ("{'a': 1}", 2.0),
        ("nan", None),
        ("inf", None),
        ("-1", None),
        ("2.5", None),
        ("False", None),
        ("tensor(1.)", None),
        ("tensor([1.])", None),
        ("np.float64(0.5)", None),
        ("array(0.5)", None),
        ("Decimal('0.5')", None),
        ("Fraction(1, 2)", None),
        ("(0.5, 'half')", None),
        ("[0.5]", None),
        ("'0.5'", None),
        ("(1+2j)", None),
        ("1 / 2", None),
        ("Parameter containing:\ntensor(1., requires_grad=True)", None),
        ("", None),
    ],
)
def test_a_result_counts_where_it_is_a_plain_number_of_points(text: str | list[str], earns: float | None) -> None:
    assert of_result(text, 2.0) == earns


def ran(*outputs: NotebookNode, status: str = "ok") -> NotebookNode:
    """The test cell, worth 2 points, as a run left it."""
    made = cell("…", "test", grade=True, points=2)
    made.outputs = list(outputs)
    note(made, status, 0.1, "why" if status != "ok" else "")
    return made


STDERR = new_output("stream", name="stderr", text="a warning")
ERROR = new_output("error", ename="AssertionError", evalue="no", traceback=[])
HALF = new_output("execute_result", data={"text/plain": "0.5"})


def test_a_test_cell_earns_what_its_run_says() -> None:
    assert earned(ran()) == 2.0
    assert earned(ran(STDERR)) == 2.0
    assert earned(ran(HALF)) == 0.5
    assert earned(ran(STDERR, HALF)) == 0.5
    assert earned(ran(HALF, ERROR)) == 0.0
    assert [earned(ran(HALF, status=status)) for status in ("timeout", "crashed", "out_of_memory", "tampered")] == [
        0.0
    ] * 4
    assert earned(ran(status="grader_error")) is None


def test_outcomes_name_each_test_and_how_it_ended() -> None:
    nb = new_notebook(
        cells=[STUB, ran(), ran(HALF), ran(ERROR), ran(status="timeout"), ran(status="grader_error"), WHY]
    )
    assert [(found.status, found.fraction, found.message) for found in outcomes_of(nb)] == [
        ("passed", 1.0, ""),
        ("partly", 0.25, ""),
        ("failed", 0.0, "AssertionError: no"),
        ("timeout", 0.0, "why"),
        ("grader_error", 0.0, "why"),
    ]


def test_a_notebook_of_this_project_is_not_foreign() -> None:
    ours = new_notebook(cells=[new_code_cell("1", metadata={"measure_first": {"kind": "exercise"}})])
    assert not is_foreign(ours)
    assert is_foreign(assignment("assert True"))
