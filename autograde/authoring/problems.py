"""What is wrong with a lesson: where, what, and the mend, so that all of a lesson's problems can be shown at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from autograde.course import CourseError


@dataclass(frozen=True, order=True)
class Problem:
    """One thing an author can mend: `path` from the course's root, `line` from 1, `mend` empty where `what` says it."""

    path: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        mend = f"\n    mend: {self.mend}" if self.mend else ""
        return f"{self.path}:{self.line}: {self.what}{mend}"


class LessonProblems(CourseError):
    """All problems found in one go; `problems` holds them in the order of the files' lines."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(set(problems))
        count = len(self.problems)
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"{count} {'problem' if count == 1 else 'problems'} in the text:\n{lines}")


def raise_if_any(problems: Iterable[Problem]) -> None:
    """Raise LessonProblems where there is at least one problem."""
    found = list(problems)
    if found:
        raise LessonProblems(found)
