"""Rules about the markers in a cell: every block is opened once, closed, on lines of its own, where it belongs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograde.authoring.names import parse_cell
from autograde.authoring.problems import Problem
from autograde.authoring.stub import (
    BEGIN_HIDDEN,
    BEGIN_SOLUTION,
    END_HIDDEN,
    END_SOLUTION,
    Region,
    inside,
    regions,
)
from autograde.authoring.text import LessonText, TextCell

MARKERS = (BEGIN_SOLUTION, END_SOLUTION, BEGIN_HIDDEN, END_HIDDEN)
_LOOKS_LIKE_ONE = re.compile(r"^\W*(BEGIN|END)\b[\s_-]*(SOLUTIONS?|HIDDEN([\s_-]*TESTS?)?)\b", re.IGNORECASE)
_FORBIDDEN_AT_TOP = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def marker_problems(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    """What is wrong with the markers of one cell."""
    yield from _misspelt(lesson, cell)
    yield from _unbalanced(lesson, cell, BEGIN_SOLUTION, END_SOLUTION)
    yield from _unbalanced(lesson, cell, BEGIN_HIDDEN, END_HIDDEN)
    yield from _misplaced(lesson, cell)


def _misspelt(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    for number, line in enumerate(cell.source.splitlines()):
        if _LOOKS_LIKE_ONE.match(line) and line.strip() not in MARKERS:
            what = f"{line.strip()!r} looks like a marker and is none"
            yield lesson.problem(cell.source_line + number, what, f"write exactly one of {', '.join(MARKERS)}")


def _unbalanced(lesson: LessonText, cell: TextCell, begin: str, end: str) -> Iterator[Problem]:
    opened: int | None = None
    for number, line in enumerate(cell.source.splitlines()):
        at = cell.source_line + number
        if line.strip() == begin:
            if opened is not None:
                what = f"a second {begin!r} before the first one (line {opened}) is closed"
                yield lesson.problem(at, what, f"write {end!r} above it, or take one of them out")
            opened = at
        elif line.strip() == end:
            if opened is None:
                yield lesson.problem(at, f"{end!r} closes nothing", f"write {begin!r} above it, or take it out")
            opened = None
    if opened is not None:
        yield lesson.problem(opened, f"{begin!r} is not closed", f"write {end!r} where the block ends, in this cell")


def _misplaced(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    solutions = regions(cell.source)
    hidden = regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)
    if solutions and cell.kind not in ("exercise", "written"):
        what = f"a solution block in a {cell.kind} cell would be released as it stands"
        yield lesson.problem(cell.source_line + solutions[0].first, what, "move it to an exercise cell, or take it out")
    if hidden and cell.kind != "check":
        what = f"hidden tests in a {cell.kind} cell would be released as they stand"
        yield lesson.problem(cell.source_line + hidden[0].first, what, "move them to a check cell")
    if len(hidden) > 1:
        what = "a second hidden block in one check cell"
        yield lesson.problem(cell.source_line + hidden[1].first, what, "join the two, or make a check of its own")
    if cell.kind in ("exercise", "written") and BEGIN_SOLUTION not in cell.source:
        what = f"{cell.kind} {cell.name!r} has no solution block"
        mend = f"put the {'model' if cell.kind == 'written' else 'reference'} answer between"
        yield lesson.problem(cell.line, what, f"{mend} {BEGIN_SOLUTION!r} and {END_SOLUTION!r}")


def solution_problems(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    """What is wrong with where an exercise's solution stands (the cell parses and its markers are in order)."""
    tree = parse_cell(cell.source)
    for region in regions(cell.source):
        at = cell.source_line + region.first
        if region.column and not _in_function(tree, region):
            what = "this solution block is indented and not inside a function: its hole would stop the whole notebook"
            yield lesson.problem(at, what, "put it into the function's body, or at the start of the line")
        if region.column == 0:
            yield from _definitions(lesson, cell, region)
        if not any(line.strip() and not line.strip().startswith("#") for line in inside(cell.source, region)):
            yield lesson.problem(at, "this solution block is empty", "write the reference answer into it")


def _in_function(tree: ast.Module, region: Region) -> bool:
    """Whether the innermost definition around a region is a function (lines counted from 1 in the tree)."""
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, _FORBIDDEN_AT_TOP) and node.lineno <= region.first + 1 <= (node.end_lineno or 0) + 1
        if node.col_offset < region.column
    ]
    innermost = max(around, key=lambda node: node.lineno, default=None)
    return isinstance(innermost, ast.FunctionDef | ast.AsyncFunctionDef)


def _definitions(lesson: LessonText, cell: TextCell, region: Region) -> Iterator[Problem]:
    """A def or class inside a top-level solution: the student would see neither its name nor its signature."""
    for node in ast.walk(parse_cell("\n".join(inside(cell.source, region)))):
        if isinstance(node, _FORBIDDEN_AT_TOP):
            what = f"the solution block holds the whole of {node.name!r}, signature included"
            mend = "leave the def or class line, annotations and docstring outside; only the body is the solution"
            yield lesson.problem(cell.source_line + region.first + node.lineno, what, mend)
