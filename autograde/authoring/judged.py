"""`autograde mutants --judge`: every reference, mutant and variant at the judge, held against the verdicts in a kernel.

A test is one text that runs in two places. Here both verdicts are taken, check by check, and have to be the same.
"""

from __future__ import annotations

import copy
import functools
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograde.authoring.candidates import Candidate, Verdict, judge
from autograde.authoring.run_cells import RUNNABLE, CellOutcome, about, is_check_of, last_check_of
from autograde.authoring.walker import Walker
from autograde.check.session import OUTCOME_MIME
from autograde.grading import run
from autograde.grading.cells import grade_id, kind_of
from autograde.grading.forked import Fallen, in_fork
from autograde.grading.judge import judge_notebook
from autograde.grading.limits import Limits
from autograde.grading.prepared import LessonCells, Prepared, cell_key, one_thread, prepare
from autograde.wall.student import CellResult

LIMITS = Limits(cell_seconds=30.0, submission_seconds=60.0)
IN_A_KERNEL = {"out_of_memory": "failed"}  # words that run_cells.py has no other word for


@dataclass
class Disagreement:
    """A check whose verdict is not the same in both places."""

    candidate: Candidate
    check: str
    kernel: str
    judge: str
    messages: tuple[str, str] = field(default=("", ""))

    def __str__(self) -> str:
        said = "".join(f"\n        {message}" for message in self.messages)
        where = f"{self.candidate.exercise} {self.candidate.name}, {self.check}"
        return f"{where}: {self.kernel} in a kernel, {self.judge} at the judge{said}"


def judge_lesson(cells: list[NotebookNode], candidates: Sequence[Candidate], jobs: int = 1) -> list[Verdict]:
    """Every candidate's verdict at the judge, and those of the reference answers, in the order of mutants.run_lesson.

    The working directory and the environment are the caller's business, as there.
    """
    one_thread()
    nb = nbformat.v4.new_notebook(cells=cells)
    verdicts: list[Verdict] = []
    with Walker() as walker:
        prepared = prepare(LessonCells.of(nb), LIMITS)
        behind = 0
        for position, cell in enumerate(cells):
            if kind_of(cell) != "exercise":
                continue
            walker.advance(_between(cells, behind, position))
            behind = position
            name = about(cell)["name"]
            reference = Candidate(name, "reference", Path(), cell.source, True, about="the reference answer")
            here = [reference, *(candidate for candidate in candidates if candidate.exercise == name)]
            work = functools.partial(_verdict, nb, position, prepared, walker)
            with ThreadPoolExecutor(max_workers=jobs) as pool:
                verdicts.extend(pool.map(work, here))
    return verdicts


def disagreements(kernel: Sequence[Verdict], judged: Sequence[Verdict]) -> list[Disagreement]:
    """Checks on which the two places differ; both lists hold the same candidates in the same order."""
    found = []
    for here, there in zip(kernel, judged, strict=True):
        ours = {outcome.check: outcome for outcome in here.outcomes}
        theirs = {outcome.check: outcome for outcome in there.outcomes}
        for name in {**ours, **theirs}:
            words = [one[name].outcome if name in one else "nothing" for one in (ours, theirs)]
            if words[0] != IN_A_KERNEL.get(words[1], words[1]):
                messages = tuple(one[name].message if name in one else "" for one in (ours, theirs))
                found.append(Disagreement(here.candidate, name, words[0], words[1], (messages[0], messages[1])))
    return found


def _between(cells: list[NotebookNode], first: int, last: int) -> list[tuple[int, str]]:
    """(number, source) of the lesson's cells from `first` on, before `last`, that the student's process runs."""
    numbers = _numbers(cells)
    runs = (n for n in range(first, last) if n in numbers and kind_of(cells[n]) != "check")
    return [(numbers[n], cells[n].source) for n in runs]


def _numbers(cells: list[NotebookNode]) -> dict[int, int]:
    """Position → number in the order of running, checks counted."""
    running = [n for n, cell in enumerate(cells) if cell.cell_type == "code" and kind_of(cell) in RUNNABLE]
    return {position: number for number, position in enumerate(running, start=1)}


def _verdict(nb: NotebookNode, position: int, prepared: Prepared, walker: Walker, candidate: Candidate) -> Verdict:
    """One candidate at the judge."""
    exercise = candidate.exercise
    last = last_check_of(nb.cells, exercise)

    def work() -> list[dict[str, Any]]:
        made = copy.deepcopy(nb)
        made.cells[position].source = candidate.source
        done, known = {}, {}
        for n, cell in enumerate(made.cells):
            if kind_of(cell) == "check" and not is_check_of(cell, exercise):
                known[cell_key(cell)] = _right(cell)
            elif n < position:
                done[cell_key(cell)] = CellResult("ok")
            elif n > last:
                known[cell_key(cell)] = _right(cell)
        judge_notebook(made, walker.fork, prepared, LIMITS, known=known, done=done)
        checks = [grade_id(cell) for cell in made.cells if is_check_of(cell, exercise)]
        return [
            {"check": o.check, "outcome": o.status, "message": o.message, "seconds": o.seconds}
            for o in run.judge(made)
            if o.check in checks
        ]

    answer = in_fork(work, LIMITS.submission_seconds + 10)
    if isinstance(answer, Fallen):
        return judge(candidate, [CellOutcome("", "grader_error", f"{answer.why}: {answer.said}", 0.0)])
    return judge(candidate, [CellOutcome(**entry) for entry in answer])


def _right(cell: NotebookNode) -> dict[str, Any]:
    """What stands for a cell that has nothing to do with a candidate: it went well."""
    told = {"name": grade_id(cell), "status": "passed", "fraction": 1.0, "message": ""}
    output = {"output_type": "display_data", "data": {OUTCOME_MIME: told}, "metadata": {}}
    outputs = [output] if kind_of(cell) == "check" else []
    return {"outputs": outputs, "run": {"status": "ok", "seconds": 0.0, "message": ""}}
