"""Nothing is written over without a copy, a second run changes nothing, and an interruption loses nothing."""

from __future__ import annotations

import csv
import json
import os
from pathlib import Path

import pytest
from exports import answer_in, collect, laid, notebook, packed, roster, saved, stamp, submitted, tree
from tiny_course import KEY

from autograde.course import Course
from autograde.grading.collecting import placing
from autograde.grading.submissions import Submission, find_submissions, strangers

NB = f"{KEY}.ipynb"


def kept(course: Course, student: str) -> list[str]:
    """The answers of the attempts that are kept and not graded."""
    folder = course.root / "grading" / "collected" / "attempts" / student / KEY
    return sorted(answer_in(path) for path in folder.glob(f"*/{NB}"))


def attempt(course: Course, folder: Path, day: int, answer: str, name: str = NB) -> Path:
    """An archive of Blackboard's with one attempt of ada's, handed in on that day of November."""
    member = f"Ex_ada_attempt_2026-11-{day:02}-10-00-00_{name}"
    return saved(folder / f"{day}.zip", packed({member: notebook(course, answer)}))


def log(course: Course) -> list[dict[str, object]]:
    text = (course.root / "grading" / "collected" / "log.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def test_the_same_archive_again_changes_nothing(course: Course, tmp_path: Path) -> None:
    archives = [attempt(course, tmp_path, 1, "a"), attempt(course, tmp_path, 2, "b")]
    mixed = laid(tmp_path / "in", {"bo.ipynb": notebook(course, "bo"), f"{KEY}.ipynb": b"{}", "cyd.pdf": b"%PDF"})
    assert collect(course, *archives, mixed) == 0
    before = tree(course.root / "grading")
    assert len(before) > 8
    for _ in range(2):
        collect(course, *archives, mixed)
        after = tree(course.root / "grading")
        for table in ("collected/summary.csv", "cache/lock"):
            before.pop(table, None), after.pop(table, None)
        assert after == before


def test_a_newer_attempt_replaces_the_older_one_and_a_copy_of_that_is_kept(course: Course, tmp_path: Path) -> None:
    for day, answer in ((1, "first"), (3, "third"), (2, "second")):
        collect(course, attempt(course, tmp_path, day, answer))
    assert (submitted(course), stamp(course, "ada")) == ({"ada": "third"}, "2026-11-03 10:00:00 UTC")
    assert kept(course, "ada") == ["first", "second"]
    assert [entry["what"] for entry in log(course)] == ["placed", "placed", "kept"]
    collect(course, attempt(course, tmp_path, 1, "first"))
    assert submitted(course) == {"ada": "third"}


def test_what_was_mended_by_hand_stays_until_there_is_a_newer_attempt_and_is_kept_then(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = attempt(course, tmp_path, 1, "first")
    collect(course, first)
    place = course.root / "grading" / "submitted" / "ada" / KEY / NB
    place.write_bytes(notebook(course, "mended"))
    collect(course, first)
    assert submitted(course) == {"ada": "mended"}
    collect(course, attempt(course, tmp_path, 2, "second"))
    assert submitted(course) == {"ada": "second"}
    assert kept(course, "ada") == ["mended"]
    assert "what lay there had been put or changed by hand; it is kept in" in capsys.readouterr().out


def test_what_a_person_put_there_is_kept_or_stays_where_it_is_newer(course: Course, tmp_path: Path) -> None:
    place = course.root / "grading" / "submitted" / "ada" / KEY
    laid(place, {NB: notebook(course, "by hand"), "timestamp.txt": b"2026-11-05 10:00:00 UTC"})
    collect(course, attempt(course, tmp_path, 4, "older"))
    assert (submitted(course), kept(course, "ada")) == ({"ada": "by hand"}, ["older"])
    collect(course, attempt(course, tmp_path, 6, "newer"))
    assert (submitted(course), kept(course, "ada")) == ({"ada": "newer"}, ["by hand", "older"])


def test_a_submission_that_was_taken_away_is_put_back(course: Course, tmp_path: Path) -> None:
    first = attempt(course, tmp_path, 1, "first")
    collect(course, first)
    before = tree(course.root / "grading" / "submitted")
    for path in (course.root / "grading" / "submitted" / "ada" / KEY).iterdir():
        path.unlink()
    collect(course, first)
    assert tree(course.root / "grading" / "submitted") == before


def test_a_dry_run_says_the_same_and_writes_nothing(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = tree(course.root)
    archive = attempt(course, tmp_path, 1, "first")
    assert collect(course, archive, "--dry-run") == 0
    dry = capsys.readouterr().out
    assert tree(course.root) == before
    assert dry.endswith("1 collected\nnothing was written (--dry-run)\n")
    collect(course, archive)
    assert capsys.readouterr().out.startswith(dry.removesuffix("nothing was written (--dry-run)\n"))


class Interrupted(BaseException):
    """As if the process had been killed there."""


@pytest.mark.parametrize("step", ["lay_down", "move_away", "os.replace"])
@pytest.mark.parametrize("after", [0, 1, 2])
def test_an_interruption_at_any_step_loses_nothing_and_the_same_command_ends_it(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, after: int
) -> None:
    files = {"ada.ipynb": notebook(course, "a1"), "bea.ipynb": notebook(course, "b1")}
    collect(course, laid(tmp_path / "1", files))
    second = laid(tmp_path / "2", {"ada.ipynb": notebook(course, "a2"), "bea.ipynb": notebook(course, "b2")})
    os.utime(tmp_path / "2" / "ada.ipynb", (2e9, 2e9))
    os.utime(tmp_path / "2" / "bea.ipynb", (2e9, 2e9))
    where, name = (placing.os, "replace") if step == "os.replace" else (placing, step)
    real, count = getattr(where, name), 0

    def stops(*arguments: object) -> object:
        nonlocal count
        count += 1
        if count > after:
            raise Interrupted
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(where, name, stops)
        try:
            collect(course, second)
        except Interrupted:
            pass
    answers = set(submitted(course).values()) | set(kept(course, "ada")) | set(kept(course, "bea"))
    assert answers >= {"a1", "b1"}
    collect(course, second)
    assert submitted(course) == {"ada": "a2", "bea": "b2"}
    assert (kept(course, "ada"), kept(course, "bea")) == (["a1"], ["b1"])
    assert not list(course.root.rglob(".*.part"))


def test_a_log_whose_last_line_was_cut_off_is_gone_on_with(course: Course, tmp_path: Path) -> None:
    collect(course, attempt(course, tmp_path, 1, "first"))
    path = course.root / "grading" / "collected" / "log.jsonl"
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:40])
    collect(course, attempt(course, tmp_path, 2, "second"))
    assert submitted(course) == {"ada": "second"}
    assert [entry["what"] for entry in log(course)] == ["placed", "placed"]


def test_a_log_that_is_spoilt_is_said_with_its_line(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(course.root / "grading" / "collected" / "log.jsonl", b"no json\n{}\n")
    assert collect(course, attempt(course, tmp_path, 1, "first")) == 2
    assert capsys.readouterr().err == (
        f"error: {path}: line 1 is no entry of it: take that line out, or move the file away "
        "(what was collected stays where it is)\n"
    )


def test_a_link_in_the_place_of_a_students_folder_is_not_written_through(course: Course, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (course.root / "grading" / "submitted").mkdir(parents=True)
    (course.root / "grading" / "submitted" / "ada").symlink_to(elsewhere)
    collect(course, attempt(course, tmp_path, 1, "first"))
    assert list(elsewhere.iterdir()) == []


def test_the_folder_of_all_submissions_may_be_elsewhere(course: Course, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (course.root / "grading").mkdir(exist_ok=True)
    (course.root / "grading" / "submitted").symlink_to(tmp_path / "elsewhere")
    collect(course, attempt(course, tmp_path, 1, "first"))
    collect(course, attempt(course, tmp_path, 2, "second"))
    assert (submitted(course), kept(course, "ada")) == ({"ada": "second"}, ["first"])


def test_a_folder_on_another_disk_is_copied_whole_before_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    origin = laid(tmp_path / "origin", {"a": b"1", "b/c": b"2"})
    real = os.rename

    def other_disk(one: Path, other: Path) -> None:
        if one == origin:
            raise OSError(placing.errno.EXDEV, "Invalid cross-device link")
        real(one, other)

    monkeypatch.setattr(placing.os, "rename", other_disk)
    placing.move_away(origin, tmp_path / "new" / "place")
    assert tree(tmp_path / "new" / "place") == {"a": b"1", "b/c": b"2"}
    assert not origin.exists()


def test_several_notebooks_that_nothing_tells_apart_are_laid_down_for_a_person(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    two = packed({"one.ipynb": notebook(course, "1"), "two.ipynb": notebook(course, "2")})
    collect(course, saved(tmp_path / "a.zip", packed({"bo_1_1_hw.zip": two})))
    assert "rename the one that counts to 01_tiny.ipynb in 1" in capsys.readouterr().out
    place = course.root / "grading" / "submitted" / "1" / KEY
    assert sorted(path.name for path in place.iterdir()) == ["one.ipynb", "two.ipynb"]
    (place / "two.ipynb").rename(place / NB)
    collect(course, saved(tmp_path / "a.zip", packed({"bo_1_1_hw.zip": two})))
    assert submitted(course) == {"1": "2"}


@pytest.mark.parametrize(
    ("name", "there"),
    [
        ("01_tiny (3).ipynb", NB),
        ("Copy of 01_tiny.ipynb", NB),
        ("homework.ipynb.txt", NB),
        ("homework.json", NB),
    ],
)
def test_a_renamed_notebook_gets_the_lessons_name(course: Course, tmp_path: Path, name: str, there: str) -> None:
    collect(course, saved(tmp_path / "a.zip", packed({f"bo_1_1_{name}": notebook(course, "b")})))
    assert submitted(course) == {"1": "b"}


def test_the_notebook_of_the_lesson_is_found_among_others(course: Course, tmp_path: Path) -> None:
    other = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    files = {"notes.ipynb": other, "work.ipynb": notebook(course, "w"), "timestamp.txt": b"1999-01-01"}
    collect(course, saved(tmp_path / "a.zip", packed({"bo_1_1_hw.zip": packed(files)})))
    assert submitted(course) == {"1": "w"}
    there = tree(course.root / "grading" / "submitted" / "1" / KEY)
    assert there.keys() == {NB, "notes.ipynb"}  # a time that a student wrote is no time of handing in


def test_a_notebook_that_cannot_be_read_is_collected_and_grading_will_say_why(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    collect(course, saved(tmp_path / "a.zip", packed({f"bo_1_1_{NB}": b"<html>no notebook</html>"})))
    assert submitted(course) == {"1": "?"}
    assert "it cannot be read: the file is a web page, not a notebook" in capsys.readouterr().out


def test_what_is_collected_is_what_grading_finds(course: Course, tmp_path: Path) -> None:
    names = ["ada", "Anna Müller", "a@x.edu", "=1+1", "<b>x</b>", "..", "-x", "CON", "x" * 300, "\u202eevil", "🙂"]
    files = {f"assignment/submission_{n}/{NB}": notebook(course, str(n)) for n, _ in enumerate(names)}
    people = [f"submission_{n}:\n  :submitters:\n  - :sid: {json.dumps(name)}\n" for n, name in enumerate(names)]
    files["assignment/submission_metadata.yml"] = "".join(people).encode()
    collect(course, saved(tmp_path / "a.zip", packed(files)))
    found = find_submissions(course, [KEY], [])
    assert len(found) == len(names)
    assert all(isinstance(one, Submission) and one.checked() == one.path for one in found)
    assert strangers(course) == []
    assert submitted(course)["Anna Müller"] == "1"


def test_the_place_that_is_collected_to_is_no_source(course: Course, capsys: pytest.CaptureFixture[str]) -> None:
    (course.root / "grading" / "submitted").mkdir(parents=True)
    for folder in ("submitted", "."):
        assert collect(course, course.root / "grading" / folder) == 2
        assert "is where submissions are collected: give the archive or folder that they come from" in (
            capsys.readouterr().err
        )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["missing.zip"], "error: missing.zip: there is no such file or folder\n"),
        ([".", "--zone", "Mars/Base"], "error: --zone Mars/Base: there is no such zone: write it like Europe/Vienna"),
        ([".", "--roster", "no.csv"], "error: no.csv: the roster cannot be read: No such file or directory\n"),
        ([".", "--lesson", "09"], "error: no lesson '09' in course.toml: choose one of 01_tiny\n"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    course: Course,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    said: str,
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path / "empty")
    assert collect(course, *arguments) == 2
    assert capsys.readouterr().err.startswith(said)


def test_the_summary_says_how_late_where_there_is_a_due_date(course: Course, tmp_path: Path) -> None:
    from datetime import datetime

    from autograde.grading.gradebook import opened

    with opened(course.root) as gradebook:
        gradebook.find_assignment(KEY).duedate = datetime(2026, 11, 1, 8)
        gradebook.db.commit()
    collect(course, attempt(course, tmp_path, 1, "first"))
    text = (course.root / "grading" / "collected" / "summary.csv").read_text(encoding="utf-8-sig")
    line = next(csv.reader(text.splitlines()[1:]))
    assert line[:7] == ["01_tiny", "ada", "", "collected", "2026-11-01 10:00:00 UTC", "2 hours", "1"]


def test_what_earlier_runs_collected_stays_in_the_summary(course: Course, tmp_path: Path) -> None:
    collect(course, laid(tmp_path / "1", {"ada.ipynb": notebook(course, "a"), f"{KEY}.ipynb": notebook(course, "?")}))
    collect(course, laid(tmp_path / "2", {"bea.ipynb": notebook(course, "b")}))
    text = (course.root / "grading" / "collected" / "summary.csv").read_text(encoding="utf-8-sig")
    lines = [line[1:4:2] for line in csv.reader(text.splitlines()[1:])]
    assert lines == [["ada", "collected"], ["bea", "collected"], ["", "not attributed"]]


def test_a_time_that_is_known_only_later_is_added(course: Course, tmp_path: Path) -> None:
    archive = saved(tmp_path / "m.zip", packed({f"Ada_5_assignsubmission_file_/{NB}": notebook(course, "a")}))
    lines = ["Identifier,Full name,ID number,Last modified (submission)", "Participant 5,Ada,s1,"]
    collect(course, archive, "--roster", roster(tmp_path / "r.csv", lines))
    assert stamp(course, "s1") == ""
    lines[1] += '"Friday, 20 November 2026, 6:30 PM"'
    collect(course, archive, "--roster", roster(tmp_path / "r.csv", lines))
    assert stamp(course, "s1") == "2026-11-20 18:30:00 UTC"


def test_what_is_nobodys_can_be_given_its_folders_name_and_collected_from_there(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people = roster(tmp_path / "r.csv", ["id,name", "ada,Ada L", "bea,Bea M"])
    files = {f"{KEY} (1).ipynb": notebook(course, "a"), f"{KEY} (2).ipynb": notebook(course, "b")}
    collect(course, laid(tmp_path / "in", files), "--roster", people)
    waiting = course.root / "grading" / "collected" / "unattributed" / KEY
    first, second = sorted(waiting.iterdir())
    first.rename(waiting / "ada")
    capsys.readouterr()
    collect(course, waiting, "--roster", people)
    assert submitted(course) == {"ada": "a"}
    assert sorted(path.name for path in waiting.iterdir()) == [second.name, "ada"]
    assert "1 collected, 1 not attributed, 1 nothing handed in" in capsys.readouterr().out


def test_a_notebook_that_is_damaged_replaces_no_whole_one(course: Course, tmp_path: Path) -> None:
    collect(course, saved(tmp_path / "1.zip", packed({f"bo_7_1_{NB}": notebook(course, "whole")})))
    data = bytearray(packed({f"bo_7_2_{NB}": notebook(course, "damaged")}))
    data[len(NB) + 60] ^= 0xFF
    assert collect(course, saved(tmp_path / "2.zip", bytes(data))) == 0
    assert submitted(course) == {"7": "whole"}


def test_students_whom_the_roster_does_not_know_are_named(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = saved(tmp_path / "1.zip", packed({f"bo_7_1_{NB}": notebook(course, "b")}))
    collect(course, archive)
    people = roster(tmp_path / "r.csv", ["Student,ID,SIS Login ID", '"O, B",7,bo'])
    collect(course, archive, "--roster", people)
    assert "in grading/submitted, and not in the roster: 7\n" in capsys.readouterr().out
