"""nbgrader's configuration, in one place: the build, our grader and nbgrader's own commands read the same folders."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from traitlets.config import Config

# nbgrader's steps from source to release, with ours in place of ClearSolutions. Named as text: the release step is built
# in autograde.authoring, which stands above this room.
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


@contextlib.contextmanager
def tools_on_path() -> Iterator[None]:
    """Put this interpreter's folder on PATH: nbgrader calls `alembic` by its bare name, environment activated or not."""
    before = os.environ.get("PATH", "")
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), before])
    try:
        yield
    finally:
        os.environ["PATH"] = before


def gradebook_path(root: Path) -> Path:
    """The gradebook of the course in `root`: students' data, never in git."""
    return root / "grading" / "gradebook.db"


def course_config(root: Path) -> Config:
    """nbgrader's settings for the course in `root`: folders, gradebook, and what makes a release."""
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.source_directory = "source"
    config.CourseDirectory.release_directory = "release"
    config.CourseDirectory.submitted_directory = "grading/submitted"
    config.CourseDirectory.autograded_directory = "grading/autograded"
    config.CourseDirectory.feedback_directory = "grading/feedback"
    config.CourseDirectory.db_url = f"sqlite:///{gradebook_path(root)}"
    config.GenerateAssignment.preprocessors = list(RELEASE_STEPS)
    return config
