"""Measured time and memory: kept out of the products, which are the same at every run, and told apart from them."""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from autograde.grading.cells import ours


@dataclass(frozen=True)
class Timings:
    """What grading a submission took. seconds: from reading it to its result; floor: the sum of its cells' own time.

    Cells that took no time of this submission's are not in `floor`: the lesson's first ones, which are run once for all
    submissions, and those whose result is known from an earlier run.
    peak_bytes: the most memory that the student's processes held; 0: not measured.
    """

    seconds: float = 0.0
    floor: float = 0.0
    peak_bytes: int = 0


def take_timings(nb: NotebookNode) -> Timings:
    """Take what was measured out of a judged notebook. `seconds` is left to the caller."""
    every, peak = 0.0, 0
    for cell in nb.cells:
        run = ours(cell).get("run", {})
        every += float(run.pop("seconds", 0.0))
        peak = max(peak, int(run.pop("peak_bytes", 0)))
        ours(cell).get("outcome", {}).pop("seconds", None)
    floor = float((ours(nb).pop("run", None) or {}).get("cell_seconds", every))
    for outcome in ours(nb).get("outcomes", []):
        outcome.pop("seconds", None)
    return Timings(0.0, round(floor, 3), peak)
