"""What the build writes: a lesson's files, release/README.md, and its own lines in README.md and setup_colab.py."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from autograde.authoring import map
from autograde.authoring.header import COLAB_BADGE, KAGGLE_BADGE, colab_url, kaggle_url
from autograde.authoring.problems import Problem
from autograde.authoring.set_aside import is_work, put_aside
from autograde.course import Course, CourseError, read_text

LONGEST_WRITE = 600.0  # seconds; an older part of a file was left by a build that was killed

NOTICE = """\
# release/: what students get. Generated, do not edit

`autograde build` (or `make release`) writes every file here from `notebooks/` and `course.toml`; changes made here are
lost. Colab and Kaggle open these notebooks straight from the repository, which is why they are committed.
"""

LESSONS_BEGIN, LESSONS_END = "<!-- lessons: written by the build -->", "<!-- end of lessons -->"


@dataclass(frozen=True)
class Product:
    """The files of one built lesson: path in the repository → bytes."""

    key: str
    files: dict[str, bytes]
    cells: int
    points: float
    links: list[str]
    notes: list[str] = field(default_factory=list)  # what an author should know and need not mend

    @property
    def released(self) -> dict[str, bytes]:
        """The student's part, by file name."""
        start = f"release/{self.key}/"
        return {path.removeprefix(start): data for path, data in self.files.items() if path.startswith(start)}


def build_lesson(course: Course, key: str, gradebook: Path | None) -> Product:
    """Build a lesson away from the course's folders, and prove that nothing leaks. Raises CourseError.

    gradebook: where the assignment is recorded; None for a gradebook that is thrown away.
    """
    import nbformat

    from autograde.authoring.exam_places import not_there_yet
    from autograde.authoring.leak import leaks
    from autograde.authoring.links import links_in
    from autograde.authoring.release import generate
    from autograde.authoring.source import read_source

    source = read_source(course, key)
    with staging_folder() as staging:
        folder = staging / "source" / key
        folder.mkdir(parents=True)
        text = nbformat.writes(source.notebook) + "\n"
        (folder / f"{key}.ipynb").write_bytes(text.encode("utf-8"))
        for name, content in source.files().items():
            (folder / name).write_bytes(content.encode("utf-8"))
        generate(staging, key, gradebook or staging / "gradebook.db")
        made = sorted(path for step in ("source", "release") for path in (staging / step / key).rglob("*"))
        files = {path.relative_to(staging).as_posix(): path.read_bytes() for path in made if path.is_file()}
    points = sum(cell.points or 0.0 for cell in source.cells)
    prose = (cell.source for cell in source.text.cells if cell.kind in ("markdown", "written"))
    links = sorted({link.target for text in prose for link in links_in(text) if not link.target.startswith("#")})
    notes = [
        f"notebooks/{key}.{name}.toml: {lesson} is not in course.toml yet: feedback pages name it without a link"
        for name, data in source.side.items()
        if "item" in data
        for lesson in not_there_yet(course, data)
    ]
    product = Product(key, files, len(source.notebook.cells), points, links, notes)
    found = leaks(source.notebook, source.side, product.released)
    if found:
        told = "\n".join(f"    {leak}" for leak in found[:20])
        raise CourseError(f"the release of {key} would give {len(found)} secrets away, nothing was written:\n{told}")
    return product


@contextmanager
def staging_folder() -> Iterator[Path]:
    """An empty folder that is gone afterwards, read-only files included."""
    folder = Path(tempfile.mkdtemp(prefix="autograde-build-"))
    try:
        yield folder.resolve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_product(course: Course, product: Product) -> list[Path]:
    """Put a lesson's files into source/ and release/, each at one stroke; files that no longer belong there go.

    Returns what was put aside first: notebooks in release/ that somebody has run, and files that no build writes.
    """
    source, release = course.source(product.key).parent, course.release(product.key).parent
    aside, strays = [], []
    for folder in (source, release):
        for found in sorted(path for path in folder.rglob("*") if path.is_file()):
            if ".ipynb_checkpoints" in found.parts or _being_written(found):
                continue
            belongs = product.files.get(found.relative_to(course.root).as_posix())
            if folder == release and belongs != found.read_bytes() and is_work(found):
                aside.append(put_aside(course.root, found))
            if belongs is None:
                strays.append(found)
    for path, data in product.files.items():
        write_file(course.root / path, data)
    for stray in strays:
        stray.unlink(missing_ok=True)  # a build beside this one may have been faster
    return aside


def write_file(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never half of it; untouched where it is the same."""
    if path.is_file() and path.read_bytes() == data:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except BaseException:  # a full disk, Ctrl-C: nothing half written stays
        part.unlink(missing_ok=True)
        raise


def _being_written(path: Path) -> bool:
    """Whether a build beside this one is writing the file: taking it away would make that build fail."""
    try:
        return path.suffix == ".part" and time.time() - path.stat().st_mtime < LONGEST_WRITE
    except OSError:  # it is in its place by now
        return True


def course_files(course: Course) -> dict[str, bytes]:
    """The course's own generated files: path → bytes. Raises CourseError where setup_colab.py lacks its two lines."""
    files = {"release/README.md": release_readme(course).encode("utf-8")}
    setup = course.root / "setup_colab.py"
    if setup.is_file():
        files["setup_colab.py"] = with_address(read_text(setup), course).encode("utf-8")
    readme = course.root / "README.md"
    if readme.is_file():
        files["README.md"] = with_lessons(read_text(readme), course).encode("utf-8")
        if map.PATH in read_text(readme):  # a course whose README shows no map needs none
            files[map.PATH] = map.picture(course).encode("utf-8")
    return files


def lesson_table(course: Course, folder: str) -> str:
    """The lessons with their badges, as a Markdown table. folder: where release/ lies, seen from the page."""
    rows = "".join(
        f"| [{lesson.number} {lesson.title}: {lesson.subtitle}]({folder}{lesson.key}/{lesson.key}.ipynb) "
        f"| {lesson.minutes} min | [![Open in Colab]({COLAB_BADGE})]({colab_url(course, lesson.key)}) "
        f"[![Open in Kaggle]({KAGGLE_BADGE})]({kaggle_url(course, lesson.key)}) |\n"
        for lesson in course.lessons
    )
    return f"| lesson | time | open |\n|---|---|---|\n{rows}"


def release_readme(course: Course) -> str:
    """The notice in release/, and the lessons with their badges."""
    return f"{NOTICE}\n{lesson_table(course, '')}"


def with_lessons(readme: str, course: Course) -> str:
    """README.md's text with the lessons between its two marks; a README without such marks stays as it is."""
    before, mark, rest = readme.partition(LESSONS_BEGIN)
    _, end, after = rest.partition(LESSONS_END)
    if not (mark and end):
        return readme
    return f"{before}{mark}\n{lesson_table(course, 'release/')}{end}{after}"


def with_address(setup: str, course: Course) -> str:
    """setup_colab.py's text with the course's repository and ref. Raises CourseError where a line is missing."""
    for name, value in (("REPOSITORY", course.repository), ("REF", course.ref)):
        setup, count = re.subn(rf'(?m)^{name}( *(?:: *\w+ *)?)= *"[^"]*"', rf'{name}\1= "{value}"', setup)
        if count != 1:
            raise CourseError(f'setup_colab.py: {count} lines {name} = "…" at the start of a line, exactly 1 is needed')
    return setup


def differences(course: Course, files: dict[str, bytes]) -> list[str]:
    """The committed files (paths) that are not what the build gives."""
    return [path for path, data in sorted(files.items()) if _committed(course.root / path) != data]


def _committed(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def strays(course: Course) -> list[Problem]:
    """Folders in release/ that belong to no lesson."""
    known = {lesson.key for lesson in course.lessons}
    folder = course.root / "release"
    found = sorted(path.name for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []
    mend = "remove the folder, or give the lesson an entry in course.toml"
    return [
        Problem(f"release/{name}", 1, "no lesson of course.toml has this key", mend)
        for name in found
        if name not in known
    ]
