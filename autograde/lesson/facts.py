"""Figures that age (peaks of GPUs, prices) as numbers for a lesson's code; the course keeps them in data/facts.toml."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson.place import find_file
from autograde.lesson.trouble import LessonError

FILE = "facts.json"


@dataclass(frozen=True)
class Fact:
    """A figure, the text that a person reads, when it was true, and where it was read."""

    number: float
    value: str
    date: str
    source: str

    def __str__(self) -> str:
        return f"{self.value} ({self.date})"


def fact(name: str) -> Fact:
    """The fact `name` of this lesson: `.number` in SI units (or the currency that its text names), `.date`, `.source`.

    Raises LessonError for a name that the lesson has no file entry for, or where the file is missing.
    """
    known = _read(find_file(FILE))
    if name not in known:
        raise LessonError(f"there is no fact {name!r} in this lesson: there is {', '.join(sorted(known))}.")
    return Fact(**known[name])


@functools.lru_cache(maxsize=4)
def _read(path: Path) -> dict[str, dict[str, Any]]:
    """The file's entries, read once."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise LessonError(f"{path.name} cannot be read ({error}). Run the setup cell at the top again.") from error
    return dict(found)
