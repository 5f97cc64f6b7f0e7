"""The course's secret: what the random inputs of checks are drawn from, so that no student can know them beforehand.

MEASURE_FIRST_SECRET where it is set; else `grading/secret`, made at the first grading and kept, so that the same inputs
can be drawn again. Only the judge's side ever holds it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from pathlib import Path

from autograde.course import CourseError

VARIABLE = "MEASURE_FIRST_SECRET"
FILE = Path("grading") / "secret"
TAKEN = "MEASURE_FIRST_SECRET_TAKEN"  # the hash of what the variable was filled with, where no person set it


def take_secret(root: Path) -> str:
    """The secret of the course in `root`, put into this process's environment. Raises CourseError."""
    known = os.environ.get(VARIABLE, "").strip()
    if not known or os.environ.get(TAKEN) == _hash(known):  # taken for another course, here or by a parent process
        known = os.environ[VARIABLE] = _kept(root / FILE)
        os.environ[TAKEN] = _hash(known)
    return known


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _kept(path: Path) -> str:
    """The file's secret; made, readable for its owner only, where there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
                file.write(secrets.token_hex(32) + "\n")
            try:
                os.link(part, path)  # whole or not at all, and never over one that another command made meanwhile
            finally:
                part.unlink()
        found = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"the course's secret {path} cannot be read or made ({error}): set {VARIABLE}") from error
    if not found:
        raise CourseError(f"the course's secret {path} is empty: delete it (a new one is made), or set {VARIABLE}")
    return found
