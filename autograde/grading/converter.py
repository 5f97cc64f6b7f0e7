"""nbgrader's autograde step with this project's judge in it: a class to use in place of nbgrader's, or three settings.

`Autograde` is nbgrader's converter with other defaults. Any nbgrader course gets the same from its configuration file:
see `judge_config` in nbgrader_settings.py.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import nbformat
from nbconvert.exporters import Exporter, NotebookExporter
from nbgrader import converters
from nbgrader.converters import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets import List, Type

from autograde.course import CourseError, load_course
from autograde.grading.foreign import is_foreign
from autograde.grading.grade import prepare
from autograde.grading.intake import (
    BrokenSubmission,
    HowRead,
    check_size,
    how_read,
    parse_submission,
    read_submission,
    with_how,
)
from autograde.grading.isolation import chosen
from autograde.grading.nbgrader_settings import JUDGE_GRADING, JUDGE_SANITISING
from autograde.grading.preprocessors import RunChecks
from autograde.grading.reading import STRICT_UP_TO
from autograde.grading.submissions import links_out

WITHOUT_WALLS = "Or, only for code that you trust, in nbgrader_config.py: c.RunChecks.isolation = 'process'"


class JudgedExporter(NotebookExporter):
    """nbconvert's notebook exporter, which makes sure of the judge first and reads whatever platforms save.

    nbgrader makes its exporter before it touches a file or the gradebook, so that a judge that cannot start stops it
    with everything as it was.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        try:
            chosen(RunChecks(parent=self).isolation)
        except CourseError as error:
            self._refuse(f"{error}\n    {WITHOUT_WALLS}")
        try:
            check_course(getattr(self.parent, "coursedir", None))
        except CourseError as error:
            self._refuse(str(error))

    def _refuse(self, why: str) -> NoReturn:
        """Say so in the log, which formgrader shows, and end nbgrader's command."""
        self.log.error("nothing was graded: %s", why)
        raise NbGraderException(f"nothing was graded: {why}") from None

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook in that file, in any encoding and of any format that can be read. Raises BrokenSubmission."""
        check_file(Path(filename))
        return super().from_filename(filename, resources, **kw)

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        """The notebook of an open file. Raises BrokenSubmission."""
        path = Path(file_stream.name)
        if path.stat().st_size > STRICT_UP_TO:  # its outputs would not fit into memory several times over
            return self.from_notebook_node(read_submission(path), resources=resources, **kw)
        submitted = parse_submission(path.read_bytes())
        try:
            nb = nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)
            if how_read(submitted) != HowRead():
                with_how(nb, how_read(submitted))
        except Exception:  # nbformat raises many kinds; the other reads more, without its outputs
            nb = submitted
        return self.from_notebook_node(nb, resources=resources, **kw)


def check_course(folders: CourseDirectory | None) -> None:
    """For a lesson of this project's kind of course: built, release and source of one make, a gradebook that knows it.

    Raises CourseError. Another course's assignment has nothing to be checked here.
    """
    if folders is None or not (Path(folders.root) / "course.toml").is_file():
        return
    root, key = Path(folders.root), str(folders.assignment_id)
    course = load_course(root)
    if key not in {lesson.key for lesson in course.lessons}:
        return
    source = course.source(key)
    if not (source.is_file() and is_foreign(nbformat.read(source, as_version=4))):
        prepare(course, [key])


def check_file(path: Path) -> None:
    """Raise BrokenSubmission for what is no file of the submission's own, or too large to be read."""
    if path.is_symlink() and path in links_out(path.parent):
        raise BrokenSubmission(f"{path.name} is a link to somewhere else", "ask the student for the notebook itself")
    if not path.is_file():
        raise BrokenSubmission(f"{path.name} is no file", "ask the student for the notebook")
    check_size(path)


class Autograde(converters.Autograde):
    """nbgrader's autograde converter: the same folders, gradebook, files and settings; our steps, our scores."""

    exporter_class = Type(JudgedExporter, klass=Exporter).tag(config=True)
    sanitize_preprocessors = List(JUDGE_SANITISING).tag(config=True)
    autograde_preprocessors = List(JUDGE_GRADING).tag(config=True)
