"""Formgrader's Autograde button: the course's judge, the rows of `autograde grade`, and a refusal that says why."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest
from differences import assignment
from lesson_course import KEY, RIGHT, answers, graded_rows, hand_in, make_course, set_isolation
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from two_graders import isolation_here

from autograde.course import Course, CourseError, load_course
from autograde.grading.converter import check_course
from autograde.grading.grade import check_built
from autograde.grading.nbgrader_settings import course_settings, gradebook_path, tools_on_path
from autograde.wall.ability import ability

REPOSITORY = Path(__file__).resolve().parents[2]
CLASS = {
    "ada": RIGHT,
    "ben": {"double": "# exercise: double\ndef double(x):\n    return 3 * x"},
    "cyd": {},
    "dee": {**RIGHT, "double": "import os\nos._exit(3)"},
}
ROWS = {  # student → points for double, its gradients, the table; None: a person grades
    "ada": {"check_double": 2.0, "check_double__gradients": 1.0, "check_predict": 4.0, "why": None},
    "ben": {"check_double": 0.0, "check_double__gradients": 0.0, "check_predict": 0.0, "why": 0.0},
    "cyd": {"check_double": 0.0, "check_double__gradients": 0.0, "check_predict": 0.0, "why": 0.0},
    "dee": {"check_double": 0.0, "check_double__gradients": 0.0, "check_predict": 4.0, "why": None},
}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The tiny course with a class's work handed in; not to be written to."""
    made = make_course(tmp_path_factory.mktemp("built") / "a course")
    for student, sources in CLASS.items():
        hand_in(made, student, answers(made, **sources))
    return made


@pytest.fixture
def course(built: Course, tmp_path: Path) -> Course:
    """A copy of it with this repository's settings, graded in the sandbox where there is one."""
    made = load_course(shutil.copytree(built.root, tmp_path / "a course"))
    set_isolation(made, isolation_here())
    return made


def press(course: Course, student: str) -> dict[str, Any]:
    """What formgrader's handler does when the button is pressed, in this process."""
    config = course_settings(course.root)
    with tools_on_path():
        return NbGraderAPI(CourseDirectory(config=config), config=config).autograde(KEY, student)


def everything(folder: Path) -> dict[str, str]:
    """Every file under a folder, by content."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_button_grades_with_the_courses_judge(course: Course) -> None:
    said = press(course, "ada"), press(course, "ben")
    assert [answer["success"] for answer in said] == [True, True]
    assert graded_rows(course) == {student: ROWS[student] for student in ("ada", "ben")}
    assert "check_double: failed: double, three ones: your answer is 1.5× the reference everywhere." in said[1]["log"]
    assert "secret_input" not in said[1]["log"]


def test_without_a_sandbox_the_button_says_so_and_changes_nothing(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_isolation(course, "sandbox")
    earlier = course.root / "grading" / "autograded" / "ada" / KEY / f"{KEY}.ipynb"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("an earlier result", encoding="utf-8")
    before = everything(course.root)
    monkeypatch.setenv("MEASURE_FIRST_SANDBOX", "nowhere")
    ability.cache_clear()
    try:
        said = press(course, "ada")
    finally:
        ability.cache_clear()
    assert said["success"] is False
    assert said["log"].startswith("[ERROR] nothing was graded: no sandbox can be built here")
    assert "MEASURE_FIRST_SANDBOX is 'nowhere'." in said["log"]
    assert "only for code that you trust, in nbgrader_config.py: c.RunChecks.isolation = 'process'" in said["log"]
    assert everything(course.root) == before


def test_a_release_older_than_its_source_and_a_gradebook_of_another_version_are_said_and_change_nothing(
    course: Course,
) -> None:
    text = course.source(KEY).read_text(encoding="utf-8")
    course.source(KEY).write_text(text.replace("three ones", "four ones"), encoding="utf-8")
    before = everything(course.root)
    said = press(course, "ada")
    assert said["log"].startswith("[ERROR] nothing was graded: release/01_tiny was made from another source")
    assert everything(course.root) == before
    course.source(KEY).write_text(text, encoding="utf-8")
    with contextlib.closing(sqlite3.connect(gradebook_path(course.root))) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'ffffffffffff'")
        connection.commit()
    said = press(course, "ada")
    assert "was written by a newer nbgrader (schema ffffffffffff): install the nbgrader that wrote it" in said["log"]
    assert not (course.root / "grading" / "autograded").exists()


def test_a_lesson_of_another_kind_in_this_course_is_left_to_nbgraders_command(course: Course) -> None:
    for path in (course.source(KEY), course.release(KEY)):
        nbformat.write(assignment("assert answer == 1"), path)
    with pytest.raises(CourseError, match="was not made by autograde build. Grade it with: nbgrader autograde 01_tiny"):
        check_built(course, KEY)
    folders = CourseDirectory(config=course_settings(course.root))
    folders.assignment_id = KEY
    check_course(folders)


# ---- the same over HTTP, from a server that Jupyter starts


@pytest.fixture
def server(course: Course) -> Iterator[str]:
    """A Jupyter server in the course's folder; its address."""
    environment = dict(os.environ, HOME=str(course.root.parent), JUPYTER_CONFIG_DIR=str(course.root / "none"))
    environment["PYTHONPATH"] = str(REPOSITORY)
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = ["--ServerApp.jpserver_extensions=nbgrader.server_extensions.formgrader=True", "--ServerApp.token=x"]
    words += ["--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0"]
    with (course.root / "grading" / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "jupyter", "server", *words],
            cwd=course.root,
            env=environment,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        address = f"http://127.0.0.1:{port}/"
        _wait(address, process, course.root / "grading" / "server.log")
        yield address
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()[-3000:]
        with contextlib.suppress(OSError), urllib.request.urlopen(address + "api", timeout=10):
            return
        time.sleep(0.2)
    raise AssertionError("the server did not start within two minutes")


def post(address: str, path: str) -> dict[str, Any]:
    request = urllib.request.Request(address + path, data=b"", headers={"Authorization": "token x"})
    with urllib.request.urlopen(request, timeout=300) as answer:
        return json.loads(answer.read())


@pytest.mark.whole
def test_the_button_pressed_over_http_gives_the_rows_of_autograde_grade(course: Course, server: str) -> None:
    for student in CLASS:
        said = post(server, f"formgrader/api/submission/{KEY}/{student}/autograde")
        assert said["success"] is True, said
    pressed = graded_rows(course)
    assert pressed == ROWS
    command = [sys.executable, "-m", "autograde", "grade", "--force", "--jobs", "1"]
    environment = dict(os.environ, PYTHONPATH=str(REPOSITORY))
    subprocess.run(command, cwd=course.root, env=environment, check=True, capture_output=True, timeout=300)
    assert graded_rows(course) == pressed
    assert post(server, f"formgrader/api/assignment/{KEY}/generate_feedback")["success"] is True
    page = (course.root / "grading" / "feedback" / "ben" / KEY / f"{KEY}.html").read_text(encoding="utf-8")
    assert "your answer is 1.5× the reference everywhere" in page
    assert "secret_input" not in page
