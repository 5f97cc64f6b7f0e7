"""Where submissions are graded, several at once: in forks of a lesson's warm process, or in kernels of their own.

Both hand back results in the order in which they come, and None now and then, so that the batch can look after the
rest of its work. A submission that takes the process that grades it down costs itself only.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import select
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import Any

from autograde.course import CourseError
from autograde.grading.forked import Fallen
from autograde.grading.judge_server import JudgeServer, ServerEnded
from autograde.grading.made_from import Lesson
from autograde.grading.mending import read_pair
from autograde.grading.prepared import LessonCells
from autograde.grading.records import BROKEN, Record
from autograde.grading.submissions import files_beside
from autograde.grading.worker import Job, Result, start_worker, submission_mark, work

TICK = 0.2  # seconds between two looks at the rest of the batch
AHEAD = 2  # jobs a warm process holds for each judge at work
READ_CODE = "read its code: it may kill its parent process or use up all memory"
FELL = {
    "timeout": ("the process that was grading it did not end in time", READ_CODE),
    "memory": ("the process that was grading it needed more memory than there is", READ_CODE),
    "ended": ("its code ended the process that was grading it", READ_CODE),
}


def graded(jobs: Sequence[Job], workers: int, ready: Callable[[Job], Job]) -> Iterator[Result | None]:
    """Grade the jobs, `workers` at once. Raises CourseError for what no submission is to blame for.

    ready: what a job still needs before it is done, called for each when its turn comes: while it loads what it stands
    on, the first lesson's warm process is already starting.
    """
    kernel = [job for job in jobs if job.limits.isolation == "kernel"]
    if kernel:
        yield from _in_kernels([ready(job) for job in kernel], workers)
    lessons: dict[str, list[Job]] = {}
    for job in jobs:
        if job.limits.isolation != "kernel":
            lessons.setdefault(job.submission.lesson, []).append(job)
    yield from _judged(list(lessons.values()), workers, ready)


def _result(made: dict[str, Any]) -> Result:
    """A worker's answer. Raises CourseError where the disk stopped it."""
    if "stopped" in made:
        raise CourseError(f"{made['stopped']}. What was finished is kept: mend it and run the same command again")
    return Result.from_plain(made)


def _broken(job: Job, reason: str, mend: str, mark: str = "") -> Result:
    return Result(Record(job.submission.student, job.submission.lesson, BROKEN, mark, reason=reason, mend=mend))


def _fallen(job: Job, fallen: Fallen) -> Result:
    """The result of a submission whose grading did not come to its end."""
    if fallen.why in FELL:
        return _broken(job, *FELL[fallen.why], mark=submission_mark(job))
    said = (fallen.said.strip().splitlines() or [fallen.why])[-1]
    return _broken(job, f"the grader itself failed ({said})", "report it")


# ---- in forks of a warm process


class Servers:
    """The warm processes of a batch's lessons. One is asked for as soon as there are cores for it: its imports and the
    lesson's own cells take seconds. `started` are those that no lesson has taken yet."""

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self.started: dict[str, JudgeServer] = {}

    def __enter__(self) -> Servers:
        return self

    def __exit__(self, *_: object) -> None:
        while self.started:
            self.started.popitem()[1].close()

    def start(self, jobs: Sequence[Job]) -> None:
        """Start the process of these jobs' lesson, if it has none; it gets ready by itself. Raises ServerEnded."""
        key = jobs[0].submission.lesson
        if key not in self.started:
            first = ("autograde.grading.worker:warm_up", jobs[0].plain())
            self.started[key] = JudgeServer(_lesson_of(jobs[0]), min(self.workers, len(jobs)), first)

    def take(self, jobs: Sequence[Job]) -> JudgeServer:
        """The process of these jobs' lesson, the caller's to close. Raises ServerEnded."""
        self.start(jobs)
        return self.started.pop(jobs[0].submission.lesson)


def _judged(lessons: Sequence[list[Job]], workers: int, ready: Callable[[Job], Job]) -> Iterator[Result | None]:
    """Judge the submissions lesson by lesson. A warm process that ends is started once more for what is left."""
    with Servers(workers) as servers:
        for number, jobs in enumerate(lessons):
            left, following = dict(enumerate(jobs)), lessons[number + 1 :][:1]
            for last_try in (False, True):
                try:
                    with servers.take(list(left.values())) as server:
                        yield from _served(server, left, min(workers, len(left)), ready, servers, following)
                    break
                except ServerEnded as error:
                    if last_try:
                        key = jobs[0].submission.lesson
                        raise CourseError(f"{key} cannot be graded here: {error}") from error


def _lesson_of(job: Job) -> Lesson:
    source, _ = read_pair(job.source, job.release)
    return Lesson(LessonCells.of(source), tuple(files_beside(job.source.parent)), job.limits, (job.source.parents[2],))


def _served(
    server: JudgeServer,
    left: dict[int, Job],
    workers: int,
    ready: Callable[[Job], Job],
    servers: Servers,
    following: Sequence[list[Job]],
) -> Iterator[Result | None]:
    """Take results from a warm process; `left` holds what is not done.

    When all is handed in, the following lesson's process is started beside the last judges at work.
    """
    waiting, running = list(left), dict[int, int]()  # the server's number of a job → ours
    while waiting or running:
        while waiting and len(running) < AHEAD * workers:
            number = waiting.pop(0)
            running[server.submit("autograde.grading.worker:judge_job", ready(left[number]).plain())] = number
        for jobs in following if not waiting else ():
            with contextlib.suppress(ServerEnded):  # it is started again, and heard, when its turn comes
                servers.start(jobs)
        if not select.select([server.fileno()], [], [], TICK)[0]:
            yield None
            continue
        theirs, answer = server.answer()
        number = running.pop(theirs)
        job = left.pop(number)
        yield _fallen(job, answer) if isinstance(answer, Fallen) else _result(answer)


# ---- in kernels of their own


def _in_kernels(jobs: Sequence[Job], workers: int) -> Iterator[Result | None]:
    """Run each submission in a Jupyter kernel, from worker processes.

    A submission that takes its worker down with it (it may kill its parent) is tried once more by itself.
    """
    left = dict(enumerate(jobs))
    yield from _pool(left, min(workers, len(jobs)))
    for number in list(left):
        alone = {number: left[number]}
        yield from _pool(alone, 1)
        if alone:
            yield _fallen(left[number], Fallen("ended"))


def _pool(left: dict[int, Job], workers: int) -> Iterator[Result | None]:
    """Take results until all are done or the pool is broken; `left` holds what is not done."""
    spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
    pool = ProcessPoolExecutor(workers, mp_context=spawn, initializer=start_worker)
    futures: dict[Future[dict[str, Any]], int] = {pool.submit(work, job): number for number, job in left.items()}
    todo = set(futures)
    try:
        while todo:
            done, todo = wait(todo, timeout=TICK, return_when=FIRST_COMPLETED)
            if not done:
                yield None
            for future in done:
                job = left[futures[future]]
                try:
                    result = _result(future.result())
                except BrokenProcessPool:
                    continue
                except CourseError:
                    raise
                except Exception as error:  # a bug of the grader's on this one submission
                    result = _fallen(job, Fallen("error", f"{type(error).__name__}: {error}"))
                del left[futures[future]]
                yield result
    finally:
        end_pool(pool, not todo)


def end_pool(pool: ProcessPoolExecutor, finished: bool) -> None:
    """Let a pool go; its processes are ended where they have not finished."""
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=finished, cancel_futures=True)
    if not finished:
        for process in processes:
            process.terminate()
        for process in processes:
            process.join(5)
