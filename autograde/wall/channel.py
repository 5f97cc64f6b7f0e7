"""One framed message after another over a connected AF_UNIX stream socket.

A frame: 16 bytes (magic, length of the header, number of buffers), the buffers' lengths (8 bytes each), the header
(JSON, ASCII), the buffers. All numbers are big-endian. The sender is never trusted: lengths are compared with the
limits before a byte is reserved, and memory grows only as bytes arrive.
"""

from __future__ import annotations

import array
import gc
import json
import os
import select
import socket
import struct
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Any

from autograde.wall.limits import LIMITS, Closed, Overdue, Overfull, Unsendable, WireError, WireLimits
from autograde.wall.memory import SMALL, reserve, view

MAGIC = b"mf1\n"
PREFIX = struct.Struct("!4sIII")  # magic, bytes of header, buffers, zero
AT_ONCE = 16 << 20  # bytes reserved before any have arrived; beyond it memory doubles as they do
PARTS = 512  # buffers handed to one system call (Linux takes 1,024)

# Plain numbers: to join the socket module's own costs more than the system call.
SENDING = int(socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
RECEIVING = int(socket.MSG_DONTWAIT | socket.MSG_CMSG_CLOEXEC)
CUT = int(socket.MSG_CTRUNC)

_encode = json.JSONEncoder(allow_nan=False, separators=(",", ":")).encode


class Channel:
    """A connected stream socket that carries messages: a dict of JSON values and some buffers.

    fds: how many file descriptors a message may bring. At the judge's end none (the default): the kernel then never
    opens them here, and the message is a WireError.
    """

    def __init__(self, sock: socket.socket, limits: WireLimits = LIMITS, *, fds: int = 0) -> None:
        sock.setblocking(True)
        self.sock = sock
        self.limits = limits
        self._fds_allowed = fds
        self._fds: list[int] = []
        self._torn = False

    def send(
        self,
        message: dict[str, Any],
        buffers: Sequence[Any] = (),
        fds: Sequence[int] = (),
        deadline: float | None = None,
    ) -> None:
        """Send one message; deadline in time.monotonic() seconds.

        Raises Unsendable (nothing was sent), Overdue (the other side does not read) or Closed.
        """
        parts = self._frame(message, buffers)
        control = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
        with _Whole(self):
            at = 0
            while at < len(parts):
                try:
                    sent = self.sock.sendmsg(parts[at : at + PARTS], control, socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)
                except BlockingIOError:
                    self._wait(select.POLLOUT, deadline)
                    continue
                control = []
                at = _advance(parts, at, sent)
                if at < len(parts) and deadline is not None and time.monotonic() > deadline:
                    raise Overdue("the deadline passed while a message was being sent")

    def receive(self, deadline: float | None = None) -> tuple[dict[str, Any], list[memoryview]]:
        """The next message and its buffers (writable). Raises WireError, Closed or Overdue.

        Overdue before the first byte leaves the channel as it was; any later failure ends its use.
        """
        if self._torn:
            raise Closed("an earlier message was cut short")
        for fd in self.take_fds():
            os.close(fd)
        start = bytearray(PREFIX.size)
        first = self._some([memoryview(start)], deadline)
        with _Whole(self):
            if first < PREFIX.size:
                self._fill([memoryview(start)[first:]], deadline)
            magic, size, count, zero = PREFIX.unpack(start)
            if magic != MAGIC or zero:
                raise WireError("a message does not begin as messages begin")
            if size > self.limits.header_bytes or count > self.limits.buffers:
                raise WireError(f"a message of {size:,} bytes of structure and {count:,} buffers is too large")
            head = self._grown(8 * count + size, deadline)
            lengths = struct.unpack_from(f"!{count}Q", head)
            if sum(lengths) > self.limits.buffer_bytes:
                raise WireError(f"a message of {sum(lengths):,} bytes is too large")
            buffers = self._buffers(lengths, deadline) if lengths else []
            return parse(head[8 * count :]), buffers

    def take_fds(self) -> list[int]:
        """The file descriptors that came with the last message; they are the caller's to close."""
        fds, self._fds = self._fds, []
        return fds

    def close(self) -> None:
        """Close the socket, and descriptors that nobody took."""
        self._torn = True
        for fd in self.take_fds():
            os.close(fd)
        self.sock.close()

    def _frame(self, message: dict[str, Any], buffers: Sequence[Any]) -> list[memoryview]:
        views = [memoryview(buffer).cast("B") for buffer in buffers]
        if len(views) > self.limits.buffers or sum(map(len, views)) > self.limits.buffer_bytes:
            raise Unsendable(f"more than a message holds: {sum(map(len, views)):,} bytes in {len(views):,} buffers")
        try:
            header = _encode(message).encode("ascii")
        except (ValueError, TypeError, RecursionError) as error:
            raise Unsendable(f"not a message: {error}") from None
        if len(header) > self.limits.header_bytes:
            raise Unsendable(f"more than a message holds: {len(header):,} bytes of text and structure")
        lengths = struct.pack(f"!{len(views)}Q", *map(len, views))
        start = PREFIX.pack(MAGIC, len(header), len(views), 0) + lengths + header
        return [memoryview(start), *(view for view in views if len(view))]

    def _wait(self, event: int, deadline: float | None) -> None:
        poll = select.poll()
        poll.register(self.sock.fileno(), event)
        left = None if deadline is None else deadline - time.monotonic()
        if left is None:
            poll.poll()
        elif left <= 0 or not poll.poll(left * 1000 + 1):
            raise Overdue("the deadline passed")

    def _some(self, views: list[memoryview], deadline: float | None) -> int:
        """At least one byte into the views; how many."""
        room = socket.CMSG_SPACE(4 * self._fds_allowed) if self._fds_allowed else 0
        while True:
            try:
                count, control, flags, _ = self.sock.recvmsg_into(views, room, RECEIVING)
                break
            except BlockingIOError:
                self._wait(select.POLLIN, deadline)
            except OSError as error:
                raise Closed(f"the other side is gone ({error.strerror or error})") from None
        for level, kind, data in control:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                self._fds += array.array("i", data[: len(data) - len(data) % 4])
        if flags & CUT or len(self._fds) > self._fds_allowed:
            for fd in self.take_fds():
                os.close(fd)
            self._torn = True
            raise WireError("a message brings more file descriptors than are accepted here")
        if not count:
            raise Closed("the other side is gone")
        return count

    def _fill(self, views: list[memoryview], deadline: float | None) -> None:
        views = [view for view in views if len(view)]
        at = 0
        while at < len(views):
            at = _advance(views, at, self._some(views[at : at + PARTS], deadline))
            if at < len(views) and deadline is not None and time.monotonic() > deadline:
                raise Overdue("the deadline passed while a message was arriving")

    def _grown(self, size: int, deadline: float | None) -> memoryview:
        """size bytes, in the memory of a storage unless they are few; reserved by doubling what has arrived."""
        if size <= SMALL:
            small = memoryview(bytearray(size))
            self._fill([small], deadline)
            return small
        arrived, room = 0, min(size, AT_ONCE)
        storage = reserve(room)
        while True:
            self._fill([view(storage, arrived, room)], deadline)
            if room == size:
                return view(storage, 0, size)
            arrived, room = room, min(2 * room, size)
            storage.resize_(room)

    def _buffers(self, lengths: tuple[int, ...], deadline: float | None) -> list[memoryview]:
        """The buffers, small ones many at a time."""
        found: list[memoryview] = []
        at = 0
        while at < len(lengths):
            if lengths[at] > AT_ONCE:
                found.append(self._grown(lengths[at], deadline))
                at += 1
                continue
            group: list[memoryview] = []
            total = 0
            while at < len(lengths) and total + lengths[at] <= AT_ONCE:
                group.append(view(reserve(lengths[at]), 0, lengths[at]))
                total += lengths[at]
                at += 1
            found += group
            self._fill(group, deadline)
        return found


class _Whole:
    """What fails inside leaves half a frame behind: the channel cannot be used any further."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    def __enter__(self) -> None:
        if self._channel._torn:
            raise Closed("an earlier message was cut short")
        self._channel._torn = True

    def __exit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self._channel._torn = False
        elif isinstance(error, OSError):
            raise Closed(f"the other side is gone ({error.strerror or error})") from None
        elif isinstance(error, (MemoryError, RuntimeError)):  # torch's own way to say that memory is short
            raise Overfull(f"a message that does not fit into memory ({type(error).__name__})") from None


def parse(header: bytes | bytearray | memoryview) -> dict[str, Any]:
    """The header as a dict; raises WireError for anything that is not one JSON object.

    Python's collector rests meanwhile: JSON holds no cycles, and to look for them in a large tree takes longer than to
    read it.
    """
    collecting = gc.isenabled()
    try:
        gc.disable()
        message = _decode(str(header, "ascii"))
    except MemoryError:
        raise Overfull("a message that does not fit into memory (MemoryError)") from None
    except (ValueError, RecursionError) as error:
        raise WireError(f"a message that is not JSON ({type(error).__name__})") from None
    finally:
        if collecting:
            gc.enable()
    if type(message) is not dict:
        raise WireError("a message that is not a JSON object")
    return message


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WireError("a message names a field twice")
    return found


def _constant(name: str) -> None:
    raise WireError(f"a message holds the word {name}")


_decode = json.JSONDecoder(object_pairs_hook=_object, parse_constant=_constant).decode


def _advance(views: list[memoryview], at: int, count: int) -> int:
    """Take count bytes off the front of views[at:], in place; the index of the first that has bytes left."""
    while at < len(views) and count >= len(views[at]):
        count -= len(views[at])
        at += 1
    if count:
        views[at] = views[at][count:]
    return at
