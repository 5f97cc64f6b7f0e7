"""The batch's warm processes: one a lesson, the next one's started in time, all of them ended whatever happens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from autograde.course import CourseError
from autograde.grading import benches
from autograde.grading.benches import Servers, graded
from autograde.grading.judge_server import ServerEnded
from autograde.grading.limits import Limits
from autograde.grading.records import GRADED, Record
from autograde.grading.submissions import Submission
from autograde.grading.worker import Job, Result


class Pretended:
    """Stands for JudgeServer: answers each job at once; `said` is what happened to any of them, in order."""

    said: list[str] = []
    ends: dict[str, int] = {}  # lesson → how many of its processes end when they are given a job

    def __init__(self, lesson: str, jobs: int, first: Any) -> None:
        self.lesson, self.count = lesson, 0
        self.read, self.write = os.pipe()
        self.held: list[tuple[int, Any]] = []
        self.said.append(f"{lesson} starts for {jobs}")

    def submit(self, hook: str, job: dict[str, Any]) -> int:
        if self.ends.get(self.lesson):
            self.ends[self.lesson] -= 1
            raise ServerEnded("it ended")
        self.count += 1
        os.write(self.write, b"1")
        student, _ = job["submission"]
        self.held.append((self.count, Result(Record(student, self.lesson, GRADED, job["settings"])).plain()))
        return self.count

    def fileno(self) -> int:
        return self.read

    def answer(self) -> tuple[int, Any]:
        os.read(self.read, 1)
        return self.held.pop(0)

    def close(self) -> None:
        os.close(self.read), os.close(self.write)
        self.said.append(f"{self.lesson} ends")

    def __enter__(self) -> Pretended:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(benches, "JudgeServer", Pretended)
    monkeypatch.setattr(benches, "_lesson_of", lambda job: job.submission.lesson)
    monkeypatch.setattr(Pretended, "said", [])
    monkeypatch.setattr(Pretended, "ends", {})
    yield


def jobs_of(lesson: str, count: int) -> list[Job]:
    here = Path("x")
    return [Job(Submission(f"s{n}", lesson, here), here, here, here, Limits()) for n in range(count)]


def made_ready(job: Job) -> Job:
    Pretended.said.append(f"{job.submission.student} of {job.submission.lesson}")
    return replace(job, settings="ready")


def test_the_next_lessons_process_starts_when_the_last_submissions_of_this_one_are_handed_in() -> None:
    results = [one for one in graded([*jobs_of("a", 2), *jobs_of("b", 1), *jobs_of("c", 1)], 2, made_ready) if one]
    assert [(one.record.student, one.record.lesson) for one in results] == [
        ("s0", "a"), ("s1", "a"), ("s0", "b"), ("s0", "c")
    ]  # fmt: skip
    assert {one.record.mark for one in results} == {"ready"}
    assert Pretended.said == [
        "a starts for 2", "s0 of a", "s1 of a", "b starts for 1", "a ends",
        "s0 of b", "c starts for 1", "b ends", "s0 of c", "c ends",
    ]  # fmt: skip


def test_it_does_not_start_while_submissions_still_wait() -> None:
    running = graded([*jobs_of("a", 5), *jobs_of("b", 1)], 1, made_ready)
    next(running)
    assert Pretended.said == ["a starts for 1", "s0 of a", "s1 of a"]
    running.close()  # type: ignore[attr-defined]


def test_a_batch_that_is_stopped_ends_the_process_that_was_started_in_advance() -> None:
    running = graded([*jobs_of("a", 2), *jobs_of("b", 1)], 2, made_ready)
    next(running)
    assert Pretended.said[-1] == "b starts for 1"
    running.close()  # type: ignore[attr-defined]
    assert Pretended.said[-2:] == ["a ends", "b ends"]


def test_a_process_that_ends_is_started_once_more_and_then_the_batch_stops() -> None:
    Pretended.ends["b"] = 1
    results = [one for one in graded([*jobs_of("a", 1), *jobs_of("b", 1)], 2, made_ready) if one]
    assert [one.record.lesson for one in results] == ["a", "b"]
    assert Pretended.said.count("b starts for 1") == 2
    Pretended.ends["b"] = 2
    with pytest.raises(CourseError, match="^b cannot be graded here: it ended$"):
        list(graded(jobs_of("b", 1), 2, made_ready))


def test_a_process_that_cannot_be_started_in_advance_costs_the_present_lesson_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, refusals = Servers.start, ["once"]

    def refuses_once(self: Servers, jobs: Any) -> None:
        if jobs[0].submission.lesson == "b" and refusals:
            refusals.pop()
            raise ServerEnded("no memory")
        real(self, jobs)

    monkeypatch.setattr(Servers, "start", refuses_once)
    results = [one for one in graded([*jobs_of("a", 1), *jobs_of("b", 1)], 1, made_ready) if one]
    assert [one.record.lesson for one in results] == ["a", "b"]
    assert Pretended.said.count("a starts for 1") == 1
