"""Valid messages, and ways to damage them: for the tests of properties and for the fuzzer."""

from __future__ import annotations

import copy
import json
import random
import struct
from collections import namedtuple
from typing import Any

import numpy as np
import torch
from wire_samples import DATA, Point, alike, crossed, frozen, opened, tensors

from autograde.wall.channel import MAGIC, PREFIX, parse
from autograde.wall.wire import Unsendable, WireError, WireLimits

SMALL = WireLimits(nodes=20_000, buffer_bytes=4 << 20, header_bytes=1 << 20)


def attempt(node: Any, buffers: list[bytes]) -> bool:
    """Unpack: only WireError may come, and a value that torch can live with and that crosses back. Was there one?"""
    try:
        value = opened(node, tuple(buffers), SMALL)
    except WireError:
        return False
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, torch.Tensor) and part.numel() < 1 << 20:
            part.detach().clone()
    try:
        again = crossed(value, SMALL)
    except Unsendable:
        return True
    assert alike(again, value), f"{value!r} became {again!r}"
    return True


def together() -> list[Any]:
    """Values whose parts are shared: containers, tensors, storages."""
    row, table, array, x = [1, 2], {"a": {3}}, np.arange(3), torch.arange(12.0).reshape(3, 4)
    flags = torch.tensor([True, False, True])
    return [
        [row, row, (row, table), table, array, array],
        {"x": x, "t": x.T, "again": x, "raw": x.view(torch.int32)[1:, ::2]},
        [x[0, :2], x[2, 1:], x[1:1]],
        [flags, flags[1:], flags.view(torch.uint8)],
        [Point(row, row), Point(1, 2), namedtuple("Other", "a")(3)],
        [torch.arange(100_000.0)[70:75], torch.zeros(3, 2, device="meta").T],
    ]


def trees() -> list[tuple[Any, list[bytes]]]:
    """The nodes and buffers of short valid messages."""
    found = []
    for value in [*([value] for value in DATA), *together(), *([tensor] for tensor in tensors())]:
        header, buffers = frozen(value)
        if len(header) < 3000:
            found.append((json.loads(header)["value"], [bytes(b)[:4000] for b in buffers]))
    return found


TREES = trees()
FIELDS = ["$", "v", "id", "i", "b", "w", "f", "g", "d", "q", "s", "o"]
PLACES: list[Any] = [
    None,
    True,
    0,
    1,
    -1,
    2,
    7,
    2**31,
    2**63,
    0.5,
    "",
    "a",
    "tensor",
    "same",
    "list",
    "cuda:0",
    [],
    {},
    [0],
    [[]],
]


def mutate(node: Any, chance: random.Random, pool: list[Any]) -> Any:
    """The tree with one part replaced, removed, doubled or swapped for another part of some tree."""
    node = copy.deepcopy(node)
    spots: list[tuple[Any, Any]] = []

    def walk(part: Any) -> None:
        for key in list(part) if isinstance(part, dict) else range(len(part)) if isinstance(part, list) else ():
            spots.append((part, key))
            walk(part[key])

    walk(node)
    if not spots:
        return chance.choice(PLACES)
    part, key = chance.choice(spots)
    match chance.randrange(6):
        case 0:
            part[key] = chance.choice(PLACES)
        case 1 if isinstance(part[key], int) and not isinstance(part[key], bool):
            part[key] += chance.choice([-1, 1, 8, 2**16, 2**32, 2**48, -(2**33)])
        case 2:
            del part[key]
        case 3 if isinstance(part, list):
            part.insert(key, copy.deepcopy(chance.choice(spots)[0]))
        case 4 if isinstance(part, dict):
            part[chance.choice(FIELDS)] = chance.choice(PLACES)
        case _:
            part[key] = copy.deepcopy(chance.choice(pool))
    return node


def framed(node: Any, buffers: list[bytes]) -> bytes:
    """A frame with consistent lengths."""
    header = json.dumps({"value": node}).encode()
    lengths = struct.pack(f"!{len(buffers)}Q", *map(len, buffers))
    return PREFIX.pack(MAGIC, len(header), len(buffers), 0) + lengths + header + b"".join(buffers)


def unframed(data: bytes) -> tuple[Any, list[bytes]] | None:
    """The node and buffers of a frame that is whole, else None."""
    try:
        _, size, count, _ = PREFIX.unpack_from(data)
        lengths = struct.unpack_from(f"!{count}Q", data, PREFIX.size)
        at = PREFIX.size + 8 * count + size
        node = parse(data[at - size : at]).get("value")
    except (struct.error, WireError, MemoryError):
        return None
    buffers = []
    for length in lengths[:50]:
        buffers.append(data[at : at + length])
        at += length
    return node, buffers


FRAMES = [framed(node, buffers) for node, buffers in TREES]


def damaged(chance: random.Random) -> bytes:
    """A frame with bytes flipped, cut out, doubled, or spliced with another frame."""
    data = bytearray(chance.choice(FRAMES))
    for _ in range(chance.randrange(1, 5)):
        at, size = chance.randrange(len(data) + 1), chance.randrange(1, 40)
        match chance.randrange(6):
            case 0 if at < len(data):
                data[at] ^= 1 << chance.randrange(8)
            case 1 if at < len(data):
                data[at] = chance.choice(b'\x00\xff"[]{},:0919-e\\')
            case 2:
                del data[at : at + size]
            case 3:
                data[at:at] = data[at : at + size]
            case 4:
                other = chance.choice(FRAMES)
                start = chance.randrange(len(other))
                data[at:] = other[start:]
            case _:
                data[at:at] = chance.randbytes(size)
    return bytes(data)
