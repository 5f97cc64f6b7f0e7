"""The course's own data is found by name, named by the cells that read it, and shown in the sandbox in place."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograde.course import data_folders
from autograde.grading.limits import Limits
from autograde.grading.marks import data_mark, run_mark
from autograde.grading.prepared import LessonCells
from autograde.lesson import LessonError, course_data, data


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course's data with one file for everybody and one for the judge."""
    for name in ("hub/posts.jsonl", "held_out/posts.jsonl"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text(name)
    for module in ("autograde.lesson.course_data", "autograde.grading.marks"):
        monkeypatch.setattr(f"{module}.DATA", tmp_path)
    return tmp_path


def test_a_file_and_a_folder_are_found_by_name(there: Path) -> None:
    assert data("hub/posts.jsonl").read_text() == "hub/posts.jsonl"
    assert data("hub") == there / "hub"


def test_what_is_not_there_says_where_it_was_looked_for_and_what_to_do(there: Path) -> None:
    with pytest.raises(LessonError) as error:
        data("hub/models/none")
    assert str(error.value) == (
        f"the course's data has no hub/models/none (looked in {there}). Run the setup cell at the top of this notebook "
        "with refresh=True, then this cell again."
    )


@pytest.mark.parametrize("name", ["../course.toml", "/etc/passwd", "hub/../../course.toml"])
def test_a_name_that_leads_out_is_refused(there: Path, name: str) -> None:
    with pytest.raises(LessonError, match="leads out of the course's data"):
        data(name)


def test_a_link_that_leads_out_is_refused(there: Path) -> None:
    (there / "hub" / "link").symlink_to("/etc/passwd")
    with pytest.raises(LessonError, match="leads out"):
        data("hub/link")


@pytest.mark.parametrize(
    ("source", "folders"),
    [
        ('posts = lesson.data("hub/datasets/posts.jsonl")', ("hub",)),
        ("lesson.data(\n    'held_out/x')\nhub = lesson.hub()", ("held_out", "hub")),
        ('lesson.data(f"hub/{name}")', ("hub",)),
        ("lesson.fact('t4')", ()),
    ],
)
def test_cells_name_the_folders_that_they_read(source: str, folders: tuple[str, ...]) -> None:
    assert data_folders([source]) == folders


def notebook(*cells: tuple[str, str]) -> NotebookNode:
    made = nbformat.v4.new_notebook()
    for number, (kind, source) in enumerate(cells):
        about = {"kind": kind, "name": f"cell_{number}"}
        made.cells.append(nbformat.v4.new_code_cell(source, metadata={"measure_first": about}))
    return made


def test_a_students_own_cell_shows_no_folder_and_a_check_none_either() -> None:
    nb = notebook(
        ("fixture", 'lesson.data("hub/a")'),
        ("exercise", 'lesson.data("held_out/a")'),
        ("check", 'lesson.data("held_out/a")'),
    )
    assert LessonCells.of(nb).data == ("hub",)


def test_other_data_is_another_run_for_a_lesson_that_reads_it(there: Path) -> None:
    reads = notebook(("fixture", "1"), ("check", 'lesson.data("held_out/posts.jsonl")'))
    reads_not = notebook(("fixture", "1"), ("exercise", 'lesson.data("held_out/posts.jsonl")'))
    before = [run_mark(nb, [], Limits(), "ada") for nb in (reads, reads_not)]
    (there / "held_out" / "posts.jsonl").write_text("other posts")
    after = [run_mark(nb, [], Limits(), "ada") for nb in (reads, reads_not)]
    assert before[0] != after[0] and before[1] == after[1]


def test_the_mark_of_no_data_is_the_same_everywhere() -> None:
    assert data_mark([]) == data_mark(["no such folder"])


def test_the_data_lies_beside_the_package() -> None:
    assert (course_data.DATA / "facts.toml").is_file()
