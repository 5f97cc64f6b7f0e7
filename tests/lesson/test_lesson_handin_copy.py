"""Where the copy goes, what it never writes over, and what a disk that refuses it leaves behind."""

from __future__ import annotations

import json
import os
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from autograde.lesson import handin_copy
from autograde.lesson.handin_copy import download, place_for, write_copy
from autograde.lesson.handin_find import Found
from autograde.lesson.trouble import LessonError


@pytest.fixture(autouse=True)
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")


def notebook(text: str = "x = 1") -> dict[str, Any]:
    return {"cells": [{"cell_type": "code", "metadata": {}, "source": text}], "nbformat": 4, "nbformat_minor": 4}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_it_lies_in_a_folder_beside_the_notebook_and_the_notebook_is_only_read(tmp_path) -> None:
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps(notebook()))
    before = path.read_bytes(), path.stat().st_mtime_ns
    made = write_copy(Found(notebook(), path), "01_tensors")
    assert made.path == tmp_path / "hand_in" / "01_tensors.ipynb" and made.kept is None
    assert made.size == made.path.stat().st_size
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_of_a_page_it_lies_in_the_working_folder() -> None:
    assert write_copy(Found(notebook()), "01_tensors").path == Path.cwd() / "hand_in" / "01_tensors.ipynb"


def test_in_a_checkout_it_lies_where_no_build_clears(tmp_path) -> None:
    (tmp_path / "course.toml").touch()
    (tmp_path / "release" / "01_tensors").mkdir(parents=True)
    inside = Found(notebook(), tmp_path / "release" / "01_tensors" / "01_tensors.ipynb")
    assert place_for(inside, "01_tensors").parent.parent == tmp_path / "release" / "01_tensors"
    (tmp_path / "autograde").mkdir()
    (tmp_path / "autograde" / "__init__.py").touch()
    assert place_for(inside, "01_tensors") == tmp_path / "hand_in" / "01_tensors.ipynb"
    working_in_the_copy = Found(notebook(), tmp_path / "hand_in" / "01_tensors.ipynb")
    assert place_for(working_in_the_copy, "01_tensors") == tmp_path / "hand_in" / "hand_in" / "01_tensors.ipynb"


def test_twice_is_once() -> None:
    first = write_copy(Found(notebook()), "01_tensors")
    before = first.path.read_bytes(), first.path.stat().st_mtime_ns
    assert write_copy(Found(notebook()), "01_tensors") == first
    assert (first.path.read_bytes(), first.path.stat().st_mtime_ns) == before
    assert names(first.path.parent) == ["01_tensors.ipynb"]


def test_a_later_copy_takes_the_place_of_an_earlier_one() -> None:
    write_copy(Found(notebook()), "01_tensors")
    made = write_copy(Found(notebook("x = 2")), "01_tensors")
    assert names(made.path.parent) == ["01_tensors.ipynb"] and b"x = 2" in made.path.read_bytes()


def test_a_copy_that_was_only_opened_and_saved_may_be_replaced() -> None:
    made = write_copy(Found(notebook()), "01_tensors")
    opened = json.loads(made.path.read_text())
    opened["cells"][0] |= {"source": "x = 1", "execution_count": 7, "metadata": {"trusted": True}}
    made.path.write_text(json.dumps(opened))
    assert write_copy(Found(notebook("x = 2")), "01_tensors").kept is None


@pytest.mark.parametrize("other", [json.dumps(notebook("a week of work")), "no notebook at all", ""])
def test_a_file_that_somebody_worked_in_is_kept_under_another_name(other: str) -> None:
    folder = Path("hand_in")
    folder.mkdir()
    (folder / "01_tensors.kept-1.ipynb").write_text("kept before")
    (folder / "01_tensors.ipynb").write_text(other)
    made = write_copy(Found(notebook()), "01_tensors")
    assert made.kept == made.path.with_name("01_tensors.kept-2.ipynb") and made.kept.read_text() == other
    assert (folder / "01_tensors.kept-1.ipynb").read_text() == "kept before"


def test_a_full_disk_leaves_the_earlier_copy_and_nothing_half_written(monkeypatch) -> None:
    made = write_copy(Found(notebook()), "01_tensors")
    before = made.path.read_bytes()

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LessonError) as raised:
        write_copy(Found(notebook("x = 2")), "01_tensors")
    assert str(raised.value) == f"{made.path} could not be written: No space left on device"
    assert made.path.read_bytes() == before and names(made.path.parent) == ["01_tensors.ipynb"]


def test_a_folder_that_cannot_be_written_is_named(monkeypatch) -> None:
    def read_only(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", read_only)
    with pytest.raises(LessonError, match="01_tensors.ipynb could not be written: Permission denied"):
        write_copy(Found(notebook()), "01_tensors")


def test_a_folder_in_its_place_is_a_sentence_and_stays() -> None:
    folder = Path("hand_in") / "01_tensors.ipynb"
    folder.mkdir(parents=True)
    with pytest.raises(LessonError, match="could not be written"):
        write_copy(Found(notebook()), "01_tensors")
    assert names(folder.parent) == ["01_tensors.ipynb"]


def test_colabs_page_downloads_it_and_a_page_that_cannot_is_no_error(monkeypatch) -> None:
    asked: list[str] = []
    files = types.ModuleType("google.colab.files")
    files.download = asked.append  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "google.colab.files", files)
    assert download(Path("a.ipynb")) and asked == ["a.ipynb"]
    monkeypatch.delitem(sys.modules, "google.colab.files")
    assert not download(Path("a.ipynb"))


def test_the_part_that_is_written_first_never_has_the_name_of_a_notebook() -> None:
    seen: list[str] = []

    def watch(part: Path, data: bytes) -> None:
        seen.append(part.name)
        part.write_bytes(data)

    original, handin_copy._write = handin_copy._write, watch
    try:
        write_copy(Found(notebook()), "01_tensors")
    finally:
        handin_copy._write = original
    assert seen == [f".01_tensors.ipynb.{os.getpid()}.part"]
