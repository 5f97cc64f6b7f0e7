"""Executed cells as they come out of a kernel, made by hand: tests of scoring need no kernel."""

from __future__ import annotations

from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograde.grading.outcomes import OUTCOME_MIME

TRACE = [
    "-----------",
    "ValueError     Traceback (most recent call last)",
    "Cell In[7], line 3\n      1 check.begin('double')\n----> 3 secret_input = double(-1.5)\n",
    "Cell In[3], line 5, in double(x)\n      4 def double(x):\n----> 5     raise ValueError('no')\n",
    "ValueError: no",
]


def told(fraction: object = 1.0, name: str = "check_double", message: str = "double: 1 check passed") -> NotebookNode:
    """What check.end() publishes in a kernel that grades."""
    status = "passed" if fraction == 1.0 else "partly"
    data = {"name": name, "status": status, "fraction": fraction, "message": message, "points": 2.0}
    return new_output("display_data", data={OUTCOME_MIME: data})


def stream(text: str, name: str = "stdout") -> NotebookNode:
    return new_output("stream", name=name, text=text)


def error(name: str, value: str = "", traceback: list[str] | None = None) -> NotebookNode:
    return new_output("error", ename=name, evalue=value, traceback=traceback or [f"{name}: {value}"])


def result(text: str) -> NotebookNode:
    """The value of a cell's last expression."""
    return new_output("execute_result", data={"text/plain": text}, execution_count=7)


def check_cell(
    *outputs: NotebookNode, exercise: str = "double", part: str | None = None, points: float = 2.0, **about: Any
) -> NotebookNode:
    """An executed check cell."""
    name = f"check_{exercise}" + (f"__{part}" if part else "")
    source = f'check.begin("{exercise}", points={points:g})\npass\ncheck.end()'
    run = about.pop(
        "run", {"status": "error" if any(o.output_type == "error" for o in outputs) else "ok", "seconds": 0.1}
    )
    ours = {"kind": "check", "name": name, "exercise": exercise, "part": part, "requires": [], "run": run, **about}
    theirs = {"grade": True, "grade_id": name, "locked": True, "points": points, "schema_version": 3}
    theirs |= {"solution": False, "task": False}
    cell = new_code_cell(source, id=name, execution_count=7, outputs=list(outputs))
    cell.metadata = nbformat.from_dict({"id": name, "measure_first": ours, "nbgrader": theirs})
    return cell


def exercise_cell(
    *outputs: NotebookNode, name: str = "double", binds: tuple[str, ...] = ("double",), **about: Any
) -> NotebookNode:
    """An executed exercise cell."""
    run = about.pop(
        "run", {"status": "error" if any(o.output_type == "error" for o in outputs) else "ok", "seconds": 0.1}
    )
    ours = {"kind": "exercise", "name": name, "binds": list(binds), "run": run, **about}
    theirs = {"grade": False, "grade_id": name, "locked": False, "schema_version": 3, "solution": True, "task": False}
    cell = new_code_cell(f"# exercise: {name}", id=name, outputs=list(outputs))
    cell.metadata = nbformat.from_dict({"id": name, "measure_first": ours, "nbgrader": theirs})
    return cell


def other_cell(kind: str, source: str, *outputs: NotebookNode, name: str = "", **run: Any) -> NotebookNode:
    """An executed fixture, demo or cell of the student's own, or a cell of prose."""
    if kind == "prose":
        return new_markdown_cell(source, metadata=nbformat.from_dict({"measure_first": {"kind": kind}}))
    cell = new_code_cell(source, outputs=list(outputs))
    status = {"status": "error" if any(o.output_type == "error" for o in outputs) else "ok", "seconds": 0.1, **run}
    cell.metadata = nbformat.from_dict({"measure_first": {"kind": kind, "run": status}})
    if name:
        cell.metadata["nbgrader"] = nbformat.from_dict(
            {"grade": False, "grade_id": name, "locked": True, "schema_version": 3, "solution": False, "task": False}
        )
    return cell


def notebook(*cells: NotebookNode) -> NotebookNode:
    return new_notebook(cells=list(cells))
