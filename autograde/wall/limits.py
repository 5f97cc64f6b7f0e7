"""What one message may cost, and the ways in which an exchange can fail."""

from __future__ import annotations

from dataclasses import dataclass


class WireError(Exception):
    """The other side sent what the format does not allow."""


class Overfull(WireError):
    """This side has no memory for what the other side sent. An honest answer can be that large: no sign of harm."""


class Closed(Exception):
    """The other side is gone, or an earlier message was cut short, so that the stream cannot be read any further."""


class Overdue(Exception):
    """The deadline passed."""


class Unsendable(TypeError):
    """This side asked to send what cannot cross: a cycle, a quantised tensor, more than a message holds."""


@dataclass(frozen=True)
class WireLimits:
    """Bounds of one message.

    header_bytes: the JSON text, and once more all text that travels in buffers. buffer_bytes: all buffers together, and
    the memory that any one tensor would take if it were written out. nodes: values in the tree; what is shared may add
    SHARED times as many when it is counted wherever it occurs. depth: containers within containers. buffers: how many.
    """

    header_bytes: int = 8 << 20
    buffer_bytes: int = 1 << 30
    nodes: int = 300_000
    depth: int = 64
    buffers: int = 10_000


LIMITS = WireLimits()
SHARED = 10
