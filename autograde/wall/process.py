"""The judge's hold on a submission's own process and on everything that it starts."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from autograde.wall import notes
from autograde.wall.room import Room
from autograde.wall.watch import Watch, memory_of

KILL_SECONDS = 2.0


@dataclass(frozen=True)
class Handles:
    """pid as the judge sees it, and a pidfd, of the first process of the submission's namespace; runner: a pidfd of the
    process that runs the cells, where that is another one (-1: the same; both -1 where there are no pidfds)."""

    pid: int
    pidfd: int = -1
    runner: int = -1


class Process:
    """A submission's own process and all that it starts.

    sock: the judge's end of its channel; pid: as the judge sees it; pidfd: readable when it is gone (-1 on macOS);
    ended: why the watch ended it ("out_of_memory", "processes"), or None; status: once it is gone, its exit status
    (negative: the signal that ended it), where that became known. Belongs to the process that made it.
    """

    def __init__(self, sock: socket.socket, news: socket.socket, handles: Handles, room: Room) -> None:
        self.sock, self.pid, self.pidfd, self._runner = sock, handles.pid, handles.pidfd, handles.runner
        self.ended: str | None = None
        self.status: int | None = None
        self.after: Callable[[], None] | None = None  # what close() has to do besides
        self._news = news
        self._gone = False
        self._watch = Watch(self, room)

    @property
    def peak_bytes(self) -> int:
        """The most that it was seen to hold beyond what it was forked with."""
        return self._watch.peak_bytes

    def alive(self) -> bool:
        """Whether its first process still runs."""
        return not self.wait(0.0)

    def wait(self, seconds: float) -> bool:
        """Wait until it is gone and everything that it started with it; False when that takes longer than this."""
        if self._gone or self.pid == 0:
            return True
        deadline = time.monotonic() + seconds
        if self.pidfd >= 0:
            with selectors.DefaultSelector() as selector:
                selector.register(self.pidfd, selectors.EVENT_READ)
                if not selector.select(max(0.0, seconds)):
                    return False
        self._news.settimeout(max(0.1, deadline - time.monotonic()) if self.pidfd >= 0 else max(0.001, seconds))
        try:
            came = notes.receive(self._news)
        except OSError:
            return self.pidfd >= 0
        self._gone = True
        self.status = came[0].get("status") if came is not None else None
        return True

    def interrupt(self) -> None:
        """SIGINT to the process that runs the cells, as a kernel gets it: a KeyboardInterrupt in the running cell."""
        self._signal(signal.SIGINT, self._runner if self._runner >= 0 else self.pidfd)

    def kill(self) -> None:
        """End everything in it and wait until that is done, two seconds at most. May be called twice."""
        self._watch.stop()
        self._signal(signal.SIGKILL, self.pidfd)
        self.wait(KILL_SECONDS)

    def end_because(self, reason: str) -> None:
        """The watch's kill: the reason is kept, and whoever waits on the channel sees it close."""
        self.ended = reason
        self._signal(signal.SIGKILL, self.pidfd)

    def close(self) -> None:
        """kill(), and give its descriptors back. May be called twice."""
        if self.pid == 0:
            return
        self.kill()
        self.sock.close()
        self._news.close()
        for descriptor in (self.pidfd, self._runner):
            if descriptor >= 0:
                os.close(descriptor)
        self.pid, self.pidfd, self._runner = 0, -1, -1
        if self.after is not None:
            self.after()

    def memory(self) -> int:
        """Bytes that it and everything it started hold in memory of their own, shared pages by their share."""
        return memory_of(self.pid) if self.pid else 0

    def _signal(self, number: int, pidfd: int) -> None:
        if self._gone or self.pid == 0:
            return
        with contextlib.suppress(ProcessLookupError):
            if pidfd >= 0:
                signal.pidfd_send_signal(pidfd, number)
            else:
                os.kill(self.pid, number)
