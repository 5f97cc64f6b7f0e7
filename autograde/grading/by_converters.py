"""Publishes a result by nbgrader's own converters: for a course whose settings add steps, hooks or other folders.

Slower than publish.py by half a second a submission, and the same in effect; a test holds the two side by side.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbgrader.converters import Autograde, GenerateFeedback, NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.log import get_logger

from autograde.course import Course
from autograde.grading.folders import files_under, put_copy
from autograde.grading.intake import is_plain, plain_copy
from autograde.grading.limits import Limits
from autograde.grading.nbgrader_settings import tools_on_path
from autograde.grading.preprocessors import RunChecks
from autograde.grading.records import Record, executed_folder
from autograde.grading.submissions import Submission, submitted_folder


class Refused(Exception):
    """nbgrader refused a submission. Says why, and what to do."""

    def __init__(self, log: str) -> None:
        super().__init__(log)
        lines = [line for line in log.strip().splitlines() if line.strip()]
        said = next((line for line in reversed(lines) if "Error" in line.split(":")[0]), lines[-1] if lines else "?")
        self.reason = f"nbgrader refused it: {said.strip()}"
        self.mend = "run `nbgrader autograde LESSON --student ID` in the course's folder to see all of it"


class Converters:
    """nbgrader's converters for a course, with its settings."""

    def __init__(self, course: Course, config: Config, limits: Limits) -> None:
        self.course, self.config, self.limits = course, config, limits

    def publish(self, record: Record) -> None:
        """Gradebook and autograded notebook of a submission whose executed notebook is in the cache. Raises Refused."""
        run = {name: value for name, value in asdict(self.limits).items() if RunChecks.class_traits().get(name)}
        extra: dict[str, Any] = {"RunChecks": {**run, "results": str(executed_folder(self.course))}}
        with self._readable(record) as folder:
            extra["CourseDirectory"] = {"submitted_directory": str(folder)}
            self._convert(Autograde, record, extra)

    def feedback(self, record: Record) -> None:
        """The feedback page, from the gradebook as it is now. Raises Refused."""
        self._convert(GenerateFeedback, record, {})

    @contextlib.contextmanager
    def _readable(self, record: Record) -> Iterator[Path]:
        """The folder of submissions that nbgrader is to read: one with a plain copy where it cannot read the file."""
        handed_in = submitted_folder(self.course)
        submission = Submission(
            record.student, record.lesson, handed_in / record.student / record.lesson / f"{record.lesson}.ipynb"
        )
        data, remarks = submission.notebook().read_bytes(), submission.remarks()
        if not remarks and is_plain(data):
            yield handed_in
            return
        with tempfile.TemporaryDirectory(prefix="submitted-") as staged:
            copy = Path(staged).resolve() / record.student / record.lesson / f"{record.lesson}.ipynb"
            copy.parent.mkdir(parents=True)
            copy.write_text(plain_copy(data, remarks), encoding="utf-8")
            for name, path in files_under(submission.path.parent, ["*.ipynb"]).items():
                put_copy(path, copy.parent / name, 0o644)  # no link is followed: it may lead to anybody's work
            yield Path(staged).resolve()

    def _convert(self, converter: Any, record: Record, extra: dict[str, Any]) -> None:
        """Run one of nbgrader's converters on one submission, its log kept. Raises Refused."""
        config = Config(self.config)
        config.merge(Config(extra))
        folders = CourseDirectory(config=config)
        folders.assignment_id, folders.student_id = record.lesson, glob.escape(record.student)
        with tools_on_path(), warnings.catch_warnings(), _kept_log() as log:
            warnings.simplefilter("ignore")
            try:
                converter(coursedir=folders, config=config, force=True).start()
            except NbGraderException as error:
                raise Refused("\n".join(log) or str(error)) from error


@contextlib.contextmanager
def _kept_log() -> Iterator[list[str]]:
    """Keep what nbgrader's converters log as errors, and show nothing of it."""
    lines: list[str] = []

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.levelno >= logging.ERROR:
                lines.append(record.getMessage())

    log, handler = logging.getLogger(get_logger().name), Keep()
    before = (log.propagate, log.level)
    log.addHandler(handler)
    log.propagate = False
    log.setLevel(logging.INFO)
    try:
        yield lines
    finally:
        log.removeHandler(handler)
        log.propagate = before[0]
        log.setLevel(before[1])
