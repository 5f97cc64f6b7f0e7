"""Archives that no honest platform makes are refused with a reason, member by member or whole, and harm nothing."""

from __future__ import annotations

import io
import os
import random
import stat
import struct
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from exports import collect, entry, laid, notebook, packed, saved, submitted, tree, with_flag
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_course import KEY

from autograde.course import Course
from autograde.grading.collecting import sources, zips
from autograde.grading.collecting.entries import Unreadable
from autograde.grading.collecting.sources import Found, open_sources

NB = f"{KEY}.ipynb"


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    with ExitStack() as made:
        yield made


def opened(path: Path, stack: ExitStack) -> Found:
    return open_sources([path], stack)


def reasons(found: Found) -> list[str]:
    return [one.reason for one in (*found.whole, *found.refused)]


def one_member(tmp_path: Path, info: zipfile.ZipInfo, content: bytes = b"x", name: str = "a.zip") -> Path:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("good.ipynb", b"{}")
        archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    return saved(tmp_path / name, data.getvalue())


OUTSIDE = "its path has .. in it: it would lie outside the archive"
ABSOLUTE = "its path is absolute: it would lie outside the archive"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../../evil.ipynb", OUTSIDE),
        ("a/../../evil.ipynb", OUTSIDE),
        ("..\\..\\evil.ipynb", OUTSIDE),
        ("/etc/cron.d/evil", ABSOLUTE),
        ("\\\\server\\share\\evil", ABSOLUTE),
        ("C:\\evil.ipynb", ABSOLUTE),
        ("c:evil.ipynb", ABSOLUTE),
        ("evil\x00.ipynb", "its name holds control characters"),
        ("evil\n.ipynb", "its name holds control characters"),
        ("a/" * 40 + "evil.ipynb", "it lies 41 folders deep (at most 30 are read)"),
        ("a" * 1200 + ".ipynb", "its path is 1206 characters long (at most 1000 are read)"),
    ],
)
def test_a_path_that_leads_elsewhere_is_refused_and_the_others_are_read(
    tmp_path: Path, stack: ExitStack, name: str, reason: str
) -> None:
    found = opened(one_member(tmp_path, entry(name)), stack)
    assert reasons(found) == [reason]
    assert [one.parts for one in found.entries] == [("good.ipynb",)]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        (stat.S_IFLNK, "it is a symbolic link, not a file"),
        (stat.S_IFIFO, "it is a device, a pipe or another special file"),
        (stat.S_IFCHR, "it is a device, a pipe or another special file"),
    ],
)
def test_a_link_or_a_device_in_an_archive_is_refused(tmp_path: Path, stack: ExitStack, kind: int, reason: str) -> None:
    info = entry("01_tiny.ipynb")
    info.external_attr = (kind | 0o777) << 16
    assert reasons(opened(one_member(tmp_path, info, b"/etc/passwd"), stack)) == [reason]


def test_an_encrypted_member_is_refused(tmp_path: Path, stack: ExitStack) -> None:
    path = saved(tmp_path / "a.zip", with_flag(packed({NB: b"x" * 100}), 0x1))
    assert reasons(opened(path, stack)) == ["it is encrypted: ask for it without a password"]


def test_another_compression_than_deflate_is_refused(tmp_path: Path, stack: ExitStack) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr(NB, b"x" * 100)
    found = opened(saved(tmp_path / "a.zip", data.getvalue()), stack)
    assert reasons(found) == ["it is compressed by method 14; only deflate is read: pack it anew as a plain zip"]


def test_a_bomb_is_refused_by_its_ratio_before_it_is_unpacked(tmp_path: Path, stack: ExitStack) -> None:
    found = opened(saved(tmp_path / "a.zip", packed({NB: bytes(4 * 2**20)})), stack)
    (reason,) = reasons(found)
    assert reason.endswith("times its size: a zip bomb")


def test_a_member_that_is_larger_than_it_says_is_damaged(tmp_path: Path, stack: ExitStack) -> None:
    data = bytearray(packed({NB: random.Random(0).randbytes(5000)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature) + offset
        data[at : at + 4] = struct.pack("<L", 100)
    (one,) = opened(saved(tmp_path / "a.zip", bytes(data)), stack).entries
    with pytest.raises(Unreadable, match="it is damaged"):
        one.read()


def test_a_member_whose_check_sum_is_wrong_is_damaged_and_the_others_are_collected(
    course: Course, tmp_path: Path
) -> None:
    data = bytearray(packed({f"bad_1_1_{NB}": notebook(course), f"good_2_2_{NB}": notebook(course, "g")}))
    data[data.find(NB.encode()) + len(NB) + 30] ^= 0xFF
    assert collect(course, saved(tmp_path / "a.zip", bytes(data))) == 0
    assert submitted(course)["2"] == "g"
    assert "1" not in submitted(course)


def test_members_that_overlap_are_a_bomb(tmp_path: Path, stack: ExitStack) -> None:
    data = bytearray(packed({"a.ipynb": b"1" * 50, "b.ipynb": b"1" * 50}))
    second = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 4)
    data[second + 42 : second + 46] = struct.pack("<L", 0)
    assert reasons(opened(saved(tmp_path / "a.zip", bytes(data)), stack)) == [
        "its members overlap: a zip bomb, or damaged"
    ]


def test_too_many_members_are_refused(tmp_path: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zips, "WHOLE_CLASS", zips.Limits(10, 2**20))
    path = saved(tmp_path / "a.zip", packed({f"{n}.ipynb": b"" for n in range(11)}))
    assert reasons(opened(path, stack)) == ["it holds 11 files (at most 10 are read)"]


def test_a_list_of_members_that_would_fill_the_memory_is_refused(
    tmp_path: Path, stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zips, "WHOLE_CLASS", zips.Limits(10, 100))
    path = saved(tmp_path / "a.zip", packed({f"{n}.ipynb": b"" for n in range(11)}))
    assert reasons(opened(path, stack)) == ["its list of members is 0 MB long"]


@pytest.mark.parametrize("length", [1, 30, -1, -10, -22, -60])
def test_an_archive_that_is_cut_short_is_refused_whole(tmp_path: Path, stack: ExitStack, length: int) -> None:
    found = opened(saved(tmp_path / "a.zip", packed({NB: b"x" * 100})[:length]), stack)
    assert (reasons(found), found.entries) == (["it is cut short: its end is missing"], [])


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"Rar!\x1a\x07\x01\x00", "a RAR archive"),
        (b"7z\xbc\xaf\x27\x1c\x00", "a 7z archive"),
        (b"\x1f\x8b\x08", "a gzip or tar.gz archive"),
        (bytes(257) + b"ustar" + bytes(250), "a tar archive"),
    ],
)
def test_another_kind_of_archive_is_named_with_what_to_do(
    tmp_path: Path, stack: ExitStack, head: bytes, what: str
) -> None:
    (one,) = opened(saved(tmp_path / "a.rar", head), stack).whole
    assert one.reason == f"it is {what}: only zip archives and folders are read"
    assert one.mend == "unpack it with the program that made it, and give the folder"


def test_a_zip_in_a_students_zip_is_not_opened(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = packed({NB: notebook(course, "deep")})
    files = {"bo_1_1_hw.zip": packed({NB: notebook(course, "bo"), "more.zip": deep})}
    assert collect(course, saved(tmp_path / "a.zip", packed(files))) == 0
    assert submitted(course) == {"1": "bo"}
    assert "it is a zip archive in a zip archive in an archive; only one of them is opened" in capsys.readouterr().out


@pytest.mark.parametrize("trouble", ["bomb", "cut", "rar", "many"])
def test_one_students_hostile_zip_costs_nobody_else_anything(course: Course, tmp_path: Path, trouble: str) -> None:
    hostile = {
        "bomb": packed({NB: bytes(3 * 2**20)}),
        "cut": packed({NB: b"x" * 200})[:-30],
        "rar": b"Rar!\x1a\x07" + bytes(40),
        "many": packed({f"{n}.csv": b"" for n in range(5001)}),
    }[trouble]
    files = {"eve_1_1_hw.zip": hostile, f"bo_2_2_{NB}": notebook(course, "bo")}
    assert collect(course, saved(tmp_path / "a.zip", packed(files))) == 0
    assert submitted(course) == {"2": "bo"}
    kept = tree(course.root / "grading" / "collected" / "attempts" / "1" / KEY)
    assert [data for name, data in kept.items() if name.endswith(".zip")] == [hostile]


def test_an_archive_that_is_refused_stops_nothing_else_and_the_command_says_so(
    course: Course, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = saved(tmp_path / "bad.zip", b"PK\x03\x04 and then nothing")
    good = saved(tmp_path / "good.zip", packed({"ada.ipynb": notebook(course, "a")}))
    assert collect(course, bad, good) == 1
    assert submitted(course) == {"ada": "a"}
    assert "refused: bad.zip: all of it: it is cut short: its end is missing" in capsys.readouterr().out


def test_nothing_is_written_outside_the_places_of_collecting(course: Course, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*"))
    names = [
        "../out.ipynb",
        "/tmp/out.ipynb",
        "C:\\out.ipynb",
        "CON.ipynb",
        "x/nul/aux.ipynb",
        "a:b?.ipynb",
        "ada.ipynb",
    ]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in names:
            archive.writestr(entry(name), notebook(course, "n"))
    collect(course, saved(tmp_path / "in" / "a.zip", data.getvalue()))
    new = {
        path.relative_to(course.root).parts[:2]
        for path in set(tmp_path.rglob("*")) - before
        if course.root in path.parents
    }
    assert new <= {("grading",), ("grading", "submitted"), ("grading", "collected"), ("grading", "cache")}
    outside = {path.name for path in set(tmp_path.rglob("*")) - before if course.root not in path.parents}
    assert outside == {"in", "a.zip"}


def test_names_that_are_not_marked_as_utf8_are_read_as_what_they_are(tmp_path: Path, stack: ExitStack) -> None:
    data = packed({"Müller.ipynb": b"{}"})
    unmarked = with_flag(data, 0).replace(struct.pack("<H", 0x800), struct.pack("<H", 0), 2)
    old = packed({"M_ller.ipynb": b"{}"}).replace(b"M_ller", b"M\x81ller")
    for number, content in enumerate((data, unmarked, old)):
        (one,) = opened(saved(tmp_path / f"{number}.zip", content), stack).entries
        assert one.name == "Müller.ipynb"


def test_a_name_marked_as_utf8_that_is_none_is_refused(tmp_path: Path, stack: ExitStack) -> None:
    data = packed({"Mül.ipynb": b"{}"}).replace("ü".encode(), b"\xfc\xfc")
    assert reasons(opened(saved(tmp_path / "a.zip", data), stack)) == ["a name in it is marked as UTF-8 and is not"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_of_a_path_that_is_there_twice_the_last_one_counts(tmp_path: Path, stack: ExitStack) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for content in (b"1", b"2"):
            archive.writestr("a.ipynb", content)
    found = opened(saved(tmp_path / "a.zip", data.getvalue()), stack)
    assert [one.read() for one in found.entries] == [b"2"]
    assert reasons(found) == ["its path stands in the archive twice: the last one counts"]


def test_in_a_folder_links_and_pipes_are_refused_and_nothing_is_followed(tmp_path: Path, stack: ExitStack) -> None:
    secret = saved(tmp_path / "secret" / "key.ipynb", b"{}")
    folder = laid(tmp_path / "in", {"ada.ipynb": b"{}", ".git/x.ipynb": b"", "Thumbs.db": b"", "._ada.ipynb": b""})
    (folder / "link.ipynb").symlink_to(secret)
    (folder / "all").symlink_to(secret.parent)
    os.mkfifo(folder / "pipe.ipynb")
    found = opened(folder, stack)
    assert [one.shown for one in found.entries] == ["ada.ipynb"]
    assert sorted((one.path, one.reason) for one in found.refused) == [
        ("all", "it is a symbolic link, not a folder"),
        ("link.ipynb", "it is a symbolic link, not a file"),
        ("pipe.ipynb", "it is a device, a pipe or another special file"),
    ]
    assert found.left_out == 3


def test_files_that_differ_in_case_only_both_stay(course: Course, tmp_path: Path) -> None:
    files = {NB: notebook(course), "data.csv": b"1", "Data.csv": b"2", f"{KEY.upper()}.IPYNB.txt": b"no"}
    collect(course, saved(tmp_path / "a.zip", packed({"ada.zip": packed(files)})))
    there = tree(course.root / "grading" / "submitted" / "ada" / KEY)
    assert {there["data.csv"], there["Data~2.csv"]} == {b"1", b"2"}
    assert len({name.casefold() for name in there}) == len(there)


BYTES = st.binary(max_size=300)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_archive_damaged_anywhere_is_refused_or_read_and_raises_nothing_else(data: st.DataObject) -> None:
    good = bytearray(packed({"a/b.ipynb": b"{}" * 50, "c.csv": b"12"}))
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(0, len(good) - 1))
        good[at] = data.draw(st.integers(0, 255))
    try:
        archive, members = zips.open_zip(io.BytesIO(bytes(good)), zips.ONE_STUDENT)
    except Unreadable:
        return
    for member in members:
        assert ".." not in member.parts
        if not member.refusal:
            try:
                assert len(zips.read_member(archive, member.info, 1000)) <= 1000
            except Unreadable as error:
                assert error.reason


@settings(max_examples=60, deadline=None)
@given(BYTES)
def test_bytes_of_any_kind_are_no_archive_and_say_why(data: bytes) -> None:
    with pytest.raises(Unreadable) as refused:
        zips.open_zip(io.BytesIO(b"PK\x03\x04" + data), zips.ONE_STUDENT)
    assert refused.value.reason
    assert isinstance(sources.archive_kind(data), str)
