"""Outside, at the judge: one submission's process, whatever isolates it, as a thing that runs cells and serves checks.

The process is hostile until proven otherwise, and never proven otherwise: time is measured here, every answer is
checked, outputs are validated and bounded (outputs.Assembly), and whatever happens over there ends in a CellResult.

    student = Student(start, output_bytes=1_000_000)
    result = student.run_cell("def double(x): return 2 * x", number=1, seconds=20)
    with student.check(seed=7, seconds=20, number=2) as visit:
        wall = Wall(visit.channel, lambda: visit.deadline)
        ...
    visit.ended, visit.outputs
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from autograde.wall.channel import Channel
from autograde.wall.limits import Closed, Overdue, Overfull, WireError, WireLimits
from autograde.wall.outputs import Assembly, CellResult, Output

__all__ = ["CellResult", "Process", "Student", "Visit"]

GRACE = 2.0  # seconds that an interrupted cell has to come back
PARTING = 1.0  # seconds that a check's process has to end by itself once nobody calls it any more
MOST_BYTES = 1 << 50  # a peak that a process may claim

TIMEOUT = "This cell did not finish within {seconds:g} seconds: is there a loop that never ends?"
CRASHED = "The Python process ended while this cell ran: was it out of memory, or told to exit?"
OUT_OF_MEMORY = "The Python process needed more memory than a notebook gets, and was ended while this cell ran."
TAMPERED = (
    "While this cell ran, something wrote to the connection between the notebook and the grader. "
    "A person will look at this answer."
)
PUT_BACK = "This cell deleted the folder that it ran in; it was put back."
SAID = {"crashed": CRASHED, "out_of_memory": OUT_OF_MEMORY, "tampered": TAMPERED}


class Process(Protocol):
    """What isolates a submission (sandbox.py): the judge's end of its socket, and ways to end it."""

    sock: socket.socket
    ended: str | None

    def alive(self) -> bool: ...
    def interrupt(self) -> None: ...
    def kill(self) -> None: ...
    def close(self) -> None: ...


@dataclass
class Visit:
    """One check's stay at the student's process: `channel` for a Wall while it lasts; afterwards how it went.

    deadline: time.monotonic() seconds. ended: ok, timeout, crashed, out_of_memory or tampered. outputs: what the
    student's code put out when it was called. status of the calls themselves is the Wall's to tell.
    """

    channel: Channel
    deadline: float
    ended: str = "ok"
    outputs: list[Output] = field(default_factory=list)
    seconds: float = 0.0
    peak_bytes: int = 0
    message: str = ""


class Student:
    """One submission's process. start: makes one; output_bytes: characters of output of one cell that are kept.

    fork_checks=False: checks are served in the process itself (where CUDA is in use), one after another.
    """

    def __init__(
        self, start: Callable[[], Process], output_bytes: int = 1_000_000, *, fork_checks: bool = True
    ) -> None:
        self.start, self.output_bytes, self.fork_checks = start, output_bytes, fork_checks
        self.displays: dict[str, list[Output]] = {}
        self.process: Process | None = None
        self.channel: Channel | None = None
        self.restart()

    def restart(self) -> None:
        """A fresh process in place of the last. Raises what `start` raises."""
        self.close()
        self.process = self.start()
        # A character of output is at most 12 bytes of JSON (two escaped surrogates).
        self.channel = Channel(
            self.process.sock, WireLimits(header_bytes=12 * self.output_bytes + (32 << 20), buffers=0)
        )

    def close(self) -> None:
        """End the process and everything in it. May be called twice."""
        process, self.process, self.channel = self.process, None, None
        if process is not None:
            process.close()

    def alive(self) -> bool:
        """Whether the next cell can run in the same process."""
        return self.process is not None and self.process.alive()

    def run_cell(self, source: str, number: int, seconds: float, *, silent: bool = False) -> CellResult:
        """Run a cell as In[number] and wait for it, `seconds` at most; silent: its output is of no interest.

        A cell that takes longer is interrupted, which the process survives if it stops within two seconds.
        """
        started = time.monotonic()
        assembly = Assembly(0 if silent else self.output_bytes, number, self.displays)
        message = {"op": "cell", "source": source, "number": number, "silent": silent, "room": self.output_bytes}
        status, answer = self._asked(message, "ran", assembly, started + seconds)
        if status == "overdue":
            status, answer = "timeout", self._interrupted("ran", number, assembly)
        if status == "ok":
            failed = any(output["output_type"] == "error" for output in assembly.outputs)
            status = "error" if failed or answer.get("ok") is not True else "ok"
        said = TIMEOUT.format(seconds=seconds) if status == "timeout" else SAID.get(status, "")
        if not said and answer.get("put_back") is True:
            said = PUT_BACK
        took = time.monotonic() - started
        return CellResult(status, [] if silent else assembly.outputs, took, said, _peak(answer))

    @contextmanager
    def check(self, seed: int, seconds: float, number: int) -> Iterator[Visit]:
        """Have the process serve one check, its random numbers started from `seed`.

        Where the process is gone, the visit's channel is closed at its other end. An exception of the block goes on
        after the visit has ended.
        """
        started = time.monotonic()
        ours, theirs = socket.socketpair()
        visit = Visit(Channel(ours), started + seconds)
        message = {"op": "check", "seed": seed, "number": number, "room": self.output_bytes, "fork": self.fork_checks}
        with theirs:
            asked = self._send(message, visit.deadline, [theirs.fileno()])
        try:
            yield visit
        except Overdue:
            visit.ended = "timeout"
            raise
        except WireError as error:
            visit.ended = "out_of_memory" if isinstance(error, Overfull) else "tampered"
            raise
        finally:
            visit.channel.close()
            if visit.ended == "ok" and time.monotonic() > visit.deadline:
                visit.ended = "timeout"
            self._end(visit, number, asked)
            visit.seconds = time.monotonic() - started
            visit.message = TIMEOUT.format(seconds=seconds) if visit.ended == "timeout" else SAID.get(visit.ended, "")

    def _end(self, visit: Visit, number: int, asked: str) -> None:
        """See the check's process off, and learn how it ended."""
        assembly = Assembly(self.output_bytes, number, self.displays)
        status, answer, ended = asked, dict[str, Any](), asked
        if asked == "ok":
            patience = PARTING if visit.ended == "ok" else 0.0
            status, answer = self._answered("checked", number, assembly, time.monotonic() + patience)
            ended = "ok" if answer.get("ended") == "ok" else "crashed"
        if status == "overdue":
            status, answer = self._abandoned(number, assembly)
            ended = "ok"  # by our own hand: all that was asked of it had been answered
        visit.outputs, visit.peak_bytes = assembly.outputs, _peak(answer)
        if visit.ended == "ok":
            visit.ended = ended if status == "ok" else status

    def _abandoned(self, number: int, assembly: Assembly) -> tuple[str, dict[str, Any]]:
        """End a check that does not end by itself."""
        if self.fork_checks:
            status = self._send({"op": "abandon"}, time.monotonic() + GRACE)
        else:
            status = self._interrupt()
        if status == "ok":
            status, answer = self._answered("checked", number, assembly, time.monotonic() + GRACE)
            if status != "overdue":
                return status, answer
        return self._gone("timeout"), {}

    def _asked(
        self, message: dict[str, Any], op: str, assembly: Assembly, deadline: float
    ) -> tuple[str, dict[str, Any]]:
        status = self._send(message, deadline)
        return (status, {}) if status != "ok" else self._answered(op, message["number"], assembly, deadline)

    def _send(self, message: dict[str, Any], deadline: float, fds: list[int] | None = None) -> str:
        """ "ok", or what the process has come to."""
        if self.channel is None or self.process is None:
            return "crashed"
        try:
            self.channel.send(message, fds=fds or [], deadline=deadline)
        except Overdue:  # it does not read: half a message may be under way
            return self._gone("timeout")
        except Closed:
            return self._gone("crashed")
        return "ok"

    def _answered(self, op: str, number: int, assembly: Assembly, deadline: float) -> tuple[str, dict[str, Any]]:
        """(ok, the answer to the command), with outputs taken in on the way; (overdue, {}) leaves the process alive."""
        assert self.channel is not None
        try:
            while True:
                message, _ = self.channel.receive(deadline)
                if message.get("op") == "output":
                    _take_in(message.get("events"), assembly)
                    if time.monotonic() > deadline:
                        return "overdue", {}
                elif message.get("op") == op and type(message.get("number")) is int and message["number"] == number:
                    return "ok", message
                else:
                    raise WireError("an answer to nothing that was asked")
        except Overdue:
            return "overdue", {}
        except Closed:
            return self._gone("crashed"), {}
        except Overfull:
            return self._gone("out_of_memory"), {}
        except (WireError, RecursionError):
            return self._gone("tampered"), {}

    def _interrupted(self, op: str, number: int, assembly: Assembly) -> dict[str, Any]:
        """Interrupt a cell; a process that does not come back from it is ended."""
        self._interrupt()
        status, answer = self._answered(op, number, assembly, time.monotonic() + GRACE)
        if status == "overdue":
            self._gone("timeout")
        return answer

    def _interrupt(self) -> str:
        with contextlib.suppress(OSError):  # it may just have ended
            assert self.process is not None
            self.process.interrupt()
        return "ok"

    def _gone(self, status: str) -> str:
        """End the process; why it ended, where the one that watched it knows better."""
        process = self.process
        self.process, self.channel = None, None
        if process is not None:
            with contextlib.suppress(OSError):
                process.close()
            if status == "crashed" and process.ended is not None:
                return "out_of_memory" if process.ended == "out_of_memory" else "crashed"
        return status


def _take_in(events: Any, assembly: Assembly) -> None:
    if not isinstance(events, list):
        raise WireError("outputs that are no list")
    for event in events:
        assembly.add(event)


def _peak(answer: dict[str, Any]) -> int:
    """The most memory that the process says it has had: a number, whatever it says."""
    claimed = answer.get("peak_bytes")
    return claimed if type(claimed) is int and 0 <= claimed < MOST_BYTES else 0
