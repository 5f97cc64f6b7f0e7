"""A lesson on an imitated host: its setup cell twice, its cells with the reference answers, its last cell's copy."""

from __future__ import annotations

import copy
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from environments import Environment
from imitation import Place, imitated
from kernels import CellFailed, Kernel, Ran, kernel
from nbformat import NotebookNode

from autograde.course import Course
from autograde.grading.cells import grade_id, kind_of
from autograde.grading.intake import read_submission
from autograde.grading.mending import mend

MARKERS = re.compile(r"^[ \t]*### (BEGIN|END) SOLUTION[ \t]*\n?", re.MULTILINE)
ACCOUNT = {"user": {"displayName": "Ada Lovelace", "userId": "07815123"}, "status": "ok", "elapsed": 12}
COMPILE = """
import ast, json, warnings
warnings.simplefilter("error")
for number, source in enumerate(json.loads({cells!r})):
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    compile(get_ipython().transform_cell(source), f"cell {{number}}", "exec", flags=flags, dont_inherit=True)
warnings.resetwarnings()
"""
# The last cell where there is no PyTorch: the rest of autograde.lesson, which needs one, is not imported.
HAND_IN = """
import autograde, os, sys, types
sys.modules["autograde.lesson"] = room = types.ModuleType("autograde.lesson")
room.__path__ = [os.path.join(os.path.dirname(autograde.__file__), "lesson")]
from autograde.lesson.handin import hand_in
hand_in("{key}")
"""


@dataclass(frozen=True)
class Notebooks:
    """A lesson's notebooks: as students get it, as instructors have it, and as a perfect student leaves it."""

    release: NotebookNode
    source: NotebookNode
    answered: NotebookNode

    @classmethod
    def of(cls, course: Course, key: str) -> Notebooks:
        """Read what the build made."""
        release = nbformat.read(course.release(key), as_version=4)
        source = nbformat.read(course.source(key), as_version=4)
        return cls(release, source, with_answers(release, source))


def with_answers(release: NotebookNode, source: NotebookNode) -> NotebookNode:
    """The release with the reference answers in its exercises and written answers, without the author's markers."""
    answers = {grade_id(cell): cell.source for cell in source.cells if kind_of(cell) in ("exercise", "written")}
    made = copy.deepcopy(release)
    for cell in made.cells:
        if (answer := answers.get(grade_id(cell))) is not None and grade_id(cell):
            cell.source = MARKERS.sub("", answer)
    return made


def as_page(notebook: NotebookNode) -> dict[str, Any]:
    """The notebook as Colab's page sends it: with the account in every cell that ran, and widgets without state."""
    page: dict[str, Any] = json.loads(nbformat.writes(notebook))
    page["metadata"]["widgets"] = {"application/vnd.jupyter.widget-state+json": {}}
    for cell in page["cells"]:
        cell["metadata"]["executionInfo"] = ACCOUNT
        cell["metadata"]["outputId"] = "0a1b2c3d"
    return page


def run_lesson(host: str, made: Environment, key: str, notebooks: Notebooks, folder: Path, torch: str) -> str:
    """Run the lesson, whole where the environment has PyTorch; says what was run. Raises CellFailed.

    torch: the version that a stub tells where there is none.
    """
    stub = torch if made.no_torch else ""
    with imitated(host, folder, key, stub) as place:
        with kernel(made.python, place.work, place.variables, place.options) as running:
            setup_twice(running, place, notebooks.answered)
            if stub:
                cells = [cell.source for cell in notebooks.answered.cells if cell.cell_type == "code"]
                running.run(COMPILE.format(cells=json.dumps(cells)))
                told = last_cell(running, place, key, notebooks, HAND_IN.format(key=key))
                ran = f"setup twice and the last cell with a stub for PyTorch, {len(cells)} cells compiled"
            else:
                told = whole(running, place, key, notebooks)
                ran = f"setup twice, then all {len(notebooks.answered.cells)} cells with the reference answers"
            return f"{ran}; {check_copy(told, host, place, key, notebooks)}"


def setup_twice(running: Kernel, place: Place, notebook: NotebookNode) -> None:
    """The setup cell, twice: the second run says the same and changes no file. Raises CellFailed.

    The first run in a new environment may install what the lesson needs and the host has not (faiss-cpu, gradio).
    """
    (cell,) = [cell for cell in notebook.cells if kind_of(cell) == "setup"]
    source = place.setup_cell(cell.source)
    first = running.run(source)
    before = _files(place.work)
    second = running.run(source)
    if "RESTART" in first.printed + second.printed or "installed  nothing, all was there" not in second.printed:
        raise CellFailed(f"the setup cell said: {first.printed}{second.printed}")
    if _told(first) != _told(second) or _files(place.work) != before:
        raise CellFailed(f"the second run of the setup cell was another one: {second.printed}")


def whole(running: Kernel, place: Place, key: str, notebooks: Notebooks) -> Ran:
    """Every cell below the setup cell; outputs are kept in the notebook. Returns what the last cell showed."""
    *cells, last = [cell for cell in notebooks.answered.cells if cell.cell_type == "code" and cell.source.strip()]
    for cell in cells:
        if kind_of(cell) != "setup":
            cell.outputs = running.run(cell.source).outputs
    told = last_cell(running, place, key, notebooks, last.source)
    if "Everything passed." not in told.printed:
        raise CellFailed(f"the last cell of a perfect notebook said: {told.printed}")
    return told


def last_cell(running: Kernel, place: Place, key: str, notebooks: Notebooks, source: str) -> Ran:
    """The last cell, after the notebook was saved as its host saves it."""
    page = as_page(notebooks.answered)
    place.page.write_text(json.dumps(page), encoding="utf-8")
    if not place.options and "KAGGLE_KERNEL_RUN_TYPE" not in place.variables:
        (place.work / f"{key}.ipynb").write_text(json.dumps(page), encoding="utf-8")
    return running.run(source)


def check_copy(told: Ran, host: str, place: Place, key: str, notebooks: Notebooks) -> str:
    """Whether the last cell did what it can on this host; says what that was. Raises CellFailed."""
    printed = told.printed
    if host == "kaggle":
        if "Kaggle keeps a notebook outside its session" not in printed:
            raise CellFailed(f"the last cell said: {printed}")
        return "the last cell says where Kaggle has the file"
    path = place.downloads / f"{key}.ipynb"
    if host == "local":
        path = place.work.parent / "hand_in" / f"{key}.ipynb"
    if not path.is_file():
        raise CellFailed(f"no copy was made, the last cell said: {printed}")
    if re.search("Ada Lovelace|07815123|executionInfo|widget-state", path.read_text(encoding="utf-8")):
        raise CellFailed("the copy holds the account's data or widgets")
    mine, theirs = (read_submission(file) for file in (path, place.page))
    if mend(mine, notebooks.source, notebooks.release) != mend(theirs, notebooks.source, notebooks.release):
        raise CellFailed("the copy is graded as another notebook than the original")
    return "the copy is graded as the original"


def _told(ran: Ran) -> list[str]:
    """What a setup cell printed, without its seconds and what only the first run can say."""
    return [
        line for line in ran.printed.splitlines() if not re.match(r"  course|  installed|Installing|.*: ready", line)
    ]


def _files(folder: Path) -> list[tuple[str, int, int]]:
    """Every file with its size and time of change."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return [(str(path), (about := path.stat()).st_size, about.st_mtime_ns) for path in paths]
