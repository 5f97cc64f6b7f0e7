"""Messages: their head, their one cause, and how a notebook shows them."""

from __future__ import annotations

import re

import pytest

from autograde import check
from autograde.check.failure import Problem, head, worded


def test_the_head_names_the_exercise_and_the_case():
    assert head() == "demo: "
    assert head("batches of different sizes") == "demo, batches of different sizes: "
    with check.using(check.Session()):
        assert head() == "" and head("a case") == "a case: "


@pytest.mark.parametrize(
    ("sure", "hint", "suspect", "cause"),
    [
        (False, None, None, "A guess?"),
        (False, "A hint?", None, "A hint?"),
        (False, "A hint?", "A suspect?", "A suspect?"),
        (True, "A hint?", None, "A guess?"),
        (True, "A hint?", "A suspect?", "A suspect?"),
    ],
)
def test_a_message_has_one_cause_and_its_evidence(sure, hint, suspect, cause):
    problem = Problem("expected 1, your answer is 2.", "It is 2×", "A guess?", sure)
    assert worded(problem, hint, suspect) == f"expected 1, your answer is 2. It is 2×. {cause}"


def test_a_cause_with_a_small_letter_goes_on_after_a_colon():
    assert worded(Problem("your answer is 0 everywhere.", "", "is it written?")) == (
        "your answer is 0 everywhere: is it written?"
    )
    assert worded(Problem("expected 1.", "It is 2×", "why?")) == "expected 1. It is 2×: why?"
    assert worded(Problem("expected 1.", "It is 2×")) == "expected 1. It is 2×."
    assert worded(Problem("expected 1.")) == "expected 1."


def test_an_untouched_exercise_says_where_to_write():
    assert str(check.NotAttempted("demo")) == (
        "demo: not attempted yet. Write your answer in the cell that begins with “# exercise: demo”, run it, "
        "then run this cell again."
    )


def test_a_check_that_needs_another_exercise_names_it():
    assert str(check.NotAttempted("split_heads")) == (
        "demo: it uses split_heads, which is not attempted yet. Write split_heads first."
    )


def test_not_attempted_is_a_failure_and_a_failure_is_an_assertion():
    assert issubclass(check.NotAttempted, check.CheckFailed)
    assert issubclass(check.CheckFailed, AssertionError)


def test_a_notebook_shows_one_line_and_no_traceback():
    assert check.CheckFailed("demo: wrong")._render_traceback_() == ["✗ demo: wrong"]


@pytest.fixture
def shell():
    """A real IPython shell, of the version that is installed."""
    pytest.importorskip("IPython")
    from IPython.core.interactiveshell import InteractiveShell

    yield InteractiveShell.instance()
    InteractiveShell.clear_instance()


CELL = "from autograde import check\nwith check.using(check.Session()):\n    check.begin('demo')\n    {}"


def test_ipython_shows_the_message_alone(shell, capsys):
    shell.run_cell(CELL.format("check.equal(3, 5)"))
    assert capsys.readouterr().out == "✗ demo: expected 5, your answer is 3.\n"


def test_ipython_shows_an_untouched_exercise_in_one_line(shell, capsys):
    shell.run_cell(CELL.format("check.NotAttempted('demo')\n    raise check.NotAttempted('demo')"))
    out = capsys.readouterr().out
    assert out.startswith("✗ demo: not attempted yet. ") and out.count("\n") == 1


def test_ipython_shows_a_students_own_error_as_an_ordinary_traceback(shell, capsys):
    shell.run_cell("def answer(x):\n    return x[3]")
    shell.run_cell(CELL.format("check.equal(answer([]), 3)"))
    out = re.sub(r"\x1b\[[\d;]*m", "", capsys.readouterr().out)
    assert "return x[3]" in out and out.endswith("IndexError: list index out of range\n") and "✗" not in out
