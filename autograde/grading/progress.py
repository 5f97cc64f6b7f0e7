"""How a batch is going: a live bar in a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import sys
import time
from typing import Any, TextIO

EVERY = 5.0  # seconds between two lines where there is no terminal


class Progress:
    """Counts submissions as they are done. `total`: how many there are; `ready`: how many of them were done before."""

    def __init__(self, total: int, stream: TextIO | None = None) -> None:
        self.total, self.stream = total, stream or sys.stderr
        self.done = self.failed = self.anew = 0
        self.started = self.said = time.monotonic()
        self._bar: Any = None
        if self.stream.isatty():
            from tqdm import tqdm

            shown = "{desc}: {n_fmt}/{total_fmt} |{bar}| {elapsed}, {remaining} left{postfix}"
            self._bar = tqdm(total=total, desc="grading", file=self.stream, mininterval=0.2, bar_format=shown)

    def step(self, failed: bool, anew: bool = True) -> None:
        """One more is done. failed: it could not be graded. anew: it took work, so it counts for the rate."""
        self.done, self.failed, self.anew = self.done + 1, self.failed + failed, self.anew + anew
        if self._bar is not None:
            self._bar.set_postfix_str(self._more(), refresh=False)
            self._bar.update()
        elif time.monotonic() - self.said >= EVERY:
            self.said = time.monotonic()
            print(f"grading: {self.done} of {self.total}, {self._more()}{self._left()}", file=self.stream, flush=True)

    def _more(self) -> str:
        seconds = time.monotonic() - self.started
        rate = f", {self.anew / seconds:.1f} a second" if self.anew and seconds > 0 else ""
        return f"{self.failed} could not be graded{rate}"

    def _left(self) -> str:
        seconds = time.monotonic() - self.started
        if not self.anew:
            return ""
        left = (self.total - self.done) * seconds / self.anew
        return f", about {left:.0f} s left" if left < 100 else f", about {left / 60:.0f} minutes left"

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.close()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
