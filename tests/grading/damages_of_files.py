"""Damage to a file as a whole, and to metadata."""

from __future__ import annotations

import json
import random
import re

from damage_registry import (
    Damaged,
    Raw,
    damage,
    kind_of,
    name_of,
    of_kind,
    pick,
    raw_of,
    saved,
    some,
    source,
    text,
)
from lessons_answered import Answered


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
    a, b = some(of_kind(raw, "exercise"), rng, 2)
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
