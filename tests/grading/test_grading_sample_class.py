"""The sample class is the same at every run, covers every kind of submission, and never touches anybody's real work."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tiny_course import KEY

from autograde.authoring.sample_answers import read_answers
from autograde.authoring.sample_class import CLASS, class_files, run, write_class, write_submission
from autograde.course import Course, CourseError
from autograde.grading.cells import grade_id
from autograde.grading.intake import parse_submission
from autograde.grading.mending import mend, notes_of, read_pair

WRONG = "# mistake: adds two\n# caught: check_double\n# says: x\n# exercise: double\ndef double(x):\n    return x + 2\n"
OTHER = "# why: adds\ndef double(x):\n    return x + x\n"


@pytest.fixture
def course_with_mutants(course: Course) -> Course:
    folder = course.mutants(KEY)
    folder.mkdir(parents=True)
    (folder / "double__adds_two.py").write_text(WRONG, encoding="utf-8")
    (folder / "double__ok_adds.py").write_text(OTHER, encoding="utf-8")
    return course


def made(course: Course, recipe: str) -> str:
    """The text of one submission of the tiny lesson."""
    _, release = read_pair(course.source(KEY), course.release(KEY))
    assert release is not None
    return write_submission(recipe, release, read_answers(course, KEY))


def answer(course: Course, recipe: str, name: str = "double") -> str:
    nb = mend(parse_submission(made(course, recipe).encode()), *read_pair(course.source(KEY), course.release(KEY)))
    return next(cell.source for cell in nb.cells if grade_id(cell) == name)


def test_right_answers_are_the_sources_solutions_without_their_markers(course_with_mutants: Course) -> None:
    assert answer(course_with_mutants, "right").endswith("    return 2 * x")
    assert answer(course_with_mutants, "right", "why") == "Because it adds to itself."


def test_other_and_wrong_answers_come_from_the_mutants_without_the_comments_that_explain_them(
    course_with_mutants: Course,
) -> None:
    other = "other right answers, saved by Colab"
    assert answer(course_with_mutants, other) == "# exercise: double\ndef double(x):\n    return x + x"
    wrong = "some other mistakes"
    assert answer(course_with_mutants, wrong) == "# exercise: double\ndef double(x):\n    return x + 2"


def test_the_untouched_one_is_the_release(course_with_mutants: Course) -> None:
    assert "raise check.NotAttempted" in answer(course_with_mutants, "untouched")


def test_a_loop_that_never_ends_is_in_a_function_only(course_with_mutants: Course) -> None:
    assert answer(course_with_mutants, "a loop that never ends").endswith(
        "    while True:\n        pass  # waiting for the answer"
    )


def test_platforms_leave_what_they_leave(course_with_mutants: Course) -> None:
    colab = json.loads(made(course_with_mutants, "other right answers, saved by Colab"))
    assert "widgets" in colab["metadata"] and colab["cells"][0]["id"] == "view-in-github"
    kaggle = made(course_with_mutants, "some mistakes, saved by Kaggle")
    assert "\n" not in kaggle and '"_kg_hide-input"' in kaggle


@pytest.mark.parametrize(
    ("recipe", "note"),
    [
        ("half finished, a check deleted", "The cell check_predict was missing; it was put back."),
        (
            "half finished, a cell copied, a slip of the keyboard",
            "The cell check_double was there 2 times; it counts once.",
        ),
    ],
)
def test_accidents_are_what_the_grader_mends(course_with_mutants: Course, recipe: str, note: str) -> None:
    submitted = parse_submission(made(course_with_mutants, recipe).encode())
    pair = read_pair(course_with_mutants.source(KEY), course_with_mutants.release(KEY))
    assert note in notes_of(mend(submitted, *pair))


def test_of_the_one_that_was_cut_short_the_cells_that_are_there_count(course_with_mutants: Course) -> None:
    submitted = parse_submission(made(course_with_mutants, "cut short").encode())
    nb = mend(submitted, *read_pair(course_with_mutants.source(KEY), course_with_mutants.release(KEY)))
    assert next(cell.source for cell in nb.cells if grade_id(cell) == "double").endswith("    return 2 * x")
    assert any(note.startswith("The file was cut off") for note in notes_of(nb))


def test_an_unknown_recipe_is_an_error(course_with_mutants: Course) -> None:
    with pytest.raises(ValueError, match="no such recipe"):
        made(course_with_mutants, "a masterpiece")


def test_the_class_is_the_same_at_every_run_and_has_about_twelve_submissions(course_with_mutants: Course) -> None:
    assert class_files(course_with_mutants) == class_files(course_with_mutants)
    assert len(CLASS) == 12
    assert len({(sample.student, sample.lesson) for sample in CLASS}) == 12


def test_a_course_of_one_lesson_gets_one_submission_a_student(course_with_mutants: Course) -> None:
    files = class_files(course_with_mutants)
    assert set(files) == {sample.student for sample in CLASS}
    assert all(list(paths) == [f"{KEY}/{KEY}.ipynb"] for paths in files.values())


def test_a_course_that_is_not_built_is_said(course: Course) -> None:
    course.source(KEY).unlink()
    with pytest.raises(CourseError, match="no lesson is built yet. Run: autograde build"):
        class_files(course)


def test_a_folder_that_the_command_did_not_make_is_left_alone(tmp_path: Path) -> None:
    real = tmp_path / "ada" / KEY / f"{KEY}.ipynb"
    real.parent.mkdir(parents=True)
    real.write_text("a real student's work", encoding="utf-8")
    written, left = write_class(tmp_path, {"ada": {f"{KEY}/{KEY}.ipynb": "sample"}, "bea": {"x.ipynb": "sample"}})
    assert (written, left) == (["bea"], ["ada"])
    assert real.read_text(encoding="utf-8") == "a real student's work"


def test_its_own_folder_is_written_anew_unless_somebody_changed_it(tmp_path: Path) -> None:
    write_class(tmp_path, {"ada": {"a.ipynb": "one"}})
    assert write_class(tmp_path, {"ada": {"b.ipynb": "two"}}) == (["ada"], [])
    assert [path.name for path in sorted((tmp_path / "ada").iterdir())] == [".sample_class.json", "b.ipynb"]
    (tmp_path / "ada" / "b.ipynb").write_text("edited by hand", encoding="utf-8")
    assert write_class(tmp_path, {"ada": {"b.ipynb": "three"}}) == ([], ["ada"])
    assert (tmp_path / "ada" / "b.ipynb").read_text(encoding="utf-8") == "edited by hand"


def test_a_second_run_touches_no_file(tmp_path: Path) -> None:
    write_class(tmp_path, {"ada": {"a.ipynb": "one"}})
    before = (tmp_path / "ada" / "a.ipynb").stat().st_mtime_ns
    write_class(tmp_path, {"ada": {"a.ipynb": "one"}})
    assert (tmp_path / "ada" / "a.ipynb").stat().st_mtime_ns == before


def test_the_command_says_what_it_wrote(course_with_mutants: Course, capsys: pytest.CaptureFixture[str]) -> None:
    from argparse import Namespace

    out = course_with_mutants.root / "grading" / "submitted"
    assert run(Namespace(course=course_with_mutants.root, out=None)) == 0
    assert capsys.readouterr().out == (
        f"8 submissions of 8 invented students in {out}: ada, bea, cyd, dot, eli, fay, gus, hal\n"
    )
