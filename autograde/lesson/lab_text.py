"""A lab as its author writes it (TOML), checked, and sealed into what the student's notebook reads (JSON)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograde.course import CourseError
from autograde.facts import facts_beside, with_facts_inside
from autograde.lesson.entries import (
    as_lines,
    named_tables,
    need_known,
    need_lines,
    need_name,
    need_patterns,
    need_points,
    need_table,
    need_text,
    read_toml,
)
from autograde.lesson.expected import read_expectation
from autograde.lesson.seal import seal

FORMAT = 1
# What the student may read, in the order of the file. recommendation_model is not among them, nor is the rubric.
CLEAR = ("id", "title", "situation", "role", "partner", "opening", "points", "recommendation_points", "exchanges")
LINES = (
    "off_topic", "too_short", "closing", "it_depends", "question_back", "repetition", "hostile", "echo", "challenge",
    "injection",
)  # fmt: skip
LAB_KEYS = {*CLEAR, *LINES, "recommendation_model", "rubric"}
REQUIRED_TEXTS = ("title", "situation", "role", "opening", "recommendation_model")
REQUIRED_LINES = ("off_topic", "too_short", "closing")
RUBRIC_KEYS = {"id", "points", "asks", "signals", "vague", "press", "acknowledge", "number", "sides", "expects"}


def read_lab(path: Path) -> dict[str, Any]:
    """The lab in a TOML file, checked. Raises CourseError that names the file, the rubric point and the mend."""
    lab = with_facts_inside(read_toml(path), facts_beside(path))
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


def validate_lab(lab: Mapping[str, Any], where: str) -> None:
    """Raise CourseError for the first mistake in a lab: `where: what is wrong: the mend`."""
    need_known(lab, LAB_KEYS, where)
    need_name(lab.get("id"), where, 'write id = "lab_1"')
    for name in REQUIRED_TEXTS:
        need_text(lab.get(name), f"{where}: {name}", f'write {name} = "…"')
    partner = lab.get("partner")
    if not isinstance(partner, Mapping):
        raise CourseError(f"{where}: no partner: add a [partner] table with name and persona")
    for name in ("name", "persona"):
        need_text(partner.get(name), f"{where}: partner: {name}", f'write {name} = "…"')
    for name in ("points", "recommendation_points"):
        need_points(lab.get(name), f"{where}: {name}")
    exchanges = lab.get("exchanges", 3)
    if isinstance(exchanges, bool) or not isinstance(exchanges, int) or not 1 <= exchanges <= 20:
        raise CourseError(f"{where}: exchanges is {exchanges!r}: write a whole number from 1 to 20")
    for name in LINES:
        if name in lab or name in REQUIRED_LINES:
            need_lines(lab.get(name), f"{where}: {name}")
    none = "no rubric: add a [[rubric]] table for each thing a good answer covers"
    for point, here in named_tables(lab.get("rubric"), where, "rubric point", none, name="rubric"):
        _validate_point(point, here)


def _validate_point(point: Mapping[str, Any], here: str) -> None:
    need_known(point, RUBRIC_KEYS, here)
    need_points(point.get("points"), f"{here}: points")
    need_text(point.get("asks"), f"{here}: asks", 'write asks = "what a good answer covers"')
    need_lines(point.get("acknowledge"), f"{here}: acknowledge")
    need_lines(point.get("press"), f"{here}: press")
    if len(as_lines(point["press"])) < 2:
        raise CourseError(f"{here}: press: one question only: write at least 2, so that the partner can rephrase")
    need_patterns(point.get("signals"), f"{here}: signals")
    if "vague" in point:
        need_patterns(point["vague"], f"{here}: vague")
    if "sides" in point:
        need_patterns(point["sides"], f"{here}: sides")
        if len(as_lines(point["sides"])) < 2:
            raise CourseError(f"{here}: sides: one pattern only: write one for each of the opposite positions")
    if "number" in point:
        need_text(point["number"], f"{here}: number", 'write number = "weeks of work", the number that you want')
    if "expects" in point:
        need_table(point["expects"], f"{here}: expects")
        read_expectation(point["expects"], f"{here}: expects")
