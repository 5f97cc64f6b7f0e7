"""The few calls to Linux that Python's standard library does not have, through ctypes. Errors are OSError."""

from __future__ import annotations

import ctypes
import fcntl
import os
import socket
import struct
import sys

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_CAPBSET_DROP, PR_SET_SECCOMP = 1, 4, 24, 22
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
AMBIENT_CLEAR_ALL = 4
NEW_MOUNTS, NEW_IPC, NEW_USER, NEW_PIDS, NEW_NET = 0x20000, 0x08000000, 0x10000000, 0x20000000, 0x40000000
READ_ONLY, NO_SUID, NO_DEVICES, NO_EXEC, REMOUNT, BIND, RECURSIVE = 1, 2, 4, 8, 32, 4096, 16384
PRIVATE = 1 << 18
CAP_VERSION_3, CAP_SETPCAP, CAPABILITIES = 0x20080522, 8, 64
GET_FLAGS, SET_FLAGS, IFF_UP = 0x8913, 0x8914, 1

_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def _call(name: str, *arguments: object) -> int:
    if _libc is None:
        raise OSError(f"{name}: only Linux has this")
    result = getattr(_libc, name)(*arguments)
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")
    return result


def prctl(option: int, value: int = 0, pointer: int = 0) -> None:
    """prctl(2) of this process (some options: of this thread)."""
    number = ctypes.c_ulong
    _call("prctl", option, number(value), number(pointer), number(0), number(0))


def unshare(flags: int) -> None:
    """Leave for new namespaces (for NEW_PIDS: the next child does)."""
    _call("unshare", flags)


def join(namespace: int, flags: int) -> None:
    """setns(2): join the namespace that this descriptor stands for."""
    _call("setns", namespace, flags)


def mount(source: str | None, target: str, kind: str | None, flags: int = 0, options: str = "") -> None:
    """mount(2). The error names the target."""
    try:
        _call("mount", _bytes(source), _bytes(target), _bytes(kind), ctypes.c_ulong(flags), _bytes(options or None))
    except OSError as error:
        raise OSError(error.errno, f"{error.strerror} ({kind or 'mount'} on {target})") from None


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else os.fsencode(text)


def drop_capabilities() -> None:
    """Give up every capability for good: effective, permitted, inheritable, ambient and (where allowed) bounding."""
    prctl(PR_CAP_AMBIENT, AMBIENT_CLEAR_ALL)
    limit_capabilities()
    header = struct.pack("Ii", CAP_VERSION_3, 0)
    _call("capset", header, bytes(24))


def limit_capabilities() -> None:
    """Empty the bounding set, so that no program can give a capability back; nothing where that is not ours to do."""
    for capability in range(CAPABILITIES):
        try:
            prctl(PR_CAPBSET_DROP, capability)
        except OSError:  # past the last capability that this kernel knows, or not permitted
            return


def loopback_up() -> None:
    """Let a new network namespace reach itself, so that a cell can talk to a server that it has started."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        flags = struct.unpack("16sH", fcntl.ioctl(sock, GET_FLAGS, struct.pack("16sH14x", b"lo", 0))[:18])[1]
        fcntl.ioctl(sock, SET_FLAGS, struct.pack("16sH14x", b"lo", flags | IFF_UP))
