"""course.toml as Python, and the command line's way with errors."""

import errno

import pytest

from autograde.authoring import build
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


def test_budgets_are_optional_and_zero_is_one(tiny):
    assert load_course(tiny).lesson("01").budget_peak_mb is None
    (tiny / "course.toml").write_text(COURSE + "budget_peak_mb = 600\nbudget_download_mb = 0\n")
    lesson = load_course(tiny).lesson("01")
    assert (lesson.budget_peak_mb, lesson.budget_download_mb) == (600, 0)


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
        (COURSE.replace('key = "01_tensors"', "key = 1"), r"\[\[lesson\]\]: key is 1, expected a text"),
        (COURSE.replace("minutes = 5", 'minutes = "long"'), "minutes is 'long', expected a whole number: 90"),
        (COURSE.replace("minutes = 5", "minutes = true"), "minutes is True, expected a whole number: 90"),
        (COURSE + 'can = "build it"', r"can is 'build it', expected a list of texts"),
        (COURSE + "needs = [1]", r"needs is \[1\], expected a list of texts"),
        (COURSE + 'budget_seconds = "60"', "budget_seconds is '60', expected a number: 60"),
        (COURSE + 'budget_peak_mb = "600"', "budget_peak_mb is '600', expected a number: 600"),
        (COURSE + "budget_gpu_hours = true", "budget_gpu_hours is True, expected a number: 600"),
        (COURSE + "budget_gpu_mb = -1", "budget_gpu_mb is -1, expected a number of at least 0"),
        (COURSE + "budget_download_mb = nan", "budget_download_mb is nan, expected a number of at least 0"),
        (COURSE + "budget_peak_mb = inf", "budget_peak_mb is inf, expected a number of at least 0"),
        (COURSE.replace('name = "Tiny"', "name = 3"), r"\[course\]: name is 3, expected a text"),
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


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "release/x.ipynb"),
            "release/x.ipynb: No space left on device",
        ),
        (PermissionError(errno.EACCES, "Permission denied", "source"), "source: Permission denied"),
        (OSError(errno.ENOSPC, "No space left on device"), "the disk: No space left on device"),
        (NotADirectoryError(errno.ENOTDIR, "Not a directory", "out"), "out: Not a directory"),
    ],
)
def test_a_machine_that_refuses_is_said_in_one_line(tiny, capsys, monkeypatch, error, said):
    monkeypatch.setattr(build, "load_course", stumbles(error))
    assert main(["build", "--course", str(tiny)]) == 2
    assert capsys.readouterr().err == f"error: {said}. Mend it and run again\n"


def test_a_package_that_is_not_installed_is_named_with_the_mend(tiny, capsys, monkeypatch):
    monkeypatch.setattr(build, "load_course", stumbles(ModuleNotFoundError("No module", name="nbgrader.api")))
    assert main(["build", "--course", str(tiny)]) == 2
    assert capsys.readouterr().err == "error: nbgrader.api is not installed here. Run: make install\n"


@pytest.mark.parametrize(
    "error", [FileNotFoundError(errno.ENOENT, "No such file"), ModuleNotFoundError("x", name="autograde.nowhere")]
)
def test_a_mistake_of_our_own_keeps_its_traceback(tiny, monkeypatch, error):
    monkeypatch.setattr(build, "load_course", stumbles(error))
    with pytest.raises(type(error)):
        main(["build", "--course", str(tiny)])


def stumbles(error):
    """A function that raises this error whatever it is given."""

    def raises(*_):
        raise error

    return raises


def test_a_file_that_is_not_utf_8_is_named_with_the_mend(tiny, capsys):
    (tiny / "data").mkdir()
    (tiny / "data" / "facts.toml").write_bytes(b"\xff")
    assert main(["build", "--course", str(tiny)]) == 2
    assert f"error: {tiny}/data/facts.toml: is not UTF-8 (" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
@pytest.mark.parametrize("command", ["class", "curriculum"])
def test_a_built_notebook_that_is_none_says_what_to_run(tiny, capsys, command, text):
    for step in ("source", "release"):
        (tiny / step / "01_tensors").mkdir(parents=True)
        (tiny / step / "01_tensors" / "01_tensors.ipynb").write_text(text)
    assert main([command, "--course", str(tiny)]) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said == f"error: {tiny}/source/01_tensors/01_tensors.ipynb is no notebook any more. Run: make release"
