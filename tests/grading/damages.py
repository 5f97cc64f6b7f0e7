"""Every kind of damage that a notebook takes on its way, as a registry: a name, what does it, what has to be said.

A damage takes the file of a right notebook as data and gives a damaged file. It never takes an answer away unless it
says so in `lost`; where it leaves two readings, `doubt` is True.
"""

from __future__ import annotations

import copy
import json
import random
import re
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


def damage(name: str) -> Callable[[Damage], Damage]:
    def kept(made: Damage) -> Damage:
        DAMAGES[name] = made
        return made

    return kept


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


# The file


@damage("one line")
def one_line(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved(lesson.raw, separators=(",", ":")))


@damage("source as one text")
def one_text(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        cell["source"] = source(cell)
    return Damaged(saved(raw))


@damage("byte order mark")
def byte_order_mark(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(b"\xef\xbb\xbf" + saved(lesson.raw))


@damage("UTF-16")
def utf_16(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(json.dumps(lesson.raw, ensure_ascii=False).encode("utf-16"), ["saved as UTF-16"])


@damage("CRLF in the file and in the texts")
def crlf(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        cell["source"] = source(cell).replace("\n", "\r\n")
    return Damaged(saved(raw, indent=1).replace(b"\n", b"\r\n"))


@damage("a byte that is no UTF-8")
def invalid_utf_8(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    raw["cells"].append(text("caf\u00e9 MARK"))
    data = json.dumps(raw, ensure_ascii=False).encode().replace("caf\u00e9 MARK".encode(), b"caf\xe9 MARK")
    return Damaged(data, ["not saved as UTF-8"])


@damage("trailing commas")
def trailing_commas(lesson: Answered, rng: random.Random) -> Damaged:
    data = saved(lesson.raw, indent=1)
    return Damaged(re.sub(rb"([}\]])(\n\s*[}\]])", rb"\1,\2", data))


@damage("missing commas")
def missing_commas(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved(lesson.raw, indent=1).replace(b"},\n  {", b"}\n  {"))


@damage("line ends inside texts")
def raw_line_ends(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved(lesson.raw, indent=1).replace(b'\\n",\n', b'\n",\n'), ["was damaged"])


@damage("something behind the end")
def behind_the_end(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved(lesson.raw) + b"\n}\n<html>", ["was damaged"])


@damage("cut off")
def cut_off(lesson: Answered, rng: random.Random) -> Damaged:
    data = saved(lesson.raw, indent=1)
    at = rng.randrange(len(data) // 8, len(data) - 800)
    return Damaged(data[:at], ["cut off|end is missing"], cut_away(lesson.raw, at))


def cut_away(raw: Raw, at: int) -> set[str]:
    """The answers that are not whole in the first `at` bytes of `saved(raw, indent=1)`."""
    lost = set()
    for number, cell in enumerate(raw["cells"]):
        if kind_of(cell) in ("exercise", "written"):
            data = saved(raw | {"cells": raw["cells"][: number + 1]}, indent=1)
            if at < data.rindex(b"\n   ]\n  }"):  # the end of the last cell's source, which is its last key
                lost.add(name_of(cell))
    return lost


@damage("format 3")
def format_3(lesson: Answered, rng: random.Random) -> Damaged:
    raw, cells = raw_of(lesson), []
    for cell in raw["cells"]:
        old = {"cell_type": cell["cell_type"], "metadata": cell["metadata"]}
        code_cell = cell["cell_type"] == "code"
        cells.append(
            old
            | (
                {"input": cell["source"], "outputs": [], "language": "python"}
                if code_cell
                else {"source": cell["source"]}
            )
        )
    sheets = [{"cells": cells, "metadata": {}}]
    return Damaged(saved({"metadata": {"name": ""}, "nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}))


@damage("a newer minor version")
def newer(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved(raw_of(lesson) | {"nbformat_minor": 9, "extra": {"a": [1]}}))


@damage("no notebook metadata, no version")
def no_metadata(lesson: Answered, rng: random.Random) -> Damaged:
    return Damaged(saved({"cells": lesson.raw["cells"]}))


@damage("ids missing")
def no_ids(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        cell.pop("id", None)
        cell["metadata"].pop("id", None)
    return Damaged(saved(raw))


@damage("ids doubled")
def same_ids(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        cell["id"] = "same"
    return Damaged(saved(raw))


@damage("outputs, widgets without state, executionInfo")
def outputs(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        if cell["cell_type"] == "code":
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": ["}]}\\"] * 9}]
            cell["metadata"]["executionInfo"] = {"user": {"displayName": "Bea Sample", "userId": "1"}}
    raw["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {"1": {"model_name": "HBoxModel"}}}
    return Damaged(saved(raw))


# Metadata


@damage("all metadata lost")
def no_cell_metadata(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for n, cell in enumerate(raw["cells"]):
        cell["metadata"], cell["id"] = {}, f"r{n}"
    return Damaged(saved(raw), ["carried other names"])


@damage("nbgrader's metadata edited")
def edited_metadata(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for cell in raw["cells"]:
        if name_of(cell):
            cell["metadata"]["nbgrader"] |= {"points": 100, "grade": True, "locked": False, "schema_version": 1}
    return Damaged(saved(raw))


@damage("grade ids renamed")
def renamed(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for n, cell in enumerate(raw["cells"]):
        if name_of(cell):
            cell["metadata"]["nbgrader"]["grade_id"] = f"cell-{n:04x}"
            cell["metadata"]["id"] = cell["id"] = f"x{n}"
    return Damaged(saved(raw), ["carried other names"])


@damage("metadata of two exercises swapped")
def swapped(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    a, b = rng.sample(of_kind(raw, "exercise"), 2)
    for key in ("metadata", "id"):
        raw["cells"][a][key], raw["cells"][b][key] = raw["cells"][b][key], raw["cells"][a][key]
    return Damaged(saved(raw), ["carried other names"])


@damage("metadata of an exercise and a check swapped")
def swapped_with_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    a, b = pick(raw, rng, "exercise"), pick(raw, rng, "check")
    for key in ("metadata", "id"):
        raw["cells"][a][key], raw["cells"][b][key] = raw["cells"][b][key], raw["cells"][a][key]
    return Damaged(saved(raw), ["carried other names"])


@damage("an exercise's line deleted")
def no_line(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for n in of_kind(raw, "exercise"):
        raw["cells"][n]["source"] = "\n".join(source(raw["cells"][n]).splitlines()[1:])
    return Damaged(saved(raw))


@damage("an exercise's line deleted, all metadata lost")
def no_line_no_metadata(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    for n, cell in enumerate(raw["cells"]):
        if kind_of(cell) == "exercise":
            cell["source"] = "\n".join(source(cell).splitlines()[1:])
        cell["id"] = f"r{n}"
    for cell in raw["cells"]:
        cell["metadata"] = {}
    return Damaged(saved(raw), ["stood in another cell|carried other names"])


# Cells


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
    cell = raw["cells"][rng.choice(places)]
    cell["source"] = source(cell) + "\n\n\ndef called():\n    return my_own_part()"
    raw["cells"].append(code("def my_own_part():\n    return math.pi"))
    raw["cells"].append(code("import math"))
    made = Damaged(saved(raw), [f"^What {name_of(cell)} needs \\(my_own_part\\) stood in another cell"])
    return made


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
    first = rng.randrange(len(places) - 1)
    a, b = raw["cells"][places[first]], raw["cells"][places[first + 1]]
    a["source"] = source(a) + "\n\n" + source(b)
    raw["cells"].remove(b)
    return Damaged(saved(raw), [f"^The cells {name_of(a)}, {name_of(b)} had been merged"])


@damage("two exercises merged, the later one first, imports above")
def merged_backwards(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    a, b = sorted(rng.sample(of_kind(raw, "exercise"), 2))
    first, second = raw["cells"][a], raw["cells"][b]
    second["source"] = source(second) + "\n\n" + source(first)
    raw["cells"].remove(first)
    return Damaged(saved(raw), ["had been merged into one"])


@damage("an exercise merged with its check")
def merged_with_check(lesson: Answered, rng: random.Random) -> Damaged:
    raw = raw_of(lesson)
    near = [n for n in of_kind(raw, "exercise") if kind_of(raw["cells"][n + 1]) == "check"]
    n = rng.choice(near)
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
    cell = raw["cells"].pop(rng.choice(of_kind(raw, "exercise")[:-1]))
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
