"""What the entries of a quiz's or lab's TOML file must look like; a mistake raises CourseError with place and mend."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograde.course import CourseError

NAME = re.compile(r"[a-z][a-z0-9_]*")


def read_toml(path: Path) -> dict[str, Any]:
    """The TOML file as a dict. Raises CourseError that names the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CourseError(f"{path}: not readable as TOML: {error}") from error


def as_lines(value: str | list[str]) -> list[str]:
    """One line or several: always a list."""
    return [value] if isinstance(value, str) else list(value)


def need_table(value: Any, here: str) -> None:
    """A table, with entries of its own."""
    if not isinstance(value, Mapping):
        raise CourseError(f"{here} is {value!r}: write a table, its [[heading]] and name = value lines below")


def need_known(table: Mapping[str, Any], known: Collection[str], here: str) -> None:
    """The table has no entry that is not known."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise CourseError(f'{here}: unknown entry "{unknown[0]}": known here are {", ".join(sorted(known))}')


def need_name(value: Any, here: str, mend: str) -> None:
    """An id of small letters, digits and underscores."""
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise CourseError(f"{here}: id is {value!r}: {mend} (small letters, digits and underscores)")


def need_text(value: Any, here: str, mend: str) -> None:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise CourseError(f"{here} is missing or empty: {mend}")


def need_points(value: Any, here: str) -> None:
    """A number of points above 0."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 100:
        raise CourseError(f"{here} is {value!r}: write a number above 0")


def named_tables(tables: Any, where: str, kind: str, none: str, name: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Each table of a list, with its place for messages (`where: kind "id"`); every id is there and is its own.

    none: what to say of an empty list; name: what the place calls a table, if it is not `kind`.
    """
    if not isinstance(tables, list) or not tables:
        raise CourseError(f"{where}: {none}")
    seen: set[str] = set()
    for number, table in enumerate(tables, start=1):
        need_table(table, f"{where}: {kind} {number}")
        need_name(table.get("id"), f"{where}: {kind} {number}", 'write id = "a_short_name"')
        here = f'{where}: {name or kind} "{table["id"]}"'
        if table["id"] in seen:
            raise CourseError(f"{here}: a second {kind} with this id: rename one")
        seen.add(table["id"])
        yield table, here


def need_lines(value: Any, here: str) -> None:
    """A line, or a list of lines, none of them empty."""
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) and line.strip() for line in lines):
        raise CourseError(f"{here} is missing or empty: write a line or a list of lines")


def need_patterns(value: Any, here: str) -> None:
    """Regular expressions that compile and do not match the empty text."""
    need_lines(value, here)
    for number, pattern in enumerate(as_lines(value), start=1):
        try:
            compiled = re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise CourseError(f"{here}: pattern {number}, {pattern!r}, is no regular expression: {error}") from None
        if compiled.search(""):
            raise CourseError(f"{here}: pattern {number}, {pattern!r}, matches the empty text: make it ask for a word")
