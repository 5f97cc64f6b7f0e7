"""nbgrader's settings for a course: one place, read by `autograde`, by nbgrader's own commands and by its formgrader.

`nbgrader_config.py` at the course's root hands these to nbgrader; the build and the grader ask for them by folder.
Steps are named as text, so that reading the settings loads none of them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from autograde.course import CourseError

# source → release: nbgrader's own, with our holes in place of ClearSolutions
RELEASE_STEPS = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "autograde.authoring.release.Holes",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# submitted → autograded, in nbgrader's two stages
SANITISE_STEPS = [
    "autograde.grading.preprocessors.MendSubmission",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
AUTOGRADE_STEPS = [
    "autograde.grading.preprocessors.RunChecks",
    "nbgrader.preprocessors.LimitOutput",
    "autograde.grading.preprocessors.SaveOutcomes",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# The same two stages for any nbgrader course: nbgrader's own steps, but for ours in place of running and scoring
JUDGE_SANITISING = [
    "nbgrader.preprocessors.ClearOutput",
    "autograde.grading.preprocessors.MendSubmission",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]
JUDGE_GRADING = [
    "autograde.grading.preprocessors.RunChecks",
    "nbgrader.preprocessors.IgnorePattern",
    "nbgrader.preprocessors.LimitOutput",
    "autograde.grading.preprocessors.SaveOutcomes",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.CheckCellMetadata",
]
JUDGE_EXPORTER = "autograde.grading.converter.JudgedExporter"
# autograded → feedback
FEEDBACK_STEPS = ["autograde.grading.feedback.PrepareFeedback"]
FEEDBACK_EXPORTER = "autograde.grading.feedback.FeedbackExporter"


@contextlib.contextmanager
def tools_on_path() -> Iterator[None]:
    """Put this interpreter's folder on PATH: nbgrader calls `alembic` by its bare name, wherever it is started."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def gradebook_path(root: Path) -> Path:
    """The gradebook of the course in `root`: students' data, never in git."""
    return root / "grading" / "gradebook.db"


def gradebook_url(root: Path) -> str:
    """The gradebook as SQLAlchemy names it; a space in the path is fine."""
    return f"sqlite:///{gradebook_path(root.resolve())}"


def course_config(root: Path) -> Config:
    """nbgrader's settings for the course in `root`: folders, gradebook, and the steps along each arrow of the flow."""
    config = Config()
    config.CourseDirectory.root = str(root.resolve())
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    config.CourseDirectory.submitted_directory = "grading/submitted"
    config.CourseDirectory.autograded_directory = "grading/autograded"
    config.CourseDirectory.feedback_directory = "grading/feedback"
    config.CourseDirectory.db_url = gradebook_url(root)
    config.ExportPlugin.to = str(
        root.resolve() / "grading" / "grades.csv"
    )  # never in git, like all of the class's data
    config.GenerateAssignment.preprocessors = list(RELEASE_STEPS)
    config.Autograde.exporter_class = JUDGE_EXPORTER
    config.Autograde.sanitize_preprocessors = list(SANITISE_STEPS)
    config.Autograde.autograde_preprocessors = list(AUTOGRADE_STEPS)
    config.GenerateFeedback.preprocessors = list(FEEDBACK_STEPS)
    config.GenerateFeedback.exporter_class = FEEDBACK_EXPORTER
    return config


def judge_config(feedback: bool = False) -> Config:
    """Settings that make any nbgrader course grade with this project's judge: its folders stay its own.

    feedback: also write this project's feedback pages, which show no hidden test, in place of nbgrader's.
    """
    config = Config()
    config.Autograde.exporter_class = JUDGE_EXPORTER
    config.Autograde.sanitize_preprocessors = list(JUDGE_SANITISING)
    config.Autograde.autograde_preprocessors = list(JUDGE_GRADING)
    if feedback:
        config.GenerateFeedback.preprocessors = list(FEEDBACK_STEPS)
        config.GenerateFeedback.exporter_class = FEEDBACK_EXPORTER
    return config


def course_settings(root: Path) -> Config:
    """`course_config` with what the instructor changed in the course's nbgrader_config.py. Raises CourseError."""
    config, file = course_config(root), root / "nbgrader_config.py"
    if file.is_file():
        try:
            config.merge(PyFileConfigLoader(file.name, path=str(file.parent)).load_config())
        except Exception as error:  # the file is Python: it can raise anything
            raise CourseError(f"{file} cannot be read ({type(error).__name__}: {error}): mend it") from error
    return config
