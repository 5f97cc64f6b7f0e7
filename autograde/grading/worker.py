"""What is done with one submission away from the gradebook: read, mend, judge, finish. Leaves an autograded notebook.

Two kinds of process do it: a fork of a lesson's warm process (judge_server.py calls `judge_job`), or, where the
instructor asked for one Jupyter kernel a submission, a worker of a pool (`work`).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nbformat import NotebookNode

from autograde.grading import check_cache, outcomes
from autograde.grading.beside import check_room
from autograde.grading.cells import ours
from autograde.grading.finishing import Mismatch, Scores, Shape, finish, notebook_bytes
from autograde.grading.folders import write_whole
from autograde.grading.intake import LARGEST, BrokenSubmission, add_remarks, parse_submission, read_submission
from autograde.grading.limits import Limits
from autograde.grading.marks import code_mark, digest, file_mark, files_mark, run_mark, seed_mark
from autograde.grading.mending import check_lesson, mend, notes_of, read_pair
from autograde.grading.records import BROKEN, GRADED, Record, record_from
from autograde.grading.repairs import repairs_of
from autograde.grading.run import grade_notebook, judge
from autograde.grading.submissions import Submission, files_for
from autograde.grading.timings import take_timings

if TYPE_CHECKING:
    from autograde.grading.warm import Warm

# What stops the whole batch, and is nobody's submission's fault.
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS}
Known = Mapping[str, Mapping[str, Any]]
Run = Callable[[NotebookNode, list[Path], str, Known], None]  # fills a notebook in place, as judge_notebook does


@dataclass(frozen=True)
class Job:
    """One submission to grade, with all that it needs. cache: the folder for what is kept and what is handed over.

    due: the due date as text; with the time of handing in it decides the late penalty. settings: what else of the
    course's settings the result depends on. force: take nothing from the cache.
    """

    submission: Submission
    source: Path
    release: Path
    cache: Path
    limits: Limits
    due: str = ""
    settings: str = ""
    shape: Shape | None = None
    force: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        made = asdict(self) | {"submission": [self.submission.student, self.submission.lesson]}
        return (
            made
            | {name: str(getattr(self, name)) for name in ("source", "release", "cache")}
            | {"path": str(self.submission.path)}
        )

    @classmethod
    def from_plain(cls, made: Mapping[str, Any]) -> Job:
        student, lesson = made["submission"]
        shape = made["shape"] and Shape(**{**made["shape"], "checksums": _pairs(made["shape"]["checksums"])})
        source, release, cache = (Path(made[name]) for name in ("source", "release", "cache"))
        submission = Submission(student, lesson, Path(made["path"]))
        rest = (made["due"], made["settings"], shape or None, made["force"])
        return cls(submission, source, release, cache, Limits(**made["limits"]), *rest)


def _pairs(made: Mapping[str, Any]) -> dict[str, tuple[str, bool]]:
    return {name: (known, locked) for name, (known, locked) in made.items()}


@dataclass(frozen=True)
class Result:
    """What became of a submission: its record, the scores for the gradebook, and where the notebook waits for it."""

    record: Record
    scores: Scores = field(default_factory=Scores)
    staged: str = ""

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it."""
        return asdict(self)

    @classmethod
    def from_plain(cls, made: Mapping[str, Any]) -> Result:
        return cls(record_from(made["record"]), Scores(**made["scores"]), made["staged"])


def submission_mark(job: Job) -> str:
    """The hash of everything a submission's result depends on. Never raises: what cannot be read counts as empty."""
    submission = job.submission
    stamp = submission.path.parent / "timestamp.txt"
    parts = [code_mark(), seed_mark(submission.student), repr(job.limits), job.settings]
    parts += [file_mark(job.source), file_mark(job.release), *submission.remarks(), job.due if stamp.is_file() else ""]
    return digest(*parts, _content_of(submission.notebook()), _content_of(stamp), _files_mark(job))


def _content_of(path: Path) -> bytes:
    """A hash of a file's content, b"" where there is none to read; in pieces, for a notebook may be large."""
    with contextlib.suppress(OSError):
        about = path.stat()
        if about.st_size > LARGEST:  # refused anyway
            return f"{about.st_size} bytes, {about.st_mtime_ns}".encode()
        if path.is_file():  # a pipe would never deliver
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").digest()
    return b""


def _files_mark(job: Job) -> str:
    with contextlib.suppress(OSError):
        return files_mark(files_for(job.submission, job.source))
    return ""


def grade_job(job: Job, run: Run) -> Result:
    """Grade one submission. Never raises for what a student handed in, or for what their code does.

    The finished notebook, and what is kept of its cells, lie under `job.cache`, each whole or not at all.
    """
    started, mark, submission = time.perf_counter(), submission_mark(job), job.submission
    record = Record(submission.student, submission.lesson, BROKEN, mark)
    try:
        nb = _mended(job)
        files, notes = files_for(submission, job.source), notes_of(nb)
        check_room(files, job.limits.disk_bytes)
        name = run_mark(nb, files, job.limits, submission.student)
    except BrokenSubmission as error:
        return Result(replace(record, reason=error.reason, mend=error.mend))
    except PermissionError as error:
        reason = f"{error.filename}, which lies beside the notebook, cannot be read"
        return Result(replace(record, reason=reason, mend="check the file's permissions"))
    _run_or_recall(job, nb, files, run)
    found, timings, repairs = outcomes.attached(nb), take_timings(nb), repairs_of(nb)
    try:
        data, scores = (notebook_bytes(nb), Scores()) if job.shape is None else finish(nb, job.shape)
    except Mismatch as error:
        mend = "run the same command again; if it says the same, run autograde build and then again"
        return Result(replace(record, mark="", reason=f"source/ and gradebook are out of step: {error}", mend=mend))
    staged = job.cache / "executed" / f"{name}.ipynb"
    staged.parent.mkdir(parents=True, exist_ok=True)
    write_whole(staged, data)
    timings = replace(timings, seconds=round(time.perf_counter() - started, 3))
    made = replace(record, status=GRADED, outcomes=found, notes=notes, run=name, timings=timings, repairs=repairs)
    return Result(made, scores, str(staged))


def _mended(job: Job) -> NotebookNode:
    """The notebook to run. Raises BrokenSubmission."""
    submitted = read_submission(job.submission.checked())
    source, release = read_pair(job.source, job.release)
    check_lesson(submitted, source, job.submission.lesson)
    add_remarks(submitted, job.submission.remarks())
    return mend(submitted, source, release)


def _run_or_recall(job: Job, nb: NotebookNode, files: list[Path], run: Run) -> None:
    """Fill in what each cell came to: what is kept of an earlier run where that still holds, the rest run now."""
    student = job.submission.student
    marks = check_cache.cell_marks(nb, files_mark(files), job.limits, student)
    place = check_cache.cache_file(job.cache, student, job.submission.lesson)
    known = {} if job.force else check_cache.known_cells(nb, marks, check_cache.read_kept(place))
    run(nb, files, student, known)
    if any("run" in ours(cell) for cell in nb.cells):
        check_cache.keep_cells(place, nb, marks)


def judge_job(made: dict[str, Any], warm: Warm) -> dict[str, Any]:
    """The hook of a lesson's warm process: a job as JSON, its result as JSON, or what stops the whole batch."""

    def run(nb: NotebookNode, files: list[Path], student: str, known: Known) -> None:
        warm.judge(nb, files, student, known)
        outcomes.attach(nb, judge(nb))

    return _plainly(lambda: grade_job(Job.from_plain(made), run))


def work(job: Job) -> dict[str, Any]:
    """Grade one submission in a Jupyter kernel of its own."""

    def run(nb: NotebookNode, files: list[Path], student: str, known: Known) -> None:
        if check_cache.recall(nb, known):
            outcomes.attach(nb, judge(nb))
        else:
            grade_notebook(nb, files, job.limits, student)

    return _plainly(lambda: grade_job(job, run))


def _plainly(graded: Callable[[], Result]) -> dict[str, Any]:
    """A result as JSON. A disk that is full stops the batch: {"stopped": what is wrong}."""
    try:
        return graded().plain()
    except OSError as error:
        if error.errno not in OF_THE_DISK:
            raise
        return {"stopped": f"{error.filename or 'the disk'}: {error.strerror}"}


def warm_up(made: dict[str, Any], warm: Warm) -> None:
    """Run once in a lesson's warm process: what its forks need is in memory before the first."""
    source, release = read_pair(Path(made["source"]), Path(made["release"]))
    code_mark()
    file_mark(Path(made["source"])), file_mark(Path(made["release"]))
    nb = mend(parse_submission(json.dumps(release or source).encode()), source, release)
    check_cache.cell_marks(nb, "", warm.lesson.limits, "")
    judge(nb)


def start_worker() -> None:
    """A worker leaves Ctrl-C to its parent, and ends when its parent does, however that was killed."""
    signal.signal(signal.SIGINT, lambda *_: None)  # a handler, not SIG_IGN, which kernels would inherit
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait until the parent is gone, then go at once; kernels watch this process in the same way."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
