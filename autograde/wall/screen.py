"""Where everything that a cell puts out goes, inside the student's process: one screen, on its way to the judge.

`Screen` takes events (autograde.wall.outputs) from sys.stdout and sys.stderr, from displays and from errors, and hands
them on in bundles while the cell runs, so that what was printed before a crash is not lost. `Descriptors` catches what
C code and child processes write to file descriptors 1 and 2 themselves.

The bound on output is kept here out of politeness; the judge keeps it again (outputs.Assembly).
"""

from __future__ import annotations

import codecs
import contextlib
import ctypes
import fcntl
import io
import json
import os
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator

from autograde.wall.outputs import ERROR_ROOM, LEAST, Event, error_event, size_of

Send = Callable[[list[Event]], None]
MOST_LOG = 64 << 20  # bytes of what was printed in a check, as its process writes it down
AT_ONCE = 8  # bundles of a cell that are sent as soon as a line is complete; the later ones wait for their time
PAUSE = 0.1  # seconds between two bundles after that
BUNDLE = 32_000  # characters that are sent without waiting
NUMBERS = {"stdout": 1, "stderr": 2}
LOOK = 0.001  # seconds after which the descriptors are looked at again before a line is printed


class Descriptors:
    """File descriptors 1 and 2, led into files: `take` gives what has been written to them since."""

    def __init__(self) -> None:
        self.files = {name: open_file() for name in NUMBERS}
        self.seen = dict.fromkeys(NUMBERS, 0)
        self.decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in NUMBERS}
        self.before = {name: os.dup(number) for name, number in NUMBERS.items()}
        for name, number in NUMBERS.items():
            os.dup2(self.files[name], number)

    def take(self, most: int, last: bool = False) -> list[tuple[str, str]]:
        """(stream, text) of what is new, at most so many bytes of each; last: a broken character is given as it is."""
        found = []
        for name, file in self.files.items():
            with contextlib.suppress(OSError):  # the student's code has closed it
                size = os.fstat(file).st_size
                new = os.pread(file, min(size - self.seen[name], most), self.seen[name]) if size else b""
                if size and (last or size > 1 << 20):  # or else it would grow for as long as the process lives
                    os.ftruncate(file, 0)
                    size = 0
                self.seen[name] = size
                if text := self.decoders[name].decode(new, last):
                    found.append((name, text))
        return found

    def close(self) -> None:
        """Lead the descriptors where they led before, and give the files back."""
        for name, number in NUMBERS.items():
            os.dup2(self.before[name], number)
        for file in (*self.before.values(), *self.files.values()):
            os.close(file)
        self.files.clear()


def open_file() -> int:
    """A file without a name to which every writer appends, as to a terminal; closed when a program is started.

    It lies on the disk that the submission has, so that what it holds counts. Where that is full: the null device.
    """
    try:
        with tempfile.TemporaryFile(dir=os.environ.get("TMPDIR")) as unnamed:
            file = fcntl.fcntl(unnamed, fcntl.F_DUPFD_CLOEXEC, 3)
    except OSError:
        return os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
    fcntl.fcntl(file, fcntl.F_SETFL, fcntl.fcntl(file, fcntl.F_GETFL) | os.O_APPEND)
    return file


class Screen:
    """The events of the running cell. Between cells there is nobody to tell: what a late thread prints is dropped."""

    def __init__(self) -> None:
        self.send: Send | None = None
        self.descriptors: Descriptors | None = None
        self.room, self.error_room, self.errors, self.bundles = 0, 0, 0, 0
        self.pending: list[Event] = []
        self.size, self.sent, self.looked = 0, 0.0, 0.0
        self.lock = threading.RLock()
        self.pid = os.getpid()

    def open(self, send: Send, room: int) -> None:
        """A cell begins: `send` takes its bundles, `room` is how many characters of output are kept (-1: none)."""
        self.lock = threading.RLock()  # a fork may have copied one that is held
        self.pending, self.size, self.room, self.bundles = [], 0, room, 0
        self.error_room, self.errors = ERROR_ROOM, 0
        self.sent, self.pid = 0.0, os.getpid()
        if self.descriptors is not None:
            self.descriptors.take(0, last=True)
        self.send = send

    def close(self) -> None:
        """The cell has ended: everything that is still here is sent."""
        if os.getpid() != self.pid:  # a fork that the cell did not end: the screen is its parent's
            return
        with contextlib.suppress(Exception):
            _flush_c()
        with contextlib.suppress(Exception):
            sys.__stdout__.flush()  # type: ignore[union-attr]
        self._look(last=True)
        self.flush()
        self.send = None

    def write(self, name: str, text: str) -> None:
        """Something was printed to a stream."""
        if os.getpid() != self.pid or self.descriptors is None:
            # A child process of the cell's: what it prints comes by way of the descriptors. Or nobody's cell at all.
            with contextlib.suppress(OSError):
                os.write(NUMBERS[name], text.encode("utf-8", "replace"))
        elif self.send is not None and self.room >= 0:
            with self.lock:
                self._look()
                self._stream(name, text)
                if self.size > BUNDLE or ("\n" in text and self.due()):
                    self.flush()

    def due(self) -> bool:
        """Whether it is time to send what was printed."""
        return self.bundles < AT_ONCE or time.monotonic() - self.sent > PAUSE

    def _stream(self, name: str, text: str) -> None:
        joins = bool(self.pending) and self.pending[-1][:2] == ["stream", name]
        kept = text[: self.room + 1]  # a letter more than there is room for tells the judge that it was cut
        if joins:
            self.pending[-1][2].append(kept)
        elif kept:
            self.pending.append(["stream", name, [kept]])
        self.size += len(kept)
        self.room -= len(kept)

    def show(self, event: Event) -> None:
        """Something was displayed, changed or cleared."""
        if self.send is None or os.getpid() != self.pid or self.room < 0:
            return
        with self.lock:
            self._look()
            size = size_of(event[1:]) + LEAST
            if size > self.room:
                event, size = ["more"], self.room + 1
            self.room -= size
            self._add(event, size)

    def error(self, ename: str, evalue: str, traceback: list[str]) -> None:
        """An error is shown, whether there is room or not."""
        self.errors += 1
        event = error_event(ename, evalue, traceback)
        size = size_of(event) + LEAST
        self.error_room -= size
        if self.send is not None and os.getpid() == self.pid and self.error_room > 0:
            with self.lock:
                self._look()
                self._add(event, size)

    def _add(self, event: Event, size: int) -> None:
        self.pending.append(event)
        self.size += size
        self.flush()

    def _look(self, last: bool = False) -> None:
        """Take in what was written to the descriptors, so that it stands before what comes now."""
        now = time.monotonic()
        if self.descriptors is not None and self.send is not None and (last or now - self.looked > LOOK):
            self.looked = now
            for name, text in self.descriptors.take(max(self.room, 0) + 1, last):
                if self.room >= 0:
                    self._stream(name, text)

    def flush(self) -> None:
        """Send what is pending, in one piece."""
        if self.send is None or not self.pending or os.getpid() != self.pid:
            return
        with self.lock:
            bundle = [[*event[:2], "".join(event[2])] if event[0] == "stream" else event for event in self.pending]
            self.pending, self.size = [], 0
            # An interrupt must not cut a message in two: it waits until this one is sent.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                self.send(bundle)
            finally:
                self.sent = time.monotonic()
                self.bundles += 1
                signal.pthread_sigmask(signal.SIG_SETMASK, before)


class OutStream(io.TextIOBase):
    """sys.stdout or sys.stderr of a cell: as ipykernel's, text only, without a `buffer`."""

    encoding = "UTF-8"  # type: ignore[assignment]
    errors = "strict"  # type: ignore[assignment]

    def __init__(self, name: str, screen: Screen) -> None:
        super().__init__()
        self.name, self.screen = name, screen

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self.screen.write(self.name, text)
        return len(text)

    def flush(self) -> None:
        if self.screen.due():
            self.screen.flush()

    def fileno(self) -> int:
        return NUMBERS[self.name]

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True


_libc = ctypes.CDLL(None)


def _flush_c() -> None:
    """Flush C's own buffers (printf)."""
    _libc.fflush(None)


def write_events(file: int, events: list[Event]) -> None:
    """Write a bundle of output down, a line of JSON."""
    data = json.dumps(events).encode() + b"\n"
    with contextlib.suppress(OSError):  # the disk is full
        while data:
            data = data[os.write(file, data) :]


def read_events(file: int) -> Iterator[list[Event]]:
    """The bundles of output that a check's process has written, as far as they are whole."""
    for line in os.pread(file, MOST_LOG, 0).split(b"\n")[:-1]:
        with contextlib.suppress(ValueError):
            yield json.loads(line)
