"""Short notes with file descriptors between the judge's side and its own fork server; no student code sees them.

One note is one packet of JSON: it arrives whole or not at all, so several judges may write to one fork server at once.
"""

from __future__ import annotations

import array
import json
import os
import socket
from collections.abc import Sequence
from typing import Any

NOTE_BYTES = 64 << 10
NOTE_FDS = 8
# A packet socket tells when the other end is gone; macOS has none for local sockets, and there datagrams must do.
PACKETS = getattr(socket, "SOCK_SEQPACKET", socket.SOCK_DGRAM) if os.uname().sysname == "Linux" else socket.SOCK_DGRAM


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected ends for notes."""
    return socket.socketpair(socket.AF_UNIX, PACKETS)


def send(sock: socket.socket, note: dict[str, Any], fds: Sequence[int] = ()) -> None:
    """Send one note; the descriptors are duplicated for the receiver. OSError where nobody listens any more."""
    data = json.dumps(note).encode()
    if len(data) > NOTE_BYTES:
        raise ValueError(f"a note of {len(data)} bytes is no short note")
    ancillary = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []
    sock.sendmsg([data], ancillary, getattr(socket, "MSG_NOSIGNAL", 0))


def receive(sock: socket.socket) -> tuple[dict[str, Any], list[int]] | None:
    """The next note and the descriptors that came with it, or None when the other end is gone.

    TimeoutError when the socket's own timeout passes first.
    """
    space = socket.CMSG_SPACE(NOTE_FDS * array.array("i").itemsize)
    data, ancillary, _, _ = sock.recvmsg(NOTE_BYTES, space, getattr(socket, "MSG_CMSG_CLOEXEC", 0))
    fds = array.array("i")
    for level, kind, payload in ancillary:
        if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
            fds.frombytes(payload[: len(payload) - len(payload) % fds.itemsize])
    if not data:
        return None
    return json.loads(data), list(fds)
