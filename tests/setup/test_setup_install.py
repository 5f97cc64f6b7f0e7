"""What is installed, how, and what is said when it fails. The installer is a stand-in that records its command."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from setup_hosts import stub_distribution, write_files

KAGGLE = {"KAGGLE_KERNEL_RUN_TYPE": "Batch", "COLAB_RELEASE_TAG": "release-colab_20260416-060049_RC00"}


class Installer:
    """Stands in for subprocess.run: keeps the command and the pins, then installs stub distributions or fails."""

    def __init__(self, site_packages: Path) -> None:
        self.site, self.commands, self.pins = site_packages, list[list[str]](), ""
        self.installs: dict[str, str] = {}
        self.fails: str | OSError = ""

    def run(self, command: list[str], **options: object) -> SimpleNamespace:
        assert "shell" not in options and options["stderr"] == subprocess.STDOUT
        self.commands.append(command)
        self.pins = Path(command[command.index("--constraint") + 1]).read_text()
        if isinstance(self.fails, OSError):
            raise self.fails
        if self.fails:
            return SimpleNamespace(returncode=1, stdout=self.fails)
        for name, version in self.installs.items():
            for old in self.site.glob(f"{name}-*.dist-info/METADATA"):
                old.unlink()
                old.parent.rename(old.parent.with_suffix(".removed"))
            write_files(self.site, stub_distribution(name, version))
        return SimpleNamespace(returncode=0, stdout="")


@pytest.fixture
def installer(code: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Installer:
    """A machine with torch, numpy, pillow and one course package "mf_probe" 1.0, without uv."""
    stand_in = Installer(tmp_path / "site")
    for name, version in {"torch": "2.11.0+cu128", "numpy": "2.1.3", "pillow": "11.3.0", "mf_probe": "1.0"}.items():
        files = stub_distribution(name, version)
        write_files(stand_in.site, {p: text for p, text in files.items() if name == "mf_probe" or "dist-info" in p})
    monkeypatch.syspath_prepend(str(stand_in.site))
    monkeypatch.setattr(code.subprocess, "run", stand_in.run)
    monkeypatch.setattr(code.shutil, "which", lambda name: None)
    monkeypatch.delitem(sys.modules, "mf_probe", raising=False)
    return stand_in


def test_what_is_there_in_range_is_never_installed(run, installer):
    facts = run(requirements=("mf_probe>=1,<2", "torch>=2.6"))
    assert installer.commands == [] and facts.installed == ()


def test_only_what_is_missing_or_out_of_range_is_installed_in_one_call(run, installer):
    installer.installs = {"mf_probe": "2.1", "mf_other": "1.0"}
    facts = run(requirements=("torch>=2.6", "mf_probe>=2", "mf_other>=1", "pytest>=1"))
    (command,) = installer.commands
    assert command[:5] == [sys.executable, "-m", "pip", "install", "--constraint"]
    assert command[6:] == ["mf_probe>=2", "mf_other>=1"]
    assert facts.installed == ("mf_probe>=2", "mf_other>=1") and facts.restart == ()


@pytest.mark.parametrize("name", ["torch", "numpy", "pillow"])
def test_what_the_platform_brings_is_never_installed(run, installer, name):
    facts = run(requirements=(f"{name}>=999",))
    assert installer.commands == [] and facts.installed == ()


def test_what_the_platform_brings_is_pinned_at_its_version(run, installer):
    installer.installs = {"mf_other": "1.0"}
    run(requirements=("mf_other>=1",))
    lines = installer.pins.splitlines()
    assert {"torch==2.11.0+cu128", "numpy==2.1.3", "pillow==11.3.0"} <= set(lines)
    assert {line.split("==")[0] for line in lines} <= {
        "torch",
        "numpy",
        "pillow",
        "torchvision",
        "ipython",
        "ipykernel",
    }


def test_uv_is_used_where_it_is_and_installs_into_this_interpreter(run, installer, code, monkeypatch):
    monkeypatch.setattr(code.shutil, "which", lambda name: f"/opt/bin/{name}")
    installer.installs = {"mf_other": "1.0"}
    run(requirements=("mf_other>=1",))
    assert installer.commands[0][:6] == ["/opt/bin/uv", "pip", "install", "--python", sys.executable, "--constraint"]


def test_a_second_run_installs_nothing(run, installer):
    installer.installs = {"mf_other": "1.0"}
    for _ in range(2):
        facts = run(requirements=("mf_other>=1",))
    assert len(installer.commands) == 1 and facts.installed == ()


def test_a_loaded_package_that_was_replaced_asks_for_a_restart_until_there_was_one(run, installer, capsys):
    import mf_probe

    assert mf_probe.__version__ == "1.0"
    installer.installs = {"mf_probe": "2.0"}
    assert run(requirements=("mf_probe>=2",)).restart == ("mf_probe",)
    assert capsys.readouterr().out.endswith(
        "  RESTART    needed before mf_probe can be used as installed: Kernel ▸ Restart, then run this cell again.\n"
    )
    assert run(requirements=("mf_probe>=2",)).restart == ("mf_probe",), "the kernel still holds version 1.0"
    del sys.modules["mf_probe"]  # what a restart does
    facts = run(requirements=("mf_probe>=2",))
    assert facts.restart == () and len(installer.commands) == 1


def test_a_package_that_was_not_loaded_needs_no_restart(run, installer):
    installer.installs = {"mf_probe": "2.0"}
    assert run(requirements=("mf_probe>=2",)).restart == ()


def test_a_package_installed_where_this_kernel_cannot_see_it_asks_for_a_restart(run, installer):
    facts = run(requirements=("mf_other>=1",))  # the installer says yes, and nothing appears
    assert facts.restart == ("mf_other",)


LAST = "ERROR: line 12"
OUTPUT = "\n".join(f"line {i}" for i in range(12)) + "\n" + LAST


def test_a_failed_installation_says_what_failed_the_last_lines_and_what_to_do(run, installer, code):
    installer.fails = OUTPUT
    with pytest.raises(code.SetupError) as caught:
        run(requirements=("mf_other>=1",), shell="<google.colab._shell.Shell>")
    assert str(caught.value) == (
        "mf_other>=1 could not be installed. The installer's last lines:\n"
        + "".join(f"  line {i}\n" for i in range(5, 12))
        + "  ERROR: line 12\n"
        "What to do: wait a minute, then run this cell again. torch, numpy and pillow are as they were. "
        'To go on without what is missing: setup("00_imitation", requirements=()).'
    )


def test_after_a_failed_installation_the_next_run_tries_again_and_completes(run, installer, code, host):
    installer.fails = OUTPUT
    with pytest.raises(code.SetupError):
        run(requirements=("mf_other>=1",))
    installer.fails, installer.installs = "", {"mf_other": "1.0"}
    facts = run(requirements=("mf_other>=1",))
    assert facts.installed == ("mf_other>=1",) and len(host.asked) == 1, "the course was fetched by the first run"


@pytest.mark.parametrize(
    ("output", "todo"),
    [
        ("error: externally-managed-environment", "make your own (python -m venv) and choose it as the kernel, then"),
        ("The interpreter at /usr is externally managed", "make your own (python -m venv)"),
        ("OSError: [Errno 28] No space left on device", "the disk is full: delete what you no longer need, then"),
        (OSError(28, "No space left on device"), "the disk is full: delete what you no longer need, then"),
        ("/usr/bin/python: No module named pip", "-m ensurepip  in a terminal, then"),
        ("ERROR: ... conflicting dependencies", "the ranges do not fit what is installed: start a fresh session"),
        ("your requirements are unsatisfiable", "the ranges do not fit what is installed: start a fresh session"),
        ("Temporary failure in name resolution", "check the connection"),
    ],
)
def test_what_to_do_depends_on_what_the_installer_says(run, installer, code, output, todo):
    installer.fails = output
    with pytest.raises(code.SetupError, match=re.escape(todo)):
        run(requirements=("mf_other>=1",))


def test_kaggle_with_the_internet_off_takes_the_attached_wheels_and_nothing_else(
    run, installer, code, host, monkeypatch, tmp_path
):
    run()  # the course is here
    host.close()
    for wheel in ("one/a.whl", "one/b.whl", "datasets/owner/two/wheels/c.whl"):
        write_files(tmp_path / "input", {wheel: b""})
    monkeypatch.setattr(code, "KAGGLE_INPUT", tmp_path / "input")
    installer.installs = {"mf_other": "1.0"}
    run(KAGGLE, requirements=("mf_other>=1",))
    command, sets = installer.commands[0], tmp_path / "input"
    links = ["--find-links", f"{sets}/datasets/owner/two/wheels", "--find-links", f"{sets}/one"]
    assert command[4 : command.index("--constraint")] == ["--no-index", *links]


def test_kaggle_with_the_internet_on_installs_as_anywhere(run, installer):
    installer.installs = {"mf_other": "1.0"}
    run(KAGGLE, requirements=("mf_other>=1",))
    assert "--no-index" not in installer.commands[0]


def test_kaggle_offline_without_wheels_says_how_to_get_them(run, installer, code, host, monkeypatch, tmp_path):
    run()
    host.close()
    monkeypatch.setattr(code, "KAGGLE_INPUT", tmp_path / "input")
    installer.fails = "Because mf_other was not found, your requirements are unsatisfiable"
    with pytest.raises(code.SetupError, match="switch the internet on .* or attach a data set with course and wheels"):
        run(KAGGLE, requirements=("mf_other>=1",))


def test_a_missing_torch_is_never_installed_and_the_message_says_how_to(run, installer, code, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch", None)  # import torch fails
    monkeypatch.setattr(code.util, "find_spec", lambda name: None)
    with pytest.raises(code.SetupError) as caught:
        run(requirements=("mf_other>=1",))
    assert str(caught.value) == (
        "PyTorch is not installed. Setup never installs it, because the right build depends on your machine.\n"
        f'What to do: run  "{sys.executable}" -m pip install --upgrade torch  in a terminal (the selector on '
        f"pytorch.org names the build for {code.HOSTS['local'].name} and your graphics card), restart the kernel, "
        "then run this cell again. In a copy of the repository, `make lab` prepares everything."
    )
    assert installer.commands == []


def test_a_torch_out_of_range_is_named_and_left_alone(run, installer, code, monkeypatch):
    monkeypatch.setattr(sys.modules["torch"], "__version__", "2.5.1+cu121")
    with pytest.raises(
        code.SetupError, match=re.escape("PyTorch 2.5.1+cu121 is too old: the course needs torch>=2.6.")
    ):
        run()
    with pytest.raises(code.SetupError) as caught:
        run(shell="<google.colab._shell.Shell>")
    assert str(caught.value) == (
        "PyTorch 2.5.1+cu121 is too old: the course needs torch>=2.6, though Google Colab brings it. "
        "What to do: start a fresh session."
    )
    assert installer.commands == []


def test_a_torch_that_cannot_be_loaded_is_told_from_one_that_is_missing(run, code, monkeypatch, tmp_path):
    write_files(tmp_path / "broken", {"torch/__init__.py": "raise OSError('libcudart.so.12: cannot open')\n"})
    monkeypatch.delitem(sys.modules, "torch")
    monkeypatch.syspath_prepend(str(tmp_path / "broken"))
    with pytest.raises(code.SetupError, match=r"^PyTorch cannot be loaded \(libcudart.so.12: cannot open\)\."):
        run()
