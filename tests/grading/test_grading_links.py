"""What stands in for a submission's files and is none: links to other people's work, pipes that never deliver."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tiny_course import KEY, RIGHT, answers, hand_in

from autograde.course import Course
from autograde.grading.intake import BrokenSubmission
from autograde.grading.submissions import Submission
from autograde.grading.worker import _bytes_of


def submission(course: Course, student: str) -> Submission:
    return Submission(student, KEY, course.root / "grading" / "submitted" / student / KEY / f"{KEY}.ipynb")


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
    assert _bytes_of(path) == b""
