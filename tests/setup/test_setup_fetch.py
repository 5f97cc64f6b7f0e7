"""Where the course comes from, in which order, and what is said when it cannot be had."""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from pathlib import Path

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, REF, SMALL_COURSE, archive, write_files

KAGGLE = {"KAGGLE_KERNEL_RUN_TYPE": "Interactive", "COLAB_RELEASE_TAG": "release-colab_20260416-060049_RC00"}


def kept(notebooks: Path) -> list[str]:
    """What lies in the folder of this ref, sorted."""
    return sorted(path.name for path in (notebooks / ".measure_first" / REF).iterdir())


def test_the_first_run_fetches_and_the_second_needs_no_network(run, host, bare_machine):
    first = run()
    host.close()
    second = run()
    assert host.asked == [ARCHIVE_PATH]
    assert (first.course, first.data) == (second.course, second.data)
    assert first.origin == f"main (1a2b3c4), fetched into {bare_machine}/.measure_first"
    assert second.origin == f"main (1a2b3c4), kept in {bare_machine}/.measure_first"
    assert second.seconds < 0.5


def test_only_the_package_the_data_and_this_lesson_are_kept(run):
    course = run().course
    names = sorted(str(path.relative_to(course)) for path in course.rglob("*") if path.is_file())
    assert names == sorted(name for name in SMALL_COURSE if not name.startswith(("tests/", "release/99")))


def test_the_course_can_be_imported_and_the_lesson_finds_its_files(run):
    environ: dict[str, str] = {}
    known = run(environ)
    import autograde

    assert Path(autograde.__file__).parent == known.course / "autograde"
    assert sys.path[0] == str(known.course)
    run()
    assert sys.path.count(str(known.course)) == 1


def test_the_lessons_data_folder_is_named_in_the_environment(code, host):
    environ = {"MEASURE_FIRST_SOURCE": host.address + "/"}
    code.setup(LESSON, environ=environ, requirements=(), shell="plain")
    assert (Path(environ["MEASURE_FIRST_DATA"]) / "quiz_1.json").read_bytes() == b"{}"


def test_another_version_of_the_package_is_forgotten_and_the_same_is_kept(run, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(write_files(tmp_path / "old", {"autograde/__init__.py": "__version__ = '0'\n"})))
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograde"]:
        del sys.modules[name]
    import autograde as old

    run()
    import autograde as new

    assert (old.__version__, new.__version__) == ("0", "1")
    run()
    import autograde as again

    assert again is new


def test_a_checkout_around_the_notebook_comes_first(run, host, tmp_path, monkeypatch):
    lesson = write_files(tmp_path / "fork", SMALL_COURSE) / "release" / LESSON
    monkeypatch.chdir(lesson)
    facts = run(KAGGLE)
    assert (facts.course, facts.data, facts.origin) == (tmp_path / "fork", lesson, f"the checkout {tmp_path}/fork")
    assert host.asked == []


def test_in_a_checkout_an_unreleased_lesson_has_its_files_in_source(run, tmp_path, monkeypatch):
    files = {"course.toml": b"", "autograde/__init__.py": b"", f"source/{LESSON}/quiz_1.json": b"{}"}
    monkeypatch.chdir(write_files(tmp_path / "fork", files))
    assert run().data == tmp_path / "fork" / "source" / LESSON


@pytest.mark.parametrize("inside", ["measure-first", "datasets/owner/measure-first", "set/measure-first-main"])
def test_on_kaggle_an_attached_data_set_comes_before_the_network(run, code, host, tmp_path, monkeypatch, inside):
    folder = write_files(tmp_path / "input" / inside, SMALL_COURSE)
    monkeypatch.setattr(code, "KAGGLE_INPUT", tmp_path / "input")
    facts = run(KAGGLE)
    assert (facts.course, facts.data) == (folder, folder / "release" / LESSON)
    assert host.asked == []


def test_an_attached_data_set_without_this_lesson_is_passed_over(run, code, host, tmp_path, monkeypatch):
    write_files(tmp_path / "input" / "old", {"autograde/__init__.py": b""})
    monkeypatch.setattr(code, "KAGGLE_INPUT", tmp_path / "input")
    run(KAGGLE)
    assert host.asked == [ARCHIVE_PATH]


def test_kaggles_folder_means_nothing_elsewhere(run, code, host, tmp_path, monkeypatch):
    monkeypatch.setattr(code, "KAGGLE_INPUT", write_files(tmp_path / "input", SMALL_COURSE))
    run()
    assert host.asked == [ARCHIVE_PATH]


def test_two_lessons_in_one_folder_each_keep_their_own_files(run, code, host, bare_machine):
    run()
    environ = {"MEASURE_FIRST_SOURCE": host.address}
    other = code.setup("99_other", environ=environ, requirements=(), shell="plain")
    assert other.data.name == "99_other" and other.data.is_dir()
    assert [name for name in kept(bare_machine) if name.endswith(".json")] == [f"{LESSON}.json", "99_other.json"]
    run()
    assert len(host.asked) == 2


def test_refresh_fetches_a_branch_that_moved_and_drops_the_old_modules(run, host):
    import_version = "import autograde; version = autograde.__version__"
    run()
    exec(import_version, before := {})
    host.pages[ARCHIVE_PATH] = archive(
        SMALL_COURSE | {"autograde/__init__.py": b'__version__ = "2"\n'}, commit="9" * 40
    )
    assert run().origin.startswith("main (1a2b3c4), kept")
    assert run(refresh=True).origin.startswith("main (9999999), fetched")
    exec(import_version, after := {})
    assert (before["version"], after["version"]) == ("1", "2")


def test_a_refresh_without_network_goes_on_with_the_kept_copy_and_says_so(run, host):
    first = run()
    host.close()
    facts = run(refresh=True)
    assert facts.course == first.course
    assert facts.notes[0].startswith("The kept copy is used: the course could not be fetched from http://127.0.0.1:")


def test_another_ref_and_a_fork_are_kept_apart(run, code, host):
    run()
    host.pages["/measure-first/measure-first/archive/autumn/2026.tar.gz"] = archive(SMALL_COURSE)
    code.REF = "autumn/2026"
    assert run().course.parent.name == "autumn%2F2026"
    code.REF, code.REPOSITORY = REF, "fork/course"
    host.pages["/fork/course/archive/main.tar.gz"] = archive(SMALL_COURSE)
    run()
    assert len(host.asked) == 3


def test_a_damaged_copy_is_fetched_again(run, host):
    course = run().course
    (course / "autograde" / "__init__.py").write_text("# cut")
    assert run().course != course
    (course.parent / f"{LESSON}.json").write_text('{"folder": ')
    run()
    assert len(host.asked) == 3


@pytest.mark.parametrize("marker", ["[]", "{}", '{"folder": 1, "files": {}}', '{"folder": "/etc", "files": {}}', ""])
def test_a_marker_that_makes_no_sense_is_no_marker(run, host, bare_machine, marker):
    write_files(bare_machine / ".measure_first" / REF, {f"{LESSON}.json": marker})
    run()
    assert host.asked == [ARCHIVE_PATH]


# The network


def test_no_network_and_no_copy_says_what_to_do(run, code, host, bare_machine):
    host.close()
    with pytest.raises(code.SetupError) as caught:
        run(shell="<google.colab._shell.Shell>")
    assert str(caught.value) == (
        f"the course could not be fetched from {host.address}{ARCHIVE_PATH}: "
        f"[Errno {errno.ECONNREFUSED}] Connection refused. "
        "What to do: wait a minute, then run this cell again."
    )
    assert list(bare_machine.iterdir()) == []


@pytest.mark.parametrize("sent", [0, 10, 200, -8, -1])
def test_a_connection_that_breaks_off_leaves_nothing_and_the_next_run_completes(run, code, host, bare_machine, sent):
    host.cut = sent
    with pytest.raises(code.FetchError, match="the connection broke off"):
        run()
    assert list(bare_machine.iterdir()) == []
    host.cut = None
    assert run().course.is_dir()


def test_an_archive_that_was_cut_on_its_way_is_noticed_although_its_length_is_as_told(run, code, host, bare_machine):
    whole = archive(SMALL_COURSE)
    for length in (len(whole) // 2, len(whole) - 1):
        host.pages[ARCHIVE_PATH] = whole[:length]
        with pytest.raises(code.FetchError, match="Compressed file ended before the end-of-stream marker"):
            run()
    host.pages[ARCHIVE_PATH] = whole[:-8] + bytes(8)
    with pytest.raises(code.FetchError, match="CRC check failed"):
        run()
    assert list(bare_machine.iterdir()) == []


def test_a_page_in_place_of_the_archive_is_refused(run, code, host):
    host.pages[ARCHIVE_PATH] = b"<html>Please log in to the campus network</html>"
    with pytest.raises(code.FetchError, match=re.escape("Not a gzipped file (b'<h')")):
        run()


def test_an_unknown_ref_is_told_from_a_missing_network(run, code, host):
    host.pages.clear()
    with pytest.raises(code.FetchError) as caught:
        run()
    assert str(caught.value).endswith(
        "the answer is 404 Not Found. What to do: ask whoever gave you the notebook whether "
        "measure-first/measure-first is public and has 'main'."
    )


def test_a_source_that_is_no_address_is_a_message(run, code):
    with pytest.raises(code.FetchError, match="unknown url type"):
        run({"MEASURE_FIRST_SOURCE": "here"})


def test_a_mirror_may_be_a_folder(run, tmp_path):
    write_files(tmp_path / "mirror", {ARCHIVE_PATH[1:]: archive(SMALL_COURSE)})
    assert run({"MEASURE_FIRST_SOURCE": (tmp_path / "mirror").as_uri()}).course.is_dir()


# The disk


def test_on_a_read_only_disk_the_copy_goes_to_the_home_folder(run, host, bare_machine, tmp_path):
    (bare_machine / ".measure_first").write_text("a file where the folder would be")
    facts = run()
    assert facts.course.parent == tmp_path / "home" / ".measure_first" / REF
    assert run().course == facts.course and len(host.asked) == 1


def test_with_no_home_either_it_goes_among_the_temporary_files(run, code, host, bare_machine, tmp_path, monkeypatch):
    (bare_machine / ".measure_first").write_text("a file")
    monkeypatch.setenv("HOME", str(bare_machine / ".measure_first"))
    monkeypatch.setattr(code.tempfile, "tempdir", str(tmp_path))
    environ = {"MEASURE_FIRST_SOURCE": host.address}
    places = [code.setup(LESSON, environ=environ, requirements=(), shell="plain").course for _ in range(2)]
    assert places[0] == places[1] and places[0].parent.parent == tmp_path
    assert len(host.asked) == 1, "this kernel finds its copy again"


def test_where_nothing_can_be_written_it_says_so(run, code, monkeypatch):
    def refuse(*args: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(code, "keep", refuse)
    with pytest.raises(code.SetupError) as caught:
        run()
    assert str(caught.value) == (
        "nothing can be written ([Errno 30] Read-only file system), so the course could not be kept and nothing was "
        "left of it. What to do: open the notebook in a folder of your own, then run this cell again."
    )


@pytest.mark.parametrize("step", ["mkdir", "write_bytes", "write_text", "rename", "replace"])
def test_a_full_disk_is_a_clear_message_and_leaves_no_part_behind(run, code, bare_machine, monkeypatch, step):
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "No space left on device")

    owner = code.os if step in ("rename", "replace") else code.Path
    with monkeypatch.context() as broken:
        broken.setattr(owner, step, full)
        with pytest.raises(code.SetupError) as caught:
            run()
    assert str(caught.value) == (
        "the disk is full, so the course could not be kept and nothing was left of it. "
        "What to do: delete what you no longer need, then run this cell again."
    )
    assert not [path for path in bare_machine.rglob("*") if path.is_file()]
    assert step == "mkdir" or kept(bare_machine) == []
    assert run().course.is_dir()


def test_what_killed_runs_left_is_removed_once_nobody_can_need_it(run, host, bare_machine):
    old = run().course
    place = old.parent
    part, young = place / "part-killed", place / "part-running"
    part.mkdir()
    young.mkdir()
    for stale in (part, old):
        os.utime(stale, (1, 1))
    facts = run(refresh=True)
    assert kept(bare_machine) == sorted([f"{LESSON}.json", facts.course.name, "part-running"])
    assert json.loads((place / f"{LESSON}.json").read_text())["folder"] == facts.course.name
