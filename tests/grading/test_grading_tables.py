"""The tables, the report and the terminal show a class plainly, and nothing that a student wrote can do harm there."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from autograde.course import Course, Lesson
from autograde.grading.outcomes import Outcome
from autograde.grading.records import BROKEN, GRADED, Record
from autograde.grading.report import misunderstandings, report
from autograde.grading.scores import Row, safe, write_outcomes, write_scores, write_timings
from autograde.grading.standings import CellScore, Standing
from autograde.grading.terminal import broken_list, class_table, legend, printable
from autograde.grading.timings import Timings

COURSE = Course(Path("."), "Tiny & Co", "t/t", "main", [Lesson("01_tiny", "Tiny", "", 5)])


def outcome(status: str, fraction: float = 0.0, message: str = "", check: str = "check_double") -> Outcome:
    return Outcome(check, check.removeprefix("check_"), None, status, fraction, 2.0, message)


def row(student: str, *outcomes: Outcome, penalty: float = 0.0, waiting: bool = False) -> Row:
    scored = {o.check: CellScore(o.score or 0.0, o.points, waiting, False) for o in outcomes}
    total = sum(cell.score for cell in scored.values())
    standing = Standing(total, 2.0 * len(outcomes), penalty, scored)
    return Row(Record(student, "01_tiny", GRADED, "", list(outcomes)), standing)


BROKE = Row(Record("gus", "01_tiny", BROKEN, "", reason="the file is empty", mend="ask again"), None)
CLASS = [
    row("ada", outcome("passed", 1.0), outcome("partly", 0.25, check="check_predict")),
    row("bea", outcome("failed", message="double: your gradient is 10× the reference"), waiting=True),
    BROKE,
]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_cell_that_a_spreadsheet_would_compute_is_text(text: str) -> None:
    assert safe(text) == f"'{text}"


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert safe("ada") == "ada"


def test_scores_are_the_gradebooks_with_late_penalties_taken_off(tmp_path: Path) -> None:
    write_scores([row("=cmd|' /C calc'!A0", outcome("passed", 1.0), penalty=0.5), BROKE], tmp_path / "scores.csv")
    with (tmp_path / "scores.csv").open(encoding="utf-8-sig", newline="") as file:
        first, second = csv.DictReader(file)
    assert first["student"] == "'=cmd|' /C calc'!A0"
    assert (first["score"], first["points"], first["late_penalty"], first["passed"]) == ("1.5", "2", "0.5", "1")
    assert (second["student"], second["state"], second["score"]) == ("gus", "could not be graded", "")
    assert second["reason"] == "the file is empty"


def test_every_check_has_a_line_in_the_table_of_outcomes(tmp_path: Path) -> None:
    write_outcomes(CLASS, tmp_path / "outcomes.csv")
    with (tmp_path / "outcomes.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [(line["student"], line["check"], line["outcome"], line["auto_score"]) for line in csv.DictReader(file)]
    assert lines == [
        ("ada", "check_double", "right", "2"),
        ("ada", "check_predict", "partly right", "0.5"),
        ("bea", "check_double", "not right yet", "0"),
    ]


def test_what_was_tampered_with_is_named_in_the_report_and_in_the_terminal() -> None:
    rows = [*CLASS, row("<eve>", outcome("tampered"), outcome("passed", 1.0, check="check_predict"))]
    said = "They earn nothing. Read the notebook in <code>grading/autograded/</code>;"
    assert said in report(COURSE, rows)
    assert "<li><strong>&lt;eve&gt;</strong>, 01_tiny: double</li>" in report(COURSE, rows)
    assert class_table(rows).splitlines()[-2] == "<eve>    01_tiny    2/4  !+      tampered with: see the report"
    assert said not in report(COURSE, CLASS)


def test_the_terminals_table_has_a_sign_for_each_check() -> None:
    assert class_table(CLASS) == (
        "student  lesson   score  checks\n"
        "---------------------------------------------------------------\n"
        "ada      01_tiny  2.5/4  +~\n"
        "bea      01_tiny    0/2  x       1 to look at\n"
        "gus      01_tiny      -          could not be graded, see below\n"
        "---------------------------------------------------------------"
    )
    assert legend(CLASS) == "+ right  ~ partly right  x not right yet"
    assert broken_list(CLASS) == "  gus, 01_tiny: the file is empty\n      ask again"


def test_a_name_cannot_move_the_cursor_or_turn_the_line_around() -> None:
    assert printable("a\x1b[2J\u202eb\n") == "a?[2J?b?"


def test_messages_that_differ_in_numbers_only_are_one_misunderstanding() -> None:
    found = misunderstandings(
        [
            ("ada", outcome("failed", message="your gradient is 10× the reference")),
            ("bea", outcome("failed", message="your gradient is 7× the reference")),
            ("cyd", outcome("failed", message="expected shape (2, 3)")),
            ("dot", outcome("not_attempted", message="not attempted yet")),
            ("eli", outcome("passed", 1.0, "1 check passed")),
        ]
    )
    assert [one.students for one in found] == [("ada", "bea"), ("cyd",)]


def test_the_report_shows_each_checks_outcomes_as_a_labelled_bar() -> None:
    page = report(COURSE, CLASS)
    assert 'role="img" aria-label="double: 1 right, 1 not right yet"' in page
    assert "double: your gradient is 10× the reference" in page
    assert 'href="feedback/ada/01_tiny/01_tiny.html">2.5 / 4</a>' in page
    assert "Tiny &amp; Co" in page


def test_the_report_says_what_could_not_be_graded_and_what_to_do() -> None:
    page = report(COURSE, CLASS)
    assert "<strong>gus</strong>, 01_tiny: the file is empty.<br>What to do: ask again." in page


def test_markup_in_names_and_messages_is_text_and_the_page_loads_nothing() -> None:
    name, message = '<script>alert(1)</script>"onload="x', "<img src=x onerror=alert(1)>"
    page = report(COURSE, [row(name, outcome("failed", message=message)), row("b", outcome("failed", message=message))])
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "default-src 'none'; style-src 'unsafe-inline'" in page
    assert "http://" not in page and "https://" not in page
    assert "feedback/%3Cscript%3Ealert%281%29%3C%2Fscript%3E%22onload%3D%22x/01_tiny/01_tiny.html" in page


def test_a_class_with_nothing_graded_still_has_a_report() -> None:
    assert "could not be graded" in report(COURSE, [BROKE])


def test_a_large_class_is_a_line_a_lesson_in_the_terminal_and_folded_in_the_report() -> None:
    wrong = outcome("failed", message="double: your gradient is 10× the reference")
    rows = [row(f"s{n:03}", outcome("passed", 1.0) if n % 2 else wrong, waiting=True) for n in range(80)]
    rows += [
        Row(Record(f"t{n:03}", "01_tiny", BROKEN, "", reason="the file is empty", mend="ask"), None) for n in range(70)
    ]
    assert class_table(rows) == (
        "01_tiny  80 notebooks graded, half of them above 50 %, 70 could not be graded, 80 to look at"
    )
    listed = broken_list(rows).splitlines()
    assert len(listed) == 121
    assert listed[-1] == "  and 10 more: see the report"
    page = report(COURSE, rows)
    assert "<details><summary>80 of 01_tiny</summary>" in page
    assert "s000, s002, s004, s006, s008, s010, s012, s014, s016, s018, s020, s022 and 28 more</span>" in page


def test_measured_times_are_in_a_table_of_their_own(tmp_path: Path) -> None:
    graded = Record(
        "ada",
        "01_tiny",
        GRADED,
        "",
        [outcome("passed", 1.0)],
        timings=Timings(seconds=1.5, floor=0.75, peak_bytes=2**20),
    )
    write_timings([graded, BROKE.record], tmp_path / "timings.csv")
    with (tmp_path / "timings.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert lines == [
        ["student", "lesson", "check", "seconds", "floor", "peak_bytes"],
        ["ada", "01_tiny", "", "1.5", "0.75", "1048576"],
        ["ada", "01_tiny", "check_double", "0.0", "0.0", ""],
    ]
    write_outcomes(CLASS, tmp_path / "outcomes.csv")
    assert "seconds" not in (tmp_path / "outcomes.csv").read_text(encoding="utf-8")
