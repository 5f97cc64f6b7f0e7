"""A warm process per lesson: many jobs in any order, each in a fork; what falls is told and the next one goes on."""

from __future__ import annotations

import dataclasses
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import nbformat
import pytest
from cells_by_hand import check_cell, exercise_cell, notebook, other_cell
from nbformat import NotebookNode
from tiny_course import KEY, RIGHT, answers

from autograde.course import Course
from autograde.grading import nearby
from autograde.grading.cells import ours
from autograde.grading.forked import Fallen, in_fork
from autograde.grading.judge_server import A_CLASS, JudgeServer, ServerEnded
from autograde.grading.limits import Limits
from autograde.grading.mending import mend, read_pair
from autograde.grading.prepared import LessonCells
from autograde.grading.run import grade_notebook
from autograde.grading.warm import Lesson
from autograde.wall import pages
from autograde.wall.ability import ability

HERE = str(Path(__file__).parent)
LIMITS = Limits(cell_seconds=5.0, isolation="process")
FIXTURE = "made_here = []"


@pytest.fixture(scope="module", autouse=True)
def hooks_can_be_imported() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", HERE)
        patch.setenv("OMP_NUM_THREADS", "1")
        yield
    nearby.close_all()


@pytest.fixture(scope="module")
def server() -> Iterator[JudgeServer]:
    lesson = Lesson(LessonCells((("fixture_1", FIXTURE),), 1, ()), (), LIMITS)
    with JudgeServer(lesson, jobs=2) as made:
        made.ready()
        yield made


def wait_until(true: Callable[[], bool], seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.01)
    return true()


def call(server: JudgeServer, hook: str, **job: object) -> object:
    number = server.submit(f"judge_hooks:{hook}", job)
    got, answer = server.answer()
    assert got == number
    return answer


def test_a_job_is_answered_from_a_fork_that_holds_the_lesson_ready(server: JudgeServer) -> None:
    assert call(server, "answer", student="ada") == {"got": {"student": "ada"}, "bound": []}


def test_two_at_once_and_the_quick_one_first(server: JudgeServer) -> None:
    slow = server.submit("judge_hooks:sleep", {"seconds": 0.6})
    quick = server.submit("judge_hooks:sleep", {"seconds": 0.0})
    queued = server.submit("judge_hooks:sleep", {"seconds": 0.0})
    found = dict(server.answers())
    assert list(found) == [quick, queued, slow]
    assert len({answer["pid"] for answer in found.values()}) == 3
    assert server.waiting == set()


@pytest.mark.parametrize(
    ("hook", "why", "said"),
    [("crash", "ended", "SIGKILL"), ("fail", "error", "a bug of the grader's"), ("eat", "memory", "")],
)
def test_a_judge_that_falls_is_told_and_the_next_one_goes_on(
    server: JudgeServer, hook: str, why: str, said: str
) -> None:
    fallen = call(server, hook)
    assert isinstance(fallen, Fallen)
    assert (fallen.why, said in fallen.said) == (why, True)
    assert isinstance(call(server, "answer"), dict)


def test_a_judge_that_was_ended_gets_a_second_that_runs_each_check_apart(server: JudgeServer) -> None:
    assert call(server, "crash_unless_careful") == "careful"


def test_what_one_judge_changes_no_other_sees(server: JudgeServer) -> None:
    assert [call(server, "spoil") for _ in range(3)] == [1, 1, 1]


def huge_pages(server: JudgeServer) -> int:
    """MiB of the process's memory that lie in huge pages."""
    said = Path(f"/proc/{server._process.pid}/smaps_rollup").read_text(encoding="ascii")
    return next(int(line.split()[1]) >> 10 for line in said.splitlines() if line.startswith("AnonHugePages:"))


def test_for_a_class_the_memory_is_gathered_so_that_forks_are_cheap_and_for_a_few_it_is_left() -> None:
    with JudgeServer(Lesson(LessonCells((("fixture_1", FIXTURE),), 1, ()), (), LIMITS)) as server:
        for _ in range(A_CLASS - 1):
            call(server, "answer")
        before = huge_pages(server)
        assert isinstance(call(server, "answer"), dict)
        if before > 50 or not in_fork(pages.gather, 60):
            pytest.skip("this kernel gathers memory by itself, or not at all")
        assert huge_pages(server) > before + 50


def test_a_judge_that_hangs_is_killed_and_everything_ends_with_the_client() -> None:
    limits = dataclasses.replace(LIMITS, submission_seconds=0.5)
    server = JudgeServer(Lesson(LessonCells((("fixture_1", FIXTURE),), 1, ()), (), limits), slack=0.5)
    assert call(server, "sleep", seconds=60) == Fallen("timeout", "not finished within 1 seconds")
    assert isinstance(call(server, "answer"), dict)
    pid = server._process.pid
    server.submit("judge_hooks:sleep", {"seconds": 60})
    children = f"/proc/{pid}/task/{pid}/children"
    assert wait_until(lambda: len(Path(children).read_text(encoding="ascii").split()) > 1)
    running = Path(children).read_text(encoding="ascii").split()
    server.close()
    assert wait_until(lambda: not any(os.path.exists(f"/proc/{child}") for child in running))


def test_a_process_that_ends_says_what_it_can(server: JudgeServer) -> None:
    lesson = dataclasses.replace(server.lesson, files=(Path("/no/such/file"),))
    with pytest.raises(ServerEnded, match="No such file or directory"):
        JudgeServer(lesson).ready()


# ---- the seam: grade_notebook


def mended(course: Course, **sources: str) -> NotebookNode:
    return mend(answers(course, **sources), *read_pair(course.source(KEY), course.release(KEY)))


def graded(nb: NotebookNode, limits: Limits = LIMITS) -> list[tuple[str, str, float | None]]:
    return [(outcome.check, outcome.status, outcome.score) for outcome in grade_notebook(nb, [], limits, "ada")]


PARTLY = {**RIGHT, "predict": '# exercise: predict\nsizes = {"a": 4, "b": 9}\nprint("mine")\nsizes'}
WRONG = {"double": "# exercise: double\ndef double(x):\n    return x[0] * x"}


@pytest.mark.parametrize("sources", [PARTLY, WRONG], ids=["right and partly", "wrong and untouched"])
def test_a_notebook_is_judged_as_in_a_kernel(built_course: Course, sources: dict[str, str]) -> None:
    here, there = mended(built_course, **sources), mended(built_course, **sources)
    assert graded(here) == graded(there, dataclasses.replace(LIMITS, isolation="kernel"))
    for judged, kernel in zip(here.cells, there.cells, strict=True):
        assert ours(judged).get("outcome", {}).get("message") == ours(kernel).get("outcome", {}).get("message")
        if judged.cell_type == "code":
            assert judged.outputs == kernel.outputs
            assert judged.execution_count == kernel.execution_count
            assert ours(judged)["run"]["status"] == ours(kernel)["run"]["status"]


def test_a_grader_that_cannot_run_costs_nobody_a_point(monkeypatch: pytest.MonkeyPatch) -> None:
    def ended(*_: object) -> None:
        raise ServerEnded("the process that judges ended and said nothing")

    monkeypatch.setattr(nearby, "_server_of", ended)
    nb = notebook(other_cell("fixture", FIXTURE, name="fixture_1"), exercise_cell(), check_cell())
    (outcome,) = grade_notebook(nb, [], LIMITS)
    assert (outcome.status, outcome.score) == ("grader_error", None)
    assert outcome.message == "the process that judges ended and said nothing"


def test_a_warm_process_that_was_killed_is_replaced(built_course: Course) -> None:
    nb = mended(built_course, **RIGHT)
    grade_notebook(nb, [], LIMITS, "ada")
    (server,) = [kept for kept in nearby._servers.values() if kept.lesson.limits == LIMITS][-1:]
    server._process.kill()
    assert {status for _, status, _ in graded(mended(built_course, **RIGHT))} == {"passed"}


@pytest.mark.skipif(ability().mode == "none", reason=f"no sandbox can be built here: {ability().why}")
def test_in_the_sandbox_too(built_course: Course) -> None:
    prints = "print(sorted(os.listdir('.')), os.environ.get('MEASURE_FIRST_SECRET'))"
    spies = f"# exercise: double\nimport os\ndef double(x):\n    return 2 * x\n{prints}"
    nb = mended(built_course, **{**RIGHT, "double": spies})
    found = graded(nb, dataclasses.replace(LIMITS, isolation="sandbox"))
    assert {status for _, status, _ in found} == {"passed"}
    (printed,) = [o.text for cell in nb.cells if cell.get("id") == "double" for o in cell.outputs]
    assert printed == "[] None\n"


def test_notebooks_written_by_a_judge_are_valid(built_course: Course) -> None:
    nb = mended(built_course, **RIGHT)
    grade_notebook(nb, [], LIMITS, "ada")
    nbformat.validate(nb)
