"""Grades one mended notebook: runs it and says how each check ended. The one step that another judge replaces."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from autograde.grading import kernel, outcomes
from autograde.grading.cells import grade_id, kind_of, ours, points_of
from autograde.grading.kernel import KernelUnavailable, Limits, ran
from autograde.grading.outcomes import Outcome

NEVER_RIGHT = ("failed", "not_attempted", "timeout", "out_of_memory", "crashed", "skipped", "tampered")


def grade_notebook(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str = "") -> list[Outcome]:
    """Run a mended notebook in place and return an outcome for each of its checks, which are kept in it too.

    Never raises for anything that student code does; a kernel that cannot be started is a grader_error everywhere.
    """
    try:
        kernel.execute(nb, files, limits, student)
        found = judge(nb)
    except KernelUnavailable as error:
        found = [_not_graded(cell, str(error)) for cell in nb.cells if kind_of(cell) == "check"]
    outcomes.attach(nb, found)
    return found


def judge(nb: NotebookNode) -> list[Outcome]:
    """How each check of an executed notebook ended, in order."""
    blame = _blame(nb)
    trouble = _lesson_trouble(nb, blame)
    found = [outcomes.outcome_of(cell, blame, trouble) for cell in nb.cells if kind_of(cell) == "check"]
    requires = {grade_id(cell): ours(cell).get("requires") or [] for cell in nb.cells if kind_of(cell) == "check"}
    return [_or_skipped(outcome, requires[outcome.check], found) for outcome in found]


def _or_skipped(outcome: Outcome, requires: list[str], found: list[Outcome]) -> Outcome:
    """A check that failed because it stands on an exercise with nothing right: skipped, and that exercise is named."""
    if outcome.status not in NEVER_RIGHT or outcome.status == "not_attempted":
        return outcome
    for needed in requires:
        checks = [other for other in found if other.exercise == needed]
        if checks and all(other.status in NEVER_RIGHT for other in checks):
            message = (
                f"{outcome.title}: it needs {needed}, which has no check right yet. Start there. ({outcome.message})"
            )
            return _changed(outcome, "skipped", message)
    return outcome


def _changed(outcome: Outcome, status: str, message: str) -> Outcome:
    return Outcome(outcome.check, outcome.exercise, outcome.part, status, 0.0, outcome.points, message, outcome.seconds)


def _not_graded(cell: NotebookNode, why: str) -> Outcome:
    about = ours(cell)
    name = str(about.get("exercise") or grade_id(cell))
    return Outcome(grade_id(cell), name, about.get("part"), "grader_error", 0.0, points_of(cell), why)


def _blame(nb: NotebookNode) -> dict[str, tuple[str, str]]:
    """Names that are not there when checks ask for them, with the status and message that say why."""
    blame: dict[str, tuple[str, str]] = {}
    for cell in nb.cells:
        if kind_of(cell) == "demo" and cell.cell_type == "code":
            for name in assigned_names(cell.source):
                said = f"{name} is made in a demo cell, and demo cells are not run when grading."
                blame[name] = ("failed", f"{said} Make it in the exercise's own cell.")
    for kind in ("own", "exercise"):
        for cell, run in ran(nb, kind):
            if run["status"] == "ok":
                for name in _binds(cell):
                    blame.pop(name, None)
            elif run["status"] != "skipped" or kind == "exercise":
                status, message = _why_stopped(cell, run)
                blame |= dict.fromkeys(_binds(cell), (status, message))
    return blame


def _binds(cell: NotebookNode) -> list[str]:
    """The names that running the cell was to leave behind."""
    return [*ours(cell).get("binds", []), *assigned_names(cell.source)]


def _why_stopped(cell: NotebookNode, run: dict[str, Any]) -> tuple[str, str]:
    """(status, message) of an exercise's cell, or a cell of the student's own, that did not get to its end."""
    where = ours(cell).get("name") or "a cell of yours"
    if run["status"] in ("timeout", "crashed"):
        return run["status"], outcomes.of_run(cell, run)
    if run["status"] == "skipped":
        return "not_attempted", f"{where}: the cell is empty."
    error = next(output for output in cell.outputs if output.output_type == "error")
    if error.ename == "NotAttempted":
        return "not_attempted", outcomes.clean(error.evalue)
    said = f"{error.ename}: {outcomes.clean(error.evalue)}"
    return "failed", f"{where}: the cell itself stops with {said}. What it should make is not there to be checked."


def assigned_names(source: str) -> list[str]:
    """The names that a cell binds at its top level: assigned, defined or imported. [] where it is not Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    names: dict[str, None] = {}
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[statement.name] = None
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names[node.id] = None
            elif isinstance(node, ast.alias):
                names[(node.asname or node.name).split(".")[0]] = None
    return list(names)


def _lesson_trouble(nb: NotebookNode, blame: dict[str, tuple[str, str]]) -> str:
    """A sentence on the first cell of the lesson's own that failed by itself; "" where all is well."""
    slow = any(run["status"] == "timeout" for kind in ("own", "exercise", "check") for _, run in ran(nb, kind))
    for kind in ("settings", "fixture"):
        for cell, run in ran(nb, kind):
            if run["status"] == "ok" or not run["seconds"] or (run["status"] == "timeout" and slow):
                continue  # it ran, or the student's cells had used up the notebook's time
            error = next((output for output in cell.outputs if output.output_type == "error"), None)
            if error is not None and error.ename in ("NotAttempted", "CheckFailed"):
                continue
            if error is not None and any(f"'{name}'" in str(error.evalue) for name in blame):
                continue  # it asked for something that the student's cell should have made
            what = (
                f"{error.ename}: {outcomes.clean(error.evalue)}" if error is not None else str(run.get("message", ""))
            )
            return f"The lesson's own cell {grade_id(cell)} failed here ({what})."
    return ""
