"""Figures that age, kept in data/facts.toml: `{{fact:colab_hours}}` in a lesson's prose becomes "12 h (2026-11)".

In code, `lesson.fact("t4_bandwidth")` gives the same figure as a number: the build writes the facts that a lesson asks
for beside its notebook, as facts.json.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from autograde.authoring.problems import Problem
from autograde.course import read_text
from autograde.facts import FACTS_FILE, Fact, used_facts, with_facts, with_facts_inside

__all__ = [
    "IN_CODE", "Fact", "code_facts_file", "facts_in_code", "read_facts", "used_facts", "with_facts", "with_facts_inside"
]  # fmt: skip

CALL = re.compile(r"""\blesson\.fact\(\s*["']([^"']*)["']\s*\)""")
DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
ENTRIES = ("value", "date", "source")
IN_CODE = "facts.json"  # beside the notebook


def read_facts(root: Path) -> tuple[dict[str, Fact], list[Problem]]:
    """The facts of the course in `root`, and what is wrong with their file. A course without the file has no facts."""
    path = root / FACTS_FILE
    if not path.is_file():
        return {}, []
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return {}, [Problem(FACTS_FILE, _line_of(error), f"not valid TOML: {error}", "mend the line")]
    facts, problems = {}, []
    for name, entry in data.items():
        wrong = _wrong_with(entry)
        if wrong:
            mend = f'write [{name}], then value = "12 h", date = "2026-11" and source = "…" below it'
            problems.append(Problem(FACTS_FILE, _table_line(text, name), f"fact {name!r}: {wrong}", mend))
        else:
            number = None if entry.get("number") is None else float(entry["number"])
            facts[name] = Fact(str(entry["value"]), str(entry["date"]), str(entry["source"]), number)
    return facts, problems


def _wrong_with(entry: Any) -> str:
    """What is wrong with one table of facts.toml ("" when nothing is)."""
    if not isinstance(entry, dict):
        return "not a table"
    missing = [key for key in ENTRIES if not str(entry.get(key, "")).strip()]
    if missing:
        return f"has no {' and no '.join(missing)}"
    unknown = sorted(set(entry) - {*ENTRIES, "number"})
    if unknown:
        return f"unknown entry {unknown[0]!r}"
    number = entry.get("number", 0)
    if isinstance(number, bool) or not isinstance(number, int | float):
        return f"number {number!r} is no number"
    return "" if DATE.fullmatch(str(entry["date"])) else f"date {entry['date']!r} is no date"


def facts_in_code(text: str) -> Iterator[tuple[int, str]]:
    """The facts that code asks for by `lesson.fact("…")`: (line counted from 0, name)."""
    for number, line in enumerate(text.splitlines()):
        for found in CALL.finditer(line):
            yield number, found[1]


def code_facts_file(names: Iterable[str], facts: dict[str, Fact]) -> str:
    """What `lesson.fact` reads: JSON of {name: {value, number, date, source}}."""
    chosen = {name: asdict(facts[name]) for name in names}
    return json.dumps(chosen, sort_keys=True, indent=1, ensure_ascii=False) + "\n"


def _table_line(text: str, name: str) -> int:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf'\s*(\[\s*"?{re.escape(name)}"?\s*\]|"?{re.escape(name)}"?\s*=)', line):
            return number
    return 1


def _line_of(error: tomllib.TOMLDecodeError) -> int:
    found = re.search(r"at line (\d+)", str(error))
    return int(found[1]) if found else 1
