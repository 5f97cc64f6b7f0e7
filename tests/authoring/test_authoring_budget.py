"""A lesson's contract: what is over it is named with what was measured and what was allowed; and how it is measured."""

import dataclasses
import json
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograde.authoring import received, trend
from autograde.authoring.budget import judged
from autograde.authoring.executed import LessonRun
from autograde.course import CourseError, Lesson

ROOT = Path(__file__).resolve().parents[2]
LESSON = Lesson("01_good", "T", "s", 1, [], [], 60.0, 700.0, 4000.0, 0.25, 50.0)
RUN = LessonRun("01_good", "passed", 61.0, 812.4, 4100.0, "cuda:0", 9, 60.0, "mark", download_mb=51.5)
CI, FULL = {"SCALE": "ci"}, {"SCALE": "full"}


def fits(**changes):
    """A run within every budget, but for these changes."""
    small = dataclasses.replace(RUN, seconds=5.0, peak_mb=1.0, gpu_mb=1.0, download_mb=0.0)
    return dataclasses.replace(small, **changes)


@pytest.mark.parametrize(
    ("changes", "scale", "clock", "outcome"),
    [
        ({}, CI, True, "passed"),
        ({}, FULL, True, "passed"),
        ({"peak_mb": 812.4}, CI, False, "over budget: peak memory 812 MiB, allowed 700 MiB"),
        ({"peak_mb": 812.4}, FULL, False, "passed"),
        ({"gpu_mb": 4100.0}, FULL, False, "over budget: peak GPU memory 4100 MiB, allowed 4000 MiB"),
        ({"gpu_mb": 4100.0}, CI, False, "passed"),
        ({"seconds": 61.0}, CI, True, "over budget: time 61 s, allowed 60 s"),
        ({"seconds": 61.0}, CI, False, "passed"),
        ({"seconds": 1800.0}, FULL, False, "over budget: GPU time 0.5 h, allowed 0.25 h"),
        ({"seconds": 1800.0, "device": "cpu"}, FULL, False, "passed"),
        ({"download_mb": 51.5}, FULL, False, "over budget: download 51.5 MB, allowed 50 MB"),
        ({"download_mb": 0.001}, CI, False, "over budget: download 0.001 MB, allowed 0 MB"),
        ({"hosts": ["hf.co"]}, CI, False, "over budget: asked the network for hf.co, allowed none"),
        ({"hosts": ["hf.co"]}, FULL, False, "passed"),
        (
            {"peak_mb": 900.0, "download_mb": 2.0},
            CI,
            False,
            "over budget: peak memory 900 MiB, allowed 700 MiB; download 2 MB, allowed 0 MB",
        ),
        ({"outcome": "cell 3: KeyError: 'x'", "peak_mb": 900.0}, CI, True, "cell 3: KeyError: 'x'"),
    ],
)
def test_over_budget_names_quantity_measured_and_allowed(changes, scale, clock, outcome):
    assert judged(LESSON, fits(**changes), scale, clock).outcome == outcome


def test_a_lesson_without_budgets_promises_only_its_seconds_and_no_network_at_ci_scale():
    bare = Lesson("01_good", "T", "s", 1)
    assert judged(bare, RUN, FULL, clock=False).outcome == "passed"
    assert judged(bare, RUN, CI, clock=False).outcome == "over budget: download 51.5 MB, allowed 0 MB"


@pytest.fixture
def traffic():
    made = received.Traffic()
    end = received.watch(made)
    yield made
    end()


def talk(count):
    """Receive `count` bytes over loopback TCP."""
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        peer, _ = server.accept()
        with peer:
            peer.sendall(b"x" * count)
            assert len(client.recv(count)) == count


def test_what_loopback_brings_does_not_count(traffic):
    talk(1000)
    assert (traffic.bytes, traffic.hosts) == (0, [])


def test_what_another_machine_brings_counts_by_the_byte(traffic, monkeypatch):
    monkeypatch.setattr(received, "_peer", lambda sock: "203.0.113.9")  # the peer seems to be outside
    talk(1000)
    assert traffic.bytes == 1000


def test_a_name_or_address_outside_is_noted_whether_it_answers_or_not(traffic):
    with pytest.raises(OSError):
        socket.create_connection(("nowhere.invalid", 443), timeout=2)
    with socket.socket() as sock:
        sock.settimeout(0.2)
        sock.connect_ex(("203.0.113.9", 443))
    assert traffic.hosts == ["nowhere.invalid", "203.0.113.9"]


def test_the_count_ends_and_leaves_no_trace():
    names = {(owner, name): owner.__dict__.get(name) for owner, name, _ in received.RECEIVERS}
    received.watch(received.Traffic())()
    assert {(owner, name): owner.__dict__.get(name) for owner, name in names} == names


@pytest.mark.parametrize(
    ("host", "outside"),
    [
        ("localhost", 0),
        ("127.0.0.9", 0),
        ("::1", 0),
        ("0.0.0.0", 0),
        ("fe80::1%eth0", 1),
        ("10.0.0.1", 1),
        ("hf.co", 1),
    ],
)
def test_own_names_and_addresses_are_told_from_others(host, outside):
    assert received.is_outside(host) == bool(outside)


def row(**changes):
    [made] = trend.rows_of([fits(seconds=10.0, peak_mb=500.0, card="T4", torch="2.9")], "ci", 1, "2026-11-01T00:00:00")
    return made | changes


def test_the_trend_compares_with_the_last_run_of_the_same_card_device_scale_and_neighbours():
    history = [row(seconds=5.0), row(seconds=8.0), row(seconds=1.0, card="L4"), row(seconds=1.0, scale="full")]
    history += [row(seconds=1.0, jobs=2), row(seconds=1.0, device="cpu"), row(seconds=1.0, lesson="02_bad")]
    line = trend.table([row(download_mb=3.0)], history).splitlines()[-1]
    told = "| 01_good | 10 | +25 % | 500 | 0 % | 1 | 0 % | 3 | +3 | 2026-11-01T00:00:00, torch 2.9 |"
    assert line == told


def test_a_first_run_has_nothing_to_compare_with():
    assert trend.table([row()], []).splitlines()[-1].endswith("| first of its kind |")


def test_kept_and_failed_runs_leave_no_row():
    assert trend.rows_of([fits(reused=True), fits(traceback="Traceback")], "ci", 1) == []


def test_the_record_grows_and_a_broken_line_is_named(tmp_path):
    path = tmp_path / trend.HISTORY
    assert trend.read_history(path) == []
    trend.append(path, [row()])
    trend.append(path, [row(seconds=11.0)])
    assert [old["seconds"] for old in trend.read_history(path)] == [10.0, 11.0]
    path.write_text(path.read_text() + "{}\n")
    with pytest.raises(CourseError, match="history.jsonl, line 3: no row of a run. Delete that line"):
        trend.read_history(path)


def tiny_course(root, cell):
    """A built course of one lesson with one cell and a small memory budget."""
    (root / "course.toml").write_text(
        '[course]\nname = "T"\nrepository = "a/b"\nref = "main"\n[[lesson]]\nkey = "01_good"\ntitle = "T"\n'
        'subtitle = "s"\nminutes = 1\nbudget_peak_mb = 100000\n'
    )
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    notebook.cells = [
        nbformat.v4.new_code_cell("DEVICE, SCALE, SEED = 'auto', 'auto', 0", metadata={"tags": ["parameters"]}),
        nbformat.v4.new_code_cell(cell),
    ]
    (root / "source" / "01_good").mkdir(parents=True)
    nbformat.write(notebook, root / "source" / "01_good" / "01_good.ipynb")


def curriculum(root, *before, scale="ci"):
    """`autograde curriculum` there; the completed process."""
    command = [*before, sys.executable, "-m", "autograde", "curriculum", "--device", "cpu", "--scale", scale]
    return subprocess.run(
        [*command, "--course", str(root)], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=ROOT
    )


@pytest.mark.slow
def test_a_lesson_that_asks_the_network_fails_at_ci_scale_and_says_whom(tmp_path):
    tiny_course(tmp_path, "import socket\ntry:\n    socket.getaddrinfo('nowhere.invalid', 1)\nexcept OSError: pass")
    run = curriculum(tmp_path)
    assert run.returncode == 1
    assert "01_good: over budget: asked the network for nowhere.invalid, allowed none\n" in run.stdout
    assert json.loads((tmp_path / "build/curriculum/history.jsonl").read_text())["lesson"] == "01_good"
    assert curriculum(tmp_path, scale="full").returncode == 0


@pytest.mark.slow
def test_a_failed_cell_is_printed_with_lesson_cell_and_traceback_and_a_prompt_is_a_failure(tmp_path):
    tiny_course(tmp_path, "input('your login: ')")
    run = curriculum(tmp_path)
    assert run.returncode == 1
    assert "01_good, cell 2:\ninput('your login: ')\n" in run.stdout
    assert "StdinNotImplementedError" in run.stdout


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("bwrap"), reason="needs bubblewrap to take the network away")
def test_a_real_lesson_runs_at_ci_scale_where_no_network_exists():
    out = ROOT / "build" / "curriculum-without-network"  # in the course, where the first cell finds setup_colab.py
    alone = ["bwrap", "--dev-bind", "/", "/", "--unshare-net", "--die-with-parent", "--chdir", str(ROOT)]
    if subprocess.run([*alone, "true"], capture_output=True).returncode:
        pytest.skip("no network namespace can be made here")
    probe = "import socket; print(len([n for _, n in socket.if_nameindex() if n != 'lo']))"
    assert subprocess.run([*alone, sys.executable, "-c", probe], capture_output=True, text=True).stdout == "0\n"
    build = [sys.executable, "-m", "autograde", "build", "--quiet", "02"]
    assert subprocess.run(build, cwd=ROOT, capture_output=True).returncode == 0
    command = [*alone, sys.executable, "-m", "autograde", "curriculum", "02", "--device", "cpu", "--scale", "ci"]
    run = subprocess.run(
        [*command, "--out", str(out)], capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=ROOT
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert "| 02_autograd | passed |" in run.stdout
