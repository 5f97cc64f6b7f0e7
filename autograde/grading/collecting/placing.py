"""Lays hand-ins down: the newest where it is graded, older ones and what nobody owns under grading/collected.

Every folder is made whole beside its place and then renamed into it; what was there is renamed away first, never
written over. So an interruption loses nothing, and the same command takes up where it was.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from autograde.course import Course
from autograde.grading.collecting.entries import Entry, Unreadable
from autograde.grading.collecting.handins import STAMP, HandIn
from autograde.grading.collecting.journal import collected_folder
from autograde.grading.collecting.looking import COPY_OF
from autograde.grading.collecting.student_folders import safe_file, safe_paths
from autograde.grading.folders import write_whole
from autograde.grading.submissions import submitted_folder

MOST_BESIDE = 200  # files
LARGEST_FILE = 50 * 2**20  # bytes; grading puts no larger one beside a running notebook
LARGEST_BESIDE = 200 * 2**20  # bytes, all of them together


@dataclass
class Parcel:
    """The files of a hand-in, each with the path that it gets. mark: the hash of all. left_out: a sentence each."""

    files: list[tuple[str, Entry]] = field(default_factory=list)
    mark: str = ""
    left_out: list[str] = field(default_factory=list)


def parcel_of(hand_in: HandIn, lesson: str) -> Parcel:
    """What of a hand-in is laid down: its notebook under the lesson's name, what lies beside it, nothing huge."""
    made = Parcel()
    counts = hand_in.counts
    name = f"{lesson}.ipynb"
    mine = [counts.inside] if counts is not None else [one.inside for one in hand_in.looked]
    base = _common([inside[:-1] for inside in mine])
    if counts is not None:
        made.files.append((name, counts.entry))
    others = [pair for pair in hand_in.files if counts is None or pair[1] is not counts.entry]
    shown = {inside: inside[len(base) :] if inside[: len(base)] == base else inside for inside, _ in others}
    others = [pair for pair in others if shown[pair[0]] != (STAMP,)]
    taken = [name, STAMP] if counts is not None else [STAMP]
    paths = safe_paths(dict.fromkeys(shown[inside] for inside, _ in others), taken)
    total = 0
    for inside, entry in others:
        total += entry.size
        notebook = entry.is_notebook or counts is None
        if (entry.size > LARGEST_FILE and not notebook) or total > LARGEST_BESIDE or len(made.files) > MOST_BESIDE:
            made.left_out.append(f"{inside[-1]} was left out: too large, or too many files")
            total -= entry.size
        else:
            made.files.append((paths[shown[inside]], entry))
    made.mark = _mark(made)
    return made


def _common(folders: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The folder that all of these lie in."""
    return tuple(os.path.commonprefix([list(folder) for folder in folders])) if folders else ()


def _mark(parcel: Parcel) -> str:
    """One hash of all files by name and content; what cannot be read is left out, with a word."""
    whole = hashlib.sha256()
    readable = []
    for path, entry in sorted(parcel.files, key=lambda pair: pair[0]):
        try:
            content = hashlib.sha256(entry.read()).digest()
        except Unreadable as error:
            parcel.left_out.append(f"{entry.name} was left out: {error.reason}")
            continue
        readable.append((path, entry))
        text = path.encode("utf-8")
        whole.update(len(text).to_bytes(4, "big") + text + content)
    parcel.files = readable
    return whole.hexdigest()


def lay_down(parcel: Parcel, place: Path, submitted: datetime | None) -> None:
    """Make `place`, which is not there, with these files and the time of handing in. Raises OSError."""
    part = place.with_name(f".{place.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    for path, entry in parcel.files:
        target = part / path
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(Unreadable):  # it was readable a moment ago
            target.write_bytes(entry.read())
    if submitted is not None:
        write_time(part, submitted)
    os.replace(part, place)


def write_time(place: Path, when: datetime) -> None:
    """The time of handing in beside a notebook, as nbgrader reads it."""
    write_whole(place / STAMP, f"{when.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC\n".encode())


def move_away(origin: Path, place: Path) -> None:
    """Move a folder to a place that is not there yet; copied whole first where that is on another disk."""
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.rename(origin, place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        part = place.with_name(f".{place.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        shutil.copytree(origin, part, symlinks=True)
        os.rename(part, place)
        shutil.rmtree(origin)


def graded_place(course: Course, folder: str, lesson: str) -> Path:
    """Where grading finds a submission."""
    return submitted_folder(course) / folder / lesson


def attempt_place(course: Course, folder: str, lesson: str, when: datetime | None, mark: str) -> Path:
    """A place of its own for an attempt that is kept but not graded."""
    stamp = f"{when.astimezone(UTC):%Y-%m-%d-%H%M%S}" if when else "undated"
    return free(collected_folder(course) / "attempts" / folder / lesson / f"{stamp}-{mark[:8] or 'by-hand'}")


def unattributed_place(course: Course, hand_in: HandIn, lesson: str, mark: str) -> Path:
    """Where a hand-in waits whose student is not known: named after where it lay, and its content."""
    first = hand_in.files[0][1]
    label = first.parts[0] if len(first.parts) == 1 else "_".join(first.parts[-2:])
    stem = safe_file(COPY_OF.sub("", label).rpartition(".")[0] or label)[:60].strip(" .") or "file"
    return collected_folder(course) / "unattributed" / lesson / f"{stem}~{mark[:8]}"


def free(place: Path) -> Path:
    """The place, or where it is taken the first with a number behind it that is free."""
    number, made = 1, place
    while made.exists() or made.is_symlink():
        number += 1
        made = place.with_name(f"{place.name}-{number}")
    return made


def notebook_mark(place: Path, lesson: str) -> str:
    """The hash of the notebook in a student's folder ("" where there is none)."""
    try:
        return hashlib.sha256((place / f"{lesson}.ipynb").read_bytes()).hexdigest()
    except OSError:
        return ""


def links_in_the_way(course: Course, folder: str, lesson: str) -> str:
    """The link, if there is one, that stands where a student's folder should be."""
    place = graded_place(course, folder, lesson)
    return next((str(path) for path in (place.parent, place) if path.is_symlink()), "")
