"""`autograde grade` in a sandbox, killed while students' code runs: nothing of it goes on, whoever started it."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from tiny_course import RIGHT, answers, copy_course, hand_in

from autograde.course import Course
from autograde.wall.ability import ability

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(ability().mode == "none", reason="no sandbox here: `autograde sandbox` says what to install"),
]

REPOSITORY = Path(__file__).resolve().parents[2]
NOBODY = 65534  # an ordinary user's id
BUSY = "# exercise: double\nimport os\nif os.fork() == 0:\n    os.setsid()\nwhile True:\n    pass"


def nobody_may_run_this() -> bool:
    """Whether this is root, and this Python is not in a folder that is root's alone."""
    if os.geteuid() != 0:
        return False
    try:
        return subprocess.run([sys.executable, "-c", ""], user=NOBODY, group=NOBODY, extra_groups=[]).returncode == 0
    except OSError:
        return False


as_nobody = pytest.mark.skipif(not nobody_may_run_this(), reason="needs root, and a Python that others may run")


def marked(mark: str) -> dict[int, bytes]:
    """Processes with this mark in their environment, and their command lines."""
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if f"MEASURE_FIRST_TEST={mark}\0".encode() in (process / "environ").read_bytes():
                found[int(process.name)] = (process / "cmdline").read_bytes()
        except OSError:
            continue
    return found


def busy(mark: str) -> bool:
    """Whether a student's code runs: some process of the fork server's kind has used up processor time of its own."""
    used = []
    for pid, command in marked(mark).items():
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
        except OSError:
            continue
        used.append(b"autograde.wall.forkserver" in command and b"bwrap" not in command and fields[0] == "R")
    return sum(used) >= 2


def wait_for(true: object, seconds: float) -> bool:
    """Whether this comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("mode", "user"),
    [
        ("warm", None),
        pytest.param("cold", NOBODY, marks=as_nobody),
    ],
    ids=["warm", "cold, as an ordinary user"],
)
def test_a_command_that_is_killed_leaves_no_process(built_course: Course, mode: str, user: int | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        course = copy_course(built_course, Path(folder) / "course")
        hand_in(course, "ada", answers(course, **{**RIGHT, "double": BUSY}))
        if user is not None:
            for path in (Path(folder), *Path(folder).rglob("*")):
                os.chown(path, user, user)
        mark = {"MEASURE_FIRST_TEST": folder, "MEASURE_FIRST_SECRET": "s", "MEASURE_FIRST_SANDBOX": mode}
        place = {"HOME": folder, "TMPDIR": folder, "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
        command = ["-m", "autograde", "grade", "--course", str(course.root), "--isolation", "sandbox", "--jobs", "1"]
        running = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=REPOSITORY,
            env={**os.environ, **place, **mark},
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
        try:
            assert wait_for(lambda: busy(folder), 120), "students' code was never seen to run"
        finally:
            running.kill()
            running.wait()
        assert wait_for(lambda: not marked(folder), 15), marked(folder)
