"""Runs another course's notebook cell by cell in the student's process, the way nbgrader does, within our limits.

The process is a shell in the sandbox, or a Jupyter kernel: both give the same outputs, and so the same scores.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

from nbformat import NotebookNode

from autograde.grading import outcomes
from autograde.grading.cells import nbgraders, note, ours
from autograde.grading.foreign import SKIP_TAG, outcomes_of
from autograde.grading.limits import Limits
from autograde.grading.outcomes import Outcome

RESTARTS = 3  # processes that one notebook may wear out, besides its first
SETTLED = ("ok", "error")

# A student may have asked for every expression's value, which would then count as a test's result.
LAST_VALUE_ONLY = "get_ipython().ast_node_interactivity = 'last_expr'"


class NotRun(Exception):
    """The notebook could not be run at all: the grader's trouble, not the student's."""


class Runner(Protocol):
    """A student's process. run: executes a cell, outputs into it, and says (status, message, the most bytes held)."""

    def run(self, cell: NotebookNode, index: int, number: int, seconds: float) -> tuple[str, str, int]: ...
    def aside(self, source: str) -> None: ...
    def alive(self) -> bool: ...
    def restart(self) -> None: ...


def grade(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str = "") -> list[Outcome]:
    """Run the notebook in place and return how each test cell ended. Never raises for what student code does.

    files: files and folders that lie beside the notebook when it runs, code included.
    """
    try:
        with _process(nb, list(files), limits, student) as runner:
            _Visit(nb, runner, limits).all_cells()
    except NotRun as error:
        for cell in (cell for cell in nb.cells if cell.cell_type == "code"):
            note(cell, "grader_error", 0.0, str(error))
    found = outcomes_of(nb)
    outcomes.attach(nb, found)
    return found


def _process(nb: NotebookNode, files: list[Path], limits: Limits, student: str) -> AbstractContextManager[Runner]:
    if limits.isolation == "kernel":
        from autograde.grading.foreign_kernel import in_kernel

        return in_kernel(nb, files, limits, student)
    from autograde.grading.foreign_sandbox import in_sandbox

    return in_sandbox(nb, files, limits, student)


class _Visit:
    """One notebook on its way through one process after another; `fatal` are the cells that ended one."""

    def __init__(self, nb: NotebookNode, runner: Runner, limits: Limits) -> None:
        self.nb, self.runner, self.limits = nb, runner, limits
        self.deadline = time.monotonic() + limits.submission_seconds
        self.number = self.restarts = 0
        self.gone = False
        self.fatal: set[int] = set()

    def all_cells(self) -> None:
        """Run every code cell in order. A tag keeps a cell from running only where it has no points."""
        for index, cell in enumerate(self.nb.cells):
            if cell.cell_type != "code":
                continue
            cell.outputs, cell.execution_count = [], None
            graded = bool(nbgraders(cell).get("grade"))
            if not cell.source.strip():
                note(cell, "ok", 0.0)
            elif SKIP_TAG in cell.metadata.get("tags", []) and not graded:
                note(cell, "skipped", 0.0, "This cell is tagged to be skipped.")
            elif time.monotonic() > self.deadline:
                said = f"Not run: the notebook had used up its {self.limits.submission_seconds:g} seconds."
                note(cell, "timeout", 0.0, said)
            elif self.gone:
                note(cell, "crashed", 0.0, f"Not run: the Python process had ended {self.restarts + 1} times before.")
            else:
                self.one_cell(index, cell, graded)

    def one_cell(self, index: int, cell: NotebookNode, graded: bool) -> None:
        """Run a cell, say how it ended, and put a process that it ended back to where it was before."""
        if graded:
            self.runner.aside(LAST_VALUE_ONLY)
        self.number += 1
        started = time.monotonic()
        status, message, peak = self.runner.run(cell, index, self.number, self.seconds())
        cell.execution_count = self.number
        note(cell, status, time.monotonic() - started, message, peak)
        if not self.runner.alive():
            self.fatal.add(index)
            self.begin_anew(index)

    def seconds(self) -> float:
        """A cell's limit, or what is left of the notebook's (at least one second)."""
        return max(1.0, min(self.limits.cell_seconds, self.deadline - time.monotonic()))

    def begin_anew(self, index: int) -> None:
        """A fresh process, brought to where the last one was: everything before `index` but what ended one."""
        if self.restarts >= RESTARTS:
            self.gone = True
            return
        self.restarts += 1
        self.runner.restart()
        for position, cell in enumerate(self.nb.cells[:index]):
            again = cell.cell_type == "code" and ours(cell).get("run", {}).get("status") in SETTLED
            if not again or not cell.source.strip() or position in self.fatal or time.monotonic() > self.deadline:
                continue
            copy = NotebookNode(**{**cell, "outputs": [], "metadata": NotebookNode()})
            self.runner.run(copy, position, cell.execution_count, self.seconds())
            if not self.runner.alive():
                self.fatal.add(position)
                return self.begin_anew(index)
