"""What the command was given, as files: zip archives, folders, single notebooks, and a student's zip inside of them."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import stat
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from autograde.course import CourseError
from autograde.grading.collecting import zips
from autograde.grading.collecting.entries import DEEPEST, LARGEST_NOTEBOOK, Entry, Refused, Unreadable, is_junk

MOST_FILES = 200_000
LARGEST_ZIP = 200 * 2**20  # bytes of a student's zip
HEAD = 512
OTHER_ARCHIVES = {
    b"Rar!\x1a\x07": "a RAR archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive",
    b"\x1f\x8b": "a gzip or tar.gz archive",
    b"BZh": "a bzip2 or tar.bz2 archive",
    b"\xfd7zXZ": "an xz or tar.xz archive",
}
UNPACK = "unpack it with the program that made it, and give the folder"
SKIPPED = "nothing of it was read; what else was given is collected"


@dataclass
class Found:
    """Files to look at, and what was refused: members and files; whole archives. left_out: how many files of tools."""

    entries: list[Entry] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    whole: list[Refused] = field(default_factory=list)
    left_out: int = 0


def open_sources(paths: Sequence[Path], stack: ExitStack) -> Found:
    """The files of all that was given; archives stay open as long as `stack` does. Raises CourseError."""
    found = Found()
    for path in paths:
        if not path.exists():
            raise CourseError(f"{path}: there is no such file or folder")
        if path.is_dir():
            _walk(path, found)
            continue
        try:
            _take_file(path, stack, found)
        except Unreadable as error:
            found.whole.append(Refused(str(path), "", error.reason, error.mend or SKIPPED))
    found.entries = [made for entry in found.entries for made in _opened(entry, found)]
    return found


def archive_kind(head: bytes) -> str:
    """ "a RAR archive" for one that is not read, from a file's first bytes; "" for anything else."""
    if head[257:262] == b"ustar":
        return "a tar archive"
    return next((what for begins, what in OTHER_ARCHIVES.items() if head.startswith(begins)), "")


def _take_file(path: Path, stack: ExitStack, found: Found) -> None:
    """An archive's members, or the one file."""
    if not path.is_file():
        raise Unreadable("it is neither a file nor a folder")
    file = stack.enter_context(path.open("rb"))
    head = file.read(HEAD)
    if other := archive_kind(head):
        raise Unreadable(f"it is {other}: only zip archives and folders are read", UNPACK)
    if not head.startswith(b"PK") and path.suffix.lower() != ".zip":
        parts = (path.name,)
        found.entries.append(_file_entry(path, str(path.parent), parts, path.stat()))
        return
    archive, members = zips.open_zip(file, zips.WHOLE_CLASS)
    for member in members:
        if member.refusal:
            if not is_junk(member.parts or (member.name or "-",)):
                found.refused.append(Refused(str(path), member.name, member.refusal, "ask the student for the file"))
            continue
        if is_junk(member.parts):
            found.left_out += 1
            continue
        most = LARGEST_ZIP if member.parts[-1].lower().endswith(".zip") else LARGEST_NOTEBOOK
        read = functools.partial(zips.read_member, archive, member.info, most)
        size = member.info.file_size
        found.entries.append(Entry(str(path), member.parts, len(member.parts), size, member.modified, read))


def _walk(root: Path, found: Found) -> None:
    """The plain files under a folder. Links are not followed: they may lead to anybody's work."""
    for place, folders, names in os.walk(root):
        here = Path(place)
        inside = tuple(_text(part) for part in here.relative_to(root).parts)
        for name in [name for name in folders if (here / name).is_symlink()]:
            _refuse(found, root, (*inside, _text(name)), "it is a symbolic link, not a folder")
        folders[:] = sorted(name for name in folders if not (here / name).is_symlink())
        if len(inside) >= DEEPEST:
            _refuse(found, root, inside, f"it lies {len(inside)} folders deep (at most {DEEPEST} are read)")
            folders.clear()
            continue
        for name in sorted(names):
            _take_plain(root, here / name, (*inside, _text(name)), found)
        if len(found.entries) > MOST_FILES:
            raise CourseError(f"{root} holds more than {MOST_FILES:,} files: give the folder of the submissions alone")


def _take_plain(root: Path, path: Path, parts: tuple[str, ...], found: Found) -> None:
    if is_junk(parts):
        found.left_out += 1
        return
    about = path.lstat()
    if stat.S_ISLNK(about.st_mode):
        _refuse(found, root, parts, "it is a symbolic link, not a file")
    elif not stat.S_ISREG(about.st_mode):
        _refuse(found, root, parts, "it is a device, a pipe or another special file")
    else:
        found.entries.append(_file_entry(path, str(root), parts, about))


def _refuse(found: Found, root: Path, parts: tuple[str, ...], reason: str) -> None:
    found.refused.append(Refused(str(root), "/".join(parts), reason, "put the file itself there"))


def _text(name: str) -> str:
    """A file's name as text; bytes that are no UTF-8 are shown as a mark."""
    return os.fsencode(name).decode("utf-8", "replace")


def _file_entry(path: Path, source: str, parts: tuple[str, ...], about: os.stat_result) -> Entry:
    most = LARGEST_ZIP if path.suffix.lower() == ".zip" else LARGEST_NOTEBOOK
    when = datetime.fromtimestamp(about.st_mtime, UTC)
    read = functools.partial(_read_file, path, most)
    return Entry(source, parts, len(parts), about.st_size, when, read, _owner(about.st_uid))


@functools.lru_cache(maxsize=4096)
def _owner(number: int) -> str:
    """The name of a file's owner; "" for our own files and where it is not known."""
    if number == os.getuid():
        return ""
    import pwd

    with contextlib.suppress(KeyError):
        return pwd.getpwuid(number).pw_name
    return ""


def _read_file(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror})") from error
    if len(data) > most:
        raise Unreadable(f"it is larger than {most // 2**20} MB")
    return data


def _opened(entry: Entry, found: Found) -> list[Entry]:
    """The files of a student's zip in place of it; the zip itself, with its trouble, where it cannot be opened."""
    if not entry.name.lower().endswith(".zip"):
        return [entry]
    try:
        members = _opened_zip(entry)[1]
    except Unreadable as error:
        return [replace(entry, trouble=f"{entry.name} was not opened: {error.reason}")]
    made = []
    for number, member in enumerate(members):
        shown = f"{entry.shown}/{member.name}"
        if member.parts and is_junk(member.parts):
            found.left_out += 1
        elif member.refusal:
            found.refused.append(Refused(entry.source, shown, member.refusal, "ask the student for the file"))
        elif member.parts[-1].lower().endswith(".zip"):
            reason = "it is a zip archive in a zip archive in an archive; only one of them is opened"
            found.refused.append(Refused(entry.source, shown, reason, "unpack it by hand, and give the folder"))
        else:
            parts, size = (*entry.parts, *member.parts), member.info.file_size
            read = functools.partial(_read_inside, entry, number)
            made.append(Entry(entry.source, parts, entry.outer, size, entry.modified, read, entry.owner))
    return made or [replace(entry, trouble=f"there is no file in {entry.name} that can be read")]


def _read_inside(entry: Entry, number: int) -> bytes:
    archive, members = _opened_zip(entry)
    return zips.read_member(archive, members[number].info, LARGEST_NOTEBOOK)


@functools.lru_cache(maxsize=1)  # the files of one student's zip are read one after the other
def _opened_zip(entry: Entry) -> tuple[zips.zipfile.ZipFile, list[zips.Member]]:
    data = entry.read()
    if other := archive_kind(data[:HEAD]):
        raise Unreadable(f"it is {other}")
    return zips.open_zip(io.BytesIO(data), zips.ONE_STUDENT)
