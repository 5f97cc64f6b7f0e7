"""A roster is read whatever program wrote it, and says who is who without guessing."""

from __future__ import annotations

from pathlib import Path

import pytest
from exports import roster
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograde.course import CourseError
from autograde.grading.collecting.attribution import by_path, by_platform, telling, without_lesson
from autograde.grading.collecting.gradescope import read_metadata, scalar
from autograde.grading.collecting.looking import id_cell, stem_of
from autograde.grading.collecting.people import People, Student, words
from autograde.grading.collecting.platforms import Who
from autograde.grading.collecting.roster import read_roster

KEY = "01_tensors"


def one(path: Path, *lines: str, encoding: str = "utf-8") -> Student:
    """The only student of a roster."""
    students, remarks = read_roster(roster(path / "r.csv", lines, encoding))
    assert remarks == [] or encoding != "utf-8"
    (student,) = students
    return student


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("id,name,email", "s1,Ada,a@x.edu"), ("s1", "Ada", "a@x.edu", (), "", "")),
        (("Name;Vorname;Matrikelnummer;E-Mail", "Müller;Anna;0123;a@x"), ("0123", "Müller, Anna", "a@x", (), "", "")),
        (("sep=;", "Student ID;Full Name", "7;Bo"), ("7", "Bo", "", (), "", "")),
        (
            ("Student,ID,SIS User ID,SIS Login ID,Section", '"M, A",101,u1,am,S'),
            ("u1", "M, A", "", ("am",), "101", ""),
        ),
        (
            ("Student,ID,SIS User ID,SIS Login ID,Section", '"M, A",101,,am,S'),
            ("am", "M, A", "", (), "101", ""),
        ),
        (
            ("Identifier,Full name,ID number,Email address", "Participant 12,A M,,a@x"),
            ("a@x", "A M", "a@x", (), "", "12"),
        ),
        (
            ('"Last Name","First Name","Username","Student ID"', '"M","A","am","77"'),
            ("77", "M, A", "", ("am",), "", ""),
        ),
        (("First Name\tLast Name\tSID\tEmail", "A\tM\t9\ta@x"), ("9", "M, A", "a@x", (), "", "")),
        (("id,first_name,last_name,email,lms_user_id", "ada,A,L,a@x,55"), ("ada", "L, A", "a@x", (), "55", "")),
        (("id,name", "'=1+1,'-x"), ("=1+1", "-x", "", (), "", "")),
    ],
)
def test_rosters_of_each_program(tmp_path: Path, lines: tuple[str, ...], expected: tuple[object, ...]) -> None:
    found = one(tmp_path, *lines)
    assert (found.id, found.name, found.email, found.ids, found.number, found.participant) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_roster_may_be_saved_in_any_usual_way(tmp_path: Path, encoding: str) -> None:
    assert one(tmp_path, "id;name", "s1;Anna Müller", encoding=encoding).name == "Anna Müller"


def test_lines_of_canvas_that_are_no_students_are_passed_over(tmp_path: Path) -> None:
    lines = ("Student,ID,SIS User ID,SIS Login ID", "    Points Possible,,,", '"Student, Test",9,,t', '"A, B",1,u1,b')
    assert one(tmp_path, *lines).id == "u1"


def test_what_is_twice_in_a_roster_is_said(tmp_path: Path) -> None:
    path = roster(tmp_path / "r.csv", ("id,name", "s1,Ada", "s1,ADA", ",Bo"))
    students, remarks = read_roster(path)
    assert [student.id for student in students] == ["s1"]
    assert remarks == [
        "r.csv, line 3: s1 stands there twice (also on line 2): taken once",
        "r.csv, line 4: no id for Bo: left out",
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"id,name\ns1,Ada\ns1,Bea\n", "the id 's1' stands on line 2 for 'Ada' and on line 3 for 'Bea': give each"),
        (b"", "the roster is empty"),
        (b"colour,size\nred,1\n", "no column of ids in the roster: it has colour, size, known are student_id, name"),
        (b"PK\x03\x04", "the roster is a spreadsheet or a zip: save it as CSV (UTF-8)"),
        (b"id,name\n", "no column of ids in the roster: it has id, name"),
    ],
)
def test_a_roster_that_is_none_says_what_to_do(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "r.csv").write_bytes(data)
    with pytest.raises(CourseError) as error:
        read_roster(tmp_path / "r.csv")
    assert str(error.value).startswith(f"{tmp_path / 'r.csv'}: {said}")


PEOPLE = People(
    [
        Student("s1", "Müller, Anna", "anna.m@x.edu", participant="11"),
        Student("s10", "Anna Müller", "anna2@x.edu", participant="12"),
        Student("s2", "Bo O'Neil", "bo@x.edu", ("boneil",), "102"),
        Student("s3", "Øystein Strøm"),
        Student("2026-001", "Maria del Mar García"),
        Student("7", "Mar García"),
        Student("李", "李 小龙"),
    ]
)


def found(path: str, **cell: str) -> str:
    parts = tuple(path.split("/"))
    verdict = by_path(parts, len(parts), KEY, cell, PEOPLE)
    return verdict.student.id if verdict.student else "?"


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("s1.ipynb", "s1"),
        ("S1_01_tensors (1).ipynb", "s1"),
        ("01_tensors_s10_final.ipynb", "s10"),
        ("s100.ipynb", "?"),
        ("bo@x.edu.zip", "s2"),
        ("hw1/anna.m@x.edu/01_tensors.ipynb", "s1"),
        ("BONEIL-01_tensors.ipynb", "s2"),
        ("01_tensors - Bo ONeil.ipynb", "s2"),
        ("o'neil_bo.ipynb", "s2"),
        ("BoONeil_01_tensors.ipynb", "s2"),
        ("Oystein Strom.ipynb", "s3"),
        ("2026_001 hw.ipynb", "2026-001"),
        ("Maria del Mar Garcia.ipynb", "2026-001"),
        ("garcia mar.ipynb", "7"),
        ("7.ipynb", "7"),
        ("01_tensors (7).ipynb", "?"),
        ("week 7.ipynb", "?"),
        ("Anna Müller.ipynb", "?"),
        ("s1 Anna Müller.ipynb", "s1"),
        ("s1 Bo O'Neil.ipynb", "?"),
        ("s1/s2.ipynb", "?"),
        ("Bo O'Neil/by Oystein Strom.ipynb", "?"),
        ("小龙 李.ipynb", "李"),
        ("Bo.ipynb", "?"),
        ("01_tensors.ipynb", "?"),
    ],
)
def test_a_path_tells_one_student_or_nobody(path: str, student: str) -> None:
    assert found(path) == student


def test_an_id_cell_is_asked_last_and_must_not_contradict_itself() -> None:
    assert found("01_tensors.ipynb", id="s2") == "s2"
    assert found("01_tensors.ipynb", name="Bo O'Neil") == "s2"
    assert found("01_tensors.ipynb", id="s2", name="Øystein Strøm") == "?"
    assert found("01_tensors.ipynb", name="Anna Müller") == "?"
    assert found("Anna Müller.ipynb", id="s10") == "s10"
    assert found("Anna Müller.ipynb", id="s2") == "?"
    assert found("s1.ipynb", id="s2") == "s1"


@pytest.mark.parametrize(
    ("who", "student", "said"),
    [
        (Who(number="102", joined="oneilbo"), "s2", "number 102"),
        (Who(number="102", joined="strømøystein"), "?", "its number 102 is s2 (Bo O'Neil), and its name is s3"),
        (Who(joined="mulleranna"), "?", "the name mulleranna fits 2 students: s1 (Müller, Anna), s10 (Anna Müller)"),
        (Who(participant="12", name="Anna Müller"), "s10", "participant number 12"),
        (Who(ids=("boneil",)), "s2", "id boneil"),
        (Who(email="BO@x.edu"), "s2", "e-mail BO@x.edu"),
        (Who(name="Nick New"), "?", "nobody in the roster is Nick New"),
        (Who(name="Mar García"), "7", "name Mar García"),
    ],
)
def test_a_platforms_word_tells_one_student_or_nobody(who: Who, student: str, said: str) -> None:
    verdict = by_platform(who, {}, PEOPLE)
    assert (verdict.student.id if verdict.student else "?") == student
    assert (verdict.evidence or verdict.reason).startswith(said)


def test_what_a_roster_says_a_file_is_also_called_counts_first() -> None:
    people = People([Student("s1", "Ada", also=("Anna Müller", "105")), Student("s2", "Anna Müller")])
    assert by_platform(Who(name="Anna Müller"), {}, people).student == people.students["s1"]
    assert by_platform(Who(number="105"), {}, people).student == people.students["s1"]


def test_an_id_cell_in_code_and_in_text() -> None:
    cells = [
        new_code_cell('# who are you?\nSTUDENT_ID = "s1"  # yours\nNAME: str = \'Ada Love\'\nother = "x"'),
        new_markdown_cell("**E-mail:** ada@x.edu\n\nStudent id: s2"),
    ]
    assert id_cell(new_notebook(cells=cells)) == {"id": "s1", "name": "Ada Love", "email": "ada@x.edu"}
    empty = [new_code_cell('NAME = ""\nSTUDENT_ID = "your id here"\nCOLLABORATORS = "bea"'), new_code_cell("sid = x")]
    assert id_cell(new_notebook(cells=empty)) == {}
    assert id_cell(new_notebook(cells=[new_code_cell("student_number = 0123")])) == {"id": "0123"}


@pytest.mark.parametrize(
    ("name", "stem", "copy"),
    [
        ("01_tensors.ipynb", "01_tensors", 0),
        ("01_tensors (2).ipynb", "01_tensors", 2),
        ("01_tensors-3.ipynb", "01_tensors", 3),
        ("01_tensors - Copy.ipynb", "01_tensors", 1),
        ("Copy of 01_tensors.ipynb", "01_tensors", 0),
        ("Kopie von 01_tensors (1).ipynb.txt", "01_tensors", 1),
        ("2026-001.ipynb", "2026-001", 0),
    ],
)
def test_a_copys_name_is_known(name: str, stem: str, copy: int) -> None:
    assert stem_of(name, KEY) == (stem, copy)


def test_what_of_a_name_tells_a_student() -> None:
    assert without_lesson("01_tensors - Anna Müller (1).ipynb", KEY) == "Anna Müller"
    assert [telling(name, KEY) for name in ("01_tensors_final_v2.ipynb", "hw 01.ipynb", "ada_hw.ipynb")] == [
        "", "", "ada_hw",
    ]  # fmt: skip
    assert words("O'Brien_Anna-Lena (1)") == ["obrien", "anna", "lena", "1"]


def test_gradescopes_metadata_is_read_as_data_and_nothing_else() -> None:
    text = (
        "--- !ruby/object:Evil\nsubmission_1: &1\n  :submitters: &2\n  - :name: !ruby/object:Kernel x\n"
        '    :sid: "a\\x41\\u00e9\\U0001F600\\ud83d\\ude00\\ud83d\\n\\UFFFFFFFF"\n'
        "    :email: *2\n  :created_at: '2026-11-20'\n"
        "  :results:\n    output: |\n      submission_9:\n        :submitters:\n"
    )
    (one_of,) = read_metadata(text.encode()).values()
    assert one_of.people == [{"name": "", "sid": "aAé😀😀\ufffd\n\ufffd", "email": ""}]
    assert one_of.created_at == "2026-11-20"
    assert [scalar(said) for said in ("'it''s'", "null", "~", "plain: text", '"open', "- x")] == [
        "it's", "", "", "plain: text", "", "- x",
    ]  # fmt: skip
