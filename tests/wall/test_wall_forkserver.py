"""The fork server's own parts: notes with descriptors, requests, limits; and what is possible without a room."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest
from rooms import REPOSITORY, forked, needs_room, preload, started, until

from autograde.wall import idle, jail, launch, notes, watch
from autograde.wall.room import Room


def test_a_note_arrives_whole_with_its_descriptors() -> None:
    one, other = notes.pair()
    with one, other:
        reading, writing = os.pipe()
        notes.send(one, {"text": "ünï"}, [writing])
        os.close(writing)
        came = notes.receive(other)
        assert came is not None
        note, descriptors = came
        assert note == {"text": "ünï"}
        os.write(descriptors[0], b"through")
        assert os.read(reading, 9) == b"through"
        assert not os.get_inheritable(descriptors[0])
        for descriptor in (reading, *descriptors):
            os.close(descriptor)


def test_notes_of_several_writers_do_not_mix() -> None:
    one, other = notes.pair()
    with one, other:
        for number in range(5):
            if os.fork() == 0:
                try:
                    for _ in range(20):
                        notes.send(one, {"from": number, "text": str(number) * 1000})
                finally:
                    os._exit(0)
        for _ in range(100):
            note = notes.receive(other)
            assert note is not None
            assert note[0]["text"] == str(note[0]["from"]) * 1000
        for _ in range(5):
            os.wait()


def test_the_end_of_the_other_side_is_seen() -> None:
    one, other = notes.pair()
    with other:
        one.close()
        assert notes.receive(other) is None
        with pytest.raises(BrokenPipeError):
            notes.send(other, {})


def test_a_long_note_is_refused() -> None:
    one, other = notes.pair()
    with one, other, pytest.raises(ValueError, match="is no short note"):
        notes.send(one, {"text": "x" * notes.NOTE_BYTES})


def test_a_room_crosses_as_json() -> None:
    room = Room(memory_bytes=1, device="cuda")
    assert Room(**room.plain()) == room


def test_a_request_without_descriptors_does_not_end_the_server() -> None:
    with started("process") as sandbox:
        assert sandbox._server is not None
        notes.send(sandbox._server.control, {"student": "x"})
        with forked(sandbox) as student:
            assert student.ask("1 + 1") == "2"


def test_a_judge_that_leaves_before_the_answer_leaves_no_process() -> None:
    with started("process") as sandbox:
        assert sandbox._server is not None
        mine, channel = socket.socketpair()
        news, theirs = notes.pair()
        with mine, channel:
            with launch.belongings("x", []) as things:
                descriptors = [channel.fileno(), theirs.fileno(), things.fileno()]
                notes.send(sandbox._server.control, {"uid": 0}, descriptors)
            theirs.close()
            news.close()
            server = sandbox._server.popen.pid
            with forked(sandbox) as student:
                assert student.ask("1 + 1") == "2"
                assert until(lambda: list(watch.family(server)) == [server, student.process.pid])


def test_without_a_room_the_same_attempts_succeed() -> None:
    """The twin of test_wall_jail: what is refused there is not refused by accident."""
    with started("process") as sandbox, forked(sandbox) as student, forked(sandbox) as other:
        with socket.create_server(("127.0.0.1", 0)) as server:
            port = server.getsockname()[1]
            assert student.ask(f"__import__('socket').create_connection(('127.0.0.1', {port}), 2) and 1") == "1"
        assert student.ask(f"len(open({str(REPOSITORY / 'course.toml')!r}).read()) > 0") == "True"
        assert int(student.ask("len([n for n in __import__('os').listdir('/proc') if n.isdigit()])")) > 3
        assert student.ask(f"__import__('os').kill({other.process.pid}, 0)") == "None"
        assert student.ask("__import__('os').memfd_create('x') > 0") == "True"
        assert (
            student.run("import socket; s = socket.socket(1); s.bind('\\0twin of the jail'); s.listen(); out = 1") == 1
        )
        assert other.ask("__import__('socket').socket(1).connect('\\0twin of the jail')") == "None"
        assert student.ask(f"open('/proc/{other.process.pid}/environ', 'rb').read(1) != b''") == "True"


def test_without_a_room_package_managers_are_idle_too() -> None:
    line = "import subprocess, sys; out = [subprocess.run(words, capture_output=True, text=True).stdout for words in (['pip', 'list'], [sys.executable, '-m', 'pip'])]"  # noqa: E501
    with started("process") as sandbox, forked(sandbox) as student:
        assert student.run(line) == [f"pip {idle.IDLE}\n"] * 2


def test_without_a_room_limits_hold_all_the_same() -> None:
    with started("process", Room(file_bytes=1 << 20, open_files=32)) as sandbox, forked(sandbox) as student:
        assert student.ask("open('x', 'wb').truncate(1 << 21)") == "OSError: [Errno 27] File too large"
        assert student.ask("held = [open('/dev/null') for _ in range(50)]").startswith("OSError: [Errno 24]")
        assert student.ask("b'x' * (3 << 30)") == "MemoryError: "


@pytest.mark.parametrize(
    ("release", "apart"), [("6.1.0-18-amd64", True), ("5.14.0", True), ("5.10.0-28-amd64", False), ("4.18", False)]
)
def test_kernels_that_count_processes_by_user_namespace(
    release: str, apart: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Names:
        pass

    names = Names()
    names.release = release  # type: ignore[attr-defined]
    monkeypatch.setattr(os, "uname", lambda: names)
    assert jail.counts_apart() is apart


@needs_room
def test_where_a_second_user_namespace_is_refused_the_walls_stand_all_the_same() -> None:
    refuse = """
from autograde.wall import linux
def unshare(flags, before=linux.unshare):
    if flags == linux.NEW_USER:
        raise PermissionError(1, "not here")
    before(flags)
linux.unshare = unshare
"""
    with started(walls="user namespace", what=preload(cells=(refuse,))) as sandbox, forked(sandbox) as student:
        source = "out = [line.split()[1] for line in open('/proc/self/status') if line.startswith(('Cap', 'Uid', 'NoNew', 'Seccomp:'))]"  # noqa: E501
        assert student.run(source) == ["0", *["0" * 16] * 5, "1", "2"]
        assert student.ask("__import__('os').setuid(1)").startswith("OSError")
        assert student.ask("open('/proc/sys/kernel/hostname', 'w')").startswith("OSError: [Errno 30]")
        capabilities = "[l.split()[1] for l in open('/proc/self/status') if l.startswith('CapEff')]"
        assert student.ask(
            f"__import__('subprocess').check_output([__import__('sys').executable, '-c', \"print({capabilities})\"])"
        ) == repr(f"{['0' * 16]}\n".encode())


def test_idle_package_managers_are_laid_out_for_a_kernel_too(tmp_path: Path) -> None:
    idle.lay_out(tmp_path)
    assert {path.name for path in (tmp_path / "bin").iterdir()} == set(idle.INSTALLERS)
    assert all(os.access(path, os.X_OK) for path in (tmp_path / "bin").iterdir())
    assert (tmp_path / "lib/pip/__main__.py").read_text() == f"print('pip {idle.IDLE}')\n"


def test_family_counts_children_of_every_thread() -> None:
    assert list(watch.family(os.getpid()))[0] == os.getpid()
    assert watch.held_by(os.getpid())[0] > 1 << 20
    assert watch.memory_of(os.getpid()) > 1 << 20
    assert watch.held_by(2**22 + 5) == (0, 0)
