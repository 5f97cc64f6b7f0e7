"""Grades many submissions: other processes judge them, this one alone writes to the gradebook, one after the other.

Invariant: a record says "graded" only after the gradebook, the autograded notebook and the feedback page have the
result; it is taken away before any of them is changed. So killed at any moment and started again, the batch takes up
what was under way, and repeats nothing that was finished. What a run came to is kept before it is published
(check_cache.py): what is taken up need not be run again either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from autograde.course import Course
from autograde.grading import check_cache
from autograde.grading.benches import graded
from autograde.grading.limits import Limits
from autograde.grading.only_one import only_one
from autograde.grading.page_pool import PagePool
from autograde.grading.publish import Page, Publisher
from autograde.grading.records import BROKEN, GRADED, Record, cache_folder, executed_folder, read_record, save_record
from autograde.grading.standings import Standing, due_dates, standings
from autograde.grading.submissions import Submission, submitted_folder
from autograde.grading.worker import Job, Result, submission_mark

Told = Callable[[Record, bool], object]  # a submission's record, and whether it took work


@dataclass
class Batch:
    """The results of one run: every submission's record, and which of them were graded anew, or given a new page."""

    records: list[Record] = field(default_factory=list)
    anew: set[tuple[str, str]] = field(default_factory=set)
    republished: set[tuple[str, str]] = field(default_factory=set)


def grade_all(
    course: Course, submissions: list[Submission], limits: Limits, workers: int, force: bool, told: Told
) -> Batch:
    """Grade the submissions. `told` is called with each one's record as it is done. Raises CourseError."""
    batch = Batch()
    with only_one(course), Publisher(course, limits) as publisher:
        _tidy(course)
        held = standings(course.root)
        todo, stale = [], []
        for job in jobs_for(course, submissions, limits, publisher.settings, held):
            earlier = None if force else _unchanged(course, job, held)
            standing = held.get((job.submission.student, job.submission.lesson))
            if earlier is None:
                todo.append(job)
            elif earlier.status == GRADED and standing and earlier.feedback != _page_mark(publisher, standing, earlier):
                stale.append((earlier, standing))
            else:
                batch.records.append(earlier)
                told(earlier, False)
        pages = PagePool(course.root, _page_workers(workers), len(todo) + len(stale))
        try:
            _Run(course, publisher, pages, batch, told, force).all(stale, todo, workers)
        finally:
            pages.close()
    batch.records.sort(key=lambda record: (record.student, record.lesson))
    return batch


def jobs_for(
    course: Course,
    submissions: list[Submission],
    limits: Limits,
    settings: str = "",
    held: dict[tuple[str, str], Standing] | None = None,
) -> list[Job]:
    """What to grade of each submission: the shape of its notebook is told when it is to be done."""
    folder, due, known = cache_folder(course), due_dates(course.root), held or {}
    jobs = []
    for one in submissions:
        standing = known.get((one.student, one.lesson))
        when = standing.due if standing is not None else due.get(one.lesson, "")
        places = (course.source(one.lesson), course.release(one.lesson), folder)
        jobs.append(Job(one, *places, limits, when, settings))
    return jobs


def _page_mark(publisher: Publisher, standing: Standing, record: Record) -> str:
    return publisher.page_mark(standing, record.lesson)


def _page_workers(workers: int) -> int:
    """A page takes about a third of the time of a judgement."""
    return max(1, (workers + 2) // 3)


def _unchanged(course: Course, job: Job, held: dict[tuple[str, str], Standing]) -> Record | None:
    """The record of an earlier run that still stands: nothing it depends on has changed, and its products are there."""
    one = job.submission
    record = read_record(course, one.student, one.lesson)
    if record is None or record.mark != submission_mark(job):
        return None
    if record.status == BROKEN:
        return record
    folder = course.root / "grading"
    product = folder / "autograded" / one.student / one.lesson / f"{one.lesson}.ipynb"
    page = folder / "feedback" / one.student / one.lesson / f"{one.lesson}.html"
    return record if product.is_file() and page.is_file() and (one.student, one.lesson) in held else None


@dataclass
class _Run:
    """One batch on its way."""

    course: Course
    publisher: Publisher
    pages: PagePool
    batch: Batch
    told: Told
    force: bool

    def all(self, stale: list[tuple[Record, Standing]], todo: list[Job], workers: int) -> None:
        """Write the pages that are out of date, and grade what is to be graded."""
        for record, standing in stale:
            self.batch.republished.add((record.student, record.lesson))
            self.page(*self.publisher.page_of(record, standing))
            self.collect()
        for result in graded(todo, workers, self.ready):
            if result is not None:
                self.take(result)
            self.collect()
        self.collect(wait_for_all=True)

    def ready(self, job: Job) -> Job:
        """The job with the shape of its notebook."""
        return replace(job, shape=self.publisher.shape(job.submission.lesson), force=self.force)

    def take(self, result: Result) -> None:
        """Publish a result."""
        record = result.record
        self.batch.anew.add((record.student, record.lesson))
        if record.status == GRADED:
            self.page(*self.publisher.publish(result))
        else:
            self.finish(record)

    def page(self, record: Record, page: Page | None) -> None:
        if page is None:
            self.finish(record)
        else:
            self.pages.submit(record, page)

    def collect(self, wait_for_all: bool = False) -> None:
        """Finish what has its page by now."""
        for record in self.pages.done(wait_for_all):
            self.finish(record)

    def finish(self, record: Record) -> None:
        save_record(self.course, record)
        self.batch.records.append(record)
        self.told(record, True)


def _tidy(course: Course) -> None:
    """Take away what a batch that was killed left half done, and what is kept of submissions that are gone."""
    folder: Path = executed_folder(course)
    for path in folder.glob("*"):
        path.unlink(missing_ok=True)
    check_cache.prune(cache_folder(course), submitted_folder(course))
