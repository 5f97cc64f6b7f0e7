"""Only what has changed is run again: each cell's end is kept by everything that it depends on, and by nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cells_by_hand import result, stream, told
from nbformat import NotebookNode
from pretended_runs import pretend
from tiny_course import KEY, answers, hand_in

from autograde.course import Course
from autograde.grading import check_cache, marks
from autograde.grading.batch import jobs_for
from autograde.grading.cells import grade_id
from autograde.grading.check_cache import cache_file, cell_marks, keep_cells, known_cells, prune, read_kept, recall
from autograde.grading.intake import read_submission
from autograde.grading.limits import Limits
from autograde.grading.mending import mend, read_pair
from autograde.grading.submissions import find_submissions
from autograde.grading.worker import Job, grade_job, submission_mark

JUDGED = Limits(isolation="process")
ANSWERS = {"double": "# exercise: double RIGHT\nx = 1", "predict": "# PARTLY\nsizes = {}", "why": "It adds."}
CHECKS = {"check_double", "check_predict", "check_double__gradients"}


def mended(course: Course, **sources: str) -> NotebookNode:
    path = hand_in(course, "ada", answers(course, **{**ANSWERS, **sources}))
    return mend(read_submission(path), *read_pair(course.source(KEY), course.release(KEY)))


def edited(nb: NotebookNode, name: str, old: str, new: str) -> NotebookNode:
    cell = next(cell for cell in nb.cells if grade_id(cell) == name)
    assert old in cell.source
    cell.source = cell.source.replace(old, new)
    return nb


@pytest.fixture
def before(course: Course) -> dict[str, str]:
    return cell_marks(mended(course), "", JUDGED, "ada")


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The cells whose mark is not what it was."""
    assert list(before) == list(after)
    return {name for name in before if before[name] != after[name]}


def test_every_cell_that_is_run_has_a_mark_of_its_own(before: dict[str, str]) -> None:
    assert {"double", "predict", *CHECKS} <= set(before)
    assert "why" not in before
    assert len(set(before.values())) == len(before)


def test_an_edited_hidden_test_is_the_only_thing_that_changes(course: Course, before: dict[str, str]) -> None:
    nb = edited(mended(course), "check_double", "torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5")
    assert changed(before, cell_marks(nb, "", JUDGED, "ada")) == {"check_double"}


def test_points_and_prose_change_nothing(course: Course, before: dict[str, str]) -> None:
    nb = edited(mended(course), "check_double", "points=2", "points=3.5")
    nb.cells[0].source += "More prose."
    assert changed(before, cell_marks(nb, "", JUDGED, "ada")) == set()


def test_a_changed_answer_changes_itself_and_everything_below(course: Course, before: dict[str, str]) -> None:
    after = cell_marks(mended(course, predict="# RIGHT\nsizes = {}"), "", JUDGED, "ada")
    assert changed(before, after) == {"predict", "check_predict", "check_double__gradients"}


def test_an_edited_fixture_changes_everything(course: Course, before: dict[str, str]) -> None:
    nb = mended(course)
    fixture = next(cell for cell in nb.cells if cell.metadata.get("measure_first", {}).get("kind") == "fixture")
    fixture.source += "\nhalf = 0.5"
    assert changed(before, cell_marks(nb, "", JUDGED, "ada")) == set(before)


@pytest.mark.parametrize(
    "other",
    [
        lambda nb, monkeypatch: cell_marks(nb, "other files", JUDGED, "ada"),
        lambda nb, monkeypatch: cell_marks(nb, "", replace(JUDGED, cell_seconds=3.0), "ada"),
        lambda nb, monkeypatch: cell_marks(nb, "", replace(JUDGED, scale="full"), "ada"),
        lambda nb, monkeypatch: cell_marks(nb, "", JUDGED, "bea"),
        lambda nb, monkeypatch: (
            monkeypatch.setenv("MEASURE_FIRST_SECRET", "another"),
            cell_marks(nb, "", JUDGED, "ada"),
        )[1],
        lambda nb, monkeypatch: (
            monkeypatch.setattr(check_cache, "code_mark", lambda: "other code"),
            cell_marks(nb, "", JUDGED, "ada"),
        )[1],
    ],
    ids=["files", "limits", "scale", "student", "secret", "code"],
)
def test_everything_else_that_a_result_depends_on_changes_all_of_it(
    course: Course, before: dict[str, str], monkeypatch: pytest.MonkeyPatch, other: Callable[..., dict[str, str]]
) -> None:
    assert changed(before, other(mended(course), monkeypatch)) == set(before)


def test_versions_of_packages_are_part_of_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    here = marks.code_mark()
    marks.code_mark.cache_clear()
    monkeypatch.setattr(marks, "version", lambda package: "0.0.1" if package == "torch" else "1.0")
    assert marks.code_mark() != here
    marks.code_mark.cache_clear()


def test_in_one_kernel_for_everything_a_check_reaches_what_stands_below_it(course: Course) -> None:
    limits = Limits(isolation="kernel")
    before = cell_marks(mended(course), "", limits, "ada")
    nb = edited(mended(course), "check_double", "torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5")
    after = changed(before, cell_marks(nb, "", limits, "ada"))
    assert after == {"check_double", "predict", "check_predict", "check_double__gradients"}


# ---- what is kept


class Kept:
    """A submission that was graded once with a run that is made up, and what is kept of it."""

    def __init__(self, course: Course) -> None:
        self.course, self.runs = course, list[set[str]]()
        mended(course)

    def job(self, **more: Any) -> Job:
        (submission,) = find_submissions(self.course, [KEY], ["ada"])
        return replace(jobs_for(self.course, [submission], JUDGED)[0], **more)

    def grade(self, **more: Any) -> Any:
        """Grade it; `runs` gets the names of the cells that were not known."""

        def run(nb: NotebookNode, files: list[Path], student: str, known: Any) -> None:
            self.runs.append(set(cell_marks(nb, "", JUDGED, student)) - set(known))
            pretend(nb, files, student, known)

        return grade_job(self.job(**more), run)

    @property
    def file(self) -> Path:
        return cache_file(self.course.root / "grading" / "cache", "ada", KEY)


@pytest.fixture
def kept(course: Course) -> Kept:
    made = Kept(course)
    made.grade()
    made.runs.clear()
    return made


def test_a_second_grading_knows_everything_and_gives_the_same(kept: Kept) -> None:
    first, second = kept.grade(force=True), kept.grade()
    assert kept.runs[1] == set()
    assert Path(second.staged).read_bytes() == Path(first.staged).read_bytes()
    assert replace(second.record, timings=first.record.timings) == first.record
    assert (first.record.timings.floor > 0, second.record.timings.floor) == (True, 0.0), "nothing was run"


def test_force_takes_nothing_from_what_is_kept(kept: Kept) -> None:
    kept.grade(force=True)
    assert CHECKS < kept.runs[0]


def test_after_one_hidden_test_was_edited_only_that_test_is_not_known(kept: Kept) -> None:
    for path in (kept.course.source(KEY),):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5"), encoding="utf-8")
    kept.grade()
    assert kept.runs == [{"check_double"}]


def test_a_file_that_is_broken_cut_short_or_of_another_version_is_as_none(kept: Kept) -> None:
    whole = kept.file.read_bytes()
    assert len(read_kept(kept.file)) > 5
    for data in (b"", whole[:100], b"no gzip", whole[:-40] + b"\0" * 40):
        kept.file.write_bytes(data)
        assert read_kept(kept.file) == {}
    kept.file.unlink()
    assert read_kept(kept.file) == {}
    kept.grade()
    assert CHECKS < kept.runs[0]


def test_the_file_is_replaced_and_does_not_grow(kept: Kept) -> None:
    size = kept.file.stat().st_size
    for n in range(3):
        hand_in(kept.course, "ada", answers(kept.course, **{**ANSWERS, "double": f"# double RIGHT\nx = {n}"}))
        kept.grade()
    assert abs(kept.file.stat().st_size - size) < 200
    assert [path.name for path in kept.file.parent.iterdir()] == [kept.file.name]


def test_what_is_kept_of_a_student_who_is_gone_is_taken_away(kept: Kept, tmp_path: Path) -> None:
    cache, submitted = kept.file.parents[2], kept.course.root / "grading" / "submitted"
    prune(cache, submitted)
    assert kept.file.exists()
    (submitted / "ada").rename(tmp_path / "ada")
    prune(cache, submitted)
    assert not kept.file.parent.exists()


def run_nb(course: Course, status: str = "ok") -> tuple[NotebookNode, dict[str, str]]:
    """A mended notebook that was run; `status` is how check_predict ended."""
    nb = mended(course)
    pretend(nb, [], "ada", {})
    for cell in nb.cells:
        if grade_id(cell) == "check_predict":
            cell.metadata["measure_first"]["run"]["status"] = status
    return nb, cell_marks(nb, "", JUDGED, "ada")


def test_a_check_that_did_not_come_to_a_settled_end_is_known_only_where_nothing_has_changed(
    course: Course, tmp_path: Path
) -> None:
    nb, names = run_nb(course, "timeout")
    keep_cells(tmp_path / "kept", nb, names)
    kept = read_kept(tmp_path / "kept")
    assert set(known_cells(nb, names, kept)) == set(names)
    other = edited(mended(course), "check_double", "torch.arange(4.0) - 1.5", "torch.arange(5.0) - 2.5")
    known = known_cells(other, cell_marks(other, "", JUDGED, "ada"), kept)
    assert set(names) - set(known) == {"check_double", "check_predict"}


def test_new_points_are_put_into_what_a_check_said(course: Course, tmp_path: Path) -> None:
    nb, names = run_nb(course)
    cell = next(cell for cell in nb.cells if grade_id(cell) == "check_predict")
    before = stream("✗ predict: 1 of 2\nPartly right: 2 of 4 points.\n")
    cell.outputs = [before, told(0.5, "check_predict", "predict: 1 of 2"), result("2.0")]
    cell.outputs[1].data["application/vnd.measure-first.outcome+json"]["points"] = 4.0
    keep_cells(tmp_path / "kept", nb, names)
    other = edited(mended(course), "check_predict", "points=4", "points=3")
    changed_cell = next(cell for cell in other.cells if grade_id(cell) == "check_predict")
    changed_cell.metadata.nbgrader["points"] = 3.0
    known = known_cells(other, cell_marks(other, "", JUDGED, "ada"), read_kept(tmp_path / "kept"))
    assert recall(other, known)
    outputs = changed_cell.outputs
    assert outputs[0].text == "✗ predict: 1 of 2\nPartly right: 1.5 of 3 points.\n"
    assert outputs[1].data["application/vnd.measure-first.outcome+json"]["points"] == 3.0
    assert outputs[2].data["text/plain"] == "1.5"
    changed_cell.metadata.nbgrader["points"] = 0.0
    known = known_cells(other, cell_marks(other, "", JUDGED, "ada"), read_kept(tmp_path / "kept"))
    assert "check_predict" not in known


def test_a_notebook_is_recalled_whole_or_not_at_all(course: Course, tmp_path: Path) -> None:
    nb, names = run_nb(course)
    keep_cells(tmp_path / "kept", nb, names)
    known = known_cells(nb, names, read_kept(tmp_path / "kept"))
    fresh = mended(course)
    assert not recall(fresh, {name: known[name] for name in list(known)[1:]})
    assert fresh == mended(course)
    assert recall(fresh, known)
    assert [cell.get("outputs") for cell in fresh.cells] == [cell.get("outputs") for cell in nb.cells]


def test_a_course_whose_secret_changes_grades_its_submissions_again(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = submission_mark(kept.job())
    monkeypatch.setenv("MEASURE_FIRST_SECRET", "another")
    assert submission_mark(kept.job()) != before
