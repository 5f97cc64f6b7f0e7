"""The places that texts keep for figures that age: `{{fact:colab_hours}}` becomes "12 h (2026-11)".

`{{fact:colab_hours.value}}` is the figure alone, for an option of a quiz that must look like the others; then the date
stands in the question, as `{{fact:colab_hours.date}}`. `{{fact:t4_fp16.number}}` is the number, for a sum in a lab.
autograde.authoring.facts checks data/facts.toml; here the figures are only put into their places.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FACTS_FILE = "data/facts.toml"
PLACE = re.compile(r"\{\{\s*fact:\s*([^{}]*?)\s*\}\}")
PARTS = ("value", "date", "number")


@dataclass(frozen=True)
class Fact:
    """A figure with the day, month or year on which it was true, and where it was read."""

    value: str
    date: str
    source: str
    number: float | None = None  # in SI units (FLOP/s, bytes/s, seconds) or the currency that `value` names, for code

    def __str__(self) -> str:
        return f"{self.value} ({self.date})"

    def part(self, name: str) -> str:
        """The figure as a text: "value" or "date" alone, "number", and "" for value and date."""
        if not name:
            return str(self)
        return f"{self.number:.15g}" if name == "number" and self.number is not None else str(getattr(self, name))


def name_and_part(place: str) -> tuple[str, str]:
    """What stands in a place: the fact's name, and which part of it is wanted ("" for value and date)."""
    name, _, part = place.partition(".")
    return (name, part) if part in PARTS else (place, "")


def used_facts(text: str) -> Iterator[tuple[int, str]]:
    """The facts that a text asks for: (line counted from 0, name)."""
    for number, line in enumerate(text.splitlines()):
        for found in PLACE.finditer(line):
            yield number, name_and_part(found[1])[0]


def with_facts(text: str, facts: Mapping[str, Fact]) -> str:
    """The text with each known fact in its place (unknown ones stay: the build's rules report them)."""

    def shown(found: re.Match[str]) -> str:
        name, part = name_and_part(found[1])
        return facts[name].part(part) if name in facts else found[0]

    return PLACE.sub(shown, text)


def with_facts_inside(data: Any, facts: Mapping[str, Fact]) -> Any:
    """The same for every string of a quiz's or lab's data."""
    if isinstance(data, str):
        return with_facts(data, facts)
    if isinstance(data, list):
        return [with_facts_inside(entry, facts) for entry in data]
    if isinstance(data, dict):
        return {key: with_facts_inside(entry, facts) for key, entry in data.items()}
    return data


def facts_beside(path: Path) -> dict[str, Fact]:
    """The facts of the course in whose folder `notebooks/` a quiz's or lab's file lies; none where there is no such.

    Entries that are not in order are left out: the build says what is wrong with them.
    """
    file = path.resolve().parent.parent / FACTS_FILE
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}
    facts = {}
    for name, entry in data.items():
        if isinstance(entry, dict) and all(isinstance(entry.get(part), str) for part in ("value", "date", "source")):
            number = entry.get("number")
            known = float(number) if isinstance(number, int | float) else None
            facts[name] = Fact(entry["value"], entry["date"], entry["source"], known)
    return facts
