"""A whole class from what was handed in to scores, gradebook, feedback and report, by the command."""

from __future__ import annotations

import copy
import datetime
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from tiny_course import KEY, RIGHT, answers, copy_course, hand_in

from autograde.cli import main
from autograde.course import Course
from autograde.grading.gradebook import opened
from autograde.grading.records import Record, read_record
from autograde.grading.standings import standings

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = "c = get_config()\nc.RunChecks.cell_seconds = 8.0\n"
DOUBLE = "# exercise: double\ndef double(x):\n"
WRONG = {
    "double": DOUBLE + "    import sys\n    print('a warning', file=sys.stderr)\n    return 3 * x",
    "predict": '# exercise: predict\nsizes = {"a": 4, "b": 7}',
    "why": "<script>alert(1)</script> It is *three* times.",
}
LEAKY = DOUBLE + "    print(In)\n    return 2 * x"


@dataclass
class Graded:
    """A graded class and what the command said."""

    course: Course
    said: str

    def record(self, student: str) -> Record:
        found = read_record(self.course, student, KEY)
        assert found is not None
        return found

    def statuses(self, student: str) -> dict[str, str]:
        return {outcome.check: outcome.status for outcome in self.record(student).outcomes}

    def page(self, student: str) -> str:
        return (self.course.root / "grading" / "feedback" / student / KEY / f"{KEY}.html").read_text(encoding="utf-8")

    def grade(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
        """Run the command again; what it prints."""
        assert main(["grade", "--course", str(self.course.root), *arguments]) == 0
        return capsys.readouterr().out


def write_class(course: Course) -> None:
    """Right, wrong, untouched, mended, leaking, dying, broken, renamed."""
    (course.root / "nbgrader_config.py").write_text(SETTINGS, encoding="utf-8")
    hand_in(course, "ada", answers(course, **RIGHT))
    hand_in(course, "bea", answers(course, **WRONG))
    hand_in(course, "cyd", answers(course))
    damaged = answers(course, **{**RIGHT, "double": LEAKY})
    place = next(n for n, cell in enumerate(damaged.cells) if cell.id == "check_double")
    twin = copy.deepcopy(damaged.cells[place + 1])
    twin.id = "a-copy"
    damaged.cells[place] = twin
    hand_in(course, "dot", damaged)
    hand_in(course, "eli", answers(course, **{**RIGHT, "double": DOUBLE + "    import os\n    os._exit(1)"}))
    hand_in(course, "fay", json.dumps(answers(course, **RIGHT))[:4000])
    stray = hand_in(course, "gus", "{}")
    stray.rename(stray.with_name("my notebook (1).ipynb"))
    stray.with_name("Untitled.ipynb").write_text("{}", encoding="utf-8")
    renamed = hand_in(course, "hal", "\ufeff" + json.dumps(answers(course, **RIGHT)))
    renamed.rename(renamed.with_name("01_tiny (1).ipynb"))


@pytest.fixture(scope="module")
def class_of_eight(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    course = copy_course(built_course, tmp_path_factory.mktemp("class") / "a course")
    write_class(course)
    command = [sys.executable, "-m", "autograde", "grade", "--course", str(course.root), "--jobs", "2"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=REPOSITORY, timeout=300)
    assert done.returncode == 0, done.stderr
    return Graded(course, done.stdout)


@pytest.fixture
def graded(class_of_eight: Graded, tmp_path: Path) -> Graded:
    """A copy of the graded class that a test may change."""
    import shutil

    root = tmp_path / "a course"
    shutil.copytree(class_of_eight.course.root, root)
    from autograde.course import load_course

    return Graded(load_course(root), class_of_eight.said)


def test_the_command_ends_with_the_class_and_the_files_to_look_at(class_of_eight: Graded) -> None:
    said = class_of_eight.said
    lines = [line.split()[:4] for line in said.splitlines()[2:10]]
    assert lines == [
        ["ada", KEY, "7/9", "+++"],
        ["bea", KEY, "2/9", "x~x"],
        ["cyd", KEY, "0/9", "..."],
        ["dot", KEY, "7/9", "+++"],
        ["eli", KEY, "4/9", "C+C"],
        ["fay", KEY, "-", "could"],
        ["gus", KEY, "-", "could"],
        ["hal", KEY, "7/9", "+++"],
    ]
    assert "gus, 01_tiny: there is no 01_tiny.ipynb, but there is Untitled.ipynb, my notebook (1).ipynb" in said
    assert f"{class_of_eight.course.root / 'grading' / 'report.html'}" in said


def test_right_wrong_and_untouched_answers_get_their_outcomes(class_of_eight: Graded) -> None:
    assert class_of_eight.statuses("ada") == {
        "check_double": "passed",
        "check_predict": "passed",
        "check_double__gradients": "passed",
    }
    assert class_of_eight.statuses("bea") == {
        "check_double": "failed",
        "check_predict": "partly",
        "check_double__gradients": "failed",
    }
    assert set(class_of_eight.statuses("cyd").values()) == {"not_attempted"}


def test_a_dead_process_costs_the_check_that_killed_it_and_no_other(class_of_eight: Graded) -> None:
    assert class_of_eight.statuses("eli") == {
        "check_double": "crashed",
        "check_predict": "passed",
        "check_double__gradients": "crashed",
    }


def test_a_missing_and_a_duplicated_check_are_mended_and_said(class_of_eight: Graded) -> None:
    assert class_of_eight.statuses("dot") == class_of_eight.statuses("ada")
    assert class_of_eight.record("dot").notes == [
        "The cell check_double was missing; it was put back.",
        "The cell predict was there 2 times; the last edited one counts.",
    ]
    assert "The cell check_double was missing; it was put back." in class_of_eight.page("dot")


def test_the_only_notebook_in_a_folder_is_graded_under_any_name_and_as_windows_saved_it(class_of_eight: Graded) -> None:
    assert class_of_eight.statuses("hal") == class_of_eight.statuses("ada")
    note = "The notebook was called 01_tiny (1).ipynb, not 01_tiny.ipynb; it was graded all the same."
    assert class_of_eight.record("hal").notes == [note]
    assert note in class_of_eight.page("hal")


def test_the_gradebook_has_every_score_and_asks_for_the_written_answers(class_of_eight: Graded) -> None:
    held = standings(class_of_eight.course.root)
    assert {student: standing.total for (student, _), standing in held.items()} == {
        "ada": 7.0,
        "bea": 2.0,
        "cyd": 0.0,
        "dot": 7.0,
        "eli": 4.0,
        "hal": 7.0,
    }
    assert held[("ada", KEY)].waiting == ["why"]
    assert held[("cyd", KEY)].waiting == []


def test_feedback_names_what_was_wrong(class_of_eight: Graded) -> None:
    page = class_of_eight.page("bea")
    assert "your answer is 1.5× the reference everywhere" in page
    assert "1 of 2 entries are right" in page
    assert "01 · Tiny" in page
    assert "<strong>2</strong> of 9 points so far; a person may still give up to 2 more" in page


def test_feedback_shows_no_hidden_line_even_to_code_that_prints_its_own_input(class_of_eight: Graded) -> None:
    for student in ("ada", "bea", "cyd", "dot", "eli"):
        assert "secret_input" not in class_of_eight.page(student)
    product = class_of_eight.course.root / "grading" / "autograded" / "dot" / KEY / f"{KEY}.ipynb"
    assert "secret_input" in product.read_text(encoding="utf-8")


def test_feedback_runs_no_script_and_needs_no_network(class_of_eight: Graded) -> None:
    page = class_of_eight.page("bea")
    assert "<script" not in page
    assert "cdnjs" not in page
    assert "default-src 'none'; img-src data:; style-src 'unsafe-inline'" in page


def test_a_second_run_repeats_nothing(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    said = graded.grade(capsys)
    assert "0 graded in " in said
    assert "8 unchanged since the last time" in said
    assert said.splitlines()[:10] == graded.said.splitlines()[:10]


def test_a_changed_submission_is_graded_again_and_nothing_else(
    graded: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    hand_in(graded.course, "fay", "")
    said = graded.grade(capsys, "--jobs", "1")
    assert "1 graded in " in said and "7 unchanged" in said
    assert "fay, 01_tiny: the file is empty\n" in said


def test_a_persons_score_is_kept_and_reaches_the_feedback_page(
    graded: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    with opened(graded.course.root) as gradebook:
        grade = gradebook.find_grade("why", KEY, KEY, "ada")
        grade.manual_score, grade.needs_manual_grade = 1.5, False
        gradebook.find_comment("why", KEY, KEY, "ada").manual_comment = "Say *why* <b>twice</b>."
        gradebook.db.commit()
    said = graded.grade(capsys)
    assert said.splitlines()[2].split() == ["ada", KEY, "8.5/9", "+++"]
    assert "1.5 / 2<br><small>by a person</small>" in graded.page("ada")
    assert "Say <em>why</em>" in graded.page("ada")
    graded.grade(capsys, "--force", "--student", "ada", "--jobs", "1")
    assert standings(graded.course.root)[("ada", KEY)].total == 8.5


def test_a_due_date_set_later_is_noticed_and_said_everywhere(
    graded: Graded, capsys: pytest.CaptureFixture[str]
) -> None:
    stamp = graded.course.root / "grading" / "submitted" / "ada" / KEY / "timestamp.txt"
    stamp.write_text("2026-11-20 18:30:00 UTC", encoding="utf-8")
    graded.grade(capsys, "--student", "ada", "--jobs", "1")
    with opened(graded.course.root) as gradebook:
        gradebook.find_assignment(KEY).duedate = datetime.datetime(2026, 11, 18, 17, 30)
        gradebook.db.commit()
    said = graded.grade(capsys, "--jobs", "1")
    assert "1 graded in " in said and "late: 2 days 1 hour, 1 to look at" in said
    assert "Handed in 2 days 1 hour after the due date: no points are taken off." in graded.page("ada")
    assert "late: 2 days 1 hour" in (graded.course.root / "grading" / "report.html").read_text(encoding="utf-8")


def test_one_students_run_leaves_the_others_in_the_report(graded: Graded, capsys: pytest.CaptureFixture[str]) -> None:
    said = graded.grade(capsys, "--student", "ada")
    assert "bea" not in said
    report = (graded.course.root / "grading" / "report.html").read_text(encoding="utf-8")
    assert 'href="feedback/bea/01_tiny/01_tiny.html">2 / 9</a>' in report


def test_nbgraders_own_commands_give_the_same_scores_and_the_same_page(graded: Graded) -> None:
    root, student = graded.course.root, "bea"
    before, page = standings(root)[(student, KEY)], graded.page(student)
    settings = (REPOSITORY / "nbgrader_config.py").read_text(encoding="utf-8")
    settings = settings.replace("sys.path.insert(0, str(root))", f"sys.path.insert(0, {str(REPOSITORY)!r})")
    (root / "nbgrader_config.py").write_text(settings, encoding="utf-8")
    with opened(root) as gradebook:
        gradebook.remove_submission(KEY, student)
    for command in ("autograde", "generate_feedback"):
        arguments = [sys.executable, "-m", "nbgrader", command, KEY, "--student", student, "--force"]
        done = subprocess.run(arguments, capture_output=True, text=True, cwd=root, timeout=120)
        assert done.returncode == 0, done.stderr
    assert standings(root)[(student, KEY)].cells == before.cells
    assert graded.page(student) == page
    nb = nbformat.read(root / "grading" / "autograded" / student / KEY / f"{KEY}.ipynb", as_version=4)
    assert [entry["status"] for entry in nb.metadata.measure_first.outcomes] == ["failed", "partly", "failed"]
