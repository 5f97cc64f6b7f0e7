"""Writes the clean copy where it can be found again, and never over anything that may be a student's work."""

from __future__ import annotations

import contextlib
import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograde.lesson.handin_clean import as_bytes, clean, digest
from autograde.lesson.handin_find import Found, read_notebook
from autograde.lesson.trouble import LessonError

FOLDER = "hand_in"


@dataclass(frozen=True)
class Copy:
    """A copy that was written: where, its size in bytes, and what another file of that name was renamed to."""

    path: Path
    size: int
    kept: Path | None = None


def write_copy(found: Found, lesson: str) -> Copy:
    """Write hand_in/LESSON.ipynb. The same notebook gives the same file, however often. Raises LessonError.

    A file that is there and that was changed since this wrote it is renamed first; the notebook itself is only read.
    """
    made = clean(found.notebook, home=str(Path.home()))
    made["metadata"]["measure_first"] = {FOLDER: {"lesson": lesson, "digest": digest(made)}}
    data, path = as_bytes(made), place_for(found, lesson)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_file() and path.read_bytes() == data:
            return Copy(path, len(data))
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            _write(part, data)
            kept = _set_aside(path)
            part.replace(path)
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    except OSError as error:
        raise LessonError(f"{path} could not be written: {error.strerror or error}") from error
    return Copy(path, len(data), kept)


def place_for(found: Found, lesson: str) -> Path:
    """hand_in/ beside the notebook; in a checkout of the course that of the checkout, because builds clear release/."""
    beside = (found.path.parent if found.path is not None else Path.cwd()).resolve()
    checkouts = (folder for folder in (beside, *beside.parents) if (folder / "course.toml").is_file())
    root = next((folder for folder in checkouts if (folder / "autograde" / "__init__.py").is_file()), beside)
    path = root / FOLDER / f"{lesson}.ipynb"
    if found.path is not None and found.path.resolve() == path:  # somebody works in a copy: never over that
        return beside / FOLDER / path.name
    return path


def download(path: Path) -> bool:
    """Let Colab's page download the file; False where it cannot."""
    try:
        importlib.import_module("google.colab.files").download(str(path))
    except Exception:  # Colab's own: then the file is in the folder, and the menu is always there
        return False
    return True


def _write(path: Path, data: bytes) -> None:
    """The whole file, on the disk: a full one says so here and not when the file is read."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _set_aside(path: Path) -> Path | None:
    """Rename a file that somebody worked in since it was written here; None where there is none."""
    if not path.is_file() or _is_ours(read_notebook(path)):
        return None
    taken = (path.with_name(f"{path.stem}.kept-{n}{path.suffix}") for n in range(1, 10_000))
    kept = next(other for other in taken if not other.exists())
    path.replace(kept)
    return kept


def _is_ours(notebook: dict[str, Any] | None) -> bool:
    """Whether the cells are those that were written here."""
    if notebook is None:
        return False
    about = notebook.get("metadata")
    ours = about.get("measure_first") if isinstance(about, dict) else None
    mark = ours.get(FOLDER) if isinstance(ours, dict) else None
    return isinstance(mark, dict) and mark.get("digest") == digest(notebook)
