"""`autograde class`: a small class of invented students with right, other, wrong, empty and broken submissions.

Built from the release, the source's solutions and tests/mutants, the same at every run. A folder among the submissions
that this command did not make, or that somebody has changed since, is left alone.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.authoring.sample_answers import Answers, read_answers, read_notebook
from autograde.authoring.sample_mishaps import colab, duplicated, kaggle, looping, missing_check, truncated
from autograde.course import Course, CourseError, load_course

MARKER = ".sample_class.json"
Recipe = Callable[[NotebookNode, Answers], str]


@dataclass(frozen=True)
class Sample:
    """One submission: whose, of which lesson of those there are (0: the first), and how it came about."""

    student: str
    lesson: int
    recipe: str


# Twelve submissions of eight students who do not exist.
CLASS = (
    Sample("ada", 0, "right"),
    Sample("ada", 1, "right"),
    Sample("ada", 2, "right"),
    Sample("bea", 0, "other right answers, saved by Colab"),
    Sample("bea", 2, "some mistakes"),
    Sample("cyd", 0, "some mistakes, saved by Kaggle"),
    Sample("cyd", 1, "some other mistakes"),
    Sample("dot", 0, "untouched"),
    Sample("eli", 1, "half finished, a check deleted"),
    Sample("fay", 2, "half finished, a cell copied, a slip of the keyboard"),
    Sample("gus", 1, "cut short"),
    Sample("hal", 0, "a loop that never ends"),
)


def write_submission(recipe: str, release: NotebookNode, answers: Answers) -> str:
    """The text of a submission file. release: the student's notebook, which is not changed."""
    nb = nbformat.from_dict(json.loads(json.dumps(release)))
    if recipe.startswith("right"):
        answers.fill(nb, answers.reference)
    elif recipe.startswith("other right"):
        answers.fill(nb, answers.variants())
        return colab(nb)
    elif recipe.startswith("some"):
        answers.fill(nb, answers.mistakes(1 if "other" in recipe else 0))
        return kaggle(nb) if "Kaggle" in recipe else nbformat.writes(nb)
    elif recipe.startswith("half finished, a check"):
        answers.fill(nb, answers.first_half(answers.mistakes(0)))
        missing_check(nb)
    elif recipe.startswith("half finished, a cell"):
        answers.fill(nb, answers.with_slip(answers.first_half(answers.mistakes(1))))
        duplicated(nb)
    elif recipe == "cut short":
        answers.fill(nb, answers.reference)
        return truncated(nb)
    elif recipe.startswith("a loop"):
        answers.fill(nb, answers.mistakes(1))
        looping(nb, release)
    elif recipe != "untouched":
        raise ValueError(f"no such recipe: {recipe}")
    return nbformat.writes(nb)


def class_files(course: Course) -> dict[str, dict[str, str]]:
    """Student → path inside the student's folder → text, for the lessons that are built. Raises CourseError."""
    built = [lesson.key for lesson in course.lessons if course.source(lesson.key).is_file()]
    built = [key for key in built if course.release(key).is_file()]
    if not built:
        raise CourseError("no lesson is built yet. Run: autograde build")
    answers = {key: read_answers(course, key) for key in built}
    releases = {key: read_notebook(course.release(key)) for key in built}
    files: dict[str, dict[str, str]] = {}
    for sample in CLASS:
        key = built[sample.lesson % len(built)]
        path = f"{key}/{key}.ipynb"
        if path not in files.setdefault(sample.student, {}):
            files[sample.student][path] = write_submission(sample.recipe, releases[key], answers[key]) + "\n"
    return files


def write_class(out: Path, files: dict[str, dict[str, str]]) -> tuple[list[str], list[str]]:
    """Write the students' folders; returns those written and those left alone because they are somebody else's."""
    written, left = [], []
    for student, wanted in files.items():
        folder = out / student
        if folder.exists() and not _ours(folder):
            left.append(student)
            continue
        if folder.exists() and _hashes(folder) != {path: _hash(text.encode()) for path, text in wanted.items()}:
            shutil.rmtree(folder)
        for path, text in wanted.items():
            file = folder / path
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")
        (folder / MARKER).write_text(json.dumps(_hashes(folder), indent=1), encoding="utf-8")
        written.append(student)
    return written, left


def _ours(folder: Path) -> bool:
    """Whether this command made the folder and nobody has put, changed or taken anything since."""
    try:
        return bool(json.loads((folder / MARKER).read_text(encoding="utf-8")) == _hashes(folder))
    except (OSError, ValueError):
        return False


def _hashes(folder: Path) -> dict[str, str]:
    """Path → hash of every file in a student's folder, the marker left out."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != MARKER]
    return {path.relative_to(folder).as_posix(): _hash(path.read_bytes()) for path in files}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--course", type=Path, default=None, help="the course's folder (default: found from here up)")
    parser.add_argument("--out", type=Path, default=None, help="where to write (default: grading/submitted)")


def run(args: argparse.Namespace) -> int:
    """Write the class and say whose folders were left alone."""
    course = load_course(args.course)
    out = args.out or course.root / "grading" / "submitted"
    files = class_files(course)
    written, left = write_class(out, files)
    count = sum(len(files[student]) for student in written)
    print(f"{count} submissions of {len(written)} invented students in {out}: {', '.join(written) or 'none'}")
    if left:
        print(f"left alone, because this command did not make them or they have changed since: {', '.join(left)}")
    return 0
