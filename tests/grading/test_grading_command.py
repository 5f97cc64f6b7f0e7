"""`autograde grade` says clearly what it cannot do, and what to do instead."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_course import KEY, RIGHT, answers, hand_in

from autograde.cli import main
from autograde.course import Course
from autograde.grading import benches
from autograde.grading.intake import BrokenSubmission
from autograde.grading.kernel import Limits
from autograde.grading.submissions import Submission, files_beside, find_submissions, strangers
from autograde.grading.worker import Job, work


def job_of(course: Course, submission: Submission, limits: Limits | None = None) -> Job:
    return Job(submission, course.source(KEY), course.release(KEY), course.root, limits or Limits())


def refused(capsys: pytest.CaptureFixture[str], course: Course, *arguments: str) -> str:
    """What the command says when it refuses."""
    assert main(["grade", *arguments, "--course", str(course.root)]) == 2
    return capsys.readouterr().err


def test_an_unknown_lesson_is_said_with_those_there_are(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, course, "09_quantum")
    assert said == "error: no lesson '09_quantum' in course.toml: choose one of 01_tiny\n"


def test_no_submissions_says_where_to_put_them(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, course)
    assert said.startswith("error: no submissions of 01_tiny: put each student's notebook at\n")
    assert f"{course.root}/grading/submitted/STUDENT/01_tiny/01_tiny.ipynb" in said


def test_an_unknown_student_is_said_with_those_there_are(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada", answers(course))
    said = refused(capsys, course, "--student", "zoe")
    assert said == f"error: no student 'zoe' in {course.root}/grading/submitted: there is ada\n"


def test_a_course_that_is_not_built_is_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada", answers(course))
    course.source(KEY).unlink()
    assert refused(capsys, course).endswith("Run: autograde build 01_tiny\n")


def test_settings_that_are_no_python_are_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada", answers(course))
    (course.root / "nbgrader_config.py").write_text("c = = 3", encoding="utf-8")
    assert "nbgrader_config.py cannot be read (SyntaxError" in refused(capsys, course)


def test_a_number_of_jobs_below_zero_is_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, course, "--jobs", "-1").startswith("error: --jobs -1: give a number of processes")


def test_a_name_that_nbgrader_cannot_handle_is_a_broken_submission(course: Course) -> None:
    hand_in(course, "a[1]", answers(course))
    (submission,) = find_submissions(course, [KEY], [])
    record = work(job_of(course, submission))["record"]
    assert (record["status"], record["reason"]) == (
        "broken",
        "the folder's name 'a[1]' has a character that nbgrader cannot handle",
    )


def test_a_time_of_handing_in_that_is_no_time_is_said(course: Course) -> None:
    path = hand_in(course, "ada", "")
    submission = Submission("ada", KEY, path)
    (path.parent / "timestamp.txt").write_text("2026-11-20 18:30:00 UTC\n", encoding="utf-8")
    assert submission.checked() == path
    (path.parent / "timestamp.txt").write_text("last Tuesday or so", encoding="utf-8")
    with pytest.raises(BrokenSubmission, match="timestamp.txt holds no date and time"):
        submission.checked()


def test_folders_that_are_no_lessons_are_named(course: Course) -> None:
    hand_in(course, "ada", answers(course))
    (course.root / "grading" / "submitted" / "ada" / "01_tinny").mkdir()
    assert strangers(course) == [
        "grading/submitted/ada/01_tinny was left out: it is no lesson's folder (expected one of 01_tiny)"
    ]


def test_only_data_is_put_beside_a_running_notebook(tmp_path: Path) -> None:
    for name in ("quiz_1.json", "torch.py", "old.ipynb", "timestamp.txt", "module.so"):
        (tmp_path / name).write_text("x", encoding="utf-8")
    (tmp_path / "link.json").symlink_to("/etc/hostname")
    (tmp_path / "folder").mkdir()
    assert [path.name for path in files_beside(tmp_path)] == ["quiz_1.json"]


def dies_once(job: Job) -> dict[str, object]:
    """Stands for `work`: one student's submission kills its worker."""
    import os

    from autograde.grading.records import GRADED, Record
    from autograde.grading.worker import Result

    if job.submission.student == "eli":
        os._exit(1)
    return Result(Record(job.submission.student, job.submission.lesson, GRADED, "")).plain()


def test_a_submission_that_takes_its_worker_down_is_listed_and_the_others_are_graded(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(benches, "work", dies_once)
    jobs = [
        Job(
            Submission(student, KEY, course.root / student),
            course.source(KEY),
            course.release(KEY),
            course.root,
            Limits(isolation="kernel"),
        )
        for student in ("ada", "eli", "fay")
    ]
    records = {result.record.student: result.record for result in benches.graded(jobs, 1) if result is not None}
    assert {student: record.status for student, record in records.items()} == {
        "ada": "graded",
        "eli": "broken",
        "fay": "graded",
    }
    assert records["eli"].reason == "its code ended the process that was grading it"


def test_everything_that_a_result_depends_on_is_in_its_mark(course: Course) -> None:
    from autograde.grading.worker import submission_mark

    path = hand_in(course, "ada", answers(course, **RIGHT))
    submission = Submission("ada", KEY, path)
    job = Job(submission, course.source(KEY), course.release(KEY), course.root, Limits())
    marks = {submission_mark(job), submission_mark(Job(**{**job.__dict__, "limits": Limits(cell_seconds=1.0)}))}
    for changed in (
        path,
        course.source(KEY),
        course.release(KEY),
        path.parent / "quiz_1.json",
        path.parent / "timestamp.txt",
    ):
        changed.write_text((changed.read_text(encoding="utf-8") if changed.exists() else "") + " ", encoding="utf-8")
        marks.add(submission_mark(job))
    assert len(marks) == 7
    (path.parent / "notes.py").write_text("unused", encoding="utf-8")
    assert submission_mark(job) in marks
