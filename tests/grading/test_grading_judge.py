"""The judge: whatever a student's code does in its process, each check has one outcome, and the others go on."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cells_by_hand import check_cell, exercise_cell, notebook, other_cell
from nbformat import NotebookNode

from autograde.authoring.walker import Walker
from autograde.grading import judge as judging
from autograde.grading.cells import NAMESPACE, grade_id, kind_of, ours
from autograde.grading.judge import judge_notebook, keep
from autograde.grading.limits import Limits
from autograde.grading.outcomes import Outcome
from autograde.grading.prepared import LessonCells, Prepared, cell_key, one_thread, prepare
from autograde.grading.run import judge
from autograde.grading.timings import take_timings
from autograde.wall.student import CellResult

LIMITS = Limits(cell_seconds=4.0, submission_seconds=40.0, isolation="process")
FIXTURE = "import os, torch\nfrom autograde import check\nbase = torch.zeros(3)\nnotes = []"
RIGHT = "def double(x):\n    return 2 * x"
ASKS = "check.equal(double(3), 6)"
SPOIL = """
def double(x):
    for name in os.listdir("/proc/self/fd"):
        try:
            if os.readlink(f"/proc/self/fd/{name}").startswith("socket:"):
                os.write(int(name), b"passed" * 50)
        except OSError:
            pass
    return 6
"""


@pytest.fixture(scope="module")
def prepared() -> Prepared:
    """The judge's side of a lesson of one fixture."""
    one_thread()
    lesson = LessonCells((("fixture_1", FIXTURE),), 1, ("double", "half", "size"))
    return prepare(lesson, LIMITS)


@pytest.fixture(scope="module")
def walker(prepared: Prepared) -> Iterator[Walker]:
    """Student's processes in which the fixture has run."""
    with Walker() as there:
        there.advance([(1, FIXTURE)])
        yield there


@pytest.fixture
def judged(prepared: Prepared, walker: Walker) -> Callable[..., NotebookNode]:
    """Judge a notebook of the fixture and these cells."""

    def run(*cells: NotebookNode, limits: Limits = LIMITS, **settings: Any) -> NotebookNode:
        nb = notebook(other_cell("fixture", FIXTURE, name="fixture_1"), *cells)
        settings.setdefault("done", {"fixture_1": CellResult("ok")})
        judge_notebook(nb, settings.pop("start", walker.fork), prepared, limits, "ada", **settings)
        return nb

    return run


def exercise(source: str, name: str = "double") -> NotebookNode:
    cell = exercise_cell(name=name, binds=(name,))
    cell.source = source
    del cell.metadata[NAMESPACE]["run"]
    return cell


def check(lines: str, name: str = "double", part: str | None = None, **about: Any) -> NotebookNode:
    cell = check_cell(exercise=name, part=part, **about)
    head = f'check.begin("{name}", {f"part={part!r}, " if part else ""}points=2)'
    cell.source = f"{head}\n{lines}\ncheck.end()"
    del cell.metadata[NAMESPACE]["run"]
    return cell


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def own(source: str) -> NotebookNode:
    cell = other_cell("own", source)
    del cell.metadata[NAMESPACE]["run"]
    return cell


def outcomes(nb: NotebookNode) -> dict[str, Outcome]:
    return {outcome.check: outcome for outcome in judge(nb)}


def verdicts(nb: NotebookNode) -> list[str]:
    return [outcome.status for outcome in judge(nb)]


def statuses(nb: NotebookNode) -> list[str]:
    return [ours(cell)["run"]["status"] for cell in nb.cells]


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def test_right_partly_wrong_and_untouched_answers_end_as_in_a_kernel(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(
        exercise(RIGHT),
        check(ASKS),
        exercise('size = {"a": 1, "b": 3}', "size"),
        check('check.each(size, {"a": 1, "b": 2})', "size"),
        check("check.equal(size['a'], 5)", "size", "wrong"),
        exercise('def half(x):\n    raise check.NotAttempted("half")', "half"),
        check("half(3)", "half"),
    )
    found = outcomes(nb)
    assert [outcome.status for outcome in found.values()] == ["passed", "partly", "failed", "not_attempted"]
    assert found["check_size"].score == 1.0
    assert found["check_double"].message == "double: 1 check passed"
    assert printed(nb.cells[2]) == "✓ double: 1 check passed\n"
    assert [cell.execution_count for cell in nb.cells] == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_students_error_says_where_in_their_cell_it_rose(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(exercise("def double(x):\n    return x.no_such_thing"), check(ASKS))
    said = "double: your code stopped with AttributeError: 'int' object has no attribute 'no_such_thing'"
    assert outcomes(nb)["check_double"].message == f"{said} (line 2, in double)"


def test_a_cell_that_stops_is_blamed_for_what_it_should_have_made(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(exercise("1 / 0"), check(ASKS))
    said = "double: the cell itself stops with ZeroDivisionError: division by zero. "
    assert outcomes(nb)["check_double"].message == f"{said}What it should make is not there to be checked."


def test_a_process_that_dies_is_replaced_and_the_checks_below_go_on(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(
        own("kept = 20"),
        exercise("os._exit(3)"),
        check(ASKS),
        exercise("def half(x):\n    return kept", "half"),
        check("check.equal(half(1), 20)", "half"),
    )
    assert statuses(nb)[1:3] == ["ok", "crashed"]
    assert verdicts(nb) == ["crashed", "passed"]
    assert ours(nb)["run"]["restarts"] == 1


def test_a_check_that_kills_the_students_process_costs_that_check_only(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(
        exercise("def double(x):\n    return os._exit(1) if x == 3 else 2 * x"),
        check(ASKS),
        check("check.equal(double(4), 8)", part="even"),
    )
    assert verdicts(nb) == ["crashed", "passed"]
    assert ours(nb)["run"]["restarts"] == 0


def test_killing_the_parent_too_costs_no_more(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(
        exercise("def double(x):\n    return os.kill(os.getppid(), 9) if x == 3 else 2 * x"),
        check(ASKS),
        check("check.equal(double(4), 8)", part="even"),
    )
    first, second = verdicts(nb)
    assert first in ("crashed", "failed"), "outside a sandbox the check's own process goes on, and answers None"
    assert second == "passed"
    assert ours(nb)["run"]["restarts"] == 1


def test_an_endless_loop_ends_in_time_and_the_same_exercises_next_check_gets_a_quarter_of_it(
    judged: Callable[..., NotebookNode],
) -> None:
    nb = judged(
        exercise("def double(x):\n    while x == 3: pass\n    return 2 * x"),
        check(ASKS),
        check(ASKS, part="again"),
        check("check.equal(double(4), 8)", part="even"),
    )
    found = outcomes(nb)
    assert [outcome.status for outcome in found.values()] == ["timeout", "timeout", "passed"]
    said = "double: this cell did not finish within {} seconds: is there a loop that never ends?"
    assert found["check_double"].message == said.format(4)
    assert found["check_double__again"].message == said.format(1)


def test_a_test_that_loops_for_ever_at_the_judge_is_ended_from_outside(judged: Callable[..., NotebookNode]) -> None:
    limits = dataclasses.replace(LIMITS, cell_seconds=1.0)
    nb = judged(
        exercise("size = 1", "size"), check("while size: pass", "size"), check("size", "size", "b"), limits=limits
    )
    assert verdicts(nb) == ["timeout", "passed"]


def test_what_is_written_to_the_connection_is_tampering_and_costs_that_check_only(
    judged: Callable[..., NotebookNode],
) -> None:
    nb = judged(exercise(SPOIL), check(ASKS), exercise("size = 6", "size"), check("check.equal(size, 6)", "size"))
    found = outcomes(nb)
    assert [outcome.status for outcome in found.values()] == ["tampered", "passed"]
    assert found["check_double"].score == 0.0
    assert "something wrote to the connection between the notebook and the grader" in found["check_double"].message
    assert "A person will look at this answer" in found["check_double"].message


def test_a_test_that_swallows_every_error_does_not_hide_tampering(judged: Callable[..., NotebookNode]) -> None:
    lines = "try:\n    double(3)\nexcept Exception:\n    pass"
    assert verdicts(judged(exercise(SPOIL), check(lines))) == ["tampered"]
    assert verdicts(judged(exercise(RIGHT), check(lines))) == ["passed"], "the twin: the test by itself passes"


def test_one_check_leaves_nothing_for_the_next_on_either_side(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(
        exercise("seen = []\ndef double(x):\n    seen.append(x)\n    x += 1\n    return len(seen)"),
        check("check.equal(double(base), 1)\ncheck.equal(base.sum().item(), 3.0)\nnotes.append(1)"),
        check("check.equal(double(base), 1)\ncheck.equal(base.sum().item(), 3.0)\ncheck.equal(notes, [])", part="b"),
    )
    assert verdicts(nb) == ["passed", "passed"]


def test_a_check_that_needs_an_exercise_with_nothing_right_is_skipped(judged: Callable[..., NotebookNode]) -> None:
    wrong = check("check.equal(half(4), 2)", "half", requires=["double"])
    nb = judged(exercise("double = 1"), check(ASKS), exercise("half = double", "half"), wrong)
    found = outcomes(nb)["check_half"]
    assert found.status == "skipped"
    assert found.message.startswith("half: it needs double, which has no check right yet. Start there.")


def test_memory_that_a_check_needs_here_is_bounded(judged: Callable[..., NotebookNode]) -> None:
    limits = dataclasses.replace(LIMITS, memory_bytes=256 << 20)
    nb = judged(exercise("size = 1", "size"), check("bytes(10**9 * size)", "size"), limits=limits, careful=True)
    assert verdicts(nb) == ["out_of_memory"]


def test_a_test_that_crashes_the_judges_own_process_is_the_graders_error(judged: Callable[..., NotebookNode]) -> None:
    dies = check("os.kill(os.getpid(), 9 * size)", "size")
    nb = judged(exercise("size = 1", "size"), dies, check("size", "size", "b"), careful=True)
    found = outcomes(nb)
    assert [(outcome.status, outcome.score) for outcome in found.values()] == [("grader_error", None), ("passed", 2.0)]
    assert "A person will look" in found["check_size"].message
    assert "SIGKILL" in found["check_size"].message


def test_the_time_of_the_whole_submission_is_limited(judged: Callable[..., NotebookNode]) -> None:
    limits = dataclasses.replace(LIMITS, submission_seconds=1.5)
    nb = judged(own("import time\ntime.sleep(9)"), exercise(RIGHT), check(ASKS), limits=limits)
    assert statuses(nb) == ["ok", "timeout", "timeout", "timeout"]
    said = "Not run: the notebook had used up its 1.5 seconds before this cell."
    assert ours(nb.cells[3])["run"]["message"] == said


def test_a_submission_that_wears_out_every_process_is_stopped_in_the_end(
    judged: Callable[..., NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(judging, "RESTARTS", 1)
    nb = judged(*[own("os._exit(1)") for _ in range(3)], exercise(RIGHT), check(ASKS))
    assert statuses(nb) == ["ok", "crashed", "crashed", "crashed", "crashed", "crashed"]
    said = "Not run: the Python process had ended 2 times before this cell."
    assert ours(nb.cells[3])["run"]["message"] == said


def test_demo_cells_are_not_run_and_what_students_print_stands_in_their_cells(
    judged: Callable[..., NotebookNode],
) -> None:
    nb = judged(
        other_cell("demo", "open('demo.txt', 'w')"),
        own("print('hello')\n40 + 2"),
        exercise("def double(x):\n    print('called')\n    return 2 * x"),
        check(ASKS),
    )
    assert statuses(nb) == ["ok", "skipped", "ok", "ok", "ok"]
    assert printed(nb.cells[2]) == "hello\n"
    assert nb.cells[2].outputs[-1].data["text/plain"] == "42"
    assert printed(nb.cells[4]) == "called\n✓ double: 1 check passed\n"


def test_the_lessons_cells_run_again_where_the_student_has_put_something_before_them(
    judged: Callable[..., NotebookNode], prepared: Prepared, walker: Walker
) -> None:
    nb = notebook(
        own("base = 5"),
        other_cell("fixture", FIXTURE, name="fixture_1"),
        exercise("def double(x):\n    return base.numel()"),
        check("check.equal(double(1), 3)"),
    )
    judge_notebook(nb, walker.fork, prepared, LIMITS, done={"fixture_1": CellResult("ok")})
    assert verdicts(nb) == ["passed"]
    assert ours(nb.cells[1])["run"]["seconds"] > 0, "it was run, not taken from before"


def test_a_lesson_that_breaks_at_the_judge_is_the_graders_error(walker: Walker) -> None:
    broken = prepare(LessonCells((("fixture_1", f"{FIXTURE}\n1 / 0"),), 1, ("double",)), LIMITS)
    nb = notebook(other_cell("fixture", FIXTURE, name="fixture_1"), exercise("double = 1"), check(ASKS))
    judge_notebook(nb, walker.fork, broken, LIMITS)
    (found,) = outcomes(nb).values()
    assert (found.status, found.score) == ("grader_error", None)
    assert "The lesson's own cell fixture_1 failed here (ZeroDivisionError: division by zero)." in found.message


def test_random_numbers_are_replayable_for_a_student_and_a_check(
    judged: Callable[..., NotebookNode], monkeypatch: pytest.MonkeyPatch
) -> None:
    def numbers(secret: str) -> list[str]:
        monkeypatch.setenv("MEASURE_FIRST_SECRET", secret)
        draws = "def double(x):\n    return torch.rand(1).item()"
        nb = judged(exercise(draws), check("print(double(1), torch.rand(1).item())"))
        return printed(nb.cells[2]).splitlines()[0].split()

    first, again, other = numbers("a"), numbers("a"), numbers("b")
    assert first == again
    assert len({*first, *other}) == 4, "four different streams: two sides, two secrets"


def test_known_checks_are_not_run_again(judged: Callable[..., NotebookNode]) -> None:
    cells = [exercise(RIGHT), check(ASKS), check("check.equal(double(4), 9)", part="new")]
    before = judged(*cells)
    kept = {grade_id(cell): keep(cell) for cell in before.cells if grade_id(cell) == "check_double"}
    kept["check_double"]["run"]["message"] = "kept"
    after = judged(exercise("def double(x):\n    return 9"), *cells[1:], known=kept)
    assert verdicts(after) == ["passed", "passed"]
    assert ours(after.cells[2])["run"]["message"] == "kept"


def test_with_everything_known_no_process_is_started(judged: Callable[..., NotebookNode]) -> None:
    cells = [exercise(RIGHT), check(ASKS), own("print('below')")]
    cells[2]["id"] = "own-1"
    before = judged(*cells)
    kept = {cell_key(cell): keep(cell) for cell in before.cells}

    def refuse() -> Any:
        raise AssertionError("nothing is left to run")

    after = judged(*cells, known=kept, start=refuse)
    assert [cell.outputs for cell in after.cells] == [cell.outputs for cell in before.cells]
    assert verdicts(after) == ["passed"]
    del kept["check_double"]
    with pytest.raises(AssertionError):
        judged(*cells, known=kept, start=refuse)


def test_totals_and_each_cells_time_and_memory_are_recorded(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(exercise(RIGHT), check(ASKS))
    total = ours(nb)["run"]
    assert set(total) == {"seconds", "cell_seconds", "peak_bytes", "restarts"}
    assert total["peak_bytes"] > 10_000_000
    _, *runs = [ours(cell)["run"] for cell in nb.cells]
    assert total["cell_seconds"] == pytest.approx(sum(run["seconds"] for run in runs), abs=0.002)
    assert all(kind_of(cell) != "check" or ours(cell)["run"]["peak_bytes"] for cell in nb.cells)


def test_the_time_of_a_submission_counts_neither_what_ran_for_all_of_them_nor_what_was_known(
    judged: Callable[..., NotebookNode],
) -> None:
    cells = [exercise(RIGHT), check(ASKS), check("check.equal(double(4), 8)", part="new")]
    shared = {"fixture_1": CellResult("ok", seconds=1000.0)}
    before = judged(*cells, done=shared)
    assert ours(before.cells[0])["run"]["seconds"] == 1000.0
    assert ours(before)["run"]["cell_seconds"] < 500
    kept = {grade_id(cell): keep(cell) for cell in before.cells if grade_id(cell) == "check_double"}
    kept["check_double"]["run"]["seconds"] = 1000.0
    after = judged(*cells, done=shared, known=kept)
    assert ours(after)["run"]["cell_seconds"] < 500
    alone = judged(*cells, done={})
    ran = sum(ours(cell)["run"]["seconds"] for cell in alone.cells)
    assert take_timings(alone).floor == pytest.approx(ran, abs=0.002), "there the lesson's own cell was run, too"


def test_nothing_of_a_judged_notebook_is_left_running(judged: Callable[..., NotebookNode]) -> None:
    nb = judged(exercise("print(os.getpid())"), check("pass"))
    pid = int(printed(nb.cells[1]))
    assert wait_until(lambda: not os.path.exists(f"/proc/{pid}"))
