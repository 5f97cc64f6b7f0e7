"""What is in a notebook that was handed in: how much of the lesson, and what its id cell says. Nothing is run."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nbformat import NotebookNode

from autograde.course import Course, CourseError
from autograde.grading.collecting.entries import NOTEBOOK, Entry, Unreadable
from autograde.grading.collecting.people import normal, words
from autograde.grading.intake import BrokenSubmission, names_of, parse_submission

# What an id cell assigns to, or a line of text says: nbgrader's own header has NAME.
ID_NAMES = {"studentid": "id", "studentnumber": "id", "matriculationnumber": "id", "matrikelnummer": "id", "sid": "id"}
OTHER_NAMES = {"email": "email", "studentemail": "email", "name": "name", "studentname": "name", "fullname": "name"}
CELL_NAMES = ID_NAMES | OTHER_NAMES
ASSIGNED = re.compile(r"""^([A-Za-z_]\w{1,30})\s*(?::\s*\w+\s*)?=\s*(?:(["'])(.{0,200}?)\2|(\d{1,30}))\s*(?:#.*)?$""")
WRITTEN = re.compile(r"^\W{0,6}([A-Za-z][A-Za-z \-]{1,30}?)\W{0,4}[:：]\W{0,4}(.{1,200}?)\W{0,4}$")
PLACEHOLDER = re.compile(r"your|todo|here|enter|fill|example|xxx|\.\.\.|…|^\W*$")
MOST_LINES = 400  # of a cell: an id cell is short
COPY = re.compile(r"(?:\s*[(\[](\d{1,4})[)\]]|(?:\s*[-–]\s*|\s+)(?:copy|kopie|copie|copia)(?:\s*(\d*))?)$", re.I)
COPY_OF = re.compile(r"^(?:copy|kopie|copie|copia)\s*(?:of|von|de)\s+", re.I)


@dataclass(frozen=True)
class Lesson:
    """The lesson that is collected: its key, the names of its graded cells, the hash of what students were given."""

    key: str
    names: frozenset[str]
    handed_out: str


@dataclass(frozen=True)
class Looked:
    """A notebook: its path in the hand-in, hash, how many of the lesson's cells it has, what its id cell says.

    trouble: why it could not be read.
    """

    inside: tuple[str, ...]
    entry: Entry
    mark: str
    holds: int
    cell: dict[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def name(self) -> str:
        """The file's name as the student gave it."""
        return self.inside[-1]


def lesson_of(course: Course, key: str) -> Lesson:
    """What to look for. Raises CourseError where the lesson is not built."""
    path = course.release(key)
    try:
        data = path.read_bytes()
        cells = json.loads(data)["cells"]
        about = [cell["metadata"].get("nbgrader", {}) for cell in cells]
    except OSError as error:
        raise CourseError(f"{key} has no release ({path} is missing). Run: autograde build {key}") from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CourseError(f"{path} is no notebook ({error}). Run: autograde build {key}") from error
    names = frozenset(str(one["grade_id"]) for one in about if one.get("grade") or one.get("solution"))
    return Lesson(key, names, hashlib.sha256(data).hexdigest())


def look(inside: tuple[str, ...], entry: Entry, lesson: Lesson) -> Looked:
    """Read a notebook."""
    try:
        data = entry.read()
    except Unreadable as error:
        return Looked(inside, entry, "", 0, {}, error.reason)
    mark = hashlib.sha256(data).hexdigest()
    try:
        notebook = parse_submission(data)
    except BrokenSubmission as error:
        return Looked(inside, entry, mark, 0, {}, error.reason)
    found = {name for cell in notebook.cells for name in names_of(cell)}
    return Looked(inside, entry, mark, len(found & lesson.names), id_cell(notebook))


def looks_like_a_notebook(data: bytes) -> bool:
    """Whether a file of another name holds one."""
    head = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"{") and b'"cells"' in data and b'"nbformat"' in data


def id_cell(notebook: NotebookNode) -> dict[str, str]:
    """What the notebook says of its writer: `STUDENT_ID = "…"` in code, `Student id: …` in text. The first counts."""
    found: dict[str, str] = {}
    for cell in notebook.cells:
        pattern = ASSIGNED if cell.cell_type == "code" else WRITTEN
        for line in cell.source.splitlines()[:MOST_LINES]:
            match = pattern.match(line.strip() if pattern is WRITTEN else line.rstrip())
            kind = CELL_NAMES.get("".join(words(match[1]))) if match else None
            if match and kind:
                said = (match[3] or match[4] or "") if pattern is ASSIGNED else match[2].strip(" *_`")
                if said.strip() and not PLACEHOLDER.search(normal(said)):
                    found.setdefault(kind, said.strip())
    return found


def stem_of(name: str, key: str = "") -> tuple[str, int]:
    """A notebook's name without its ending and a copy's mark, and the copy's number; KEY-1 is Canvas's copy of KEY.

    >>> stem_of("01_tensors (2).ipynb"), stem_of("01_tensors-1.ipynb", "01_tensors"), stem_of("s-1.ipynb")
    (('01_tensors', 2), ('01_tensors', 1), ('s-1', 0))
    """
    stem, number = NOTEBOOK.sub("", name), 0
    if key and (match := re.fullmatch(re.escape(key) + r"-(\d{1,3})", stem, re.IGNORECASE)):
        return key, int(match[1])
    for _ in range(3):
        if match := COPY.search(stem):
            number = max(number, int(match[1] or match[2] or 1))
            stem = stem[: match.start()]
        stem = COPY_OF.sub("", stem)
    return stem.strip(), number


def choose(found: Sequence[Looked], lesson: Lesson) -> tuple[Looked | None, list[str]]:
    """The notebook that counts of one hand-in, and what to say of it; None where it cannot be told."""
    if not found:
        return None, []
    mine = [one for one in found if one.holds] or list(found)
    alike = {one.mark for one in mine}
    named = [one for one in mine if normal(stem_of(one.name, lesson.key)[0]) == normal(lesson.key)]
    named.sort(key=lambda one: copy_of(one, lesson.key))
    if len(alike) == 1:
        chosen = named[-1] if named else mine[0]
    elif named and (len(named) == 1 or copy_of(named[-1], lesson.key) != copy_of(named[-2], lesson.key)):
        chosen = named[-1]
    else:
        names = ", ".join(sorted({one.name for one in mine})[:5])
        return None, [f"{len(mine)} notebooks and none is called {lesson.key}.ipynb: {names}"]
    return chosen, _remarks(chosen, found, lesson)


def copy_of(one: Looked, key: str) -> int:
    """The number that a copy's name carries: 2 of "01_tensors (2).ipynb"."""
    return stem_of(one.name, key)[1]


def _remarks(chosen: Looked, found: Sequence[Looked], lesson: Lesson) -> list[str]:
    said = []
    if chosen.trouble:
        said.append(f"it cannot be read: {chosen.trouble}")
    elif not chosen.holds:
        said.append(f"it holds none of the exercises of {lesson.key}")
    elif chosen.mark == lesson.handed_out:
        said.append("it is as it was handed out")
    if chosen.name != f"{lesson.key}.ipynb":
        said.append(f"it was called {chosen.name}")
    if len({one.mark for one in found}) > 1:
        said.append(f"the one of {len(found)} notebooks that fits best")
    return said
