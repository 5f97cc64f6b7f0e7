"""Damage to cells: deleted, changed, copied, split."""

from __future__ import annotations

import copy
import json
import random
import re

from damage_registry import (
    Damaged,
    code,
    damage,
    kind_of,
    name_of,
    of_kind,
    pick,
    raw_of,
    saved,
    some,
    source,
)
from lessons_answered import Answered


@damage("a check deleted")
def deleted_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    gone = raw["cells"].pop(pick(raw, rng, "check"))
    return Damaged(saved(raw), [f"^The cell {name_of(gone)} was missing; it was put back"])


@damage("a line added to a fixture")
def longer_fixture(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    cell = raw["cells"][rng.choice([n for n in of_kind(raw, "fixture") if len(source(raw["cells"][n])) > 60])]
    cell["source"] = source(cell) + "\nprint('changed')"
    return Damaged(saved(raw), [f"^The cell {name_of(cell)} held lines of yours"])


@damage("a line of a check changed")
def changed_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    cell = raw["cells"][pick(raw, rng, "check")]
    lines = source(cell).splitlines()
    lines[rng.randrange(1, len(lines))] = "pass"
    cell["source"] = "\n".join(lines)
    return Damaged(saved(raw), [f"^The cell {name_of(cell)} had been changed"])


@damage("all checks and fixtures deleted")
def no_locked(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    raw["cells"] = [cell for cell in raw["cells"] if kind_of(cell) not in ("check", "fixture", "setup", "settings")]
    return Damaged(saved(raw), ["was missing; it was put back"])


@damage("an answer deleted")
def deleted_answer(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    gone = raw["cells"].pop(pick(raw, rng, "exercise", "written"))
    return Damaged(saved(raw), [f"^The cell {name_of(gone)} was missing, so there is no answer"], {name_of(gone)})


@damage("an exercise copied, unchanged")
def copied(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    twin = copy.deepcopy(raw["cells"][pick(raw, rng, "exercise")]) | {"id": "twin"}
    raw["cells"].insert(rng.randrange(len(raw["cells"])), twin)
    return Damaged(saved(raw), [f"^The cell {name_of(twin)} was there 2 times"])


@damage("an exercise copied, the copy as it was handed out")
def copied_stub(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "exercise")
    twin = copy.deepcopy(raw["cells"][n]) | {"id": "twin"}
    twin["source"] = lesson.release.cells[n].source
    raw["cells"].insert(rng.randrange(len(raw["cells"])), twin)
    return Damaged(saved(raw), [f"^The cell {name_of(twin)} was there 2 times"])


@damage("two different answers to one exercise")
def two_answers(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "exercise")
    cell = raw["cells"][n]
    earlier = copy.deepcopy(cell) | {"id": "twin", "source": _otherwise(source(cell))}
    raw["cells"].insert(n, earlier)
    name = name_of(cell)
    return Damaged(saved(raw), [f"^The cell {name} was there 2 times, with 2 different answers"], doubt={name})


@damage("an unresolved merge conflict")
def conflict(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "exercise")
    name, cells = name_of(raw["cells"][n]), [json.dumps(cell, indent=1) for cell in raw["cells"]]
    theirs = json.dumps(raw["cells"][n] | {"source": _otherwise(source(raw["cells"][n]))}, indent=1)
    cells[n] = f"<<<<<<< HEAD\n{theirs},\n=======\n{cells[n]}\n>>>>>>> origin/main\n"
    data = '{"cells": [' + ",\n".join(cells) + '], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    return Damaged(data.encode(), ["was damaged", f"^The cell {name} was there 2 times"], doubt={name})


def _otherwise(answer: str) -> str:
    """Another answer that defines the same names: each value a tuple of itself, each body with a line more."""
    made = re.sub(r"^(\w+) = (.*)$", r"\1 = (0, \2", answer, flags=re.MULTILINE)
    if made != answer:
        return re.sub(r"^(\w+) = .*(?:\n(?!\w+ =).*)*", r"\1 = 'a first try'", answer, flags=re.MULTILINE)
    return re.sub(r"^(\s+)(return|self\.)", r"\1earlier = 1\n\1\2", answer, count=1, flags=re.MULTILINE)


@damage("an answer split in two, both with its metadata")
def split(lesson: Answered, rng: random.Random) -> Damaged:
    return _split(lesson, rng, "metadata")


@damage("an answer split in two, the second part without metadata")
def split_bare(lesson: Answered, rng: random.Random) -> Damaged:
    return _split(lesson, rng, "bare")


@damage("an answer split in two, the second part at the end")
def split_end(lesson: Answered, rng: random.Random) -> Damaged:
    return _split(lesson, rng, "end")


def _split(lesson: Answered, rng: random.Random, how: str) -> Damaged:
    """Cut an answer between two of its functions."""
    raw = raw_of(lesson)
    places = [n for n in of_kind(raw, "exercise") if len(_cuts(source(raw["cells"][n]))) > 1]
    if not places:
        return Damaged(saved(raw))
    n = rng.choice(places)
    cell, lines = raw["cells"][n], source(raw["cells"][n]).splitlines()
    at = rng.choice(_cuts(source(cell))[1:])
    second = code("\n".join(lines[at:]))
    cell["source"] = "\n".join(lines[:at])
    if how == "metadata":
        second |= {"metadata": copy.deepcopy(cell["metadata"]), "id": "second"}
    raw["cells"].insert(len(raw["cells"]) if how == "end" else n + 1, second)
    return Damaged(saved(raw), [] if how == "bare" else [f"^The answer to {name_of(cell)} was split"])


def _cuts(answer: str) -> list[int]:
    """The lines at which a function or class begins."""
    return [n for n, line in enumerate(answer.splitlines()) if re.match(r"(def|class) ", line)]


@damage("what an answer needs in a cell at the end")
def needed_below(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    places = [n for n in of_kind(raw, "exercise") if _cuts(source(raw["cells"][n]))]
    (place,) = some(places, rng)
    cell = raw["cells"][place]
    cell["source"] = source(cell) + "\n\n\ndef called():\n    return my_own_part()"
    raw["cells"].append(code("def my_own_part():\n    return math.pi"))
    raw["cells"].append(code("import math"))
    made = Damaged(saved(raw), [f"^What {name_of(cell)} needs \\(my_own_part\\) stood in another cell"])
    return made
