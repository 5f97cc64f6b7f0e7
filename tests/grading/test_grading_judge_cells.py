"""A test cell runs at the judge as it would in a kernel: same names, same outputs, same verdict."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from cells_by_hand import check_cell, exercise_cell, notebook, other_cell

from autograde import check
from autograde.grading.check_run import CheckCell, Ran, run_check
from autograde.grading.limits import Limits
from autograde.grading.names import MissingThere, Names
from autograde.grading.outcomes import OUTCOME_MIME, outcome_of
from autograde.grading.prepared import LessonCells, Prepared, prepare

LIMITS = Limits(fixture_seconds=5.0)
FIXTURE = "import torch\nfrom autograde import check\nbase = torch.zeros(3)\ndef slowly(x): return double(x)"


class StudentError(Exception):
    """Stands for the wall's: an error of the student's code, with its type, message and lines."""

    def __init__(self, student_type: str, message: str, frames: list[tuple[int, int, str]]) -> None:
        super().__init__(message)
        self.student_type, self.message, self.frames = student_type, message, frames


def lesson(*fixtures: str, binds: tuple[str, ...] = ("double",)) -> Prepared:
    own = tuple((f"fixture_{n}", source) for n, source in enumerate(fixtures, start=1))
    return prepare(LessonCells(own, len(own), binds), LIMITS)


def ran(lines: str, theirs: dict[str, Any], prepared: Prepared | None = None, room: int = 1000) -> Ran:
    """A test cell of the exercise `double` with these lines, against these names of the student's."""
    prepared = prepared or lesson(FIXTURE)
    prepared.set_to(list(prepared.states))

    def ask(name: str) -> Any:
        if name not in theirs:
            raise MissingThere(name)
        return theirs[name]

    prepared.names.ask = ask
    cell = CheckCell("check_double", f'check.begin("double", points=2)\n{lines}\ncheck.end()', 7)
    return run_check(cell, prepared.names, check.Session("s", "ada", apart=True), room)


def verdict(result: Ran) -> tuple[str, float, str]:
    """What the grader makes of it."""
    cell = check_cell()
    cell.source = "check.end()"
    cell.outputs = [other_output(output) for output in result.outputs]
    outcome = outcome_of(cell)
    return outcome.status, outcome.fraction, outcome.message


def other_output(output: dict[str, Any]) -> Any:
    import nbformat

    return nbformat.from_dict(output)


def test_a_passing_cell_prints_and_tells_its_outcome() -> None:
    result = ran("check.equal(double(3), 6)", {"double": lambda x: 2 * x})
    assert result.outputs[1] == {"output_type": "stream", "name": "stdout", "text": "✓ double: 1 check passed\n"}
    told = {"name": "check_double", "status": "passed", "fraction": 1.0, "message": "double: 1 check passed"}
    assert result.outputs[0]["data"] == {OUTCOME_MIME: {**told, "points": 2.0, "sheet": None}}
    assert verdict(result) == ("passed", 1.0, "double: 1 check passed")


def test_partial_credit_is_told_and_shown_as_in_a_kernel() -> None:
    result = ran('check.each(double, {"a": 1, "b": 2}, of="table")', {"double": {"a": 1, "b": 3}})
    assert result.outputs[-1]["data"] == {"text/plain": "1.0"}
    assert result.outputs[-1]["execution_count"] == 7
    assert verdict(result)[:2] == ("partly", 0.5)


def test_a_failed_check_is_one_line_and_no_traceback() -> None:
    result = ran('check.equal(double(3), 6, of="three")', {"double": lambda x: x})
    assert result.outputs[-1]["ename"] == "CheckFailed"
    assert result.outputs[-1]["traceback"] == ["✗ double, three: expected 6, your answer is 3."]
    assert verdict(result) == ("failed", 0.0, "double, three: expected 6, your answer is 3.")


def test_an_untouched_exercise_is_not_attempted() -> None:
    def hole(x: object) -> None:
        raise check.NotAttempted("double")

    assert verdict(ran("double(3)", {"double": hole}))[0] == "not_attempted"


def test_a_students_error_has_its_own_name_and_the_line_in_the_students_cell() -> None:
    def broken(x: object) -> None:
        raise StudentError("ValueError", "no such size", [(3, 2, "double"), (3, 9, "inner")])

    result = ran("double(3)", {"double": broken})
    entries = result.outputs[-1]["traceback"]
    assert entries[0] == "ValueError: Traceback (most recent call last)"
    assert entries[1] == "Cell In[7], line 2\n----> 2 double(3)"
    assert entries[-3:] == ["Cell In[3], line 2, in double", "Cell In[3], line 9, in inner", "ValueError: no such size"]
    expected = "double: your code stopped with ValueError: no such size (line 9, in inner)"
    assert verdict(result) == ("failed", 0.0, expected)


def test_an_error_inside_our_own_checks_is_the_graders() -> None:
    result = ran("check.samples(1, 5, n='x').__next__()", {"double": abs})
    assert verdict(result)[0] == "grader_error"


def test_an_error_inside_the_wall_is_the_graders_and_the_same_error_elsewhere_is_not() -> None:
    def fails(x: object) -> None:
        raise KeyError("a bug")

    from autograde.grading import tracebacks

    assert verdict(ran("double(3)", {"double": fails}))[0] == "failed"
    bug = compile("def fails(x): raise KeyError('a bug')", f"{tracebacks.HOME}/wall/peer.py", "exec")
    place: dict[str, Any] = {}
    exec(bug, place)
    assert verdict(ran("double(3)", {"double": place["fails"]}))[0] == "grader_error"


def test_a_name_that_the_student_does_not_have_is_a_name_error() -> None:
    result = ran("double(3)", {})
    assert (result.outputs[-1]["ename"], result.outputs[-1]["evalue"]) == (
        "NameError",
        "name 'double' is not defined",
    )


def test_only_names_that_exercises_bind_are_the_students() -> None:
    result = ran("check.equal(helper, 1)", {"double": abs, "helper": 1})
    assert result.outputs[-1]["evalue"] == "name 'helper' is not defined"


def test_functions_in_the_test_and_in_fixtures_see_the_students_names() -> None:
    lines = "def twice(x): return [double(y) for y in (x, x)]\ncheck.equal([*twice(2), slowly(2)], [4, 4, 4])"
    assert verdict(ran(lines, {"double": lambda x: 2 * x}))[0] == "passed"


def test_a_students_name_never_takes_the_place_of_a_fixtures() -> None:
    assert verdict(ran("check.equal(double, 2)", {"check": None, "double": 2}))[0] == "passed"


def test_the_lesson_stands_as_it_did_above_the_check() -> None:
    prepared = lesson("from autograde import check\nsize = 1", "size = 2")
    for above, size in ((["fixture_1"], 1), (["fixture_1", "fixture_2"], 2)):
        prepared.set_to(above)
        assert prepared.names["size"] == size
    prepared.set_to([])
    assert "size" not in prepared.names


def test_what_one_test_binds_is_gone_for_the_next() -> None:
    prepared = lesson(FIXTURE)
    ran("left_behind = base.clone()", {}, prepared)
    assert "left_behind" in prepared.names
    prepared.set_to(["fixture_1"])
    assert "left_behind" not in prepared.names


def test_a_fixture_that_breaks_here_is_kept_with_its_error_and_the_others_run() -> None:
    prepared = lesson("good = 1", "1 / 0", "better = good + 1")
    assert list(prepared.broken) == ["fixture_2"]
    assert prepared.broken["fixture_2"]["ename"] == "ZeroDivisionError"
    assert prepared.states["fixture_3"]["better"] == 2


def test_a_fixture_that_never_ends_is_stopped() -> None:
    limits = dataclasses.replace(LIMITS, fixture_seconds=0.2)
    prepared = prepare(LessonCells((("fixture_1", "while True: pass"),), 1, ()), limits)
    assert prepared.broken["fixture_1"]["evalue"] == "not finished within 0.2 seconds"


def test_what_a_test_prints_is_kept_up_to_a_bound() -> None:
    result = ran("import sys\nprint('x' * 500)\nprint('e', file=sys.stderr)\nprint('y' * 5000)", {}, room=600)
    assert [output["name"] for output in result.outputs[:3]] == ["stdout", "stderr", "stdout"]
    assert result.outputs[2]["text"].endswith("\n… more output than is kept\n")
    assert sum(len(output["text"]) for output in result.outputs[:3]) < 700


def test_exit_in_a_test_ends_the_cell_and_not_the_judge() -> None:
    assert ran("raise SystemExit(3)", {}).outputs[-1]["ename"] == "SystemExit"


def test_the_judges_random_numbers_are_replayable_and_not_the_students() -> None:
    lines = "import torch, random\nprint(torch.rand(1).item(), random.random())"
    first, second = ran(lines, {}), ran(lines, {})
    assert first.outputs[0]["text"] == second.outputs[0]["text"]
    theirs, ours, apart = check.Session("s", "ada").seeds("check_double")
    assert len({theirs, ours, apart}) == 3
    kernel = check.Session("s", "ada")
    kernel.begin("double")
    import torch

    assert str(torch.rand(1).item()) not in first.outputs[0]["text"]


def test_the_lessons_cells_are_read_from_a_mended_notebook() -> None:
    nb = notebook(
        other_cell("own", "x = 1"),
        other_cell("settings", "SEED = 0", name="settings"),
        other_cell("demo", "play()"),
        other_cell("fixture", "import torch", name="fixture_1"),
        exercise_cell(binds=("double", "half")),
        other_cell("fixture", "more = 1", name="fixture_2"),
        other_cell("fixture", "  ", name="fixture_3"),
    )
    found = LessonCells.of(nb)
    assert found.own == (("settings", "SEED = 0"), ("fixture_1", "import torch"), ("fixture_2", "more = 1"))
    assert (found.leading, found.binds) == (2, ("double", "half"))


def test_names_ask_once_and_only_while_somebody_is_there() -> None:
    asked: list[str] = []
    names = Names({"double"})
    with pytest.raises(NameError):
        exec("double", names)
    names.ask = lambda name: asked.append(name) or 4  # type: ignore[func-returns-value]
    exec("a = double\nb = double", names)
    assert (names["b"], asked) == (4, ["double"])
