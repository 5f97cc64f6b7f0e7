"""One command at a time works on a course: grading and collecting share a lock, which goes when the process does."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from autograde.course import Course, CourseError


@contextlib.contextmanager
def only_one(course: Course) -> Iterator[None]:
    """Let nobody else grade or collect meanwhile. Raises CourseError."""
    import fcntl

    path = course.root / "grading" / "cache" / "lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            file.seek(0)
            who = file.read().strip()
            raise CourseError(
                f"another autograde grade or collect{f' (process {who})' if who else ''} is at work on {course.root}: "
                "wait until it has finished, or stop it"
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
