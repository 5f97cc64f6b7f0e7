"""Takes out of a graded notebook what its student must not read: hidden tests, wherever they turn up."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode

from autograde.grading.cells import hidden_lines, kind_of, without_hidden
from autograde.grading.outcomes import ANSI, CELL_FRAME, OUR_FRAME

TAKEN_OUT = "[a line of a hidden check]"
SHORTEST = 8  # characters of a hidden line that is looked for in outputs: "else:" is no secret
SHOWN_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "image/svg+xml")
TEXT_TYPES = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
INSTALL_FOLDER = re.compile(r"[^\s\"'<>]*[/\\](?:site-packages|dist-packages|lib[/\\]python3\.\d+)[/\\]")


def hide(nb: NotebookNode) -> None:
    """Take hidden tests out of the notebook's test cells, their tracebacks and every output, in place."""
    secret = secret_lines(nb)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        if kind_of(cell) == "check":
            cell.outputs = [_without_test_frames(output, cell) for output in cell.outputs]
            cell.source = shown_source(cell.source)
        for output in cell.outputs:
            _scrub_output(output, secret)


def shown_source(source: str) -> str:
    """A test cell for a student: the visible lines, and a word on the rest."""
    visible = without_hidden(source)
    if visible.strip() == source.strip():
        return source
    lines = visible.splitlines()
    last = len(lines) - 1 if lines and lines[-1].strip() == "check.end()" else len(lines)
    return "\n".join([*lines[:last], "# … and hidden checks, which ran when this was graded", *lines[last:]])


def secret_lines(nb: NotebookNode) -> set[str]:
    """The hidden lines of all test cells, without those that students can read in a visible part."""
    checks = [cell for cell in nb.cells if kind_of(cell) == "check"]
    visible = {line.strip() for cell in checks for line in without_hidden(cell.source).splitlines()}
    return {line for cell in checks for line in hidden_lines(cell.source) if len(line) >= SHORTEST} - visible


def plain_outputs(nb: NotebookNode) -> None:
    """Keep of every output what a page can show; machine-readable outcomes and widgets have no place in it."""
    for cell in nb.cells:
        if cell.cell_type == "code":
            told = kind_of(cell) == "check" and "check.end()" in cell.source  # its last value is a number for nbgrader
            kept = [o for o in cell.outputs if not (told and o.output_type == "execute_result")]
            cell.outputs = [output for output in kept if _shown(output)]


def _shown(output: NotebookNode) -> bool:
    """Reduce an output to the types that a page shows; whether anything is left."""
    if output.output_type in ("stream", "error"):
        return True
    output.data = {mime: data for mime, data in output.get("data", {}).items() if mime in SHOWN_TYPES}
    return bool(output.data)


def _without_test_frames(output: NotebookNode, cell: NotebookNode) -> NotebookNode:
    """A test cell's error with the student's own frames only; other outputs as they are."""
    if output.output_type != "error" or len(output.get("traceback", [])) <= 1:
        return output
    frames = []
    for entry in output.traceback:
        plain = ANSI.sub("", entry)
        cell_frame = CELL_FRAME.match(plain)
        if OUR_FRAME.match(plain):
            continue
        if cell_frame and int(cell_frame[1]) == cell.execution_count:
            frames.append("In the check:")
        else:
            frames.append(INSTALL_FOLDER.sub("", entry))
    output.traceback = frames
    return output


def _scrub_output(output: Any, secret: set[str]) -> None:
    """Replace every line of an output that holds a hidden line."""
    if output.output_type == "stream":
        output.text = scrub(output.text, secret)
    elif output.output_type == "error":
        output.traceback = [scrub(entry, secret) for entry in output.get("traceback", [])]
        output.evalue = scrub(str(output.get("evalue", "")), secret)
    else:
        for mime in TEXT_TYPES:
            if mime in output.data:
                output.data[mime] = scrub(str(output.data[mime]), secret)


def scrub(text: str, secret: set[str]) -> str:
    """The text with each line that contains a hidden line replaced by a note."""
    lines = text.split("\n")
    return "\n".join(TAKEN_OUT if _holds(ANSI.sub("", line), secret) else line for line in lines)


def _holds(line: str, secret: set[str]) -> bool:
    return any(hidden in line for hidden in secret)
