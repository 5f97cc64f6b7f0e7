"""Inside the student's process: runs cells and serves checks, as the judge asks, until the judge is gone.

The student's code runs in this very process and can do to it whatever it likes. So nothing here is a guard: the judge
believes nothing that comes from here (student.py), and the process boundary is what counts.

Commands and answers on the main channel, one at a time:

    {"op": "cell", "number", "source", "room", "silent"}: answered with {"op": "ran", "number", "ok", …}
    {"op": "check", "number", "seed", "room", "fork"} and a socket: {"op": "checked", "number", "ended", …}
    {"op": "abandon"}: end the check that is being served
    {"op": "bye"}: end this process
    before an answer, as often as there is something: {"op": "output", "events"}
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import gc
import os
import random
import resource
import select
import shutil
import signal
import socket
import sys
import time
from typing import TYPE_CHECKING, Any, NoReturn

from autograde.wall.channel import Channel
from autograde.wall.limits import Closed, Unsendable, WireError, WireLimits
from autograde.wall.outputs import CellResult, Event
from autograde.wall.run_cell import MAXRSS_BYTES, deaf, peak_bytes, prepare_cell, run_cell
from autograde.wall.screen import Descriptors, open_file, read_events, write_events
from autograde.wall.shell import Shell

if TYPE_CHECKING:  # torch, which a course without it does without
    from autograde.wall.serve import Question, Student

__all__ = ["Runner", "main", "prepare_cell"]

MOST_SOURCE = 64 << 20  # bytes of a command; only a cell's source can be long
LAST_POLL = 0.01  # seconds between two looks at a child, where the system has no pidfd


def main(sock: socket.socket, shell: Shell, done: list[CellResult]) -> NoReturn:
    """Serve commands until the judge closes its end; done: what has run in this process before it was forked."""
    try:
        Runner(sock, shell).serve()
    except (Closed, WireError):
        pass
    finally:
        os._exit(0)


class Runner:
    """The command loop; `pid` is the one process that may answer: what a cell forks shares its memory, not its word."""

    def __init__(self, sock: socket.socket, shell: Shell) -> None:
        self.shell, self.pid, self.place = shell, os.getpid(), os.getcwd()
        self.channel = Channel(_out_of_the_way(sock), WireLimits(header_bytes=MOST_SOURCE), fds=1)
        os.register_at_fork(after_in_child=self.channel.close)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        shell.screen.descriptors = Descriptors()
        if shell.dice is not None:  # a fork has started them anew, and the lesson may have seeded them
            random.setstate(shell.dice)
        _one_thread()

    def serve(self) -> None:
        """One command after another. Raises Closed when the judge is gone."""
        while True:
            message, _ = self.channel.receive()
            if message["op"] == "cell":
                self.cell(message)
            elif message["op"] == "check":
                self.check(message)
            elif message["op"] == "bye":
                return

    def cell(self, message: dict[str, Any]) -> None:
        """Run a cell; its output goes out while it runs."""
        started, number = time.monotonic(), message["number"]
        room = -1 if message["silent"] else message["room"]
        ok = run_cell(self.shell, message["source"], number, self.tell, room)
        if os.getpid() != self.pid:  # a fork that the cell did not end
            os._exit(0)
        self.answer("ran", number, started, {"ok": ok, "put_back": self.put_back()})

    def put_back(self) -> bool:
        """Make the working directory anew, with the lesson's files, where a cell has deleted it; whether it had."""
        if os.path.isdir(self.place):
            return False
        with contextlib.suppress(OSError):
            os.makedirs(self.place)
            os.chdir(self.place)
            for file in os.scandir(os.environ.get("MEASURE_FIRST_DATA", self.place)):
                shutil.copy(file.path, file.name)
        return True

    def tell(self, events: list[Event]) -> None:
        """Hand a bundle of output on; one that is too large for a message is not kept."""
        try:
            self.channel.send({"op": "output", "events": events})
        except Unsendable:
            self.channel.send({"op": "output", "events": [["more"]]})

    def answer(self, op: str, number: int, started: float, found: dict[str, Any]) -> None:
        about = {"seconds": time.monotonic() - started, "peak_bytes": peak_bytes()}
        self.channel.send({"op": op, "number": number, **about, **found})

    def check(self, message: dict[str, Any]) -> None:
        """Serve one check's calls, in a fork where that is possible, so that no check can change another."""
        from autograde.wall.serve import Student

        (fd,) = self.channel.take_fds()
        started, seed = time.monotonic(), message["seed"]
        sow(seed)
        peer = Student(Channel(socket.socket(fileno=fd)), self.shell.user_ns, self.shell.cell_of)
        serve = self.in_fork if message["fork"] else self.in_place
        try:
            found = serve(peer, message["room"], seed)
        finally:
            peer.channel.close()
        self.answer("checked", message["number"], started, found)

    def in_place(self, peer: Student, room: int, seed: int) -> dict[str, Any]:
        """Serve in this process (once CUDA has been used there is no forking)."""
        screen, ended = self.shell.screen, "ok"
        screen.open(self.tell, room)
        try:
            try:
                signal.signal(signal.SIGINT, signal.default_int_handler)
                self.calls(peer)
            finally:
                deaf()
        except BaseException:  # interrupted, or the judge hung up in the middle of a call
            ended = "stopped"
        if os.getpid() != self.pid:
            os._exit(0)
        screen.close()
        return {"ended": ended}

    def in_fork(self, peer: Student, room: int, seed: int) -> dict[str, Any]:
        """Serve in a fork, and watch it from here: it may end by itself, or the judge may abandon it."""
        first = self.without_fork(peer)
        if first is None:
            return {"ended": "ok"}
        log = open_file()
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)  # whatever a cell has made of it
        pid = os.fork()
        if pid == 0:
            self.child(peer, first, room, seed, log)
        peer.channel.close()
        with contextlib.suppress(OSError):  # it does so, too: whoever comes first
            os.setpgid(pid, pid)
        status, usage = self.until_gone(pid)
        for events in read_events(log):
            self.tell(events)
        os.close(log)
        assert self.shell.screen.descriptors is not None
        if rest := self.shell.screen.descriptors.take(room, last=True):  # a crashed one's last words
            self.tell([["stream", name, text] for name, text in rest])
        return {"ended": "ok" if status == 0 else "crashed", "peak_bytes": usage.ru_maxrss * MAXRSS_BYTES}

    def without_fork(self, peer: Student) -> Question | None:
        """Answer here what takes no fork; the first question that does take one, or None: the check is over.

        A fork costs 10 ms, and many a check asks for a predicted number and no more.
        """
        poll = select.poll()
        poll.register(peer.channel.sock.fileno(), select.POLLIN)
        poll.register(self.channel.sock.fileno(), select.POLLIN)
        while True:
            if self.channel.sock.fileno() in dict(poll.poll()):
                self.channel.receive()  # it abandons the check, or (which raises) it is gone
                return None
            try:
                message, buffers = peer.receive()
            except Closed:
                return None
            if not peer.is_harmless(message):
                return message, buffers
            peer.answer("get", message, buffers)

    def child(self, peer: Student, first: Question, room: int, seed: int, log: int) -> NoReturn:
        """The fork that serves one check. Little is done here: every page that it writes to is copied for it."""
        status = 1
        try:
            gc.freeze()  # what it inherits is not walked again: that would copy all of it
            os.setpgid(0, 0)
            self.pid = os.getpid()
            asyncio.set_event_loop_policy(None)  # the parent's loop is not this process's
            _one_thread()  # a pool of threads does not survive a fork
            sow(seed)  # a fork starts its random numbers anew
            self.shell.screen.open(lambda events: write_events(log, events), room)
            self.calls(peer, first)
            if os.getpid() == self.pid:
                self.shell.screen.close()
            status = 0
        finally:
            os._exit(status)

    def calls(self, peer: Student, first: Question | None = None) -> None:
        """Answer the judge's calls until it closes the check's socket."""
        from autograde.wall.serve import go_on

        channel, owner = peer.channel, os.getpid()
        os.register_at_fork(after_in_child=lambda: _hang_up(channel))
        try:
            with self.shell.builtin_trap:
                self.shell.context.run(go_on, peer, first)
        finally:
            if os.getpid() == owner:
                channel.close()

    def until_gone(self, pid: int) -> tuple[int, resource.struct_rusage]:
        """Wait for the check's process, listening to the judge meanwhile; then end what it left in its group."""
        poll = select.poll()
        poll.register(self.channel.sock.fileno(), select.POLLIN)
        pidfd = os.pidfd_open(pid) if hasattr(os, "pidfd_open") else -1
        if pidfd >= 0:
            poll.register(pidfd, select.POLLIN)
        while True:
            ready = dict(poll.poll(None if pidfd >= 0 else LAST_POLL * 1000))
            gone, status, usage = os.wait4(pid, os.WNOHANG)
            if gone:
                break
            if self.channel.sock.fileno() in ready:
                self.abandoned(pid)
        if pidfd >= 0:
            os.close(pidfd)
        _end_group(pid)
        _bury(pid)
        return status, usage

    def abandoned(self, pid: int) -> None:
        """The judge speaks in the middle of a check: it is to end, and so is this process where the judge is gone."""
        try:
            self.channel.receive()
        finally:
            _end_group(pid)


def sow(seed: int) -> None:
    """Seed torch, random and (where it is loaded) numpy as check.begin() does.

    torch.manual_seed also writes the seed down for GPUs that are not in use, with a stack trace: that takes longer
    than all the rest of a small check.
    """
    with contextlib.suppress(Exception):  # the student's code may have put something else there
        torch = sys.modules.get("torch")
        if torch is not None and torch.cuda.is_initialized():
            torch.manual_seed(seed)
        elif torch is not None:
            torch.default_generator.manual_seed(seed)
        random.seed(seed)
        if "numpy" in sys.modules:
            sys.modules["numpy"].random.seed(seed % 2**32)


def _one_thread() -> None:
    with contextlib.suppress(Exception):
        torch = sys.modules.get("torch")
        if torch is not None and torch.get_num_threads() != 1:
            torch.set_num_threads(1)


def _out_of_the_way(sock: socket.socket) -> socket.socket:
    """The same socket under a high number, where everyday code does not come across it."""
    most = min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], 1 << 16)
    with sock:
        return socket.socket(fileno=fcntl.fcntl(sock.fileno(), fcntl.F_DUPFD_CLOEXEC, max(3, most - 24)))


def _hang_up(channel: Channel) -> None:
    with contextlib.suppress(OSError):
        channel.close()


def _end_group(group: int) -> None:
    with contextlib.suppress(OSError):
        os.killpg(group, signal.SIGKILL)


def _bury(group: int) -> None:
    """Take note of the deaths of what has come down to this process, the first of its namespace, from a dead one."""
    with contextlib.suppress(OSError):
        while True:
            os.waitpid(-group, 0)
