"""course.toml as Python, and the command line's way with errors."""

import pytest

from autograde.cli import main
from autograde.course import CourseError, find_root, load_course

COURSE = """
[course]
name = "Tiny"
repository = "someone/fork"
ref = "v2"

[[lesson]]
key = "01_tensors"
title = "Tensors"
subtitle = "shapes"
minutes = 5
"""


@pytest.fixture
def tiny(tmp_path):
    (tmp_path / "course.toml").write_text(COURSE)
    return tmp_path


def test_the_course_is_found_from_a_folder_inside_it(tiny):
    inside = tiny / "release" / "01_tensors"
    inside.mkdir(parents=True)
    assert find_root(inside) == tiny


def test_a_folder_outside_any_course_is_a_clear_error(tmp_path):
    with pytest.raises(CourseError, match="no course.toml in .* or above it: run this inside the course"):
        find_root(tmp_path)


@pytest.mark.parametrize("name", ["01_tensors", "01", "1"])
def test_a_lesson_is_found_by_key_or_number(tiny, name):
    assert load_course(tiny).lesson(name).key == "01_tensors"


def test_an_unknown_lesson_names_the_known_ones(tiny):
    with pytest.raises(CourseError, match="no lesson '07' in course.toml: choose one of 01_tensors"):
        load_course(tiny).lesson("07")


def test_links_carry_the_forks_repository_and_ref(tiny):
    course = load_course(tiny)
    assert course.blob_url("docs/x.md") == "https://github.com/someone/fork/blob/v2/docs/x.md"
    assert course.raw_url("setup_colab.py") == "https://raw.githubusercontent.com/someone/fork/v2/setup_colab.py"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[course", "not valid TOML"),
        ('[course]\nname = "x"', "a required entry is missing or unknown: 'repository'|'lesson'"),
        (COURSE + 'colour = "blue"', "a required entry is missing or unknown"),
    ],
)
def test_a_broken_course_file_says_what_is_wrong(tmp_path, text, says):
    (tmp_path / "course.toml").write_text(text)
    with pytest.raises(CourseError, match=says):
        load_course(tmp_path)


def test_the_command_line_prints_a_mendable_error_and_exits_2(tiny, capsys):
    assert main(["curriculum", "99", "--course", str(tiny)]) == 2
    assert capsys.readouterr().err == "error: no lesson '99' in course.toml: choose one of 01_tensors\n"


def test_the_command_line_lists_its_commands(capsys):
    with pytest.raises(SystemExit) as stop:
        main(["--help"])
    assert stop.value.code == 0
    shown = capsys.readouterr().out
    assert all(command in shown for command in ("build", "mutants", "curriculum", "class", "grade", "rubric"))
