"""A copy of this course in a folder of its own, with a class to grade in it."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NEEDED = ("course.toml", "notebooks", "source", "release", "data", "docs", "nbgrader_config.py", "setup_colab.py")

sys.path.insert(0, str(ROOT / "tests" / "grading"))


def copy_course(folder: Path) -> Path:
    """The built course without any class. Raises FileNotFoundError where it is not built."""
    folder.mkdir(parents=True)
    for name in NEEDED:
        path = ROOT / name
        shutil.copytree(path, folder / name) if path.is_dir() else shutil.copy(path, folder / name)
    shutil.copytree(ROOT / "tests" / "mutants", folder / "tests" / "mutants")
    return folder


def add_class(folder: Path, lesson: str, count: int, seed: int = 0) -> None:
    """Write `count` submissions of a lesson: mixtures of right and wrong answers, the same for each seed."""
    from many_submissions import write_many

    from autograde.course import load_course

    write_many(load_course(folder), lesson, count, seed)


def autograde(*arguments: str) -> list[str]:
    """Our command, of this very environment."""
    return [sys.executable, "-m", "autograde", *arguments]
