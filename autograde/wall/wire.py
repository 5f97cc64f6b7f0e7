"""What crosses the wall, as one import: values to trees of JSON and buffers, and back. See docs/wall.md.

    packer = Packer(reference)                       # reference(thing) answers for everything that is not data
    channel.send({"value": packer.pack(value)}, packer.buffers)
    message, buffers = other.receive()
    value = Unpacker(buffers, resolve).unpack(message["value"])

Nothing here executes what was sent: no pickle, no class is looked up by a name from outside.
"""

from autograde.wall.limits import LIMITS, Closed, Overdue, Unsendable, WireError, WireLimits
from autograde.wall.packing import Packer
from autograde.wall.tensors import Mark
from autograde.wall.unpacking import Unpacker

__all__ = [
    "LIMITS",
    "Closed",
    "Mark",
    "Overdue",
    "Packer",
    "Unpacker",
    "Unsendable",
    "WireError",
    "WireLimits",
]
