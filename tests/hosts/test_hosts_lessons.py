"""The imitations themselves: a run that goes wrong is told from one that goes well."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace

import lessons
import nbformat
import pytest
from imitation import Place, imitated
from kernels import CellFailed, Ran
from lessons import Notebooks, as_page, check_copy, setup_twice
from nbformat.v4 import new_code_cell, new_notebook, new_output

from autograde.lesson.handin_clean import as_bytes, clean

ROOT = Path(__file__).parents[2]
KEY = "01_tensors"
READY = "01_tensors: ready after {} s\n  course     {}\n  installed  nothing, all was there\n"


def place_in(folder: Path) -> Place:
    for name in ("work", "downloads"):
        (folder / name).mkdir()
    return Place(folder / "work", {}, (), (), folder / "page.ipynb", folder / "downloads")


def printed(text: str) -> Ran:
    return Ran([new_output("stream", name="stdout", text=text)], 0.1)


def kernel_that(*answers: object) -> SimpleNamespace:
    """A kernel whose cells print these texts in turn; a callable is called, and prints what it returns."""
    left = list(answers)

    def run(code: str) -> Ran:
        answer = left.pop(0)
        return printed(answer() if callable(answer) else str(answer))

    return SimpleNamespace(run=run)


SETUP = new_notebook(cells=[new_code_cell("setup()", metadata={"measure_first": {"kind": "setup"}})])


def test_a_setup_that_says_the_same_twice_is_right(tmp_path) -> None:
    told = READY.format("3.1", "fetched"), READY.format("0.1", "the kept copy")
    setup_twice(kernel_that(*told), place_in(tmp_path), SETUP)  # type: ignore[arg-type]


@pytest.mark.parametrize("second", ["  note       new\n", "  RESTART    needed\n"])
def test_a_second_setup_that_says_more_is_caught(tmp_path, second: str) -> None:
    running = kernel_that(READY.format("3.1", "x"), READY.format("0.1", "x") + second)
    with pytest.raises(CellFailed, match="the setup cell said|the second run of the setup cell was another one"):
        setup_twice(running, place_in(tmp_path), SETUP)  # type: ignore[arg-type]


def test_a_second_setup_that_writes_a_file_is_caught(tmp_path) -> None:
    place = place_in(tmp_path)

    def writes() -> str:
        (place.work / "new").touch()
        return READY.format("0.1", "x")

    with pytest.raises(CellFailed, match="the second run of the setup cell was another one"):
        setup_twice(kernel_that(READY.format("3.1", "x"), writes), place, SETUP)  # type: ignore[arg-type]


@pytest.fixture
def notebooks() -> Notebooks:
    """Lesson 01 with its release in the source's place: what git holds is enough."""
    release = nbformat.read(ROOT / f"release/{KEY}/{KEY}.ipynb", as_version=4)
    return Notebooks(release, release, lessons.with_answers(release, release))


def test_a_copy_that_is_not_there_holds_the_account_or_lost_a_cell_is_caught(tmp_path, notebooks) -> None:
    place = place_in(tmp_path)
    page = as_page(notebooks.answered)
    place.page.write_text(json.dumps(page))
    copy = place.downloads / f"{KEY}.ipynb"

    def result() -> str:
        return check_copy(printed("To hand in"), "colab", place, KEY, notebooks)

    with pytest.raises(CellFailed, match="no copy was made, the last cell said: To hand in"):
        result()
    copy.write_text(json.dumps(page))
    with pytest.raises(CellFailed, match="the copy holds the account's data or widgets"):
        result()
    made = clean(page)
    copy.write_bytes(as_bytes({**made, "cells": made["cells"][:-20]}))
    with pytest.raises(CellFailed, match="graded as another notebook"):
        result()
    copy.write_bytes(as_bytes(made))
    assert result() == "the copy is graded as the original"


def test_on_kaggle_the_last_cell_must_say_why_there_is_none(tmp_path, notebooks) -> None:
    with pytest.raises(CellFailed, match="the last cell said: nothing"):
        check_copy(printed("nothing"), "kaggle", place_in(tmp_path), KEY, notebooks)


@pytest.mark.parametrize("host", ["colab", "kaggle", "local"])
def test_each_host_has_its_variables_and_its_way_to_the_course(tmp_path, notebooks, host: str) -> None:
    [setup] = [cell.source for cell in notebooks.release.cells if cell.metadata.measure_first.kind == "setup"]
    with imitated(host, tmp_path, KEY) as place:
        cell = place.setup_cell(setup)
        assert ("KAGGLE_KERNEL_RUN_TYPE" in place.variables) == (host == "kaggle")
        assert ("COLAB_RELEASE_TAG" in place.variables) == (host != "local")
        assert "raw.githubusercontent.com" not in cell and place.work.is_dir()
        assert bool(re.search(r"127\.0\.0\.1:(?!9/)\d+/", cell)) == (host == "colab")
        assert list(tmp_path.glob("input/*/setup_colab.py")) == (
            [tmp_path / "input" / "measure-first" / "setup_colab.py"] if host == "kaggle" else []
        )
    with imitated("colab", tmp_path / "again", KEY) as place, pytest.raises(AssertionError):
        place.setup_cell("a setup cell of another kind")
