"""Takes a result into the gradebook and writes the autograded notebook: this process alone does both.

A course with settings that ask nbgrader's converters for more than we do here is published by them (by_converters.py).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from traitlets.config import Config

from autograde.course import Course, CourseError
from autograde.grading.finishing import Shape
from autograde.grading.folders import Files, files_under, lay_files, move_into
from autograde.grading.gradebook import KnownLesson, known_lesson
from autograde.grading.limits import Limits
from autograde.grading.marks import digest, page_code_mark
from autograde.grading.nbgrader_settings import course_settings
from autograde.grading.records import BROKEN, Record, executed_folder, forget_record
from autograde.grading.standings import Standing, standings
from autograde.grading.worker import Result

OF_RESULTS = ("LateSubmissionPlugin", "AssignLatePenalties", "LimitOutput", "OverwriteCells", "SaveOutcomes")
OF_PAGES = ("PrepareFeedback", "FeedbackExporter", "HTMLExporter", "TemplateExporter", "GenerateFeedback")


@dataclass(frozen=True)
class Page:
    """One feedback page to write: of the autograded `notebook`, into `folder`, with what the gradebook holds.

    files: what lies beside the notebook and goes with it, as nbgrader does it. mode: permissions of what is written.
    """

    student: str
    lesson: str
    title: str
    notebook: Path
    folder: Path
    standing: Standing
    files: Files
    mode: int = 0o644


def settings_mark(config: Config, sections: tuple[str, ...]) -> str:
    """What a course's settings say in these sections, as one hash."""
    said = [f"{name}={sorted((key, str(value)) for key, value in config[name].items())}" for name in sections]
    return digest(*said) if any(config[name] for name in sections) else ""


class Publisher:
    """The only writer to a course's gradebook, for one batch. nbgrader is loaded when there is something to write."""

    def __init__(self, course: Course, limits: Limits) -> None:
        self.course, self.limits, self.config = course, limits, course_settings(course.root)
        self.titles = {lesson.key: f"{lesson.number} · {lesson.title}" for lesson in course.lessons}
        self.settings = settings_mark(self.config, OF_RESULTS)
        self.page_settings = settings_mark(self.config, OF_PAGES)
        self._lessons: dict[str, KnownLesson] = {}
        self._desk: Any = None

    def __enter__(self) -> Publisher:
        return self

    def __exit__(self, *_: object) -> None:
        if self._desk is not None:
            self._desk.close()

    @property
    def desk(self) -> Any:
        """nbgrader's side of it."""
        if self._desk is None:
            from autograde.grading.desk import Desk  # loads nbgrader: seconds

            self._desk = Desk(self.course, self.config, self.limits)
        return self._desk

    def lesson(self, key: str) -> KnownLesson:
        """The lesson as the gradebook has it. Raises CourseError."""
        if key not in self._lessons:
            found = known_lesson(self.course.root, key)
            if found is None:
                raise CourseError(f"the gradebook does not know {key}: run the same command again")
            self._lessons[key] = found
        return self._lessons[key]

    def plain(self, key: str) -> bool:
        """Whether we publish this lesson ourselves, and nbgrader's converters have nothing to add."""
        return self.lesson(key).notebooks == 1 and bool(self.desk.plain)

    def shape(self, key: str) -> Shape | None:
        """What autograded notebooks of a lesson are brought into; None where nbgrader's converters do it."""
        if not self.plain(key):
            return None
        lesson = self.lesson(key)
        checksums = {name: (cell.checksum, cell.locked) for name, cell in lesson.cells.items()}
        return Shape(lesson.kernelspec, checksums, self.desk.limit.max_lines, self.desk.limit.max_traceback)

    def publish(self, result: Result) -> tuple[Record, Page | None]:
        """Take a result into the gradebook and the folder of autograded notebooks; the page is still to be written.

        No page: the record says why. Raises CourseError where the gradebook cannot be written.
        """
        record = result.record
        forget_record(self.course, record)
        try:
            if not self.plain(record.lesson):
                return self._by_converters(record), None
            standing = self.desk.write(self.lesson(record.lesson), record.student, record.lesson, result.scores)
        except self.desk.refused as refused:
            return replace(record, status=BROKEN, mark="", reason=refused.reason, mend=refused.mend), None
        folder = self._folder("autograded", record)
        mode, _ = self.desk.modes
        name = f"{record.lesson}.ipynb"
        lay_files(folder, self.desk.files_of(record.student, record.lesson), mode, keep=(name,))
        move_into(Path(result.staged), folder / name, mode)
        return self._with_page(record, standing)

    def page_of(self, record: Record, standing: Standing) -> tuple[Record, Page | None]:
        """The same for a submission whose page alone is to be written anew."""
        try:
            if not self.plain(record.lesson):
                self.desk.converters.feedback(record)
                return replace(record, feedback=self.page_mark(standing, record.lesson)), None
        except self.desk.refused as refused:
            return replace(record, status=BROKEN, mark="", reason=refused.reason, mend=refused.mend), None
        return self._with_page(record, standing)

    def page_mark(self, standing: Standing, lesson: str) -> str:
        """The hash of what a feedback page shows besides the notebook: scores, comments, title, settings, its style."""
        return digest(standing.mark, self.titles.get(lesson, lesson), self.page_settings, page_code_mark())

    def _with_page(self, record: Record, standing: Standing) -> tuple[Record, Page]:
        notebook = self._folder("autograded", record) / f"{record.lesson}.ipynb"
        beside = files_under(notebook.parent, ["*.ipynb"])
        title, (_, mode) = self.titles.get(record.lesson, record.lesson), self.desk.modes
        place = self._folder("feedback", record)
        page = Page(record.student, record.lesson, title, notebook, place, standing, beside, mode)
        return replace(record, feedback=self.page_mark(standing, record.lesson)), page

    def _by_converters(self, record: Record) -> Record:
        """All of it by nbgrader's converters."""
        self.desk.converters.publish(record)
        self.desk.converters.feedback(record)
        (executed_folder(self.course) / f"{record.run}.ipynb").unlink(missing_ok=True)
        place = (record.student, record.lesson)
        return replace(record, feedback=self.page_mark(standings(self.course.root, place)[place], record.lesson))

    def _folder(self, step: str, record: Record) -> Path:
        return self.course.root / "grading" / step / record.student / record.lesson
