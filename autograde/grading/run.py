"""Grades one mended notebook: runs it and says how each check ended. The one door, whatever keeps its code apart."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from nbformat import NotebookNode

from autograde.grading import outcomes
from autograde.grading.blame import lesson_trouble, missing_names, rebound_names
from autograde.grading.cells import grade_id, kind_of, ours, points_of
from autograde.grading.limits import Limits
from autograde.grading.outcomes import Outcome

NEVER_RIGHT = ("failed", "not_attempted", "timeout", "out_of_memory", "crashed", "skipped", "tampered")


def grade_notebook(
    nb: NotebookNode,
    files: Iterable[Path],
    limits: Limits,
    student: str = "",
    lesson_files: Iterable[Path] | None = None,
) -> list[Outcome]:
    """Run a mended notebook in place and return an outcome for each of its checks, which are kept in it too.

    files: what lies beside the notebook when it runs. lesson_files: those of them that are the lesson's own, all that
    the checks' side sees (None: all of them). Never raises for anything that student code does; where nothing could be
    run, each check is a grader_error.
    """
    there = list(files)
    try:
        _execute(nb, there, limits, student, there if lesson_files is None else list(lesson_files))
        found = judge(nb)
    except NotRun as error:
        found = [_not_graded(cell, str(error)) for cell in nb.cells if kind_of(cell) == "check"]
    outcomes.attach(nb, found)
    return found


class NotRun(Exception):
    """The notebook could not be run at all: the grader's trouble."""


def _execute(nb: NotebookNode, files: list[Path], limits: Limits, student: str, lesson_files: list[Path]) -> None:
    """Run the notebook the way that `limits.isolation` says."""
    if limits.isolation == "kernel":
        from autograde.grading import kernel

        try:
            kernel.execute(nb, files, limits, student)
        except kernel.KernelUnavailable as error:
            raise NotRun(str(error)) from error
        return
    from autograde.grading.nearby import Unjudged, judge_nearby

    try:
        judge_nearby(nb, files, limits, student, lesson_files)
    except Unjudged as error:
        raise NotRun(str(error)) from error


def judge(nb: NotebookNode) -> list[Outcome]:
    """How each check of an executed notebook ended, in order."""
    blame, shadows = missing_names(nb), rebound_names(nb)
    trouble = lesson_trouble(nb, blame, shadows)
    found = [
        outcomes.outcome_of(cell, blame, trouble.after(position), shadows.said_of(cell, position))
        for position, cell in enumerate(nb.cells)
        if kind_of(cell) == "check"
    ]
    requires = {grade_id(cell): ours(cell).get("requires") or [] for cell in nb.cells if kind_of(cell) == "check"}
    return [_or_skipped(outcome, requires[outcome.check], found) for outcome in found]


def _or_skipped(outcome: Outcome, requires: list[str], found: list[Outcome]) -> Outcome:
    """A check that failed because it stands on an exercise with nothing right: skipped, and that exercise is named.

    Evidence of an attack stays what it is: a person is to see it.
    """
    if outcome.status not in NEVER_RIGHT or outcome.status in ("not_attempted", "tampered"):
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
