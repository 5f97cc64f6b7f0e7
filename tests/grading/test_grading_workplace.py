"""A notebook is graded in a room of its own: it cannot change the grader's packages, nor lose the lesson's files."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cells_by_hand import notebook, other_cell
from nbformat import NotebookNode

from autograde.grading.cells import ours
from autograde.grading.kernel import Limits, execute
from autograde.grading.workplace import Workplace


@pytest.fixture
def place(tmp_path: Path) -> Workplace:
    beside = tmp_path / "quiz_1.json"
    beside.write_text("{}", encoding="utf-8")
    made = Workplace(tmp_path / "a room")
    made.folder.mkdir()
    made.furnish([beside])
    return made


@pytest.mark.parametrize("command", [["pip"], ["apt-get"], [sys.executable, "-m", "pip"]])
def test_installing_packages_does_nothing_and_says_so(place: Workplace, command: list[str]) -> None:
    environment = place.environment("cpu", "ci", "ada")
    line = " ".join(f"'{part}'" for part in [*command, "uninstall", "-y", "torch"])
    done = subprocess.run(line, shell=True, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.endswith("does nothing while a notebook is graded: the packages stay as they are\n")


def test_a_kernel_inherits_no_token_and_finds_the_lessons_files(
    place: Workplace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "hf_xxx")
    environment = place.environment("cpu", "ci", "ada")
    assert "SECRET_TOKEN" not in environment
    assert os.listdir(environment["MEASURE_FIRST_DATA"]) == ["quiz_1.json"] == os.listdir(place.work)


def test_a_deleted_working_directory_is_put_back_and_the_cells_after_it_run(tmp_path: Path) -> None:
    beside = tmp_path / "quiz_1.json"
    beside.write_text("{}", encoding="utf-8")
    nb = notebook(
        other_cell("own", "import os, shutil\nshutil.rmtree(os.getcwd())"),
        other_cell("own", "print(os.listdir(os.getcwd()))"),
        other_cell("own", "%pip install torch==0.0.1"),
    )
    execute(nb, [beside], Limits())
    assert [ours(cell)["run"]["message"] for cell in nb.cells] == [
        "This cell deleted the folder that it ran in; it was put back.", "", "",
    ]  # fmt: skip
    assert _printed(nb.cells[1]) == "['quiz_1.json']\n"
    assert "pip does nothing while a notebook is graded" in _printed(nb.cells[2])


def _printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")
