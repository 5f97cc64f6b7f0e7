"""What `make hosts` takes for an environment, when it takes PyTorch, and what it says of what it could not run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import environments
import pytest
import run_hosts
from environments import HOSTS, NotMade, Wanted, constraints_of, cuda_packages, environment, pins, pip, too_large
from kernels import CellFailed
from run_hosts import Imitation, Row, table, timed


def report(*names: str) -> dict[str, Any]:
    """pip's report of an installation of these packages."""
    return {"install": [{"metadata": {"name": name, "version": "1"}} for name in names]}


def test_cuda_packages_are_told_from_others() -> None:
    there = report("torch", "nvidia-cublas-cu12", "sympy", "triton", "cuda-bindings", "NVIDIA-nccl-cu12", "filelock")
    assert cuda_packages(there) == ["cuda-bindings", "nvidia-cublas-cu12", "nvidia-nccl-cu12", "triton"]
    assert cuda_packages(report("torch", "sympy", "tritonclient-like")) == []


class Machine:
    """A machine on which nothing is really made: what pip is asked is written down in `calls`.

    would_install: what pip's report names. fails: a word in the arguments at which pip fails.
    """

    def __init__(self) -> None:
        self.calls: list[list[str]] = []
        self.would_install = ["torch", "sympy"]
        self.fails = ""

    def pip(self, made: environments.Environment, *arguments: str, any_size: bool = False) -> None:
        self.calls.append([*arguments, *(["any size"] if any_size else [])])
        if self.fails and self.fails in arguments:
            raise NotMade("no such thing")
        if "--report" in arguments:
            Path(arguments[arguments.index("--report") + 1]).write_text(json.dumps(report(*self.would_install)))


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    monkeypatch.setattr(environments, "BASE", tmp_path)
    monkeypatch.setattr(environments, "ROOT", tmp_path)
    monkeypatch.setattr(environments, "interpreter", lambda version: "true")  # a command that does nothing
    monkeypatch.setattr(environments, "installed", lambda made: {"ipython": "7.34.0"})
    monkeypatch.setattr(environments, "pip", made.pip)
    monkeypatch.delenv("TORCH_INDEX", raising=False)
    return made


WANTED = Wanted("3.13", "colab", "2.11.0")


def test_an_environment_is_made_once_and_used_again(machine: Machine) -> None:
    first = environment(WANTED)
    asked = len(machine.calls)
    again = environment(WANTED)
    assert asked == len(machine.calls) == 4
    assert (first.kept, again.kept, again.versions) == (False, True, {"ipython": "7.34.0"})
    assert first.folder == again.folder and first.no_torch == again.no_torch == ""


def test_one_that_was_cut_short_is_made_anew(machine: Machine) -> None:
    folder = environment(WANTED).folder
    (folder / "installed.json").unlink()
    (folder / "left over").touch()
    assert not environment(WANTED).kept and not (folder / "left over").exists()


def test_pytorch_with_cuda_packages_is_not_installed_and_the_reason_is_kept(machine: Machine) -> None:
    machine.would_install += ["nvidia-cublas", "triton"]
    told = "torch==2.11.0 comes with 2 CUDA packages only (TORCH_INDEX=… names another index)"
    assert environment(WANTED).no_torch == told and environment(WANTED).no_torch == told
    [asked] = [call for call in machine.calls if "torch==2.11.0" in call]
    assert asked[0] == "--dry-run"


def test_pytorch_without_them_is_installed_with_what_stands_on_it(machine: Machine) -> None:
    assert environment(WANTED).no_torch == ""
    assert [call[-1] for call in machine.calls[-2:]] == ["torch==2.11.0", "peft"]


def test_an_index_that_a_person_names_is_used_without_a_question(machine: Machine, monkeypatch) -> None:
    before = WANTED.folder()
    monkeypatch.setenv("TORCH_INDEX", "https://mirror.example/cpu")
    environment(WANTED)
    assert WANTED.folder() != before, "the environment without PyTorch is not taken for this one"
    [asked] = [call for call in machine.calls if "torch==2.11.0" in call]
    assert asked == ["--index-url", "https://mirror.example/cpu", "torch==2.11.0", "any size"]


def test_an_environment_that_pip_cannot_make_is_said_and_not_kept(machine: Machine) -> None:
    machine.fails = "ipykernel"
    with pytest.raises(NotMade, match="^no such thing$"):
        environment(WANTED)
    assert not (WANTED.folder() / "installed.json").exists()


def test_what_belongs_to_another_pytorch_is_not_asked_for() -> None:
    assert "setuptools==75.2.0\n" in constraints_of(WANTED)
    other = constraints_of(Wanted("3.11", "colab", "2.13.0"))
    assert "torch==2.13.0\n" in other and "setuptools" not in other and "torchvision" not in other


def pip_that(folder: Path, *said: str, ends: str = "exit 0") -> environments.Environment:
    """An environment whose pip says these lines."""
    python = folder / "bin" / "python"
    python.parent.mkdir(parents=True)
    lines = "".join(f"echo '{line}'\n" for line in said)
    python.write_text(f'#!/bin/sh\necho "$@" > "{folder}/asked"\n{lines}{ends}\n')
    python.chmod(0o755)
    return environments.Environment(folder)


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("  Downloading torch-2.11.0-cp313-cp313-manylinux_2_28_x86_64.whl (899.7 MB)", "torch-2.11.0-"),
        ("Using cached https://x.example/nvidia_cublas_cu12-12.8-py3-none.whl (594.3 MB)", "nvidia_cublas_cu12-12.8"),
        ("  Downloading torch-2.11.0-cp313-cp313-manylinux_2_28_x86_64.whl.metadata (28 kB)", ""),
        ("  Downloading torch-2.11.0+cpu-cp313-cp313-linux_x86_64.whl (188.3 MB)", ""),
        ("  Downloading pyarrow-18.1.0-cp313-cp313-manylinux_2_28_x86_64.whl (400.0 MB)", ""),
    ],
)
def test_a_pytorch_of_cudas_size_is_told_by_what_pip_says(line: str, found: str) -> None:
    assert too_large(line).startswith(found) and bool(too_large(line)) == bool(found)


def test_pip_is_stopped_as_soon_as_it_fetches_one(tmp_path) -> None:
    large = "  Downloading torch-2.11.0-cp313.whl (899.7 MB)"
    stuck = pip_that(tmp_path / "a", large, ends="exec sleep 60")
    with pytest.raises(NotMade) as raised:
        pip(stuck, "torch")
    assert str(raised.value) == "the index has it with CUDA only: torch-2.11.0-cp313.whl (899.7 MB)"
    pip(pip_that(tmp_path / "b", large), "torch", any_size=True)


def test_what_pip_says_of_its_failure_is_the_reason_and_a_persons_arguments_reach_it(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("PIP_ARGS", "--retries 9 --proxy 'a b'")
    made = pip_that(tmp_path, "ERROR: No matching distribution", "ERROR: later", "bye", ends="exit 1")
    with pytest.raises(NotMade, match="^No matching distribution$"):
        pip(made, "x")
    assert (tmp_path / "asked").read_text().endswith("--disable-pip-version-check --retries 9 --proxy a b x\n")
    assert (tmp_path / "pip.log").read_text().endswith("bye\n")
    with pytest.raises(NotMade, match="^pip: last words$"):
        pip(pip_that(tmp_path / "c", "last words", ends="exit 2"), "x")


def test_a_python_that_is_not_here_is_a_line_and_no_failure(monkeypatch) -> None:
    monkeypatch.setattr(environments, "interpreter", lambda version: None)
    [row] = run_hosts.rows_of(Imitation("colab-3.13", "colab", WANTED), None, ["01_tensors"])  # type: ignore[arg-type]
    assert (row.ran, row.result, row.failed) == ("no environment: no Python 3.13 here", "not run", False)


def test_the_pins_hold_what_is_always_installed_and_each_list_says_whence_and_when() -> None:
    for host in ("colab", "kaggle"):
        assert [name for name in (*environments.packages(), "torch") if name not in pins(host)] == []
        text = (HOSTS / f"{host}-constraints.txt").read_text(encoding="utf-8")
        assert "2026-" in text.splitlines()[0] and "Source: " in text
    assert {one.name: (one.wanted.python, one.wanted.torch) for one in run_hosts.imitations()[:2]} == {
        "kaggle-3.12": ("3.12", pins("kaggle")["torch"]),
        "colab-3.13": ("3.13", pins("colab")["torch"]),
    }


def test_the_table_shows_what_ran_and_what_did_not() -> None:
    def fails() -> str:
        raise CellFailed("ValueError: a|b\nmore")

    rows = [timed("colab-3.13", "01_tensors", lambda: "all of it"), timed("colab-3.13", "02_autograd", fails)]
    assert [row.failed for row in rows] == [False, True]
    rows = [Row(row.imitation, row.lesson, row.ran, 1.0, row.result) for row in rows]
    assert table(rows) == (
        "| imitation | lesson | what was run | seconds | result |\n|---|---|---|--:|---|\n"
        "| colab-3.13 | 01_tensors | all of it | 1.0 | passed |\n"
        "| colab-3.13 | 02_autograd | stopped at the first failure | 1.0 | ValueError: a\\|b more |"
    )
