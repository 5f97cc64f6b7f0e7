"""nbgrader's side of a batch: its settings, its late penalties, and the one connection that writes to the gradebook."""

from __future__ import annotations

import warnings
from datetime import datetime
from pathlib import Path

from nbgrader.converters import Autograde, GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties, LimitOutput
from nbgrader.utils import parse_utc
from traitlets.config import Config

from autograde.course import Course
from autograde.grading.by_converters import Converters, Refused
from autograde.grading.finishing import Scores
from autograde.grading.folders import Files, files_under
from autograde.grading.gradebook import KnownLesson
from autograde.grading.gradebook_rows import GradebookWriter
from autograde.grading.limits import Limits
from autograde.grading.nbgrader_settings import AUTOGRADE_STEPS, FEEDBACK_STEPS, SANITISE_STEPS, gradebook_url
from autograde.grading.standings import Standing
from autograde.grading.submissions import submitted_folder

EXPORTER = "autograde.grading.feedback.FeedbackExporter"


class Desk:
    """nbgrader's own objects for a course, made once. `plain`: its converters have nothing to add to what we do."""

    def __init__(self, course: Course, config: Config, limits: Limits) -> None:
        self.course, self.converters, self.refused = course, Converters(course, config, limits), Refused
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            folders = CourseDirectory(config=config)
            self.autograde = Autograde(coursedir=folders, config=config)
            self.feedback = GenerateFeedback(coursedir=folders, config=config)
            self.limit, self.late = LimitOutput(config=config), AssignLatePenalties(config=config)
        self.folders = folders
        self.plain = self._steps_are_ours() and self._folders_are_ours(gradebook_url(course.root))
        self._writer: GradebookWriter | None = None

    def _steps_are_ours(self) -> bool:
        """Whether nothing was added to the steps, and no hook of the instructor's is to be called."""
        autograde, feedback = self.autograde, self.feedback
        hooks = [hook for made in (autograde, feedback) for hook in (made.pre_convert_hook, made.post_convert_hook)]
        steps = [*autograde.sanitize_preprocessors, *autograde.autograde_preprocessors, *feedback.preprocessors]
        ours = [*SANITISE_STEPS, *AUTOGRADE_STEPS, *FEEDBACK_STEPS]
        exporter = f"{feedback.exporter_class.__module__}.{feedback.exporter_class.__name__}"
        return steps == ours and not any(hooks) and exporter == EXPORTER and autograde.create_student

    def _folders_are_ours(self, database: str) -> bool:
        """Whether everything lies where we put it."""
        folders = self.folders
        default = CourseDirectory()
        same = [folders.directory_structure == default.directory_structure, folders.db_url == database]
        same += [folders.notebook_id == "*", not folders.student_id_exclude, not folders.groupshared]
        steps = [folders.submitted_directory, folders.autograded_directory, folders.feedback_directory]
        return all(same) and steps == ["grading/submitted", "grading/autograded", "grading/feedback"]

    def write(self, lesson: KnownLesson, student: str, key: str, scores: Scores) -> Standing:
        """Write a submission's rows; returns what the gradebook then holds. Raises CourseError, Refused."""
        if self._writer is None:
            self._writer = GradebookWriter(self.course.root)
        stamp = submitted_folder(self.course) / student / key / "timestamp.txt"
        return self._writer.write(lesson, student, handed_in(stamp), scores, self._penalty)

    def _penalty(self, student: str, score: float, late: float) -> float | None:
        """What the course's plugin takes off for being so many seconds late. Raises Refused."""
        try:
            self.late.init_plugin()
            taken = self.late.plugin_inst.late_submission_penalty(student, score, late)
        except Exception as error:  # the instructor's own code
            raise Refused(f"the late submission plugin failed ({type(error).__name__}: {error})") from error
        return None if taken is None else float(taken)

    def files_of(self, student: str, key: str) -> Files:
        """What goes with an autograded notebook: the student's other files, the lesson's own in place of namesakes."""
        ignored = [*self.folders.ignore, "*.ipynb"]
        theirs = files_under(submitted_folder(self.course) / student / key, ignored)
        ours = files_under(self.course.source(key).parent, ignored)
        kept = {Path(name).as_posix() for name in self.autograde.exclude_overwriting.get(key, [])}
        return theirs | {name: path for name, path in ours.items() if name not in kept}

    @property
    def modes(self) -> tuple[int, int]:
        """Permissions of autograded files and of feedback pages."""
        return int(str(self.autograde.permissions), 8), int(str(self.feedback.permissions), 8)

    def close(self) -> None:
        """Let go of the gradebook."""
        if self._writer is not None:
            self._writer.close()


def handed_in(stamp: Path) -> datetime | None:
    """The time in timestamp.txt, in UTC as nbgrader reads it; None where there is none. Raises Refused."""
    text = stamp.read_text(encoding="utf-8", errors="replace").strip() if stamp.is_file() else ""
    try:
        return parse_utc(text) if text else None
    except Exception as error:  # dateutil raises several kinds
        raise Refused(f"timestamp.txt holds no date and time ({text[:40]!r})") from error
