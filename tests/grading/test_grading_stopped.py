"""The real command: with one job or four, killed ten times, stopped by Ctrl-C, after one test was edited."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from gradings_compared import dump, products
from tiny_course import KEY, RIGHT, answers, copy_course, hand_in

from autograde.course import Course
from autograde.grading.records import Record, read_record

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
DOUBLE = "# exercise: double\ndef double(x):\n"
ANSWERS: tuple[dict[str, str], ...] = (
    {},
    {"double": DOUBLE + "    return 3 * x"},
    {"double": DOUBLE + "    raise ValueError('no')", "why": "So."},
    {"predict": '# exercise: predict\nsizes = {"a": 4, "b": 7}'},
    {"double": DOUBLE + "    print('<b>' * 3)\n    return 2 * x", "predict": "sizes = 1 / 0"},
)
SEED, KILLS = 3, 10


def student(number: int) -> str:
    return f"s{number:02}"


def write_class(course: Course, first: int, last: int) -> None:
    """Hand in for students first … last - 1, the same for each number."""
    for number in range(first, last):
        texts = ANSWERS[number % len(ANSWERS)]
        hand_in(course, student(number), answers(course, **({**RIGHT, **texts} if texts else {})))


def start(course: Course, *arguments: str) -> subprocess.Popen[str]:
    """The command, in a session of its own, as from a terminal."""
    command = [sys.executable, "-m", "autograde", "grade", "--course", str(course.root), "--isolation", "process"]
    mark = {**os.environ, "MEASURE_FIRST_TEST": str(course.root), "MEASURE_FIRST_SECRET": "s", "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        [*command, *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        env=mark,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # tests in the background ignore it
        start_new_session=True,
    )


def grade(course: Course, *arguments: str) -> str:
    """Run the command to its end; what it says."""
    done = start(course, *arguments)
    said, trouble = done.communicate(timeout=300)
    assert done.returncode == 0, trouble
    return said


def left_behind(course: Course) -> list[str]:
    """Processes that carry the mark of this course's command."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"MEASURE_FIRST_TEST={course.root}\0".encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def nothing_left(course: Course, seconds: float = 15.0) -> bool:
    """Whether every process of the command is gone, at the latest after so long."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not left_behind(course):
            return True
        time.sleep(0.1)
    return False


def at_work(course: Course, pattern: str) -> None:
    """Wait until the command has come so far that something of this name is in the cache."""
    end = time.monotonic() + 120
    while not list((course.root / "grading" / "cache").glob(pattern)) and time.monotonic() < end:
        time.sleep(0.01)


def record_of(course: Course, number: int) -> Record:
    record = read_record(course, student(number), KEY)
    assert record is not None
    return record


@pytest.fixture(scope="module")
def undisturbed(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Twelve submissions, graded by one job."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    course = copy_course(built_course, tmp_path_factory.mktemp("undisturbed") / "a course")
    write_class(course, 0, 12)
    grade(course, "--jobs", "1")
    yield course


@pytest.fixture(scope="module")
def four_jobs(built_course: Course, tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The same, graded by four."""
    course = copy_course(built_course, tmp_path_factory.mktemp("four") / "a course")
    write_class(course, 0, 12)
    grade(course, "--jobs", "4")
    return course


def test_four_jobs_give_what_one_gives_to_the_byte(undisturbed: Course, four_jobs: Course) -> None:
    assert products(four_jobs) == products(undisturbed)
    assert dump(four_jobs) == dump(undisturbed)


def test_killed_at_ten_random_moments_it_ends_as_if_nothing_had_happened(undisturbed: Course, course: Course) -> None:
    dice = random.Random(SEED)
    folder, kept = course.root / "grading" / "cache" / "records", dict[Path, int]()
    for kill in range(KILLS):
        write_class(course, kill, kill + 1)
        if kill == KILLS - 1:
            write_class(course, KILLS, 12)
        running = start(course, "--jobs", "2")
        at_work(course, f"cells/{student(kill)}/*")
        time.sleep(dice.uniform(0.0, 0.6))
        running.kill()
        running.communicate()
        assert nothing_left(course)
        for path, changed in kept.items():
            assert path.stat().st_mtime_ns == changed, "a finished submission was graded again"
        kept = {path: path.stat().st_mtime_ns for path in folder.glob("*/*.json")}
    grade(course, "--jobs", "2")
    for path, changed in kept.items():
        assert path.stat().st_mtime_ns == changed, "a finished submission was graded again"
    assert products(course) == products(undisturbed)
    assert dump(course) == dump(undisturbed)


def test_ctrl_c_says_how_to_go_on_and_leaves_no_process(course: Course) -> None:
    write_class(course, 0, 12)
    running = start(course, "--jobs", "2")
    at_work(course, "cells/*/*")
    os.killpg(running.pid, signal.SIGINT)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130
    assert said.endswith("interrupted: what was finished is kept; run the same command again to go on\n")
    assert "Traceback" not in said
    assert nothing_left(course)
    assert len(list((course.root / "grading" / "cache").glob("records/*/*"))) < 12


def test_after_one_hidden_test_was_edited_that_test_alone_is_run_again(four_jobs: Course) -> None:
    before = [record_of(four_jobs, number) for number in range(12)]
    text = four_jobs.source(KEY).read_text(encoding="utf-8")
    edited = text.replace("torch.arange(4.0) - 1.5", "torch.arange(6.0) - 3.5")
    assert edited != text
    four_jobs.source(KEY).write_text(edited, encoding="utf-8")
    assert "12 graded in" in grade(four_jobs, "--jobs", "2")
    changed = set()
    for old, new in zip(before, [record_of(four_jobs, number) for number in range(12)], strict=True):
        assert [outcome.status for outcome in new.outcomes] == [outcome.status for outcome in old.outcomes]
        times = zip(old.outcomes, new.outcomes, strict=True)
        changed |= {was.check for was, now in times if was.seconds != now.seconds}
    assert changed == {"check_double"}
