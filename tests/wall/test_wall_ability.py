"""What a machine can do, asked of invented machines: bubblewrap missing, old, refused, half refused."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from rooms import needs_room

from autograde.wall import ability as room_ability
from autograde.wall.ability import Ability, find

Put = Callable[[str], None]
REAL = "exec /usr/bin/bwrap"


@pytest.fixture
def bwrap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Put:
    """Puts a shell script in bubblewrap's place; not in a container, no restrictive setting, no wish for a mode."""
    monkeypatch.setattr(room_ability, "in_container", lambda: False)
    for name in ("KUBERNETES_SERVICE_HOST", "APPTAINER_CONTAINER", "SINGULARITY_CONTAINER"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(room_ability, "_setting", lambda name: "")
    monkeypatch.delenv("MEASURE_FIRST_SANDBOX", raising=False)

    def put(script: str) -> None:
        program = tmp_path / "bwrap"
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return put


@pytest.mark.parametrize(
    ("system", "command"),
    [
        ("ID=debian", "sudo apt-get install bubblewrap"),
        ('ID=linuxmint\nID_LIKE="ubuntu debian"', "sudo apt-get install bubblewrap"),
        ("ID=fedora", "sudo dnf install bubblewrap"),
        ("ID=arch", "sudo pacman -S bubblewrap"),
        ("ID=plan9", "with your distribution's package manager (the package is called bubblewrap)"),
    ],
)
def test_a_missing_bubblewrap_is_said_with_the_command_that_installs_it(
    system: str, command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    release = tmp_path / "os-release"
    release.write_text(system)
    monkeypatch.setattr(room_ability, "OS_RELEASE", release)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(room_ability, "container_needs", lambda: "")
    assert find() == Ability(
        "none",
        "bubblewrap is not installed.",
        f"Install it: {command}. To grade without one, only code that you trust: --isolation process.",
    )


def test_a_missing_bubblewrap_in_a_container_is_not_all_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(room_ability, "install_command", lambda: "apt-get install bubblewrap")
    monkeypatch.setattr(room_ability, "container_needs", lambda: "Start it so.")
    assert find().mend == (
        "Install it: apt-get install bubblewrap. It is refused in most containers until they allow it. Start it so. "
        "To grade without one, only code that you trust: --isolation process."
    )


def test_root_is_told_to_install_it_without_sudo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = tmp_path / "os-release"
    release.write_text("ID=debian")
    monkeypatch.setattr(room_ability, "OS_RELEASE", release)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert room_ability.install_command() == "apt-get install bubblewrap"


def test_an_old_bubblewrap_is_said(bwrap: Put) -> None:
    bwrap("echo bubblewrap 0.4.1")
    found = find()
    assert (found.mode, found.why) == ("none", "bubblewrap 0.4.1 is too old: 0.5.0 or newer is needed.")
    assert found.mend.startswith("Install a newer one")


def test_a_bubblewrap_that_fails_is_quoted(bwrap: Put) -> None:
    bwrap(
        '[ "$1" = --version ] && echo bubblewrap 0.9.0 && exit\necho "bwrap: No permissions to create a new namespace" >&2; exit 1'  # noqa: E501
    )
    found = find()
    assert found.why == "bubblewrap failed here: bwrap: No permissions to create a new namespace"
    assert found.mend.startswith("Try it by hand: bwrap --ro-bind / / --unshare-all true")


@pytest.mark.parametrize(
    ("setting", "value", "mend"),
    [
        ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=15000"),
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        ("kernel/apparmor_restrict_unprivileged_userns", "1", "sudo apparmor_parser -r /etc/apparmor.d/bwrap"),
    ],
)
def test_a_setting_that_forbids_it_is_named(
    bwrap: Put, monkeypatch: pytest.MonkeyPatch, setting: str, value: str, mend: str
) -> None:
    bwrap("echo 'bwrap: setting up uid map: Permission denied' >&2; exit 1")
    monkeypatch.setattr(room_ability, "_setting", lambda name: value if name == setting else "")
    assert mend in find().mend


@pytest.mark.parametrize(("uid", "flag"), [(0, "--cap-add SYS_ADMIN"), (1000, "systempaths=unconfined")])
def test_in_a_container_the_flags_are_named(bwrap: Put, monkeypatch: pytest.MonkeyPatch, uid: int, flag: str) -> None:
    bwrap("echo 'bwrap: Creating new namespace failed: Operation not permitted' >&2; exit 1")
    monkeypatch.setattr(room_ability, "in_container", lambda: True)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    found = find()
    assert found.mode == "none"
    assert flag in found.mend
    assert found.mend.startswith("Inside a container, start it with: docker run ")


@pytest.mark.parametrize(
    ("variable", "mend"),
    [
        (
            "KUBERNETES_SERVICE_HOST",
            "Inside Kubernetes, run as root and give the container a securityContext with capabilities SYS_ADMIN and "
            "NET_ADMIN, seccompProfile Unconfined and appArmorProfile Unconfined; or grade on a machine of your own. ",
        ),
        (
            "APPTAINER_CONTAINER",
            "This is inside an Apptainer container, where no second one could be made: grade outside of it. ",
        ),
    ],
)
def test_in_containers_that_docker_did_not_start_nobody_is_told_of_docker(
    bwrap: Put, monkeypatch: pytest.MonkeyPatch, variable: str, mend: str
) -> None:
    bwrap("echo 'bwrap: Creating new namespace failed: Operation not permitted' >&2; exit 1")
    monkeypatch.setattr(room_ability, "in_container", lambda: True)
    monkeypatch.setenv(variable, "1")
    assert find().mend == f"{mend}{room_ability.LAST_RESORT}"


def test_the_profile_names_the_bubblewrap_that_is_installed(bwrap: Put, tmp_path: Path) -> None:
    bwrap("exit 1")
    assert f"«profile bwrap {tmp_path}/bwrap flags=(unconfined) {{ userns, }}»" in room_ability.apparmor_profile()


def test_a_wish_for_a_divided_room_that_cannot_be_met_says_so(bwrap: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    bwrap("echo 'bwrap: no' >&2; exit 1")
    monkeypatch.setenv("MEASURE_FIRST_SANDBOX", "warm")
    found = find()
    assert found.why == "MEASURE_FIRST_SANDBOX asks for a room that is divided, and that failed: bwrap: no"
    assert found.mend.startswith("Unset it: a room for each submission may be possible here. ")


def test_a_bubblewrap_that_hangs_is_said_in_a_few_words(bwrap: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    bwrap('[ "$1" = --version ] && exit\nexec sleep 5')
    monkeypatch.setattr(room_ability, "PROBE_SECONDS", 0.2)
    assert find().why == "bubblewrap failed here: it did not end within 0.2 seconds"


@needs_room
def test_a_room_that_cannot_be_divided_is_cold(bwrap: Put) -> None:
    # As under Ubuntu's profile for bubblewrap: the room can be made, and in it nobody has a capability.
    bwrap(
        'case "$*" in\n*" warm")\n'
        'for word; do shift; case $word in --cap-add) skip=1;; *) [ $skip ] && skip= || set -- "$@" "$word";; esac; done\n'  # noqa: E501
        f'set -- --cap-drop ALL "$@";;\nesac\n{REAL} "$@"'
    )
    found = find()
    assert found.mode == "cold"
    assert found.why == (
        "bubblewrap works, but its room cannot be divided (PermissionError: [Errno 1] unshare: Operation not permitted): "  # noqa: E501
        "each submission gets a room of its own."
    )
    assert found.mend.startswith("Grading takes seconds longer for each submission.")


@needs_room
def test_the_real_one_is_warm_or_cold_and_the_wish_for_a_mode_is_met(
    bwrap: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    bwrap(f'{REAL} "$@"')
    assert find().mode in ("warm", "cold")
    monkeypatch.setenv("MEASURE_FIRST_SANDBOX", "cold")
    assert find().mode == "cold"
    monkeypatch.setenv("MEASURE_FIRST_SANDBOX", "hot")
    assert (find().mode, find().why) == ("none", "MEASURE_FIRST_SANDBOX is 'hot'.")


@pytest.mark.parametrize(("platform", "system"), [("darwin", "macOS"), ("win32", "Windows")])
def test_other_systems_have_none(monkeypatch: pytest.MonkeyPatch, platform: str, system: str) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    found = find()
    assert (found.mode, found.why) == ("none", f"{system} has no bubblewrap.")


@pytest.mark.parametrize(
    ("found", "status", "text"),
    [
        (Ability("warm", "It works."), 0, "sandbox: yes: each submission is a fork, shut in\nIt works.\n"),
        (Ability("cold", "It works.", "Do this."), 0, "sandbox: yes, slower\nIt works.\nDo this.\n"),
        (Ability("none", "It is not there.", "Do this."), 1, "sandbox: no\nIt is not there.\nDo this.\n"),
    ],
)
def test_the_command_prints_it(
    found: Ability, status: int, text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(room_ability, "ability", lambda: found)
    assert room_ability.run(argparse.Namespace()) == status
    assert capsys.readouterr().out == text
