"""When a check cannot be carried out, the page names the cell that is to blame, and the lesson only when it is."""

from __future__ import annotations

from cells_by_hand import check_cell, error, exercise_cell, notebook, other_cell, told
from nbformat import NotebookNode

from autograde.grading.blame import happenings
from autograde.grading.outcomes import Outcome
from autograde.grading.run import judge

NO_BEGIN = error("AttributeError", "'NoneType' object has no attribute 'begin'")


def answered(source: str, *outputs: NotebookNode, name: str = "double") -> NotebookNode:
    cell = exercise_cell(*outputs, name=name, binds=(name,))
    cell.source = f"# exercise: {name}\n{source}"
    return cell


def judged(*cells: NotebookNode) -> list[Outcome]:
    return judge(notebook(*cells))


def test_a_check_that_an_error_stopped_names_the_cell_that_gave_the_lessons_name_another_meaning() -> None:
    imports = other_cell("fixture", "from autograde import check, lesson")
    cell = answered("def double(x): return 2 * x\ncheck = None")
    (outcome,) = judged(imports, cell, check_cell(NO_BEGIN))
    assert (outcome.status, outcome.message) == (
        "failed",
        "double: your code stopped with AttributeError: 'NoneType' object has no attribute 'begin'. "
        "Your cell double gives check another meaning than the lesson and its checks need: rename yours.",
    )


def test_the_same_import_again_is_no_other_meaning() -> None:
    imports = other_cell("fixture", "import torch\nfrom autograde import check")
    cell = answered("import torch\nfrom autograde import check\ndouble = 2")
    (outcome,) = judged(imports, cell, check_cell(NO_BEGIN))
    assert (
        outcome.message == "double: your code stopped with AttributeError: 'NoneType' object has no attribute 'begin'"
    )


def test_a_lessons_cell_that_a_renamed_thing_broke_is_the_students_and_no_graders_error() -> None:
    imports = other_cell("fixture", "from autograde import check, lesson")
    broken = other_cell("fixture", "quiz_1 = lesson.quiz('quiz_1.json')", error("AttributeError", "no quiz"), name="f2")
    nb = [
        imports,
        answered("double = lesson = 3"),
        broken,
        check_cell(error("NameError", "name 'quiz_1' is not defined")),
    ]
    (outcome,) = judged(*nb)
    assert (outcome.status, outcome.message) == (
        "failed",
        "Your cell double gives lesson another meaning than the lesson and its checks need: rename yours.",
    )


def test_a_wrong_answer_above_a_failed_cell_of_the_lesson_stays_wrong() -> None:
    wrong = check_cell(error("CheckFailed", "double: your answer is 3"))
    broken = other_cell("fixture", "open('gone')", error("FileNotFoundError", "gone"), name="fixture_2")
    below = check_cell(error("CheckFailed", "triple: your answer is 4"), exercise="triple")
    first, second = judged(answered("double = 1"), wrong, broken, below)
    assert (first.status, first.message) == ("failed", "double: your answer is 3")
    assert second.status == "grader_error"


def test_an_emptied_exercise_is_not_attempted_and_a_renamed_answer_is_said() -> None:
    missing = error("NameError", "name 'double' is not defined")
    (emptied,) = judged(answered("# nothing here"), check_cell(missing))
    assert (emptied.status, emptied.message) == ("not_attempted", "double: the cell is empty.")
    (renamed,) = judged(answered("def twice(x): return 2 * x"), check_cell(missing))
    assert renamed.status == "failed"
    assert renamed.message == "double: the cell makes no double. Was it renamed or deleted?"


def test_what_happened_on_the_way_is_told_even_where_every_check_is_right() -> None:
    stopped = answered("def double(x): return 2 * x\ninput()", error("StdinNotImplementedError", "no input here"))
    looped = exercise_cell(
        name="triple", run={"status": "timeout", "seconds": 20.0, "message": "This cell did not finish."}
    )
    own = other_cell("own", "1 / 0", error("ZeroDivisionError", "division by zero"), message="")
    hole = answered("", error("NotAttempted", "later"), name="later")
    for cell in (stopped, hole):
        cell.metadata.measure_first.run["message"] = ""
    nb = notebook(stopped, check_cell(told(1.0)), looped, own, hole)
    assert list(happenings(nb)) == [
        "Your cell double stopped with input(): nobody is there to answer it when a notebook is graded. "
        "Write the value into the cell",
        "Your cell triple: This cell did not finish.",
        "A cell that you added stopped with ZeroDivisionError: division by zero",
    ]


def test_a_cell_that_stops_without_any_error_shown_is_the_students() -> None:
    silent = answered("get_ipython().showtraceback = print\nraise ValueError")
    silent.metadata["measure_first"]["run"]["status"] = "error"
    (outcome,) = judged(silent, check_cell(error("NameError", "name 'double' is not defined")))
    assert (outcome.status, outcome.message) == (
        "failed",
        "double: the cell itself stops, without saying why. What it should make is not there to be checked.",
    )


def test_a_lessons_cell_that_misses_what_the_lesson_made_is_no_graders_error() -> None:
    imports = other_cell("fixture", "from autograde import check, lesson")
    broken = other_cell("fixture", "y = check", error("NameError", "name 'check' is not defined"), name="f2")
    nb = [imports, other_cell("own", "del check"), broken, check_cell(error("NameError", "name 'y' is not defined"))]
    (outcome,) = judged(*nb)
    assert (outcome.status, outcome.message) == (
        "failed",
        "Your code deletes check, which the lesson and its checks need.",
    )


def test_a_lessons_cell_that_misses_what_nobody_made_is_the_graders_error() -> None:
    broken = other_cell("fixture", "y = chek", error("NameError", "name 'chek' is not defined"), name="f2")
    (outcome,) = judged(broken, check_cell(error("NameError", "name 'y' is not defined")))
    assert outcome.status == "grader_error"
