"""Starts a fork server, in a room or without one, and hears when it has run the lesson's first cells."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import autograde
from autograde.wall import bubblewrap, idle, jail, notes
from autograde.wall.room import Preload, Room

START_SECONDS = 180.0  # importing torch and its neighbours from a cold disk, and the lesson's first cells
END_SECONDS = 2.0
LAST_WORDS = 2000  # characters of the server's log that an error quotes


class SandboxError(Exception):
    """The sandbox could not do what it is for: the grader's trouble, not the student's. Says what happened."""


class ForkServer:
    """One running fork server. control takes requests; prepared are the results of the first cells, once ready()."""

    def __init__(self, mode: str, user_namespace: bool, room: Room, preload: Preload) -> None:
        self.mode, self.room, self.preload = mode, room, preload
        self.prepared: list[dict[str, Any]] = []
        self.folder = Path(tempfile.mkdtemp(prefix="measure-first-")) if mode == "process" else None
        self._said = b""
        # A pipe and no file: what a room's first process holds open, a submission can find and write to without end.
        self._log, log = os.pipe()
        for end in (self._log, log):
            os.set_blocking(end, False)
        self.control, theirs = notes.pair()
        with theirs, self._command(user_namespace) as (command, environment, descriptors), self._settings() as settings:
            self.popen = subprocess.Popen(
                [*command, sys.executable, "-m", "autograde.wall.forkserver", str(theirs.fileno())],
                stdin=settings,
                stdout=subprocess.PIPE,
                stderr=log,
                env=environment,
                cwd=self.folder / "work" if self.folder else "/",
                pass_fds=[theirs.fileno(), *descriptors],
                start_new_session=True,
            )
        os.close(log)

    @contextlib.contextmanager
    def _command(self, user_namespace: bool) -> Iterator[tuple[list[str], dict[str, str], list[int]]]:
        """What to put before the server's own command line, its environment, and descriptors that it needs."""
        if self.folder is not None:
            yield [], self._lay_out(self.folder), []
            return
        with bubblewrap.command(self.room, self.preload, self.mode, user_namespace) as (words, descriptors):
            yield words, bubblewrap.environment(self.room, self.preload), descriptors

    def _lay_out(self, folder: Path) -> dict[str, str]:
        """Without a room: a folder with the lesson's data and idle package managers; the environment that names it."""
        for name in ("work", "home", "tmp", "data"):
            (folder / name).mkdir()
        for path in self.preload.files:
            shutil.copy(path, folder / "data" / path.name)
        idle.lay_out(folder)
        package = str(Path(autograde.__file__).resolve().parents[1])
        words = bubblewrap.environment(self.room, self.preload)
        return words | {
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            "PATH": os.pathsep.join([str(folder / "bin"), *words["PATH"].split(os.pathsep)[1:]]),
            "PYTHONPATH": os.pathsep.join([str(folder / "lib"), package]),
            "MEASURE_FIRST_DATA": str(folder / "data"),
        }

    def _settings(self) -> IO[bytes]:
        """The server's standard input."""
        words = {
            "mode": self.mode,
            "folder": str(self.folder or "/room"),
            "data": str(self.folder / "data") if self.folder else f"{bubblewrap.COURSE}/data",
            "python": bubblewrap.python_folders(),
            "modules": list(self.preload.modules),
            "first_uses": self.preload.first_uses,
            "cells": [list(cell) for cell in self.preload.cells],
            "room": self.room.plain(),
        }
        return sealed(json.dumps(words).encode())

    def ready(self) -> None:
        """Wait until the first cells have run. Raises SandboxError, and then nothing of the server is left."""
        assert self.popen.stdout is not None
        deadline, parts = time.monotonic() + START_SECONDS, []
        with self.popen.stdout as answer, selectors.DefaultSelector() as selector:
            selector.register(answer, selectors.EVENT_READ)
            selector.register(self._log, selectors.EVENT_READ)
            while ready := selector.select(max(0.0, deadline - time.monotonic())):
                if answer not in [key.fileobj for key, _ in ready]:
                    if not self._listen():
                        selector.unregister(self._log)
                    continue
                part = os.read(answer.fileno(), 1 << 20)
                parts.append(part)
                if not part or part.endswith(b"\n"):  # one line; bubblewrap holds the pipe open beyond it
                    break
        try:
            self.prepared = json.loads(b"".join(parts))["prepared"]
        except ValueError:
            late = time.monotonic() >= deadline
            words = self.last_words()
            self.close()
            what = f"was not ready within {START_SECONDS:g} seconds" if late else "ended while it started"
            raise SandboxError(f"The sandbox's fork server {what}.{words}") from None

    def close(self) -> None:
        """End the server and with it every process that it forked."""
        with contextlib.suppress(OSError):
            notes.send(self.control, {"end": True})  # others may hold this socket too: closing it would say nothing
        self.control.close()
        try:
            self.popen.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait()
        if self.popen.stdout is not None:
            self.popen.stdout.close()
        if self._log >= 0:
            os.close(self._log)
        self._log = -1
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def last_words(self) -> str:
        """The end of what the server wrote to its standard error, as the end of a message."""
        while self._log >= 0 and self._listen():
            pass
        said = self._said.decode(errors="replace").strip()
        return f" It said: {said}" if said else ""

    def _listen(self) -> bool:
        """Read on in the log, of which the end is kept; whether there was anything."""
        try:
            part = os.read(self._log, 1 << 16)
        except BlockingIOError:
            return False
        self._said = (self._said + part)[-LAST_WORDS:]
        return bool(part)


def sealed(data: bytes) -> IO[bytes]:
    """An unnamed file with this content, at its beginning; on Linux nobody can change it any more."""
    if not hasattr(os, "memfd_create"):
        file: IO[bytes] = tempfile.TemporaryFile()
    else:
        file = os.fdopen(os.memfd_create("settings", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING), "w+b")
    file.write(data)
    file.flush()
    if hasattr(fcntl, "F_ADD_SEALS"):
        seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, seals)
    file.seek(0)
    return file


@contextlib.contextmanager
def belongings(student: str, files: list[Path]) -> Iterator[IO[bytes]]:
    """An unnamed file for one student's process alone: a line of JSON (jail.unpack reads it), then the files' contents.

    The fork server hands it on unread: what it has never held, no other student's process can find in its memory.
    """
    with contextlib.ExitStack() as opened, tempfile.TemporaryFile() as made:
        # Not followed: a link in a submission may point at anything that the grader can read.
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK
        sources = [opened.enter_context(os.fdopen(os.open(path, flags), "rb")) for path in files]
        sizes = [os.fstat(source.fileno()).st_size for source in sources]
        listing = [(path.name, size) for path, size in zip(files, sizes, strict=True)]
        made.write(json.dumps({"student": student, "files": listing}).encode() + b"\n")
        for source, size in zip(sources, sizes, strict=True):
            jail.copy_bytes(source, made, size)
        made.flush()
        yield made


def channel_pair() -> tuple[socket.socket, socket.socket]:
    """The judge's end of a channel, and the student's."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
