"""Hashes that say whether anything changed: of a notebook to run, of what lies beside it, of the code that grades."""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbformat import NotebookNode

import autograde
from autograde.course import DATA, data_folders
from autograde.grading.cells import kind_of, ours
from autograde.grading.limits import Limits

PACKAGES = (
    "torch", "numpy", "transformers", "datasets", "tokenizers", "scikit-learn", "pandas", "matplotlib", "ipython",
    "ipykernel", "nbclient",
)  # fmt: skip
READERS = ("settings", "fixture", "check")  # the lesson's cells that may read the course's data
DECIDES = ("check", "lesson", "wall", "grading")  # rooms whose code makes a result what it is
# Of grading/: what lays out a page of results that are there already, and what comes after all of them or before.
LAYS_OUT = ("feedback.py", "pages.py", "first_screen.py", "hiding.py", "words.py", "templates")
COMES_AFTER = (
    "batch.py", "grade.py", "products.py", "progress.py", "report.py", "report_repairs.py", "scores.py", "terminal.py",
    "timings.py", "rubric.py", "rubric_reading.py", "rubric_sheet.py", "collect.py", "collecting", "only_one.py",
)  # fmt: skip


def digest(*parts: bytes | str) -> str:
    """One hash of several parts; where one ends and the next begins matters."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


@functools.cache
def code_mark() -> str:
    """The code that decides a result: checks, the lessons' library, the wall, the judge, Python, what is underneath."""
    home = Path(autograde.__file__).parent
    found = (path for room in DECIDES for path in (home / room).rglob("*.py"))
    apart = {home / "grading" / name for name in (*LAYS_OUT, *COMES_AFTER)}
    versions = [platform.python_version(), platform.machine(), *(_version(name) for name in PACKAGES)]
    return digest(*versions, _text_of(path for path in found if apart.isdisjoint((path, path.parent))))


@functools.cache
def page_code_mark() -> str:
    """The code that lays out a feedback page."""
    home = Path(autograde.__file__).parent / "grading"
    return _text_of(path for name in LAYS_OUT for path in (home / name, *(home / name).rglob("*")) if path.is_file())


def _text_of(files: Iterable[Path]) -> str:
    """One hash of files, by name and content."""
    parts: list[bytes | str] = []
    for path in sorted(files):
        parts += [path.name, path.read_bytes()]
    return digest(*parts)


def seed_mark(student: str) -> str:
    """What a check's random numbers are drawn from, besides its name; tells nothing of the course's secret."""
    return digest("seed", os.environ.get("MEASURE_FIRST_SECRET", ""), student)


def file_mark(path: Path) -> str:
    """The hash of a file's content ("" where it cannot be read); read once as long as it stays as it is."""
    try:
        about = path.stat()
        return _file_mark(path, about.st_mtime_ns, about.st_size, about.st_ino)
    except OSError:
        return ""


@functools.lru_cache(maxsize=256)
def _file_mark(path: Path, changed: int, size: int, number: int) -> str:
    return digest(path.read_bytes())


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} -"


def files_mark(files: Iterable[Path]) -> str:
    """What lies beside a notebook, by name and content. Raises OSError."""
    parts: list[bytes | str] = []
    for path in sorted(files):
        with path.open("rb") as file:  # in pieces: there may be many, and large ones
            parts += [path.name, hashlib.file_digest(file, "sha256").digest()]
    return digest(*parts)


def run_mark(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str) -> str:
    """All that the result of running a mended notebook depends on."""
    cells = [[cell.cell_type, kind_of(cell), cell.source, ours(cell).get("requires") or []] for cell in nb.cells]
    settings = json.dumps([cells, asdict(limits), student], sort_keys=True)
    read = data_folders(cell.source for cell in nb.cells if kind_of(cell) in READERS)
    return digest(settings, files_mark(files), data_mark(read), code_mark(), seed_mark(student))


def data_mark(names: Iterable[str]) -> str:
    """The course's data in these folders of it, by name and content; read once as long as nothing changes."""
    files = [path for name in names for path in sorted((DATA / name).rglob("*")) if path.is_file()]
    return digest(*(part for path in files for part in (path.relative_to(DATA).as_posix(), file_mark(path))))
