"""Killed at any step, by two notebooks at once: the next run completes, and what is marked as complete is complete.

A kill is real here: a forked process ends with os._exit at its nth file, folder, rename or connection, so that no
`finally` and no `except` runs. The steps are those that the interpreter itself reports (sys.addaudithook).
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy  # noqa: F401  (here, so that not every fork loads it)
import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, SMALL_COURSE, Site, archive

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="a kill is imitated with os.fork"),
]

KILLED = 137
STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.unlink", "shutil.rmtree", "socket.connect")


def in_another_process(work: Callable[[], None], kill_at: int | None = None) -> int:
    """The exit status of `work` in a fork: 0, 1 after an exception, KILLED when it reached step `kill_at`."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    steps = 0

    def watch(event: str, args: tuple[object, ...]) -> None:
        nonlocal steps
        if event in STEPS:
            steps += 1
            if steps == kill_at:
                os._exit(KILLED)

    try:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
        if kill_at is not None:
            sys.addaudithook(watch)
        work()
    except BaseException:
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


@pytest.fixture
def lesson(code: ModuleType, host: Site) -> Callable[..., None]:
    """lesson(refresh=…, offline=…): a whole run, which then uses the lesson's file as a student would."""

    def run(refresh: bool = False, offline: bool = False, version: str = "") -> None:
        source = "http://127.0.0.1:9" if offline else host.address
        environ = {"MEASURE_FIRST_SOURCE": source}
        facts = code.setup(LESSON, refresh=refresh, requirements=(), environ=environ, shell="plain")
        assert Path(environ["MEASURE_FIRST_DATA"], "quiz_1.json").read_text() == "{}"
        assert not refresh or not facts.notes, facts.notes
        for name in [name for name in sys.modules if name.partition(".")[0] == "autograde"]:
            del sys.modules[name]
        import autograde

        assert version in ("", autograde.__version__), autograde.__version__

    return run


def test_a_run_killed_at_any_step_is_completed_by_the_next(lesson, bare_machine):
    steps = 0
    while True:
        steps += 1
        status = in_another_process(lesson, kill_at=steps)
        if status == 0:
            break
        assert status == KILLED
        assert in_another_process(lesson) == 0, f"killed at step {steps}, the next run failed"
        assert in_another_process(lambda: lesson(offline=True)) == 0, f"killed at step {steps}: not kept whole"
        shutil.rmtree(bare_machine / ".measure_first", ignore_errors=True)
    assert steps > 20, "the kills did not reach into the work"


def test_a_refresh_killed_at_any_step_leaves_the_old_copy_or_the_new_one(lesson, host):
    assert in_another_process(lesson) == 0
    host.pages[ARCHIVE_PATH] = archive(SMALL_COURSE | {"autograde/__init__.py": b'__version__ = "2"\n'})
    steps, seen = 0, set()
    while True:
        steps += 1
        status = in_another_process(lambda: lesson(refresh=True), kill_at=steps)
        if status == 0:
            break
        assert status == KILLED
        version = next(v for v in "12" if in_another_process(lambda v=v: lesson(offline=True, version=v)) == 0)
        seen.add(version)
    assert seen == {"1", "2"}
    assert in_another_process(lambda: lesson(offline=True, version="2")) == 0


def test_the_twin_a_kill_inside_a_plain_copy_would_be_noticed(lesson, bare_machine, code, monkeypatch):
    """Where files are written straight to their place under a marker written first, a kill leaves a broken course."""

    def careless(archive_bytes: bytes, place: Path, lesson_key: str) -> object:
        place.mkdir(parents=True, exist_ok=True)
        folder = place / "course"
        folder.mkdir(exist_ok=True)
        (place / f"{lesson_key}.json").write_text(f'{{"from": ["{code.REPOSITORY}", "{code.REF}"], '
                                                  '"commit": "", "folder": "course", "files": {}}')  # fmt: skip
        code.extract(archive_bytes, folder, lesson_key)
        return code.Course(folder, folder / "release" / lesson_key, "")

    monkeypatch.setattr(code, "keep", careless)
    broken = 0
    for step in range(1, 15):
        if in_another_process(lesson, kill_at=step) == KILLED:
            broken += in_another_process(lesson) != 0
        shutil.rmtree(bare_machine / ".measure_first", ignore_errors=True)
    assert broken > 0


def test_two_notebooks_in_one_folder_may_start_at_the_same_moment(lesson, code, host, bare_machine):
    children = []
    for _ in range(4):
        child = os.fork()
        if not child:
            os._exit(in_another_process(lesson))
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    assert in_another_process(lambda: lesson(offline=True)) == 0
    assert not list((bare_machine / ".measure_first" / "main").glob("part-*"))


def test_a_student_who_stops_the_cell_leaves_nothing_half_done(code, run, bare_machine, monkeypatch):
    def stop(*args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as pressed:
        pressed.setattr(code.os, "rename", stop)
        with pytest.raises(KeyboardInterrupt):
            run()
    assert list((bare_machine / ".measure_first" / "main").iterdir()) == []
    assert run().course.is_dir()
