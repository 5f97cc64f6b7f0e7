"""Runs one test cell at the judge and turns its end into the outputs that a Jupyter kernel would have given it."""

from __future__ import annotations

import ast
import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograde.check.session import OUTCOME_MIME, Session, using
from autograde.grading.alarm import OutOfTime
from autograde.grading.names import Names
from autograde.grading.prepared import file_of, remember
from autograde.grading.tracebacks import error_output

CUT = "\n… more output than is kept\n"


@dataclass(frozen=True)
class CheckCell:
    """A test cell to run. name: its grade id. number: its place in the order of running, as in "In [7]"."""

    name: str
    source: str
    number: int


@dataclass
class Ran:
    """How a test cell ended: its nbformat outputs, and the error that stopped it."""

    outputs: list[dict[str, Any]] = field(default_factory=list)
    error: BaseException | None = None


def run_check(cell: CheckCell, names: Names, session: Session, output_bytes: int = 1_000_000) -> Ran:
    """Run the cell in `names`, with its checks speaking to `session`. Never raises for what the cell does.

    Only OutOfTime of the caller's `alarm` goes on.
    """
    ran, printed = Ran(), _Printed(output_bytes)
    value = None
    session.tell = lambda outcome: printed.show("display_data", {OUTCOME_MIME: dataclasses.asdict(outcome)})
    with using(session), printed.caught():
        try:
            value = _run(cell, names)
        except OutOfTime:
            raise
        except BaseException as error:  # SystemExit and KeyboardInterrupt too: a test cell ends, the judge does not
            ran.error = error
    ran.outputs = printed.outputs
    if ran.error is not None:
        theirs = list(getattr(ran.error, "frames", None) or [])
        ran.outputs.append(error_output(ran.error, {file_of(cell.name): cell.number}, theirs))
        return ran
    if isinstance(value, int | float):
        printed.show("execute_result", {"text/plain": repr(value)}, cell.number)
    return ran


def _run(cell: CheckCell, names: Names) -> Any:
    """Execute the cell; returns the value of its last line, where that is an expression."""
    remember(cell.source, cell.name)
    tree, file = ast.parse(cell.source), file_of(cell.name)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, file, "exec"), names)
    return eval(compile(ast.Expression(last.value), file, "eval"), names) if isinstance(last, ast.Expr) else None


class _Printed:
    """What a cell puts out: a stream output for each run of the same stream, `room` characters in all."""

    def __init__(self, room: int) -> None:
        self.outputs: list[dict[str, Any]] = []
        self.room = room

    @contextlib.contextmanager
    def caught(self) -> Iterator[None]:
        out, err = _Stream(self, "stdout"), _Stream(self, "stderr")
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):  # type: ignore[type-var]
            yield

    def add(self, name: str, text: str) -> None:
        if self.room <= 0:
            return
        kept = text if len(text) <= self.room else text[: self.room] + CUT
        self.room -= len(text)
        if self.outputs and self.outputs[-1].get("name") == name:
            self.outputs[-1]["text"] += kept
        else:
            self.outputs.append({"output_type": "stream", "name": name, "text": kept})

    def show(self, kind: str, data: Mapping[str, Any], number: int | None = None) -> None:
        """Something else than text: always kept."""
        made: dict[str, Any] = {"output_type": kind, "data": dict(data), "metadata": {}}
        self.outputs.append(made if number is None else {**made, "execution_count": number})


class _Stream:
    """A file to print to."""

    encoding = "utf-8"

    def __init__(self, printed: _Printed, name: str) -> None:
        self.printed, self.name = printed, name

    def write(self, text: str) -> int:
        self.printed.add(self.name, str(text))
        return len(text)

    def flush(self) -> None:
        """Nothing is held back."""

    def isatty(self) -> bool:
        return False
