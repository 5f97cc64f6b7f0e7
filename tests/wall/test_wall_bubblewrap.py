"""The command line of the room: what is bound, what is covered, what is in the environment."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from rooms import forked, needs_room, preload, started

import autograde
from autograde.wall import bubblewrap
from autograde.wall.room import Preload, Room


def words(mode: str = "warm", what: Preload | None = None, room: Room | None = None) -> list[str]:
    with bubblewrap.command(room or Room(), what or Preload(), mode, True) as (line, _):
        return line


def bound(line: list[str]) -> dict[str, str]:
    """Destination → source of everything that is bound."""
    return {
        line[at + 2]: line[at + 1]
        for at, word in enumerate(line)
        if word in ("--ro-bind", "--ro-bind-try", "--dev-bind")
    }


def test_nothing_is_bound_writable_and_of_the_repository_only_what_lessons_import() -> None:
    line = words()
    assert "--bind" not in line
    package = str(Path(autograde.__file__).resolve().parent)
    ours = {to: source for to, source in bound(line).items() if source.startswith(package)}
    assert ours == {
        f"/course/autograde/{name}": f"{package}/{name}"
        for name in ("__init__.py", "course.py", "facts.py", "markup.py", "check", "lesson", "wall")
    }
    assert {to for to in bound(line) if to.startswith("/home") or to == os.path.expanduser("~")} <= set(
        bubblewrap.python_folders()
    )


@pytest.mark.parametrize("mode", ["warm", "cold"])
def test_the_room_itself_has_no_network_and_dies_with_the_judge(mode: str) -> None:
    wanted = {"--unshare-net", "--unshare-pid", "--unshare-ipc", "--unshare-user", "--die-with-parent", "--new-session"}
    assert wanted <= set(words(mode))


def test_what_lies_among_pythons_folders_and_must_not_be_seen_is_covered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = tmp_path / "python"
    course, packages = prefix / "share" / "course", prefix / "lib" / "site-packages"
    course.mkdir(parents=True)
    for name in ("check", "lesson", "wall", "grading", "authoring"):
        (packages / "autograde" / name).mkdir(parents=True)
    (packages / "autograde" / "__init__.py").touch()
    monkeypatch.setattr(sys, "prefix", str(prefix))
    monkeypatch.setattr(autograde, "__file__", str(packages / "autograde" / "__init__.py"))
    line = words(what=Preload(hidden=[course, tmp_path / "elsewhere"]))
    covered = {line[at + 1] for at, word in enumerate(line) if word == "--tmpfs"}
    assert covered == {
        "/tmp",
        "/room",
        str(course),
        str(packages / "autograde/grading"),
        str(packages / "autograde/authoring"),
    }
    assert line.index(str(prefix)) < line.index(str(course))


def test_an_environment_inside_a_covered_folder_stays_visible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    repository = tmp_path / "base" / "course"
    (repository / ".venv").mkdir(parents=True)
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path / "base"))
    monkeypatch.setattr(sys, "prefix", str(repository / ".venv"))
    line = words(what=Preload(hidden=[repository]))
    assert line.index("--tmpfs", line.index(str(tmp_path / "base"))) < len(line) - line[::-1].index(
        str(repository / ".venv")
    )


def test_devices_of_a_gpu_are_there_only_when_the_job_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"/dev/nvidia*": ["/dev/nvidia0", "/dev/nvidiactl"], "/dev/dxg": ["/dev/dxg"]}
    monkeypatch.setattr(bubblewrap.glob, "glob", lambda pattern: found.get(pattern, []))
    assert not [to for to in bound(words()) if "nvidia" in to]
    assert {"/dev/nvidia0", "/dev/nvidiactl", "/dev/dxg"} <= set(bound(words(room=Room(device="cuda"))))


def test_the_environment_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "MEASURE_FIRST_SECRET": "s",
        "GITHUB_TOKEN": "t",
        "LANG": "de_DE.UTF-8",
        "PYTHONPATH": "/x",
        "CUDA_HOME": "/c",
    }.items():
        monkeypatch.setenv(name, value)
    plain = bubblewrap.environment(Room(), Preload())
    assert plain["LANG"] == "de_DE.UTF-8"
    assert not {"MEASURE_FIRST_SECRET", "GITHUB_TOKEN", "CUDA_HOME"} & set(plain)
    assert "/x" not in plain["PYTHONPATH"].split(os.pathsep)
    assert (plain["CUDA_VISIBLE_DEVICES"], plain["MEASURE_FIRST_DEVICE"]) == ("", "cpu")
    with_gpu = bubblewrap.environment(Room(device="cuda"), Preload())
    assert with_gpu["CUDA_HOME"] == "/c"
    assert "CUDA_VISIBLE_DEVICES" not in with_gpu


def test_a_chain_of_links_to_the_interpreter_is_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name / "bin").mkdir(parents=True)
    (tmp_path / "c/bin/python").touch()
    (tmp_path / "b/bin/python").symlink_to("../../c/bin/python")
    (tmp_path / "a/bin/python").symlink_to(tmp_path / "b/bin/python")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "a/bin/python"))
    assert {str(tmp_path / "b"), str(tmp_path / "c")} <= set(bubblewrap.python_folders())


@needs_room
def test_python_in_tmp_stays_visible_in_a_fork(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packages = tmp_path / "site-packages"
    packages.mkdir()
    (packages / "found_in_tmp.py").write_text("here = True")
    monkeypatch.setattr(sys, "path", [*sys.path, str(packages)])
    assert str(packages).startswith("/tmp")
    needed = {Path(path).parts[2] for path in (*sys.path, sys.prefix) if Path(path).parts[:2] == ("/", "tmp")}
    for walls in ("", "cold"):
        with started(walls=walls, what=preload()) as sandbox, forked(sandbox) as student:
            here, seen = student.run("import found_in_tmp, os; out = [found_in_tmp.here, os.listdir('/tmp')]")
            assert here and set(seen) == needed
            assert student.ask(f"open({str(packages / 'x')!r}, 'w')").startswith("OSError: [Errno 30]")
