"""What the tests of the wire share: a message there and back without a socket, strict equality, sample values."""

from __future__ import annotations

import enum
import json
import struct
from collections import Counter, OrderedDict, defaultdict, namedtuple
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograde.wall.channel import parse
from autograde.wall.limits import LIMITS, WireLimits
from autograde.wall.packing import Packer
from autograde.wall.unpacking import Unpacker

Point = namedtuple("Point", "x y")


class Level(enum.IntEnum):
    LOW = 1


class Colour(enum.StrEnum):
    RED = "red"


class Thing:
    """Something that is not data."""


def refuse(thing: Any) -> dict[str, Any]:
    return {"type": type(thing).__name__}


def frozen(value: Any, limits: WireLimits = LIMITS) -> tuple[bytes, list[bytearray]]:
    """The header and buffers of a message that holds the value."""
    packer = Packer(refuse, limits)
    node = packer.pack(value)
    buffers = [bytearray(buffer) for buffer in packer.buffers]
    return json.dumps({"value": node}, allow_nan=False).encode("ascii"), buffers


def thawed(
    header: bytes,
    buffers: list[bytearray],
    limits: WireLimits = LIMITS,
    resolve: Callable[[Any], Any] = lambda node: node,
) -> Any:
    """The value of such a message."""
    return Unpacker([memoryview(b) for b in buffers], resolve, limits).unpack(parse(header).get("value"))


def crossed(value: Any, limits: WireLimits = LIMITS) -> Any:
    """The value on the other side."""
    return thawed(*frozen(value, limits), limits)


def opened(node: Any, buffers: tuple[bytes, ...] = (), limits: WireLimits = LIMITS) -> Any:
    """What an unpacker makes of a node that no packer wrote."""
    return thawed(json.dumps({"value": node}).encode(), [bytearray(b) for b in buffers], limits)


def alike(a: Any, b: Any) -> bool:
    """Equal, of the same kinds throughout, floats bit for bit, order of dicts included."""
    if isinstance(a, tuple) and hasattr(a, "_fields") and hasattr(b, "_fields"):
        same_kind = type(a).__name__ == type(b).__name__ and a._fields == b._fields
        return same_kind and len(a) == len(b) and all(map(alike, a, b))
    if type(a) is not type(b):
        return False
    if isinstance(a, torch.Tensor):
        return alike_tensors(a, b)
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and np.asarray(a).tobytes() == np.asarray(b).tobytes()
    if isinstance(a, float):
        return (a != a and b != b) or struct.pack("d", a) == struct.pack("d", b)
    if isinstance(a, complex):
        return alike(a.real, b.real) and alike(a.imag, b.imag)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(alike, a, b))
    if isinstance(a, slice):
        return alike((a.start, a.stop, a.step), (b.start, b.stop, b.step))
    if isinstance(a, dict):
        factories = getattr(a, "default_factory", None) == getattr(b, "default_factory", None)
        return factories and alike(list(a.items()), list(b.items()))
    if isinstance(a, set | frozenset):
        return len(a) == len(b) and all(any(alike(x, y) for y in b) for x in a)
    return bool(a == b)


def alike_tensors(a: torch.Tensor, b: torch.Tensor) -> bool:
    """The same kind, dtype, shape, stride, flags and bits."""
    kinds = (a.dtype, a.shape, a.layout, a.device, a.requires_grad, type(a))
    if kinds != (b.dtype, b.shape, b.layout, b.device, b.requires_grad, type(b)):
        return False
    if a.layout == torch.sparse_coo:
        same = a.is_coalesced() == b.is_coalesced()
        return (
            same
            and alike_tensors(a.detach()._indices(), b._indices())
            and alike_tensors(a.detach()._values(), b._values())
        )
    return a.stride() == b.stride() and (a.is_meta or bits(a) == bits(b))


def bits(tensor: torch.Tensor) -> bytes:
    """The elements' bytes, in the order of the indices."""
    plain = tensor.detach().clone(memory_format=torch.contiguous_format)
    size = plain.numel() * plain.itemsize
    return bytes(torch.empty(0, dtype=torch.uint8).set_(plain.untyped_storage())[:size].tolist())


DATA: list[Any] = [
    None, True, False, 0, -1, 2**63 - 1, -(2**63), 2**63, -(2**200), 10**5000, 1.5, -0.0, 5e-324,
    1.7976931348623157e308,
    float("nan"), float("inf"), float("-inf"), 1j, complex(-0.0, float("nan")), complex(float("-inf"), -0.0),
    "", "a", "naïve \x00 \u2028 😀", "\ud800", "\ud83d\ude00", "é" * 5000, "x" * 4096, "\udfff" * 3000, b"",
    b"\x00\xff", b"y" * 9999,
    [], [1, [2, [3]]], (), (1, "a", None), ((),), {}, {"a": 1, "b": [2]},
    {2: 1, 1: 2, (1, ("x", None)): 3, None: 4, 1.5: 5, b"k": 6},
    {True: "yes"}, {frozenset({1, 2}): 3}, set(), {1, "a", (2, 3)}, frozenset(), frozenset({frozenset({1}), 2}),
    OrderedDict([("b", 1), ("a", 2)]), Counter("mississippi"), Counter({"a": -1, "b": 1.5}), defaultdict(None, {1: 2}),
    defaultdict(list, {1: [2]}), defaultdict(int, a=1), Point(1, [2]), Point("größe", Point(1, 2)), range(10),
    range(5, -5, -2), range(10**30),
    slice(None), slice(1, None, -1), slice("a", (1, 2), None), ..., torch.Size([]), torch.Size([2, 3]), torch.float32,
    torch.bfloat16,
    torch.float8_e4m3fn, torch.device("cpu"), torch.device("cuda", 1), torch.device("meta"), torch.strided,
    torch.sparse_coo,
    torch.channels_last, torch.preserve_format, torch.tensor([[1, 5], [3, 2]]).max(0), torch.tensor([3.0, 1.0]).topk(1),
    [0.1 * i for i in range(100)], [float("nan"), -0.0, float("inf")] * 30, list(range(-50, 50)),
    [2**63 - 1, -(2**63) + 1] * 40,
    [2**63] * 70, [True] * 70, [1] * 64 + [1.0],
    np.arange(6.0).reshape(2, 3), np.arange(6).reshape(2, 3).T, np.array(True), np.array([True, False]),
    np.float32(2.5), np.int8(-3),
    np.bool_(True), np.complex64(1j), np.str_("text"), np.str_(""), np.bytes_(b"b"), np.array(["ab", "c", ""]),
    np.array([b"ab", b""]),
    np.zeros((0, 3), dtype="i2"), np.zeros((2, 0)), np.array([1.5], dtype=">f8"), np.longdouble(1) / 3,
    np.array(3, dtype="u2"),
    np.array([1 + 2j]), np.arange(20000.0)[::-2], np.float64(1.5), np.array("\U0010ffff"),
]  # fmt: skip


def tensors() -> list[torch.Tensor]:
    """One tensor of each sort."""
    x = torch.arange(24.0).reshape(2, 3, 4)
    made: list[torch.Tensor] = [
        x, x.transpose(0, 2), x[:, 1], x[1, 2, 3], x[::2, ::2, ::3], x.flatten().unfold(0, 5, 2), x[:1].expand(3, 3, 4),
        torch.tensor(3.5), torch.tensor(1.0).expand(2, 5), torch.zeros(0), torch.zeros(0, 3), torch.zeros(3, 0, 2),
        x[2:], x[:, 3:], x[5:, 0],
        torch.zeros(1, 1, 1, 1), torch.arange(5), torch.arange(5, dtype=torch.uint8), torch.arange(5).to(torch.uint16),
        torch.arange(5).to(torch.uint32), torch.arange(5).to(torch.uint64), torch.tensor([True, False, True]),
        torch.tensor(True),
        torch.arange(5, dtype=torch.float16), torch.arange(5, dtype=torch.bfloat16),
        torch.arange(5, dtype=torch.float64), torch.randn(3).to(torch.float8_e5m2),
        torch.randn(3).to(torch.float8_e4m3fn), torch.randn(3, dtype=torch.complex64),
        torch.randn(3, dtype=torch.complex128),
        torch.randn(3).to(torch.complex32), torch.tensor([float("nan"), float("inf"), -0.0]),
        torch.randn(3, requires_grad=True),
        torch.nn.Parameter(torch.randn(2, 2)), torch.nn.Parameter(torch.arange(3), requires_grad=False),
        torch.randn(5, 7, device="meta"),
        torch.randn(5, 7, device="meta")[1:, ::2], torch.randn(0, 7, device="meta"), torch.randn(200, 200),
        torch.randn(200, 200)[:, 3],
        torch.randn(200, 200)[7:9], torch.eye(4).to_sparse(),
        torch.sparse_coo_tensor([[0, 0], [1, 1]], [1.0, 2.0], (2, 3)),
        torch.sparse_coo_tensor(torch.zeros(1, 0, dtype=torch.int64), torch.zeros(0, 4), (3, 4)),
        torch.sparse_coo_tensor(torch.zeros(0, 1, dtype=torch.int64), torch.ones(1), ()), torch.zeros(0, 3).to_sparse(),
        torch.tensor([[True, False]]).to_sparse(), torch.eye(2).to_sparse().requires_grad_(),
    ]  # fmt: skip
    return made
