"""A borrowed machine runs a function in a process of its own, dies where it is told to, and leaves only files."""

import os
import random
import re
import signal
import subprocess
import time

import pytest
import torch

from autograde import check, lesson
from autograde.lesson import machine_start, machines
from autograde.lesson.trouble import LessonError

SEEN = []


@lesson.machine
def count(folder, steps, record):
    """Counts on from what its file says, and writes the file after each third step."""
    file = folder / "count"
    first = int(file.read_text()) if file.exists() else 0
    try:
        for step in range(first, steps):
            record(step, torch.tensor(step / 3))
            if step % 3 == 2:
                (folder / "new").write_text(f"{step + 1}")
                os.replace(folder / "new", file)
    finally:
        SEEN.append("finally")
        (folder / "goodbye").write_text("")


def test_a_run_gives_what_it_recorded_and_what_it_left():
    night = count(4)
    assert night == {
        "ended": "finished",
        "recorded": [(step, torch.tensor(step / 3).item()) for step in range(4)],
        "files": {"count": b"3", "goodbye": b""},
        "touched": 3,
    }
    assert SEEN == []  # what it does to this process's memory, it does to a copy


def test_killed_at_a_record_it_says_no_goodbye_and_another_machine_goes_on_from_its_files():
    night = count(10, dies_after=5)
    assert (night["ended"], [step for step, _ in night["recorded"]]) == ("killed", [0, 1, 2, 3, 4])
    assert night["files"] == {"count": b"3"}
    again = count(10, files=night["files"])
    assert (again["ended"], [step for step, _ in again["recorded"]]) == ("finished", [3, 4, 5, 6, 7, 8, 9])


@lesson.machine
def save_twice(folder, safely, record):
    (folder / "state").write_bytes(b"a" * 1000)
    record(0, 0.0)
    target = folder / ("new" if safely else "state")
    target.write_bytes(b"b" * 1000)
    os.replace(target, folder / "state")


@pytest.mark.parametrize(("safely", "kept"), [(True, b"a" * 1000), (False, b"b" * 500)])
def test_a_death_while_saving_leaves_half_a_file_where_it_was_written(safely, kept):
    night = save_twice(safely, dies_saving=1)
    assert night["ended"] == "killed"
    assert night["files"]["state"] == kept


@pytest.mark.parametrize(("n", "left"), [(1, {}), (2, {"x/": None}), (3, {"x/a": b"1"}), (4, {"x/b": b"1"}), (5, {})])
def test_it_dies_just_before_the_nth_change_to_its_folder(n, left):
    @lesson.machine
    def change(folder):
        (folder / "x").mkdir()
        (folder / "x" / "a").write_text("1")
        os.rename(folder / "x" / "a", folder / "x" / "b")
        (folder / "x" / "b").unlink()

    night = change(dies_touching=n)
    assert night["ended"] == ("killed" if n < 5 else "finished")
    assert night["files"] == {name: content for name, content in left.items() if content}
    assert night["touched"] == (4 if n == 5 else 0)


def test_reading_and_what_happens_elsewhere_is_no_change(tmp_path):
    @lesson.machine
    def look(folder):
        (folder / "given").read_bytes()
        (tmp_path / "elsewhere").write_text("x")
        return list(folder.iterdir())

    assert look(files={"given": b"1"})["touched"] == 0


def test_a_move_into_the_folder_from_outside_is_a_change(tmp_path):
    @lesson.machine
    def move(folder):
        (tmp_path / "whole").write_text("x")
        os.replace(tmp_path / "whole", folder / "whole")

    assert move()["touched"] == 1


def test_nothing_is_inherited_that_a_new_machine_would_not_have():
    @lesson.machine
    def dice(folder, record):
        record(0, torch.rand(()))
        record(1, random.random())
        record(2, len(os.listdir(".")))
        record(3, torch.get_num_threads())

    torch.manual_seed(0)
    random.seed(0)
    first, second = dice()["recorded"], dice()["recorded"]
    assert first[0] != second[0]
    assert first[1] != second[1]
    assert [value for _, value in first[2:]] == [0.0, 1.0]


def test_an_error_comes_out_with_its_type_and_its_line():
    @lesson.machine
    def wrong(folder):
        return {}["weights"]

    with pytest.raises(KeyError) as caught:
        wrong()
    assert re.fullmatch(
        r"'weights' \[on the machine, in wrong, line \d+: return \{\}\[\"weights\"\]\]", caught.value.args[0]
    )


def test_an_untouched_exercise_is_not_attempted_on_a_machine_either():
    @lesson.machine
    def hole(folder):
        raise check.NotAttempted("hole")

    with pytest.raises(check.NotAttempted, match="^hole: not attempted yet"):
        hole()


def test_what_it_prints_is_printed(capsys):
    @lesson.machine
    def talk(folder):
        print("from", folder.name)

    talk()
    assert capsys.readouterr().out == "from disk\n"


def test_a_run_that_will_not_die_is_not_heard_after_its_death(tmp_path):
    @lesson.machine
    def stubborn(folder, record):
        os.kill = os._exit = lambda *_: None
        for number in set(signal.valid_signals()) - {signal.SIGKILL, signal.SIGSTOP}:
            signal.signal(number, signal.SIG_IGN)
        if os.fork() == 0:
            time.sleep(0.3)
            (folder / "later").write_text("x")
            record(9, 9.0)
        for step in range(5):
            try:
                record(step, 0.0)
            except BaseException:
                pass
        (tmp_path / "lived").write_text("x")

    night = stubborn(dies_after=2)
    assert (night["ended"], night["recorded"]) == ("killed", [(0, 0.0), (1, 0.0)])
    time.sleep(0.5)
    assert night["files"] == {}
    assert not (tmp_path / "lived").exists()


def test_a_process_that_holds_the_pipe_does_not_hold_its_owner_up():
    @lesson.machine
    def parent(folder):
        subprocess.Popen(["sleep", "20"], close_fds=False)
        os.kill(os.getpid(), signal.SIGTERM)

    began = time.monotonic()
    with pytest.raises(LessonError, match=r"^the machine's process ended by itself \(status -15\)"):
        parent()
    assert time.monotonic() - began < 10


def test_an_endless_run_is_ended():
    @lesson.machine
    def endless(folder):
        while True:
            time.sleep(0.01)

    with pytest.raises(TimeoutError, match="is there a loop that never ends"):
        endless(seconds=0.3)


def test_names_that_lead_out_are_refused_and_links_are_left_behind(tmp_path):
    @lesson.machine
    def link(folder):
        (folder / "link").symlink_to("/etc/hostname")

    for name in ("../x", "/x", ""):
        with pytest.raises(LessonError, match="is no name of a file"):
            link(files={name: b""})
    assert link()["files"] == {}


def test_more_files_than_a_machine_may_leave_are_said(monkeypatch):
    monkeypatch.setattr(machines, "MOST_BYTES", 1 << 20)

    @lesson.machine
    def much(folder):
        (folder / "much").write_bytes(bytes(2 << 20))

    with pytest.raises(LessonError, match="may leave 1 MiB"):
        much()


@pytest.mark.parametrize("way", [machine_start.served, machine_start.new_python])
def test_where_a_gpu_is_it_is_no_fork_of_ours_and_everything_else_is_the_same(monkeypatch, way):
    assert machines.forks_are_safe() is not torch.cuda.is_available()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert not machines.forks_are_safe()
    monkeypatch.setattr(machine_start, "served", way)
    monkeypatch.setenv("OF_THE_OWNER", "1")
    mine, here = os.getpid(), torch.zeros(1, requires_grad=True)
    (2 * here).sum().backward()

    @lesson.machine
    def train(folder, steps, record):
        assert (os.getppid() == mine) is (way is machine_start.new_python)
        assert os.environ["OF_THE_OWNER"] == "1"
        for step in range(steps):
            record(step, 0.5 * step)
            (folder / f"{step}").write_bytes(b"x" * 100)

    assert [step for step, _ in train(3, dies_after=2)["recorded"]] == [0, 1]
    torn = train(9, dies_saving=2)
    assert (torn["ended"], torn["files"]) == ("killed", {"0": b"x" * 100, "1": b"x" * 50})
    with pytest.raises(TypeError, match="in train, line"):
        train("three")


def test_what_records_no_losses_is_forked_beside_a_gpu_too(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(machine_start, "served", lambda *_: pytest.fail("the fork server"))

    @lesson.machine
    def write(folder):
        (folder / "x").write_bytes(b"1")

    assert write()["files"] == {"x": b"1"}


def test_without_cloudpickle_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(machines, "forks_are_safe", lambda trains: False)
    monkeypatch.setitem(__import__("sys").modules, "cloudpickle", None)
    with pytest.raises(LessonError, match="%pip install cloudpickle"):
        count(3)
