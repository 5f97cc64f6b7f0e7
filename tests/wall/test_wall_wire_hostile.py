"""Trees that no packer wrote: every one ends in a value or in WireError, soon, and within the memory it may take."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
import time
import tracemalloc
from typing import Any

import pytest
from wire_samples import DATA, frozen, opened, tensors, thawed

from autograde.wall import unpacking
from autograde.wall.wire import Packer, Unpacker, WireError, WireLimits

WRONG: list[Any] = [
    None, True, 0, -1, 2**63, 10**400, 0.5, "", "x", "\ud800", "ü", [], [[]], [None], [0, 0], {}, {"$": "list"},
    {"$": []}, {"$": {}},
    {"$": "same", "id": 1}, {"$": "tensor", "i": 0}, {"d": 0}, {"q": 0}, {"d": "0"}, {"d": -1}, {"d": 0, "q": 0},
    ["a", "a"], [1] * 100,
]  # fmt: skip


def kinds() -> list[tuple[dict[str, Any], list[bytearray]]]:
    """A node of each kind, with its buffers."""
    found = {}
    for value in [*DATA, *tensors()]:
        header, buffers = frozen(value)
        node = json.loads(header)["value"]
        if isinstance(node, dict):
            found.setdefault((node["$"], *sorted(node)), (node, buffers))
    return list(found.values())


@pytest.mark.parametrize(("node", "buffers"), kinds(), ids=lambda part: part["$"] if isinstance(part, dict) else "")
def test_a_wrong_value_in_any_field_is_a_wire_error_or_harmless(node: dict[str, Any], buffers: list[bytearray]) -> None:
    refused = 0
    for field in [*node, "w", "id", "f", "b"]:
        for wrong in WRONG:
            try:
                value = thawed(json.dumps({"value": {**node, field: wrong}}).encode(), buffers, WireLimits(nodes=5000))
            except WireError:
                refused += 1
            else:
                hash(type(value))
                repr(value)[:100] if "10" not in repr(wrong) else None
    assert refused >= len(WRONG) - 2  # at least the kind itself is checked


@pytest.mark.parametrize(("node", "buffers"), kinds(), ids=lambda part: part["$"] if isinstance(part, dict) else "")
def test_a_missing_field_or_a_missing_or_shortened_buffer_is_a_wire_error_or_harmless(
    node: dict[str, Any], buffers: list[bytearray]
) -> None:
    header = json.dumps({"value": node}).encode()
    for field in node:
        without = json.dumps({"value": {k: v for k, v in node.items() if k != field}}).encode()
        for attempt in (without, header):
            for kept in (
                buffers,
                buffers[:-1],
                [b[:-1] for b in buffers],
                [b[:1] for b in buffers],
                [b * 2 for b in buffers],
            ):
                try:
                    thawed(attempt, kept)
                except WireError:
                    continue
    assert thawed(header, buffers) is not NotImplemented  # and what the packer wrote is taken


@pytest.mark.parametrize(
    ("node", "message"),
    [
        ([], "a node that is none"),
        ({}, "a node of an unknown kind"),
        ({"$": "eval", "v": "1"}, "a node of an unknown kind"),
        ({"$": ["list"]}, "a node of an unknown kind"),
        ({"$": "list"}, "a container without contents"),
        ({"$": "list", "v": "abc"}, "a container without contents"),
        ({"$": "list", "v": {}}, "a node whose field q is no int"),
        ({"$": "dict", "v": [1]}, "a key without a value"),
        ({"$": "dict", "v": [1, 2, 1, 3]}, "a key that occurs twice"),
        ({"$": "dict", "v": [1, 2, True, 3]}, "a key that occurs twice"),
        ({"$": "dict", "v": [{"$": "list", "v": []}, 1]}, "a key that cannot be one"),
        ({"$": "dict", "v": [{"$": "tuple", "v": [{"$": "list", "v": []}]}, 1]}, "a key that cannot be one"),
        ({"$": "dict", "v": [{"$": "slice", "v": [1, 2, 3]}, 1]}, "a key that cannot be one"),
        ({"$": "set", "v": [1, 1]}, "an item that occurs twice"),
        ({"$": "set", "v": [{"$": "dict", "v": []}]}, "a key that cannot be one"),
        ({"$": "same", "id": 1}, "a number that names no object"),
        ({"$": "list", "id": 1, "v": [{"$": "same", "id": 1}]}, "a number that names no object"),  # no cycles
        ({"$": "list", "v": [{"$": "set", "id": 1, "v": []}] * 2}, "two objects with one number"),
        ({"$": "list", "id": True, "v": []}, "a node whose field id is no int"),
        ({"$": "named", "n": "P", "f": ["x"], "v": []}, "a node with too many or too few parts"),
        ({"$": "named", "n": "P", "f": ["x", "x"], "v": [1, 2]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["__class__"], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["_fields"], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["x, y=print(1)"], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["def"], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["fi", "\ufb01"], "v": [1, 2]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": ["\uff2eone"], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P\n", "f": [], "v": []}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": [["x"]], "v": [1]}, "a named tuple with odd names"),
        ({"$": "named", "n": "P", "f": [f"x{i}" for i in range(201)], "v": [1] * 201}, "a named tuple with odd names"),
        ({"$": "returned", "n": "__name__", "v": []}, "a result of an unknown function of torch"),
        ({"$": "returned", "n": "max", "v": [1]}, "a node with too many or too few parts"),
        ({"$": "defaultdict", "f": "eval", "v": []}, "a defaultdict with an unknown factory"),
        ({"$": "float", "v": "1"}, "a number that is none"),
        ({"$": "int", "v": "0x10"}, "a whole number that is none"),
        ({"$": "int", "v": "1_0"}, "a whole number that is none"),
        ({"$": "int", "v": "\u0661"}, "a whole number that is none"),
        ({"$": "int", "v": "1\n"}, "a whole number that is none"),
        ({"$": "complex", "v": ["1", "0x1p99999"]}, "a complex number that is none"),
        ({"$": "range", "v": [0, 1, 0]}, "a range that is none"),
        ({"$": "range", "v": [0, True, 1]}, "a range that is none"),
        ({"$": "size", "v": [1.5]}, "a size that is none"),
        ({"$": "size", "v": [2**63]}, "a size that is none"),
        ({"$": "dtype", "v": "load"}, "a dtype that is none"),
        ({"$": "device", "v": "cpu;"}, "a device that is none"),
        ({"$": "device", "v": "privateuseone:0"}, "a device that is none"),
        ({"$": "str", "v": "\u0100"}, "bytes that are none"),
        ({"$": "str", "v": "\u00ff"}, "a text that is none"),
        ({"$": "bytes", "b": 0}, "a buffer that is not there, or is used twice"),
        ({"$": "array", "t": "|O", "s": [], "b": 0}, "an array of an unknown dtype"),
        ({"$": "array", "t": "<U9999999", "s": [0], "b": 0}, "an array of an unknown dtype"),
        ({"$": "array", "t": "f4,f4", "s": [0], "b": 0}, "an array of an unknown dtype"),
        ({"$": "array", "t": "<f4", "s": [-1], "b": 0}, "an array of an odd shape"),
        ({"$": "array", "t": "<f4", "s": [0] * 33, "b": 0}, "an array of an odd shape"),
    ],
)  # fmt: skip
def test_what_the_format_does_not_have_is_refused_by_name(node: Any, message: str) -> None:
    with pytest.raises(WireError, match=f"^{message}$"):
        opened(node)


@pytest.mark.parametrize(
    ("node", "buffer"),
    [
        ({"$": "array", "t": "<f4", "s": [2], "b": 0}, b"1234567"),
        ({"$": "array", "t": "<f4", "s": [2**47, 2**47], "b": 0}, b"1234"),
        ({"$": "array", "t": "<U0", "s": [2**40], "b": 0}, b""),
        ({"$": "array", "t": "<f8", "s": [2**47, 2**47, 0], "b": 0}, b""),
        ({"$": "array", "t": "<U1", "s": [1], "b": 0}, b"\0\0\x11\0"),
        ({"$": "array", "t": ">U1", "s": [], "b": 0}, b"\0\x11\0\0"),
        ({"$": "array", "t": "|b1", "s": [2], "b": 0}, b"\1\2"),
        ({"$": "scalar", "t": "<f4", "s": [1], "b": 0}, b"1234"),
        ({"$": "str", "b": 0}, b"\xff"),
        ({"$": "list", "v": {"d": 0}}, b"1234567"),
        ({"$": "list", "v": {"q": 0, "d": 0.0}}, b"12345678"),
    ],
)
def test_buffers_that_do_not_hold_what_the_tree_says_are_refused(node: Any, buffer: bytes) -> None:
    with pytest.raises(WireError):
        opened(node, (buffer,))


@pytest.mark.parametrize("kind", ["dict", "set"])
def test_keys_that_collide_cost_a_bounded_time(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Python hashes a whole number to its remainder by 2**61 - 1: all these keys have one hash.
    keys: list[Any] = [{"$": "int", "v": f"{i * (2**61 - 1):x}"} for i in range(1, 120_000)]
    values = keys if kind == "set" else [part for key in keys for part in (key, None)]
    monkeypatch.setattr(unpacking, "HASHING", 0.1)
    start = time.thread_time()
    with pytest.raises(WireError, match="^keys that collide$"):
        Unpacker([], lambda node: node).unpack({"$": kind, "v": values})
    assert time.thread_time() - start < 2.0


def test_as_many_honest_keys_stay_far_below_the_bound() -> None:
    values = [part for i in range(120_000) for part in (i * 2654435761, None)]
    unpacker = Unpacker([], lambda node: node)
    assert len(unpacker.unpack({"$": "dict", "v": values})) == 120_000
    assert unpacker._hashing < unpacking.HASHING / 2


def test_sharing_cannot_be_used_to_write_a_small_message_that_never_ends() -> None:
    node: dict[str, Any] = {"$": "list", "id": 0, "v": [0] * 10}
    for i in range(1, 60):
        node = {"$": "list", "id": i, "v": [node] + [{"$": "same", "id": i - 1}] * 9}
    with pytest.raises(WireError, match="^more values than a message may have, written out$"):
        opened(node)


def test_keys_cannot_be_made_endless_to_hash_by_sharing() -> None:
    deep: Any = {"$": "tuple", "id": 1, "v": [1, 2]}  # a tuple has no number that could be named
    with pytest.raises(WireError, match="^a number that names no object$"):
        opened({"$": "set", "v": [deep, {"$": "tuple", "v": [{"$": "same", "id": 1}, 0]}]})


def test_many_kinds_of_named_tuple_are_refused_before_they_cost_time() -> None:
    start = time.thread_time()
    with pytest.raises(WireError, match="^too many kinds of named tuple$"):
        opened({"$": "list", "v": [{"$": "named", "n": f"P{i}", "f": [], "v": []} for i in range(50_000)]})
    assert time.thread_time() - start < 2.0


def test_depth_is_bounded_before_python_s_own_stack_is() -> None:
    node: Any = 0
    for _ in range(300):
        node = {"$": "tuple", "v": [node]}
    with pytest.raises(WireError, match="^nested more than 64 deep$"):
        opened(node)


def test_a_stack_that_is_nearly_full_gives_a_wire_error_too() -> None:
    node: Any = 0
    for _ in range(60):
        node = {"$": "tuple", "v": [node]}

    def descend(levels: int) -> Any:
        return descend(levels - 1) if levels else Unpacker([], lambda node: node).unpack(node)

    with pytest.raises(WireError, match=r"^a message that is too much to take in \(RecursionError\)$"):
        descend(sys.getrecursionlimit() - 150)


def test_what_the_resolver_raises_is_its_own() -> None:
    def resolve(fields: dict[str, Any]) -> Any:
        raise KeyError(fields["n"])

    node = Packer(lambda thing: {"n": 7}).pack([object()])
    with pytest.raises(KeyError, match="7"):
        Unpacker([], resolve).unpack(node)


def test_a_tree_as_large_as_a_header_may_be_takes_a_bounded_multiple_of_it() -> None:
    tracemalloc.start()
    try:
        for item in ('{"$":[]}', "[]", '{"":0}', '""', '{"$":"list","v":[]}', "0.1"):
            header = ('{"value":[' + ",".join([item] * (300_000 // (len(item) + 1))) + "]}").encode()
            with pytest.raises(WireError):
                thawed(header, [], WireLimits(nodes=1000))
        assert tracemalloc.get_traced_memory()[1] < 24 << 20
    finally:
        tracemalloc.stop()


HUNGRY = """
    import json, resource, socket, struct, threading, time
    import torch, numpy
    from autograde.wall.channel import MAGIC, PREFIX, Channel
    from autograde.wall.wire import *

    def used():
        return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()

    def frame(header, *lengths):
        return PREFIX.pack(MAGIC, len(header), len(lengths), 0) + struct.pack(f"!{len(lengths)}Q", *lengths) + header

    limits = WireLimits(buffer_bytes=512 << 20)
    room = 48 << 20
    resource.setrlimit(resource.RLIMIT_AS, (used() + room, resource.RLIM_INFINITY))

    def attempt(data, more=b""):
        ours, theirs = socket.socketpair()
        channel = Channel(ours, limits)
        theirs.sendall(data)
        theirs.sendall(more)
        theirs.close()
        try:
            message, buffers = channel.receive(time.monotonic() + 5)
            Unpacker(buffers, lambda node: node, limits).unpack(message.get("value"))
        except (WireError, Closed) as error:
            print(type(error).__name__, str(error)[:60])
        else:
            print("taken")
        channel.close()
"""


ANNOUNCED = """
    attempt(frame(b"{}", 500 << 20), bytes(1000))
    attempt(frame(b"{}", *[50_000] * 10_000), bytes(1000))
    attempt(frame(b"{}", 30 << 20, 400 << 20), bytes(100_000))

    def tensor(shape, stride, **more):
        node = {"$": "tensor", "i": 0, "b": 0, "t": "float32", "s": shape, "d": stride, "o": 0, "g": 2, **more}
        return json.dumps({"value": node}).encode()

    attempt(frame(tensor([2**26], [1]), 4), b"1234")
    attempt(frame(tensor([2**40], [1]), 4), b"1234")
    attempt(frame(tensor([100 << 20], [0]), 4), b"1234")
    attempt(frame(tensor([4], [1], w=[0, 400 << 20]), 16), bytes(16))
    attempt(frame(tensor([2**44], [1], v="meta")), b"")
    attempt(frame(b'{"value":{"$":"array","t":"<U0","s":[1099511627776],"b":0}}', 0))
    attempt(frame(b'{"value":{"$":"range","v":[0,1000000000000,1]}}'))
    attempt(frame(b'{"value":{"$":"list","v":{"q":0}}}', 100_000), bytes(100_000))
"""

SENT = """
    def send(theirs):
        try:
            theirs.sendall(frame(b"{}", 300 << 20))
            for _ in range(300):
                theirs.sendall(bytes(1 << 20))
        except OSError:
            pass

    ours, theirs = socket.socketpair()
    channel = Channel(ours, limits)
    thread = threading.Thread(target=send, args=(theirs,))
    thread.start()
    try:
        channel.receive(time.monotonic() + 20)
    except WireError as error:
        print("WireError", error)
    channel.close()
    theirs.close()
    thread.join()
    attempt(frame(b'{"value":1}'))
"""


@pytest.fixture(scope="module")
def lines() -> list[str]:
    """What a process prints that meets both, and may take no more than 48 MiB beyond torch itself."""
    program = "\n".join(map(textwrap.dedent, (HUNGRY, ANNOUNCED, SENT)))
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_what_is_announced_is_not_reserved_before_it_comes(lines: list[str]) -> None:
    assert lines[:11] == [
        "Closed the other side is gone",
        "Closed the other side is gone",
        "Closed the other side is gone",
        "WireError a tensor that reaches beyond its bytes",
        "WireError a tensor whose shape is too large",
        "taken",
        "WireError a storage that is not the size of its bytes",
        "taken",
        "WireError an array whose bytes do not fill its shape",
        "taken",
        "taken",
    ]


def test_a_message_that_does_not_fit_into_memory_is_a_wire_error_and_the_next_one_is_taken(lines: list[str]) -> None:
    assert lines[11].startswith("WireError a message that does not fit into memory (")
    assert lines[12:] == ["taken"]
