"""Turns a notebook that was run into the autograded one, and into scores: what nbgrader's own steps do after a run.

The same bytes and the same scores as its OverwriteKernelspec, OverwriteCells, LimitOutput, SaveAutoGrades and exporter
give, without a database, a copy or a validation for each of them: a worker process does it, and what the gradebook
knows of the lesson is handed to it as data. tests/grading/test_grading_publish.py holds the two side by side.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbformat.v4.rwbase import split_lines, strip_transient

from autograde.grading.cells import checksum, grade_id, kind_of, nbgraders
from autograde.grading.outcomes import auto_score
from autograde.grading.repairs import doubt_of

NO_RESPONSE = "No response."  # nbgrader's own comment on an answer that was not touched
CUT_LINES, CUT_TRACEBACK = "... Output truncated ...", "... Traceback truncated ..."  # nbgrader's words
LEFT_OUT = "an output that no notebook can hold was left out here\n"


@dataclass(frozen=True)
class Scores:
    """What the grader says of a submission: points of graded cells (None: a person decides), words on written ones.

    doubted: graded cells on which a person decides all the same; their points are provisional.
    """

    grades: dict[str, float | None] = field(default_factory=dict)
    comments: dict[str, str | None] = field(default_factory=dict)
    doubted: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Shape:
    """What the autograded notebook is brought into: what the gradebook knows of the lesson, and limits on output.

    checksums: cell → its checksum there, and whether the cell is locked. max_lines, max_traceback: of a cell's text
    and of a traceback's entries; -1: no limit.
    """

    kernelspec: dict[str, Any] | None
    checksums: dict[str, tuple[str, bool]]
    max_lines: int = 1000
    max_traceback: int = 100


class Mismatch(Exception):
    """A locked cell is not what the gradebook says it is: source/ and gradebook are out of step."""


def finish(nb: NotebookNode, shape: Shape) -> tuple[bytes, Scores]:
    """The autograded notebook as a file, and the scores of its cells. Changes `nb`, which is of no use afterwards.

    nb: mended, run and judged. Raises Mismatch.
    """
    if shape.kernelspec:
        nb.metadata["kernelspec"] = shape.kernelspec
    grades: dict[str, float | None] = {}
    comments: dict[str, str | None] = {}
    for cell in nb.cells:
        theirs, name = nbgraders(cell), grade_id(cell)
        if name:
            _overwrite(cell, theirs, name, shape)
        if cell.cell_type == "code":
            cell.outputs = [output if proper(output) else _left_out() for output in cell.outputs]
            limit_lines(cell, shape.max_lines)
            limit_tracebacks(cell, shape.max_traceback)
        if theirs.get("grade"):
            grades[name] = _score(cell, theirs)
        if (theirs.get("solution") or theirs.get("task")) and kind_of(cell) != "exercise":
            untouched = theirs.get("checksum") == checksum(cell) and not theirs.get("task")
            comments[name] = NO_RESPONSE if untouched else None
    doubted = [grade_id(cell) for cell in nb.cells if nbgraders(cell).get("grade") and doubt_of(cell)]
    return notebook_bytes(nb), Scores(grades, comments, doubted)


def _overwrite(cell: NotebookNode, theirs: dict[str, Any], name: str, shape: Shape) -> None:
    """The checksum that the release had, so that an answer that nobody touched is known. Raises Mismatch."""
    if name not in shape.checksums:
        raise Mismatch(f"the gradebook does not know the cell {name}")
    known, locked = shape.checksums[name]
    theirs["checksum"] = known
    if locked and checksum(cell) != known:
        raise Mismatch(f"the cell {name} is not what the gradebook says it is")


def _score(cell: NotebookNode, theirs: dict[str, Any]) -> float | None:
    """Points without a person: of a check by its outcome; an answer that was never touched earns 0, any other waits."""
    if theirs.get("solution"):
        return 0.0 if theirs.get("checksum") == checksum(cell) else None
    return auto_score(cell)


def proper(output: Any) -> bool:
    """Whether an output is one that a notebook file can hold; it comes from the student's side, as data."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    if kind == "stream":
        return output.get("name") in ("stdout", "stderr") and isinstance(output.get("text"), str)
    if kind == "error":
        frames = output.get("traceback")
        texts = [output.get("ename"), output.get("evalue"), *(frames if isinstance(frames, list) else [None])]
        return all(isinstance(text, str) for text in texts)
    if kind not in ("display_data", "execute_result"):
        return False
    data, about = output.get("data"), output.get("metadata")
    if not isinstance(data, dict) or not isinstance(about, dict):
        return False
    return all(isinstance(value, str) or _json_type(mime) for mime, value in data.items())


def _json_type(mime: str) -> bool:
    return mime == "application/json" or (mime.startswith("application/") and mime.endswith("+json"))


def _left_out() -> NotebookNode:
    return NotebookNode(output_type="stream", name="stderr", text=LEFT_OUT)


def limit_lines(cell: NotebookNode, most: int) -> None:
    """Keep so many lines of what a cell printed, as nbgrader's LimitOutput counts them."""
    if most == -1:
        return
    length, kept = 0, []
    for output in cell.outputs:
        if output.output_type == "stream":
            if length == most:
                continue
            lines = output.text.split("\n")
            if len(lines) + length > most:
                lines = [*lines[: most - length - 1], CUT_LINES]
                output.text = "\n".join(lines)
            length += len(lines)
        kept.append(output)
    cell.outputs = kept


def limit_tracebacks(cell: NotebookNode, most: int) -> None:
    """Keep so many entries of each traceback, from both ends, as nbgrader's LimitOutput does."""
    for output in cell.outputs:
        if most != -1 and output.output_type == "error" and len(output.traceback) > most:
            first = most // 2
            last = most - first - 1
            output.traceback = [*output.traceback[:first], CUT_TRACEBACK, *output.traceback[-last:]]


def notebook_bytes(nb: NotebookNode) -> bytes:
    """A notebook as nbformat writes it, in UTF-8; half a surrogate pair, which no file can hold, becomes "?"."""
    text = json.dumps(
        strip_transient(split_lines(nb)), ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": ")
    )
    return (text + "\n").encode("utf-8", "replace")
