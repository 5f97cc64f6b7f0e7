"""How each check of a submission ended, as data: read from an executed notebook, kept in it, scored from it.

Nothing here runs student code. A judge that runs the checks elsewhere writes the same `Outcome`s.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

from nbformat import NotebookNode

from autograde.grading.cells import NAMESPACE, grade_id, kind_of, nbgraders, ours, points_of
from autograde.grading.repairs import doubt_of, put_in_doubt
from autograde.grading.sheets import sheet_of

OUTCOME_MIME = "application/vnd.measure-first.outcome+json"
ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")
CELL_FILE = re.compile(r"\((?:<?ipython-input-[^,]*|\d+\.py), line ")  # "(541556098.py, line 3)"
MESSAGE_LIMIT = 2000  # characters of a message that are kept: a student's exception can be of any length

# Every way a check can end. A grader_error has no score: a person decides.
STATUSES = (
    "passed",
    "partly",
    "failed",
    "not_attempted",
    "timeout",
    "out_of_memory",
    "crashed",
    "skipped",
    "tampered",
    "grader_error",
)


@dataclass(frozen=True)
class Outcome:
    """How one check ended. `fraction` is in [0, 1]; `message` is what the student reads; `seconds` is the cell's.

    sheet: of a quiz or a test, the answers item by item (see sheets.py); None of any other check.
    """

    check: str
    exercise: str
    part: str | None
    status: str
    fraction: float
    points: float
    message: str = ""
    seconds: float = 0.0
    sheet: dict[str, Any] | None = None

    @property
    def score(self) -> float | None:
        """Points earned; None where a person has to decide."""
        return None if self.status == "grader_error" else self.points * self.fraction

    @property
    def title(self) -> str:
        """How a person knows the check: "split_heads (gradients)"."""
        return f"{self.exercise} ({self.part})" if self.part else self.exercise


def clean(text: object) -> str:
    """A message without terminal colours and without the names that Jupyter makes up for cells, of bounded length."""
    plain = CELL_FILE.sub("(line ", ANSI.sub("", str(text))).strip()
    return plain if len(plain) <= MESSAGE_LIMIT else plain[:MESSAGE_LIMIT] + " …"


def outcome_of(
    cell: NotebookNode, blame: dict[str, tuple[str, str]] | None = None, note: str = "", shadow: str = ""
) -> Outcome:
    """How an executed check cell ended.

    blame: name → (status, message) of names that the student's own cells failed to bind, because the cell stopped.
    note: set when a cell of the lesson itself failed, which makes every check that did not pass the grader's error.
    shadow: a sentence on a name of the lesson's that the student bound anew, for a check that an error stopped.
    """
    status, fraction, message = _verdict(cell, blame or {})
    if shadow and status in ("failed", "grader_error") and _stopped_by_error(cell):
        status, message = "failed", f"{message}. {shadow}"
    if note and status != "passed":
        status, fraction, message = "grader_error", 0.0, f"{note} A person will look at this answer. ({message})"
    about = ours(cell)
    return Outcome(
        check=grade_id(cell),
        exercise=str(about.get("exercise") or grade_id(cell)),
        part=about.get("part"),
        status=status,
        fraction=fraction,
        points=points_of(cell),
        message=clean(message),
        seconds=float(about.get("run", {}).get("seconds", 0.0)),
        sheet=sheet_of(_reported(cell)) if status in ("passed", "partly", "failed") else None,
    )


def _verdict(cell: NotebookNode, blame: dict[str, tuple[str, str]]) -> tuple[str, float, str]:
    """(status, fraction, message). Text on stderr and the value of the last expression decide nothing."""
    run = ours(cell).get("run", {})
    if run.get("status") not in ("ok", "error"):
        return str(run.get("status", "skipped")), 0.0, of_run(cell, run)
    errors = [output for output in cell.outputs if output.output_type == "error"]
    if errors:
        return _of_error(errors[-1], cell, blame)
    if "check.end()" not in cell.source:  # a plain nbgrader test cell: no error is a pass
        return "passed", 1.0, ""
    reported = _reported(cell)
    if not reported:
        return "failed", 0.0, f"{ours(cell).get('exercise', grade_id(cell))}: the check did not reach its end."
    return _of_report(reported)


def _reported(cell: NotebookNode) -> dict[str, Any]:
    """What `check.end()` published of this check; empty where it did not."""
    told = [o.data[OUTCOME_MIME] for o in cell.outputs if OUTCOME_MIME in o.get("data", {})]
    reported = told[-1] if told and isinstance(told[-1], dict) else {}
    return reported if reported.get("name") == grade_id(cell) else {}


# How torch's allocator, C++ and the kernel say that there is no more memory; of the first, how much was asked for.
REFUSALS = {
    "RuntimeError": re.compile(r"DefaultCPUAllocator: (?:can't allocate|not enough) memory|std::bad_alloc"),
    "OSError": re.compile(r"\[Errno 12\] "),
}
ASKED_FOR = re.compile(r"you tried to allocate (\d+) bytes")
TOO_LARGE = "Is a tensor larger than you mean it to be, or does a list grow in a loop?"


def memory_refused(name: str, value: str) -> str:
    """What code did whose error says that it was refused memory: "asked for more memory …"; "" for any other error.

    name, value: the error's type and text. torch says it on the CPU with a RuntimeError, numpy with a MemoryError of
    its own.
    """
    known = REFUSALS.get(name)
    if name not in ("MemoryError", "_ArrayMemoryError", "OutOfMemoryError") and not (known and known.search(value)):
        return ""
    asked = ASKED_FOR.search(value)
    if asked:
        return f"asked for more memory than there is: {int(asked[1]) / 1e9:,.1f} GB at once"
    said = f" ({value})" if value and name != "MemoryError" else ""
    return f"asked for more memory than there is{said}"


def _stopped_by_error(cell: NotebookNode) -> bool:
    """Whether something else than a check's own word stopped the cell."""
    names = [output.get("ename") for output in cell.outputs if output.output_type == "error"]
    return bool(names) and names[-1] not in ("CheckFailed", "NotAttempted")


def of_run(cell: NotebookNode, run: dict[str, Any]) -> str:
    """What to say of a cell that did not run to its end: "double: this cell did not finish …"."""
    about, said = ours(cell), str(run.get("message", "")) or "This cell was not run."
    name = about.get("exercise") or about.get("name") or grade_id(cell) or "a cell of yours"
    return f"{name}: {said[0].lower()}{said[1:]}"


def _of_report(reported: dict[str, Any]) -> tuple[str, float, str]:
    """The verdict that check.end() gave. A fraction that is no number in [0, 1] is worth nothing."""
    try:
        fraction = float(reported.get("fraction", math.nan))
    except (TypeError, ValueError):
        fraction = math.nan
    message = str(reported.get("message", ""))
    if not 0.0 <= fraction <= 1.0:
        return "failed", 0.0, message or "The check reported no valid score."
    if fraction == 1.0:
        return "passed", 1.0, message
    return ("partly" if fraction else "failed"), fraction, message


def _of_error(error: NotebookNode, cell: NotebookNode, blame: dict[str, tuple[str, str]]) -> tuple[str, float, str]:
    """The verdict of a check that stopped with an exception."""
    name, value = str(error.get("ename", "")), clean(error.get("evalue", ""))
    exercise, count = str(ours(cell).get("exercise") or grade_id(cell)), cell.execution_count
    if name == "NotAttempted":
        return "not_attempted", 0.0, value
    if name == "CheckFailed":
        return "failed", 0.0, value
    if refused := memory_refused(name, value):
        return "out_of_memory", 0.0, f"{exercise}: your code {refused}{_where(error, count)}. {TOO_LARGE}"
    if name == "NameError":
        missing = re.search(r"name '(\w+)' is not defined", value)
        if missing and missing[1] in blame:
            status, message = blame[missing[1]]
            return status, 0.0, message
    if _in_our_code(error):
        return "grader_error", 0.0, f"The check itself stopped with {name}: {value}. A person will look at this answer."
    if name == "SystemExit":
        return "failed", 0.0, f"{exercise}: your code called exit(): a check cannot go on after that."
    said = f"{name}: {value}" if value else name
    return "failed", 0.0, f"{exercise}: your code stopped with {said}{_where(error, count)}"


ANY_FRAME = re.compile(r"\s*File\s")
OUR_FRAME = re.compile(r"\s*File\s.*[/\\]autograde[/\\](?:check|lesson|wall)[/\\]")
CELL_FRAME = re.compile(r"\s*(?:Cell In|Input In)\s*\[(\d+)\](?:, line (\d+))?(?:, in (\w+))?")


def _where(error: NotebookNode, count: int | None) -> str:
    """ " (line 3, in double)": the innermost line of the student's own; "" where the test's own line raised it."""
    for entry in reversed([ANSI.sub("", str(entry)) for entry in error.get("traceback", [])]):
        frame = CELL_FRAME.match(entry)
        if frame and int(frame[1]) != count and frame[2]:
            return f" (line {frame[2]}, in {frame[3]})" if frame[3] else f" (line {frame[2]})"
    return ""


def _in_our_code(error: NotebookNode) -> bool:
    """Whether an exception rose in autograde.check, .lesson or .wall itself: the grader's own bug.

    One that rose in torch below them did not: `backward()` on a student's result runs the student's graph.
    """
    for entry in reversed([ANSI.sub("", str(entry)) for entry in error.get("traceback", [])]):
        if CELL_FRAME.match(entry) or ANY_FRAME.match(entry):
            return bool(OUR_FRAME.match(entry))
    return False


def attach(nb: NotebookNode, outcomes: list[Outcome]) -> None:
    """Keep the outcomes in the notebook: each in its cell, all in the notebook's metadata."""
    by_check = {outcome.check: asdict(outcome) for outcome in outcomes}
    for cell in nb.cells:
        if kind_of(cell) == "check" and grade_id(cell) in by_check:
            outcome = by_check[grade_id(cell)]
            cell.metadata[NAMESPACE] = {**ours(cell), "outcome": outcome}
            doubt = (outcome["sheet"] or {}).get("doubt", "")  # of a test's answers: see check/sheet.py
            if doubt and doubt not in doubt_of(cell):
                put_in_doubt(cell, f"{doubt_of(cell)} {doubt}".strip())
    nb.metadata[NAMESPACE] = {**ours(nb), "outcomes": list(by_check.values())}


def attached(nb: NotebookNode) -> list[Outcome]:
    """The outcomes that `attach` left in a notebook."""
    return [Outcome(**entry) for entry in ours(nb).get("outcomes", [])]


def attached_to(cell: NotebookNode) -> Outcome | None:
    """The outcome that `attach` left in a cell."""
    entry = ours(cell).get("outcome")
    return Outcome(**entry) if entry else None


def auto_score(cell: NotebookNode) -> float | None:
    """What a graded cell earns without a person; None where a person decides.

    A check earns what its outcome says; without one a person decides. A written answer never touched earns 0.
    """
    outcome = attached_to(cell)
    if kind_of(cell) == "check":
        if outcome is None or outcome.score is None:
            return None
        return min(max(outcome.score, 0.0), float(nbgraders(cell)["points"]))
    from nbgrader.utils import determine_grade

    score, _ = determine_grade(cell)
    return score
