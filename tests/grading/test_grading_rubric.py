"""Rubric proposals: turns read as text and never run, every student on the page, nothing live in it."""

from __future__ import annotations

import csv
import html
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.cli import main
from autograde.course import CourseError
from autograde.grading import rubric, rubric_reading
from autograde.grading.rubric_reading import find_turns, propose, read_list
from autograde.grading.rubric_sheet import harmless
from autograde.lesson.lab_text import read_lab

LAB = Path(__file__).parents[1] / "lesson" / "labs" / "migration.toml"
KEY = "01_tiny"
COURSE = """
[course]
name = "Tiny"
repository = "tiny/tiny"
ref = "main"

[[lesson]]
key = "01_tiny"
title = "Tiny"
subtitle = "a lesson for tests"
minutes = 5
"""
CALL = "I recommend that we stay with raw PyTorch for this year, because nothing about it slows us down."
COST = "Porting nine scripts would take two engineers about four weeks, and every old result has to be reproduced."


@pytest.fixture
def lab() -> dict[str, Any]:
    return read_lab(LAB)


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one lesson and its lab, nobody handed in yet. Its path has a space in it."""
    root = tmp_path / "my course"
    (root / "notebooks").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    shutil.copy(LAB, root / "notebooks" / f"{KEY}.lab_9.toml")
    return root


def hand_in(course: Path, student: str, source: str, recommendation: str = "", **metadata: Any) -> None:
    folder = course / "grading" / "submitted" / student / KEY
    folder.mkdir(parents=True)
    written = new_markdown_cell(recommendation, metadata={"nbgrader": {"grade_id": "lab_9_recommendation"}})
    notebook = new_notebook(cells=[new_code_cell(source, metadata=metadata), written])
    nbformat.write(notebook, folder / f"{KEY}.ipynb")


def turns_cell(*turns: str) -> str:
    return f"# exercise: lab_9\nlab_9_turns = {list(turns)!r}\n"


def rows(course: Path) -> list[dict[str, str]]:
    with (course / "grading" / "rubric" / f"{KEY}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def page(course: Path) -> str:
    return (course / "grading" / "rubric" / f"{KEY}.html").read_text(encoding="utf-8")


def test_each_point_is_proposed_with_the_sentence_that_speaks_for_it(course: Path, capsys) -> None:
    hand_in(course, "ada", turns_cell(CALL, "It saves time and is harder to debug.", COST))
    assert main(["rubric", "1", "--course", str(course)]) == 0
    found = {
        row["point"]: (row["proposed"], row["points"], row["of"], row["where"], row["evidence"]) for row in rows(course)
    }
    assert found == {
        "the_call": ("covered", "2", "2", "turn 1", CALL),
        "migration_cost": ("covered", "2", "2", "turn 3", COST),
        "debugging_nan": ("vague", "1", "2", "turn 2", "It saves time and is harder to debug."),
        "who_can_read_it": ("missing", "0", "1", "", ""),
        "what_it_gives": ("missing", "0", "1", "", ""),
    }
    assert {row["decided"] for row in rows(course)} == {""}
    assert "<b>A person decides.</b>" in page(course)
    assert "5 of 8" in page(course)
    assert capsys.readouterr().out.startswith("lab_9: 1 submissions read, 0 of them with something to look at\n")


def test_a_cost_without_its_number_is_vague_and_says_what_is_missing(lab) -> None:
    sentence = "The migration costs real effort from our engineers because every script is written differently."
    proposal = propose(lab, [sentence])[1]
    assert (proposal.status, proposal.points) == ("vague", 1.0)
    assert proposal.note == "no number given (weeks of work, and for how many people)"
    assert propose(lab, [sentence, "That is three weeks for two people."])[1].status == "covered"  # the twin


def test_the_written_recommendation_speaks_too_and_the_release_text_does_not(course: Path) -> None:
    hand_in(course, "ada", turns_cell("It depends on the team."), f"My view: {CALL}")
    hand_in(course, "bob", turns_cell("It depends on the team."), f"Make the call: {CALL} YOUR ANSWER HERE")
    main(["rubric", KEY, "--course", str(course)])
    found = {row["student"]: (row["proposed"], row["where"]) for row in rows(course) if row["point"] == "the_call"}
    assert found == {"ada": ("covered", "recommendation"), "bob": ("missing", "")}


def test_nothing_a_student_wrote_is_run_or_live(course: Path, tmp_path: Path) -> None:
    trap = tmp_path / "executed"
    hand_in(
        course, "eve", f"# exercise: lab_9\nopen({str(trap)!r}, 'w')\nlab_9_turns = [open({str(trap)!r}, 'w').name]\n"
    )
    hand_in(course, "<img src=x onerror=alert(1)>", turns_cell(f"<script>alert(1)</script> {CALL}"), "</td><script>")
    assert main(["rubric", KEY, "--course", str(course)]) == 0
    assert not trap.exists()
    text = page(course)
    assert "<script" not in text and "<img" not in text
    assert html.escape("<script>alert(1)</script>") in text
    assert "default-src 'none'" in text
    assert "lab_9_turns is not written as a plain list of texts: read it in the notebook" in text


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        (" \t+1", "' \t+1"),
        ("-2+3", "'-2+3"),
        ("@cmd", "'@cmd"),
        ("|calc", "'|calc"),
        ("\r=1", "'\r=1"),
        ("plain", "plain"),
        (-0.5, "-0.5"),
        (2.0, "2"),
    ],
)
def test_no_cell_of_the_table_is_a_formula(cell: object, safe: str) -> None:
    assert harmless(cell) == safe


def test_every_odd_submission_is_listed_and_none_stops_the_others(course: Path, capsys) -> None:
    hand_in(course, "ada", turns_cell(CALL))
    hand_in(course, "broken_python", "# exercise: lab_9\nlab_9_turns = [\n")
    hand_in(course, "no_lab", "x = 1")
    hand_in(course, "empty", turns_cell())
    hand_in(course, "numbers", "# exercise: lab_9\nlab_9_turns = [1, None, 'yes']\n")
    for name, content in (("no_notebook", None), ("no_json", "{"), ("no_cells", "{}"), ("empty_file", "")):
        folder = course / "grading" / "submitted" / name / KEY
        folder.mkdir(parents=True)
        if content is not None:
            (folder / f"{KEY}.ipynb").write_text(content, encoding="utf-8")
    assert main(["rubric", KEY, "--course", str(course)]) == 0
    notes = {row["student"]: row["note"] for row in rows(course)}
    assert set(notes) == {
        "ada", "broken_python", "no_lab", "empty", "numbers", "no_notebook", "no_json", "no_cells", "empty_file",
    }  # fmt: skip
    assert notes["broken_python"] == "the cell is not valid Python in line 2: read the turns in the notebook"
    assert notes["no_lab"] == "no cell for lab_9 in the notebook"
    assert notes["empty"] == "no turns written"
    assert notes["numbers"] == "some entries of the list are empty or no text"
    assert "there is no 01_tiny.ipynb in the folder" in notes["no_notebook"]
    assert "not a whole notebook" in notes["no_json"]
    assert capsys.readouterr().out.splitlines()[0] == "lab_9: 9 submissions read, 8 of them with something to look at"


@pytest.mark.parametrize(
    ("source", "metadata"),
    [
        ("# exercise: lab_9\nlab_9_turns = ['hello']", {}),
        ("lab_9_turns = ['hello']", {"nbgrader": {"grade_id": "lab_9"}}),
        ("lab_9_turns = ['hello']", {"id": "lab_9"}),
        ("# my notes\n\n# exercise: lab_9\nlab_9_turns = ['hello']", {}),
        ("lab_9_turns = ['hello']", {}),
    ],
)
def test_the_cell_is_found_by_id_by_comment_or_by_the_name_it_binds(course: Path, source: str, metadata) -> None:
    hand_in(course, "ada", source, **metadata)
    from autograde.grading.intake import read_submission

    notebook = read_submission(course / "grading" / "submitted" / "ada" / KEY / f"{KEY}.ipynb")
    assert find_turns(notebook, "lab_9") == (["hello"], "")


@pytest.mark.parametrize(
    ("source", "turns"),
    [
        ('t = ["""\n  one\n""", "two" " halves"]', ["one", "two halves"]),
        ("t: list[str] = ['one']", ["one"]),
        ("t = ('one', 'two')", ["one", "two"]),
        ("t = 'one'", ["one"]),
        ("t = ['old']\nt = ['new']", ["new"]),
        ("t = ['one']\nt += ['two']", ["one", "two"]),
        ("other = ['x']", []),
        ("t = ...", []),
    ],
)
def test_lists_of_texts_are_read_however_they_are_written(source: str, turns: list[str]) -> None:
    assert read_list(source, "t") == (turns, "")


@pytest.mark.parametrize(
    "source",
    ["t = [f'{x}']", "t = list()", "t = ['a'] * 3", "t = [" + "(" * 5000, "t = " + "-" * 50_000 + "1", "t = '\0'"],
)
def test_anything_that_would_have_to_be_run_is_left_to_a_person(source: str) -> None:
    turns, trouble = read_list(source, "t")
    assert turns == [] and trouble.endswith(("read it in the notebook", "read the turns in the notebook"))


def test_a_copied_cell_shows_the_longer_conversation_and_says_so(course: Path) -> None:
    cells = [new_code_cell(turns_cell("one")), new_code_cell(turns_cell("one", "two"))]
    from autograde.grading.intake import parse_submission

    notebook = parse_submission(nbformat.writes(new_notebook(cells=cells)).encode())
    assert find_turns(notebook, "lab_9") == (["one", "two"], "2 cells for lab_9: the one with most turns is shown.")


def test_a_lesson_without_a_lab_and_a_class_without_submissions_are_said(course: Path, capsys) -> None:
    assert main(["rubric", KEY, "--course", str(course)]) == 2
    assert capsys.readouterr().err.startswith(f"error: no submissions of {KEY}: ")
    (course / "notebooks" / f"{KEY}.lab_9.toml").unlink()
    assert main(["rubric", KEY, "--course", str(course)]) == 2
    assert capsys.readouterr().err == f"error: {KEY} has no lab: a rubric is written in notebooks/{KEY}.lab_N.toml\n"


def test_a_text_that_breaks_the_reading_costs_only_its_own_row(course: Path, monkeypatch) -> None:
    hand_in(course, "ada", turns_cell(CALL))
    hand_in(course, "bob", turns_cell("boom"))

    def propose_or_fail(lab, turns, recommendation=""):
        if turns == ["boom"]:
            raise RecursionError("too deep")
        return propose(lab, turns, recommendation)

    monkeypatch.setattr(rubric_reading, "propose", propose_or_fail)
    assert main(["rubric", KEY, "--course", str(course)]) == 0
    assert [row["note"] for row in rows(course) if row["student"] == "bob"] == [
        "not analysed (RecursionError: too deep)"
    ]
    assert len([row for row in rows(course) if row["student"] == "ada"]) == 5


def test_an_unknown_lesson_is_named(course: Path) -> None:
    with pytest.raises(CourseError, match="no lesson '7'"):
        rubric.run(rubric.argparse.Namespace(course=course, lesson="7"))
