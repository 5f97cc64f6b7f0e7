"""One check's visit to the student's process: a test cell runs here, the student's names are asked for over there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from autograde.check.session import Session
from autograde.grading.alarm import OutOfTime, alarm
from autograde.grading.check_run import CheckCell, run_check
from autograde.grading.forked import Fallen
from autograde.grading.limits import Limits
from autograde.grading.names import MissingThere, Names
from autograde.wall.channel import Channel
from autograde.wall.limits import Closed, Overdue, Overfull, Unsendable, WireError
from autograde.wall.peer import NameMissing, Wall

TROUBLE = {Overfull: "overfull", WireError: "wire", Closed: "closed", Overdue: "overdue", Unsendable: "unsendable"}
LEEWAY = 0.5  # seconds that a check has to say how it ended, after those in which it had to end


def run_at_the_wall(
    cell: CheckCell,
    names: Names,
    session: Session,
    channel: Channel,
    deadline: float,
    sources: Mapping[str, str],
    limits: Limits,
) -> dict[str, Any]:
    """Run a test cell whose student's names are proxies over `channel`; {"outputs", "trouble", "said"}.

    deadline: in time.monotonic() seconds. trouble: a word of TROUBLE where a call failed, however the test
    took it; said: what the wire's error said.
    """
    both = {name: value for name, value in names.items() if name not in names.theirs and not name.startswith("__")}
    wall = Wall(channel, lambda: deadline, sources, both)

    def ask(name: str) -> Any:
        try:
            return wall.get(name)
        except NameMissing:
            raise MissingThere from None

    names.ask = ask
    ran = run_check(cell, names, session, limits.output_bytes)
    trouble = getattr(wall, "trouble", None) or _trouble_in(ran.error)
    kind = next((word for what, word in TROUBLE.items() if isinstance(trouble, what)), "")
    return {"outputs": ran.outputs, "trouble": kind, "said": str(trouble or "")[:500]}


def in_time(work: Callable[[], dict[str, Any]], seconds: float) -> dict[str, Any] | Fallen:
    """Do this in this very process, for `seconds` and a little more."""
    try:
        with alarm(seconds + LEEWAY):
            return work()
    except OutOfTime:
        return Fallen("timeout")
    except MemoryError:
        return Fallen("memory")


def _trouble_in(error: BaseException | None) -> BaseException | None:
    """The connection's error that is behind this one."""
    return next((found for found in _chain(error) if isinstance(found, WireError | Closed | Overdue)), None)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


@dataclass(frozen=True)
class Verdict:
    """How a check's visit ended: a status as in a cell's note, the outputs, and what the grader's own trouble was."""

    status: str
    outputs: list[dict[str, Any]] = field(default_factory=list)
    said: str = ""

    @classmethod
    def of(cls, answer: dict[str, Any] | Fallen, ended: str) -> Verdict:
        """answer: what `run_at_the_wall` returned, or how its fork fell. ended: how the student's side ended."""
        if isinstance(answer, Fallen):
            if answer.why in ("timeout", "memory"):
                return cls({"timeout": "timeout", "memory": "out_of_memory"}[answer.why])
            last = answer.said.strip().splitlines()[-1:] or ["no reason given"]
            return cls("grader_error", said=f"{answer.why}: {last[0]}")
        if answer["trouble"] == "wire" or ended == "tampered":
            return cls("tampered", said=answer["said"])
        if answer["trouble"] == "overfull":  # what the student's side sent is more than this process may hold
            return cls("out_of_memory")
        if answer["trouble"] == "overdue":
            return cls("timeout")
        if answer["trouble"] == "unsendable":  # the test hands over what cannot cross: its error, not the answer's
            return cls("grader_error", said=answer["said"])
        if answer["trouble"] == "closed":
            return cls(ended if ended in ("timeout", "out_of_memory", "tampered") else "crashed")
        failed = any(output["output_type"] == "error" for output in answer["outputs"])
        return cls("error" if failed else "ok", answer["outputs"])
