"""A coverage-guided fuzzer for the wire's decoder: make fuzz (FUZZ_SECONDS=60).

Every input is what a peer sends: bytes on a socket, read by a Channel and unpacked. Anything but a value, WireError,
Closed or Overdue ends the run and leaves the input in build/fuzz/. Half of the mutations are of the tree of a valid
message, which bytes alone would rarely keep valid. Arguments are libFuzzer's: -max_total_time=60 and the like.
"""

from __future__ import annotations

import random
import socket
import sys
import time
from pathlib import Path

import atheris
import numpy as np  # noqa: F401  (arrays are only decoded where numpy is loaded)
import torch  # noqa: F401  (imported before the instrumentation, which is for our own modules alone)

with atheris.instrument_imports(include=["autograde.wall"]):
    from autograde.wall.channel import Channel
    from autograde.wall.wire import Closed, Overdue, WireError

from wire_damage import FRAMES, SMALL, TREES, attempt, framed, mutate, unframed

PLACE = Path("build/fuzz")


def one_input(data: bytes) -> None:
    """What a judge does with these bytes."""
    ours, theirs = socket.socketpair()
    channel = Channel(ours, SMALL)
    theirs.sendall(data)  # a socket holds ten times the longest input
    theirs.close()
    try:
        while True:
            message, buffers = channel.receive(time.monotonic() + 2)
            attempt(message.get("value"), [bytes(b) for b in buffers])
    except (WireError, Closed, Overdue):
        pass
    finally:
        channel.close()


def mutator(data: bytes, most: int, seed: int) -> bytes:
    """One mutation: of the tree where there is one, else of the bytes."""
    chance = random.Random(seed)
    whole = unframed(data) if chance.random() < 0.6 else None
    if whole is None:
        return atheris.Mutate(data, most)
    node, buffers = whole
    for _ in range(chance.randrange(1, 4)):
        node = mutate(node, chance, [other for other, _ in TREES])
    if buffers and chance.random() < 0.2:
        i = chance.randrange(len(buffers))
        buffers[i] = atheris.Mutate(buffers[i], len(buffers[i]) + 64)
    if chance.random() < 0.1:
        buffers = [*buffers, *chance.choice(TREES)[1]]
    return framed(node, buffers)[:most]


def main() -> None:
    """Seeds from valid messages, then libFuzzer until its time is over."""
    for name in ("seeds", "corpus"):
        (PLACE / name).mkdir(parents=True, exist_ok=True)
    for i, data in enumerate(FRAMES):
        (PLACE / "seeds" / f"{i:03}").write_bytes(data)
    arguments = [
        "-max_len=20000",
        "-timeout=10",
        "-rss_limit_mb=3000",
        f"-artifact_prefix={PLACE}/",
        "-print_final_stats=1",
    ]
    atheris.Setup(
        [sys.argv[0], *arguments, *sys.argv[1:], str(PLACE / "corpus"), str(PLACE / "seeds")],
        one_input,
        custom_mutator=mutator,
    )
    atheris.Fuzz()


if __name__ == "__main__":
    main()
