"""Reads what a student handed in, however a platform saved it. What cannot be read is said with a reason and a mend."""

from __future__ import annotations

import codecs
import contextlib
import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograde.grading.cells import made_cell
from autograde.grading.json_skim import TooDeep, text_of
from autograde.grading.reading import (
    LARGEST,
    SAID_FOREIGN,
    SAID_WIDE,
    STRICT_UP_TO,
    NotJson,
    Reading,
    encoding_of,
    read_bytes,
    read_path,
)

BEGINNING = 4096  # bytes that tell what a file is that is no notebook
TYPES = {"markdown": "markdown", "raw": "raw", "heading": "markdown", "html": "markdown", "text": "markdown"}
PICTURES = ("image/png", "image/jpeg", "image/gif")
HOW = "measure_first_reading"  # in a notebook's metadata
WHAT_BEGINS = {"<": "a web page", "%pdf": "a PDF", "pk": "a ZIP archive", "# %%": "a Python script"}
AGAIN = "ask the student to download the notebook again (File → Download .ipynb) and hand that in"


class BrokenSubmission(Exception):
    """A submission that cannot be graded. `reason` says what is wrong, `mend` what a person can do about it."""

    def __init__(self, reason: str, mend: str) -> None:
        super().__init__(f"{reason}: {mend}")
        self.reason = reason
        self.mend = mend

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.reason, self.mend)


@dataclass(frozen=True)
class HowRead:
    """What there is to say of how a submission was saved: sentences, whether the file was cut off, and in which cell.

    lost: the names of the cell in which it ends.
    """

    remarks: tuple[str, ...] = ()
    cut: bool = False
    lost: tuple[str, ...] = ()


# What was read is told to the steps that follow by a key in the notebook's metadata, under which it is kept here: a
# sentence in the file's own metadata is the student's word, not ours.
_how_read: OrderedDict[str, HowRead] = OrderedDict()
REMEMBERED = 64


def with_how(nb: NotebookNode, how: HowRead) -> NotebookNode:
    """The notebook, with how it was read."""
    key = secrets.token_hex(16)
    _how_read[key] = how
    while len(_how_read) > REMEMBERED:
        _how_read.popitem(last=False)
    nb.metadata[HOW] = key
    return nb


def how_read(nb: Mapping[str, Any]) -> HowRead:
    """What `with_how` kept of a notebook; nothing for a key that is not ours."""
    about = nb.get("metadata")
    key = about.get(HOW) if isinstance(about, dict) else None
    return _how_read.get(key, HowRead()) if isinstance(key, str) else HowRead()


def add_remarks(nb: NotebookNode, first: Sequence[str]) -> None:
    """Say these sentences of a submission before those that are known already."""
    how = how_read(nb)
    with_how(nb, replace(how, remarks=(*first, *how.remarks)))


def remarks_of(submitted: NotebookNode) -> list[str]:
    """What there is to say of how a submission was saved or named."""
    return list(how_read(submitted).remarks)


def read_submission(path: Path) -> NotebookNode:
    """The notebook at `path` in a clean form: cells with their text and names. Raises BrokenSubmission."""
    try:
        check_size(path)
        return _cleaned(lambda: read_path(path), lambda: _beginning(path))
    except OSError as error:
        raise BrokenSubmission(
            f"the file cannot be read ({error.strerror})", "check the file and its permissions"
        ) from error


def check_size(path: Path) -> None:
    """Raise BrokenSubmission for a file that is too large to be read at all."""
    size = path.stat().st_size
    if size > LARGEST:
        reason = f"the file is {size // 2**20} MB large (at most {LARGEST // 2**20} MB are read)"
        raise BrokenSubmission(reason, "ask the student to clear all outputs, save and hand it in again")


def parse_submission(data: bytes) -> NotebookNode:
    """The same from the file's bytes. Raises BrokenSubmission."""
    return _cleaned(lambda: read_bytes(data), lambda: data[:BEGINNING])


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(BEGINNING)


def _cleaned(read: Callable[[], Reading], beginning: Callable[[], bytes]) -> NotebookNode:
    reading = _checked(read, beginning)
    made = _clean(_modern(reading.raw))
    before = how_read(reading.raw)
    lost = [name for cell in reading.lost for name in _names(cell)]
    how = HowRead((*before.remarks, *reading.remarks), before.cut or reading.cut, (*before.lost, *lost))
    return with_how(made, how) if how != HowRead() else made


def _checked(read: Callable[[], Reading], beginning: Callable[[], bytes]) -> Reading:
    """What was read, if it is a notebook. Raises BrokenSubmission."""
    try:
        reading = read()
    except (RecursionError, TooDeep) as error:
        raise BrokenSubmission("the file is nested too deeply to be a notebook", AGAIN) from error
    except NotJson as error:
        begin = beginning()
        if not begin.strip():
            raise BrokenSubmission("the file is empty", AGAIN) from error
        raise BrokenSubmission(_no_notebook(decode(begin)[0], error), AGAIN) from error
    if not isinstance(reading.raw, dict) or not ("cells" in reading.raw or "worksheets" in reading.raw):
        raise BrokenSubmission("the file is JSON, but not a notebook (it has no cells)", AGAIN)
    return reading


def decode(data: bytes) -> tuple[str, str]:
    """A file's text, and what to say of how it was saved ("" for UTF-8): Windows editors save in other ways too."""
    wide = encoding_of(data)
    if wide:
        return data.decode(wide, "replace").removeprefix("\ufeff"), SAID_WIDE
    text, foreign = text_of(data.removeprefix(codecs.BOM_UTF8))
    return text, SAID_FOREIGN if foreign else ""


def _no_notebook(text: str, error: ValueError) -> str:
    """What a file is that is no JSON, where its first characters tell."""
    for begins, what in WHAT_BEGINS.items():
        if text.lstrip().lower().startswith(begins):
            return f"the file is {what}, not a notebook"
    return f"the file is not JSON, so not a whole notebook ({error})"


def is_plain(data: bytes) -> bool:
    """Whether nbgrader, which reads UTF-8 without a byte order mark, can read the file itself."""
    if data.startswith(codecs.BOM_UTF8) or encoding_of(data) or len(data) > STRICT_UP_TO:
        return False
    with contextlib.suppress(ValueError, RecursionError):
        json.loads(data)
        return True
    return False


def plain_copy(data: bytes, remarks: Sequence[str]) -> str:
    """The notebook as a file that nbgrader can read, and what there is to say of it. Raises BrokenSubmission."""
    nb = parse_submission(data)
    add_remarks(nb, remarks)
    reading = read_bytes(data)
    about = reading.raw.get("metadata")
    reading.raw["metadata"] = {**(about if isinstance(about, dict) else {}), HOW: nb.metadata[HOW]}
    return json.dumps(reading.raw)


def _modern(raw: dict[str, Any]) -> dict[str, Any]:
    """A notebook of format 1 to 3 with its cells named as format 4 names them; a newer one as it is."""
    if "cells" in raw:
        return raw
    sheets = raw["worksheets"]
    sheets = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else []
    cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not cells:
        raise BrokenSubmission("the file is JSON, but not a notebook (it has no cells)", AGAIN)
    return {"cells": cells}


def _clean(raw: dict[str, Any]) -> NotebookNode:
    """Only what grading reads. Outputs and the platform's own metadata stay behind."""
    cells = raw.get("cells")
    if not isinstance(cells, list):
        raise BrokenSubmission("the file is JSON, but not a notebook (its cells are not a list)", AGAIN)
    made = new_notebook()
    made.cells = [_clean_cell(cell, n) for n, cell in enumerate(cells) if isinstance(cell, dict)]
    return made


def _clean_cell(cell: dict[str, Any], number: int) -> NotebookNode:
    """One cell: its text as one string, and the metadata that says which cell it is."""
    source = next((cell[name] for name in ("source", "input", "code", "text") if name in cell), "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    kind = TYPES.get(str(cell.get("cell_type")), "code")
    if cell.get("cell_type") == "heading":
        level = cell.get("level")
        source = "#" * (level if isinstance(level, int) and 0 < level < 7 else 1) + " " + source
    made = made_cell(str(kind), source, f"submitted-{number}", _kept(cell))
    if made.cell_type == "markdown" and (pictures := _pictures(cell.get("attachments"))):
        made.attachments = nbformat.from_dict(pictures)
    return made


def _pictures(attachments: object) -> dict[str, dict[str, str]]:
    """Pictures pasted into a written answer, by name; anything else that is attached is left out."""
    kept: dict[str, dict[str, str]] = {}
    for name, bundle in attachments.items() if isinstance(attachments, dict) else ():
        data = bundle if isinstance(bundle, dict) else {}
        pictures = {mime: text for mime, text in data.items() if mime in PICTURES and isinstance(text, str)}
        if pictures:
            kept[str(name)] = pictures
    return kept


def _kept(cell: dict[str, Any]) -> dict[str, Any]:
    """The names a cell goes by (nbgrader's grade id, our id, the file format's own id); if it asks to be skipped."""
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    kept: dict[str, Any] = {"names": _names(cell)}
    return {**kept, "skip": True} if isinstance(tags, list) and "skip-execution" in tags else kept


def _names(cell: dict[str, Any]) -> list[str]:
    """The names in a cell's metadata, the course's own first."""
    metadata = cell.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    theirs = metadata.get("nbgrader")
    names = [theirs.get("grade_id") if isinstance(theirs, dict) else None, metadata.get("id"), cell.get("id")]
    return [name for name in names if isinstance(name, str) and name]


EXERCISE_LINE = re.compile(r"#\s*exercise:\s*(\w+)\s*$")
CHECK_LINE = re.compile(r"""check\.begin\(\s*["'](\w+)["'](?:\s*,\s*part\s*=\s*["'](\w+)["'])?""")


def names_of(cell: NotebookNode) -> list[str]:
    """The names that a student's cell may be known by, surest first.

    Metadata survives Colab and most of Kaggle; where it is lost, an exercise's first line and a check's first line
    still say which cell it is.
    """
    names = list(cell.metadata.get("names", []))
    for line in cell.source.splitlines()[:1]:
        if match := EXERCISE_LINE.match(line.strip()):
            names.append(match[1])
        elif match := CHECK_LINE.match(line.strip()):
            names.append(f"check_{match[1]}" + (f"__{match[2]}" if match[2] else ""))
    return names
