"""Memory gathered into huge pages is the same memory, and a fork of it costs less."""

from __future__ import annotations

import os
import resource

import pytest
from test_wall_runner import in_fork

from autograde.wall import pages


def _fork_seconds(times: int = 5) -> float:
    """Processor time of a fork that does nothing, here and there, in seconds; the least of some."""
    found = []
    for _ in range(times):
        before = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        after = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        found.append(sum(b.ru_stime - a.ru_stime for a, b in zip(before, after, strict=True)))
    return min(found)


def _measured() -> list[float]:
    much = [bytearray(bytes([n]) * (1 << 20)) for n in range(100)]
    copy = [bytes(part[:100]) for part in much]
    before = _fork_seconds()
    gathered = pages.gather()
    assert [bytes(part[:100]) for part in much] == copy
    return [gathered, before, _fork_seconds()]


def test_a_fork_costs_less_once_memory_is_gathered() -> None:
    gathered, before, after = in_fork(_measured)
    if not gathered:
        pytest.skip("this kernel does not gather memory on request")
    assert after < before


def test_where_it_cannot_be_done_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages.sys, "platform", "darwin")
    assert pages.gather() == 0
