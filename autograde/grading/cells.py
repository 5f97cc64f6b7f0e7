"""What the grader knows of a cell: its kind, its name, and which of its lines a student must not see."""

from __future__ import annotations

from typing import Any

from nbformat import NotebookNode

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
