"""Grades many submissions: workers run them, this process alone writes to the gradebook, one after the other.

Invariant: a record says "graded" only after the gradebook and the feedback page have the result. Killed at any moment
and started again, the batch repeats at most what was under way.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field

from autograde.course import Course
from autograde.grading.gradebook import Standing, due_dates, standings
from autograde.grading.kernel import Limits
from autograde.grading.publish import Publisher
from autograde.grading.records import BROKEN, GRADED, Record, executed_folder, read_record, save_record
from autograde.grading.submissions import Submission
from autograde.grading.worker import Job, start_worker, submission_mark, work


@dataclass
class Batch:
    """The results of one run: every submission's record, and which of them were graded anew."""

    records: list[Record] = field(default_factory=list)
    anew: set[tuple[str, str]] = field(default_factory=set)
    republished: set[tuple[str, str]] = field(default_factory=set)


def jobs_for(course: Course, submissions: list[Submission], limits: Limits) -> list[Job]:
    """What to run for each submission."""
    folder, due = executed_folder(course), due_dates(course.root)
    return [
        Job(s, course.source(s.lesson), course.release(s.lesson), folder, limits, due.get(s.lesson, ""))
        for s in submissions
    ]


def grade_all(
    course: Course,
    submissions: list[Submission],
    limits: Limits,
    workers: int,
    force: bool,
    told: Callable[[Record], object],
) -> Batch:
    """Grade the submissions. `told` is called with each one's record as it is done."""
    batch, publisher = Batch(), Publisher(course)
    held = standings(course.root)
    todo = []
    for job in jobs_for(course, submissions, limits):
        earlier = None if force else _unchanged(course, job, held)
        if earlier is None:
            todo.append(job)
            continue
        batch.records.append(_refresh(course, publisher, earlier, held, batch))
        told(earlier)
    for record in _run(todo, workers):
        done = publisher.publish(record) if record.status == GRADED else record
        save_record(course, done)
        batch.records.append(done)
        batch.anew.add((done.student, done.lesson))
        told(done)
    batch.records.sort(key=lambda record: (record.student, record.lesson))
    return batch


def _unchanged(course: Course, job: Job, held: dict[tuple[str, str], Standing]) -> Record | None:
    """The record of an earlier run that still stands: nothing it depends on has changed, and its products are there."""
    submission = job.submission
    record = read_record(course, submission.student, submission.lesson)
    if record is None or record.mark != submission_mark(job):
        return None
    if record.status == BROKEN:
        return record
    product = course.root / "grading" / "autograded" / submission.student / submission.lesson / submission.path.name
    return record if product.is_file() and (submission.student, submission.lesson) in held else None


def _refresh(
    course: Course, publisher: Publisher, record: Record, held: dict[tuple[str, str], Standing], batch: Batch
) -> Record:
    """Write the feedback page anew where a person has given a score or a comment since."""
    standing = held.get((record.student, record.lesson))
    if record.status == BROKEN or standing is None or record.feedback == standing.mark:
        return record
    done = publisher.feedback(record)
    save_record(course, done)
    batch.republished.add((record.student, record.lesson))
    return done


def _run(jobs: list[Job], workers: int) -> Iterator[Record]:
    """Run jobs in worker processes; yields their records in the order in which they finish.

    A submission that takes its worker down with it (it may kill its parent) is tried once more by itself.
    """
    left = dict(enumerate(jobs))
    if len(jobs) > 0:
        for number, record in _pool(left, min(workers, len(jobs))):
            del left[number]
            yield record
    for number in list(left):
        alone = {number: left[number]}
        for number, record in _pool(alone, 1):
            del alone[number]
            yield record
        if alone:
            yield _fell(left[number])


def _pool(jobs: dict[int, Job], workers: int) -> Iterator[tuple[int, Record]]:
    """Yield (number, record) until all are done or the pool is broken."""
    spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=start_worker)
    futures: dict[Future[Record], int] = {pool.submit(work, job): number for number, job in jobs.items()}
    try:
        for future in as_completed(futures):
            try:
                record = future.result()
            except BrokenProcessPool:
                continue
            except Exception as error:  # a bug of the grader's on this one submission
                submission = jobs[futures[future]].submission
                reason = f"the grader itself failed ({type(error).__name__}: {error})"
                record = Record(submission.student, submission.lesson, BROKEN, "", reason=reason, mend="report it")
            yield futures[future], record
    finally:
        processes = list((pool._processes or {}).values())
        pool.shutdown(wait=False, cancel_futures=True)
        if not all(future.done() for future in futures):
            for process in processes:
                process.terminate()


def _fell(job: Job) -> Record:
    """The record of a submission that ended the process that graded it, twice."""
    reason = "its code ended the process that was grading it"
    mend = "read its code: it may kill its parent process or use up all memory"
    return Record(job.submission.student, job.submission.lesson, BROKEN, submission_mark(job), reason=reason, mend=mend)
