"""The state of a test cell: which exercise it checks, its random numbers, and the outcome of every finished cell.

This is the only mutable state of the room. The functions of `autograde.check` speak to `active()`: in a notebook that
is one session for the whole kernel; a judge holds a `Session` of its own and makes it active with `using(session)`.

A check cell has one outcome: `passed`, `partly` (with its fraction), `failed` or `not_attempted`. end() decides between
the first two; in a student's own notebook a test's answers are `answered` or `open`, and not graded.
A cell that never reaches its end() keeps what the last CheckFailed or NotAttempted said, or else is
`failed`; it is closed when the next cell begins, or when the record is read.
"""

from __future__ import annotations

import dataclasses
import hashlib
import os
import random
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import torch

OUTCOME_MIME = "application/vnd.measure-first.outcome+json"
UNGRADED = {"answered": "●", "open": "○"}  # how a test stands before it is graded
COURSE_SECRET = "measure-first"  # what a student's own machine draws from; an instructor sets MEASURE_FIRST_SECRET


@dataclass(frozen=True)
class Outcome:
    """How a check cell ended. `name` is its grade id; `fraction` is in [0, 1]; `message` is what the student reads.

    sheet: of a quiz or test that was graded, its answers item by item, as plain data (see sheet.py).
    """

    name: str
    status: str  # passed, partly, failed, not_attempted; ungraded: answered, open
    fraction: float
    message: str
    points: float = 0.0
    sheet: dict[str, Any] | None = field(default=None, repr=False)

    @property
    def score(self) -> float:
        """Points earned: `points` times `fraction`."""
        return self.points * self.fraction


@dataclass
class Cell:
    """A check cell between its begin() and its end()."""

    exercise: str
    part: str | None = None
    points: float = 0.0
    passed: int = 0
    fraction: float = 1.0
    messages: list[str] = field(default_factory=list)  # of answers that were only partly right
    said: str = ""  # what end() says in place of "2 checks passed"
    ungraded: str = ""  # "answered" or "open": only a grader can say more
    sheet: dict[str, Any] | None = None
    stopped: tuple[str, str] | None = None  # (status, message) of the last failure; end() takes it back

    @property
    def grade_name(self) -> str:
        """The cell's grade id: check_split_heads, or check_split_heads__gradients for a part."""
        return f"check_{self.exercise}" + (f"__{self.part}" if self.part else "")


class Session:
    """One run of test cells, for one student.

    secret, student: what random inputs are drawn from, together with the cell's name. None means: read
    MEASURE_FIRST_SECRET and MEASURE_FIRST_STUDENT from the environment at each begin(). `outcomes` holds, by grade id,
    how each finished cell ended; `generator` (tensors) and `dice` (shapes) are the check's own random numbers, which
    the student's draws do not touch. apart: the student's code runs in another process, so torch, random and numpy
    here get a seed of their own, from which the one over there cannot be told nor foreseen. `tell`, where it is set, is
    called by end() with the outcome before that is printed.
    """

    def __init__(self, secret: str | None = None, student: str | None = None, *, apart: bool = False) -> None:
        self.secret = secret
        self.student = student
        self.apart = apart
        self.tell: Callable[[Outcome], object] | None = None
        self.cell: Cell | None = None
        self.outcomes: dict[str, Outcome] = {}
        self.generator = torch.Generator()
        self.dice = random.Random()
        self.seed("")

    def seed(self, name: str) -> int:
        """Start the session's own random numbers for the cell `name`; returns the student's seed, a 63-bit number."""
        theirs, ours, _ = self.seeds(name)
        self.generator.manual_seed(ours)
        self.dice.seed(ours)
        return theirs

    def seeds(self, name: str) -> tuple[int, int, int]:
        """Three 63-bit seeds for the cell `name`: of the student's streams, of the check's own, and of the global ones
        of a process apart from the student's.

        Derived with SHA-256 from the lengths and texts of secret, student and name, so that they are the same in every
        process and Python version, no two triples share one, and none of them tells another.
        """
        secret = self.secret if self.secret is not None else os.environ.get("MEASURE_FIRST_SECRET", COURSE_SECRET)
        student = self.student if self.student is not None else os.environ.get("MEASURE_FIRST_STUDENT", "")
        parts = "".join(f"{len(text)}:{text}" for text in (secret, student, name))
        digest = hashlib.sha256(parts.encode()).digest()
        theirs, ours, apart = (int.from_bytes(digest[i : i + 8], "big") >> 1 for i in (0, 8, 16))
        return theirs, ours, apart

    def begin(self, exercise: str, *, part: str | None = None, points: float = 0.0) -> None:
        """Open the check cell of `exercise`; seed torch, random and (where it is loaded) numpy for it."""
        self.close()
        self.cell = Cell(exercise, part, points)
        seed = self.seed(self.cell.grade_name)
        if self.apart:
            seed = self.seeds(self.cell.grade_name)[2]
        torch.manual_seed(seed)
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)

    def count(self) -> None:
        """One more check of this cell is right."""
        if self.cell is not None:
            self.cell.passed += 1

    def partly(self, fraction: float, message: str) -> None:
        """Part of an answer is right: the cell goes on, and keeps the smallest such fraction."""
        if self.cell is not None:
            self.cell.fraction = min(self.cell.fraction, fraction)
            self.cell.messages.append(message)

    def stop(self, status: str, message: str) -> None:
        """Note why the open cell stops. Reaching end() all the same takes it back."""
        if self.cell is not None:
            self.cell.stopped = (status, message)

    def end(self) -> Outcome | None:
        """Close the open cell as passed or partly right; None where no cell is open."""
        cell, self.cell = self.cell, None
        if cell is None:
            return None
        if cell.ungraded:
            return self._keep(cell, cell.ungraded, 0.0, cell.said)
        if cell.fraction < 1.0:
            status = "partly" if cell.fraction > 0.0 else "failed"
            return self._keep(cell, status, cell.fraction, "\n".join(cell.messages))
        counted = "1 check passed" if cell.passed == 1 else f"{cell.passed} checks passed"
        where = cell.exercise + (f" ({cell.part})" if cell.part else "")
        return self._keep(cell, "passed", 1.0, cell.said or f"{where}: {counted}")

    def close(self) -> Outcome | None:
        """Close a cell that did not reach its end(); None where no cell is open."""
        cell, self.cell = self.cell, None
        if cell is None:
            return None
        unsaid = f"{cell.exercise}: the test cell stopped before its end. The error below the cell says why."
        status, message = cell.stopped or ("failed", unsaid)
        return self._keep(cell, status, 0.0, message)

    def record(self) -> dict[str, str]:
        """Grade id → status of every cell so far. A cell that is still open did not reach its end: it is closed."""
        self.close()
        return {name: outcome.status for name, outcome in self.outcomes.items()}

    def _keep(self, cell: Cell, status: str, fraction: float, message: str) -> Outcome:
        outcome = Outcome(cell.grade_name, status, fraction, message, cell.points, cell.sheet)
        self.outcomes[cell.grade_name] = outcome
        return outcome


# The kernel's session is a module's variable and not the ContextVar's value: ipykernel may run each cell in a context
# of its own, and what one cell set there would be lost to the next.
_kernel = Session()
_override: ContextVar[Session | None] = ContextVar("measure_first_session", default=None)


def active() -> Session:
    """The session that checks speak to: that of the innermost `using(…)`, or else the kernel's."""
    return _override.get() or _kernel


@contextmanager
def using(session: Session) -> Iterator[Session]:
    """Make `session` the active one inside the block (a judge's, a test's)."""
    token = _override.set(session)
    try:
        yield session
    finally:
        _override.reset(token)


def begin(name: str, *, part: str | None = None, points: float = 0.0) -> None:
    """First line of every check cell (the build writes it): open the cell and seed torch, random and numpy."""
    active().begin(name, part=part, points=points)


def end() -> float | None:
    """Last line of every check cell (the build writes it): close it and print how it went.

    Returns points × fraction when the answer is partly right, which nbgrader reads as partial credit, else None.
    """
    session = active()
    outcome = session.end()
    if outcome is None:
        return None
    (session.tell or _tell_grader)(outcome)
    if outcome.status == "passed":
        print(f"✓ {outcome.message}")
        return None
    if outcome.status in UNGRADED:
        print(f"{UNGRADED[outcome.status]} {outcome.message}")
        return None
    for message in outcome.message.split("\n"):
        print(f"✗ {message}")
    if outcome.points and outcome.fraction:
        print(f"Partly right: {outcome.score:.3g} of {outcome.points:.3g} points.")
    return outcome.score


def _tell_grader(outcome: Outcome) -> None:
    """In a kernel that grades, also publish the outcome as data: what is printed or shown decides nothing there."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and os.environ.get("NBGRADER_EXECUTION") else None
    if shell is not None:
        shell.display_pub.publish({OUTCOME_MIME: dataclasses.asdict(outcome)})


def record() -> dict[str, str]:
    """Grade id of every check cell run so far → "passed", "partly", "failed" or "not_attempted"."""
    return active().record()
