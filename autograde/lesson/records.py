"""What a lesson measured on this machine, for the table in docs/gpu.md: the headless run asks for it at the end."""

from __future__ import annotations

from typing import Any

_records: list[dict[str, Any]] = []


def record(what: str, measured: float, predicted: float | None = None, unit: str = "") -> None:
    """Keep a figure of this run. what: "MFU" for the share of a promise, else what a reader of the table will know.

    It prints nothing and decides nothing; a figure that is recorded again replaces the one before.
    """
    _records[:] = [kept for kept in _records if kept["what"] != what]
    _records.append({"what": what, "measured": float(measured), "predicted": predicted, "unit": unit})


def recorded() -> list[dict[str, Any]]:
    """What was recorded since the kernel started, in order."""
    return [dict(kept) for kept in _records]
