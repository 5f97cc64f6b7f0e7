"""`autograde grade` says clearly what it cannot do, and what to do instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tiny_course import KEY, RIGHT, answers, hand_in

from autograde.cli import main
from autograde.course import Course, CourseError
from autograde.grading import benches
from autograde.grading.grade import cores, edited_since
from autograde.grading.intake import BrokenSubmission
from autograde.grading.kernel import Limits
from autograde.grading.submissions import Submission, files_beside, find_submissions, strangers
from autograde.grading.worker import Job, work
from autograde.wall.ability import ability


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


def test_of_a_large_class_only_the_names_like_the_unknown_one_are_said(course: Course) -> None:
    for student in [f"s{number:03}" for number in range(30)] + ["adamaria"]:
        hand_in(course, student, "{}")
    with pytest.raises(CourseError, match="submitted: there are 31 others, among them adamaria$"):
        find_submissions(course, [KEY], ["adamarja"])
    with pytest.raises(CourseError, match="submitted: there are 31 others$"):
        find_submissions(course, [KEY], ["?"])


def test_a_student_named_twice_is_graded_once(course: Course) -> None:
    for student in ("ada", "bea"):
        hand_in(course, student, "{}")
    assert [one.student for one in find_submissions(course, [KEY], ["bea", "ada", "bea"])] == ["ada", "bea"]


def test_a_student_who_has_not_handed_in_this_lesson_is_said_as_that(
    course: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(course, "ada", "{}")
    (course.root / "grading" / "submitted" / "bea").mkdir()
    said = refused(capsys, course, "--student", "bea")
    assert said == f"error: no submission of 01_tiny by bea in {course.root}/grading/submitted\n"


def test_a_course_that_is_not_built_is_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada", answers(course))
    course.source(KEY).unlink()
    assert refused(capsys, course).endswith("Run: autograde build 01_tiny\n")


def test_settings_that_are_no_python_are_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    hand_in(course, "ada", answers(course))
    (course.root / "nbgrader_config.py").write_text("c = = 3", encoding="utf-8")
    assert "nbgrader_config.py cannot be read (SyntaxError" in refused(capsys, course)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "cell_second = 9",
            "there is no setting c.RunChecks.cell_second: choose one of cell_seconds, ",
        ),
        ("cell_seconds = 0", "c.RunChecks.cell_seconds is 0.0: a limit is a number above 0"),
        ("memory_bytes = -1", "c.RunChecks.memory_bytes is -1: a limit is a number above 0"),
        ("processes = 'many'", "The 'processes' trait of a RunChecks instance expected an int, not the str 'many'."),
        ("isolation = 'trust'", "The 'isolation' trait of a RunChecks instance expected any of "),
    ],
)
def test_a_limit_that_is_none_is_said_with_its_file(
    course: Course, capsys: pytest.CaptureFixture[str], line: str, said: str
) -> None:
    hand_in(course, "ada", answers(course))
    (course.root / "nbgrader_config.py").write_text(f"c = get_config()\nc.RunChecks.{line}\n", encoding="utf-8")
    assert refused(capsys, course).startswith(f"error: {course.root}/nbgrader_config.py: {said}")


def test_a_refusal_for_want_of_a_sandbox_writes_nothing(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    hand_in(course, "ada", answers(course))
    (course.root / "grading" / "gradebook.db").unlink()
    before = sorted((course.root / "grading").rglob("*"))
    monkeypatch.setenv("MEASURE_FIRST_SANDBOX", "nowhere")
    ability.cache_clear()
    try:
        assert refused(capsys, course).startswith("error: no sandbox can be built here, so nobody's code is run: ")
    finally:
        ability.cache_clear()
    assert sorted((course.root / "grading").rglob("*")) == before


def test_a_text_that_is_newer_than_what_grades_is_said(course: Course) -> None:
    built = course.source(KEY).stat().st_mtime
    os.utime(course.text(KEY), (built - 1, built - 1))
    assert edited_since(course, [KEY]) == []
    os.utime(course.text(KEY), (built + 1, built + 1))
    assert edited_since(course, [KEY]) == [
        "notebooks/01_tiny.py is newer than source/01_tiny, which is what grades: "
        "if you have edited it, run autograde build 01_tiny first"
    ]


def test_a_number_of_jobs_below_zero_is_said(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, course, "--jobs", "-1").startswith("error: --jobs -1: give a number of processes")


def test_as_many_jobs_are_run_as_the_process_may_use_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 64)
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3, 5, 9}, raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    assert cores() == 64


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
    records = {
        result.record.student: result.record
        for result in benches.graded(jobs, 1, lambda job: job)
        if result is not None
    }
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
