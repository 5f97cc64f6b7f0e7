"""course.toml as Python: the lessons in order, the repository that links point to, and the folders of the flow."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path

# Data and small models of the course's own, beside the package: it is never installed apart from its course.
DATA = Path(__file__).resolve().parents[1] / "data"
# How a cell names them.
_READS = re.compile(r"""lesson\.data\(\s*f?["']([a-z0-9_]+)[/"']""")
_HUB = re.compile(r"lesson\.hub\(")


class CourseError(Exception):
    """Something the author or instructor can mend. The message says where it is and what to do."""


@dataclass(frozen=True)
class Lesson:
    """One `[[lesson]]` of course.toml. `key` is the stem that every folder and file of the lesson carries.

    The budgets are the lesson's contract with whoever runs it headless (autograde/authoring/budget.py): wall time in
    seconds, largest resident memory in MiB at `ci` scale; GPU memory in MiB, GPU-hours and downloads in MB (10⁶ bytes)
    at `full` scale. None: no promise.
    """

    key: str
    title: str
    subtitle: str
    minutes: int
    needs: list[str] = field(default_factory=list)
    can: list[str] = field(default_factory=list)
    budget_seconds: float = 60.0
    budget_peak_mb: float | None = None
    budget_gpu_mb: float | None = None
    budget_gpu_hours: float | None = None
    budget_download_mb: float | None = None

    @property
    def number(self) -> str:
        """The two digits that the key begins with: "03" of "03_training_loop"."""
        return self.key.split("_", 1)[0]


@dataclass(frozen=True)
class Course:
    """The course in `root`: its name, the repository and ref of its links, and its lessons in order."""

    root: Path
    name: str
    repository: str
    ref: str
    lessons: list[Lesson]

    def lesson(self, key: str) -> Lesson:
        """The lesson with this key; a number ("03", "3") or the start of a key will do. Raises CourseError."""
        wanted = key.zfill(2) if key.isdigit() else key
        found = [lesson for lesson in self.lessons if lesson.key == wanted or lesson.key.startswith(wanted + "_")]
        if len(found) != 1:
            known = ", ".join(lesson.key for lesson in self.lessons)
            raise CourseError(f"no lesson {key!r} in course.toml: choose one of {known}")
        return found[0]

    def text(self, key: str) -> Path:
        """The lesson as text, the only place where it is edited."""
        return self.root / "notebooks" / f"{key}.py"

    def source(self, key: str) -> Path:
        """nbgrader's instructor notebook (built)."""
        return self.root / "source" / key / f"{key}.ipynb"

    def release(self, key: str) -> Path:
        """nbgrader's student notebook (built, committed)."""
        return self.root / "release" / key / f"{key}.ipynb"

    def mutants(self, key: str) -> Path:
        """The folder of wrong and alternative right answers."""
        return self.root / "tests" / "mutants" / key

    def blob_url(self, path: str) -> str:
        """Where a reader sees the repository's file `path`."""
        return f"https://github.com/{self.repository}/blob/{self.ref}/{path}"

    def raw_url(self, path: str) -> str:
        """Where a program fetches the repository's file `path`."""
        return f"https://raw.githubusercontent.com/{self.repository}/{self.ref}/{path}"


def read_text(path: Path) -> str:
    """The text of a file, LF at the line ends. Raises CourseError for one that is not there or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CourseError(f"{path}: is not UTF-8 ({error}): save it as UTF-8") from error


def find_root(start: Path | None = None) -> Path:
    """The nearest folder from `start` (default: the working directory) upwards that holds course.toml.

    Raises CourseError where there is none.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file():
            return folder
    raise CourseError(f"no course.toml in {here} or above it: run this inside the course, or name it with --course DIR")


def load_course(root: Path | None = None) -> Course:
    """Read course.toml in `root` (default: found from the working directory upwards). Raises CourseError."""
    folder = find_root(root)
    path = folder / "course.toml"
    try:
        data = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise CourseError(f"{path}: not valid TOML: {error}") from error
    try:
        head = data["course"]
        lessons = [Lesson(**entry) for entry in data["lesson"]]
        course = Course(folder, head["name"], head["repository"], head["ref"], lessons)
    except (KeyError, TypeError) as error:
        raise CourseError(f"{path}: a required entry is missing or unknown: {error}") from error
    _need_kinds(f"{path}: [course]", course)
    for lesson in lessons:
        _need_kinds(f"{path}: [[lesson]]", lesson)
    return course


# A field's annotation: (the classes that it may hold, how the message asks for it).
_KINDS: dict[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), 'a text: "…"'),
    "int": ((int,), "a whole number: 90"),
    "float": ((int, float), "a number: 60"),
    "float | None": ((int, float, type(None)), "a number: 600"),
    "list[str]": ((list,), 'a list of texts: ["…"]'),
}


def _need_kinds(where: str, made: Course | Lesson) -> None:
    """Raise CourseError for an entry that is of another kind than its field. A file of TOML can hold anything."""
    for entry in fields(made):
        if str(entry.type) not in _KINDS:  # what load_course makes itself: the root, the lessons
            continue
        classes, wanted = _KINDS[str(entry.type)]
        value = getattr(made, entry.name)
        good = isinstance(value, classes) and not isinstance(value, bool)
        if not good or (isinstance(value, list) and not all(isinstance(item, str) for item in value)):
            raise CourseError(f"{where}: {entry.name} is {value!r}, expected {wanted}")
        if isinstance(value, float | int) and not 0 <= value < math.inf:  # TOML knows nan and inf
            raise CourseError(f"{where}: {entry.name} is {value!r}, expected a number of at least 0")


def data_folders(sources: Iterable[str]) -> tuple[str, ...]:
    """The folders of `data/` that cells with these texts read (`lesson.data("hub/…")`, `lesson.hub()`), by name."""
    found: set[str] = set()
    for source in sources:
        found |= {*_READS.findall(source), *(["hub"] if _HUB.search(source) else [])}
    return tuple(sorted(found))
