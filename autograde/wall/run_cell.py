"""Runs one cell in this process's shell, for the judge or before there is one."""

from __future__ import annotations

import contextlib
import json
import random
import resource
import signal
import sys
import time
from collections.abc import Callable

from autograde.wall.outputs import Assembly, CellResult, Event
from autograde.wall.screen import Descriptors
from autograde.wall.shell import Shell

FIRST_ROOM = 1_000_000  # characters of output of one of the lesson's first cells
MAXRSS_BYTES = 1024 if sys.platform == "linux" else 1  # what ru_maxrss counts in


def prepare_cell(shell: Shell, source: str, number: int) -> CellResult:
    """Run one of the lesson's leading cells before any fork. Nothing stays open but what `shell.rest()` closes."""
    assembly, started = Assembly(FIRST_ROOM, number), time.monotonic()

    def keep(events: list[Event]) -> None:
        for event in json.loads(json.dumps(events)):
            assembly.add(event)

    descriptors = shell.screen.descriptors = Descriptors()
    try:
        ok = run_cell(shell, source, number, keep, FIRST_ROOM)
    finally:
        shell.screen.descriptors = None
        descriptors.close()
        shell.dice = random.getstate()
    seconds = time.monotonic() - started
    return CellResult("ok" if ok else "error", assembly.outputs, seconds, peak_bytes=peak_bytes())


def run_cell(shell: Shell, source: str, number: int, send: Callable[[list[Event]], None], room: int) -> bool:
    """Run one cell with its output going to `send`; whether it ended well. SIGINT interrupts it and nothing else."""
    shell.screen.open(send, room)
    try:
        try:
            signal.signal(signal.SIGINT, signal.default_int_handler)
            ok = shell.run(source, number)
        finally:
            deaf()
    except BaseException as error:  # an interrupt between two lines, or a shell that the student's code has changed
        ok = False
        shell.screen.error(type(error).__name__, str(error), [f"{type(error).__name__}: {error}"])
    shell.screen.close()
    return bool(ok) and not shell.screen.errors


def deaf() -> None:
    """Ignore SIGINT: it is meant for a cell, and none runs now. One that has just come is lost on purpose."""
    for _ in range(3):
        with contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            return


def peak_bytes() -> int:
    """The most memory that this process has had resident so far, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * MAXRSS_BYTES
