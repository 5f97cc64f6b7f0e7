"""Ids are data: each has one folder, no two share one, and none does harm in a table, a page or the gradebook."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from pathlib import Path

import pytest
from exports import collect, entry, notebook, roster, saved, submitted
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_course import KEY

from autograde.course import Course, Lesson
from autograde.grading.collecting.attribution import clean_id
from autograde.grading.collecting.journal import Journal
from autograde.grading.collecting.people import People, Student
from autograde.grading.collecting.rows import LOST, NEW, Row
from autograde.grading.collecting.student_folders import (
    Folders,
    case_key,
    folder_for,
    is_safe,
    safe_file,
    safe_paths,
)
from autograde.grading.collecting.summary import table, to_do, write_tables
from autograde.grading.submissions import UNWORKABLE

HOSTILE = (
    "=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"http://x\",\"y\")", "<script>alert(1)</script>", "a\"b'c", "a;=b,+c",
    "../../etc/passwd", "..", ".", "a/b", "a\\b", "C:\\x", "x\x00y", "a\nb", "\x1b[2J", "\u202egpj.exe", "\u200fאבג",
    "🙂", "👩‍👩‍👧", "CON", "nul.txt", "LPT¹", "--force", "~", "*", "a?", "[1]", " x ", "x.",
    "'; DROP TABLE student; --", "é",
    "e\u0301", "ﬁ", "ß", "SS", "İ", "K", "\u212a", "x" * 300, "字" * 100, "", "%2e%2e", "\ufeffada", "a\u200bb",
)  # fmt: skip
IDS = st.one_of(st.text(max_size=40), st.sampled_from(HOSTILE), st.text("aAbB.-_~ =", max_size=6))
PLAIN = re.compile(r"[^\x00-\x1f\x7f<>:\"/\\|?*\[\];'`$&=+,!#%^(){}~]+")


def is_harmless(name: str) -> bool:
    """What a folder's name must be, said otherwise than the code says it."""
    before, mark, _ = name.rpartition("~")
    text = before if mark else name
    return (
        0 < len(name.encode()) <= 120
        and PLAIN.fullmatch(text) is not None
        and name.strip() == name
        and not name.startswith((".", "-", "="))
        and not name.endswith(".")
        and ".." not in name
        and not UNWORKABLE.search(name)
        and all(unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp") for c in name)
        and name.split(".")[0].casefold() not in ("con", "prn", "aux", "nul", "com1", "lpt1", "lpt¹")
    )


@settings(max_examples=300, deadline=None)
@given(IDS)
def test_every_id_has_a_harmless_folder(identity: str) -> None:
    assert is_harmless(folder_for(clean_id(identity)))


@pytest.mark.parametrize("identity", HOSTILE, ids=[f"{n}" for n in range(len(HOSTILE))])
def test_each_hostile_id_has_a_harmless_folder(identity: str) -> None:
    assert is_harmless(folder_for(clean_id(identity)))


@settings(max_examples=200, deadline=None)
@given(st.lists(IDS.map(clean_id), max_size=12), st.lists(IDS.map(clean_id), max_size=3))
def test_no_two_ids_share_a_folder_not_even_where_case_does_not_count(ids: list[str], there: list[str]) -> None:
    folders = Folders({}, filter(is_safe, there))
    made = {identity: folders.of(identity) for identity in ids}
    assert len({case_key(folder) for folder in made.values()}) == len(made)
    again = Folders(folders.of_id)
    assert {identity: again.of(identity) for identity in reversed(ids)} == made


def test_a_plain_id_is_its_own_folder_and_a_changed_one_can_be_told() -> None:
    for identity in ("ada", "Anna Müller", "a.b-c_1", "a@x.edu", "李小龙", "0123"):
        assert folder_for(identity) == identity
    assert all("~" in folder_for(identity) for identity in ("=1+1", "a~b", ".x", "-x", "CON"))
    assert is_harmless("ada") and not is_harmless("=1+1") and not is_harmless("a\u202eb")


def test_ids_that_differ_in_case_have_two_folders_whoever_comes_first() -> None:
    for first, second in (("ada", "ADA"), ("ADA", "ada")):
        folders = Folders({})
        assert folders.of(first) == first
        assert folders.of(second).startswith(f"{second}~")
    assert Folders({}, ["ada"]).of("ada") == "ada"


@settings(max_examples=200, deadline=None)
@given(st.lists(st.lists(IDS, min_size=1, max_size=3).map(tuple), max_size=8))
def test_files_beside_a_notebook_have_harmless_names_of_their_own(paths: list[tuple[str, ...]]) -> None:
    made = safe_paths(paths, ["01_tiny.ipynb", "timestamp.txt"])
    keys = [case_key(path) for path in made.values()]
    assert len(set(keys)) == len(keys)
    assert not {"01_tiny.ipynb", "timestamp.txt"} & set(keys)
    for path in made.values():
        for part in path.split("/"):
            assert part and part not in (".", "..") and not part.startswith(("-", ".", "="))
            assert safe_file(part).strip(" .") and "\\" not in part and "\x00" not in part


def rows() -> list[Row]:
    made = [
        Row(NEW, name, name, folder_for(clean_id(name)), source=name, member=name, remarks=[name]) for name in HOSTILE
    ]
    return [*made, *(Row(LOST, source=name, member=name, remarks=[name], mend=name) for name in HOSTILE)]


def test_no_cell_of_the_summary_is_a_formula_or_breaks_its_line(course: Course) -> None:
    path = write_tables(course, {KEY: rows()}, {})
    for name in ("summary.csv", "students.csv"):
        text = path.with_name(name).read_text(encoding="utf-8-sig")
        for line in csv.reader(io.StringIO(text)):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in line)
            assert not any("\x00" in cell or re.search(r"[;,]\s*[=+\-@]", cell) for cell in line)


def test_no_name_moves_the_cursor_or_turns_a_line_around() -> None:
    shown = table(rows()[: len(HOSTILE)], None) + to_do(rows())
    assert not [c for c in shown if unicodedata.category(c) in ("Cc",) and c != "\n"]
    assert not set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f") & set(shown)


def test_hostile_ids_stay_data_from_the_roster_to_the_report(course: Course, tmp_path: Path) -> None:
    from autograde.grading.outcomes import Outcome
    from autograde.grading.records import GRADED, Record, read_record, save_record
    from autograde.grading.report import report
    from autograde.grading.scores import Row as ScoreRow
    from autograde.grading.scores import write_outcomes, write_scores
    from autograde.grading.terminal import class_table

    ids = sorted({clean_id(name) for name in HOSTILE})
    folders = Folders({})
    outcome = Outcome("check_double", "double", None, "failed", 0.0, 2.0, "no")
    made = [ScoreRow(Record(folders.of(name), KEY, GRADED, "", [outcome]), None) for name in ids]
    for row in made:
        save_record(course, row.record)
        assert read_record(course, row.student, KEY) == row.record
    write_scores(made, tmp_path / "scores.csv")
    write_outcomes(made, tmp_path / "outcomes.csv")
    for name in ("scores.csv", "outcomes.csv"):
        with (tmp_path / name).open(encoding="utf-8-sig", newline="") as file:
            students = [line["student"] for line in csv.DictReader(file)]
        assert students == [folders.of(identity) for identity in ids]  # nothing had to be quoted
    page = report(Course(Path("."), "T", "t/t", "main", [Lesson(KEY, "T", "", 5)]), made)
    assert "<script" not in page and "\u202e" not in page
    assert not [c for c in class_table(made) if unicodedata.category(c) in ("Cc", "Cf") and c != "\n"]


def test_hostile_ids_are_rows_of_the_gradebook_and_nothing_else(course: Course) -> None:
    from autograde.grading.gradebook import opened

    ids = sorted({clean_id(name) for name in HOSTILE if "SS" not in name})
    with opened(course.root) as gradebook:
        for name in ids:
            gradebook.update_or_create_student(folder_for(name), last_name=name)
        found = {student.id: student.last_name for student in gradebook.students}
    assert {identity: found[identity] for identity in map(folder_for, ids)} == {folder_for(name): name for name in ids}


GIVEN = [
    "Anna",
    "Bo",
    "Çağla",
    "Đặng",
    "Éloïse",
    "Fatima",
    "Gül",
    "Håkon",
    "İpek",
    "Jürgen",
    "小龙",
    "Катя",
    "Λία",
    "נועה",
]
FAMILY = ["Müller", "Smith", "García", "Nguyễn", "王", "O'Neil", "Иванова"]


def big_class(count: int) -> list[Student]:
    """Students of few family names, many of them with the very same full name."""
    return [Student(f"u{n:05}", f"{FAMILY[n % 7]}, {GIVEN[n // 7 % 14]}", f"u{n}@x.edu") for n in range(count)]


@pytest.mark.slow
def test_a_class_of_two_thousand_with_few_names_is_collected_whole(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = big_class(2000)
    lines = ["Identifier;Full name;ID number;Email address"]
    lines += [f"Participant {n};{one.name};{one.id};{one.email}" for n, one in enumerate(people)]
    csv_path = roster(tmp_path / "r.csv", lines, "utf-8-sig")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for n, one in enumerate(people):
            name = f"{one.name.partition(', ')[2]} {one.name.partition(', ')[0]}_{n}_assignsubmission_file_/{KEY}.ipynb"
            archive.writestr(
                entry(name), notebook(course, one.id) if n < 10 else b'{"cells": [], "nbformat": 4}' + b" " * n
            )
    path = saved(tmp_path / "m.zip", data.getvalue())
    assert collect(course, path, "--roster", csv_path) == 0
    assert capsys.readouterr().out.startswith("m.zip: 2000 hand-ins (Moodle)\n2000 collected\n")
    found = submitted(course)
    assert len(found) == 2000
    assert {identity: found[identity] for identity in (one.id for one in people[:10])} == {
        one.id: one.id for one in people[:10]
    }
    assert collect(course, path, "--roster", csv_path) == 0
    assert capsys.readouterr().out.startswith("m.zip: 2000 hand-ins (Moodle)\n2000 unchanged\n")
    assert len(Journal(course).lines) == 2000


def test_of_two_thousand_names_only_those_that_nobody_shares_tell_a_student() -> None:
    people = big_class(2000)
    index = People([*people, Student("only", "Zoë Unique"), Student("a1", "Anna Only")])
    assert [one.id for one in index.by_name("unique zoe")] == ["only"]
    assert [one.id for one in index.names_in("hw Anna Only")] == ["a1"]
    assert len(index.by_name("Anna Müller")) == len(index.names_in("Anna Müller")) == 21
    assert [one.id for one in index.ids_in(["u00017", "anna", "müller"])] == ["u00017"]
