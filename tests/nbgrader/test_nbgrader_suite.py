"""nbgrader's own tests of its autograde command, shipped in its wheel, with our converter in place of nbgrader's.

A few of them run here; all of them with `make nbgrader-suite` (pytest tests/nbgrader --whole), which takes minutes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from two_graders import isolation_here

SUITE = "nbgrader.tests.apps.test_nbgrader_autograde"
CLASS = "TestNbGraderAutograde"
QUICK = ("test_grade", "test_handle_failure", "test_side_effects")
SECONDS = 1500  # for all of it, on a slow machine

# What nbgrader's test expects and ours does not do on purpose → (why, a word of the failure that shows it was this).
DELIBERATE = {
    "test_side_effects": (
        "files that a student's code writes stay in the room where it runs, and go with it: in autograded/ they would "
        "lie among the instructor's files, be served by formgrader and be handed back with the feedback",
        "side-effect.txt",
    ),
}
SKIPPED_BY_NBGRADER = {"test_many_students", "test_infinite_loop_with_output"}


@dataclass(frozen=True)
class Result:
    """How one of nbgrader's tests ended: passed, failed or skipped, and what pytest said of it."""

    status: str
    said: str = ""


def run_suite(folder: Path, names: tuple[str, ...] = (), plugin: str = "replace_autograde") -> dict[str, Result]:
    """Run nbgrader's tests (all, or those named) in a process of their own; test → Result."""
    report, home, empty = folder / "report.xml", folder / "home", folder / "pytest.ini"
    home.mkdir()
    empty.write_text("[pytest]\n", encoding="utf-8")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("JUPYTER_", "PYTEST_", "NBGRADER_"))}
    (home / "nbgrader_config.py").write_text(f"c = get_config()\nc.RunChecks.isolation = {isolation_here()!r}\n")
    environment |= {
        "HOME": str(home),
        "JUPYTER_CONFIG_DIR": str(home),
        "PYTHONPATH": str(Path(__file__).parent),
        "OMP_NUM_THREADS": "1",
    }
    environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", "")])
    command = [sys.executable, "-m", "pytest", "-p", plugin, "-p", "no:cacheprovider", "-c", str(empty), "-q"]
    command += ["--rootdir", str(folder), "--junitxml", str(report), *(["-n", "2"] if not names else []), "--pyargs"]
    command += [f"{SUITE}::{CLASS}::{name}" for name in names] or [SUITE]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True
    )
    try:
        output = process.communicate(timeout=SECONDS)[0]
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    assert report.is_file(), output.decode(errors="replace")[-3000:]
    return {case.get("name", ""): _result(case) for case in ElementTree.parse(report).iter("testcase")}


def _result(case: ElementTree.Element) -> Result:
    for tag, status in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if (found := case.find(tag)) is not None:
            return Result(status, f"{found.get('message')}\n{found.text}")
    return Result("passed")


def check(found: dict[str, Result]) -> None:
    """Fail for every test that did not end as it should: passed, or failed for the reason that we name."""
    wrong = []
    for name, result in found.items():
        why, word = DELIBERATE.get(name, ("", ""))
        if why and (result.status != "failed" or word not in result.said):
            wrong.append(f"{name} was to fail because {why}; it {result.status}:\n{result.said[-1500:]}")
        elif not why and name in SKIPPED_BY_NBGRADER and result.status != "skipped":
            wrong.append(f"{name} was to be skipped by nbgrader itself; it {result.status}")
        elif not why and name not in SKIPPED_BY_NBGRADER and result.status != "passed":
            wrong.append(f"{name} {result.status}:\n{result.said[-1500:]}")
    assert not wrong, "\n\n".join(wrong)


@pytest.mark.slow
def test_nbgraders_own_tests_pass_with_our_converter_a_few_of_them(tmp_path: Path) -> None:
    found = run_suite(tmp_path, QUICK)
    assert set(found) == set(QUICK)
    check(found)


@pytest.mark.whole
def test_nbgraders_own_tests_pass_with_our_converter_all_of_them(tmp_path: Path) -> None:
    found = run_suite(tmp_path)
    assert {"test_autograde_timeout", "test_many_students", *DELIBERATE, *QUICK} <= set(found)
    assert len(found) >= 42
    check(found)
    passed = sum(result.status == "passed" for result in found.values())
    print(
        f"\nnbgrader's tests: {passed} passed, {len(DELIBERATE)} differ on purpose, {len(SKIPPED_BY_NBGRADER)} skipped"
    )


@pytest.mark.whole
def test_a_converter_that_grades_nothing_does_not_pass(tmp_path: Path) -> None:
    found = run_suite(tmp_path, ("test_grade",), plugin="replace_by_nothing")
    with pytest.raises(AssertionError, match="test_grade failed"):
        check(found)


def test_a_deliberate_difference_that_is_gone_is_noticed() -> None:
    with pytest.raises(AssertionError, match="test_side_effects was to fail because files that a student's code"):
        check({"test_side_effects": Result("passed")})
    with pytest.raises(AssertionError, match=r"it failed:\n\s*another reason"):
        check({"test_side_effects": Result("failed", "another reason")})
    check({"test_side_effects": Result("failed", "assert isfile('side-effect.txt')")})
