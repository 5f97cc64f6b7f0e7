"""Frames over a socket: whatever comes, WireError, Closed or Overdue, in time and within the limits."""

from __future__ import annotations

import json
import os
import resource
import socket
import struct
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from autograde.wall.channel import MAGIC, PREFIX, Channel, parse
from autograde.wall.wire import Closed, Overdue, Unsendable, WireError, WireLimits

Pair = tuple[Channel, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """The judge's channel and the other end as a bare socket."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, WireLimits(header_bytes=1 << 20, buffer_bytes=64 << 20, buffers=2000))
    yield channel, theirs
    channel.close()
    theirs.close()


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds


def frame(header: bytes, *buffers: bytes) -> bytes:
    lengths = struct.pack(f"!{len(buffers)}Q", *map(len, buffers))
    return PREFIX.pack(MAGIC, len(header), len(buffers), 0) + lengths + header + b"".join(buffers)


def meanwhile(act: Callable[..., Any], *arguments: Any) -> threading.Thread:
    thread = threading.Thread(target=act, args=arguments)
    thread.start()
    return thread


def open_files() -> int:
    return len(os.listdir("/proc/self/fd"))


def test_a_message_and_its_buffers_arrive(pair: Pair) -> None:
    channel, theirs = pair
    other = Channel(theirs)
    large = os.urandom(40 << 20)
    sending = meanwhile(
        other.send, {"a": [1, "ü", None]}, [b"", b"xy", large, memoryview(large)[: 1 << 20], array("d", [1.5])]
    )
    message, buffers = channel.receive(soon())
    sending.join()
    assert message == {"a": [1, "ü", None]}
    assert [bytes(b) for b in buffers] == [b"", b"xy", large, large[: 1 << 20], struct.pack("d", 1.5)]
    assert not any(b.readonly for b in buffers)


def test_messages_arrive_one_after_another_in_both_directions(pair: Pair) -> None:
    channel, theirs = pair
    other = Channel(theirs)
    for i in range(50):
        other.send({"i": i}, [bytes([i])] * i)
    for i in range(50):
        message, buffers = channel.receive(soon())
        assert message == {"i": i} and len(buffers) == i
        channel.send(message)
        assert other.receive(soon()) == ({"i": i}, [])


def test_two_thousand_buffers_arrive_though_one_system_call_takes_fewer(pair: Pair) -> None:
    channel, theirs = pair
    sending = meanwhile(Channel(theirs).send, {}, [struct.pack("!I", i) for i in range(2000)])
    _, buffers = channel.receive(soon())
    sending.join()
    assert [struct.unpack("!I", b)[0] for b in buffers] == list(range(2000))


@pytest.mark.parametrize("size", [1, 7, 4096])
def test_a_message_that_comes_in_pieces_arrives(pair: Pair, size: int) -> None:
    channel, theirs = pair
    data = frame(b'{"a":1}', b"x" * 10_000, b"", b"yz") * 2

    def drip() -> None:
        for at in range(0, len(data), size):
            theirs.send(data[at : at + size])

    sending = meanwhile(drip)
    for _ in range(2):
        message, buffers = channel.receive(soon(20))
        assert message == {"a": 1} and [len(b) for b in buffers] == [10_000, 0, 2]
    sending.join()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "a message does not begin as messages begin"),
        (PREFIX.pack(MAGIC, 2, 0, 1) + b"{}", "a message does not begin as messages begin"),
        (PREFIX.pack(MAGIC, (1 << 20) + 1, 0, 0), "a message of 1,048,577 bytes of structure .* large"),
        (PREFIX.pack(MAGIC, 2**32 - 1, 2**32 - 1, 0), "a message of 4,294,967,295 bytes of structure and .* too large"),
        (PREFIX.pack(MAGIC, 2, 2001, 0), "a message of 2 bytes of structure and 2,001 buffers is too large"),
        (PREFIX.pack(MAGIC, 2, 1, 0) + struct.pack("!Q", 2**64 - 1) + b"{}", "a message of 18,.* bytes .*"),
        (PREFIX.pack(MAGIC, 2, 2, 0) + struct.pack("!QQ", 2**63, 2**63) + b"{}", "a message of .* bytes is too large"),
        (PREFIX.pack(MAGIC, 2, 2, 0) + struct.pack("!QQ", 40 << 20, 40 << 20) + b"{}", "a message of 83,.* bytes .*"),
        (frame(b""), r"a message that is not JSON \(JSONDecodeError\)"),
        (frame(b"{"), r"a message that is not JSON \(JSONDecodeError\)"),
        (frame(b"[]"), "a message that is not a JSON object"),
        (frame(b"null"), "a message that is not a JSON object"),
        (frame(b'{"a":NaN}'), "a message holds the word NaN"),
        (frame(b'{"a":-Infinity}'), "a message holds the word -Infinity"),
        (frame(b'{"a":1,"a":2}'), "a message names a field twice"),
        (frame('{"a":"ü"}'.encode()), r"a message that is not JSON \(UnicodeDecodeError\)"),
        (frame(b'{"a":"\xff\xfe"}'), r"a message that is not JSON \(UnicodeDecodeError\)"),
        (frame('{"a":1}'.encode("utf-16")), r"a message that is not JSON \(UnicodeDecodeError\)"),
        (frame(b'{"a":' + b"[" * 500_000 + b"]" * 500_000 + b"}"), r"a message that is not JSON \(RecursionError\)"),
        (frame(b'{"a":' * 100_000 + b"1" + b"}" * 100_000), r"a message that is not JSON \(RecursionError\)"),
        (frame(b"[" * 1_000_000), r"a message that is not JSON \(RecursionError\)"),
        (frame(b'{"a":' + b"9" * 1_000_000 + b"}"), r"a message that is not JSON \(ValueError\)"),
        (frame(b'{"a":"\\ud8"}'), r"a message that is not JSON \(JSONDecodeError\)"),
        (frame(b'{"a":1}\x00'), r"a message that is not JSON \(JSONDecodeError\)"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_message_are_a_wire_error(pair: Pair, data: bytes, message: str) -> None:
    channel, theirs = pair
    sending = meanwhile(theirs.sendall, data)
    with pytest.raises(WireError, match=f"^{message}$"):
        channel.receive(soon())
    channel.sock.shutdown(socket.SHUT_RDWR)
    sending.join()
    with pytest.raises(Closed, match="^an earlier message was cut short$"):
        channel.receive(soon())
    with pytest.raises(Closed, match="^an earlier message was cut short$"):
        channel.send({})


@pytest.mark.parametrize("value", ["1e999", "-0.0", "0." + "1" * 100_000, "1" * 4300, '"\\ud800"'])
def test_odd_but_harmless_json_is_taken(value: str) -> None:
    assert parse(b'{"a":' + value.encode() + b"}") == {"a": json.loads(value)}


@pytest.mark.parametrize("kept", [0, 1, 15, 16, 20, 24, 40, 30_000])
def test_a_sender_that_goes_away_in_mid_message_is_closed(pair: Pair, kept: int) -> None:
    channel, theirs = pair
    data = frame(b'{"a":1}', b"x" * 50_000, b"y" * 5)
    theirs.sendall(data[:kept])
    theirs.close()
    with pytest.raises(Closed, match="^the other side is gone"):
        channel.receive(soon())


def test_overdue_before_the_first_byte_leaves_the_channel_as_it_was(pair: Pair) -> None:
    channel, theirs = pair
    start = time.monotonic()
    with pytest.raises(Overdue, match="^the deadline passed$"):
        channel.receive(soon(0.05))
    assert 0.04 < time.monotonic() - start < 1.0
    theirs.sendall(frame(b'{"a":1}'))
    assert channel.receive(time.monotonic() - 1)[0] == {"a": 1}  # what is there already is taken, late as it is


def test_overdue_in_mid_message_ends_the_channel(pair: Pair) -> None:
    channel, theirs = pair
    theirs.sendall(frame(b'{"a":1}', b"x" * 100)[:-1])
    with pytest.raises(Overdue):
        channel.receive(soon(0.05))
    with pytest.raises(Closed):
        channel.receive(soon(0.05))


@pytest.mark.parametrize("pause", [0.0, 0.01])
def test_a_sender_that_drips_does_not_extend_the_deadline(pair: Pair, pause: float) -> None:
    channel, theirs = pair
    data = frame(b'{"a":1}', b"x" * (32 << 20))
    stop = threading.Event()

    def drip() -> None:
        for at in range(len(data)):
            if stop.is_set():
                return
            theirs.send(data[at : at + 1])
            time.sleep(pause)

    sending = meanwhile(drip)
    start = time.monotonic()
    with pytest.raises(Overdue):
        channel.receive(soon(0.3))
    assert time.monotonic() - start < 1.0
    stop.set()
    sending.join()


def test_a_peer_that_never_reads_cannot_hold_the_sender_for_ever(pair: Pair) -> None:
    channel, _ = pair
    start = time.monotonic()
    with pytest.raises(Overdue):
        channel.send({}, [bytes(10 << 20)], deadline=soon(0.2))
    assert time.monotonic() - start < 1.0
    with pytest.raises(Closed, match="^an earlier message was cut short$"):
        channel.send({})


def test_a_peer_that_reads_in_drips_cannot_either(pair: Pair) -> None:
    channel, theirs = pair
    stop = threading.Event()

    def sip() -> None:
        while not stop.is_set():
            theirs.recv(1000)
            time.sleep(0.005)

    reading = meanwhile(sip)
    with pytest.raises(Overdue):
        channel.send({}, [bytes(10 << 20)], deadline=soon(0.3))
    stop.set()
    channel.close()
    reading.join()


def test_a_peer_that_is_gone_is_closed_for_the_sender_too(pair: Pair) -> None:
    channel, theirs = pair
    theirs.close()
    with pytest.raises(Closed, match="^the other side is gone"):
        for _ in range(3):
            channel.send({}, [bytes(1 << 20)], deadline=soon())


@pytest.mark.parametrize(
    "message",
    [{"a": float("nan")}, {"a": {1, 2}}, {"a": b"x"}, {"a": "x" * (2 << 20)}],
    ids=["nan", "set", "bytes", "long"],
)
def test_what_is_no_message_is_refused_and_nothing_is_sent(pair: Pair, message: dict[str, Any]) -> None:
    channel, theirs = pair
    with pytest.raises(Unsendable):
        channel.send(message)
    with pytest.raises(Unsendable, match="^more than a message holds"):
        channel.send({}, [bytes(1)] * 2001)
    with pytest.raises(Unsendable, match="^more than a message holds"):
        channel.send({}, [memoryview(bytes(33 << 20))] * 2)
    channel.send({"fine": True})
    assert theirs.recv(1000) == frame(b'{"fine":true}')


def test_a_memory_view_of_wider_items_counts_in_bytes(pair: Pair) -> None:
    channel, theirs = pair
    Channel(theirs).send({}, [memoryview(array("q", [1, 2]))])
    assert channel.receive(soon())[1][0] == struct.pack("qq", 1, 2)


def descriptors(sock: socket.socket, data: bytes, fds: list[int]) -> None:
    sock.sendmsg([data], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", fds))])


def test_file_descriptors_cross_where_they_are_welcome(pair: Pair) -> None:
    _, theirs = pair
    ours, other = socket.socketpair()
    welcoming, sender = Channel(ours, fds=2), Channel(other)
    reading, writing = os.pipe()
    sender.send({"here": 2}, [b"x" * 100_000], fds=[reading, writing])
    assert welcoming.receive(soon())[0] == {"here": 2}
    got = welcoming.take_fds()
    os.write(got[1], b"hello")
    assert os.read(got[0], 10) == b"hello" and not os.get_inheritable(got[0]) and welcoming.take_fds() == []
    for fd in (reading, writing, *got):
        os.close(fd)
    welcoming.close()
    sender.close()


def test_descriptors_that_nobody_takes_are_closed_with_the_next_message_or_the_channel() -> None:
    ours, other = socket.socketpair()
    welcoming, sender = Channel(ours, fds=2), Channel(other)
    before = open_files()
    for _ in range(5):
        sender.send({}, fds=[0, 1])
        welcoming.receive(soon())
    assert open_files() == before + 2
    welcoming.close()
    sender.close()
    assert open_files() == before - 2


@pytest.mark.parametrize("where", ["start", "middle"])
def test_at_the_judge_s_end_descriptors_are_never_opened_and_are_a_wire_error(pair: Pair, where: str) -> None:
    channel, theirs = pair
    data = frame(b'{"a":1}', b"x" * 1000)
    before = open_files()
    cut = 0 if where == "start" else 30
    theirs.sendall(data[:cut])
    descriptors(theirs, data[cut:], [0] * 250)
    with pytest.raises(WireError, match="^a message brings more file descriptors than are accepted here$"):
        channel.receive(soon())
    assert open_files() == before


def test_more_descriptors_than_welcome_are_closed_and_a_wire_error() -> None:
    ours, theirs = socket.socketpair()
    channel = Channel(ours, fds=2)
    before = open_files()
    descriptors(theirs, frame(b"{}")[:5], [0, 1])
    descriptors(theirs, frame(b"{}")[5:], [0])
    with pytest.raises(WireError):
        channel.receive(soon())
    assert open_files() == before
    channel.close()
    theirs.close()


def test_a_flood_of_descriptors_costs_the_judge_none(pair: Pair) -> None:
    channel, theirs = pair
    before = open_files()
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (before + 20, limit[1]))
    try:
        for _ in range(3):
            descriptors(theirs, b"mf1\n", [0] * 253)
        with pytest.raises(WireError):
            channel.receive(soon())
        assert open_files() == before
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def test_an_interruption_in_mid_message_ends_the_channel_instead_of_shifting_it(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel, theirs = pair
    theirs.sendall(frame(b'{"a":1}')[:-1])
    monkeypatch.setattr(channel, "_wait", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt()))
    with pytest.raises(KeyboardInterrupt):
        channel.receive(soon())
    with pytest.raises(Closed):
        channel.receive(soon())


def test_a_received_buffer_is_the_memory_of_a_storage(pair: Pair) -> None:
    channel, theirs = pair
    sending = meanwhile(Channel(theirs).send, {}, [bytes(20 << 20)])
    (buffer,) = channel.receive(soon())[1]
    sending.join()
    storage = buffer.obj.storage
    assert isinstance(storage, torch.UntypedStorage) and storage.nbytes() == 20 << 20
    buffer[0] = 7
    assert storage[0] == 7 and sys.getrefcount(storage) >= 2
