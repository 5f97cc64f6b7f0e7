"""The course's secret is made once, kept from other users, and never replaced by accident."""

import os
import stat

import pytest

from autograde.course import CourseError
from autograde.grading.secret import FILE, TAKEN, VARIABLE, take_secret


@pytest.fixture(autouse=True)
def no_variable(monkeypatch):
    """Each test begins without the variable, and what it sets is gone afterwards."""
    monkeypatch.setenv(VARIABLE, "")
    monkeypatch.setenv(TAKEN, "nowhere")
    monkeypatch.delenv(TAKEN)


def test_a_secret_is_made_at_the_first_grading_and_is_the_same_later(tmp_path):
    made = take_secret(tmp_path)
    assert len(made) == 64 and os.environ[VARIABLE] == made
    assert take_secret(tmp_path) == made


def test_two_courses_have_two_secrets(tmp_path):
    first = take_secret(tmp_path / "one")
    assert take_secret(tmp_path / "two") != first


def test_a_variable_that_a_person_sets_after_another_course_was_graded_is_that_persons_word(tmp_path, monkeypatch):
    take_secret(tmp_path / "one")
    monkeypatch.setenv(VARIABLE, "of my own")
    assert take_secret(tmp_path / "two") == "of my own"


def test_only_its_owner_can_read_the_file_and_nothing_lies_beside_it(tmp_path):
    take_secret(tmp_path)
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "grading").iterdir()] == ["secret"]


def test_the_variable_comes_first_and_makes_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, "of my own")
    assert take_secret(tmp_path) == "of my own"
    assert not (tmp_path / FILE).exists()


def test_an_empty_file_is_an_error_and_not_an_empty_secret(tmp_path):
    (tmp_path / "grading").mkdir()
    (tmp_path / FILE).write_text("\n")
    with pytest.raises(CourseError, match="is empty: delete it"):
        take_secret(tmp_path)


def test_a_folder_in_its_place_is_a_clear_error(tmp_path):
    (tmp_path / FILE).mkdir(parents=True)
    with pytest.raises(CourseError, match="cannot be read or made"):
        take_secret(tmp_path)
