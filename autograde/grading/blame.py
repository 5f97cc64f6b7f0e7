"""Who is to blame when a check cannot be carried out: a cell of the student's, a name bound anew, or the lesson."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode

from autograde.grading import outcomes
from autograde.grading.cells import grade_id, kind_of, ours, ran

Blame = dict[str, tuple[str, str]]  # a name that is not there → the status and message that say why


@dataclass(frozen=True)
class Trouble:
    """A cell of the lesson's own that failed by itself, at `position` of the notebook; no position: all is well."""

    position: int | None = None
    sentence: str = ""

    def after(self, position: int) -> str:
        """What to say of a check that stands at `position`: one above the trouble has nothing to do with it."""
        return self.sentence if self.position is not None and self.position < position else ""


@dataclass
class Shadows:
    """Names of the lesson's own, such as `check`, to which a cell of the student's gave another meaning."""

    made: dict[str, tuple[int, str]] = field(default_factory=dict)  # name → position of that cell, what it is called

    def said_of(self, cell: NotebookNode, position: int) -> str:
        """A sentence on the first of them that `cell`, at `position`, reads; "" where it reads none."""
        read = names_in(cell.source, ast.Load)
        for name, (where, called) in self.made.items():
            if where < position and name in read:
                return f"{called} gives {name} another meaning than the lesson and its checks need: rename yours."
        return ""


def missing_names(nb: NotebookNode) -> Blame:
    """Names that are not there when checks ask for them, with the status and message that say why."""
    blame: Blame = {}
    for cell in nb.cells:
        if kind_of(cell) == "demo" and cell.cell_type == "code":
            for name in assigned_names(cell.source):
                said = f"{name} is made in a demo cell, and demo cells are not run when grading."
                blame[name] = ("failed", f"{said} Make it in the exercise's own cell.")
    for cell, _ in ran(nb, "exercise"):
        blame |= _never_made(cell, blame)
    for kind in ("own", "exercise"):
        for cell, run in ran(nb, kind):
            if run["status"] == "ok":
                for name in assigned_names(cell.source):
                    blame.pop(name, None)
            elif run["status"] != "skipped" or kind == "exercise":
                blame |= dict.fromkeys(_binds(cell), _why_stopped(cell, run))
    return blame


def _never_made(cell: NotebookNode, blame: Blame) -> Blame:
    """What an exercise's cell should make and has no line for: it was renamed, or the cell was emptied."""
    made, name = assigned_names(cell.source), ours(cell).get("name") or grade_id(cell)
    emptied = not any(line.strip() and not line.strip().startswith("#") for line in cell.source.splitlines())
    said = f"{name}: the cell is empty." if emptied else f"{name}: the cell makes no {{}}. Was it renamed or deleted?"
    status = "not_attempted" if emptied else "failed"
    lost = [bound for bound in ours(cell).get("binds", []) if bound not in made and bound not in blame]
    return {bound: (status, said.format(bound)) for bound in lost}


def _binds(cell: NotebookNode) -> list[str]:
    """The names that running the cell was to leave behind."""
    return [*ours(cell).get("binds", []), *assigned_names(cell.source)]


def _why_stopped(cell: NotebookNode, run: dict[str, Any]) -> tuple[str, str]:
    """(status, message) of an exercise's cell, or a cell of the student's own, that did not get to its end."""
    where = ours(cell).get("name") or "a cell of yours"
    if run["status"] not in ("ok", "error", "skipped"):  # it was ended: in what way is what its checks have to say
        return run["status"], outcomes.of_run(cell, run)
    if run["status"] == "skipped":
        return "not_attempted", f"{where}: the cell is empty."
    error = next((output for output in cell.outputs if output.output_type == "error"), None)
    if error is None:  # the student's code keeps errors from being shown
        why = "without saying why. What it should make is not there to be checked."
        return "failed", f"{where}: the cell itself stops, {why}"
    if error.ename == "NotAttempted":
        return "not_attempted", outcomes.clean(error.evalue)
    lost = "What it should make is not there to be checked."
    if refused := outcomes.memory_refused(str(error.ename), outcomes.clean(error.evalue)):
        return "out_of_memory", f"{where}: the cell itself {refused}. {lost} {outcomes.TOO_LARGE}"
    return "failed", f"{where}: the cell itself stops with {_said(error)}. {lost}"


def _said(error: NotebookNode) -> str:
    if error.ename == "StdinNotImplementedError":
        return "input(): nobody is there to answer it when a notebook is graded. Write the value into the cell"
    value = outcomes.clean(error.evalue)
    return f"{error.ename}: {value}" if value else str(error.ename)


def assigned_names(source: str) -> list[str]:
    """The names that a cell binds at its top level: assigned, defined or imported. [] where it is not Python."""
    return list(_assigned_names(source))


@functools.lru_cache(maxsize=1024)  # a lesson's own cells are the same for every student
def _assigned_names(source: str) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for statement in _statements(source):
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names[statement.name] = None
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                names[node.id] = None
            elif isinstance(node, ast.alias):
                names[(node.asname or node.name).split(".")[0]] = None
    return tuple(names)


@functools.lru_cache(maxsize=1024)
def names_in(source: str, use: type[ast.expr_context]) -> frozenset[str]:
    """Every name that a cell reads (ast.Load) or binds (ast.Store), at any depth."""
    nodes = (node for statement in _statements(source) for node in ast.walk(statement))
    return frozenset(node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, use))


def _statements(source: str) -> list[ast.stmt]:
    """The cell's statements; [] where it is not Python."""
    return _parsed(source) or _parsed(plain_python(source)) or []


def _parsed(source: str) -> list[ast.stmt] | None:
    try:
        return ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@functools.lru_cache(maxsize=1024)
def plain_python(source: str) -> str:
    """A cell's text as Python reads it, line by line: `%%time` left out, `%timeit f(x)` and `!ls` as calls.

    A text that is Python already, or that IPython cannot read either, stays as it is.
    """
    if _parsed(source) is not None:
        return source
    from IPython.core.inputtransformer2 import TransformerManager

    first, newline, rest = source.partition("\n")
    try:
        return TransformerManager().transform_cell(newline + rest if first.startswith("%%") else source)
    except Exception:  # IPython's own tokeniser stumbles over some texts
        return source


@functools.lru_cache(maxsize=1024)
def _imports(source: str) -> dict[str, str]:
    """What a cell imports: the name it is bound to → what stands behind it."""
    found = {}
    for node in _statements(source):
        for alias in node.names if isinstance(node, ast.Import | ast.ImportFrom) else ():
            origin = f"{node.module}." if isinstance(node, ast.ImportFrom) else ""
            found[(alias.asname or alias.name).split(".")[0]] = origin + (
                alias.name if alias.asname else alias.name.split(".")[0]
            )
    return found


def rebound_names(nb: NotebookNode) -> Shadows:
    """Names that the lesson made and a cell of the student's then bound to something else."""
    shadows, lessons, imports = Shadows(), set(), dict[str, str]()
    answers = {name for cell in nb.cells if kind_of(cell) == "exercise" for name in ours(cell).get("binds", [])}
    for position, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        if kind_of(cell) in ("settings", "fixture"):
            lessons |= set(assigned_names(cell.source)) - answers
            imports |= _imports(cell.source)
        elif kind_of(cell) in ("exercise", "own"):
            same = {name for name, what in _imports(cell.source).items() if imports.get(name) == what}
            for name in assigned_names(cell.source):
                if name in lessons and name not in same:
                    shadows.made.setdefault(name, (position, _called(cell)))
    return shadows


def _called(cell: NotebookNode) -> str:
    """How a sentence begins that speaks of a cell of the student's."""
    name = ours(cell).get("name")
    return f"Your cell {name}" if name else "A cell that you added"


def lesson_trouble(nb: NotebookNode, blame: Blame, shadows: Shadows) -> Trouble:
    """The first cell of the lesson's own that failed by itself. One that the student's code broke is blamed on that."""
    slow = any(run["status"] == "timeout" for kind in ("own", "exercise", "check") for _, run in ran(nb, kind))
    made: set[str] = set()  # names that the lesson's cells have made so far
    for position, cell in enumerate(nb.cells):
        run = ours(cell).get("run")
        if kind_of(cell) not in ("settings", "fixture") or run is None or run["status"] == "ok" or not run["seconds"]:
            made |= set(assigned_names(cell.source)) if kind_of(cell) in ("settings", "fixture") else set()
            continue
        if run["status"] == "timeout" and slow:
            continue  # the student's cells had used up the notebook's time
        error = next((output for output in cell.outputs if output.output_type == "error"), None)
        if error is not None and (error.ename in ("NotAttempted", "CheckFailed") or _asked_for(error, blame)):
            continue  # it asked for something that the student's cell should have made
        if said := shadows.said_of(cell, position) or _deleted(error, made):
            blame |= dict.fromkeys(assigned_names(cell.source), ("failed", said))
            continue
        what = _said(error) if error is not None else str(run.get("message", ""))
        return Trouble(position, f"The lesson's own cell {grade_id(cell)} failed here ({what}).")
    return Trouble()


def _deleted(error: NotebookNode | None, made: set[str]) -> str:
    """What to say where a cell of the lesson's misses what an earlier one made: only the student's code deletes."""
    found = re.search(r"name '(\w+)' is not defined", str(error.evalue)) if error is not None else None
    gone = found is not None and error is not None and error.ename == "NameError" and found[1] in made
    return f"Your code deletes {found[1]}, which the lesson and its checks need." if found and gone else ""


def _asked_for(error: NotebookNode, blame: Blame) -> bool:
    return any(f"'{name}'" in str(error.evalue) for name in blame)


def happenings(nb: NotebookNode) -> Iterator[str]:
    """A sentence on each cell of the student's that did not run to its end, or that renamed a thing of the lesson's."""
    for cell in nb.cells:
        run = ours(cell).get("run")
        if kind_of(cell) not in ("exercise", "own") or run is None or run["status"] == "skipped":
            continue
        error = next((output for output in cell.outputs if output.output_type == "error"), None)
        called = _called(cell)
        if run.get("message"):
            yield f"{called}: {run['message']}"
        elif error is not None and error.ename != "NotAttempted":
            yield f"{called} stopped with {_said(error)}"
    later = [(n, cell) for n, cell in enumerate(nb.cells) if kind_of(cell) in ("fixture", "check")]
    for name, (where, called) in rebound_names(nb).made.items():
        if any(n > where and name in names_in(cell.source, ast.Load) for n, cell in later):
            said = f"{called} gives {name} another meaning than the lesson does"
            yield f"{said}: better to rename yours."
