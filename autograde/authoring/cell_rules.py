"""Rules about the code inside one cell: length, magics, prints, figures, facts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from autograde.authoring.facts import used_facts
from autograde.authoring.names import parse_cell
from autograde.authoring.problems import Problem
from autograde.authoring.stub import BEGIN_HIDDEN, END_HIDDEN, regions, student_code, without
from autograde.authoring.text import LessonText, TextCell

LONGEST = 25
CODE = ("fixture", "demo", "exercise", "check")
GRADED = ("fixture", "exercise", "check")
NOT_DRAWN = {"rc", "close", "ion", "ioff", "get_cmap", "switch_backend"}  # what pyplot does without a figure
MAGIC = re.compile(r"^(\s*)[%!]")


def python_of(cell: TextCell) -> str:
    """The cell's Python: in a demo cell magics may stand, each counts as `pass`."""
    if cell.kind != "demo":
        return cell.source
    return "\n".join(MAGIC.sub(r"\1pass  # ", line) for line in cell.source.splitlines())


def released_code(cell: TextCell) -> str:
    """What of a code cell is released: exercises with their holes, checks without their hidden block."""
    if cell.kind == "exercise":
        return student_code(cell.source, str(cell.name))
    return without(python_of(cell), regions(cell.source, BEGIN_HIDDEN, END_HIDDEN))


def syntax_problems(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    """Whether the cell is Python, as written and as released. Where it yields anything, the other rules cannot run."""
    if cell.kind in GRADED:
        for number, line in enumerate(cell.source.splitlines()):
            if MAGIC.match(line):
                what = f"{line.strip()!r} is a magic, and a {cell.kind} cell also runs where there is no IPython"
                yield lesson.problem(cell.source_line + number, what, "write it in Python, or move it to a demo cell")
                return
    for source, which in ((python_of(cell), ""), (released_code, " as released")):
        try:
            parse_cell(source if isinstance(source, str) else source(cell))
        except SyntaxError as error:
            at = cell.source_line + ((error.lineno or 1) - 1 if not which else 0)
            mend = "without its solution or hidden block the cell must still be Python" if which else "mend the line"
            yield lesson.problem(at, f"the {cell.kind} cell{which} is not Python: {error.msg}", mend)
            return


def code_problems(lesson: LessonText, cell: TextCell, generated: bool) -> Iterator[Problem]:
    """What is wrong inside a code cell that parses. `generated`: the build wrote it, so nobody can shorten it."""
    tree = parse_cell(python_of(cell))
    if not generated:
        yield from _too_long(lesson, cell)
    yield from _stars(lesson, cell, tree)
    yield from _figures(lesson, cell, tree)
    if cell.kind in GRADED:
        yield from _calls(lesson, cell, tree)
    for number, name in used_facts(cell.source):
        what = f"the fact {name!r} stands in a code cell, where nothing replaces it"
        yield lesson.problem(cell.source_line + number, what, f'in code, write lesson.fact("{name}").number')


def _too_long(lesson: LessonText, cell: TextCell) -> Iterator[Problem]:
    cut = regions(cell.source) + regions(cell.source, BEGIN_HIDDEN, END_HIDDEN)
    lines = len(without(cell.source, cut).splitlines())
    if lines > LONGEST:
        what = f"{lines} lines of code in one cell, {LONGEST} at most (solutions and hidden tests not counted)"
        yield lesson.problem(cell.line, what, "split it in two, with a sentence between them")


def _stars(lesson: LessonText, cell: TextCell, tree: ast.Module) -> Iterator[Problem]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
            what = f"`from {node.module} import *` hides which names it binds"
            yield lesson.problem(cell.source_line + node.lineno - 1, what, "import the names that the lesson uses")


def _calls(lesson: LessonText, cell: TextCell, tree: ast.Module) -> Iterator[Problem]:
    """Calls that a graded cell must not make."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called, at = ast.unparse(node.func), cell.source_line + node.lineno - 1
        if called.startswith("get_ipython"):
            yield lesson.problem(at, "get_ipython in a graded cell", "write it in Python, or move it to a demo cell")
        if cell.kind == "check" and called in ("print", "display"):
            what = f"{called} in a check cell: nbgrader reads a check's output as its score"
            yield lesson.problem(at, what, "take it out: check's own messages say what is wrong")
        if cell.kind == "check" and called in ("check.begin", "check.end"):
            yield lesson.problem(at, f"{called} is written by the build", "take the line out")


def _figures(lesson: LessonText, cell: TextCell, tree: ast.Module) -> Iterator[Problem]:
    """Every figure is shown by lesson.show with an alt text, in a demo cell."""
    shows = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and ast.unparse(node.func) == "lesson.show"]
    mend = 'show it with lesson.show(fig, alt="what the picture shows, with its numbers")'
    for node in shows:
        at = cell.source_line + node.lineno - 1
        alt = next((keyword.value for keyword in node.keywords if keyword.arg == "alt"), None)
        if alt is None or (isinstance(alt, ast.Constant) and not str(alt.value or "").strip()):
            yield lesson.problem(at, "a figure without alt text", mend)
        if cell.kind != "demo":
            yield lesson.problem(at, f"a figure in a {cell.kind} cell", "move it to a demo cell")
    calls = [node for node in _running(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    for call in calls:
        drawn, at = ast.unparse(call.func), cell.source_line + call.lineno - 1
        if drawn == "plt.show":
            yield lesson.problem(at, "plt.show gives the figure no alt text", mend)
        elif drawn.startswith("plt.") and drawn.count(".") == 1 and drawn[4:] not in NOT_DRAWN and not shows:
            yield lesson.problem(at, f"{drawn} draws a figure that is not shown", mend)
            return


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run with the cell: a function that draws may be defined in a fixture."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            yield child
            yield from _running(child)
