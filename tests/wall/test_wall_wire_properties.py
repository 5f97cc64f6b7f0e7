"""For any value: it comes back equal and of the same kind. Any damage to a message: WireError or a value."""

from __future__ import annotations

import random
import socket
import time
from collections import Counter, OrderedDict
from typing import Any

import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn
from wire_damage import SMALL, TREES, attempt, damaged, mutate
from wire_samples import alike, bits, crossed, frozen, thawed

from autograde.wall.channel import Channel, parse
from autograde.wall.wire import Closed, Overdue, Unsendable, WireError, WireLimits

# Without surrogates and with: the first travel in the tree, the second as bytes.
TEXT = st.text() | st.text(st.characters(categories=["Cs", "Lu"]))
NUMBERS = st.integers() | st.floats(allow_nan=False) | st.booleans() | st.integers(-(2**70), 2**70)
KEYS = st.recursive(
    st.none() | NUMBERS | TEXT | st.binary(),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
DTYPES = st.sampled_from(["?", "i1", "<i4", ">i8", "u2", "<f2", "f4", ">f8", "c8", "<U3", "S2", "<f16"])
ARRAYS = DTYPES.flatmap(
    lambda dtype: stn.arrays(np.dtype(dtype), stn.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=3))
)
LEAVES = st.one_of(
    KEYS,
    st.floats(),
    st.complex_numbers(),
    st.builds(range, st.integers(), st.integers(), st.integers(1, 9)),
    st.builds(slice, st.none() | st.integers(), TEXT, st.integers()),
    st.lists(st.integers(0, 2**40), max_size=3).map(torch.Size),
    st.sampled_from([..., torch.int8, torch.device("cpu"), torch.strided, torch.channels_last]),
    ARRAYS,
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=4).map(tuple),
        st.dictionaries(KEYS, inner, max_size=4),
        st.dictionaries(TEXT, inner, max_size=4).map(OrderedDict),
        st.dictionaries(TEXT, inner, max_size=4).map(Counter),
        st.sets(KEYS, max_size=4),
    ),
    max_leaves=20,
)


@given(VALUES)
@settings(max_examples=150, deadline=None)
def test_any_value_comes_back_equal_and_of_the_same_kind(value: Any) -> None:
    assert alike(crossed(value), value)


def shared(value: Any, again: list[int]) -> Any:
    """The value with some of its containers standing in further places."""
    found: list[Any] = []

    def collect(thing: Any) -> None:
        if isinstance(thing, list | dict | set | np.ndarray):
            found.append(thing)
        for part in (*thing.values(),) if isinstance(thing, dict) else thing if isinstance(thing, list | tuple) else ():
            collect(part)

    collect(value)
    return [value, *(found[i % len(found)] for i in again if found)]


def graph(thing: Any, names: dict[int, int]) -> Any:
    """The thing as a tree in which every container that has an identity is named by its first occurrence."""
    if isinstance(thing, list | dict | set | np.ndarray):
        if id(thing) in names:
            return names[id(thing)]
        names[id(thing)] = len(names)
    if isinstance(thing, dict):
        return ["dict", *(graph(part, names) for part in thing.values())]
    return [type(thing).__name__, *(graph(part, names) for part in thing)] if isinstance(thing, list | tuple) else None


@given(VALUES, st.lists(st.integers(0, 50), max_size=5))
@settings(max_examples=150, deadline=None)
def test_any_sharing_of_containers_comes_back(value: Any, again: list[int]) -> None:
    value = shared(value, again)
    arrived = crossed(value)
    assert alike(arrived, value)
    assert graph(arrived, {}) == graph(value, {})


@st.composite
def views(draw: st.DrawFn) -> list[torch.Tensor]:
    """Any views, in any dtypes, of a few storages of any size."""
    sizes = draw(st.lists(st.sampled_from([0, 16, 128, 4096, 100_000, 400_000]), min_size=1, max_size=3))
    raw = [torch.arange(size, dtype=torch.int64).mul(7919).to(torch.uint8) for size in sizes]
    found = []
    for _ in range(draw(st.integers(1, 6))):
        base = draw(st.sampled_from(raw)).view(
            draw(st.sampled_from([torch.uint8, torch.int16, torch.int32, torch.int64]))
        )
        shape, stride, offset = [], [], draw(st.integers(0, base.numel()))
        room = base.numel() - offset
        for _ in range(draw(st.integers(0, 3))):
            step = draw(st.sampled_from([0, 1, 1, 2, 3, 64, 5000]))
            most = 4 if step == 0 else min(4, max(room - 1, 0) // step + 1)
            size = draw(st.integers(0, most))
            shape.append(size)
            stride.append(step)
            room -= max(size - 1, 0) * step
        if room < 1:
            shape.append(0)
            stride.append(1)
        found.append(base.as_strided(shape, stride, offset))
    return found


@given(views())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_views_of_any_storages_come_back_with_the_same_values_and_the_same_sharing(
    found: list[torch.Tensor],
) -> None:
    arrived = crossed(found)
    for a, b in zip(arrived, found, strict=True):
        assert (a.dtype, a.shape, a.stride()) == (b.dtype, b.shape, b.stride()) and bits(a) == bits(b)
    where = [(t.untyped_storage()._cdata, t.data_ptr()) for t in found]
    there = [(t.untyped_storage()._cdata, t.data_ptr()) for t in arrived]
    for i in range(len(found)):
        for j in range(i):
            assert (where[i][0] == where[j][0]) == (there[i][0] == there[j][0])
            if where[i][0] == where[j][0] and found[i].numel() and found[j].numel():
                assert where[i][1] - where[j][1] == there[i][1] - there[j][1]


@given(VALUES, st.integers(1, 300), st.integers(1, 5000), st.integers(1, 8))
@settings(max_examples=120, deadline=None)
def test_what_the_sender_lets_through_the_receiver_takes_whatever_the_limits(
    value: Any, nodes: int, size: int, depth: int
) -> None:
    limits = WireLimits(nodes=nodes, buffer_bytes=size, header_bytes=size, depth=depth, buffers=nodes)
    value = [value, value, list(range(70))]
    try:
        header, buffers = frozen(value, limits)
    except Unsendable:
        return
    assert alike(thawed(header, buffers, limits), value)


@given(st.integers(0, 2**32), st.integers(1, 4))
@settings(max_examples=400, deadline=None)
def test_no_change_to_a_tree_gives_anything_but_a_value_or_a_wire_error(seed: int, times: int) -> None:
    chance = random.Random(seed)
    node, buffers = chance.choice(TREES)
    for _ in range(times):
        node = mutate(node, chance, [other for other, _ in TREES])
    if chance.random() < 0.3 and buffers:
        buffers = [b[: chance.randrange(len(b) + 1)] for b in buffers]
    attempt(node, buffers)


@given(st.integers(0, 2**32))
@settings(max_examples=400, deadline=None)
def test_no_damage_to_the_bytes_gives_anything_but_a_value_or_one_of_the_three_errors(seed: int) -> None:
    data = damaged(random.Random(seed))
    ours, theirs = socket.socketpair()
    channel = Channel(ours, SMALL)
    try:
        theirs.setblocking(False)
        theirs.send(data)
        theirs.close()
        start = time.monotonic()
        for _ in range(3):
            message, buffers = channel.receive(start + 1)
            attempt(message.get("value"), [bytes(b) for b in buffers])
    except (WireError, Closed, Overdue):
        pass
    finally:
        channel.close()
    assert time.monotonic() - start < 2


@given(st.binary(max_size=200) | st.text().map(str.encode))
@settings(max_examples=200, deadline=None)
def test_no_header_gives_anything_but_a_dict_or_a_wire_error(data: bytes) -> None:
    try:
        assert type(parse(data)) is dict
    except WireError:
        pass
