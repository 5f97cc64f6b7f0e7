"""A course folder that stock nbgrader grades: the same lessons, the same submissions, nbgrader's own steps."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from measure import Measured, run

CONFIG = """c = get_config()
c.CourseDirectory.course_id = "stock"
c.ExecutePreprocessor.timeout = 120
c.Execute.timeout = 120
"""


def nbgrader(*arguments: str) -> list[str]:
    """nbgrader's command of this very environment."""
    return [sys.executable, "-m", "nbgrader", *arguments]


def stock_course(folder: Path, source: Path, lesson: str, submitted: Path) -> None:
    """Lay out the course and make the assignment known to its gradebook. Raises RuntimeError where nbgrader refuses."""
    folder.mkdir(parents=True)
    (folder / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")
    shutil.copytree(source, folder / "source" / lesson)
    made = run(nbgrader("generate_assignment", lesson), folder)
    if made.rc:
        raise RuntimeError(f"nbgrader generate_assignment {lesson}:\n{made.output[-2000:]}")
    for student in sorted(path for path in submitted.iterdir() if (path / lesson).is_dir()):
        shutil.copytree(student / lesson, folder / "submitted" / student.name / lesson)


def grade(folder: Path, lesson: str, environment: dict[str, str]) -> Measured:
    """`nbgrader autograde LESSON`, all submissions."""
    return run(nbgrader("autograde", lesson), folder, environment)
