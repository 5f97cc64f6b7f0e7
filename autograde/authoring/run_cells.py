"""Runs a lesson's cells without Jupyter: in order, in one namespace, the way a kernel would, and in forks of it.

Executing a notebook for every wrong answer would cost seconds each. Here the cells run once with the reference answers;
at each exercise a child is forked for every candidate answer, so that one costs its own cell and its own checks only.
"""

from __future__ import annotations

import contextlib
import io
import json
import linecache
import os
import select
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from nbformat import NotebookNode

from autograde import check
from autograde.course import CourseError

RUNNABLE = ("settings", "fixture", "exercise", "check")  # what grading runs; setup and demo cells are skipped


@dataclass(frozen=True)
class CellOutcome:
    """What one check cell said: `outcome` is the session's word for it, `message` what the student reads."""

    check: str
    outcome: str
    message: str
    seconds: float


def about(cell: NotebookNode) -> dict[str, Any]:
    """The build's description of a cell: {"kind": …, "name": …, "exercise": …}."""
    return dict(cell.metadata.get("measure_first", {}))


def grade_id(cell: NotebookNode) -> str:
    """The id that nbgrader and the gradebook know the cell by."""
    return str(cell.metadata.get("nbgrader", {}).get("grade_id", cell.get("id", "")))


def new_namespace() -> dict[str, Any]:
    """An empty namespace that looks like a kernel's."""
    return {"__name__": "__main__", "__builtins__": __builtins__}


def run_source(source: str, name: str, namespace: dict[str, Any]) -> None:
    """Execute one cell's source. It is registered with linecache, so that tracebacks and inspect.getsource see it."""
    filename = f"<{name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    exec(compile(source, filename, "exec"), namespace)


def run_check(cell: NotebookNode, namespace: dict[str, Any]) -> CellOutcome:
    """Execute a check cell and say how it ended. Never raises for a wrong answer."""
    name, printed, started = grade_id(cell), io.StringIO(), time.perf_counter()
    try:
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
            run_source(cell.source, name, namespace)
    except check.NotAttempted as error:
        return CellOutcome(name, "not_attempted", str(error), time.perf_counter() - started)
    except check.CheckFailed as error:
        return CellOutcome(name, "failed", str(error), time.perf_counter() - started)
    except Exception as error:  # the student's own error inside a check: an ordinary traceback in the notebook
        message = f"{type(error).__name__}: {error}"
        return CellOutcome(name, "failed", message, time.perf_counter() - started)
    outcome = str(check.record().get(name, "passed"))
    return CellOutcome(name, outcome, printed.getvalue().strip(), time.perf_counter() - started)


def last_check_of(cells: list[NotebookNode], exercise: str) -> int:
    """The position of the exercise's last check cell (-1 when it has none)."""
    positions = [i for i, cell in enumerate(cells) if is_check_of(cell, exercise)]
    return positions[-1] if positions else -1


def is_check_of(cell: NotebookNode, exercise: str) -> bool:
    """Whether this is a check cell of the exercise."""
    described = about(cell)
    return described.get("kind") == "check" and described.get("exercise") == exercise


def judge_candidate(
    cells: list[NotebookNode], position: int, source: str, namespace: dict[str, Any]
) -> list[CellOutcome]:
    """Put `source` in place of the exercise at `position`, go on to its last check, return what its checks say.

    Other exercises' checks are skipped. An error in the candidate's own cell is what its checks then stumble over,
    as in a kernel, where the next cell runs all the same.
    """
    exercise = about(cells[position])["name"]
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        with contextlib.suppress(Exception):
            run_source(source, exercise, namespace)
    outcomes = []
    for cell in cells[position + 1 : last_check_of(cells, exercise) + 1]:
        kind = about(cell).get("kind")
        if is_check_of(cell, exercise):
            outcomes.append(run_check(cell, namespace))
        elif kind in RUNNABLE and kind != "check" and cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                run_source(cell.source, grade_id(cell), namespace)
    return outcomes


def in_fork(work: Callable[[], list[CellOutcome]], seconds: float) -> list[CellOutcome]:
    """Run `work` in a forked child and return what it returns; a child that dies or overruns gives one such outcome."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        _child(work, reader, writer)
    os.close(writer)
    data = _read_until(reader, time.monotonic() + seconds)
    os.close(reader)
    if data is None:
        os.kill(pid, signal.SIGKILL)
    status = os.waitpid(pid, 0)[1]
    if data is None:
        return [CellOutcome("", "timeout", f"stopped after {seconds:g} s", seconds)]
    try:
        return [CellOutcome(**entry) for entry in json.loads(data)]
    except ValueError:
        return [CellOutcome("", "crashed", f"the process died (wait status {status})", 0.0)]


def in_place(work: Callable[[], list[CellOutcome]], seconds: float) -> list[CellOutcome]:
    """Run `work` in this process, in its main thread: for a GPU, which no fork of a process that has used it can use.

    Slower answers than `seconds` are stopped where Python can stop them; a crash takes the whole run with it.
    """

    def stop(*_: object) -> None:
        raise TimeoutError(f"stopped after {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        return work()
    except TimeoutError as error:
        return [CellOutcome("", "timeout", str(error), seconds)]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _child(work: Callable[[], list[CellOutcome]], reader: int, writer: int) -> None:
    """The child's side of in_fork: never returns."""
    os.close(reader)
    try:
        answer = json.dumps([asdict(outcome) for outcome in work()])
    except BaseException:
        answer = json.dumps([asdict(CellOutcome("", "grader_error", traceback.format_exc(), 0.0))])
    with os.fdopen(writer, "w") as pipe:
        pipe.write(answer)
    os._exit(0)


def _read_until(descriptor: int, deadline: float) -> bytes | None:
    """Everything up to end of file, or None when the deadline passes first."""
    data = b""
    while (left := deadline - time.monotonic()) > 0:
        if select.select([descriptor], [], [], left)[0]:
            block = os.read(descriptor, 1 << 16)
            if not block:
                return data
            data += block
    return None


def walk_reference(cells: list[NotebookNode]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Run a lesson with its reference answers; yields (position, namespace) just before each exercise is run.

    The caller forks there. Raises CourseError for a fixture or reference answer that raises: a broken lesson.
    """
    namespace = new_namespace()
    for position, cell in enumerate(cells):
        kind = about(cell).get("kind")
        if cell.cell_type != "code" or kind not in RUNNABLE:
            continue
        if kind == "exercise":
            yield position, namespace
        if kind != "check":
            try:
                with contextlib.redirect_stdout(io.StringIO()):
                    run_source(cell.source, grade_id(cell), namespace)
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
                raise CourseError(f"the reference run stops in the cell {grade_id(cell)}: {what}") from error
