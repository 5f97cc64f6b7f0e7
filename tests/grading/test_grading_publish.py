"""What we write of a result is what nbgrader's own converters write: the gradebook's rows, the notebook, the page."""

from __future__ import annotations

import datetime
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from gradings_compared import dump, files
from pretended_runs import pretend
from tiny_course import KEY, answers, copy_course, hand_in

from autograde.course import Course, CourseError
from autograde.grading.batch import jobs_for
from autograde.grading.gradebook import opened
from autograde.grading.limits import Limits
from autograde.grading.nbgrader_settings import gradebook_path
from autograde.grading.page_pool import PagePool
from autograde.grading.publish import Publisher
from autograde.grading.records import Record
from autograde.grading.standings import standings
from autograde.grading.submissions import find_submissions
from autograde.grading.worker import grade_job

PENALTY = "c = get_config()\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
DUE = datetime.datetime(2026, 11, 20, 12, 0)

RIGHT_ONES = {"double": "# exercise: double RIGHT\nx = 1", "predict": "# RIGHT\nsizes = {}", "why": "It adds."}
MIXED = {"double": "# exercise: double LOUD SHOWN\nx = 1", "predict": "# PARTLY SHOWN\nsizes = {}"}
STOPPED = {"double": "# exercise: double STOPS RIGHT\nx = 1", "predict": "# GRADER\nsizes = {}", "why": "<i>So</i> ☃"}


def publish_all(course: Course, plain: bool, limits: Limits | None = None) -> list[Record]:
    """Grade everything that was handed in, with runs that are made up; publish it ourselves, or by the converters."""
    limits = limits or Limits(isolation="kernel")
    submissions = find_submissions(course, [KEY], [])
    done = []
    with Publisher(course, limits) as publisher:
        assert publisher.desk.plain
        publisher.desk.plain = plain
        pages = PagePool(course.root, 1, 1)
        for job in jobs_for(course, submissions, limits, publisher.settings):
            result = grade_job(replace(job, shape=publisher.shape(KEY), force=True), pretend)
            if result.record.status != "graded":
                done.append(result.record)
                continue
            record, page = publisher.publish(result)
            if page is not None:
                pages.submit(record, page)
            done += pages.done(wait_for_all=True) if page is not None else [record]
        pages.close()
    return done


class Twins:
    """The same course twice: published by us, and by nbgrader's converters."""

    def __init__(self, ours: Course, theirs: Course) -> None:
        self.ours, self.theirs = ours, theirs

    def both(self, change: Callable[[Course], object]) -> None:
        for course in (self.ours, self.theirs):
            change(course)

    def agree(self) -> None:
        """Grade in both ways and compare everything."""
        mine, other = publish_all(self.ours, True), publish_all(self.theirs, False)
        assert [replace(r, timings=other[n].timings, mark="") for n, r in enumerate(mine)] == [
            replace(record, mark="") for record in other
        ]
        assert {record.status for record in mine} == {"graded"}
        assert dump(self.ours) == dump(self.theirs)
        one, two = files(self.ours), files(self.theirs)
        assert list(one) == list(two)
        for name in one:
            assert one[name] == two[name], name
        assert standings(self.ours.root) == standings(self.theirs.root)


@pytest.fixture(autouse=True)
def one_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two courses that draw the same random numbers."""
    monkeypatch.setenv("MEASURE_FIRST_SECRET", "both")


@pytest.fixture
def twins(built_course: Course, tmp_path: Path) -> Twins:
    return Twins(
        copy_course(built_course, tmp_path / "our course"), copy_course(built_course, tmp_path / "their course")
    )


def hand_in_all(course: Course) -> None:
    """Right, mixed and loud, stopped, untouched, under another name with files beside it."""
    hand_in(course, "ada", answers(course, **RIGHT_ONES))
    hand_in(course, "bea o'neil", answers(course, **MIXED))
    hand_in(course, "cyd", answers(course, **STOPPED))
    hand_in(course, "dot", answers(course))
    path = hand_in(course, "eli", answers(course, **RIGHT_ONES))
    (path.parent / "data.csv").write_text("1,2", encoding="utf-8")
    (path.parent / "below" / "more").mkdir(parents=True)
    (path.parent / "below" / "more" / "notes.txt").write_text("n", encoding="utf-8")
    (path.parent / "timestamp.txt").write_text("2026-11-20 10:00:00 UTC\n", encoding="utf-8")


def test_two_gradings_give_what_nbgraders_converters_give_and_leave_nothing_behind(twins: Twins) -> None:
    twins.both(hand_in_all)
    twins.agree()

    def changed(course: Course) -> None:
        hand_in(course, "ada", answers(course))
        folder = course.root / "grading" / "submitted" / "eli" / KEY
        (folder / "data.csv").unlink()
        (folder / "below" / "more" / "notes.txt").unlink()

    twins.both(changed)
    twins.agree()
    assert "autograded/eli/01_tiny/data.csv" not in files(twins.ours)


def by_hand(course: Course) -> None:
    """What a person does in formgrader."""
    with opened(course.root) as gradebook:
        grade = gradebook.find_grade("why", KEY, KEY, "ada")
        grade.manual_score, grade.needs_manual_grade, grade.extra_credit = 1.5, False, 0.25
        gradebook.find_grade("check_double", KEY, KEY, "ada").manual_score = 0.5
        gradebook.find_comment("why", KEY, KEY, "ada").manual_comment = "Say *why* <b>twice</b>."
        gradebook.find_grade("check_predict", KEY, KEY, "dot").extra_credit = 1.0
        gradebook.db.commit()


def test_what_a_person_gave_is_kept_when_the_same_and_when_another_notebook_is_graded(twins: Twins) -> None:
    twins.both(lambda course: hand_in(course, "ada", answers(course, **RIGHT_ONES)))
    twins.both(lambda course: hand_in(course, "dot", answers(course)))
    twins.agree()
    twins.both(by_hand)
    twins.both(lambda course: hand_in(course, "ada", answers(course, **MIXED)))
    twins.agree()
    held = standings(twins.ours.root)[("ada", KEY)]
    assert (held.cells["why"].score, held.cells["check_double"].score) == (1.75, 0.5)
    assert held.waiting == ["check_double", "why"]


def late(course: Course) -> None:
    """A due date, and three who hand in after it; the course takes all points for it; one has an extension."""
    (course.root / "nbgrader_config.py").write_text(PENALTY, encoding="utf-8")
    for student, when in (("ada", "11-20 18:30:00 UTC"), ("bea", "11-22 18:30:00 UTC"), ("cyd", "11-20 11:00:00 UTC")):
        path = hand_in(course, student, answers(course, **RIGHT_ONES))
        (path.parent / "timestamp.txt").write_text(f"2026-{when}", encoding="utf-8")
    with opened(course.root) as gradebook:
        gradebook.find_assignment(KEY).duedate = DUE
        gradebook.db.commit()


def test_late_penalties_extensions_and_a_later_hand_in_are_as_nbgrader_has_them(twins: Twins) -> None:
    twins.both(late)
    twins.agree()
    held = standings(twins.ours.root)
    assert [held[(student, KEY)].total for student in ("ada", "bea", "cyd")] == [0.0, 0.0, 7.0]

    def extended(course: Course) -> None:
        with opened(course.root) as gradebook:
            gradebook.grant_extension(KEY, "ada", days=1)
        stamp = course.root / "grading" / "submitted" / "cyd" / KEY / "timestamp.txt"
        stamp.write_text("2026-11-25 11:00:00 UTC", encoding="utf-8")
        (course.root / "grading" / "submitted" / "bea" / KEY / "timestamp.txt").unlink()

    twins.both(extended)
    twins.agree()
    held = standings(twins.ours.root)
    assert [held[(student, KEY)].total for student in ("ada", "bea", "cyd")] == [7.0, 0.0, 0.0]


def test_the_comparison_sees_a_point_that_is_not_the_same(twins: Twins, monkeypatch: pytest.MonkeyPatch) -> None:
    from autograde.grading import finishing

    twins.both(lambda course: hand_in(course, "ada", answers(course, **MIXED)))
    monkeypatch.setattr(finishing, "_score", lambda cell, theirs: 0.125)
    with pytest.raises(AssertionError):
        twins.agree()


@pytest.mark.parametrize(
    "setting",
    [
        "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']",
        "c.Autograde.pre_convert_hook = print",
        "c.GenerateFeedback.post_convert_hook = print",
        "c.Autograde.create_student = False",
        "c.CourseDirectory.groupshared = True",
        "c.CourseDirectory.student_id_exclude = 'ada'",
        "c.CourseDirectory.autograded_directory = 'elsewhere'",
        "c.GenerateFeedback.exporter_class = 'nbconvert.exporters.HTMLExporter'",
    ],
)
def test_settings_that_ask_nbgraders_converters_for_more_are_left_to_them(course: Course, setting: str) -> None:
    with Publisher(course, Limits(isolation="kernel")) as publisher:
        assert publisher.plain(KEY)
    (course.root / "nbgrader_config.py").write_text(f"c = get_config()\n{setting}\n", encoding="utf-8")
    with Publisher(course, Limits(isolation="kernel")) as publisher:
        assert not publisher.plain(KEY)
        assert publisher.shape(KEY) is None


def test_a_gradebook_that_is_locked_for_a_moment_is_waited_for(
    course: Course, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograde.grading import gradebook_rows

    monkeypatch.setattr(gradebook_rows, "SILENCE", 0.1)
    hand_in(course, "ada", answers(course, **RIGHT_ONES))
    with closing(sqlite3.connect(gradebook_path(course.root), check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        later = threading.Timer(1.5, other.rollback)
        later.start()
        (record,) = publish_all(course, True)
        later.join()
    assert record.status == "graded"
    said = capsys.readouterr().err
    assert (
        said == f"the gradebook {gradebook_path(course.root)} is locked by another program: waiting up to 30 s for it\n"
    )


def test_a_gradebook_that_stays_locked_stops_the_batch_and_nothing_is_half_written(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    from autograde.grading import gradebook, gradebook_rows

    monkeypatch.setattr(gradebook_rows, "SILENCE", 0.1)
    monkeypatch.setattr(gradebook, "PATIENCE", 0.2)
    hand_in(course, "ada", answers(course, **RIGHT_ONES))
    before = dump(course)
    with closing(sqlite3.connect(gradebook_path(course.root))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(CourseError, match="is locked: another program is writing to it"):
            publish_all(course, True)
    assert dump(course) == before
    assert not files(course)


def test_a_late_plugin_of_the_instructors_that_fails_is_said_and_leaves_the_gradebook_as_it_was(course: Course) -> None:
    text = (
        "from nbgrader.plugins import BasePlugin\n"
        "class Fails(BasePlugin):\n"
        "    def late_submission_penalty(self, student, score, late):\n"
        "        raise KeyError(student)\n"
        "c = get_config()\nc.AssignLatePenalties.plugin_class = Fails\n"
    )
    late(course)
    (course.root / "nbgrader_config.py").write_text(text, encoding="utf-8")
    found = {record.student: record for record in publish_all(course, True)}
    assert found["ada"].reason == "nbgrader refused it: the late submission plugin failed (KeyError: 'ada')"
    assert {student: record.status for student, record in found.items()} == {
        "ada": "broken",
        "bea": "broken",
        "cyd": "graded",
    }
    assert set(standings(course.root)) == {("cyd", KEY)}
