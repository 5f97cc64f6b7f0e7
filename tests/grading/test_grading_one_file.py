"""A learner grades one file: the table in the terminal, the page beside the file, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from tiny_course import KEY, RIGHT, answers, copy_course

from autograde.cli import main
from autograde.course import Course
from autograde.grading import isolation, nearby
from autograde.wall.ability import Ability

WRONG = {
    "double": "# exercise: double\ndef double(x):\n    return x * x",
    "predict": '# exercise: predict\nsizes = {"a": 4, "b": 9}',
}


@pytest.fixture(scope="module", autouse=True)
def no_process_stays() -> Iterator[None]:
    yield
    nearby.close_all()


@pytest.fixture(scope="module")
def mine(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """A course that the tests here only read."""
    return copy_course(built_course, tmp_path_factory.mktemp("mine") / "course")


def save(folder: Path, name: str, course: Course, **sources: str) -> Path:
    path = folder / name
    nbformat.write(answers(course, **sources), path)
    return path


def grade(course: Course, *arguments: object) -> int:
    return main(["grade", *map(str, arguments), "--course", str(course.root), "--isolation", "process"])


def test_a_file_is_graded_where_it_lies(mine: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = save(tmp_path, "my notebook (1).ipynb", mine, **WRONG)
    course_before = sorted(mine.root.rglob("*"))
    assert grade(mine, path) == 0
    page = tmp_path / "my notebook (1).feedback.html"
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path}: 01 · Tiny"
    assert lines[1].split() == ["x", "double", "0", "/", "2"]
    assert lines[2].startswith("      double, three ones: your answer is 1/2 of the reference everywhere.")
    assert [line.split()[:2] for line in lines if line[2:4] in ("~ ", "x ", "w ")] == [
        ["x", "double"],
        ["~", "predict"],
        ["w", "why"],
    ]
    assert "  + double (gradients)  1 / 1" in lines
    assert "  w why                 a written answer, worth 2: no machine reads it" in lines
    assert lines[-2:] == ["  3 of 7 points", f"  feedback: {page}"]
    shown = page.read_text(encoding="utf-8")
    assert "double, three ones: your answer is 1/2" in shown
    assert "<strong>3</strong> of 7 points</p>" in shown, "as in the table: nobody will read the written answer"
    assert "No answer." in shown
    assert sorted(mine.root.rglob("*")) == course_before
    assert sorted(tmp_path.iterdir()) == sorted([path, page])


def test_a_written_answer_is_shown_and_not_promised_a_reader(mine: Course, tmp_path: Path) -> None:
    assert grade(mine, save(tmp_path, "mine.ipynb", mine, **RIGHT)) == 0
    shown = (tmp_path / "mine.feedback.html").read_text(encoding="utf-8")
    assert "No machine reads this answer." in shown
    assert "<strong>7</strong> of 7 points</p>" in shown
    assert "a person" not in shown.lower()


def test_several_files_and_a_broken_one_among_them(
    mine: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = save(tmp_path, "right.ipynb", mine, **RIGHT)
    broken = tmp_path / "broken.ipynb"
    broken.write_text("<html>", encoding="utf-8")
    assert grade(mine, broken, right, tmp_path / "gone.ipynb") == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines() == [
        f"error: {broken}: the file is a web page, not a notebook",
        "    download the notebook again (File → Download .ipynb)",
        f"error: {tmp_path / 'gone.ipynb'}: the file cannot be read (No such file or directory)",
        "    check the file and its permissions",
    ]
    assert "  7 of 7 points" in captured.out.splitlines()


def test_another_notebook_is_said(mine: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "other.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("# mine\nx = 1")]), path)
    assert grade(mine, path) == 1
    said = capsys.readouterr().err
    assert said.splitlines()[0] == f"error: {path}: the notebook holds no exercise of 01_tiny"
    assert grade(mine, path, "--lesson", "1") == 1
    assert "the notebook holds none of the exercises of 01_tiny; it begins with “mine”" in capsys.readouterr().err


def test_a_course_that_is_not_built_says_how_to_build_it(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = save(tmp_path, "mine.ipynb", course, **RIGHT)
    course.source(KEY).unlink()
    assert grade(course, path) == 2
    assert capsys.readouterr().err == f"error: no lesson is built in {course.root}. Run: autograde build\n"
    assert grade(course, path, "--lesson", KEY) == 2
    assert capsys.readouterr().err.endswith("Run: autograde build 01_tiny\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["mine.ipynb", KEY], "error: 01_tiny is a lesson and mine.ipynb a file: grade the one or the other\n"),
        (["mine.ipynb", "--student", "ada"], "error: --student goes with lessons: a file is graded by itself\n"),
        (["--lesson", "1"], "error: --lesson 1 goes with notebook files: autograde grade 1\n"),
        (["a/folder"], "error: a/folder is a folder: name the notebook in it, or a lesson, to grade a class\n"),
        (["mine.ipynb", "--lesson", "9"], "error: no lesson '9' in course.toml: choose one of 01_tiny\n"),
    ],
)
def test_what_does_not_go_together_is_said(
    mine: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], said: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    save(tmp_path, "mine.ipynb", mine)
    (tmp_path / "a" / "folder").mkdir(parents=True)
    assert grade(mine, *arguments) == 2
    assert capsys.readouterr().err == said


NO_SANDBOX = Ability("none", "bubblewrap is not installed.", "Install it: sudo apt-get install bubblewrap.")


def test_without_a_sandbox_nobodys_code_is_run_unless_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], mine: Course, tmp_path: Path
) -> None:
    monkeypatch.setattr("autograde.wall.ability.ability", lambda: NO_SANDBOX)
    path = save(tmp_path, "mine.ipynb", mine, **RIGHT)
    assert main(["grade", str(path), "--course", str(mine.root), "--isolation", "sandbox"]) == 2
    assert capsys.readouterr().err == (
        "error: no sandbox can be built here, so nobody's code is run: bubblewrap is not installed.\n"
        "    Install it: sudo apt-get install bubblewrap.\n"
    )
    assert isolation.chosen("auto") == "process"
    assert capsys.readouterr().err == (
        "notice: no sandbox here (bubblewrap is not installed), so what students wrote runs as you, and can read and "
        "change what you can. See: autograde sandbox\n"
    )
    assert [isolation.chosen(word) for word in ("process", "kernel")] == ["process", "kernel"]
    monkeypatch.setattr("autograde.wall.ability.ability", lambda: Ability("cold", "", ""))
    assert [isolation.chosen(word) for word in ("sandbox", "auto")] == ["sandbox", "sandbox"]
    assert capsys.readouterr().err == ""
