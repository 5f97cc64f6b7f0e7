"""What a worker process does with one submission: read, mend, run. It writes an executed notebook and nothing else."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import nbformat

from autograde.grading.intake import REMARKS, BrokenSubmission, read_submission, remarks_of
from autograde.grading.kernel import Limits
from autograde.grading.marks import code_mark, digest, files_mark, run_mark
from autograde.grading.mending import check_lesson, mend, notes_of, read_pair
from autograde.grading.records import BROKEN, GRADED, Record
from autograde.grading.run import grade_notebook
from autograde.grading.submissions import Submission, files_for


@dataclass(frozen=True)
class Job:
    """One submission to run, with all that running it needs. `executed`: the folder for executed notebooks.

    due: the lesson's due date as text; with the time of handing in it decides the late penalty.
    """

    submission: Submission
    source: Path
    release: Path
    executed: Path
    limits: Limits
    due: str = ""


def submission_mark(job: Job) -> str:
    """The hash of everything a submission's result depends on. Never raises: what cannot be read counts as empty."""
    parts: list[str | bytes] = [job.submission.student, code_mark(), repr(job.limits)]
    stamp = job.submission.path.parent / "timestamp.txt"
    parts += [*job.submission.remarks(), job.due if stamp.is_file() else ""]
    for path in (job.submission.notebook(), stamp, job.source, job.release):
        data = b""
        with contextlib.suppress(OSError):
            data = path.read_bytes()
        parts.append(data)
    with contextlib.suppress(OSError):
        parts.append(files_mark(files_for(job.submission, job.source)))
    return digest(*parts)


def work(job: Job) -> Record:
    """Run one submission; the executed notebook lands in `job.executed`. Never raises for what a student handed in."""
    started, mark, submission = time.perf_counter(), submission_mark(job), job.submission
    try:
        submitted = read_submission(submission.checked())
        source, release = read_pair(job.source, job.release)
        check_lesson(submitted, source, submission.lesson)
    except BrokenSubmission as error:
        return Record(submission.student, submission.lesson, BROKEN, mark, reason=error.reason, mend=error.mend)
    submitted.metadata[REMARKS] = [*submission.remarks(), *remarks_of(submitted)]
    nb = mend(submitted, source, release)
    files = files_for(submission, job.source)
    run = run_mark(nb, files, job.limits, submission.student)
    outcomes = grade_notebook(nb, files, job.limits, submission.student)
    job.executed.mkdir(parents=True, exist_ok=True)
    part = job.executed / f"{run}.part"
    nbformat.write(nb, part)
    os.replace(part, job.executed / f"{run}.ipynb")
    seconds = round(time.perf_counter() - started, 2)
    return Record(submission.student, submission.lesson, GRADED, mark, outcomes, notes_of(nb), seconds=seconds, run=run)


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
