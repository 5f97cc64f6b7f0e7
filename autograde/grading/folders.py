"""The folder of an autograded notebook or of a feedback page: the files that go with it, each whole or not at all."""

from __future__ import annotations

import fnmatch
import os
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

Files = dict[str, Path]  # path inside the folder → the file that is copied there


def files_under(folder: Path, ignored: Sequence[str]) -> Files:
    """The plain files in a folder and below, but those that match a pattern: what nbgrader copies along.

    ignored: nbgrader's `CourseDirectory.ignore` and "*.ipynb". A link is not followed: it may lead anywhere.
    """
    found: Files = {}
    for place, folders, names in os.walk(folder):
        here = Path(place)
        folders[:] = [name for name in sorted(folders) if not _matches(here / name, ignored)]
        for name in sorted(names):
            path = here / name
            if not _matches(path, ignored) and path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path
    return found


def _matches(path: Path, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatch(path.name, pattern) for pattern in patterns)


def lay_files(folder: Path, files: Files, mode: int, keep: Sequence[str] = ()) -> None:
    """Make the folder hold copies of exactly these files, and what is named in `keep`."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {*files, *keep}
    for place, _, names in os.walk(folder, topdown=False):
        here = Path(place)
        for name in names:
            if (here / name).relative_to(folder).as_posix() not in wanted:
                (here / name).unlink()
        if here != folder and not any(here.iterdir()):
            here.rmdir()
    for name, path in files.items():
        put_copy(path, folder / name, mode)


def put_copy(origin: Path, target: Path, mode: int) -> None:
    """Copy a file, whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part = _part_of(target)
    shutil.copyfile(origin, part)
    part.chmod(mode)
    os.replace(part, target)


def move_into(origin: Path, target: Path, mode: int) -> None:
    """Move a finished file to its place; copied where that is on another disk."""
    origin.chmod(mode)
    try:
        os.replace(origin, target)
    except OSError:
        put_copy(origin, target, mode)
        origin.unlink(missing_ok=True)


def write_whole(target: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file, whole or not at all."""
    part = _part_of(target)
    part.write_bytes(data)
    part.chmod(mode)
    os.replace(part, target)


def _part_of(target: Path) -> Path:
    """Where the file is made; what an earlier run left there, perhaps not to be written to, is taken away."""
    part = target.with_name(f"{target.name}.part")
    part.unlink(missing_ok=True)
    return part
