"""Values cross as what they are: every kind of data, the identity of containers, and clear refusals."""

from __future__ import annotations

import enum
import sys
from collections import Counter, UserDict, deque, namedtuple
from datetime import date
from typing import Any

import numpy as np
import pytest
import torch
from wire_samples import DATA, Colour, Level, Point, Thing, alike, crossed, frozen, opened, refuse, thawed

from autograde.wall.wire import LIMITS, Packer, Unpacker, Unsendable, WireError, WireLimits


def short(value: Any) -> str:
    """A test's name for a value: the same in every process, so a set's unordered members are only counted."""
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}-of-{len(value)}"
    return f"{type(value).__name__}-{value:x}"[:30] if type(value) is int else f"{type(value).__name__}-{value!r}"[:40]


@pytest.mark.parametrize("value", DATA, ids=short)
def test_a_value_of_each_kind_arrives_as_the_same_value_of_the_same_kind(value: Any) -> None:
    assert alike(crossed(value), value)


def test_strict_equality_tells_apart_what_a_careless_comparison_would_not() -> None:
    pairs = [(0.0, -0.0), (1, 1.0), (1, True), ([1], (1,)), ({"a": 1, "b": 2}, {"b": 2, "a": 1}), ({1}, frozenset({1}))]
    pairs += [(Counter("a"), {"a": 1}), (np.float32(1), 1.0), (Point(1, 2), (1, 2)), (torch.Size([1]), (1,))]
    assert not any(alike(a, b) for a, b in pairs)


def test_an_enum_of_numbers_or_text_and_other_subclasses_arrive_as_their_base_value() -> None:
    class Celsius(float):
        def __float__(self) -> float:
            return 99.0

    class Masked(str):
        def __str__(self) -> str:
            return "***"

    class Flag(enum.IntFlag):
        A = 4

    class Phase(complex):
        pass

    values = [Level.LOW, Colour.RED, Celsius(1.5), Masked("plain"), Flag.A, Phase(1, 2)]
    assert alike(crossed(values), [1, "red", 1.5, "plain", 4, 1 + 2j])


def test_the_same_container_in_two_places_is_one_object_on_the_other_side() -> None:
    row, table, unique, array = [1], {"k": 1}, {1}, np.arange(3)
    pairs = crossed([row, row, table, table, unique, unique, array, array, [row]])
    assert pairs[0] is pairs[1] is pairs[8][0]
    assert pairs[2] is pairs[3] and pairs[4] is pairs[5] and pairs[6] is pairs[7]


def test_equal_containers_in_two_places_stay_two_objects() -> None:
    first, second = crossed([[1], [1]])
    assert first == second and first is not second


def test_identity_holds_across_the_nodes_of_one_message() -> None:
    row = [1]
    packer = Packer(refuse)
    nodes = [packer.pack(row), packer.pack({"a": row})]
    unpacker = Unpacker([], lambda node: node)
    first, second = (unpacker.unpack(node) for node in nodes)
    assert second["a"] is first


def test_kept_lists_the_containers_in_the_same_order_on_both_sides() -> None:
    array = np.arange(3)
    value = [{"a": {1}}, [array, array], frozenset({2}), np.float32(1), (1, [3])]
    packer = Packer(refuse)
    node = packer.pack(value)
    unpacker = Unpacker([memoryview(bytearray(b)) for b in packer.buffers], lambda node: node)
    unpacker.unpack(node)
    assert len(packer.kept) == len(unpacker.kept) == 7
    assert all(alike(a, b) for a, b in zip(packer.kept, unpacker.kept, strict=True))


def test_what_is_claimed_crosses_as_a_reference_and_the_rest_as_data() -> None:
    row, tensor = [1], torch.ones(2)
    claimed = {id(row): 1, id(tensor): 2}
    packer = Packer(refuse, claim=lambda thing: {"n": claimed[id(thing)]} if id(thing) in claimed else None)
    node = packer.pack([row, tensor, [2], row])
    found = Unpacker([], lambda fields: ("held", fields["n"])).unpack(node)
    assert found == [("held", 1), ("held", 2), [2], ("held", 1)]
    assert packer.tensors == [] and len(packer.kept) == 2


@pytest.mark.parametrize(
    "thing",
    [Thing(), Thing, len, deque([1]), UserDict(), bytearray(b"x"), date(2026, 1, 1), np.array([Thing()], dtype=object),
     np.array("2026-01-01", dtype="M8[D]"), np.ma.masked_array([1, 2], [True, False]), type("L", (list,), {})([1]),
     type("T", (tuple,), {})([1]), np.zeros(2, dtype=[("a", "f4")]), (i for i in ()), sys.version_info],
    ids=lambda thing: type(thing).__name__,
)  # fmt: skip
def test_what_is_not_data_is_left_to_the_reference(thing: Any) -> None:
    assert crossed([thing]) == [{"type": type(thing).__name__, "$": "ref"}]


def test_a_named_tuple_arrives_with_its_name_and_fields_and_one_class_for_all_of_them() -> None:
    first, second = crossed([Point(1, 2), Point(3, 4)])
    assert repr(first) == "Point(x=1, y=2)" and first.x == 1 and type(first) is type(second)


def test_a_named_tuple_with_names_that_are_no_plain_identifiers_is_left_to_the_reference() -> None:
    renamed = namedtuple("Renamed", ["def", "x"], rename=True)  # its first field is _0
    compatible = namedtuple("Compatible", ["\ufb01"])  # a ligature, which Python reads as "fi"
    assert crossed(compatible("a")) == {"type": "Compatible", "$": "ref"}
    assert crossed(renamed(1, 2)) == {"type": "Renamed", "$": "ref"}


def test_every_constant_of_torch_arrives_or_is_left_to_the_reference() -> None:
    kinds = (torch.dtype, torch.layout, torch.memory_format)
    constants = [value for value in vars(torch).values() if isinstance(value, kinds)]
    assert len(constants) > 50 and all(crossed(value) is value for value in constants)
    devices = [torch.device(name) for name in ("cpu", "cpu:0", "cuda", "cuda:7", "meta", "mps", "xpu:1")]
    assert crossed(devices) == devices
    assert crossed(torch.device("xla:1")) == {"type": "device", "$": "ref"}


def test_what_a_value_claims_to_be_is_not_asked() -> None:
    class Pretender:
        @property
        def __class__(self) -> type:  # type: ignore[override]
            raise AssertionError("it was asked")

    assert crossed(Pretender()) == {"type": "Pretender", "$": "ref"}


def test_a_thousand_long_texts_beyond_ascii_fit_into_a_message() -> None:
    texts = ["é" * 2000 + str(i) for i in range(1000)]
    header, _ = frozen(texts)
    assert crossed(texts) == texts and len(header) < 100_000


def test_a_list_that_contains_itself_is_refused() -> None:
    row: list[Any] = [1]
    row.append((row,))
    with pytest.raises(Unsendable, match="^a list that contains itself cannot cross$"):
        Packer(refuse).pack(row)
    table: dict[str, Any] = {}
    table["self"] = {"again": table}
    with pytest.raises(Unsendable, match="^a dict that contains itself cannot cross$"):
        Packer(refuse).pack(table)


def test_nesting_up_to_the_limit_crosses_and_one_level_more_is_refused_on_both_sides() -> None:
    value: Any = 0
    for _ in range(LIMITS.depth):
        value = [value]
    assert alike(crossed(value), value)
    with pytest.raises(Unsendable, match="^nested more than 64 deep$"):
        Packer(refuse).pack([value])
    header, buffers = frozen([value], WireLimits(depth=65))
    with pytest.raises(WireError, match="^nested more than 64 deep$"):
        thawed(header, buffers)


@pytest.mark.parametrize(
    ("limits", "value"),
    [
        (WireLimits(nodes=100), [None] * 100),
        (WireLimits(nodes=100), list(range(100))),
        (WireLimits(nodes=100), [[0] * 50] * 200),
        (WireLimits(nodes=100), [["x" * 4000]] * 5),
        (WireLimits(buffer_bytes=100_000), b"x" * 25_001),
        (WireLimits(header_bytes=10_000), "x" * 10_001),
    ],
    ids=["nodes", "numbers", "shared", "shared text", "bytes", "text"],
)
def test_more_than_a_message_holds_is_refused_by_the_sender_and_by_the_receiver(limits: WireLimits, value: Any) -> None:
    with pytest.raises(Unsendable, match=r"^more than a message holds"):
        Packer(refuse, limits).pack(value)
    header, buffers = frozen(value)
    with pytest.raises(WireError):
        thawed(header, buffers, limits)
    assert alike(thawed(header, buffers), value)


@pytest.mark.parametrize("value", [[b"x" * 5000, b"y" * 5000, b"z" * 5000], np.zeros(12_501)])
def test_more_buffers_than_a_message_has_are_refused_before_they_are_sent(value: Any) -> None:
    with pytest.raises(Unsendable, match=r"^more than a message holds"):
        Packer(refuse, WireLimits(buffers=2, buffer_bytes=100_000)).pack(value)


def test_a_message_just_within_the_limits_is_taken_by_both_sides() -> None:
    limits = WireLimits(nodes=100, header_bytes=10_000, buffer_bytes=100_000, buffers=2)
    for value in ([None] * 99, list(range(99)), [[0] * 48] * 19, b"x" * 25_000, np.zeros(12_500), "x" * 10_000):
        assert alike(thawed(*frozen(value, limits), limits), value)


def test_whole_numbers_beyond_python_s_limit_for_text_cross_in_both_directions() -> None:
    big = 7**20_000
    assert crossed([big, -big]) == [big, -big]


def test_odd_messages_of_honest_code_are_python_errors_on_the_sender_s_side() -> None:
    assert issubclass(Unsendable, TypeError)
    with pytest.raises(WireError, match="^a node that is none$"):
        opened([1])  # a bare JSON array is no node
