"""Where the course's data lies (`data/` of the repository): in a checkout, in a fetched copy, in the sandbox."""

from __future__ import annotations

from pathlib import Path

from autograde.course import DATA
from autograde.lesson.trouble import LessonError


def data(name: str) -> Path:
    """The file or folder `name` of the course's data, such as "hub/datasets/measure-first/repair-cafe/passages.jsonl".

    Raises LessonError where it is not there, and for a name that leads out of the data.
    """
    path = DATA / name
    if not path.resolve().is_relative_to(DATA):
        raise LessonError(f"{name!r} leads out of the course's data.")
    if not path.exists():
        raise LessonError(
            f"the course's data has no {name} (looked in {DATA}). Run the setup cell at the top of this notebook with "
            f"refresh=True, then this cell again."
        )
    return path
