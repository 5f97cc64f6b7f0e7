"""The first code cell of every lesson, as the build writes it, in a real IPython shell with the real PyTorch.

The repository's raw files and its archive come from a host on the loopback interface.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, ROOT, archive, site, working_tree, write_files
from setup_kernels import CLOSED, HOST_VARIABLES

from autograde.authoring.header import first_cells
from autograde.course import Course, Lesson

pytestmark = pytest.mark.slow

RAW_PATH = "/measure-first/measure-first/main/setup_colab.py"
SHELL = {
    "google/colab/__init__.py": "",
    "google/colab/_shell.py": textwrap.dedent("""
        from IPython.core.interactiveshell import InteractiveShell
        class Shell(InteractiveShell):
            pass
    """),
}
KERNEL = """
import json, pathlib, sys
job = json.loads(sys.argv[1])
sys.path.insert(0, job["stubs"])
from google.colab import _shell
shell = _shell.Shell.instance()
for cell in job["cells"]:
    result = shell.run_cell(cell)
    if not result.success:
        break
state = {"success": result.success, "error": str(result.error_in_exec or result.error_before_exec or "")}
pathlib.Path(job["answer"]).write_text(json.dumps(state | {"found": shell.user_ns.get("found_out")}, default=str))
"""
USE = """
from autograde import check, lesson
import autograde, os, torch
found_out = {"package": autograde.__file__, "data": os.environ["MEASURE_FIRST_DATA"], "torch": torch.__version__}
"""


def first_cell(raw: str, kaggle_input: Path) -> str:
    """The setup cell of a lesson of this course, with the test's host and folder in place of the real ones."""
    lesson = Lesson(LESSON, "Imitation", "a lesson for the tests", 1)
    course = Course(ROOT, "Measure First", "measure-first/measure-first", "main", [lesson])
    (cell,) = [cell.source for cell in first_cells(course, lesson, 0.0) if cell.kind == "setup"]
    assert cell.count("https://raw.githubusercontent.com") == 1 and cell.count("/kaggle/input") == 1
    return cell.replace("https://raw.githubusercontent.com", raw).replace("/kaggle/input", str(kaggle_input))


def run_cells(folder: Path, cells: list[str], source: str, host: str = "") -> tuple[dict[str, Any], str]:
    """Run the cells in a fresh IPython of this interpreter; what they found out, and what was printed."""
    answer, notebooks = folder / "answer.json", folder / "notebooks"
    stubs = write_files(folder / "stubs", SHELL)
    variables = {"MEASURE_FIRST_SOURCE": source, "HOME": str(folder / "home"), "IPYTHONDIR": str(folder / "ipython")}
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("KAGGLE", "COLAB", "MEASURE_FIRST"))}
    job = {"stubs": str(stubs), "cells": cells, "answer": str(answer)}
    run = subprocess.run(
        [sys.executable, "-c", KERNEL, json.dumps(job)],
        cwd=notebooks,
        env=environ | variables | HOST_VARIABLES.get(host, {}),
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return json.loads(answer.read_text()), run.stdout


def test_on_colab_the_cell_fetches_setup_and_the_course_and_the_lesson_can_begin(tmp_path, bare_machine):
    pages = {ARCHIVE_PATH: archive(working_tree()), RAW_PATH: (ROOT / "setup_colab.py").read_bytes()}
    with site(pages) as host:
        cell = first_cell(host.address, tmp_path / "input")
        state, printed = run_cells(tmp_path, [cell, cell, USE], host.address, "colab")
        assert state["success"], state["error"]
        assert host.asked == [RAW_PATH, ARCHIVE_PATH], "the second run asked for nothing"
    assert printed.count("Google Colab, Python 3.") == 2 and "Setup(" not in printed
    kept = bare_machine / ".measure_first" / "main"
    assert Path(state["found"]["package"]).is_relative_to(kept), "the fetched course, not the installed one"
    assert Path(state["found"]["data"], "quiz_1.json").is_file()
    cell = first_cell(CLOSED, tmp_path / "input")
    state, printed = run_cells(tmp_path, [cell, USE], CLOSED, "colab")  # a new kernel, and the network is cut
    assert state["success"], state["error"]


def test_on_kaggle_without_internet_the_attached_data_set_is_enough(tmp_path, bare_machine):
    sets = tmp_path / "input"
    files = working_tree()
    setup = files["setup_colab.py"].replace(b'Path("/kaggle/input")', f"Path({str(sets)!r})".encode())
    folder = write_files(sets / "measure-first", files | {"setup_colab.py": setup})
    state, printed = run_cells(tmp_path, [first_cell(CLOSED, sets), USE], CLOSED, "kaggle")
    assert state["success"], state["error"]
    assert f"course     the attached data set {folder}\n" in printed
    assert Path(state["found"]["package"]) == folder / "autograde" / "__init__.py"
    assert list(bare_machine.iterdir()) == []


def test_in_a_checkout_the_cell_uses_what_is_there(tmp_path, bare_machine):
    write_files(bare_machine, working_tree())
    cell = "import os; os.chdir('release/00_imitation')\n" + first_cell(CLOSED, tmp_path / "input")
    state, printed = run_cells(tmp_path, [cell, USE], CLOSED)
    assert state["success"], state["error"]
    assert f"course     the checkout {bare_machine}\n" in printed
    assert state["found"]["data"] == str(bare_machine / "release" / LESSON)


def test_without_any_network_the_cell_says_so_and_leaves_nothing(tmp_path, bare_machine):
    state, _ = run_cells(tmp_path, [first_cell(CLOSED, tmp_path / "input")], CLOSED, "colab")
    assert not state["success"] and "setup_colab.py is not here and cannot be downloaded" in state["error"]
    assert list(bare_machine.iterdir()) == []
