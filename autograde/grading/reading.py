"""A notebook file as data, in whatever state it is: any encoding, damaged or cut off, 200 MB of outputs.

A sound file of ordinary size is read by Python's own reader. For the rest there is json_skim.py, which keeps the cells
and passes over outputs, widgets and what a platform noted of the person who ran a cell.
"""

from __future__ import annotations

import codecs
import json
import mmap
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.grading.json_skim import CUT, skim, text_of

LARGEST = 1 << 30  # bytes of a file
STRICT_UP_TO = 16 << 20  # bytes that Python's own reader is given: it takes several times as much memory
PIECE = 1 << 20  # bytes of a file in another encoding that are rewritten at a time

CELL = frozenset({"cell_type", "source", "input", "code", "text", "level", "id", "metadata", "attachments"})
NAMED = frozenset({"nbgrader", "id", "tags"})
WANTED: dict[tuple[str, ...], frozenset[str] | None] = {
    (): frozenset({"cells", "worksheets", "metadata", "nbformat", "nbformat_minor"}),
    ("metadata",): frozenset({"kernelspec", "language_info", "measure_first_reading"}),
    ("cells", "*"): CELL,
    ("cells", "*", "metadata"): NAMED,
    ("worksheets", "*"): frozenset({"cells"}),
    ("worksheets", "*", "cells", "*"): CELL,
    ("worksheets", "*", "cells", "*", "metadata"): NAMED,
}
WIDE = {  # how files begin that are not UTF-8 but of the same family; the longer marks first
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
    b"{\0": "utf-16-le",
    b"\0{": "utf-16-be",
}

SAID_WIDE = "The file was saved as UTF-16, not as UTF-8; it was read as that."
SAID_FOREIGN = "The file was not saved as UTF-8; it was read as Windows-1252: letters such as é or × may look wrong."
SAID_FAULTS = "The file was damaged (it is not quite JSON); what could be read of it was read."
SAID_LEFT_OUT = "A text of many megabytes in a cell or in a pasted picture was left out."


class NotJson(ValueError):
    """What a strict reader says of a file in which the other finds no cells either."""


@dataclass
class Reading:
    """A notebook as data, and what there is to say of how it was saved.

    cut: the file ends before its end. lost: the cells that stand in it as beginnings only, as data; their `source` is
    not whole.
    """

    raw: Any
    remarks: list[str] = field(default_factory=list)
    cut: bool = False
    lost: list[dict[str, Any]] = field(default_factory=list)


def encoding_of(data: Any) -> str:
    """How a file is encoded, by how it begins; "" for UTF-8 and everything that hides nothing of its structure."""
    begin = bytes(data[:4])
    return next((name for mark, name in WIDE.items() if begin.startswith(mark)), "")


def read_bytes(data: bytes) -> Reading:
    """The notebook in these bytes. Raises NotJson, TooDeep, or RecursionError for what is nested too deeply."""
    wide = encoding_of(data)
    if wide:
        return _read(data.decode(wide, "replace").removeprefix("\ufeff").encode(), [SAID_WIDE])
    return _read(data.removeprefix(codecs.BOM_UTF8), [])


def read_path(path: Path) -> Reading:
    """The notebook in a file, in memory that does not grow with its outputs. Raises as `read_bytes`, and OSError."""
    if path.stat().st_size <= STRICT_UP_TO:
        return read_bytes(path.read_bytes())
    with _mapped(path) as (data, remarks):
        return _skimmed(data, remarks)


def _read(data: bytes, remarks: list[str]) -> Reading:
    """From bytes without a byte order mark."""
    if len(data) <= STRICT_UP_TO:
        text, foreign = text_of(data)
        try:
            return Reading(json.loads(text), [*remarks, *([SAID_FOREIGN] if foreign else [])])
        except RecursionError:
            raise
        except ValueError as error:
            why = str(error)
    else:
        why = "it could not be read"
    return _skimmed(data, remarks, why)


def _skimmed(data: Any, remarks: list[str], why: str = "it could not be read") -> Reading:
    """What the forgiving reader finds. Raises NotJson, with the strict one's words, where that is no cell."""
    found = skim(data, WANTED)
    made = Reading(found.value, list(remarks), found.cut)
    made.lost = _without_beginnings(made.raw)
    if not _has_cells(made.raw):
        raise NotJson(why)
    if found.foreign:
        made.remarks.append(SAID_FOREIGN)
    if found.faults:
        made.remarks.append(SAID_FAULTS)
    if found.left_out:
        made.remarks.append(SAID_LEFT_OUT)
    return made


def _has_cells(raw: Any) -> bool:
    """Whether there is at least one cell that was read."""
    if not isinstance(raw, dict):
        return False
    sheets = raw.get("worksheets")
    lists = [raw.get("cells"), *(sheet.get("cells") for sheet in _dicts(sheets))]
    return any(isinstance(cell, dict) for cells in lists if isinstance(cells, list) for cell in cells)


def _dicts(found: Any) -> list[dict[str, Any]]:
    return [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []


def _without_beginnings(raw: Any) -> list[dict[str, Any]]:
    """Take the cell in which the file ends out of `raw`, unless its text is whole; returns what was taken out."""
    if not isinstance(raw, dict):
        return []
    lost = []
    for cells in [raw.get("cells"), *(sheet.get("cells") for sheet in _dicts(raw.get("worksheets")))]:
        if not isinstance(cells, list) or not cells:
            continue
        last = cells[-1]
        if isinstance(last, dict) and CUT in last:
            key = last.pop(CUT)
            texts = [name for name in ("source", "input", "code", "text") if name in last]
            if not texts or key in texts:
                lost.append(last)
                del cells[-1]
    return lost


@contextmanager
def _mapped(path: Path) -> Iterator[tuple[Any, list[str]]]:
    """A large file as bytes that are read where they lie; one in another encoding is rewritten into a file first."""
    with path.open("rb") as file, tempfile.TemporaryFile() as plain:
        begin = file.read(4)
        file.seek(0)
        wide = encoding_of(begin)
        if wide:
            decoder = codecs.getincrementaldecoder(wide)("replace")
            while piece := file.read(PIECE):
                plain.write(decoder.decode(piece).removeprefix("\ufeff").encode("utf-8", "replace"))
            plain.flush()
        used = plain if wide else file
        with mmap.mmap(used.fileno(), 0, access=mmap.ACCESS_READ) as data:
            yield data, [SAID_WIDE] if wide else []
