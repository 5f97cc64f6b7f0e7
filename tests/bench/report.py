"""Figures as a table on the terminal and as JSON in build/bench/, with the machine and the date."""

from __future__ import annotations

import datetime
import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "build" / "bench"


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Rows in Markdown, a column for each key."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    lines = [heads, ["---"] * len(heads), *[[str(row.get(head, "")) for head in heads] for row in rows]]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def save(name: str, rows: Sequence[dict[str, Any]]) -> None:
    """Keep the rows of one benchmark."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()} {platform.release()}"
    versions = {package: version(package) for package in ("torch", "nbgrader")} | {"python": platform.python_version()}
    kept = {"date": datetime.date.today().isoformat(), "machine": machine, "versions": versions, "rows": list(rows)}
    (FOLDER / f"{name}.json").write_text(json.dumps(kept, indent=1), encoding="utf-8")
    print(f"{machine}; {versions}; kept in {FOLDER / name}.json")


def mebibytes(size: int) -> int:
    """Bytes as whole MiB."""
    return round(size / 2**20)
