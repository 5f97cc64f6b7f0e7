"""Which lessons are stale: by the contents of everything that goes into them and of everything that came out.

A file that was touched and not changed is not stale. Standard library only, and nothing is built to find out: a second
`autograde build` takes a fraction of a second.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from autograde.authoring.banks import bank
from autograde.authoring.facts import facts_in_code, read_facts, used_facts
from autograde.authoring.links import unresolved
from autograde.course import Course, CourseError

ROOM = Path(__file__).parent
# The code that makes the products (a test compares this list with what a build imports).
BUILD_CODE = (
    *(f"authoring/{name}.py" for name in ("cell_rules", "decoded", "expand", "facts", "freshness", "header", "leak")),
    *(f"authoring/{name}.py" for name in ("banks", "exam_cells", "exam_leaks", "exam_places")),
    *(f"authoring/{name}.py" for name in ("links", "markers", "name_events", "name_rules", "names", "problems")),
    *(
        f"authoring/{name}.py"
        for name in ("products", "release", "rules", "set_aside", "side_files", "source", "spoilers")
    ),
    *(f"authoring/{name}.py" for name in ("stub", "text")),
    *(
        f"lesson/{name}.py"
        for name in ("drawing", "exam", "exam_release", "exam_text", "lab_text", "quiz_text", "seal")
    ),
    "course.py",
    "facts.py",
    "grading/nbgrader_settings.py",
)
BUILD_PACKAGES = ("jupytext", "nbconvert", "nbformat", "nbgrader")


@dataclass
class Stamp:
    """What one lesson was built from and what came out; kept in build/lessons/KEY.json."""

    inputs: str
    products: dict[str, str] = field(default_factory=dict)
    gradebook: str = ""
    links: list[str] = field(default_factory=list)
    cells: int = 0
    points: float = 0.0
    bytes: int = 0


def stamp_path(course: Course, key: str) -> Path:
    """Where a lesson's stamp lies: outside git, removed by `make clean`."""
    return course.root / "build" / "lessons" / f"{key}.json"


def read_stamp(course: Course, key: str) -> Stamp | None:
    """The stamp of the last build, if there is one that can be read."""
    try:
        return Stamp(**json.loads(stamp_path(course, key).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_stamp(course: Course, key: str, stamp: Stamp) -> None:
    """Keep the stamp of a finished build."""
    path = stamp_path(course, key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(asdict(stamp), indent=1, sort_keys=True) + "\n", encoding="utf-8")


def fresh_stamp(course: Course, key: str, code: str) -> Stamp | None:
    """The stamp of a lesson that needs no building; None for a stale one. `code`: `code_hash()`, taken once."""
    stamp = read_stamp(course, key)
    if stamp is None or stamp.inputs != inputs_hash(course, key, code):
        return None
    if stamp.products != product_hashes(course, key) or stamp.gradebook != gradebook_hash(course, key):
        return None
    return None if any(unresolved(course.root, ".", link) for link in stamp.links) else stamp


def code_hash() -> str:
    """A hash of the code that builds lessons and of the versions of the packages that it calls."""
    digest = hashlib.sha256()
    for name in BUILD_CODE:
        path = ROOM.parent / name
        _add(digest, name, path.read_bytes() if path.is_file() else b"")
    for package in BUILD_PACKAGES:
        try:
            _add(digest, package, version(package).encode())
        except PackageNotFoundError:
            raise CourseError(f"{package} is not installed: run make install") from None
    return digest.hexdigest()


def inputs_hash(course: Course, key: str, code: str) -> str:
    """A hash of all that a lesson is made from: its text, quizzes, labs, facts, entry in course.toml, and the code."""
    digest = hashlib.sha256(code.encode())
    _add(digest, "course", repr((course.name, course.repository, course.ref, course.lesson(key))).encode())
    facts, problems = read_facts(course.root)
    _add(digest, "wrong facts", repr(problems).encode())
    for beside in [course.text(key), *sorted(course.text(key).parent.glob(f"{key}.*.toml"))]:
        path = bank(beside)
        data = path.read_bytes() if path.is_file() else b""
        if b"[[item]]" in data:  # a test links to the lessons that teach its items
            _add(digest, "lessons", repr([(lesson.key, lesson.title) for lesson in course.lessons]).encode())
        _add(digest, path.name, data)
        said = data.decode("utf-8", errors="replace")
        for _, name in (*used_facts(said), *facts_in_code(said)):
            _add(digest, name, repr(facts.get(name)).encode())
    return digest.hexdigest()


def product_hashes(course: Course, key: str) -> dict[str, str]:
    """A hash of every file in the lesson's folders of source/ and release/, by path."""
    folders = (course.source(key).parent, course.release(key).parent)
    files = (path for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())
    kept = (path for path in files if ".ipynb_checkpoints" not in path.parts)
    return {path.relative_to(course.root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}


def gradebook_hash(course: Course, key: str) -> str:
    """A hash of what the gradebook holds of the lesson's cells ("" where it does not know the lesson)."""
    path = course.root / "grading" / "gradebook.db"
    if not path.is_file():
        return ""
    query = (
        "SELECT cell.name, cell.locked, cell.checksum FROM source_cell AS cell "
        "JOIN notebook ON cell.notebook_id = notebook.id "
        "JOIN assignment ON notebook.assignment_id = assignment.id WHERE assignment.name = ? ORDER BY cell.name"
    )
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as database:
            rows: Iterable[tuple] = database.execute(query, (key,)).fetchall()
    except sqlite3.Error:
        return ""
    return hashlib.sha256(repr(rows).encode()).hexdigest() if rows else ""


def _add(digest: Any, name: str, data: bytes) -> None:
    digest.update(f"{name}\0{len(data)}\0".encode() + data)
