"""No hidden line reaches a student: not in the source, not in a traceback, not in what their own code prints."""

from __future__ import annotations

import json

import pytest
from cells_by_hand import TRACE, check_cell, error, exercise_cell, notebook, result, stream, told
from nbformat import NotebookNode

from autograde.grading.hiding import TAKEN_OUT, hide, plain_outputs, shown_source

SOURCE = """\
check.begin("double", points=2)
check.close(double(1), 2)
### BEGIN HIDDEN TESTS
secret_input = double(-1.5)
check.close(secret_input, -3)
x = 1
### END HIDDEN TESTS
check.end()"""


def hidden(*outputs: NotebookNode, elsewhere: NotebookNode | None = None) -> NotebookNode:
    """A notebook with a check that has hidden lines and these outputs, after `hide`."""
    cell = check_cell(*outputs)
    cell.source = SOURCE
    own = exercise_cell(*([elsewhere] if elsewhere is not None else []))
    nb = notebook(own, cell)
    hide(nb)
    return nb


def test_the_source_shown_ends_with_a_word_on_what_is_hidden() -> None:
    assert shown_source(SOURCE) == (
        'check.begin("double", points=2)\n'
        "check.close(double(1), 2)\n"
        "# … and hidden checks, which ran when this was graded\n"
        "check.end()"
    )


def test_a_check_without_hidden_lines_is_shown_as_it_is() -> None:
    assert shown_source("check.begin()\ncheck.end()") == "check.begin()\ncheck.end()"


def test_a_traceback_keeps_the_students_frames_and_loses_the_tests() -> None:
    nb = hidden(error("ValueError", "no", TRACE))
    assert nb.cells[1].outputs[0].traceback == [*TRACE[:2], "In the check:", TRACE[3], TRACE[4]]
    assert "secret_input" not in json.dumps(nb)


def test_frames_of_our_own_code_and_paths_of_the_graders_machine_are_left_out() -> None:
    ours = "File /home/grader/course/autograde/check/values.py:40, in close(got)"
    torchs = "File /home/grader/.venv/lib/python3.12/site-packages/torch/nn/modules/module.py:1, in _call(x)"
    shown = hidden(error("ValueError", "no", [ours, torchs, "ValueError: no"])).cells[1].outputs[0].traceback
    assert shown == ["File torch/nn/modules/module.py:1, in _call(x)", "ValueError: no"]


@pytest.mark.parametrize(
    "text",
    [
        "    secret_input = double(-1.5)",
        "In[7] is 'check.begin(…)\\nsecret_input = double(-1.5)\\n'",
        "\x1b[31msecret_input = double(-1.5)\x1b[0m",
    ],
)
def test_a_hidden_line_that_a_students_code_prints_is_taken_out(text: str) -> None:
    printed = stream(f"before\n{text}\nafter\n")
    nb = hidden(elsewhere=printed)
    assert nb.cells[0].outputs[0].text == f"before\n{TAKEN_OUT}\nafter\n"


def test_short_lines_and_lines_that_are_also_visible_are_no_secret() -> None:
    nb = hidden(elsewhere=stream("x = 1\ncheck.close(double(1), 2)\n"))
    assert nb.cells[0].outputs[0].text == "x = 1\ncheck.close(double(1), 2)\n"


def test_a_hidden_line_in_a_table_or_a_value_is_taken_out() -> None:
    value = result("'secret_input = double(-1.5)'")
    value.data["text/html"] = "<b>secret_input = double(-1.5)</b>"
    data = hidden(elsewhere=value).cells[0].outputs[0].data
    assert data == {"text/plain": TAKEN_OUT, "text/html": TAKEN_OUT}


def test_outcomes_as_data_and_the_number_for_nbgrader_are_not_for_the_page() -> None:
    nb = notebook(check_cell(stream("✗ half\n"), told(0.5), result("1.0")))
    plain_outputs(nb)
    assert [output.output_type for output in nb.cells[0].outputs] == ["stream"]
