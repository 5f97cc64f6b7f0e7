"""Damage to where things stand: answers in other cells, merged, retyped, moved."""

from __future__ import annotations

import copy
import random

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


@damage("an answer written in a cell of its own")
def own_cell(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "exercise")
    answer = "\n".join(source(raw["cells"][n]).splitlines()[1:])
    raw["cells"][n]["source"] = lesson.release.cells[n].source
    raw["cells"].insert(n + 1, code(answer))
    return Damaged(saved(raw), [f"^The answer to {name_of(raw['cells'][n])} stood in another cell"])


@damage("an answer written into its check's cell")
def in_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "exercise")
    answer, name = source(raw["cells"][n]), name_of(raw["cells"][n])
    raw["cells"][n]["source"] = lesson.release.cells[n].source
    check = next(m for m in range(n, len(raw["cells"])) if kind_of(raw["cells"][m]) == "check")
    raw["cells"][check]["source"] = answer + "\n" + source(raw["cells"][check])
    return Damaged(saved(raw), [f"cells .*{name}.* had been merged"])


@damage("two exercises merged")
def merged(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    places = of_kind(raw, "exercise")
    (first,) = some(list(range(len(places) - 1)), rng)
    a, b = raw["cells"][places[first]], raw["cells"][places[first + 1]]
    a["source"] = source(a) + "\n\n" + source(b)
    raw["cells"].remove(b)
    return Damaged(saved(raw), [f"^The cells {name_of(a)}, {name_of(b)} had been merged"])


@damage("two exercises merged, the later one first, imports above")
def merged_backwards(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    a, b = sorted(some(of_kind(raw, "exercise"), rng, 2))
    first, second = raw["cells"][a], raw["cells"][b]
    second["source"] = source(second) + "\n\n" + source(first)
    raw["cells"].remove(first)
    return Damaged(saved(raw), ["had been merged into one"])


@damage("an exercise merged with its check")
def merged_with_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    near = [n for n in of_kind(raw, "exercise") if kind_of(raw["cells"][n + 1]) == "check"]
    (n,) = some(near, rng)
    check = raw["cells"].pop(n + 1)
    raw["cells"][n]["source"] = source(raw["cells"][n]) + "\n\n" + source(check)
    return Damaged(saved(raw), [f"^The cells {name_of(raw['cells'][n])}, {name_of(check)} had been merged"])


@damage("a written answer merged with the prose above it")
def merged_prose(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    places = [n for n in of_kind(raw, "written") if kind_of(raw["cells"][n - 1]) == "prose"]
    if not places:
        return Damaged(saved(raw))
    n = rng.choice(places)
    answer = raw["cells"].pop(n)
    raw["cells"][n - 1]["source"] = source(raw["cells"][n - 1]) + "\n\n" + source(answer)
    return Damaged(saved(raw), [f"^The answer to {name_of(answer)} stood in a cell without its name"])


@damage("an exercise retyped to Markdown")
def retyped_markdown(lesson: Answered, rng: random.Random) -> Damaged:
    return _retyped(lesson, rng, "markdown", "Markdown")


@damage("an exercise retyped to raw")
def retyped_raw(lesson: Answered, rng: random.Random) -> Damaged:
    return _retyped(lesson, rng, "raw", "raw")


def _retyped(lesson: Answered, rng: random.Random, kind: str, said: str) -> Damaged:
    raw = raw_of(lesson)
    cell = raw["cells"][pick(raw, rng, "exercise")]
    cell["cell_type"] = kind
    cell.pop("outputs"), cell.pop("execution_count")
    return Damaged(saved(raw), [f"^The cell {name_of(cell)} had become a {said} cell"])


@damage("a written answer retyped to code")
def retyped_written(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    if not of_kind(raw, "written"):
        return Damaged(saved(raw))
    cell = raw["cells"][pick(raw, rng, "written")]
    cell |= {"cell_type": "code", "outputs": [], "execution_count": None}
    return Damaged(saved(raw), [f"^The cell {name_of(cell)} was no text cell any more"])


@damage("an exercise moved to the end")
def moved_end(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    (place,) = some(of_kind(raw, "exercise")[:-1], rng)
    cell = raw["cells"].pop(place)
    raw["cells"].append(cell)
    return Damaged(saved(raw), [f"{name_of(cell)} .*in its own place"])


@damage("all cells shuffled")
def shuffled(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    rng.shuffle(raw["cells"])
    return Damaged(saved(raw), ["stood elsewhere"])


@damage("a cell copied with its metadata and rewritten")
def copied_and_rewritten(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    n = pick(raw, rng, "demo", "fixture")
    mine = "def my_table(rows):\n    for row in rows:\n        print('|', *row)\n\n\nmy_table([(1, 2)])"
    raw["cells"].insert(n + 1, copy.deepcopy(raw["cells"][n]) | {"id": "twin", "source": mine})
    return Damaged(saved(raw))
