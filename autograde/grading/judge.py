"""Judges one mended notebook: the student's cells run in the student's process, the test cells run here.

What each cell did is written into the notebook just as the Jupyter kernel's way does it (kernel.py): outputs, and
`metadata.measure_first.run`. So run.py, blame.py and outcomes.py read a verdict from it without knowing which it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.check.session import Session
from autograde.grading.blame import assigned_names, plain_python
from autograde.grading.cells import NAMESPACE, RUNS, grade_id, kind_of, note, ours
from autograde.grading.check_run import CheckCell
from autograde.grading.forked import in_fork
from autograde.grading.limits import Limits
from autograde.grading.prepared import Prepared, cell_key, is_own
from autograde.grading.visit import Verdict, in_time, run_at_the_wall
from autograde.wall.student import CRASHED, OUT_OF_MEMORY, TAMPERED, TIMEOUT, CellResult, Process, Student

RESTARTS = 3  # processes that one submission may wear out, besides its first
SETTLED = ("ok", "error")
GRACE = 2.0  # seconds beyond a check's own that its fork may take to say how it ended

SAID = {
    "timeout": TIMEOUT,
    "crashed": CRASHED,
    "out_of_memory": OUT_OF_MEMORY,
    "tampered": TAMPERED,
    "grader_error": "The grader itself stopped while this cell ran ({said}). A person will look at this answer.",
}


def judge_notebook(
    nb: NotebookNode,
    start: Callable[[], Process],
    prepared: Prepared,
    limits: Limits,
    student: str = "",
    known: Mapping[str, Mapping[str, Any]] | None = None,
    done: Mapping[str, CellResult] | None = None,
    *,
    forks: bool = True,
    careful: bool = False,
) -> None:
    """Run the notebook's cells in order, in place. Never raises for what the student's code does.

    start: makes the student's process, called when there is something to run. prepared: the judge's side of the lesson.
    student: whose it is; with the course's secret (MEASURE_FIRST_SECRET) and a check's name this decides its random
    numbers. known: cell key → what `keep` gave of it: such a check is not run again, and nothing is run below the last
    cell that is not known. done: leading cells, by key, that have run in each process that `start` makes.
    forks: the student's process serves each check from a fork of its own, which is not possible with CUDA. careful: run
    each check in a fork of this process, too, because one has ended an earlier judge: so only that one is lost.
    """
    judge = _Judge(nb, start, prepared, limits, student, known or {}, done or {}, forks, careful)
    started = time.monotonic()
    try:
        judge.all_cells()
    finally:
        judge.end()
    judge.totals(time.monotonic() - started)


def keep(cell: NotebookNode) -> dict[str, Any]:
    """How a cell ended, to be given back as `known` where nothing that it depends on has changed."""
    return {"outputs": cell.outputs, "run": ours(cell).get("run"), "execution_count": cell.execution_count}


class _Judge:
    """One submission on its way; `fatal` are the cells not to repeat, `above` the lesson's own cells so far."""

    def __init__(
        self,
        nb: NotebookNode,
        start: Callable[[], Process],
        prepared: Prepared,
        limits: Limits,
        student: str,
        known: Mapping[str, Mapping[str, Any]],
        done: Mapping[str, CellResult],
        forks: bool,
        careful: bool,
    ) -> None:
        self.nb, self.start, self.prepared, self.limits, self.student = nb, start, prepared, limits, student
        self.known, self.done, self.forks, self.careful = known, done, forks, careful
        self.deadline = time.monotonic() + limits.submission_seconds
        self.number = self.restarts = 0
        self.gone = False
        self.process: Student | None = None
        self.outputs: dict[int, list[Any]] = {}  # position → a cell's outputs, which a later cell's displays may change
        self.fatal: set[int] = set()
        self.slow: set[object] = set()  # exercises with a check that ran out of time
        self.earlier: set[int] = set()  # positions of cells that took no time here: run before the fork, or known
        self.above: list[str] = []
        self.sources: dict[str, str] = {}  # name → the text of the student's cell that bound it last
        self.last_to_run = max((n for n, cell in enumerate(nb.cells) if self._unknown(cell)), default=-1)

    @property
    def there(self) -> Student:
        """The student's process, which starts with the first cell that has to run in it."""
        if self.process is None:
            self.process = Student(self.start, self.limits.output_bytes, fork_checks=self.forks)
        return self.process

    def end(self) -> None:
        """End the student's process, and write what the cells put out into the notebook."""
        if self.process is not None:
            self.process.close()
        for position, outputs in self.outputs.items():
            self.nb.cells[position].outputs = nbformat.from_dict(outputs)

    def _unknown(self, cell: NotebookNode) -> bool:
        return _runs(cell) and cell_key(cell) not in self.known

    def all_cells(self) -> None:
        """Run every cell that grading runs, in order."""
        for position, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            if not _runs(cell):
                note(cell, "skipped", 0.0, "This cell is not run when grading.")
                continue
            self.number += 1
            cell.execution_count = self.number
            kept = self.known.get(cell_key(cell))
            if kept is not None and (kind_of(cell) == "check" or position > self.last_to_run):
                _put_back(cell, kept)
                self.earlier.add(position)
            else:
                self.one_cell(position, cell)
            self.learn(cell)

    def one_cell(self, position: int, cell: NotebookNode) -> None:
        """Run a cell, say how it ended, and put a process that it ended back to where it was before."""
        if time.monotonic() > self.deadline:
            seconds = self.limits.submission_seconds
            return note(
                cell, "timeout", 0.0, f"Not run: the notebook had used up its {seconds:g} seconds before this cell."
            )
        if self.gone:
            ended = f"Not run: the Python process had ended {self.restarts + 1} times before this cell."
            return note(cell, "crashed", 0.0, ended)
        if kind_of(cell) == "check":
            self.check(position, cell)
        elif self.has_run(position):
            self.written(position, cell, self.done[cell_key(cell)])
            self.earlier.add(position)
        else:
            self.written(position, cell, self.there.run_cell(cell.source, self.number, self.seconds_for(cell)))
        status = ours(cell)["run"]["status"]
        if status == "timeout":
            self.slow.add(ours(cell).get("exercise"))
        if not self.there.alive():
            self.fatal.add(position)
            self.begin_anew(position)

    def has_run(self, position: int) -> bool:
        """Whether this cell had run when the process was made, and so had all that stand before it."""
        before = (cell for cell in self.nb.cells[: position + 1] if _runs(cell) and kind_of(cell) != "check")
        return all(cell_key(cell) in self.done for cell in before)

    def written(self, position: int, cell: NotebookNode, result: CellResult) -> None:
        """Write a cell's result into it."""
        status, self.outputs[position] = result.status, result.outputs
        broken = self.prepared.broken.get(cell_key(cell)) if is_own(cell) else None
        if broken is not None and status == "ok":  # it runs over there and not here: nothing below it can be judged
            self.outputs[position], status = [broken], "error"
        note(cell, status, result.seconds, result.message, result.peak_bytes)

    def seconds_for(self, cell: NotebookNode) -> float:
        """The cell's limit, or what is left of the submission's (at least one second).

        An exercise that ran out of time in one check gets a quarter of it in its next ones.
        """
        own = self.limits.fixture_seconds if is_own(cell) else self.limits.cell_seconds
        if kind_of(cell) == "check" and ours(cell).get("exercise") in self.slow:
            own /= 4
        return max(1.0, min(own, self.deadline - time.monotonic()))

    def check(self, position: int, cell: NotebookNode) -> None:
        """Run a test cell here, against a fork of the student's process."""
        session = Session(student=self.student, apart=True)
        test = CheckCell(grade_id(cell), cell.source, self.number)
        seconds, started = self.seconds_for(cell), time.monotonic()
        self.prepared.set_to(self.above)
        with self.there.check(session.seeds(test.name)[0], seconds, self.number) as visit:

            def work() -> dict[str, Any]:
                names, deadline = self.prepared.names, visit.deadline
                return run_at_the_wall(test, names, session, visit.channel, deadline, self.sources, self.limits)

            answer = (
                in_fork(work, seconds + GRACE, self.limits.memory_bytes) if self.careful else in_time(work, seconds)
            )
        verdict = Verdict.of(answer, visit.ended)
        self.outputs[position] = [*visit.outputs, *verdict.outputs]
        said = SAID.get(verdict.status, "").format(seconds=seconds, said=verdict.said)
        note(cell, verdict.status, time.monotonic() - started, said, visit.peak_bytes)

    def learn(self, cell: NotebookNode) -> None:
        """Keep what the cells below have to know of this one."""
        if is_own(cell):
            self.above.append(cell_key(cell))
        elif kind_of(cell) != "check":
            self.sources |= dict.fromkeys(assigned_names(cell.source), plain_python(cell.source))

    def begin_anew(self, position: int) -> None:
        """A fresh process, brought to where the last one was: all before `position` but checks and what ended one."""
        if self.restarts >= RESTARTS:
            self.gone = True
            return
        self.restarts += 1
        self.there.restart()
        for earlier, cell in enumerate(self.nb.cells[:position]):
            again = _runs(cell) and kind_of(cell) != "check" and ours(cell)["run"]["status"] in SETTLED
            if not again or earlier in self.fatal or self.has_run(earlier) or time.monotonic() > self.deadline:
                continue
            self.there.run_cell(cell.source, cell.execution_count, self.seconds_for(cell), silent=True)
            if not self.there.alive():
                self.fatal.add(earlier)
                return self.begin_anew(position)

    def totals(self, seconds: float) -> None:
        """Keep in the notebook what this run took: wall time, its cells' own time, the most memory, fresh starts."""
        runs: dict[int, Any] = {n: ours(cell)["run"] for n, cell in enumerate(self.nb.cells) if "run" in ours(cell)}
        own = sum(run["seconds"] for position, run in runs.items() if position not in self.earlier)
        total = {"seconds": round(seconds, 3), "cell_seconds": round(own, 3)}
        total["peak_bytes"] = max((run.get("peak_bytes", 0) for run in runs.values()), default=0)
        total["restarts"] = self.restarts
        self.nb.metadata[NAMESPACE] = {**ours(self.nb), "run": total}


def _runs(cell: NotebookNode) -> bool:
    """Whether grading runs this cell."""
    return cell.cell_type == "code" and kind_of(cell) in RUNS and bool(cell.source.strip())


def _put_back(cell: NotebookNode, kept: Mapping[str, Any]) -> None:
    cell.outputs = nbformat.from_dict(list(kept["outputs"]))
    cell.metadata[NAMESPACE] = {**ours(cell), "kind": kind_of(cell), "run": dict(kept["run"])}
