"""The last cell of a lesson: what ran, what to do next, where the file is; and it never breaks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from autograde import check, lesson
from autograde.check.session import Session, using
from autograde.lesson import handin, place
from autograde.lesson.handin import by_exercise


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEASURE_FIRST_DATA", raising=False)
    monkeypatch.delenv("KAGGLE_KERNEL_RUN_TYPE", raising=False)
    with using(Session()):
        yield


def run(name: str, right: bool, part: str | None = None) -> None:
    check.begin(name, part=part, points=2)
    try:
        check.that(right, expected="yes", got="no")
        check.end()
    except check.CheckFailed:
        pass


def write_notebook(folder: Path) -> None:
    ids = ["check_shapes", "check_heads", "check_heads__gradients", "check_windows"]
    cells = [{"cell_type": "markdown", "metadata": {}, "source": ""}] + [
        {"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name, "points": 2}}, "source": ""} for name in ids
    ]
    folder.mkdir(exist_ok=True)
    (folder / "01_tensors.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")


def test_with_nothing_run_it_says_how_to_start(capsys) -> None:
    lesson.hand_in("01_tensors")
    assert capsys.readouterr().out == (
        "01_tensors: what the checks said since this kernel started\n\n  No check has run yet.\n\n"
        "Run the notebook from the top (Run all), then this cell again.\n"
        "Checks that did not run in this session are not listed. Hidden checks and written answers are graded "
        "after you hand in.\n"
        "To hand in: save the notebook (Ctrl+S); the file 01_tensors.ipynb is what you hand in.\n"
    )


def test_every_exercise_of_the_notebook_is_listed_with_its_points_and_the_next_step(tmp_path: Path, capsys) -> None:
    write_notebook(tmp_path)
    run("shapes", True)
    run("heads", True)
    run("heads", False, part="gradients")
    capsys.readouterr()
    lesson.hand_in("01_tensors")
    assert capsys.readouterr().out.splitlines()[2:8] == [
        "  ✓ passed         shapes                           2 points",
        "  ● partly right   heads                            4 points",
        "  ○ not run        windows                          2 points",
        "",
        "Part of heads is right: the message under the check says what is not.",
        "Run the check cells of windows: in this session they have not run.",
    ]


def test_the_notebook_is_found_in_the_data_folder_too(tmp_path: Path, monkeypatch, capsys) -> None:
    write_notebook(tmp_path / "data")
    monkeypatch.setenv("MEASURE_FIRST_DATA", str(tmp_path / "data"))
    lesson.hand_in("01_tensors")
    assert "○ not run        windows" in capsys.readouterr().out


def test_when_everything_passed_it_asks_for_a_fresh_run(tmp_path: Path, capsys) -> None:
    run("shapes", True)
    lesson.hand_in("01_tensors")
    assert "Every check that ran passed. Restart the kernel and run all once more" in capsys.readouterr().out
    write_notebook(tmp_path)
    for name, part in (("heads", None), ("heads", "gradients"), ("windows", None)):
        run(name, True, part)
    lesson.hand_in("01_tensors")
    assert "Everything passed. Restart the kernel and run all once more" in capsys.readouterr().out


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": [{"cell_type": "code"}]}']
)
def test_a_notebook_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, capsys, content: str) -> None:
    (tmp_path / "01_tensors.ipynb").write_text(content, encoding="utf-8")
    lesson.hand_in("01_tensors")
    assert "Checks that did not run in this session are not listed." in capsys.readouterr().out


def test_a_record_that_cannot_be_read_does_not_break_the_last_cell(monkeypatch, capsys) -> None:
    def fail() -> dict[str, str]:
        raise RuntimeError("no record")

    monkeypatch.setattr(check, "record", fail)
    lesson.hand_in("01_tensors")
    assert "No check has run yet." in capsys.readouterr().out


@pytest.mark.parametrize(
    ("outcomes", "together"),
    [
        (["passed", "passed"], "passed"),
        (["passed", "failed"], "partly"),
        (["passed", "not_run"], "partly"),
        (["failed", "not_run"], "failed"),
        (["not_attempted", "not_attempted"], "not_attempted"),
        (["not_attempted", "not_run"], "not_attempted"),
        (["not_run", "not_run"], "not_run"),
    ],
)
def test_the_checks_of_one_exercise_make_one_outcome(outcomes: list[str], together: str) -> None:
    names = ["check_heads", "check_heads__gradients"]
    record = {name: outcome for name, outcome in zip(names, outcomes, strict=True) if outcome != "not_run"}
    assert by_exercise(record, dict.fromkeys(names, 1.0)) == {"heads": together}


@pytest.mark.parametrize("where", ["colab", "kaggle", "local"])
def test_each_platform_is_told_its_own_menu(monkeypatch, capsys, where: str) -> None:
    monkeypatch.setattr(place, "platform", lambda: where)
    lesson.hand_in("01_tensors")
    assert handin.DOWNLOAD[where].format(lesson="01_tensors") in capsys.readouterr().out


def test_kaggle_is_told_from_colab_whose_image_it_is_built_from(monkeypatch) -> None:
    class Shell:
        def __repr__(self) -> str:
            return "<google.colab._shell.Shell object>"

    monkeypatch.setattr(place, "shell", Shell)
    assert place.platform() == "colab"
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Batch")
    assert place.platform() == "kaggle"
