"""Where we score another course's notebook otherwise than nbgrader, on purpose: each with a notebook that shows it.

docs/nbgrader.md lists them by name; test_nbgrader_differences.py grades each of them both ways.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

REFUSED = "refused"  # the whole submission: nbgrader gives no score for any cell
STOPPED = "stopped"  # nbgrader goes on with no other submission, either
PERSON = "person"  # no score; marked for a person to look at
ANSWER = "answer = 1"


def cell(source: str, name: str, kind: str = "code", **about: Any) -> NotebookNode:
    """A cell with nbgrader's metadata. about: grade, solution, points…"""
    made = new_code_cell(source) if kind == "code" else new_markdown_cell(source)
    known = {"grade": False, "solution": False, "locked": False, "task": False, "schema_version": 3}
    made.metadata["nbgrader"] = {**known, "grade_id": name, **about}
    return made


def assignment(test: str) -> NotebookNode:
    """An instructor's notebook: an answer, three tests of 3, 2 and 1 points of which the second is `test`, a text."""
    solution = "### BEGIN SOLUTION\nanswer = 1\n### END SOLUTION"
    nb = new_notebook(
        cells=[
            cell("import warnings", "imports", locked=True),
            cell(solution, "answer", solution=True),
            cell("assert answer is not None", "before", grade=True, locked=True, points=3),
            cell(test, "test", grade=True, locked=True, points=2),
            cell("assert answer is not None", "after", grade=True, locked=True, points=1),
            cell("Because.", "why", "markdown", grade=True, solution=True, points=4),
        ]
    )
    nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return nb


def place(nb: NotebookNode, name: str) -> int:
    """Where the cell of that name stands."""
    return next(n for n, found in enumerate(nb.cells) if found.metadata.get("nbgrader", {}).get("grade_id") == name)


@dataclass(frozen=True)
class Difference:
    """stock, ours: what the test cell `test` earns of its 2 points, or one of the words above."""

    name: str
    reason: str
    test: str
    answer: str
    stock: float | str
    ours: float | str
    change: Callable[[NotebookNode], None] | None = None  # what else the student did to the notebook

    def submission(self, released: NotebookNode) -> NotebookNode:
        """The released notebook as this student hands it in."""
        nb = copy.deepcopy(released)
        nb.cells[place(nb, "answer")].source = self.answer
        if self.change is not None:
            self.change(nb)
        return nb


def tag_test(nb: NotebookNode) -> None:
    """A tag that keeps the test from running, left by a student."""
    nb.cells[place(nb, "test")].metadata["tags"] = ["skip-execution"]


def copy_answer(nb: NotebookNode) -> None:
    """The answer's cell twice, as a copied cell keeps its metadata."""
    at = place(nb, "answer")
    twin = nbformat.from_dict(copy.deepcopy(dict(nb.cells[at])))
    twin["id"], nb.cells[at].source = "twin", "answer = None"
    nb.cells.insert(at + 1, twin)


def delete_test(nb: NotebookNode) -> None:
    """A test that the student deleted."""
    del nb.cells[place(nb, "test")]


def age_schema(nb: NotebookNode) -> None:
    """Metadata as nbgrader 0.5 wrote it."""
    for found in nb.cells:
        if "nbgrader" in found.metadata:
            found.metadata["nbgrader"]["schema_version"] = 1


def new_schema(nb: NotebookNode) -> None:
    """Metadata of an nbgrader that is still to come."""
    for found in nb.cells:
        if "nbgrader" in found.metadata:
            found.metadata["nbgrader"]["schema_version"] = 99


def strange_cell(nb: NotebookNode) -> None:
    """A graded cell that the student copied from another assignment."""
    nb.cells.append(cell("assert True", "from_elsewhere", grade=True, locked=True, points=9))


DIFFERENCES = [
    Difference("nan", "NaN is no number of points", "answer", "answer = float('nan')", 2.0, PERSON),
    Difference("negative", "a negative number is no number of points", "answer", "answer = -1", 2.0, PERSON),
    Difference(
        "tensor",
        "a tensor is shown as text, and text would be full marks",
        "answer",
        "import torch\nanswer = torch.tensor(1.)",
        2.0,
        PERSON,
    ),
    Difference(
        "numpy number",
        "NumPy 2 shows np.float64(0.5), which no float() reads",
        "answer",
        "import numpy\nanswer = numpy.float64(0.5)",
        2.0,
        PERSON,
    ),
    Difference("false", "a test that ends in a comparison shows False", "answer == 1", "answer = 2", 2.0, PERSON),
    Difference("too many points", "a number above the cell's points", "answer", "answer = 5", REFUSED, PERSON),
    Difference(
        "stderr",
        "text on stderr (a warning, a progress bar) decides nothing",
        "warnings.warn('deprecated')\nassert answer == 1",
        ANSWER,
        0.0,
        2.0,
    ),
    Difference(
        "result before an error",
        "an error after a result counts",
        "get_ipython().displayhook(answer)\nassert answer == 2",
        ANSWER,
        1.0,
        0.0,
    ),
    Difference(
        "every value shown",
        "a student's setting of the shell does not change what a test's result is",
        "answer + 6\nassert answer == 1",
        "get_ipython().ast_node_interactivity = 'all'\nanswer = 1",
        REFUSED,
        2.0,
    ),
    Difference(
        "no value shown",
        "a student's setting of the shell does not change what a test's result is",
        "answer / 2",
        "get_ipython().ast_node_interactivity = 'none'\nanswer = 1",
        2.0,
        0.5,
    ),
    Difference(
        "skip-execution", "a test is run, whatever its tags say", "assert answer == 2", ANSWER, 2.0, 0.0, tag_test
    ),
    Difference(
        "dead process in a test",
        "the cells before and after keep their scores",
        "assert answer.bit_count()",
        "import os\nclass Number:\n    def bit_count(self):\n        os._exit(1)\nanswer = Number()",
        REFUSED,
        0.0,
    ),
    Difference(
        "duplicated cell",
        "the last edited copy counts, and nothing is stopped",
        "assert answer == 1",
        ANSWER,
        STOPPED,
        2.0,
        copy_answer,
    ),
    Difference("old schema", "metadata is the course's own", "assert answer == 1", ANSWER, STOPPED, 2.0, age_schema),
    Difference("newer schema", "metadata is the course's own", "assert answer == 1", ANSWER, STOPPED, 2.0, new_schema),
    Difference(
        "deleted test", "a missing test is put back and run", "assert answer == 1", ANSWER, PERSON, 2.0, delete_test
    ),
    Difference(
        "unknown cell",
        "a cell of another assignment is a cell without points",
        "assert answer == 1",
        ANSWER,
        REFUSED,
        2.0,
        strange_cell,
    ),
]
