"""A time limit on Python code of this very process, for what runs at the judge itself."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

AGAIN = 1.0  # seconds between two rings, should code have caught the first


class OutOfTime(BaseException):
    """The time of a block is up. No Exception: code that catches those must not go on."""


@contextlib.contextmanager
def alarm(seconds: float) -> Iterator[None]:
    """Raise OutOfTime in a block of Python that takes longer, and again each second until the block is left.

    In the main thread only; a call into C is not interrupted before it returns.
    """
    running = True

    def ring(_: int, __: FrameType | None) -> None:
        if running:
            raise OutOfTime

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN)
    try:
        yield
    finally:
        running = False  # a ring while this is being undone is for nobody
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
