"""What was collected: grading/submitted/STUDENT/LESSON/LESSON.ipynb, and what stands beside it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from pathlib import Path

from dateutil import parser as date_parser

from autograde.course import Course, CourseError
from autograde.grading.beside import CODE, LARGEST_FILE, left_out
from autograde.grading.intake import BrokenSubmission

FEW = 20  # students who are all named where one is not found
UNWORKABLE = re.compile(r"[*?\[\]]|^\s|\s$")  # nbgrader takes these for patterns, or strips them


@dataclass(frozen=True)
class Submission:
    """One student's notebook of one lesson, where it is expected to lie."""

    student: str
    lesson: str
    path: Path

    def checked(self) -> Path:
        """The notebook to grade. Raises BrokenSubmission where there is none, or none that nbgrader can handle."""
        if UNWORKABLE.search(self.student):
            reason = f"the folder's name {self.student!r} has a character that nbgrader cannot handle"
            raise BrokenSubmission(reason, "rename it: letters, digits, - _ . @ and spaces inside are fine")
        self._check_links()
        others = [path.name for path in self.others()]
        if not self.path.is_file() and len(others) > 1:
            mend = f"rename the one that is to be graded to {self.path.name}"
            raise BrokenSubmission(f"there is no {self.path.name}, but there is {', '.join(others)}", mend)
        if not self.path.is_file() and not others:
            raise BrokenSubmission(f"there is no {self.path.name} in the folder", f"put it into {self.path.parent}")
        self._check_timestamp()
        return self.notebook()

    def notebook(self) -> Path:
        """The lesson's notebook, or the only one in the folder: a download may be called "01_tensors (1).ipynb"."""
        others = self.others()
        return others[0] if not self.path.is_file() and len(others) == 1 else self.path

    def others(self) -> list[Path]:
        """Notebooks under other names than the lesson's."""
        return [path for path in sorted(self.path.parent.glob("*.ipynb")) if path.is_file() and path != self.path]

    def remarks(self) -> list[str]:
        """What to say of notebooks under other names, and of files that are left out, a sentence each."""
        others, rest = ", ".join(path.name for path in self.others()), left_out(self.path.parent)
        if not others:
            return rest
        if self.path.is_file():
            return [f"Beside {self.path.name} there was also {others}: only {self.path.name} was graded.", *rest]
        return [f"The notebook was called {others}, not {self.path.name}; it was graded all the same.", *rest]

    def _check_links(self) -> None:
        """Raise BrokenSubmission where a link stands in for what was handed in: it may lead to anybody's work."""
        lesson = self.path.parent
        for path in (lesson.parent, lesson, self.notebook(), lesson / "timestamp.txt"):
            if path.is_symlink():
                mend = "put the file or folder itself there, if it is this student's"
                raise BrokenSubmission(f"{path.name} is a symbolic link, not what a student handed in", mend)

    def _check_timestamp(self) -> None:
        """Raise BrokenSubmission where nbgrader could not read the time of handing in."""
        stamp = self.path.parent / "timestamp.txt"
        text = stamp.read_text(encoding="utf-8", errors="replace").strip() if stamp.is_file() else ""
        try:
            date_parser.parse(text) if text else None
        except (ValueError, OverflowError) as error:
            mend = "write it like 2026-11-20 18:30:00 UTC, or delete the file (the submission then counts as in time)"
            raise BrokenSubmission(f"timestamp.txt holds no date and time ({text[:40]!r})", mend) from error


def submitted_folder(course: Course) -> Path:
    """Where submissions are collected: a folder a student."""
    return course.root / "grading" / "submitted"


def find_submissions(course: Course, lessons: list[str], students: list[str]) -> list[Submission]:
    """The submissions of these lessons, of these students ([] means all), by student and lesson. Raises CourseError."""
    folder = submitted_folder(course)
    there = sorted(path.name for path in folder.glob("*") if path.is_dir() and not path.name.startswith("."))
    unknown = sorted(set(students) - set(there))
    if unknown:
        raise CourseError(f"no student {', '.join(map(repr, unknown))} in {folder}: {_there_is(there, unknown)}")
    found = [
        Submission(student, lesson, folder / student / lesson / f"{lesson}.ipynb")
        for student in (sorted(set(students)) or there)
        for lesson in lessons
        if (folder / student / lesson).is_dir()
    ]
    if not found and students:
        raise CourseError(f"no submission of {', '.join(lessons)} by {', '.join(sorted(set(students)))} in {folder}")
    if not found:
        where = folder / "STUDENT" / lessons[0] / f"{lessons[0]}.ipynb"
        raise CourseError(
            f"no submissions of {', '.join(lessons)}: put each student's notebook at\n    {where}\n"
            "    or write a sample class to try it out: autograde class"
        )
    return found


def _there_is(there: list[str], unknown: list[str]) -> str:
    """The students that there are; of a large class those whose names are like the unknown ones."""
    if len(there) <= FEW:
        return f"there is {', '.join(there) or 'nobody'}"
    near = [name for wanted in unknown for name in difflib.get_close_matches(wanted, there)]
    return f"there are {len(there)} others" + (f", among them {', '.join(dict.fromkeys(near))}" if near else "")


def strangers(course: Course) -> list[str]:
    """Folders and files among the submissions that belong to no lesson, as a sentence each."""
    keys = {lesson.key for lesson in course.lessons}
    found = []
    for path in sorted(submitted_folder(course).glob("*")):
        if path.is_dir() and not path.name.startswith(".") and not any(path.iterdir()):
            found.append(f"{path.relative_to(course.root)} is empty: nothing was handed in")
    for path in sorted(submitted_folder(course).glob("*/*")):
        if path.name.startswith(".") or path.name in keys or (path.is_file() and path.suffix != ".ipynb"):
            continue
        shown = path.relative_to(course.root)
        found.append(f"{shown} was left out: it is no lesson's folder (expected one of {', '.join(sorted(keys))})")
    return found


def files_beside(folder: Path) -> list[Path]:
    """The plain files that are put into a running notebook's folder: data, no code, no link, nothing huge."""
    return [
        path
        for path in sorted(folder.glob("*"))
        if path.is_file() and not path.is_symlink() and path.suffix not in CODE
        if path.name != "timestamp.txt" and path.stat().st_size <= LARGEST_FILE
    ]


def files_for(submission: Submission, source: Path) -> list[Path]:
    """What lies beside the running notebook: the student's files, the lesson's own in place of any namesake."""
    named = {path.name: path for path in files_beside(submission.path.parent)}
    named |= {path.name: path for path in files_beside(source.parent)}
    return [named[name] for name in sorted(named)]


def links_out(folder: Path) -> list[Path]:
    """Links in a submission that lead out of it: a copy of what they point at is none of the student's."""
    inside = folder.resolve()
    return [path for path in sorted(folder.rglob("*")) if path.is_symlink() and not _within(path, inside)]


def _within(path: Path, folder: Path) -> bool:
    try:
        return path.resolve().is_relative_to(folder)
    except (OSError, RuntimeError):  # a loop of links
        return False
