"""Setup in fresh environments of each Python, on imitated hosts: real processes, a real pip, real HTTP, no index.

The hosts' packages are stubs with the versions of hosts/*.txt; torch is a stub too (test_setup_first_cell.py runs
setup on the real one).
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, archive, pins, site, wheel, working_tree, write_files
from setup_kernels import CLOSED, Machine, machine

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="the environments are laid out as on Linux")]

VERSIONS = ("3.11", "3.12", "3.13")
PROBE = ("mf-probe>=2",)


def offline_index(folder: Path) -> dict[str, str]:
    """pip settings: no index, but the small wheels in `folder`. mf-greedy wants to replace NumPy."""
    wheel(folder, "mf-probe", "1.0")
    wheel(folder, "mf-probe", "2.0")
    wheel(folder, "mf-greedy", "1.0", needs="numpy>=99")
    wheel(folder, "numpy", "99.0")
    return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "PIP_CONFIG_FILE": os.devnull}


@pytest.mark.parametrize("version", VERSIONS)
def test_colab_first_run_second_run_and_a_kernel_without_network(tmp_path, version):
    here = machine(tmp_path, version, "colab")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables["MEASURE_FIRST_SOURCE"] = host.address
        first, *later = here.kernel(lesson=LESSON, times=4)
        assert (first["platform"], first["torch"], first["device"]) == ("colab", pins("colab")["torch"], "cpu")
        assert first["python"].startswith(version + ".")
        assert first["installed"] == [], "the host's own packages are in range"
        assert first["origin"] == f"main (1a2b3c4), fetched into {here.notebooks}/.measure_first"
        assert host.asked == [ARCHIVE_PATH]
        assert min(facts["seconds"] for facts in later) < 0.5, later
    here.variables["MEASURE_FIRST_SOURCE"] = CLOSED
    (third,) = here.kernel(lesson=LESSON)
    assert third["course"] == first["course"]
    assert Path(third["data"], "quiz_1.json").read_text() == "{}"
    (offline,) = here.kernel(lesson="01_tensors_of_tomorrow")
    assert offline["error"].endswith("Connection refused. What to do: wait a minute, then run this cell again.")


@pytest.mark.parametrize("version", VERSIONS)
def test_pip_really_installs_what_is_missing_or_out_of_range_and_nothing_of_the_hosts(tmp_path, version):
    here = machine(tmp_path, version, "colab")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables |= {"MEASURE_FIRST_SOURCE": host.address} | offline_index(tmp_path / "wheels")
        (missing, again) = here.kernel(lesson=LESSON, requirements=["mf-probe>=1,<2"], times=2)
        assert (missing["installed"], again["installed"]) == (["mf-probe>=1,<2"], [])
        assert here.version_of("mf-probe") == "1.0" and missing["restart"] == []
        (wrong,) = here.kernel(lesson=LESSON, requirements=PROBE, loads=("mf_probe",))
        assert (wrong["installed"], wrong["restart"]) == ([*PROBE], ["mf-probe"])
        (restarted,) = here.kernel(lesson=LESSON, requirements=PROBE, loads=("mf_probe",))
        assert (restarted["installed"], restarted["restart"]) == ([], [])
        (greedy,) = here.kernel(lesson=LESSON, requirements=["mf-greedy>=1"])
    assert greedy["error"].startswith("mf-greedy>=1 could not be installed. The installer's last lines:\n")
    assert "What to do: the ranges do not fit what is installed" in greedy["error"]
    assert here.version_of("numpy") == pins("colab")["numpy"]


@pytest.mark.parametrize("version", VERSIONS)
def test_kaggle_with_the_internet_off_lives_on_attached_data_sets(tmp_path, version):
    here = machine(tmp_path, version, "kaggle")
    sets = tmp_path / "input"
    here.variables["MEASURE_FIRST_SOURCE"] = CLOSED
    bare: dict[str, Any] = {"lesson": LESSON, "places": {"KAGGLE_INPUT": str(sets)}}
    (alone,) = here.kernel(**bare)
    assert (
        "switch the internet on (Settings ▸ Turn on internet) or attach a data set with course and wheels"
        in alone["error"]
    )
    write_files(sets / "datasets" / "somebody" / "measure-first", working_tree())
    offline_index(sets / "wheels")
    facts, *again = here.kernel(**bare, requirements=PROBE, times=3)
    assert (facts["platform"], facts["torch"]) == ("kaggle", pins("kaggle")["torch"])
    assert facts["course"] == str(sets / "datasets" / "somebody" / "measure-first")
    assert facts["installed"] == [*PROBE] and here.version_of("mf-probe") == "2.0"
    assert again[0]["installed"] == [] and min(later["seconds"] for later in again) < 0.5
    assert not (here.notebooks / ".measure_first").exists(), "nothing had to be kept"


def test_a_package_is_taken_from_the_machines_index_where_there_is_one(tmp_path):
    here = machine(tmp_path, "3.11", "colab")
    here.variables |= {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    probe = [here.python, "-m", "pip", "download", "--retries=0", "--timeout=5", "--no-deps", "iniconfig>=2"]
    if subprocess.run(probe, cwd=tmp_path, env=here.environ(), capture_output=True).returncode:
        pytest.skip("no package index can be reached")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables["MEASURE_FIRST_SOURCE"] = host.address
        facts, again = here.kernel(lesson=LESSON, requirements=["iniconfig>=2"], times=2)
    assert (facts["installed"], again["installed"]) == (["iniconfig>=2"], [])
    assert here.version_of("iniconfig").startswith("2.")


def test_uv_installs_into_the_kernels_environment_where_it_is(tmp_path):
    """A stand-in for uv that is on the PATH: it shows that setup calls it so that the right Python is meant."""
    here = machine(tmp_path, "3.11", "colab")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables |= {"MEASURE_FIRST_SOURCE": host.address} | offline_index(tmp_path / "wheels")
        uv = write_files(tmp_path / "bin", {"uv": f'#!/bin/sh\necho "$@" > {tmp_path}/called\nshift 4\n'
                                            f'exec "$UV_TEST_PYTHON" -m pip install "$@"\n'})  # fmt: skip
        (uv / "uv").chmod(0o755)
        here.variables |= {"PATH": f"{uv}:{os.environ['PATH']}", "UV_TEST_PYTHON": here.python}
        (facts,) = here.kernel(lesson=LESSON, requirements=PROBE)
    assert facts["installed"] == [*PROBE] and here.version_of("mf-probe") == "2.0"
    called = (tmp_path / "called").read_text()
    assert called.startswith(f"pip install --python {here.python} --constraint ") and called.endswith(" mf-probe>=2\n")


def test_a_machine_without_torch_is_told_how_to_get_it(tmp_path):
    here = machine(tmp_path, "3.11", "colab")
    (here.site / "torch" / "__init__.py").unlink()
    (here.site / "torch").rmdir()
    (here.site / "IPython" / "__init__.py").write_text("get_ipython = lambda: None\n")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables = {"MEASURE_FIRST_SOURCE": host.address}
        (facts,) = here.kernel(lesson=LESSON)
    assert facts["error"].startswith("PyTorch is not installed. Setup never installs it")
    assert f'"{here.python}" -m pip install --upgrade torch' in facts["error"]


def test_a_kernel_stopped_in_the_middle_of_pip_installs_at_the_next_run(tmp_path):
    here = machine(tmp_path, "3.11", "colab")
    with site({ARCHIVE_PATH: archive(working_tree())}) as host:
        here.variables |= {"MEASURE_FIRST_SOURCE": host.address} | offline_index(tmp_path / "wheels")
        write_files(here.site, {"mf_probe/__init__.py": "", "mf_probe/half.py": ""})  # files, and no metadata yet
        (facts,) = here.kernel(lesson=LESSON, requirements=PROBE)
    assert facts["installed"] == [*PROBE] and here.version_of("mf-probe") == "2.0"


def test_the_machines_are_fresh_and_hold_the_hosts_versions(tmp_path):
    here: Machine = machine(tmp_path, "3.11", "kaggle")
    assert [here.version_of(name) for name in ("numpy", "datasets")] == [
        pins("kaggle")[n] for n in ("numpy", "datasets")
    ]
