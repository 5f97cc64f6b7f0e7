"""Hashes that say whether anything changed: of a notebook to run, of what lies beside it, of the code that grades."""

from __future__ import annotations

import functools
import hashlib
import json
import platform
from collections.abc import Iterable
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from nbformat import NotebookNode

import autograde
from autograde.grading.cells import kind_of, ours
from autograde.grading.kernel import Limits

PACKAGES = ("torch", "transformers", "datasets", "scikit-learn", "numpy", "ipykernel", "nbclient")


def digest(*parts: bytes | str) -> str:
    """One hash of several parts; where one ends and the next begins matters."""
    made = hashlib.sha256()
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(len(data).to_bytes(8, "big") + data)
    return made.hexdigest()


@functools.cache
def code_mark() -> str:
    """The code that decides a score: checks, the lessons' library, the grader, Python, the packages underneath."""
    home = Path(autograde.__file__).parent
    files = sorted(
        path for room in ("check", "lesson", "grading") for path in (home / room).rglob("*") if path.is_file()
    )
    kept = [path for path in files if path.suffix in (".py", ".j2", ".css")]
    parts: list[bytes | str] = [platform.python_version(), *(_version(name) for name in PACKAGES)]
    for path in kept:
        parts += [str(path.relative_to(home)), path.read_bytes()]
    return digest(*parts)


def _version(package: str) -> str:
    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return f"{package} -"


def files_mark(files: Iterable[Path]) -> str:
    """What lies beside a notebook, by name and content."""
    parts: list[bytes | str] = []
    for path in sorted(files):
        parts += [path.name, path.read_bytes()]
    return digest(*parts)


def run_mark(nb: NotebookNode, files: Iterable[Path], limits: Limits, student: str) -> str:
    """All that the result of running a mended notebook depends on."""
    cells = [[cell.cell_type, kind_of(cell), cell.source, ours(cell).get("requires") or []] for cell in nb.cells]
    settings = json.dumps([cells, asdict(limits), student], sort_keys=True)
    return digest(settings, files_mark(files), code_mark())
