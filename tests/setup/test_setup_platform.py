"""Which host this is, which files outlive its session, and what the student reads."""

from __future__ import annotations

import random
import sys
from pathlib import Path
from types import ModuleType

import pytest
from setup_hosts import LESSON

COLAB_SHELL = "<google.colab._shell.Shell object at 0x7f00>"
KAGGLE = {"KAGGLE_KERNEL_RUN_TYPE": "Batch", "COLAB_RELEASE_TAG": "release-colab_20260416-060049_RC00"}


@pytest.mark.parametrize(
    ("environ", "shell", "expected"),
    [
        (KAGGLE, COLAB_SHELL, "kaggle"),
        ({"KAGGLE_KERNEL_RUN_TYPE": "Interactive"}, None, "kaggle"),
        ({"COLAB_RELEASE_TAG": "x", "COLAB_GPU": "1"}, COLAB_SHELL, "colab"),
        ({"VERTEX_PRODUCT": "COLAB_ENTERPRISE"}, COLAB_SHELL, "colab_enterprise"),
        ({"COLAB_RELEASE_TAG": "x", "COLAB_GPU": "1"}, "<ipykernel.zmqshell.ZMQInteractiveShell>", "local"),
        ({}, "plain", "local"),
    ],
)
def test_kaggle_is_told_from_colab_although_it_looks_like_it(code, environ, shell, expected):
    assert code.find_platform(environ, shell) == expected


def test_the_running_ipython_shell_tells_colab(code, monkeypatch):
    ipython = ModuleType("IPython")
    ipython.get_ipython = lambda: COLAB_SHELL
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    assert code.find_platform({}) == "colab"
    ipython.get_ipython = lambda: None
    assert code.find_platform({}) == "local"


def test_the_summary_on_colab_without_a_gpu_as_a_student_reads_it(run, code, capsys, monkeypatch, bare_machine):
    monkeypatch.setattr(code, "ram_gib", lambda: 12.67)
    facts = run(shell=COLAB_SHELL)
    assert capsys.readouterr().out == (
        f"00_imitation: ready after {facts.seconds:.1f} s\n"
        f"  platform   Google Colab, Python {facts.python}\n"
        "  torch      2.11.0+cu128 on the CPU, fp32\n"
        "  memory     12.7 GiB\n"
        f"  course     main (1a2b3c4), fetched into {bare_machine}/.measure_first\n"
        "  installed  nothing, all was there\n"
        "  files      /content is wiped when the session ends; "
        'to keep files on Google Drive: setup("00_imitation", drive=True)\n'
        "  note       There is no GPU in this session. To get one: Runtime ▸ Change runtime type ▸ T4 GPU.\n"
    )
    assert (facts.platform, facts.device, facts.precision, facts.ram_gib) == ("colab", "cpu", "fp32", 12.67)


@pytest.mark.parametrize(
    ("environ", "shell", "files"),
    [
        (
            KAGGLE,
            None,
            "/kaggle/working stays (20 GB) when you save a version; the rest is wiped when the session ends",
        ),
        (
            {"VERTEX_PRODUCT": "COLAB_ENTERPRISE"},
            None,
            "wiped with the runtime (Drive cannot be mounted here); copy what you need to a storage bucket",
        ),
        ({}, "plain", "{here}, on your own disk"),
    ],
)
def test_each_platform_says_which_files_persist(run, environ, shell, files, bare_machine):
    assert run(environ, shell=shell).files == files.format(here=bare_machine)


def test_drive_is_never_mounted_unasked_and_mounted_once_when_asked(run, code, monkeypatch, tmp_path):
    mounted: list[str] = []

    def mount(path: str) -> None:
        mounted.append(path)
        Path(path, "MyDrive").mkdir(parents=True)

    drive = ModuleType("google.colab.drive")
    drive.mount = mount
    monkeypatch.setitem(sys.modules, "google.colab.drive", drive)
    monkeypatch.setattr(code, "DRIVE", tmp_path / "drive")
    run(shell=COLAB_SHELL)
    assert mounted == []
    for _ in range(2):
        facts = run(shell=COLAB_SHELL, drive=True)
        assert facts.files == f"{tmp_path}/drive/MyDrive stays; the rest of /content is wiped when the session ends"
    assert mounted == [str(tmp_path / "drive")]


def test_a_refused_drive_is_a_note_and_not_the_end(run, monkeypatch, code, tmp_path):
    def refuse(path: str) -> None:
        raise ValueError("mount failed")

    drive = ModuleType("google.colab.drive")
    drive.mount = refuse
    monkeypatch.setitem(sys.modules, "google.colab.drive", drive)
    monkeypatch.setattr(code, "DRIVE", tmp_path / "drive")
    facts = run(shell=COLAB_SHELL, drive=True)
    assert "Google Drive was not mounted (ValueError: mount failed)." in facts.notes
    assert facts.files.startswith("/content is wiped")


def test_drive_elsewhere_is_said_to_do_nothing(run):
    facts = run(KAGGLE, drive=True)
    assert "drive=True was ignored: Google Drive can be mounted on Google Colab, not on Kaggle." in facts.notes


def test_everything_is_seeded_on_every_run(run):
    import numpy

    drawn = []
    for _ in range(2):
        run(seed=7)
        drawn.append((random.random(), numpy.random.rand(), sys.modules["torch"].seeded))
    assert drawn[0] == drawn[1] and drawn[0][2] == 7
    run(seed=8)
    assert random.random() != drawn[0][0]


@pytest.mark.parametrize("lesson", ["tensors", "../01_tensors", "01_tensors/", ""])
def test_a_name_that_is_no_lesson_is_refused(code, lesson):
    with pytest.raises(code.SetupError) as caught:
        code.setup(lesson)
    assert str(caught.value) == (
        f'{lesson!r} is no lesson: write its name as in the notebook\'s file name, "01_tensors".'
    )


def test_an_error_is_shown_as_its_message_and_not_as_a_wall_of_traceback(code):
    assert code.SetupError("do this")._render_traceback_() == ["SetupError: do this"]


def test_the_value_of_the_cell_shows_nothing_a_second_time(run, capsys):
    facts = run()
    capsys.readouterr()
    facts._ipython_display_()
    assert capsys.readouterr().out == ""
    assert facts.lesson == LESSON
