"""A clean copy of a notebook: what grading reads, outputs of a bounded size, and nothing of the student's account.

Platforms write a good deal into a notebook that no grader needs and that a student may not want to hand over: Colab's
`executionInfo` carries the account's name and id, outputs carry the home folder's path, `metadata.widgets` without
`state` breaks exporters. The copy keeps every cell, in order, with its text, its names and its attachments as they
are: so it grades as the original does.
"""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from autograde.lesson.handin_cells import cells_of, table_of, text_of
from autograde.lesson.trouble import LessonError

# Of a cell's metadata: the names that it goes by and what the build wrote. Everything else stays behind.
KEPT = {"nbgrader": dict, "measure_first": dict, "id": str, "tags": list, "deletable": bool, "editable": bool}
ABOUT = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
LONGEST_TEXT = 20_000  # characters of one printed output; the middle of a longer one is left out
LONGEST_RICH = {"text/html": 200_000, "text/markdown": 20_000, "text/latex": 20_000}  # characters
LARGEST_PICTURE = 2_000_000  # characters, base64 or SVG: 1.5 MB
PICTURES = ("image/png", "image/jpeg", "image/gif", "image/svg+xml")
ALL_OUTPUTS = 8_000_000  # characters of a notebook's outputs together: what every course's upload takes


def clean(notebook: dict[str, Any], home: str = "") -> dict[str, Any]:
    """The clean copy, as JSON. home: a folder whose path is shown as ~ in outputs. Raises LessonError for no notebook.

    Cleaning a clean copy changes nothing.
    """
    if not isinstance(notebook.get("cells"), list):
        raise LessonError("the notebook has no list of cells")
    room = Room(ALL_OUTPUTS, home)
    made = [clean_cell(cell, room) for cell in cells_of(notebook)]
    minor = notebook.get("nbformat_minor")
    about: dict[str, Any] = copy.deepcopy(ABOUT)
    if marks := table_of(table_of(notebook, "metadata"), "measure_first"):
        about["measure_first"] = copy.deepcopy(marks)
    return {
        "cells": made,
        "metadata": about,
        "nbformat": 4,
        "nbformat_minor": minor if isinstance(minor, int) and 0 <= minor <= 5 else 5,
    }


def as_bytes(notebook: dict[str, Any]) -> bytes:
    """The notebook as a file: the same notebook always gives the same bytes."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True)
    return (text + "\n").encode("utf-8", "replace")


def digest(notebook: object) -> str:
    """What the cells' texts come to: equal for a copy that was only opened and saved."""
    texts = [[str(cell.get("cell_type")), text_of(cell)] for cell in cells_of(notebook)]
    return hashlib.sha256(json.dumps(texts).encode()).hexdigest()


class Room:
    """How many characters of output may still come, and the home folder that is not shown."""

    def __init__(self, left: int, home: str) -> None:
        self.left = left
        self.home = home if len(home.replace("\\", "/").strip("/").split("/")) > 1 else ""  # "/root" names nobody

    def takes(self, size: int) -> bool:
        """Whether there is room for so many characters; then they count as used."""
        if size > self.left:
            return False
        self.left -= size
        return True

    def text(self, value: object, most: int = LONGEST_TEXT) -> str:
        """An output's text (a string or a list of lines) without the home folder's path, and bounded."""
        joined = text_of({"source": value})
        return bounded(joined.replace(self.home, "~") if self.home else joined, most)


def bounded(text: str, most: int) -> str:
    """The text, or its beginning and its end; never longer than `most` characters."""
    if len(text) <= most:
        return text
    half = (most - 80) // 2
    return f"{text[:half]}\n… ({len(text) - 2 * half} characters are left out of this copy) …\n{text[-half:]}"


def clean_cell(cell: dict[str, Any], room: Room) -> dict[str, Any]:
    """One cell: its kind, text, names and attachments as they are, its outputs cleaned."""
    told = cell.get("cell_type")
    kind = told if isinstance(told, str) else "code"
    about = table_of(cell, "metadata")
    kept = {name: about[name] for name, form in KEPT.items() if isinstance(about.get(name), form)}
    made: dict[str, Any] = {"cell_type": kind, "metadata": copy.deepcopy(kept)}
    source = text_of(cell).encode("utf-8", "replace").decode("utf-8")  # half a surrogate pair is no character
    made["source"] = source.splitlines(keepends=True)
    if isinstance(cell.get("id"), str):
        made["id"] = cell["id"]
    if kind == "code":
        count = cell.get("execution_count")
        made["execution_count"] = count if isinstance(count, int) else None
        outputs = cell.get("outputs")
        cleaned = (clean_output(output, room) for output in outputs) if isinstance(outputs, list) else ()
        made["outputs"] = [output for output in cleaned if output is not None]
    if kind != "code" and isinstance(cell.get("attachments"), dict):
        made["attachments"] = copy.deepcopy(cell["attachments"])
    if isinstance(cell.get("level"), int):  # of a heading in an old format
        made["level"] = cell["level"]
    return made


def clean_output(output: object, room: Room) -> dict[str, Any] | None:
    """One output with its text and pictures; None for one that shows nothing outside its platform (a widget)."""
    if not isinstance(output, dict):
        return None
    kind, made = output.get("output_type"), dict[str, Any]()
    if kind == "stream":
        name = output.get("name") if output.get("name") in ("stdout", "stderr") else "stdout"
        made = {"name": name, "text": room.text(output.get("text"))}
    elif kind == "error":
        lines = output.get("traceback")
        told = room.text("\n".join(line for line in lines if isinstance(line, str)) if isinstance(lines, list) else "")
        made = {name: room.text(output.get(name), 2_000) for name in ("ename", "evalue")}
        made["traceback"] = told.split("\n") if told else []
    elif kind in ("display_data", "execute_result"):
        if not (data := clean_data(table_of(output, "data"), room)):
            return None
        made = {"data": data, "metadata": clean_marks(output, data)}
        if kind == "execute_result":
            count = output.get("execution_count")
            made["execution_count"] = count if isinstance(count, int) else None
    else:
        return None
    made["output_type"] = kind
    if room.takes(len(json.dumps(made, ensure_ascii=False))):
        return made
    return {"name": "stdout", "output_type": "stream", "text": "(an output is left out of this copy: too large)\n"}


def clean_data(bundle: dict[str, Any], room: Room) -> dict[str, str]:
    """The texts and pictures of a rich output. Scripts, widgets' views and a platform's own forms are left out."""
    kept: dict[str, str] = {}
    for form, value in bundle.items():
        joined = text_of({"source": value})
        if form == "text/plain":
            kept[form] = room.text(value)
        elif form in LONGEST_RICH and len(joined) <= LONGEST_RICH[form]:
            kept[form] = room.text(value, LONGEST_RICH[form])
        elif form in PICTURES and len(joined) <= LARGEST_PICTURE:
            kept[form] = joined
    return {form: text for form, text in kept.items() if text}


def clean_marks(output: dict[str, Any], data: dict[str, str]) -> dict[str, Any]:
    """Of an output's metadata: a picture's width and height."""
    marks = table_of(output, "metadata")
    sizes = {form: {k: v for k, v in table_of(marks, form).items() if k in ("width", "height")} for form in data}
    return {form: size for form, size in sizes.items() if size and all(isinstance(v, int) for v in size.values())}
