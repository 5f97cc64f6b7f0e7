"""A gradebook or a build that cannot be graded with is said before anything is graded, with what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import nbformat
import pytest
from tiny_course import KEY

from autograde.course import Course, CourseError
from autograde.grading import gradebook
from autograde.grading.grade import check_built, prepare
from autograde.grading.gradebook import check_gradebook, opened, schema_versions, sync_lesson
from autograde.grading.nbgrader_settings import course_config, gradebook_path
from autograde.grading.standings import standings


def refusal(call: Callable[..., object], *arguments: object) -> str:
    with pytest.raises(CourseError) as caught:
        call(*arguments)
    return str(caught.value)


def edit_source(course: Course, old: str, new: str) -> None:
    path = course.source(KEY)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_built_course_with_a_fresh_gradebook_is_ready(course: Course) -> None:
    prepare(course, [KEY])
    with closing(sqlite3.connect(gradebook_path(course.root))) as connection:
        assert connection.execute("SELECT name FROM assignment").fetchall() == [(KEY,)]


def test_no_gradebook_yet_is_no_trouble(course: Course) -> None:
    gradebook_path(course.root).unlink()
    check_gradebook(course.root)
    assert standings(course.root) == {}


def test_a_locked_gradebook_is_said(course: Course, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gradebook, "PATIENCE", 0.1)
    with closing(sqlite3.connect(gradebook_path(course.root))) as connection:
        connection.execute("BEGIN IMMEDIATE")
        said = refusal(check_gradebook, course.root)
    assert "is locked: another program is writing to it: wait for it, or close it" in said
    check_gradebook(course.root)


@pytest.mark.parametrize(
    ("version", "said"),
    [
        ("ffffffffffff", "was written by a newer nbgrader (schema ffffffffffff): install the nbgrader that wrote it"),
        ("50a4d84c131a", "was written by an older nbgrader: back it up, then run `nbgrader db upgrade`"),
    ],
)
def test_a_gradebook_of_another_version_is_said(course: Course, version: str, said: str) -> None:
    with closing(sqlite3.connect(gradebook_path(course.root))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (version,))
        connection.commit()
    assert said in refusal(check_gradebook, course.root)


def test_the_versions_read_from_the_text_are_those_that_nbgraders_own_tool_walks() -> None:
    import nbgrader
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(Path(nbgrader.__file__).parent / "alembic"))
    walked = [revision.revision for revision in script.walk_revisions()]
    assert schema_versions() == walked[::-1]
    assert schema_versions()[-1] == script.get_current_head()


def test_a_gradebook_is_checked_without_loading_nbgrader(course: Course) -> None:
    code = "import sys; from pathlib import Path; from autograde.grading.gradebook import check_gradebook\n"
    code += f"check_gradebook(Path({str(course.root)!r})); print('nbgrader' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout == "False\n"


def test_a_file_that_is_no_gradebook_is_said(course: Course) -> None:
    gradebook_path(course.root).write_bytes(b"not a database, and long enough to be seen as none " * 20)
    assert "is not a gradebook" in refusal(check_gradebook, course.root)


def test_a_gradebook_that_lost_the_lesson_learns_it_from_the_source(course: Course) -> None:
    with opened(course.root) as found:
        found.remove_assignment(KEY)
    sync_lesson(course, KEY)
    with opened(course.root) as found:
        assert {cell.name: cell.max_score for cell in found.find_notebook(KEY, KEY).grade_cells} == {
            "check_double": 2.0,
            "check_predict": 4.0,
            "check_double__gradients": 1.0,
            "why": 2.0,
        }
        kept = found.find_notebook(KEY, KEY)
        assert "secret_input" in next(c.source for c in kept.source_cells if c.name == "check_double")
        assert "BEGIN SOLUTION" not in next(c.source for c in kept.source_cells if c.name == "double")


def test_an_edited_hidden_test_reaches_the_gradebook(course: Course) -> None:
    edit_source(course, "torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5")
    sync_lesson(course, KEY)
    with opened(course.root) as found:
        cells = found.find_notebook(KEY, KEY).source_cells
        assert "torch.arange(5.0) - 2.5" in next(cell.source for cell in cells if cell.name == "check_double")


def test_cells_that_come_or_go_while_there_are_submissions_are_refused(course: Course) -> None:
    with opened(course.root) as found:
        found.add_student("ada")
        found.add_submission(KEY, "ada")
    source = nbformat.read(course.source(KEY), as_version=4)
    source.cells = [cell for cell in source.cells if cell.id != "check_predict"]
    nbformat.write(source, course.source(KEY))
    said = refusal(sync_lesson, course, KEY)
    assert "source/01_tiny has other graded or locked cells than then" in said
    assert "mend: grade that class with the version it was given, or move" in said


def test_a_lesson_that_is_not_built_is_said(course: Course) -> None:
    course.release(KEY).unlink()
    assert refusal(check_built, course, KEY).endswith("Run: autograde build 01_tiny")
    course.source(KEY).unlink()
    assert refusal(check_built, course, KEY).startswith("01_tiny has no source (")


def test_a_release_that_was_made_from_another_source_is_said(course: Course) -> None:
    edit_source(course, "three ones", "four ones")
    assert refusal(check_built, course, KEY) == (
        "release/01_tiny was made from another source than source/01_tiny (they differ in check_double).\n"
        "    Run: autograde build 01_tiny. If students already have the other version, grade them with that one"
    )


def test_a_hidden_test_or_a_solution_that_was_edited_does_not_make_the_release_stale(course: Course) -> None:
    edit_source(course, "torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5")
    edit_source(course, "return 2 * x", "return x * 2")
    check_built(course, KEY)


def test_a_source_that_is_no_notebook_is_said(course: Course) -> None:
    course.source(KEY).write_text("{", encoding="utf-8")
    assert "cannot be read" in refusal(check_built, course, KEY)


def test_nbgraders_own_export_lands_beside_the_gradebook_and_never_in_git(tmp_path: Path) -> None:
    assert course_config(tmp_path).ExportPlugin.to == str(tmp_path / "grading" / "grades.csv")
