"""A student's process that walks through a lesson with the reference answers and forks wherever it is asked to.

The judge's way of running mutants: each candidate gets a process in which everything above its exercise has run. No
walls stand around it, for what runs here is the author's own.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

LARGEST = 1 << 20  # bytes of one request, which holds a lesson's cells


class WalkerError(Exception):
    """The reference answers do not run in the student's process."""


class Walker:
    """The end of whoever asks. `advance` runs cells; `fork` gives a process that stands where the walker stands."""

    def __init__(self) -> None:
        self.control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if self.pid == 0:
            self.control.close()
            _walk(theirs)
        theirs.close()

    def advance(self, cells: Sequence[tuple[int, str]]) -> None:
        """Run these (number, source) cells. Raises WalkerError where one of them fails."""
        for number, source in cells:
            self.control.sendall(json.dumps({"number": number, "source": source}).encode())
            answer = self.control.recv(LARGEST)
            if answer != b"ok":
                raise WalkerError(f"cell {number} stops: {answer.decode(errors='replace') or 'the process ended'}")

    def fork(self) -> WalkerProcess:
        """A fork of the walker as it stands. May be called in a fork of this process, and in several at once."""
        mine, channel = socket.socketpair()
        news, theirs = socket.socketpair()
        with channel, theirs:
            socket.send_fds(self.control, [b"{}"], [channel.fileno(), theirs.fileno()])
        news.settimeout(30)
        return WalkerProcess(mine, int(news.recv(20)), news)

    def close(self) -> None:
        """End the walker."""
        self.control.close()
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self.pid, 0)

    def __enter__(self) -> Walker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class WalkerProcess:
    """One fork of the walker: what sandbox.Process is, without walls. `news` closes when the fork is gone."""

    def __init__(self, sock: socket.socket, pid: int, news: socket.socket) -> None:
        self.sock, self.pid, self.news = sock, pid, news
        self.ended: str | None = None

    def alive(self) -> bool:
        return not select.select([self.news], [], [], 0)[0]

    def interrupt(self) -> None:
        if self.alive():
            os.kill(self.pid, signal.SIGINT)

    def kill(self) -> None:
        if self.alive():
            os.kill(self.pid, signal.SIGKILL)
            select.select([self.news], [], [], 2)

    def close(self) -> None:
        self.kill()
        self.sock.close()
        self.news.close()


def _walk(control: socket.socket) -> NoReturn:
    """The walker's process: cells and forks as asked, until nobody asks any more."""
    try:
        from autograde.wall.shell import make_shell

        shell = make_shell()
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the forks
        while True:
            data, fds, _, _ = socket.recv_fds(control, LARGEST, 2)
            if not data:
                break
            if fds:
                if os.fork() == 0:
                    control.close()
                    _serve(shell, *fds)
                for fd in fds:
                    os.close(fd)
            else:
                control.sendall(_run(shell, **json.loads(data)))
    finally:
        os._exit(0)


def _run(shell: Any, number: int, source: str) -> bytes:
    """Run one of the lesson's cells; b"ok" or what stopped it."""
    from autograde.wall.runner import run_cell
    from autograde.wall.screen import Descriptors

    seen: list[Any] = []
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with _held(shell, Descriptors()):
        ok = run_cell(shell, source, number, seen.extend, 100_000)
    shell.rest()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    said = [f"{event[1]}: {event[2]}" for event in seen if event[0] == "error"]
    return b"ok" if ok else (said or ["it failed"])[-1].encode()[:1000]


@contextlib.contextmanager
def _held(shell: Any, descriptors: Any) -> Iterator[None]:
    """What a cell prints past Python goes to these descriptors."""
    shell.screen.descriptors = descriptors
    try:
        yield
    finally:
        shell.screen.descriptors = None
        descriptors.close()


def _serve(shell: Any, channel: int, news: int) -> NoReturn:
    """A fork: says who it is, then serves one candidate's judge until that is done."""
    from autograde.wall import runner

    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.write(news, str(os.getpid()).encode())
        runner.main(socket.socket(fileno=channel), shell, [])
    finally:
        os._exit(1)
