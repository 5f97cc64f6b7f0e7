"""A check's outcome comes from what check.end() published, or from the error that stopped it, and from nothing else."""

from __future__ import annotations

import pytest
from cells_by_hand import TRACE, check_cell, error, exercise_cell, notebook, other_cell, result, stream, told

from autograde.grading.outcomes import attach, auto_score, outcome_of
from autograde.grading.run import judge

MEMORY = "double: your code asked for more memory than there is{}. {}"
TOO_LARGE = "Is a tensor larger than you mean it to be, or does a list grow in a loop?"

REFUSED = (
    "[enforce fail at alloc_cpu.cpp:121] err == 0. DefaultCPUAllocator: can't allocate memory: "
    "you tried to allocate 8589934592 bytes. Error code 12 (Cannot allocate memory)"
)


def score_of(*outputs, **about) -> float | None:
    """What a check cell with these outputs earns of its 2 points."""
    nb = notebook(check_cell(*outputs, **about))
    attach(nb, judge(nb))
    return auto_score(nb.cells[0])


def test_a_check_that_reached_its_end_earns_all_its_points() -> None:
    assert score_of(stream("✓ double: 1 check passed\n"), told(1.0)) == 2.0


def test_a_partly_right_answer_earns_its_fraction() -> None:
    outcome = outcome_of(
        check_cell(stream("✗ 1 of 4\n"), told(0.25, message="double: 1 of 4 entries are right."), result("0.5"))
    )
    assert (outcome.status, outcome.fraction, outcome.score) == ("partly", 0.25, 0.5)
    assert outcome.message == "double: 1 of 4 entries are right."


@pytest.mark.parametrize("value", ["nan", "-1", "tensor(1.)", "2.0", "[1, 2]", "2"])
def test_the_value_of_the_last_expression_gives_no_points(value: str) -> None:
    assert score_of(result(value)) == 0.0


@pytest.mark.parametrize("value", ["nan", "-1", "tensor(1.)"])
def test_nbgrader_itself_would_give_full_points_for_that_value(value: str) -> None:
    from nbgrader.utils import determine_grade

    assert determine_grade(check_cell(result(value))) == (2.0, 2.0)


@pytest.mark.parametrize("fraction", [float("nan"), -1.0, 1.5, "much", None])
def test_a_published_fraction_that_is_no_share_earns_nothing(fraction: object) -> None:
    assert score_of(told(fraction)) == 0.0


def test_text_on_stderr_decides_nothing() -> None:
    assert score_of(stream("UserWarning: slow\n", "stderr"), told(1.0)) == 2.0


def test_nbgrader_itself_would_give_nothing_for_text_on_stderr() -> None:
    from nbgrader.utils import determine_grade

    assert determine_grade(check_cell(stream("UserWarning: slow\n", "stderr"), told(1.0))) == (0, 2.0)


def test_an_error_after_a_published_success_earns_nothing() -> None:
    assert score_of(told(1.0), error("CheckFailed", "double: your answer is wrong")) == 0.0


def test_an_outcome_published_under_another_checks_name_earns_nothing() -> None:
    assert score_of(told(1.0, name="check_other")) == 0.0


def test_the_last_published_outcome_counts_because_check_end_is_the_last_line() -> None:
    assert score_of(told(1.0), told(0.5)) == 1.0


def test_a_check_that_printed_success_but_never_reached_its_end_earns_nothing() -> None:
    outcome = outcome_of(check_cell(stream("✓ double: 9 checks passed\n")))
    assert (outcome.status, outcome.message) == ("failed", "double: the check did not reach its end.")


def test_a_cell_that_was_not_run_earns_nothing_whatever_its_outputs_say() -> None:
    skipped = {"status": "skipped", "seconds": 0.0, "message": "This cell is not run when grading."}
    assert score_of(told(1.0), run=skipped) == 0.0


@pytest.mark.parametrize(
    ("name", "value", "status", "message"),
    [
        ("CheckFailed", "double: wrong", "failed", "double: wrong"),
        ("NotAttempted", "double: not attempted yet.", "not_attempted", "double: not attempted yet."),
        ("OutOfMemoryError", "GPU", "out_of_memory", MEMORY.format(" (GPU)", TOO_LARGE)),
        ("MemoryError", "", "out_of_memory", MEMORY.format("", TOO_LARGE)),
        ("_ArrayMemoryError", "Unable", "out_of_memory", MEMORY.format(" (Unable)", TOO_LARGE)),
        ("OSError", "[Errno 12] Cannot", "out_of_memory", MEMORY.format(" ([Errno 12] Cannot)", TOO_LARGE)),
        ("RuntimeError", REFUSED, "out_of_memory", MEMORY.format(": 8.6 GB at once", TOO_LARGE)),
        ("RuntimeError", "shapes", "failed", "double: your code stopped with RuntimeError: shapes"),
        ("OSError", "[Errno 2] No", "failed", "double: your code stopped with OSError: [Errno 2] No"),
        ("ValueError", REFUSED, "failed", f"double: your code stopped with ValueError: {REFUSED}"),
        ("SystemExit", "0", "failed", "double: your code called exit(): a check cannot go on after that."),
        ("KeyError", "'a'", "failed", "double: your code stopped with KeyError: 'a'"),
    ],
)  # fmt: skip
def test_an_error_says_how_the_check_ended(name: str, value: str, status: str, message: str) -> None:
    outcome = outcome_of(check_cell(error(name, value)))
    assert (outcome.status, outcome.fraction, outcome.message) == (status, 0.0, message)


def test_an_error_in_the_students_function_names_the_line_there() -> None:
    outcome = outcome_of(check_cell(error("ValueError", "no", TRACE)))
    assert outcome.message == "double: your code stopped with ValueError: no (line 5, in double)"


def test_an_error_that_rises_in_the_checks_own_code_is_the_graders() -> None:
    ours = "File /home/grader/course/autograde/check/values.py:40, in close(got)\n---> 40 broken"
    outcome = outcome_of(check_cell(error("TypeError", "oops", [*TRACE[:3], ours, "TypeError: oops"])))
    assert outcome.status == "grader_error"
    assert outcome.score is None
    assert outcome.message == "The check itself stopped with TypeError: oops. A person will look at this answer."


def test_an_error_that_rises_in_torch_below_a_check_is_the_answers() -> None:
    ours = "File /home/grader/course/autograde/check/gradients.py:40, in gradients(fn)\n---> 40 loss.backward()"
    torchs = "File /env/site-packages/torch/_tensor.py:1, in backward(self)\n---> 1 run()"
    outcome = outcome_of(check_cell(error("RuntimeError", "modified in place", [*TRACE[:3], ours, torchs])))
    assert outcome.status == "failed"


def test_an_error_in_the_students_function_below_a_check_is_the_answers() -> None:
    ours = "File /home/grader/course/autograde/check/gradients.py:40, in gradients(fn)\n---> 40 fn(x)"
    outcome = outcome_of(check_cell(error("ValueError", "no", [TRACE[2], ours, TRACE[3], "ValueError: no"])))
    assert outcome.status == "failed"


def test_a_graders_error_leaves_the_score_to_a_person() -> None:
    ours = "File /c/autograde/check/values.py:40, in close(got)"
    assert score_of(error("TypeError", "oops", [ours])) is None


def test_a_check_without_any_outcome_is_never_scored_by_its_outputs() -> None:
    assert auto_score(check_cell(stream("fine\n"))) is None


def test_a_plain_nbgrader_test_cell_passes_without_an_error_and_fails_with_one() -> None:
    passing, failing = check_cell(result("nan")), check_cell(error("AssertionError"))
    for cell in (passing, failing):
        cell.source = "assert double(1) == 2"
    assert outcome_of(passing).status == "passed"
    assert outcome_of(failing).status == "failed"


def test_a_message_is_bounded_and_without_terminal_colours() -> None:
    outcome = outcome_of(check_cell(error("CheckFailed", "\x1b[31mdouble: wrong\x1b[0m" + "!" * 9999)))
    assert outcome.message.startswith("double: wrong!")
    assert len(outcome.message) == 2002


def test_a_cell_that_did_not_finish_is_a_timeout_with_its_exercises_name() -> None:
    ran_out = {"status": "timeout", "seconds": 6.0, "message": "This cell did not finish within 6 seconds."}
    outcome = outcome_of(check_cell(error("TimeoutError"), run=ran_out))
    assert (outcome.status, outcome.message) == ("timeout", "double: this cell did not finish within 6 seconds.")


def test_an_exercise_whose_cell_stopped_explains_the_missing_name() -> None:
    nb = notebook(
        exercise_cell(error("SyntaxError", "invalid syntax (541556098.py, line 3)")),
        check_cell(error("NameError", "name 'double' is not defined")),
    )
    assert judge(nb)[0].message == (
        "double: the cell itself stops with SyntaxError: invalid syntax (line 3). "
        "What it should make is not there to be checked."
    )


def test_an_exercise_whose_cell_never_ended_gives_its_check_the_same_outcome() -> None:
    ran_out = {"status": "timeout", "seconds": 6.0, "message": "This cell did not finish within 6 seconds."}
    nb = notebook(exercise_cell(run=ran_out), check_cell(error("NameError", "name 'double' is not defined")))
    outcome = judge(nb)[0]
    assert (outcome.status, outcome.message) == ("timeout", "double: this cell did not finish within 6 seconds.")


@pytest.mark.parametrize("status", ["out_of_memory", "tampered", "crashed"])
def test_an_exercise_whose_cell_was_ended_gives_its_check_the_same_outcome(status: str) -> None:
    nb = notebook(
        exercise_cell(run={"status": status, "seconds": 6.0, "message": "The process was ended."}),
        check_cell(error("NameError", "name 'double' is not defined")),
    )
    outcome = judge(nb)[0]
    assert (outcome.status, outcome.message) == (status, "double: the process was ended.")


def test_a_name_made_only_in_a_demo_cell_is_explained() -> None:
    nb = notebook(
        other_cell("demo", "def helper(x):\n    return x", status="skipped", seconds=0.0),
        exercise_cell(),
        check_cell(error("NameError", "name 'helper' is not defined")),
    )
    assert judge(nb)[0].message == (
        "helper is made in a demo cell, and demo cells are not run when grading. Make it in the exercise's own cell."
    )


def test_a_name_that_nobody_was_to_make_stays_a_plain_error() -> None:
    nb = notebook(exercise_cell(), check_cell(error("NameError", "name 'typo' is not defined")))
    assert judge(nb)[0].message == "double: your code stopped with NameError: name 'typo' is not defined"


def test_a_failed_cell_of_the_lesson_itself_makes_wrong_checks_the_graders_error_and_keeps_right_ones() -> None:
    nb = notebook(
        other_cell("fixture", "import torch", error("ImportError", "no torch"), name="fixture_1"),
        check_cell(error("NameError", "name 'torch' is not defined")),
        check_cell(told(1.0, name="check_other"), exercise="other"),
    )
    broken, fine = judge(nb)
    assert broken.status == "grader_error"
    assert broken.message.startswith("The lesson's own cell fixture_1 failed here (ImportError: no torch).")
    assert fine.status == "passed"


def test_a_lessons_cell_that_lacks_the_students_name_is_not_the_graders_error() -> None:
    nb = notebook(
        exercise_cell(error("SyntaxError", "invalid syntax")),
        other_cell(
            "fixture", "curve = double(1)", error("NameError", "name 'double' is not defined"), name="fixture_2"
        ),
        check_cell(error("NameError", "name 'double' is not defined")),
    )
    assert judge(nb)[0].status == "failed"


def test_a_wrong_check_that_needs_an_exercise_with_nothing_right_is_skipped_and_names_it() -> None:
    nb = notebook(
        check_cell(error("CheckFailed", "double: wrong")),
        check_cell(error("CheckFailed", "quadruple: wrong"), exercise="quadruple", requires=["double"]),
    )
    outcome = judge(nb)[1]
    assert outcome.status == "skipped"
    assert outcome.message == (
        "quadruple: it needs double, which has no check right yet. Start there. (quadruple: wrong)"
    )


def test_evidence_of_an_attack_is_never_called_skipped() -> None:
    ended = {"status": "tampered", "seconds": 0.1, "message": "Something was written to the connection."}
    wrong, tampers = check_cell(error("CheckFailed", "no")), check_cell(exercise="b", requires=["double"], run=ended)
    assert [outcome.status for outcome in judge(notebook(wrong, tampers))] == ["failed", "tampered"]


def test_a_right_check_is_never_skipped_and_neither_is_one_whose_need_is_partly_right() -> None:
    right = notebook(
        check_cell(error("CheckFailed", "double: wrong")),
        check_cell(told(1.0, name="check_quadruple"), exercise="quadruple", requires=["double"]),
    )
    partly = notebook(
        check_cell(told(0.5)),
        check_cell(error("CheckFailed", "quadruple: wrong"), exercise="quadruple", requires=["double"]),
    )
    assert judge(right)[1].status == "passed"
    assert judge(partly)[1].status == "failed"
