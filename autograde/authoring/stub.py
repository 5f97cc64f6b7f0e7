"""Solution regions and hidden tests: where they stand in a cell, and what a student gets in place of a solution."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from autograde.authoring.names import bound_names, parse_cell

BEGIN_SOLUTION, END_SOLUTION = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CODE_STUB = "# YOUR CODE HERE"
TEXT_STUB = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Region:
    """Lines `first`..`last` of a cell, both markers included, counted from 0; `column` is the marker's indent."""

    first: int
    last: int
    column: int


def regions(source: str, begin: str = BEGIN_SOLUTION, end: str = END_SOLUTION) -> list[Region]:
    """The closed regions between `begin` and `end` lines (the rules report open and nested ones)."""
    found, opened = [], None
    for n, line in enumerate(source.splitlines()):
        if line.strip() == begin:
            opened = Region(n, n, len(line) - len(line.lstrip()))
        elif line.strip() == end and opened:
            found.append(Region(opened.first, n, opened.column))
            opened = None
    return found


def without(source: str, cut: list[Region]) -> str:
    """The source without these regions, markers included."""
    gone = {n for region in cut for n in range(region.first, region.last + 1)}
    return "\n".join(line for n, line in enumerate(source.splitlines()) if n not in gone)


def inside(source: str, region: Region) -> list[str]:
    """The lines of a region, without its markers."""
    return source.splitlines()[region.first + 1 : region.last]


def student_code(source: str, exercise: str) -> str:
    """The exercise cell as it is released: every solution region replaced by a hole that says whose it is.

    Inside a function the hole raises `check.NotAttempted`; at the top level each name bound in the region is `...`,
    so that "Run all" goes through. A name that the cell has bound above the region keeps the value it has there.
    """
    lines, released, position = source.splitlines(), [], 0
    for region in regions(source):
        released += lines[position : region.first]
        released += _hole("\n".join(lines[: region.first]), inside(source, region), region.column, exercise)
        position = region.last + 1
    return "\n".join(released + lines[position:])


def student_prose(source: str) -> str:
    """A written cell as it is released."""
    lines, released, position = source.splitlines(), [], 0
    for region in regions(source):
        released += [*lines[position : region.first], TEXT_STUB]
        position = region.last + 1
    return "\n".join(released + lines[position:]) if position else TEXT_STUB


def _hole(above: str, solution: list[str], column: int, exercise: str) -> list[str]:
    """The lines that stand for one region; `above` is the cell's text before it."""
    indent = " " * column
    if column:
        return [f"{indent}{CODE_STUB}", f'{indent}raise check.NotAttempted("{exercise}")']
    kept = bound_names(without(above, regions(above)))
    assigned = assigned_names("\n".join(solution))
    holes = [f"{name} = ...  {CODE_STUB}" for name in assigned if name not in kept]
    return holes if assigned else [CODE_STUB]


def assigned_names(solution: str) -> list[str]:
    """The names that a top-level solution assigns, in order, loop variables and private names (`_x`) left out."""
    names: dict[str, None] = {}
    for statement in ast.walk(parse_cell(solution)):
        targets: list[ast.expr] = []
        if isinstance(statement, ast.Assign):
            targets = statement.targets
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign | ast.NamedExpr):
            targets = [statement.target]
        for node in (node for target in targets for node in ast.walk(target)):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and not node.id.startswith("_"):
                names[node.id] = None
    return list(names)
