"""What the grader knows of a cell: its kind, its name, and which of its lines a student must not see."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from nbformat import NotebookNode, from_dict

BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
NAMESPACE = "measure_first"  # our own metadata: in a cell and in a notebook

# What grading runs. "own" is a cell that the student added.
RUNS = frozenset({"settings", "fixture", "exercise", "check", "own"})
STUDENTS = frozenset({"exercise", "written", "demo", "own"})


def ours(node: NotebookNode) -> dict[str, Any]:
    """Our metadata of a cell or notebook; {} where there is none, or where it is not a table."""
    found = node.get("metadata", {}).get(NAMESPACE, {})
    return found if isinstance(found, dict) else {}


def nbgraders(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell; {} where there is none, or where it is not a table."""
    found = cell.get("metadata", {}).get("nbgrader", {})
    return found if isinstance(found, dict) else {}


def grade_id(cell: NotebookNode) -> str:
    """The name that nbgrader and the gradebook know the cell by ("" for a cell that they do not know)."""
    found = nbgraders(cell).get("grade_id", "")
    return found if isinstance(found, str) else ""


def kind_of(cell: NotebookNode) -> str:
    """What the cell is for: the build says so; for another course's notebook nbgrader's metadata tells most of it."""
    kind = ours(cell).get("kind")
    if isinstance(kind, str):
        return kind
    theirs = nbgraders(cell)
    if theirs.get("solution"):
        return "written" if theirs.get("grade") else "exercise"
    if theirs.get("grade"):
        return "check"
    if theirs.get("locked"):
        return "fixture" if cell.cell_type == "code" else "prose"
    return "own"


def points_of(cell: NotebookNode) -> float:
    """What a graded cell is worth."""
    return float(nbgraders(cell).get("points", 0.0))


def checksum(cell: NotebookNode) -> str:
    """nbgrader's checksum of a cell that it knows: its text, its kind, its name and its points."""
    theirs = nbgraders(cell)
    grade, solution = theirs.get("grade", False), theirs.get("solution", False)
    locked = False if solution else True if grade else theirs.get("locked", False)
    parts = [cell.source, cell.cell_type, str(grade), str(solution), str(locked), theirs["grade_id"]]
    if grade:
        parts.append(str(float(theirs["points"])))
    return hashlib.md5("".join(parts).encode("utf-8"), usedforsecurity=False).hexdigest()


def made_cell(cell_type: str, source: str, name: str, metadata: dict[str, Any]) -> NotebookNode:
    """A new cell as nbformat makes it, without its check of each against a schema, which takes a millisecond."""
    cell = NotebookNode(id=name, cell_type=cell_type, source=source, metadata=from_dict(metadata))
    if cell_type == "code":
        cell.outputs, cell.execution_count = [], None
    return cell


def title_of(cell: NotebookNode) -> str:
    """How a person knows a check: "split_heads", or "split_heads (gradients)" for one of several."""
    about = ours(cell)
    name = str(about.get("exercise") or about.get("name") or grade_id(cell))
    return f"{name} ({about['part']})" if about.get("part") else name


def without_hidden(source: str) -> str:
    """A test cell as the release shows it: hidden regions taken out, markers included."""
    shown, hidden = [], False
    for line in source.splitlines():
        if line.strip() == BEGIN_HIDDEN:
            hidden = True
        if not hidden:
            shown.append(line)
        if line.strip() == END_HIDDEN:
            hidden = False
    return "\n".join(shown)


def hidden_lines(source: str) -> list[str]:
    """The lines inside a test cell's hidden regions, stripped, empty ones left out."""
    found, hidden = [], False
    for line in source.splitlines():
        text = line.strip()
        if text == END_HIDDEN:
            hidden = False
        if hidden and text:
            found.append(text)
        if text == BEGIN_HIDDEN:
            hidden = True
    return found


def note(cell: NotebookNode, status: str, seconds: float, message: str = "", peak_bytes: int = 0) -> None:
    """Keep in the cell how running it went: ok, error, timeout, crashed, out_of_memory, tampered or skipped.

    seconds: wall time. peak_bytes: the most memory that the student's process held meanwhile; 0: not measured.
    """
    run = {"status": status, "seconds": round(seconds, 3), "message": message}
    if peak_bytes:
        run["peak_bytes"] = peak_bytes
    cell.metadata[NAMESPACE] = {**ours(cell), "kind": kind_of(cell), "run": run}


def ran(nb: NotebookNode, kind: str) -> Iterator[tuple[NotebookNode, dict[str, Any]]]:
    """The cells of one kind with how each of them went."""
    for cell in nb.cells:
        if kind_of(cell) == kind and "run" in ours(cell):
            yield cell, ours(cell)["run"]
