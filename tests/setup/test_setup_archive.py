"""An archive is unpacked without ever writing outside its folder, however it was made."""

from __future__ import annotations

import gzip
import io
import re
import tarfile
from pathlib import Path

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, SMALL_COURSE, archive

TOP = "measure-first-main"


def entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    """One member of an archive; a plain file of four bytes unless told otherwise."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    member.size = 4 if kind == tarfile.REGTYPE else 0
    return member


@pytest.mark.parametrize(
    "member",
    [
        entry(f"{TOP}/autograde/../../evil.py"),
        entry(f"{TOP}/autograde/../../../../../../evil.py"),
        entry(f"{TOP}/autograde//evil.py"),
        entry(f"{TOP}/autograde/./evil.py"),
        entry(f"{TOP}/autograde/c:/evil.py"),
        entry(f"{TOP}/autograde/..\\evil.py"),
        entry(f"{TOP}/autograde/link", tarfile.SYMTYPE, "/etc"),
        entry(f"{TOP}/autograde/link", tarfile.LNKTYPE, f"{TOP}/course.toml"),
        entry(f"{TOP}/data/pipe", tarfile.FIFOTYPE),
        entry(f"{TOP}/data/device", tarfile.CHRTYPE),
    ],
    ids=lambda member: f"{member.name} {member.type.decode()}",
)
def test_a_link_a_device_or_a_path_that_leads_out_refuses_the_archive(run, code, host, tmp_path, bare_machine, member):
    host.pages[ARCHIVE_PATH] = archive(SMALL_COURSE, [member])
    with pytest.raises(code.SetupError) as caught:
        run()
    assert str(caught.value) == f"the archive was refused: {member.name!r} is a link or leads out of its folder."
    assert not list(tmp_path.rglob("evil*")) and not list((bare_machine / ".measure_first/main").iterdir())


@pytest.mark.parametrize(
    "member",
    [
        entry("/etc/evil"),
        entry("../evil"),
        entry(f"{TOP}/../evil"),
        entry(f"{TOP}/tests/link", tarfile.SYMTYPE, "/etc"),
        entry(f"{TOP}/autograde/folder", tarfile.DIRTYPE),
    ],
    ids=lambda member: member.name,
)
def test_what_the_lesson_does_not_need_is_never_written(run, host, tmp_path, member):
    host.pages[ARCHIVE_PATH] = archive(SMALL_COURSE, [member])
    course = run().course
    assert not list(tmp_path.rglob("evil*")) and not list(course.rglob("link"))


def test_an_archive_that_unpacks_to_too_much_is_refused(run, code, host, bare_machine, monkeypatch):
    monkeypatch.setattr(code, "MAX_BYTES", 2**20)
    host.pages[ARCHIVE_PATH] = gzip.compress(bytes(2**21))
    with pytest.raises(code.FetchError, match="it unpacks to more than 1 MiB, so it is not the course"):
        run()
    assert list(bare_machine.iterdir()) == []


def test_an_archive_that_is_too_large_itself_is_not_read_to_its_end(run, code, host, monkeypatch):
    monkeypatch.setattr(code, "MAX_BYTES", 100)
    with pytest.raises(code.FetchError, match="the connection broke off, or the archive is too large"):
        run()


def test_a_zipped_file_that_is_no_tar_archive_is_refused(run, code, host):
    host.pages[ARCHIVE_PATH] = gzip.compress(b"not a tar archive at all" * 100)
    with pytest.raises(code.FetchError, match="what was fetched is no archive of the course"):
        run()


@pytest.mark.parametrize("gone", ["autograde/__init__.py", f"release/{LESSON}/quiz_1.json"])
def test_an_archive_without_the_package_or_the_lesson_is_not_kept(run, code, host, bare_machine, gone):
    host.pages[ARCHIVE_PATH] = archive({name: text for name, text in SMALL_COURSE.items() if name != gone})
    wanted = (
        "measure-first/measure-first at 'main' has no lesson '00_imitation': the notebook is older or newer than that."
    )
    with pytest.raises(code.SetupError, match=re.escape(wanted)):
        run()
    assert list((bare_machine / ".measure_first" / "main").iterdir()) == []


def test_the_bytes_that_are_kept_are_the_bytes_of_the_archive(run, host, tmp_path):
    content = bytes(range(256)) * 400
    host.pages[ARCHIVE_PATH] = archive(SMALL_COURSE | {"data/deep/er/bytes.bin": content})
    assert Path(run().course, "data/deep/er/bytes.bin").read_bytes() == content


def test_an_archive_without_a_commit_is_kept_all_the_same(run, host):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.GNU_FORMAT) as tar:
        for name, content in SMALL_COURSE.items():
            member = tarfile.TarInfo(f"{TOP}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    host.pages[ARCHIVE_PATH] = packed.getvalue()
    assert run().origin.startswith("main, fetched into")
