"""Outside the room: looks at a submission's memory and number of processes, and ends it when it takes too much.

The kernel's own limits hold for one process at a time; what a submission's processes hold together is summed up here,
from /proc, where the submission has no say. Linux only: elsewhere nothing is watched.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from autograde.wall.room import Room

if TYPE_CHECKING:
    from autograde.wall.sandbox import Process

INTERVAL_SECONDS = 0.03
OWN_FIELDS = ("Pss_Anon:", "Pss_Shmem:", "SwapPss:")  # of smaps_rollup: shared pages count by their share
HELD_FIELDS = ("RssAnon:", "RssShmem:", "VmSwap:")  # of status: cheap to read; shared pages count each time


class Watch:
    """A thread that ends `process` when it holds more than its room has; the reason stands in process.ended."""

    def __init__(self, process: Process, room: Room, interval: float = INTERVAL_SECONDS) -> None:
        self.process, self.room, self.interval = process, room, interval
        self.peak_bytes = 0
        self._stopped = threading.Event()
        self._inherited, _ = held_by(process.pid)
        self._thread = threading.Thread(target=self._run, name="sandbox-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; `peak_bytes` stays."""
        self._stopped.set()

    def _run(self) -> None:
        while not self._stopped.wait(self.interval):
            try:
                reason = self.excess()
            except OSError:
                continue
            if reason and not self._stopped.is_set():
                self.process.end_because(reason)
                return
            if not os.path.exists(f"/proc/{self.process.pid}"):
                return

    def excess(self) -> str | None:
        """What there is too much of just now.

        The cheap sum counts pages that processes share as often as they are shared, so it is only asked whether a
        closer look is needed.
        """
        held, tasks = held_by(self.process.pid)
        grown = max(0, held - self._inherited)
        if tasks > self.room.processes:
            return "processes"
        if grown > self.room.memory_bytes:
            grown = memory_of(self.process.pid)
        self.peak_bytes = max(self.peak_bytes, grown)
        return "out_of_memory" if grown > self.room.memory_bytes else None


def family(pid: int) -> Iterator[int]:
    """A process and everything that descends from it; in a namespace of their own, orphans stay below its first."""
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        yield one
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{one}/task"):
                with contextlib.suppress(OSError), open(f"/proc/{one}/task/{task}/children", encoding="ascii") as file:
                    waiting += [int(child) for child in file.read().split()]


def held_by(pid: int) -> tuple[int, int]:
    """(bytes of private memory, threads) of a process and its descendants; shared pages count each time."""
    bytes_held, tasks = 0, 0
    for one in family(pid):
        found = _fields(f"/proc/{one}/status", (*HELD_FIELDS, "Threads:"))
        tasks += found.pop("Threads:", 0)
        bytes_held += sum(found.values()) << 10
    return bytes_held, tasks


def memory_of(pid: int) -> int:
    """Bytes of memory that a process and its descendants hold, a shared page counted by its share."""
    return sum(sum(_fields(f"/proc/{one}/smaps_rollup", OWN_FIELDS).values()) << 10 for one in family(pid))


def _fields(path: str, names: tuple[str, ...]) -> dict[str, int]:
    """Numbers from a file of `Name: number` lines; what is gone or not to be read has none."""
    found: dict[str, int] = {}
    with contextlib.suppress(OSError), open(path, encoding="ascii", errors="replace") as file:
        for line in file:
            name, _, rest = line.partition("\t") if "\t" in line else line.partition(" ")
            if name in names:
                found[name] = int(rest.split()[0])
    return found
