"""One nbgrader course, graded twice: by nbgrader's own converter and by ours. For the tests that compare the two."""

from __future__ import annotations

import logging
import shutil
import tempfile
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat
import nbgrader
from nbformat import NotebookNode
from nbgrader import converters
from nbgrader.api import Gradebook
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograde.grading.converter import Autograde
from autograde.grading.nbgrader_settings import tools_on_path
from autograde.wall.ability import ability

SHIPPED = Path(nbgrader.__file__).parent
FIXTURES = SHIPPED / "tests" / "apps" / "files"
MORE_FIXTURES = SHIPPED / "tests" / "preprocessors" / "files"
STUDENT = "ada"
KEY = "ps1"

Handed = dict[str, Path | NotebookNode]  # a notebook's name → what was handed in
Class = dict[str, Handed]  # a student → that
Row = tuple[float | None, bool, str | None]  # score, whether a person has to look, nbgrader's own comment


@dataclass(frozen=True)
class Graded:
    """What a converter made of one student's submission: notebook/cell → Row; refused: it gave up on it."""

    rows: dict[str, Row] = field(default_factory=dict)
    refused: bool = False
    log: str = ""


def config_of(root: Path, **more: dict[str, Any]) -> Config:
    """nbgrader's configuration for the course in `root`: its own file's, where it has one, then `more`."""
    config = Config()
    if (root / "nbgrader_config.py").is_file():
        config.merge(PyFileConfigLoader("nbgrader_config.py", path=str(root)).load_config())
    config.merge(Config(more))
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.db_url = f"sqlite:///{root / 'gradebook.db'}"
    return config


def make_course(root: Path, sources: Handed, extra: list[Path] | None = None) -> Path:
    """A course with one assignment, released. Raises NbGraderException where nbgrader refuses the source."""
    folder = root / "source" / KEY
    folder.mkdir(parents=True)
    for name, source in sources.items():
        put(source, folder / f"{name}.ipynb")
    for path in extra or []:
        shutil.copy(path, folder)
    if (FIXTURES / "autotests.yml").is_file():
        shutil.copy(FIXTURES / "autotests.yml", root)
    convert(GenerateAssignment, root, ".", config_of(root))
    return root


def put(notebook: Path | NotebookNode, path: Path) -> None:
    """Write or copy a notebook there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, Path):
        shutil.copy(notebook, path)
    else:
        nbformat.write(notebook, path)


def released(root: Path, name: str) -> NotebookNode:
    """What students were handed."""
    return nbformat.read(root / "release" / KEY / f"{name}.ipynb", as_version=4)


def convert(converter: Any, root: Path, student: str, config: Config) -> str:
    """Run one of nbgrader's converters; its log. Raises NbGraderException."""
    config = Config(config)
    config.CourseDirectory.assignment_id, config.CourseDirectory.student_id = KEY, student
    logger, lines = logging.getLogger(f"two-graders-{id(config)}"), _Lines()
    logger.addHandler(lines)
    logger.propagate = False
    with tools_on_path(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        made = converter(coursedir=CourseDirectory(config=config), config=config)
        made.log = made.coursedir.log = logger
        try:
            made.start()
        except NbGraderException as error:
            raise NbGraderException("\n".join([*lines.said, str(error)])) from error
    return "\n".join(lines.said)


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def graded(converter: Any, course: Path, handed_in: Handed | Class, student: str, settings: dict[str, Any]) -> Graded:
    """Hand the notebooks in, of one student or of a class, and grade them all in a copy of the course."""
    single = any(isinstance(found, Path | NotebookNode) for found in handed_in.values())
    everybody = {STUDENT: handed_in} if single else handed_in
    with tempfile.TemporaryDirectory(prefix="two-graders-") as folder:
        root = Path(folder).resolve() / "course"
        shutil.copytree(course, root)
        for name, notebooks in everybody.items():
            for notebook, content in notebooks.items():  # type: ignore[union-attr]
                put(content, root / "submitted" / name / KEY / f"{notebook}.ipynb")
        refused = False
        try:
            log = convert(converter, root, "*", config_of(root, **settings))
        except NbGraderException as error:
            refused, log = True, str(error)
        return Graded(rows_of(root, student), refused, log)


def rows_of(root: Path, student: str) -> dict[str, Row]:
    """The student's rows in the gradebook."""
    found: dict[str, Row] = {}
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        for submission in gradebook.assignment_submissions(KEY):
            for notebook in submission.notebooks if submission.student_id == student else []:
                comments = {comment.name: comment.auto_comment for comment in notebook.comments}
                for grade in notebook.grades:
                    row = (grade.auto_score, bool(grade.needs_manual_grade), comments.pop(grade.name, None))
                    found[f"{notebook.name}/{grade.name}"] = row
                for name, comment in comments.items():
                    found[f"{notebook.name}/{name}"] = (None, False, comment)
    return found


def stock(course: Path, handed_in: Handed | Class, student: str = STUDENT, **settings: Any) -> Graded:
    """Graded by nbgrader itself."""
    return graded(converters.Autograde, course, handed_in, student, settings)


def judged(
    course: Path, handed_in: Handed | Class, isolation: str = "sandbox", student: str = STUDENT, **settings: Any
) -> Graded:
    """Graded by ours."""
    return graded(Autograde, course, handed_in, student, {**settings, "RunChecks": {"isolation": isolation}})


def isolation_here() -> str:
    """The sandbox, or a kernel where this machine can build none: the scores are the same."""
    return "sandbox" if ability().mode != "none" else "kernel"


def of_notebook(graded: Graded, name: str) -> Graded:
    """The same, of one notebook of the assignment alone."""
    rows = {cell: row for cell, row in graded.rows.items() if cell.startswith(f"{name}/")}
    return Graded(rows, graded.refused, graded.log)


def apart(one: Graded, other: Graded) -> dict[str, tuple[Row | None, Row | None]]:
    """The cells in which two gradings differ, and whether both refused ("" → …)."""
    cells = sorted(set(one.rows) | set(other.rows))
    found = {name: (one.rows.get(name), other.rows.get(name)) for name in cells}
    differing = {name: rows for name, rows in found.items() if rows[0] != rows[1]}
    if one.refused != other.refused:
        differing[""] = ((None, one.refused, one.log[-300:]), (None, other.refused, other.log[-300:]))
    return differing
