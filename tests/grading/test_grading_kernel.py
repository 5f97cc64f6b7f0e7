"""Whatever student code does to its kernel, every later check still runs, and what happened is on record."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cells_by_hand import exercise_cell, notebook, other_cell
from nbformat import NotebookNode

from autograde.grading import kernel
from autograde.grading.cells import ours
from autograde.grading.kernel import KernelUnavailable, Limits, execute
from autograde.grading.run import grade_notebook

SWALLOWS_INTERRUPTS = """
import time
while True:
    try:
        while True: time.sleep(0.05)
    except BaseException: pass
"""
LOOKS_AROUND = """
import os
print(sorted(os.listdir('.')), os.environ.get('SECRET_TOKEN'), os.environ['MEASURE_FIRST_STUDENT'])
"""


def cell(source: str, kind: str = "own") -> NotebookNode:
    return other_cell(kind, source)


def statuses(nb: NotebookNode) -> list[str]:
    return [ours(cell)["run"]["status"] for cell in nb.cells]


def printed(cell: NotebookNode) -> str:
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> NotebookNode:
    """A notebook that does nearly everything that a kernel can suffer, run once."""
    beside = tmp_path_factory.mktemp("beside") / "quiz_1.json"
    beside.write_text("{}", encoding="utf-8")
    nb = notebook(
        cell("x = 1", "fixture"),
        cell(LOOKS_AROUND),
        cell("never = True", "demo"),
        cell("while True: pass"),
        cell("print(x, 'never' in globals())"),
        cell("import os\nos._exit(3)"),
        cell("print(x + 1)"),
        cell(SWALLOWS_INTERRUPTS),
        cell("print(x + 2)"),
        cell("import sys\nsys.exit(0)"),
        cell("for _ in range(3000): print('y' * 1000)"),
        cell("print(x + 3)\n1 / 0"),
        cell("%matplotlib inline\nimport asyncio\nawait asyncio.sleep(0)\nprint('magic')"),
    )
    nb.cells[6].metadata["tags"] = ["skip-execution"]
    os.environ["SECRET_TOKEN"] = "hf_xxx"
    try:
        return execute(nb, [beside], Limits(cell_seconds=2.0, output_bytes=20_000), student="ada")
    finally:
        del os.environ["SECRET_TOKEN"]


def test_every_cell_has_its_outcome(hostile: NotebookNode) -> None:
    assert statuses(hostile) == [
        "ok", "ok", "skipped", "timeout", "ok", "crashed", "ok", "timeout", "ok", "error", "ok", "error", "ok",
    ]  # fmt: skip


def test_the_kernel_stands_in_an_empty_folder_with_the_lessons_data_and_no_tokens(hostile: NotebookNode) -> None:
    assert printed(hostile.cells[1]) == "['quiz_1.json'] None ada\n"


def test_demo_cells_are_not_run(hostile: NotebookNode) -> None:
    assert printed(hostile.cells[4]) == "1 False\n"


def test_after_a_death_or_a_loop_that_cannot_be_interrupted_the_cells_before_are_run_again(
    hostile: NotebookNode,
) -> None:
    assert [printed(hostile.cells[n]) for n in (6, 8)] == ["2\n", "3\n"]


def test_a_skip_execution_tag_skips_nothing(hostile: NotebookNode) -> None:
    assert ours(hostile.cells[6])["run"]["status"] == "ok"


def test_endless_output_is_cut_off(hostile: NotebookNode) -> None:
    text = printed(hostile.cells[10])
    assert text.endswith("… more output than is kept\n")
    assert len(text) < 25_000


def test_magics_and_top_level_await_work(hostile: NotebookNode) -> None:
    assert printed(hostile.cells[12]) == "magic\n"


def test_time_for_the_whole_submission_is_limited() -> None:
    nb = notebook(cell("import time\ntime.sleep(9)"), cell("print('late')"))
    execute(nb, [], Limits(submission_seconds=1.0))
    assert statuses(nb) == ["timeout", "timeout"]
    assert ours(nb.cells[1])["run"]["message"] == "Not run: the notebook had used up its 1 seconds before this cell."


def test_a_submission_that_kills_every_kernel_is_stopped_in_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "RESTARTS", 1)
    nb = notebook(*[cell("import os\nos._exit(1)") for _ in range(3)])
    execute(nb, [], Limits())
    assert statuses(nb) == ["crashed", "crashed", "crashed"]
    assert ours(nb.cells[2])["run"]["message"] == "Not run: the Python process had ended 2 times before this cell."


def test_a_kernel_that_cannot_start_is_the_graders_error_and_costs_no_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from cells_by_hand import check_cell

    def refuse(*_: object) -> None:
        raise KernelUnavailable("no Python kernel could be started: no ports left")

    monkeypatch.setattr(kernel._Run, "start", refuse)
    (outcome,) = grade_notebook(notebook(exercise_cell(), check_cell()), [], Limits(isolation="kernel"))
    assert (outcome.status, outcome.score) == ("grader_error", None)
    assert outcome.message == "no Python kernel could be started: no ports left"


def test_no_folder_of_a_submission_is_left_behind(hostile: NotebookNode, tmp_path: Path) -> None:
    execute(notebook(cell("open('left.txt', 'w').write('x')\nimport os\nprint(os.getcwd())")), [], Limits())
    nb = execute(notebook(cell("import os\nprint(os.getcwd())")), [], Limits())
    assert not Path(printed(nb.cells[0]).strip()).exists()
