"""A lab as its author writes it (TOML), checked, and sealed into what the student's notebook reads (JSON)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograde.course import CourseError
from autograde.lesson.quiz_text import NAME, read_toml
from autograde.lesson.seal import seal

FORMAT = 1
# What the student may read, in the order of the file. recommendation_model is not among them, nor is the rubric.
CLEAR = ("id", "title", "situation", "role", "partner", "opening", "points", "recommendation_points", "exchanges")
LINES = (
    "off_topic", "too_short", "closing", "it_depends", "question_back", "repetition", "hostile", "echo", "challenge"
)  # fmt: skip
LAB_KEYS = {*CLEAR, *LINES, "recommendation_model", "rubric"}
REQUIRED_TEXTS = ("title", "situation", "role", "opening", "recommendation_model")
REQUIRED_LINES = ("off_topic", "too_short", "closing")
RUBRIC_KEYS = {"id", "points", "asks", "signals", "vague", "press", "acknowledge", "number", "sides"}


def read_lab(path: Path) -> dict[str, Any]:
    """The lab in a TOML file, checked. Raises CourseError that names the file, the rubric point and the mend."""
    lab = read_toml(path)
    validate_lab(lab, str(path))
    return lab


def seal_lab(lab: Mapping[str, Any], where: str = "lab") -> dict[str, Any]:
    """What the student's lab file holds: situation, persona and lines in clear, the rubric in one seal.

    The model recommendation is left out: nothing that a student runs needs it. See autograde.lesson.seal for what the
    seal protects and what not.
    """
    validate_lab(lab, where)
    clear = {name: lab[name] for name in CLEAR if name in lab}
    lines = {name: as_lines(lab[name]) for name in LINES if name in lab}
    rubric = json.dumps(lab["rubric"], ensure_ascii=False, sort_keys=True)
    return {"format": FORMAT, **clear, "lines": lines, "rubric": seal(rubric, lab_key(lab["id"]))}


def lab_key(lab_id: str) -> str:
    """The text that a lab's rubric is sealed under."""
    return f"lab/{lab_id}/rubric"


def as_lines(value: str | list[str]) -> list[str]:
    """One line or several: always a list."""
    return [value] if isinstance(value, str) else list(value)


def validate_lab(lab: Mapping[str, Any], where: str) -> None:
    """Raise CourseError for the first mistake in a lab: `where: what is wrong: the mend`."""
    unknown = sorted(set(lab) - LAB_KEYS)
    if unknown:
        raise CourseError(f'{where}: unknown entry "{unknown[0]}": known here are {", ".join(sorted(LAB_KEYS))}')
    _identifier(lab.get("id"), where, 'write id = "lab_1"')
    for name in REQUIRED_TEXTS:
        _text(lab.get(name), f"{where}: {name}", f'write {name} = "…"')
    partner = lab.get("partner")
    if not isinstance(partner, Mapping):
        raise CourseError(f"{where}: no partner: add a [partner] table with name and persona")
    for name in ("name", "persona"):
        _text(partner.get(name), f"{where}: partner: {name}", f'write {name} = "…"')
    for name in ("points", "recommendation_points"):
        _points(lab.get(name), f"{where}: {name}")
    exchanges = lab.get("exchanges", 3)
    if isinstance(exchanges, bool) or not isinstance(exchanges, int) or not 1 <= exchanges <= 20:
        raise CourseError(f"{where}: exchanges is {exchanges!r}: write a whole number from 1 to 20")
    for name in LINES:
        if name in lab or name in REQUIRED_LINES:
            _lines(lab.get(name), f"{where}: {name}")
    rubric = lab.get("rubric")
    if not isinstance(rubric, list) or not rubric:
        raise CourseError(f"{where}: no rubric: add a [[rubric]] table for each thing a good answer covers")
    seen: set[str] = set()
    for number, point in enumerate(rubric, start=1):
        _identifier(point.get("id"), f"{where}: rubric point {number}", 'write id = "a_short_name"')
        here = f'{where}: rubric "{point["id"]}"'
        if point["id"] in seen:
            raise CourseError(f"{here}: a second point with this id: rename one")
        seen.add(point["id"])
        _validate_point(point, here)


def _validate_point(point: Mapping[str, Any], here: str) -> None:
    unknown = sorted(set(point) - RUBRIC_KEYS)
    if unknown:
        raise CourseError(f'{here}: unknown entry "{unknown[0]}": known here are {", ".join(sorted(RUBRIC_KEYS))}')
    _points(point.get("points"), f"{here}: points")
    _text(point.get("asks"), f"{here}: asks", 'write asks = "what a good answer covers"')
    _lines(point.get("acknowledge"), f"{here}: acknowledge")
    _lines(point.get("press"), f"{here}: press")
    if len(as_lines(point["press"])) < 2:
        raise CourseError(f"{here}: press: one question only: write at least 2, so that the partner can rephrase")
    _patterns(point.get("signals"), f"{here}: signals")
    if "vague" in point:
        _patterns(point["vague"], f"{here}: vague")
    if "sides" in point:
        _patterns(point["sides"], f"{here}: sides")
        if len(as_lines(point["sides"])) < 2:
            raise CourseError(f"{here}: sides: one pattern only: write one for each of the opposite positions")
    if "number" in point:
        _text(point["number"], f"{here}: number", 'write number = "weeks of work", the number that you want')


def _identifier(value: Any, here: str, mend: str) -> None:
    if not isinstance(value, str) or not NAME.fullmatch(value):
        raise CourseError(f"{here}: id is {value!r}: {mend} (small letters, digits and underscores)")


def _text(value: Any, here: str, mend: str) -> None:
    if not isinstance(value, str) or not value.strip():
        raise CourseError(f"{here} is missing or empty: {mend}")


def _points(value: Any, here: str) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 100:
        raise CourseError(f"{here} is {value!r}: write a number above 0")


def _lines(value: Any, here: str) -> None:
    lines = [value] if isinstance(value, str) else value
    if not isinstance(lines, list) or not lines or not all(isinstance(line, str) and line.strip() for line in lines):
        raise CourseError(f"{here} is missing or empty: write a line or a list of lines")


def _patterns(value: Any, here: str) -> None:
    _lines(value, here)
    for number, pattern in enumerate(as_lines(value), start=1):
        try:
            compiled = re.compile(pattern, re.IGNORECASE)
        except re.error as error:
            raise CourseError(f"{here}: pattern {number}, {pattern!r}, is no regular expression: {error}") from None
        if compiled.search(""):
            raise CourseError(f"{here}: pattern {number}, {pattern!r}, matches the empty text: make it ask for a word")
