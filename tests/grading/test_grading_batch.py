"""A batch may be stopped at any moment and gives the same in the end; several at once, or a full disk, lose nothing."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from gradings_compared import dump, products
from pretended_runs import pretend
from tiny_course import KEY, answers, copy_course, hand_in

from autograde.cli import main
from autograde.course import Course, CourseError
from autograde.grading import batch, benches, gradebook_rows, page_pool, pages, worker
from autograde.grading.batch import Batch, grade_all
from autograde.grading.forked import Fallen
from autograde.grading.grade import said_of
from autograde.grading.limits import Limits
from autograde.grading.products import write_products
from autograde.grading.records import Record, read_record
from autograde.grading.standings import standings
from autograde.grading.submissions import find_submissions
from autograde.grading.worker import Job, Result, grade_job

JUDGED = Limits(isolation="process")
RIGHT_ONES = {"double": "# exercise: double RIGHT\nx = 1", "predict": "# RIGHT\nsizes = {}", "why": "It adds."}
WRONG = {"double": "# exercise: double\nx = 1", "predict": "# PARTLY\nsizes = {}"}
CLASS: dict[str, dict[str, str]] = {"ada": RIGHT_ONES, "bea": WRONG}


def pretended(jobs: Sequence[Job], workers: int, ready: Callable[[Job], Job]) -> Iterator[Result]:
    """Stands for the processes that judge."""
    for job in jobs:
        yield grade_job(ready(job), pretend)


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "graded", pretended)
    monkeypatch.setattr(page_pool, "FEW", 100)


def hand_in_all(course: Course) -> None:
    for student, texts in CLASS.items():
        hand_in(course, student, answers(course, **texts))
    hand_in(course, "fay", "{")


def grade(course: Course, told: Callable[[Record, bool], object] = lambda *_: None, force: bool = False) -> set[str]:
    """Grade everything here and write the tables; the students who were graded anew."""
    submissions = find_submissions(course, [KEY], [])
    found = grade_all(course, submissions, JUDGED, 1, force, told)
    write_products(course, found.records, standings(course.root))
    return {student for student, _ in found.anew}


# ---- killed at every step


class Steps:
    """Counts what changes files or the gradebook, and kills its own process at one of them."""

    def __init__(self, fatal: int) -> None:
        self.fatal, self.count = fatal, 0

    def before(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def stepped(*arguments: Any, **named: Any) -> Any:
            self.count += 1
            if self.count == self.fatal:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*arguments, **named)

        return stepped

    def watch(self) -> None:
        """From here on, in this process."""
        os.replace = self.before(os.replace)  # type: ignore[assignment]
        os.unlink = self.before(os.unlink)  # type: ignore[assignment]
        os.mkdir = self.before(os.mkdir)  # type: ignore[assignment]
        writer = gradebook_rows.GradebookWriter
        writer._grades = self.before(writer._grades)  # type: ignore[method-assign]
        writer._comments = self.before(writer._comments)  # type: ignore[method-assign]


def killed_at(step: int, course: Course) -> bool:
    """Grade in a fork that is killed at a step; whether it came so far. What it says is not for the test's output."""
    pid = os.fork()
    if pid == 0:
        steps = Steps(step)
        steps.watch()
        try:
            grade(course)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status)


def test_killed_at_any_step_and_started_again_it_repeats_nothing_finished_and_ends_as_if_nothing_had_happened(
    built_course: Course, tmp_path: Path
) -> None:
    undisturbed = copy_course(built_course, tmp_path / "undisturbed")
    hand_in_all(undisturbed)
    grade(undisturbed)
    expected, rows, step = products(undisturbed), dump(undisturbed), 1
    while True:
        course = copy_course(built_course, tmp_path / f"course {step}")
        hand_in_all(course)
        if not killed_at(step, course):
            break
        finished = {student for student in [*CLASS, "fay"] if read_record(course, student, KEY) is not None}
        repeated: list[str] = []
        anew = grade(course, lambda record, worked, seen=repeated: seen.append(record.student) if worked else None)
        assert not finished & anew, step
        assert not finished & set(repeated), step
        assert dump(course) == rows, step
        assert products(course) == expected, step
        assert not list((course.root / "grading").rglob("*.part")), step
        step += 4
    assert step > 30


def test_a_forced_run_that_is_killed_leaves_no_record_of_what_was_half_done(course: Course) -> None:
    hand_in_all(course)
    grade(course)
    hand_in(course, "ada", answers(course, **WRONG))
    pid = os.fork()
    if pid == 0:
        from autograde.grading import publish

        publish.lay_files = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
        try:
            grade(course, force=True)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert read_record(course, "ada", KEY) is None
    assert grade(course) == {"ada"}


# ---- what stops a batch


def full(*_: Any, **__: Any) -> None:
    raise OSError(errno.ENOSPC, "No space left on device", "/course/grading/autograded")


def test_a_disk_that_is_full_where_submissions_are_judged_stops_the_batch_with_a_word(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in_all(course)
    monkeypatch.setattr(worker, "write_whole", full)
    made = worker._plainly(lambda: next(iter(pretended([job_of(course, "ada")], 1, lambda job: job))))
    assert made == {"stopped": "/course/grading/autograded: No space left on device"}
    with pytest.raises(CourseError, match="No space left on device. What was finished is kept: mend it and run the"):
        benches._result(made)


def job_of(course: Course, student: str) -> Job:
    return batch.jobs_for(course, find_submissions(course, [KEY], [student]), JUDGED)[0]


def test_a_disk_that_is_full_where_results_are_published_loses_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in_all(course)
    command = ["grade", "--course", str(course.root), "--isolation", "process", "--jobs", "1"]
    with monkeypatch.context() as patched:
        patched.setattr(pages, "write_whole", full)
        assert main(command) == 2
    said = capsys.readouterr().err
    assert said == "error: /course/grading/autograded: No space left on device. Mend it and run again\n"
    assert main(command) == 0
    assert "ada      01_tiny    7/9" in capsys.readouterr().out


def test_a_full_disk_under_the_gradebook_is_said(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    hand_in_all(course)
    trouble = OperationalError("INSERT", {}, sqlite3.OperationalError("database or disk is full"))

    def fails(*_: object) -> None:
        raise trouble

    monkeypatch.setattr(gradebook_rows.GradebookWriter, "_grades", fails)
    with pytest.raises(
        CourseError, match="the disk is full: the gradebook .* cannot grow. Make room, then run the same"
    ):
        grade(course)
    assert standings(course.root) == {}


def test_a_file_where_a_folder_is_wanted_is_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in_all(course)
    (course.root / "grading" / "autograded").write_text("", encoding="utf-8")
    assert main(["grade", "--course", str(course.root), "--isolation", "process", "--jobs", "1"]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith(f"error: {course.root}/grading/autograded")
    assert said.endswith("Not a directory. Mend it and run again")


def test_two_batches_at_once_on_one_course_are_refused_with_who_is_at_work(course: Course) -> None:
    hand_in_all(course)
    lock = course.root / "grading" / "cache" / "lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as file:
        file.write("4711")
        file.flush()
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(CourseError) as caught:
            grade(course)
    assert str(caught.value) == (
        f"another autograde grade or collect (process 4711) is at work on {course.root}: "
        "wait until it has finished, or stop it"
    )
    assert grade(course) == {*CLASS, "fay"}


# ---- one submission's own trouble


@pytest.mark.parametrize(
    ("fallen", "reason"),
    [
        (Fallen("timeout"), "the process that was grading it did not end in time"),
        (Fallen("memory"), "the process that was grading it needed more memory than there is"),
        (Fallen("ended", "signal 9"), "its code ended the process that was grading it"),
        (Fallen("error", "Traceback:\nKeyError: 'x'"), "the grader itself failed (KeyError: 'x')"),
    ],
)
def test_a_judge_that_falls_costs_its_own_submission_only(course: Course, fallen: Fallen, reason: str) -> None:
    hand_in_all(course)
    record = benches._fallen(job_of(course, "ada"), fallen).record
    assert (record.student, record.status, record.reason) == ("ada", "broken", reason)
    assert bool(record.mark) == (fallen.why != "error")  # the grader's own trouble is tried again


def test_a_page_that_cannot_be_written_is_that_submissions_trouble_and_is_tried_again(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada", answers(course, **RIGHT_ONES))
    hand_in(course, "bea", answers(course, **WRONG))
    real = pages.PageMaker.html

    def stumbles(self: pages.PageMaker, page: Any) -> str:
        if page.student == "ada":
            raise ValueError("odd")
        return real(self, page)

    with monkeypatch.context() as patched:
        patched.setattr(pages.PageMaker, "html", stumbles)
        assert grade(course) == {"ada", "bea"}
    record = read_record(course, "ada", KEY)
    assert record is not None and record.reason == "its feedback page could not be written (ValueError: odd)"
    assert grade(course) == {"ada"}


def test_a_new_title_or_setting_writes_pages_anew_and_grades_nothing(course: Course) -> None:
    hand_in(course, "ada", answers(course, **RIGHT_ONES))
    grade(course)
    text = "c = get_config()\nc.PrepareFeedback.show_hidden_tests = True\n"
    (course.root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    assert grade(course) == set()
    redone = Batch([Record("ada", KEY, "graded", "")], set(), {("ada", KEY)})
    assert said_of(redone, 0.51) == "0 graded in 0.5 s, 1 page written anew"
    page = course.root / "grading" / "feedback" / "ada" / KEY / f"{KEY}.html"
    assert "with hidden tests, not for students" in page.read_text(encoding="utf-8")
