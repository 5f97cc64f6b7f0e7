"""A course of one small lesson for the tests of grading: two exercises, three checks, a written answer, a demo."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograde.authoring.release import generate
from autograde.authoring.source import source_notebook
from autograde.course import Course, load_course
from autograde.grading.nbgrader_settings import gradebook_path

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
needs = ["nothing"]
can = ["pass"]
"""

LESSON = '''\
# %% [markdown]
# ## A story about **two** numbers

# %% tags=["fixture"]
import torch
from autograde import check, lesson
settings = lesson.start(DEVICE, SCALE, SEED)

# %% exercise="double"
# exercise: double
def double(x):
    """Twice x. x: Tensor. Returns: Tensor, same shape."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION

# %% tags=["demo"]
playground_value = double(torch.ones(1))

# %% check="double" points=2
check.close(double(torch.ones(3)), torch.full((3,), 2.0), of="three ones")
### BEGIN HIDDEN TESTS
secret_input = torch.arange(4.0) - 1.5
check.close(double(secret_input), secret_input + secret_input, of="a hidden case")
### END HIDDEN TESTS

# %% exercise="predict"
# exercise: predict
### BEGIN SOLUTION
sizes = {"a": 4, "b": 8}
### END SOLUTION

# %% check="predict" points=4 requires="double"
### BEGIN HIDDEN TESTS
check.each(sizes, {"a": 4, "b": 8}, hint={"b": "eight bytes?"})
### END HIDDEN TESTS

# %% check="double" part="gradients" points=1
x = torch.ones(2, requires_grad=True)
double(x).sum().backward()
check.close(x.grad, torch.full((2,), 2.0))

# %% written="why" points=2
### BEGIN SOLUTION
Because it adds to itself.
### END SOLUTION

# %% tags=["demo"]
lesson.hand_in("01_tiny")
'''


def make_course(root: Path, lesson: str = LESSON) -> Course:
    """Build the tiny course in `root`: source, release and gradebook."""
    (root / "notebooks").mkdir(parents=True)
    (root / "course.toml").write_text(COURSE, encoding="utf-8")
    (root / "notebooks" / f"{KEY}.py").write_text(lesson, encoding="utf-8")
    course = load_course(root)
    course.source(KEY).parent.mkdir(parents=True)
    nbformat.write(source_notebook(course, KEY), course.source(KEY))
    generate(root, KEY, gradebook_path(root))
    return course


def answers(course: Course, **sources: str) -> NotebookNode:
    """The release notebook with these texts in place of exercise or written cells."""
    notebook = nbformat.read(course.release(KEY), as_version=4)
    for cell in notebook.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in sources:
            cell.source = sources[name]
    return notebook


def hand_in(course: Course, student: str, notebook: NotebookNode | str) -> Path:
    """Put a submission where it is collected; text is written as it is."""
    path = course.root / "grading" / "submitted" / student / KEY / f"{KEY}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, str):
        path.write_text(notebook, encoding="utf-8")
    else:
        nbformat.write(notebook, path)
    return path


def copy_course(course: Course, root: Path) -> Course:
    """The same built course in a fresh folder."""
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns("cache"))
    return load_course(root)


RIGHT = {
    "double": "# exercise: double\ndef double(x):\n    return x + x",
    "predict": '# exercise: predict\nsizes = {"a": 4, "b": 8}',
    "why": "It adds to itself.",
}
