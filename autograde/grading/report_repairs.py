"""The report's list of what was put right in submissions before they were graded, with what speaks for each repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape

from autograde.grading.repairs import UNCLEAR, Repair
from autograde.grading.scores import Row

OPEN_LIST = 10  # submissions; a longer list is folded


def put_right(rows: Sequence[Row]) -> str:
    """A list of submissions with their repairs, those first on which a person decides; "" where there is none."""
    mended = sorted((row for row in rows if row.record.repairs), key=lambda row: -_unclear(row))
    if not mended:
        return ""
    items = "".join(
        f"<li><strong>{escape(row.student)}</strong>, {escape(row.lesson)}"
        f"<ul>{''.join(f'<li>{_one(repair)}</li>' for repair in row.record.repairs)}</ul></li>"
        for row in mended
    )
    listed = f'<ul class="plain">{items}</ul>'
    if len(mended) > OPEN_LIST:
        listed = f"<details><summary>{_counted(mended)}</summary>{listed}</details>"
    return f"<section><h2>Put right before grading</h2>{listed}</section>"


def _unclear(row: Row) -> int:
    return sum(repair.confidence == UNCLEAR for repair in row.record.repairs)


def _one(repair: Repair) -> str:
    grounds = f" <small>({escape(repair.grounds)})</small>" if repair.grounds else ""
    return f"{escape(repair.said)}{grounds}"


def _counted(rows: Sequence[Row]) -> str:
    """How many submissions had what."""
    kinds = Counter(kind for row in rows for kind in {repair.kind for repair in row.record.repairs})
    return escape(f"{len(rows)} submissions: " + ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items())))
