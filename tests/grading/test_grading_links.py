"""What stands in for a submission's files and is none, or is too much: links, pipes that never deliver, huge files."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tiny_course import KEY, RIGHT, answers, hand_in

from autograde.course import Course
from autograde.grading.beside import LARGEST_FILE, MOST_FILES, SPARE, check_room, left_out
from autograde.grading.folders import files_under
from autograde.grading.intake import BrokenSubmission
from autograde.grading.limits import Limits
from autograde.grading.submissions import Submission, files_beside
from autograde.grading.worker import LARGEST, Job, _content_of, submission_mark, work


def submission(course: Course, student: str) -> Submission:
    return Submission(student, KEY, course.root / "grading" / "submitted" / student / KEY / f"{KEY}.ipynb")


def sized(path: Path, size: int) -> Path:
    """A file of this size that takes no room on the disk."""
    with path.open("wb") as file:
        file.truncate(size)
    return path


def refusal(course: Course, student: str) -> str:
    with pytest.raises(BrokenSubmission) as error:
        submission(course, student).checked()
    return error.value.reason


@pytest.fixture
def honest(course: Course) -> Path:
    """Ada's notebook."""
    return hand_in(course, "ada", answers(course, **RIGHT))


def test_a_link_to_another_students_notebook_is_refused(course: Course, honest: Path) -> None:
    path = submission(course, "eve").path
    path.parent.mkdir(parents=True)
    path.symlink_to(honest)
    assert refusal(course, "eve") == f"{KEY}.ipynb is a symbolic link, not what a student handed in"


def test_a_link_under_another_name_is_refused_too(course: Course, honest: Path) -> None:
    path = submission(course, "eve").path
    path.parent.mkdir(parents=True)
    (path.parent / "my copy.ipynb").symlink_to(honest)
    assert refusal(course, "eve") == "my copy.ipynb is a symbolic link, not what a student handed in"


@pytest.mark.parametrize("level", ["lesson", "student"])
def test_a_folder_that_is_a_link_is_refused(course: Course, honest: Path, level: str) -> None:
    eve = course.root / "grading" / "submitted" / "eve"
    if level == "student":
        eve.symlink_to(honest.parents[1])
    else:
        eve.mkdir()
        (eve / KEY).symlink_to(honest.parent)
    name = "eve" if level == "student" else KEY
    assert refusal(course, "eve") == f"{name} is a symbolic link, not what a student handed in"


def test_a_time_of_handing_in_that_is_a_link_is_refused_and_not_quoted(course: Course, honest: Path) -> None:
    secret = course.root / "secret.txt"
    secret.write_text("the password")
    (honest.parent / "timestamp.txt").symlink_to(secret)
    assert refusal(course, "ada") == "timestamp.txt is a symbolic link, not what a student handed in"


def test_the_whole_folder_of_submissions_may_be_elsewhere(course: Course, honest: Path, tmp_path: Path) -> None:
    submitted = honest.parents[2]
    submitted.rename(tmp_path / "elsewhere")
    submitted.symlink_to(tmp_path / "elsewhere")
    assert submission(course, "ada").checked() == honest


def test_a_pipe_is_not_waited_for(course: Course) -> None:
    path = submission(course, "eve").path
    path.parent.mkdir(parents=True)
    os.mkfifo(path)
    assert refusal(course, "eve") == f"there is no {KEY}.ipynb in the folder"
    assert _content_of(path) == b""


# ---- beside the notebook


def test_links_in_sub_folders_are_left_out_and_named(course: Course, honest: Path, tmp_path: Path) -> None:
    folder, secret = honest.parent, tmp_path / "secret.txt"
    secret.write_text("the password")
    (folder / "data" / "deep").mkdir(parents=True)
    (folder / "data" / "own.csv").write_text("1,2")
    (folder / "data" / "deep" / "prices.csv").symlink_to(secret)
    assert left_out(folder) == ["data/deep/prices.csv is a symbolic link: left out."]
    (folder / "data" / "others").symlink_to(tmp_path)
    (folder / "round").symlink_to(folder)
    (folder / "gone").symlink_to(folder / "nowhere")
    assert left_out(folder) == ["gone, round, data/others and 1 more are symbolic links: left out."]
    assert submission(course, "ada").remarks() == left_out(folder)
    assert sorted(files_under(folder, [])) == ["01_tiny.ipynb", "data/own.csv"], "what is copied along"
    assert files_beside(folder) == [], "what lies beside the running notebook"


def test_an_ordinary_folder_has_nothing_left_out_and_a_hidden_one_is_not_looked_into(honest: Path) -> None:
    (honest.parent / "data").mkdir()
    (honest.parent / "data" / "own.csv").write_text("1,2")
    (honest.parent / ".venv" / "bin").mkdir(parents=True)
    (honest.parent / ".venv" / "bin" / "python").symlink_to("/usr/bin/python3")
    assert left_out(honest.parent) == []


def test_a_file_that_is_too_large_to_be_laid_beside_the_notebook_is_named(honest: Path) -> None:
    sized(honest.parent / "just.bin", LARGEST_FILE)
    sized(honest.parent / "film.mp4", LARGEST_FILE + 1)
    assert left_out(honest.parent) == ["film.mp4 is larger than 50 MB: left out."]
    assert [path.name for path in files_beside(honest.parent)] == ["just.bin"]


def test_files_that_do_not_fit_into_the_room_are_refused_before_anything_is_run(course: Course, honest: Path) -> None:
    files = [sized(honest.parent / f"{n}.bin", 10 << 20) for n in range(3)]
    check_room(files, SPARE + (30 << 20))
    with pytest.raises(BrokenSubmission) as error:
        check_room(files, SPARE + (30 << 20) - 1)
    assert error.value.reason == "the files beside the notebook are 30 MB large (there is room for 29 MB)"
    with pytest.raises(BrokenSubmission, match=f"^{MOST_FILES + 1} files lie beside the notebook: take away those"):
        check_room([files[0]] * (MOST_FILES + 1), 1 << 40)
    record = work(job_of(course, Limits(isolation="kernel", disk_bytes=SPARE)))["record"]
    assert (record["status"], record["mend"]) == (
        "broken",
        "take away those that the lesson does not need, or set c.RunChecks.disk_bytes",
    )


def test_a_notebook_that_is_too_large_is_refused_unread(course: Course, honest: Path) -> None:
    before = submission_mark(job_of(course))
    sized(honest, LARGEST + 1)
    assert len(_content_of(honest)) < 100
    assert submission_mark(job_of(course)) != before
    record = work(job_of(course))["record"]
    assert record["reason"] == f"the file is {LARGEST >> 20} MB large (at most {LARGEST >> 20} MB are read)"
    assert record["mend"] == "ask the student to clear all outputs, save and hand it in again"


def job_of(course: Course, limits: Limits | None = None) -> Job:
    """Ada's submission."""
    return Job(submission(course, "ada"), course.source(KEY), course.release(KEY), course.root, limits or Limits())
