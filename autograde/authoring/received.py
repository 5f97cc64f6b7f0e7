"""Counts what a kernel receives from outside this machine. An IPython extension that the headless run loads first.

Counted in the process and not at the network interface: there other programs, and lessons that run beside this one,
cannot be told apart. Seen are Python's own sockets, plain and TLS, asyncio's too. Not seen are child processes and
libraries with sockets of their own in C or Rust; the one such that a lesson meets (hf-xet) is switched off for the run.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
from collections.abc import Callable
from typing import Any

OWN_NAMES = ("localhost", "localhost.localdomain", "")


class Traffic:
    """bytes: received so far from outside. hosts: names and addresses outside that were asked for, in order."""

    def __init__(self) -> None:
        self.bytes = 0
        self.hosts: list[str] = []

    def asked(self, host: object) -> None:
        """Note a name that is looked up, or an address that is connected to."""
        name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
        if is_outside(name) and name not in self.hosts:
            self.hosts.append(name)


def is_outside(host: str) -> bool:
    """Whether a name or address is one of another machine. Addresses of no machine (0.0.0.0, ::) are not."""
    if host.casefold() in (*OWN_NAMES, socket.gethostname().casefold()):
        return False
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return not (address.is_loopback or address.is_unspecified)


def _peer(sock: socket.socket) -> str:
    try:
        return str(sock.getpeername()[0])
    except OSError:  # not connected, or closed by now
        return ""


def _whole(got: Any) -> int:
    return got if isinstance(got, int) else len(got)


def _first(got: Any) -> int:
    return _whole(got[0])


# What takes bytes from a socket: the class, its method, and the size of what that returns.
RECEIVERS: list[tuple[type, str, Callable[[Any], int]]] = [
    (socket.socket, "recv", _whole),
    (socket.socket, "recv_into", _whole),
    (socket.socket, "recvfrom", _first),
    (socket.socket, "recvfrom_into", _first),
    (ssl.SSLSocket, "read", _whole),  # its recv and recv_into come down to this one
]


def watch(traffic: Traffic) -> Callable[[], None]:
    """Count into `traffic` from now on, in the whole process; returns what ends it."""
    look_up = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        traffic.asked(host)
        return look_up(host, *args, **options)

    changes: list[tuple[Any, str, Any]] = [(socket, "getaddrinfo", getaddrinfo)]
    changes += [(socket.socket, name, _connecting(name, traffic)) for name in ("connect", "connect_ex")]
    changes += [(owner, name, _counted(getattr(owner, name), size, traffic)) for owner, name, size in RECEIVERS]
    kept = [(owner, name, owner.__dict__.get(name)) for owner, name, _ in changes]
    for owner, name, made in changes:
        setattr(owner, name, made)

    def end() -> None:
        for owner, name, before in kept:
            if before is None:  # it was inherited from the C class
                delattr(owner, name)
            else:
                setattr(owner, name, before)

    return end


def _counted(before: Callable[..., Any], size: Callable[[Any], int], traffic: Traffic) -> Callable[..., Any]:
    def receive(self: socket.socket, *args: Any, **options: Any) -> Any:
        got = before(self, *args, **options)
        if self.family in (socket.AF_INET, socket.AF_INET6) and is_outside(_peer(self)):
            traffic.bytes += size(got)
        return got

    return receive


def _connecting(name: str, traffic: Traffic) -> Callable[..., Any]:
    before = getattr(socket.socket, name)

    def connect(self: socket.socket, address: Any, *rest: Any) -> Any:
        # A datagram socket that is "connected" sends nothing: that is how programs learn their own address.
        if self.family in (socket.AF_INET, socket.AF_INET6) and self.type == socket.SOCK_STREAM:
            traffic.asked(address[0])
        return before(self, address, *rest)

    return connect


KERNEL = Traffic()


def load_ipython_extension(_shell: object) -> None:
    """What `--ext=autograde.authoring.received` calls in the kernel before its first cell."""
    watch(KERNEL)
