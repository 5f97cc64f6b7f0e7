"""What each platform exports ends in the right student's folder, with its time; what is not sure is nobody's."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from exports import Files, collect, laid, notebook, packed, roster, saved, stamp, submitted, tree
from tiny_course import KEY

from autograde.course import Course

NB = f"{KEY}.ipynb"
CANVAS_ROSTER = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Week 1 (77)",
    "    Points Possible,,,,,10",
    '"Müller, Anna",101,u1,amueller,A,',
    '"Müller, Anna",109,u9,anna2,B,',
    '"O\'Neil, Bo",102,u2,bo,A,',
    '"Student, Test",999,,t,A,',
)
WORKSHEET = (
    "Identifier,Full name,ID number,Email address,Status,Last modified (submission)",
    'Participant 11,Anna Müller,s1,anna@x.edu,Submitted,"Wednesday, 18 November 2026, 2:14 PM"',
    "Participant 12,Anna Müller,s2,anna2@x.edu,Submitted,-",
    "Participant 13,Bob Ross,s3,bob@x.edu,Submitted,letzten Dienstag",
)


def summary(course: Course) -> dict[str, dict[str, str]]:
    """The table's rows by student, or by file where they are nobody's."""
    path = course.root / "grading" / "collected" / "summary.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {row["student"] or row["file"]: row for row in csv.DictReader(file)}


def states(course: Course) -> dict[str, str]:
    return {who: row["state"] for who, row in summary(course).items()}


def canvas_export(course: Course) -> Files:
    return {
        f"mülleranna_101_9001_{NB}": notebook(course, "a"),
        f"oneilbo_LATE_102_9002_{KEY}-1.ipynb": notebook(course, "b"),
        "oneilbo_LATE_102_9003_data.csv": b"1,2",
        "zoe_103_9004_hw.zip": packed({f"work/{NB}": notebook(course, "z"), "work/d.csv": b"x"}),
        "eve_104_text.html": b"<p>I wrote it here</p>",
        "__MACOSX/._eve": b"",
    }


def test_canvas_with_a_gradebook_export_as_roster(course: Course, tmp_path: Path) -> None:
    archive = saved(tmp_path / "submissions.zip", packed(canvas_export(course)))
    assert collect(course, archive, "--roster", roster(tmp_path / "r.csv", CANVAS_ROSTER)) == 0
    assert submitted(course) == {"u1": "a", "u2": "b"}
    assert (course.root / "grading" / "submitted" / "u2" / KEY / "data.csv").read_bytes() == b"1,2"
    assert summary(course)["u2"]["late"] == "marked late"
    assert stamp(course, "u2") == ""  # Canvas tells that it was late, and not when
    assert states(course) == {
        "u1": "collected",
        "u2": "collected",
        "u9": "nothing handed in",
        f"zoe_103_9004_hw.zip/work/{NB}": "not attributed",
        "eve_104_text.html": "not attributed",
    }


def test_canvas_without_a_roster_goes_by_its_own_numbers(course: Course, tmp_path: Path) -> None:
    collect(course, saved(tmp_path / "s.zip", packed(canvas_export(course))))
    assert submitted(course) == {"101": "a", "102": "b", "103": "z"}
    assert states(course)["104"] == "no notebook"
    assert tree(course.root / "grading" / "submitted" / "103" / KEY).keys() == {NB, "d.csv"}


def test_a_canvas_name_without_a_number_in_the_roster_is_matched_when_only_one_has_it(
    course: Course, tmp_path: Path
) -> None:
    people = roster(tmp_path / "r.csv", ("id,name", "s1,Anna Müller", "s2,Bo O'Neil", "s3,Anna Muller"))
    files = {f"{who}_{n}_9_{NB}": notebook(course, who) for n, who in ((71, "oneilbo"), (72, "mulleranna"))}
    collect(course, saved(tmp_path / "s.zip", packed(files)), "--roster", people)
    assert submitted(course) == {"s2": "oneilbo"}
    assert "fits 2 students: s1 (Anna Müller), s3 (Anna Muller)" in summary(course)[f"mulleranna_72_9_{NB}"]["remarks"]


def test_a_canvas_attempt_with_a_larger_number_is_the_newer_one(course: Course, tmp_path: Path) -> None:
    second = saved(tmp_path / "2.zip", packed({f"bo_102_9100_{KEY}-1.ipynb": notebook(course, "new")}))
    first = saved(tmp_path / "1.zip", packed({f"bo_102_9002_{NB}": notebook(course, "old")}))
    collect(course, second, first)
    assert submitted(course) == {"102": "new"}
    assert summary(course)["102"]["attempts"] == "2"


def moodle_export(course: Course, end: str = "_/") -> Files:
    return {
        f"Anna Müller_11_assignsubmission_file{end}{NB}": notebook(course, "a"),
        f"Anna Müller_12_assignsubmission_file{end}my work.ipynb": notebook(course, "b"),
        f"Bob Ross_13_assignsubmission_file{end}{NB}": notebook(course, "c"),
        "Bob Ross_13_assignsubmission_onlinetext_/onlinetext.html": b"<p>see file</p>",
    }


@pytest.mark.parametrize("end", ["_/", "/", "_"])
def test_moodle_with_its_grading_worksheet_in_each_of_its_shapes(course: Course, tmp_path: Path, end: str) -> None:
    archive = saved(tmp_path / "m.zip", packed(moodle_export(course, end)))
    assert collect(course, archive, "--roster", roster(tmp_path / "w.csv", WORKSHEET)) == 0
    assert submitted(course) == {"s1": "a", "s2": "b", "s3": "c"}
    assert (stamp(course, "s1"), stamp(course, "s2"), stamp(course, "s3")) == ("2026-11-18 14:14:00 UTC", "", "")
    assert "the roster's time is not understood: letzten Dienstag" in summary(course)["s3"]["remarks"]


def test_moodle_without_a_roster_never_takes_two_of_one_name_for_one(course: Course, tmp_path: Path) -> None:
    collect(course, saved(tmp_path / "m.zip", packed(moodle_export(course))))
    assert submitted(course) == {"Bob Ross": "c"}
    lost = [row for row in summary(course).values() if row["state"] == "not attributed"]
    assert [row["remarks"].split(";")[0] for row in lost] == ["2 participants are called Anna Müller"] * 2


def test_a_folder_inside_a_students_own_is_not_another_student(course: Course, tmp_path: Path) -> None:
    files = moodle_export(course)
    files[f"Eve Ill_99_assignsubmission_file_/Bob Ross_13_assignsubmission_file_/{NB}"] = notebook(course, "evil")
    collect(course, saved(tmp_path / "m.zip", packed(files)), "--roster", roster(tmp_path / "w.csv", WORKSHEET))
    assert submitted(course)["s3"] == "c"
    (lost,) = [row for who, row in summary(course).items() if who.startswith("Eve Ill")]
    assert lost["remarks"].startswith("nobody in the roster is Eve Ill;")


def test_one_student_cannot_make_an_archive_look_like_another_platforms(course: Course, tmp_path: Path) -> None:
    files = canvas_export(course)
    for n in range(20):
        files[f"eve_104_{n + 50}_x_oneilbo_attempt_2026-01-01-00-00-{n:02}_{NB}"] = notebook(course, "evil")
    collect(course, saved(tmp_path / "c.zip", packed(files)))
    assert submitted(course) | {"104": ""} == {"101": "a", "102": "b", "103": "z", "104": ""}


def test_blackboard_takes_the_newest_attempt_with_the_time_in_its_name(course: Course, tmp_path: Path) -> None:
    start = "gradebook_CS1_Ex 1_"
    files = {
        f"{start}jdoe_attempt_2026-11-20-10-11-12_{NB}": notebook(course, "old"),
        f"{start}jdoe_attempt_2026-11-20-10-11-12.txt": b"Name: Doe, Jane (jdoe)\nAssignment: Ex 1\n",
        f"{start}jdoe_attempt_2026-11-21-10-11-12_{NB}": notebook(course, "new"),
        f"{start}ann_attempt_2026-11-20-10-11-12_data.csv": b"x",
        f"{start}ann_attempt_2026-11-20-10-11-12_{NB}": notebook(course, "c"),
        f"{start}bo_attempt_2026-11-20-10-11-12.txt": b"Name: Bo Bo (bo)\n",
    }
    collect(course, saved(tmp_path / "b.zip", packed(files)))
    assert submitted(course) == {"ann": "c", "jdoe": "new"}
    assert stamp(course, "jdoe") == "2026-11-21 10:11:12 UTC"
    assert summary(course)["jdoe"]["attempts"] == "2"
    assert states(course)["bo"] == "no notebook"
    kept = tree(course.root / "grading" / "collected" / "attempts" / "jdoe" / KEY)
    assert [Path(name).name for name in kept] == [NB, "timestamp.txt"]


def test_blackboard_times_are_taken_in_the_zone_that_is_named(course: Course, tmp_path: Path) -> None:
    name = f"Ex_jdoe_attempt_2026-11-20-10-11-12_{NB}"
    collect(course, saved(tmp_path / "b.zip", packed({name: notebook(course)})), "--zone", "America/New_York")
    assert stamp(course, "jdoe") == "2026-11-20 15:11:12 UTC"


METADATA = """---
submission_11:
  :submitters:
  - :name: Anna
    :sid: '1'
    :email: a@x.edu
  :created_at: 2026-11-20 10:11:12.000000000 Z
  :history:
  - :id: 1
    :submitters:
    - :name: Somebody Else
      :sid: '9'
submission_12:
  :submitters:
  - :name: "B\\u00f6 \\"x\\""
    :sid: '2'
  - :name: 'C''s'
    :sid: '3'
  :created_at: 2026-11-20 11:11:12 -0500
"""


def test_gradescope_says_who_and_when_in_its_metadata_and_a_group_gets_it_each(course: Course, tmp_path: Path) -> None:
    root = "assignment_1_export"
    files = {
        f"{root}/submission_metadata.yml": METADATA.encode(),
        f"{root}/submission_11/{NB}": notebook(course, "1"),
        f"{root}/submission_11/submission_metadata.yml": METADATA.replace("'1'", "'2'").encode(),
        f"{root}/submission_12/{NB}": notebook(course, "2"),
        f"{root}/submission_12/d/x.csv": b"2",
        f"{root}/submission_13/{NB}": notebook(course, "3"),
    }
    collect(course, saved(tmp_path / "g.zip", packed(files)))
    assert submitted(course) == {"1": "1", "2": "2", "3": "2"}
    assert stamp(course, "3") == "2026-11-20 16:11:12 UTC"
    found = summary(course)
    assert (found["2"]["name"], found["3"]["name"]) == ('Bö "x"', "C's")
    assert found[f"{root}/submission_13/{NB}"]["remarks"].startswith("the platform does not say whose it is;")


def test_the_exchange_of_nbgrader_as_inbound_and_as_submitted(course: Course, tmp_path: Path) -> None:
    when = "2026-11-2{} 10:11:12.123456 UTC"
    inbound = {
        f"ada+{KEY}+{when.format(0)}+abc-_d/{NB}": notebook(course, "old"),
        f"ada+{KEY}+{when.format(1)}+abd/{NB}": notebook(course, "new"),
        f"ada+{KEY}+{when.format(1)}+abd/timestamp.txt": b"whatever",
        f"ada+{KEY}+{when.format(1)}+abd/submission_secret.txt": b"5ec",
        f"bo+00_other+{when.format(1)}+abd/00_other.ipynb": notebook(course, "other"),
    }
    collect(course, laid(tmp_path / "inbound", inbound))
    assert (submitted(course), stamp(course, "ada")) == ({"ada": "new"}, "2026-11-21 10:11:12 UTC")
    handed_in = {
        f"cls/cyd/{KEY}/{NB}": notebook(course, "c"),
        f"cls/cyd/{KEY}/timestamp.txt": b"2026-11-20 19:30:00 CET",
        f"cls/cyd/{KEY}/d.csv": b"1",
        f"cls/dot/{KEY}/{NB}": notebook(course, "d"),
    }
    collect(course, laid(tmp_path / "submitted", handed_in))
    assert submitted(course) == {"ada": "new", "cyd": "c", "dot": "d"}
    assert stamp(course, "cyd") == "2026-11-20 18:30:00 UTC"
    assert tree(course.root / "grading" / "submitted" / "cyd" / KEY).keys() == {NB, "timestamp.txt", "d.csv"}


def plain_files(course: Course) -> Files:
    return {
        f"{KEY} - Anna Müller.ipynb": notebook(course, "1"),
        "Bob Ross.ipynb": notebook(course, "2"),
        f"{KEY} (1).ipynb": notebook(course, "3", STUDENT_ID="s9"),
        f"{KEY} (2).ipynb": notebook(course, "4"),
        "Carl/a.ipynb": notebook(course, "5"),
        "Carl/d.csv": b"1",
        "dora@x.edu.zip": packed({NB: notebook(course, "6")}),
    }


def test_files_from_mail_drive_and_classroom_go_by_their_names_then_by_an_id_cell(
    course: Course, tmp_path: Path
) -> None:
    collect(course, laid(tmp_path / "mails", plain_files(course)))
    assert submitted(course) == {"Anna Müller": "1", "Bob Ross": "2", "Carl": "5", "dora@x.edu": "6", "s9": "3"}
    assert states(course)[f"{KEY} (2).ipynb"] == "not attributed"
    assert (course.root / "grading" / "submitted" / "Carl" / KEY / "d.csv").is_file()


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"Class 1/anna.ipynb": "1", "Class 1/bob.ipynb": "2", "Class 2/carl.ipynb": "3"}, {"anna", "bob", "carl"}),
        ({f"hw/Anna M/{NB}": "1", f"hw/Bob/{NB}": "2"}, {"Anna M", "Bob"}),
        ({f"Anna M/{NB}": "1"}, {"Anna M"}),
        ({"hw/anna.ipynb": "1", "hw/bob.ipynb": "2"}, {"anna", "bob"}),
        ({f"ada/work/{NB}": "1", f"ada/work/old/{NB}": "0", f"bo/{NB}": "2"}, {"ada", "bo"}),
        ({"ada/one.ipynb": "1", "bo/two.ipynb": "2"}, {"ada", "bo"}),
        ({"ada/one.ipynb": "1", "ada/two.ipynb": "2", "bo/one.ipynb": "3"}, set()),
        ({"A/anna.ipynb": "1", "A/bob.ipynb": "2", "B/anna.ipynb": "3", "B/cyd.ipynb": "4"}, set()),
    ],
    ids=["classes", "folders", "one", "flat", "deeper", "each its own", "tasks", "two annas"],
)
def test_without_a_roster_a_name_is_taken_where_the_folders_leave_no_doubt(
    course: Course, tmp_path: Path, files: dict[str, str], found: set[str]
) -> None:
    collect(course, laid(tmp_path / "in", {name: notebook(course, answer) for name, answer in files.items()}))
    assert submitted(course).keys() == found


def test_which_platform_was_seen_is_said_and_can_be_told(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = saved(tmp_path / "x.zip", packed({"run_12_34_anna.ipynb": notebook(course, "1")}))
    collect(course, archive, "--dry-run")
    assert capsys.readouterr().out.startswith("x.zip: 1 hand-in (Canvas)\n")
    collect(course, archive, "--platform", "plain")
    assert capsys.readouterr().out.startswith("x.zip: 1 hand-in (files and folders)\n")
    assert submitted(course) == {"run_12_34_anna": "1"}


def test_files_that_people_named_are_matched_with_the_roster_and_nobody_is_guessed(
    course: Course, tmp_path: Path
) -> None:
    lines = ("id;name;email;also", "s1;Anna Müller;;", "s2;Müller Anna;;", "s3;ROSS, Bob;;", "s4;Dora;dora@x.edu;")
    people = roster(tmp_path / "r.csv", lines, "utf-8-sig")
    folder = laid(tmp_path / "mails", plain_files(course) | {f"s1_{NB}": notebook(course, "7")})
    collect(course, folder, "--roster", people)
    assert submitted(course) == {"s1": "7", "s3": "2", "s4": "6"}
    said = summary(course)[f"{KEY} - Anna Müller.ipynb"]
    assert said["remarks"].startswith("its path fits 2 students (names): s1 (Anna Müller), s2 (Müller Anna);")
    assert said["what_to_do"] == (
        "add to the student's column `also` in the roster what the file is called by, and collect again"
    )
    lines = (*lines[:2], f"s2;Müller Anna;;{KEY} - Anna Müller.ipynb|Carl", *lines[3:])
    collect(course, folder, "--roster", roster(tmp_path / "r.csv", lines, "cp1252"))
    assert submitted(course)["s2"] in ("1", "5")
    assert summary(course)["s2"]["attempts"] == "2"
    left = list((course.root / "grading" / "collected" / "unattributed" / KEY).iterdir())
    assert sorted(path.name.partition("~")[0] for path in left) == [f"{KEY} _1_", f"{KEY} _2_"]


def test_an_id_cell_cannot_take_the_place_of_what_came_under_the_students_own_name(
    course: Course, tmp_path: Path
) -> None:
    people = roster(tmp_path / "r.csv", ("id,name", "ada,Ada Love", "eve,Eve Ill"))
    mine, forged = notebook(course, "mine"), notebook(course, "forged", STUDENT_ID="ada")
    collect(course, laid(tmp_path / "in", {"ada.ipynb": mine, "z.ipynb": forged}), "--roster", people)
    assert submitted(course) == {"ada": "mine"}
    assert summary(course)["z.ipynb"]["remarks"].startswith(
        "its id cell says ada (Ada Love), who handed in under their own name;"
    )


def test_a_name_inside_a_students_own_zip_is_the_students_word_only(course: Course, tmp_path: Path) -> None:
    people = roster(tmp_path / "r.csv", ("id,name", "ada,Ada Love", "eve,Eve Ill", "bea,Bea M"))
    files = {
        "ada.ipynb": notebook(course, "mine"),
        "hw.zip": packed({f"ada/{NB}": notebook(course, "forged")}),
        "mine.zip": packed({f"bea/{NB}": notebook(course, "b")}),
    }
    collect(course, laid(tmp_path / "in", files), "--roster", people)
    assert submitted(course) == {"ada": "mine", "bea": "b"}
    assert summary(course)[f"hw.zip/ada/{NB}"]["remarks"].startswith(
        "its own zip's path says ada (Ada Love), who handed in under their own name;"
    )


def test_an_id_cell_chooses_among_those_of_one_name(course: Course, tmp_path: Path) -> None:
    people = roster(tmp_path / "r.csv", ("id,name", "s1,Anna Müller", "s2,Anna Müller", "s3,Bob"))
    files = {
        f"Anna Müller_1_assignsubmission_file_/{NB}": notebook(course, "one", STUDENT_ID="s2"),
        f"Anna Müller_2_assignsubmission_file_/{NB}": notebook(course, "two", STUDENT_ID="s3"),
    }
    collect(course, saved(tmp_path / "m.zip", packed(files)), "--roster", people)
    assert submitted(course) == {"s2": "one"}


def test_the_same_file_from_two_students_is_said(course: Course, tmp_path: Path) -> None:
    same = notebook(course, "x + x")
    handed_out = course.release(KEY).read_bytes()
    files = {"ada.ipynb": same, "bea.ipynb": same, "cyd.ipynb": handed_out, "dot.ipynb": handed_out}
    collect(course, laid(tmp_path / "in", files))
    found = summary(course)
    assert "the very same file as bea" in found["ada"]["remarks"]
    assert "it is as it was handed out" in found["dot"]["remarks"]
    assert "the very same" not in found["dot"]["remarks"]
