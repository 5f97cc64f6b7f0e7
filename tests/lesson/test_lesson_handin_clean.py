"""The clean copy: it grades as the original does, holds nothing of the account, and has bounded outputs."""

from __future__ import annotations

import copy
import json
import runpy
from pathlib import Path
from typing import Any

import nbformat
import pytest

from autograde.authoring.sample_mishaps import colab, duplicated, kaggle, missing_check
from autograde.grading import cells as grading_cells
from autograde.grading.intake import names_of, parse_submission
from autograde.grading.mending import mend
from autograde.lesson.handin_cells import cells_of, checksum, name_of, untouched
from autograde.lesson.handin_clean import ALL_OUTPUTS, LONGEST_TEXT, as_bytes, bounded, clean, digest
from autograde.lesson.trouble import LessonError

ROOT = Path(__file__).parents[2]
PLATFORMS = runpy.run_path(str(ROOT / "tests" / "grading" / "platforms.py"))
SAVERS = (
    "colab_40_drive", "colab_40_github", "colab_45_drive", "colab_45_github", "kaggle_editor", "kaggle_saved",
    "kaggle_to_github", "vscode", "jupyterlab", "classic",
)  # fmt: skip
RELEASE = nbformat.read(ROOT / "release/01_tensors/01_tensors.ipynb", as_version=4)


def student_notebook() -> nbformat.NotebookNode:
    """Lesson 01 with something in every exercise and answer, and cells of the student's own."""
    made = copy.deepcopy(RELEASE)
    for cell in made.cells:
        if grading_cells.kind_of(cell) in ("exercise", "written"):
            cell.source += "\nmine = 'é × 1'\r\n"
    made.cells.insert(5, nbformat.v4.new_markdown_cell("A note. ![p](attachment:p.png)"))
    made.cells[5].attachments = {"p.png": {"image/png": "aGVsbG8="}, "s.html": {"text/html": "<script>"}}
    made.cells.insert(9, nbformat.v4.new_code_cell("print('my own')"))
    made.cells.insert(12, nbformat.v4.new_raw_cell("raw"))
    return made


def plain(nb: nbformat.NotebookNode) -> str:
    return nbformat.writes(nb)


def nameless(nb: nbformat.NotebookNode) -> str:
    """All metadata and ids lost."""
    saved = json.loads(nbformat.writes(nb))
    for cell in saved["cells"]:
        cell["metadata"] = {}
        cell.pop("id", None)
    return json.dumps(saved | {"nbformat_minor": 0})


def half_broken(nb: nbformat.NotebookNode) -> str:
    """Cells that are none, sources of the wrong kind, marks of the wrong kind, half a surrogate pair."""
    saved = json.loads(nbformat.writes(nb))
    saved["cells"][3]["source"] = None
    saved["cells"][7]["source"] = [1, "x", None]
    saved["cells"][8]["metadata"] = 7
    saved["cells"][10]["metadata"]["nbgrader"] = "yes"
    saved["cells"][11] |= {"cell_type": "heading", "source": "x = '\ud800'"}
    saved["cells"][13]["id"] = 5
    saved["cells"] = [*saved["cells"][:20], 3, None, *saved["cells"][20:], {"cell_type": "code"}]
    return json.dumps(saved)


def skipping(nb: nbformat.NotebookNode) -> str:
    """Every cell tagged not to run."""
    for cell in nb.cells:
        cell.metadata["tags"] = ["skip-execution"]
    return nbformat.writes(nb)


def changed(change) -> Any:
    """The notebook after a mishap, saved."""

    def save(nb: nbformat.NotebookNode) -> str:
        change(nb)
        return nbformat.writes(nb)

    return save


def saved_by(name: str) -> Any:
    """The notebook after Run all, as this platform saves it."""
    return lambda nb: PLATFORMS[name](PLATFORMS["ran"](json.loads(nbformat.writes(nb))))


SAVED = {
    "jupyter": plain,
    "colab": colab,
    "kaggle": kaggle,
    "nameless": nameless,
    "half broken": half_broken,
    "skipping": skipping,
    "a check deleted": changed(missing_check),
    "cells copied": changed(duplicated),
    **{name: saved_by(name) for name in SAVERS},
}


@pytest.mark.parametrize("how", SAVED)
def test_the_copy_is_graded_as_the_original(how: str) -> None:
    original = SAVED[how](student_notebook())
    copied = as_bytes(clean(json.loads(original)))
    theirs, mine = parse_submission(original.encode("utf-8", "replace")), parse_submission(copied)
    assert [(cell.cell_type, cell.source, names_of(cell)) for cell in mine.cells] == [
        (cell.cell_type, cell.source, names_of(cell)) for cell in theirs.cells
    ]
    assert mend(mine, RELEASE, RELEASE) == mend(theirs, RELEASE, RELEASE)


@pytest.mark.parametrize("lost", ["source", "attachments"])
def test_a_copy_that_lost_a_text_or_a_picture_would_be_graded_as_another_notebook(lost: str) -> None:
    original = plain(student_notebook())
    made = clean(json.loads(original))
    for cell in made["cells"]:
        cell.pop(lost, None)
    mine, theirs = parse_submission(as_bytes(made)), parse_submission(original.encode())
    assert mend(mine, RELEASE, RELEASE) != mend(theirs, RELEASE, RELEASE)


def test_nothing_of_the_account_is_in_it() -> None:
    saved = json.loads(colab(student_notebook()))
    saved["metadata"] |= {"colab": {"provenance": [], "name": "Qxzy's"}, "kernelspec": {"name": "qxzy-env"}}
    saved["cells"][2]["metadata"] |= {"outputId": "8f", "papermill": {"start_time": "2026"}, "_uuid": "77"}
    saved["cells"][2]["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "File /home/qxzy/x.py\n"}]
    text = as_bytes(clean(saved, home="/home/qxzy")).decode()
    for word in (
        "Bea Sample",
        "userId",
        "executionInfo",
        "Qxzy",
        "qxzy",
        "outputId",
        "papermill",
        "_uuid",
        "widget-state",
    ):
        assert word not in text, word
    assert "File ~/x.py" in text


@pytest.mark.parametrize("name", SAVERS)
def test_nothing_that_a_platform_writes_of_a_person_is_in_it(name: str) -> None:
    saved = saved_by(name)(student_notebook())
    told = [word for word in PLATFORMS["USER"].values() if word in saved]
    assert len(told) == (2 if name.startswith("colab") else 0)
    text = as_bytes(clean(json.loads(saved))).decode()
    assert [word for word in PLATFORMS["USER"].values() if word in text] == []


@pytest.mark.parametrize(("home", "shown"), [("/root", "/root/x"), ("/", "/root/x"), ("", "/root/x")])
def test_a_home_that_names_nobody_is_left_as_it_is(home: str, shown: str) -> None:
    cell = {"cell_type": "code", "outputs": [{"output_type": "stream", "text": ["/root/x"]}]}
    assert clean({"cells": [cell]}, home)["cells"][0]["outputs"][0]["text"] == shown


def outputs(*made: Any) -> list[dict[str, Any]]:
    """These outputs of one cell, as they are in the copy."""
    cells = clean({"cells": [{"cell_type": "code", "source": "x", "outputs": list(made)}]})["cells"]
    found: list[dict[str, Any]] = cells[0]["outputs"]
    return found


def test_an_output_keeps_what_every_reader_can_show() -> None:
    data = {"text/plain": ["<Figure>"], "image/png": "iVBO", "text/html": "<img>"}
    data |= {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}, "application/javascript": "alert(1)"}
    marks = {"image/png": {"width": 3, "height": 4, "alt": "x"}, "base_uri": "https://localhost:8080/"}
    assert outputs({"output_type": "display_data", "data": data, "metadata": marks}) == [
        {
            "output_type": "display_data",
            "data": {"text/plain": "<Figure>", "image/png": "iVBO", "text/html": "<img>"},
            "metadata": {"image/png": {"width": 3, "height": 4}},
        }
    ]
    error = {"output_type": "error", "ename": "ValueError", "evalue": "no", "traceback": ["a", "b"]}
    result = {"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}, "execution_count": 4}
    assert outputs(error, result) == [error, result]


def test_a_widget_without_its_text_and_what_is_no_output_are_left_out() -> None:
    view = {"application/vnd.jupyter.widget-view+json": {"model_id": "1"}}
    broken = [3, None, {}, {"output_type": "update_display_data"}, {"output_type": "display_data", "data": 3}]
    assert outputs({"output_type": "display_data", "data": view}, *broken) == []


def test_outputs_are_bounded_one_by_one_and_together() -> None:
    [long] = outputs({"output_type": "stream", "name": "stdout", "text": "a" * 10**6 + "end"})
    assert len(long["text"]) <= LONGEST_TEXT and long["text"].endswith("aend")
    assert "… (980083 characters are left out of this copy) …" in long["text"]
    picture = {"output_type": "display_data", "data": {"image/png": "i" * 1_900_000}, "metadata": {}}
    many = outputs(*[picture] * 6)
    assert [output["output_type"] for output in many] == ["display_data"] * 4 + ["stream"] * 2
    assert many[-1]["text"] == "(an output is left out of this copy: too large)\n"
    assert len(json.dumps(many)) < ALL_OUTPUTS + 1_000
    assert outputs({"output_type": "display_data", "data": {"image/png": "i" * 2_000_001}, "metadata": {}}) == []


@pytest.mark.parametrize("length", [100, 101, 180, 5_000])
def test_a_bounded_text_is_never_longer_than_its_bound(length: int) -> None:
    assert len(bounded("x" * length, 180)) <= 180
    assert bounded("x" * 180, 180) == "x" * 180


@pytest.mark.parametrize("how", SAVED)
def test_cleaning_twice_is_cleaning_once(how: str) -> None:
    notebook = json.loads(SAVED[how](student_notebook()))
    notebook["cells"][4]["outputs"] = [{"output_type": "stream", "name": "stderr", "text": "b" * 10**5}]
    once = as_bytes(clean(notebook, "/home/ada"))
    assert as_bytes(clean(json.loads(once), "/home/ada")) == once
    assert digest(json.loads(once)) == digest(clean(notebook))


@pytest.mark.filterwarnings("ignore::nbformat.warnings.MissingIDFieldWarning")  # a platform's badge cell has none
def test_the_copy_is_a_valid_notebook() -> None:
    for how in (colab, *map(saved_by, SAVERS)):
        nbformat.validate(json.loads(as_bytes(clean(json.loads(how(student_notebook()))))))


def test_what_is_no_notebook_is_refused() -> None:
    with pytest.raises(LessonError, match="the notebook has no list of cells"):
        clean({"worksheets": []})


@pytest.mark.parametrize("key", ["01_tensors", "02_autograd", "03_training_loop"])
def test_checksums_and_names_are_nbgraders_and_the_graders(key: str) -> None:
    text = (ROOT / f"release/{key}/{key}.ipynb").read_text(encoding="utf-8")
    cells = cells_of(json.loads(text))
    known = [cell for cell in cells if "nbgrader" in cell["metadata"]]
    nodes = nbformat.reads(text, as_version=4).cells
    assert [checksum(cell, "".join(cell["source"])) for cell in known] == [
        grading_cells.checksum(node) for node in nodes if "nbgrader" in node.metadata
    ]
    assert all(untouched(cell) for cell in known)
    known[-1]["source"] = "changed"
    assert untouched(known[-1]) is False and untouched({"metadata": {}}) is None
    submitted = parse_submission(text.encode()).cells
    assert [name_of(cell) for cell in cells_of(json.loads(text))] == [names_of(cell)[0] for cell in submitted]
