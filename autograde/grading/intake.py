"""Reads what a student handed in, however a platform saved it. What cannot be read is said with a reason and a mend."""

from __future__ import annotations

import codecs
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograde.grading.cells import made_cell

LARGEST = 100 * 1024 * 1024  # bytes; a notebook full of pictures is some 10 MB
PICTURES = ("image/png", "image/jpeg", "image/gif")
REMARKS = "measure_first_remarks"  # in a notebook's metadata
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


def read_submission(path: Path) -> NotebookNode:
    """The notebook at `path` in a clean form: cells with their text and names. Raises BrokenSubmission."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise BrokenSubmission(
                f"the file is {size // 2**20} MB large (at most {LARGEST // 2**20} MB are read)",
                "ask the student to clear all outputs, save and hand it in again",
            )
        data = path.read_bytes()
    except OSError as error:
        raise BrokenSubmission(
            f"the file cannot be read ({error.strerror})", "check the file and its permissions"
        ) from error
    return parse_submission(data)


def parse_submission(data: bytes) -> NotebookNode:
    """The same from the file's bytes. Raises BrokenSubmission."""
    if not data.strip():
        raise BrokenSubmission("the file is empty", AGAIN)
    text, remark = decode(data)
    try:
        raw = json.loads(text)
    except RecursionError as error:
        raise BrokenSubmission("the file is nested too deeply to be a notebook", AGAIN) from error
    except ValueError as error:
        raise BrokenSubmission(_no_notebook(text, error), AGAIN) from error
    if not isinstance(raw, dict) or not ("cells" in raw or "worksheets" in raw):
        raise BrokenSubmission("the file is JSON, but not a notebook (it has no cells)", AGAIN)
    made = _clean(_modern(raw))
    about = raw.get("metadata")
    known = about.get(REMARKS) if isinstance(about, dict) else None
    remarks = [str(entry) for entry in known] if isinstance(known, list) else []
    if remarks or remark:
        made.metadata[REMARKS] = [*remarks, *([remark] if remark else [])]
    return made


def decode(data: bytes) -> tuple[str, str]:
    """The file's text, and what to say of how it was saved ("" for UTF-8): Windows editors save in other ways too."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), "The file was saved as UTF-16, not as UTF-8; it was read as that."
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        said = "The file was not saved as UTF-8; it was read as Windows-1252: letters such as é or × may look wrong."
        return data.decode("cp1252", "replace"), said


def _no_notebook(text: str, error: ValueError) -> str:
    """What a file is that is no JSON, where its first characters tell."""
    for begins, what in WHAT_BEGINS.items():
        if text.lstrip().lower().startswith(begins):
            return f"the file is {what}, not a notebook"
    return f"the file is not JSON, so not a whole notebook ({error})"


def is_plain(data: bytes) -> bool:
    """Whether nbgrader, which reads UTF-8 without a byte order mark, can read the file itself."""
    return not data.startswith(codecs.BOM_UTF8) and not decode(data)[1]


def plain_copy(data: bytes, remarks: list[str]) -> str:
    """The notebook as a file that nbgrader can read, remarks in its metadata. For data that could be parsed."""
    text, remark = decode(data)
    raw, remarks = json.loads(text), [*remarks, *([remark] if remark else [])]
    about = raw.get("metadata")
    raw["metadata"] = {**(about if isinstance(about, dict) else {}), REMARKS: remarks}
    return json.dumps(raw)


def remarks_of(submitted: NotebookNode) -> list[str]:
    """What there is to say of how a submission was saved or named."""
    return list(submitted.metadata.get(REMARKS, []))


def _modern(raw: dict[str, Any]) -> dict[str, Any]:
    """A notebook of format 3 or older in format 4; a newer one as it is."""
    if "cells" in raw:
        return raw
    try:
        return nbformat.convert(nbformat.from_dict(raw), 4)
    except Exception as error:  # nbformat raises KeyError, AttributeError and others on notebooks that are not whole
        mend = "open it in Jupyter, save it and grade it again"
        raise BrokenSubmission(f"the notebook's format is too old to convert ({error})", mend) from error


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
    source = cell.get("source", "")
    if isinstance(source, list):
        source = "".join(part for part in source if isinstance(part, str))
    source = source if isinstance(source, str) else ""
    source = source.encode("utf-8", "replace").decode("utf-8").replace("\r\n", "\n")
    kind = cell.get("cell_type") if cell.get("cell_type") in ("markdown", "raw") else "code"
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
    metadata = metadata if isinstance(metadata, dict) else {}
    theirs = metadata.get("nbgrader")
    names = [theirs.get("grade_id") if isinstance(theirs, dict) else None, metadata.get("id"), cell.get("id")]
    kept: dict[str, Any] = {"names": [name for name in names if isinstance(name, str) and name]}
    tags = metadata.get("tags")
    return {**kept, "skip": True} if isinstance(tags, list) and "skip-execution" in tags else kept


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
