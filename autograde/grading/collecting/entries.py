"""A file in what was given to collect: where it lies and how to read it. Names are data and never become paths."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

LARGEST_NOTEBOOK = 512 * 2**20  # bytes of one file: it is held in memory here, so less than grading reads
DEEPEST = 30  # folders in one another
LONGEST = 1000  # characters of a whole path

JUNK_FOLDERS = {"__macosx", "__pycache__", "node_modules", "venv", "site-packages"}
JUNK_FILES = {"thumbs.db", "desktop.ini", "icon\r"}
NOTEBOOK = re.compile(r"\.ipynb(\.(txt|json))?$", re.IGNORECASE)
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class Unreadable(Exception):
    """A file that cannot be read, or is not to be. `reason` says why."""

    def __init__(self, reason: str, mend: str = "") -> None:
        super().__init__(reason)
        self.reason, self.mend = reason, mend


@dataclass(frozen=True)
class Entry:
    """One file. `parts`: its path inside `source`, which is named as on the command line.

    outer: how many of the parts were there before a student's own zip was opened; what lies inside is the student's
    word. size in bytes. modified: the file's own time, which may be that of the download. trouble: why the student's
    zip was not opened.
    """

    source: str
    parts: tuple[str, ...]
    outer: int
    size: int
    modified: datetime | None
    read: Callable[[], bytes]
    owner: str = ""
    trouble: str = ""

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.parts[-1]

    @property
    def shown(self) -> str:
        """The path as text."""
        return "/".join(self.parts)

    @property
    def is_notebook(self) -> bool:
        """Whether it is named as a notebook; a browser may have put .txt or .json behind."""
        return bool(NOTEBOOK.search(self.name))


@dataclass(frozen=True)
class Refused:
    """A file, or a whole archive (`path` is then empty), that is not taken, and why."""

    source: str
    path: str
    reason: str
    mend: str


def is_junk(parts: tuple[str, ...]) -> bool:
    """Whether an operating system, an editor or a tool left the file there."""
    *folders, name = parts
    if any(folder.startswith(".") or folder.casefold() in JUNK_FOLDERS for folder in folders):
        return True
    if name.startswith(("._", "~$")) or name.casefold() in JUNK_FILES:
        return True
    return name.startswith(".") and not NOTEBOOK.search(name)


def path_parts(name: str) -> tuple[str, ...]:
    """A path inside an archive as its parts. Raises Unreadable for one that leads elsewhere or is no path."""
    if CONTROL.search(name):
        raise Unreadable("its name holds control characters")
    plain = name.replace("\\", "/")
    if plain.startswith("/") or re.match(r"[A-Za-z]:", plain):
        raise Unreadable("its path is absolute: it would lie outside the archive")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    if ".." in parts:
        raise Unreadable("its path has .. in it: it would lie outside the archive")
    if not parts:
        raise Unreadable("it has no name")
    if len(parts) > DEEPEST:
        raise Unreadable(f"it lies {len(parts)} folders deep (at most {DEEPEST} are read)")
    if len(plain) > LONGEST:
        raise Unreadable(f"its path is {len(plain)} characters long (at most {LONGEST} are read)")
    return parts
