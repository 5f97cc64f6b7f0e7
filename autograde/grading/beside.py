"""What lies beside a submission's notebook: what of it is left out, and whether the rest fits where that runs."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from autograde.grading.intake import BrokenSubmission

CODE = (".ipynb", ".py", ".pyc", ".pth", ".so")  # a student's torch.py must not stand in for torch
LARGEST_FILE = 50 * 1024 * 1024  # bytes of a file that is put beside a running notebook
MOST_FILES = 500  # they are all open at once when they are handed over
SPARE = 16 * 1024 * 1024  # bytes of the room that are left for what the notebook itself writes
NAMED = 3  # files that a sentence names


def left_out(folder: Path) -> list[str]:
    """A sentence each on the links in a submission, sub-folders too, and on its files that are too large to be used.

    Nothing follows a link: it may lead to anybody's work. Folders with a dot (.git, .venv) are not looked into.
    """
    links, large = [], []
    for path in _entries(folder):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink():
            links.append(name)
        elif path.parent == folder and path.suffix not in CODE and path.is_file() and _size(path) > LARGEST_FILE:
            large.append(name)
    told = []
    if links:
        told.append(f"{_named(links)} {_are(links, 'a symbolic link', 'symbolic links')}: left out.")
    if large:
        told.append(f"{_named(large)} {_are(large, 'larger', 'larger')} than {LARGEST_FILE >> 20} MB: left out.")
    return told


def _entries(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place) / name for name in sorted([*folders, *names]))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _named(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _are(names: Sequence[str], one: str, several: str) -> str:
    return f"is {one}" if len(names) == 1 else f"are {several}"


def check_room(files: Sequence[Path], disk_bytes: int) -> None:
    """Raise BrokenSubmission where the files beside a notebook do not fit into the room in which it runs.

    disk_bytes: the room's (c.RunChecks.disk_bytes).
    """
    if len(files) > MOST_FILES:
        mend = f"take away those that the lesson does not need: at most {MOST_FILES} are laid beside a running notebook"
        raise BrokenSubmission(f"{len(files)} files lie beside the notebook", mend)
    taken, there_is = sum(_size(path) for path in files), max(0, disk_bytes - SPARE)
    if taken > there_is:
        reason = f"the files beside the notebook are {taken >> 20} MB large (there is room for {there_is >> 20} MB)"
        raise BrokenSubmission(reason, "take away those that the lesson does not need, or set c.RunChecks.disk_bytes")
