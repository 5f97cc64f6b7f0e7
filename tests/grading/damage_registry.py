"""The registry of damages: what they are made of, and their names. damages.py fills it.

A damage takes the file of a right notebook as data and gives a damaged file. It never takes an answer away unless it
says so in `lost`; where it leaves two readings, `doubt` names the exercise.
"""

from __future__ import annotations

import copy
import functools
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lessons_answered import Answered

Raw = dict[str, Any]
Cell = dict[str, Any]


@dataclass
class Damaged:
    """A damaged file. says: patterns, each of which some note matches. lost: exercises whose answer is not in the file
    any more. doubt: exercises on which a person decides."""

    data: bytes
    says: list[str] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    doubt: set[str] = field(default_factory=set)


Damage = Callable[[Answered, random.Random], Damaged]
DAMAGES: dict[str, Damage] = {}


class Unfit(Exception):
    """The lesson has no cells for this damage: a module test has one answer, for example. It stays whole."""


def damage(name: str) -> Callable[[Damage], Damage]:
    def kept(made: Damage) -> Damage:
        @functools.wraps(made)
        def where_it_fits(lesson: Answered, rng: random.Random) -> Damaged:
            try:
                return made(lesson, rng)
            except Unfit:
                return Damaged(saved(raw_of(lesson)))

        DAMAGES[name] = where_it_fits
        return where_it_fits

    return kept


def some(found: list[int], rng: random.Random, many: int = 1) -> list[int]:
    """That many of the places, in a random order. Raises Unfit where there are fewer."""
    if len(found) < many:
        raise Unfit
    return rng.sample(found, many)


def raw_of(lesson: Answered) -> Raw:
    return copy.deepcopy(lesson.raw)


def saved(raw: Raw, **rest: Any) -> bytes:
    return json.dumps(raw, **rest).encode()


def name_of(cell: Cell) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def kind_of(cell: Cell) -> str:
    return str(cell["metadata"].get("measure_first", {}).get("kind", ""))


def of_kind(raw: Raw, *kinds: str) -> list[int]:
    return [n for n, cell in enumerate(raw["cells"]) if kind_of(cell) in kinds]


def pick(raw: Raw, rng: random.Random, *kinds: str) -> int:
    return rng.choice(of_kind(raw, *kinds))


def source(cell: Cell) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def code(text: str) -> Cell:
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": text}


def text(words: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": words}
