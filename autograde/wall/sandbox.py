"""The judge's side of the room: a fork server for a lesson, and from it a process for each submission.

sandbox = Sandbox("sandbox", Room(), Preload(modules=["torch"], cells=[("fixture", "import torch")]))
sandbox.start()
process = sandbox.fork("ada", [])     # also from a fork of this process, and from several at once
...                                   # talk over process.sock
process.close()
sandbox.close()
"""

from __future__ import annotations

import itertools
import os
import socket
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograde.wall import notes
from autograde.wall.ability import ability
from autograde.wall.launch import ForkServer, SandboxError, belongings, channel_pair
from autograde.wall.process import Handles, Process
from autograde.wall.room import Preload, Room

__all__ = ["Preload", "Process", "Room", "Sandbox", "SandboxError"]

FORK_SECONDS = 30.0
# User ids that no system hands out (systemd's table of ids has a gap here): 32 for each process that may be a judge.
FIRST_ID, IDS_EACH = 0x70000000, 32


class Sandbox:
    """A fork server for one lesson. start() and close() belong to the process that made it; fork() to its forks too.

    isolation: "sandbox" (a room, as this machine allows it), or "process" (no walls: only for code that one trusts).
    prepared: after start(), a dict for each of the lesson's leading cells that went well, in order; the later ones are
    for the judge to run in each submission's process (all of them where device is "cuda").
    """

    def __init__(self, isolation: str, room: Room, preload: Preload) -> None:
        if isolation not in ("sandbox", "process"):
            raise ValueError(f"isolation {isolation!r}: choose sandbox or process")
        self.isolation, self.room, self.preload = isolation, room, preload
        self.prepared: list[dict[str, Any]] = []
        self.mode = "process"
        self._user_namespace = False
        self._server: ForkServer | None = None
        self._owner = os.getpid()
        self._count = itertools.count()

    def begin(self) -> None:
        """Start the fork server and do not wait for it: the caller has imports of its own. Raises SandboxError.

        Call it from a thread that stays: the server ends when the thread that started it does.
        """
        if self._server is not None:
            return
        if self.isolation == "sandbox":
            found = ability()
            if found.mode == "none":
                raise SandboxError(f"There is no sandbox here: {found.why} {found.mend}")
            self.mode, self._user_namespace = found.mode, found.user_namespace
        self._owner = os.getpid()
        self._server = self._spawn()

    def start(self) -> None:
        """Start the fork server where begin() has not, and wait until the lesson's first cells have run.

        Raises SandboxError. See begin() for the thread to call it from.
        """
        self.begin()
        assert self._server is not None
        self._server.ready()
        self.prepared = self._server.prepared

    def _spawn(self) -> ForkServer:
        try:
            return ForkServer(self.mode, self._user_namespace, self.room, self.preload)
        except OSError as error:
            raise SandboxError(f"The sandbox could not be started: {error}") from None

    def _launch(self) -> ForkServer:
        server = self._spawn()
        server.ready()
        return server

    def alive(self) -> bool:
        """Whether the fork server still runs (asked in the process that started it)."""
        return self._server is not None and self._server.popen.poll() is None

    def fork(self, student: str, files: Iterable[Path]) -> Process:
        """A process for this student's submission; files lie in its working directory beside the lesson's.

        Links among the files are refused (OSError). Raises SandboxError when there is no process.
        """
        server = self._take()
        mine, channel = channel_pair()
        news, their_news = notes.pair()
        news.settimeout(FORK_SECONDS)
        try:
            with channel, their_news, belongings(student, list(files)) as things:
                uid = FIRST_ID + os.getpid() * IDS_EACH + next(self._count) % IDS_EACH
                self._ask(server, {"uid": uid}, [channel.fileno(), their_news.fileno(), things.fileno()])
            process = Process(mine, news, _started(news, server), self.room)
        except BaseException:
            mine.close()
            news.close()
            if self.mode == "cold":
                server.close()
            raise
        if self.mode == "cold":
            process.after = server.close
        return process

    def _take(self) -> ForkServer:
        """The fork server for the next submission: in cold mode a fresh one, in a room of its own."""
        if self._server is None and self.mode != "cold":
            raise SandboxError("The sandbox is not running: start() comes first.")
        if self.mode != "cold":
            assert self._server is not None
            return self._server
        server, self._server = self._server, None
        return server if server is not None and os.getpid() == self._owner else self._launch()

    def _ask(self, server: ForkServer, request: dict[str, Any], descriptors: list[int]) -> None:
        try:
            notes.send(server.control, request, descriptors)
        except OSError as error:
            raise SandboxError(f"The sandbox's fork server is gone ({error.strerror}).{server.last_words()}") from None

    def close(self) -> None:
        """End the fork server and every process that it forked. It does nothing in forks of its owner."""
        server, self._server = self._server, None
        if server is not None and os.getpid() == self._owner:
            server.close()


def _started(news: socket.socket, server: ForkServer) -> Handles:
    """The new process once it is shut in."""
    pid, pidfds, entered = 0, [], False
    try:
        while not (pid and entered):
            came = notes.receive(news)
            note, descriptors = came if came is not None else ({"error": "the fork server ended"}, [])
            pidfds += descriptors
            if "pid" in note:
                pid = _pid_of(pidfds[0]) if pidfds else note["pid"]
            if "error" in note or "status" in note:
                reason = note.get("error", f"it ended at once (status {note.get('status')})")
                raise SandboxError(f"The sandbox gave no process: {reason}.{server.last_words()}")
            entered = entered or "entered" in note
    except BaseException as error:
        for descriptor in pidfds:
            os.close(descriptor)
        if not isinstance(error, TimeoutError):
            raise
        why = f"none within {FORK_SECONDS:g} seconds"
        raise SandboxError(f"The sandbox gave no process: {why}.{server.last_words()}") from None
    return Handles(pid, *pidfds)


def _pid_of(pidfd: int) -> int:
    """The process of a pidfd as this process may see it (0: gone already)."""
    with open(f"/proc/self/fdinfo/{pidfd}", encoding="ascii") as info:
        for line in info:
            if line.startswith("Pid:"):
                return max(0, int(line.split()[1]))
    return 0
