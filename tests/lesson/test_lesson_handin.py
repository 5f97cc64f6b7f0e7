"""The last cell of a lesson: what ran, what to do next, where the file is; and it never breaks."""

from __future__ import annotations

import json
import time
import types
from pathlib import Path

import pytest

from autograde import check, lesson
from autograde.check.session import Session, using
from autograde.lesson import handin, handin_copy, place
from autograde.lesson.handin_cells import checksum
from autograde.lesson.handin_look import by_exercise


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MEASURE_FIRST_DATA", raising=False)
    for name in ("KAGGLE_KERNEL_RUN_TYPE", "NBGRADER_EXECUTION", "JPY_SESSION_NAME"):
        monkeypatch.delenv(name, raising=False)
    with using(Session()):
        yield


def run(name: str, right: bool, part: str | None = None) -> None:
    check.begin(name, part=part, points=2)
    try:
        check.that(right, expected="yes", got="no")
        check.end()
    except check.CheckFailed:
        pass


def code(text: str, name: str = "", kind: str = "", points: float = 2, **about) -> dict:
    """A code cell as the build makes it; handed out with this text."""
    marks = {"grade_id": name, "grade": kind != "exercise", "solution": kind != "check", "locked": kind == "check"}
    if marks["grade"]:
        marks["points"] = points
    cell = {"cell_type": "markdown" if kind == "written" else "code", "source": text}
    marks["checksum"] = checksum({**cell, "metadata": {"nbgrader": marks}}, text)
    return {**cell, "metadata": {"nbgrader": marks, "measure_first": {"kind": kind}} if name else {}, **about}


def exercise(name: str) -> dict:
    return code(f"# exercise: {name}\n{name} = ...", name, "exercise")


def checks(name: str, part: str = "") -> dict:
    begin = f'check.begin("{name}"' + (f', part="{part}"' if part else "") + ")"
    return code(f"{begin}\ncheck.end()", f"check_{name}" + (f"__{part}" if part else ""), "check")


def lesson_cells() -> list[dict]:
    """Three exercises, four checks, a written answer, and the call that hands them in."""
    written = code("Your answer.", "why", "written")
    cells = [exercise("shapes"), checks("shapes"), exercise("heads"), checks("heads"), checks("heads", "gradients")]
    return [*cells, exercise("windows"), checks("windows"), written, code('lesson.hand_in("01_tensors")')]


def write_notebook(folder: Path, cells: list[dict] | None = None, name: str = "01_tensors") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    about = {"metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps({"cells": lesson_cells() if cells is None else cells, **about}), encoding="utf-8")
    return path


def answered(**changes: str) -> list[dict]:
    """The lesson's cells with these texts in place of those handed out, by name; None deletes the cell."""
    cells = lesson_cells()
    for cell in cells:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        cell["source"] = changes.get(name, cell["source"])
    return [cell for cell in cells if cell["source"] is not None]


ALL = {"shapes": "# exercise: shapes\nshapes = 1", "heads": "# exercise: heads\nheads = 1"}
ALL |= {"windows": "# exercise: windows\nwindows = 1", "why": "Because."}


def printed(capsys) -> str:
    capsys.readouterr()
    lesson.hand_in("01_tensors")
    return capsys.readouterr().out


def test_with_nothing_run_and_nothing_found_it_says_how_to_start(capsys) -> None:
    assert printed(capsys) == (
        "01_tensors: what the checks said since this kernel started\n\n  No check has run yet.\n\n"
        "Run the notebook from the top (Run all), then this cell again.\n"
        "Checks that did not run in this session are not listed. Hidden checks and written answers are graded "
        "after you hand in.\n"
        "No copy was made: where this notebook's file lies could not be found out.\n"
        "To hand in: save the notebook (Ctrl+S); the file 01_tensors.ipynb is what you hand in.\n"
    )


def test_every_exercise_of_the_notebook_is_listed_with_its_points_and_the_next_step(tmp_path: Path, capsys) -> None:
    write_notebook(tmp_path, answered(shapes=ALL["shapes"], heads=ALL["heads"]))
    run("shapes", True)
    run("heads", True)
    run("heads", False, part="gradients")
    assert printed(capsys).splitlines()[2:10] == [
        "  ✓ passed         shapes                           2 points",
        "  ● partly right   heads                            4 points",
        "  ○ not attempted  windows                          2 points",
        "  ○ not written    why                              2 points",
        "",
        "Part of heads is right: the message under the check says what is not.",
        "Still to write: windows.",
        "Still to answer in your own words: why.",
    ]


def test_an_answer_whose_check_has_not_run_is_not_taken_for_an_empty_one(tmp_path: Path, capsys) -> None:
    write_notebook(tmp_path, answered(windows=ALL["windows"]))
    assert "Run the check cells of windows: in this session they have not run." in printed(capsys)
    write_notebook(tmp_path)
    assert "Run the check cells" not in printed(capsys)


def test_the_notebook_as_handed_out_tells_what_is_there_where_the_running_one_is_not_found(
    tmp_path: Path, monkeypatch, capsys
) -> None:
    write_notebook(tmp_path / "data")
    monkeypatch.setenv("MEASURE_FIRST_DATA", str(tmp_path / "data"))
    assert "○ not run        windows" in printed(capsys)


def test_when_everything_passed_it_asks_for_a_fresh_run(tmp_path: Path, capsys) -> None:
    run("shapes", True)
    assert "Every check that ran passed. Restart the kernel and run all once more" in printed(capsys)
    write_notebook(tmp_path, answered(**ALL))
    for name, part in (("heads", None), ("heads", "gradients"), ("windows", None)):
        run(name, True, part)
    assert "Everything passed. Restart the kernel and run all once more" in printed(capsys)


@pytest.mark.parametrize("reference", [True, False])
def test_a_changed_test_cell_is_named_and_said_to_be_harmless(
    tmp_path: Path, monkeypatch, capsys, reference: bool
) -> None:
    if reference:
        write_notebook(tmp_path / "data")
        monkeypatch.setenv("MEASURE_FIRST_DATA", str(tmp_path / "data"))
    write_notebook(tmp_path, answered(**ALL))
    said = "The text of check_heads was changed. That is harmless: your graders put their own version back."
    assert said not in printed(capsys)
    write_notebook(tmp_path, answered(**ALL, check_heads="pass"))
    assert said in printed(capsys)


def test_deleted_cells_are_named(tmp_path: Path, monkeypatch, capsys) -> None:
    write_notebook(tmp_path, answered(check_shapes=None))
    assert "Not in the notebook any more: check_shapes. Undo the deletion" in printed(capsys)
    write_notebook(tmp_path / "data")
    monkeypatch.setenv("MEASURE_FIRST_DATA", str(tmp_path / "data"))
    write_notebook(tmp_path, answered(check_windows=None, windows=None, why=None))
    assert "Not in the notebook any more: windows, check_windows, why. Undo" in printed(capsys)
    write_notebook(tmp_path)
    assert "Not in the notebook" not in printed(capsys)


def ran(monkeypatch, *texts: str) -> None:
    """A shell whose session ran cells with these texts."""
    history = types.SimpleNamespace(input_hist_raw=["", *texts])
    monkeypatch.setattr(place, "shell", lambda: types.SimpleNamespace(history_manager=history))


def test_an_answer_that_the_check_did_not_see_is_named(tmp_path: Path, monkeypatch, capsys) -> None:
    write_notebook(tmp_path, answered(**ALL))
    run("shapes", True)
    ran(monkeypatch, ALL["shapes"], 'check.begin("shapes")\ncheck.end()', ALL["shapes"])
    assert "saw another answer" not in printed(capsys)
    ran(monkeypatch, "# exercise: shapes\nshapes = 2", 'check.begin("shapes")\ncheck.end()', ALL["shapes"])
    assert (
        "The checks of shapes saw another answer than the saved file holds: save the notebook (Ctrl+S), "
        "run this cell again." in printed(capsys)
    )


def test_a_copy_is_written_and_the_text_says_where_and_of_what(tmp_path: Path, capsys) -> None:
    path = write_notebook(tmp_path, answered(**ALL))
    text = printed(capsys)
    copy = tmp_path / "hand_in" / "01_tensors.ipynb"
    saved = time.strftime("%H:%M", time.localtime(path.stat().st_mtime))
    assert text.endswith(
        f"To hand in: {copy} ({copy.stat().st_size / 1000:,.0f} KB), every answer, nothing of your account.\n"
        f"It is a copy of 01_tensors.ipynb as saved at {saved}. Changed since? Save (Ctrl+S), run this again.\n"
    )
    write_notebook(tmp_path, answered(**ALL), name="01_tensors (1)")
    assert "Here are 2 notebooks of this lesson; it is a copy of the one saved last." in printed(capsys)


def test_of_a_notebook_as_it_was_handed_out_no_copy_is_made(tmp_path: Path, capsys) -> None:
    write_notebook(tmp_path)
    assert "No copy was made yet: there is nothing of yours in the notebook." in printed(capsys)
    assert not (tmp_path / "hand_in").exists()


@pytest.mark.parametrize("line", ["### BEGIN SOLUTION", "    ### BEGIN HIDDEN TESTS"])
def test_of_an_instructors_notebook_no_copy_is_made(tmp_path: Path, capsys, line: str) -> None:
    write_notebook(tmp_path, answered(**ALL, check_heads=f"check.begin('heads')\n{line}\n"))
    assert printed(capsys).endswith(
        "This is an instructor's notebook: solutions or hidden tests stand in it. No copy was made.\n"
    )
    assert not (tmp_path / "hand_in").exists()


def test_in_a_graders_run_no_copy_is_made(tmp_path: Path, monkeypatch, capsys) -> None:
    write_notebook(tmp_path, answered(**ALL))
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    assert printed(capsys).endswith("the file 01_tensors.ipynb is what you hand in.\n")
    assert not (tmp_path / "hand_in").exists()


def test_a_copy_that_cannot_be_written_is_a_sentence_and_the_menu(tmp_path: Path, monkeypatch, capsys) -> None:
    write_notebook(tmp_path, answered(**ALL))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(handin_copy, "_write", full)
    assert printed(capsys).endswith(
        f"No copy was made: {tmp_path / 'hand_in' / '01_tensors.ipynb'} could not be written: No space left on device. "
        "Your notebook is as it was.\n"
        "To hand in: save the notebook (Ctrl+S); the file 01_tensors.ipynb is what you hand in.\n"
    )


def test_an_error_of_ours_in_looking_at_the_notebook_leaves_what_the_session_knows(monkeypatch, capsys) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no")

    run("shapes", True)
    monkeypatch.setattr(handin, "find_notebook", fail)
    assert "✓ passed         shapes" in printed(capsys)


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"cells": 3}', '{"cells": [{}]}', '{"cells": [{"cell_type": "code"}]}', '{"cells": [3]}'],
)
def test_a_notebook_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, capsys, content: str) -> None:
    (tmp_path / "01_tensors.ipynb").write_text(content, encoding="utf-8")
    text = printed(capsys)
    assert "Checks that did not run in this session are not listed." in text and "No copy was made" in text


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
def test_each_platform_is_told_its_own_menu_and_why_there_is_no_copy(monkeypatch, capsys, where: str) -> None:
    monkeypatch.setattr(place, "platform", lambda: where)
    menu = handin.DOWNLOAD[where].format(lesson="01_tensors")
    assert printed(capsys).endswith(f"{handin.NO_COPY[where]}\nTo hand in: {menu}.\n")


def test_kaggle_is_told_from_colab_whose_image_it_is_built_from(monkeypatch) -> None:
    class Shell:
        def __repr__(self) -> str:
            return "<google.colab._shell.Shell object>"

    monkeypatch.setattr(place, "shell", Shell)
    assert place.platform() == "colab"
    monkeypatch.setenv("KAGGLE_KERNEL_RUN_TYPE", "Batch")
    assert place.platform() == "kaggle"
