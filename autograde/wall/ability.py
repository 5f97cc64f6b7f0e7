"""What this machine can do to shut a submission in: asked by trying it, and told in words that say what to do.

`autograde sandbox` prints it. MEASURE_FIRST_SANDBOX=warm or cold asks for that mode and no other.
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from autograde.wall import bubblewrap
from autograde.wall.room import Preload, Room

OLDEST = (0, 5, 0)  # has --perms; whether a newer one has all that is needed is tried out
PROBE_SECONDS = 30.0
OS_RELEASE = Path("/etc/os-release")
INSTALL = (
    (("debian", "ubuntu"), "sudo apt-get install bubblewrap"),
    (("fedora", "rhel", "centos"), "sudo dnf install bubblewrap"),
    (("arch",), "sudo pacman -S bubblewrap"),
    (("suse", "opensuse"), "sudo zypper install bubblewrap"),
    (("alpine",), "sudo apk add bubblewrap"),
)
DOCKER_FLAGS = (
    "--cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined --security-opt apparmor=unconfined"
)
DOCKER_USER_FLAGS = (
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
)
LAST_RESORT = "To grade without one, only code that you trust: --isolation process."


@dataclass(frozen=True)
class Ability:
    """mode: "warm" (a fork a submission), "cold" (a room a submission, slower) or "none"; why: how that was found out;
    mend: what to do for a better mode ("" where there is none); user_namespace: whether bubblewrap has to make one."""

    mode: str
    why: str
    mend: str = ""
    user_namespace: bool = True


@functools.cache
def ability() -> Ability:
    """What this machine can do, tried once in this process (a tenth of a second)."""
    return find()


def find() -> Ability:
    """The same, tried anew."""
    if sys.platform != "linux":
        system = {"darwin": "macOS", "win32": "Windows"}.get(sys.platform, sys.platform)
        where = "in WSL 2" if sys.platform == "win32" else "in a Linux virtual machine or container"
        return Ability("none", f"{system} has no bubblewrap.", f"Grade {where}, or on a Linux machine. {LAST_RESORT}")
    if bubblewrap.installed() is None:
        container = container_needs()
        more = f" It is refused in most containers until they allow it. {container}" if container else ""
        return Ability("none", "bubblewrap is not installed.", f"Install it: {install_command()}.{more} {LAST_RESORT}")
    version = bubblewrap_version()
    if version is not None and version < OLDEST:
        have, need = (".".join(map(str, numbers)) for numbers in (version, OLDEST))
        return Ability("none", f"bubblewrap {have} is too old: {need} or newer is needed.", f"{UPGRADE} {LAST_RESORT}")
    return _try_all()


UPGRADE = "Install a newer one (Debian 12, Ubuntu 22.04 and Fedora 36 have it), or build it from its source."


def _try_all() -> Ability:
    """Warm before cold, and for root without a user namespace first: then each submission gets its own user id."""
    wanted = os.environ.get("MEASURE_FIRST_SANDBOX", "")
    if wanted not in ("", "warm", "cold"):
        return Ability("none", f"MEASURE_FIRST_SANDBOX is {wanted!r}.", "Set it to warm or cold, or unset it.")
    namespaces = (False, True) if os.geteuid() == 0 else (True,)
    failures: dict[str, str] = {}
    for mode in ("warm", "cold"):
        if wanted and mode != wanted:
            continue
        for user_namespace in namespaces:
            trouble = rehearse(mode, user_namespace)
            if trouble is None:
                return _found(mode, user_namespace, failures.get("warm", ""), wanted)
            failures[mode] = trouble
    said = failures.get("cold") or failures.get("warm", "")
    if wanted == "warm":
        why = f"MEASURE_FIRST_SANDBOX asks for a room that is divided, and that failed: {said}"
        return Ability("none", why, f"Unset it: a room for each submission may be possible here. {how_to_divide()}")
    return Ability("none", f"bubblewrap failed here: {said}", f"{how_to_allow(said)} {LAST_RESORT}")


def _found(mode: str, user_namespace: bool, failure: str, wanted: str) -> Ability:
    if mode == "warm":
        return Ability("warm", "bubblewrap works, and its room can be divided between submissions.", "", user_namespace)
    if wanted:
        return Ability("cold", "MEASURE_FIRST_SANDBOX asks for a room for each submission.", "", user_namespace)
    why = f"bubblewrap works, but its room cannot be divided ({failure}): each submission gets a room of its own."
    return Ability("cold", why, "Grading takes seconds longer for each submission. " + how_to_divide(), user_namespace)


def rehearse(mode: str, user_namespace: bool) -> str | None:
    """Put up a submission's walls around nothing: None when they stand, else the last line of what was said."""
    room, preload = Room(), Preload()
    try:
        with bubblewrap.command(room, preload, mode, user_namespace) as (words, descriptors):
            done = subprocess.run(
                [*words, sys.executable, "-m", "autograde.wall.rehearsal", mode],
                env=bubblewrap.environment(room, preload),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=PROBE_SECONDS,
                pass_fds=descriptors,
            )
    except subprocess.TimeoutExpired:
        return f"it did not end within {PROBE_SECONDS:g} seconds"
    except OSError as error:
        return str(error)
    if done.returncode == 0:
        return None
    return (done.stderr.strip() or f"it ended with status {done.returncode}").splitlines()[-1]


def bubblewrap_version() -> tuple[int, ...] | None:
    """The installed version; None where it does not say."""
    try:
        done = subprocess.run([bubblewrap.PROGRAM, "--version"], capture_output=True, text=True, timeout=PROBE_SECONDS)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", done.stdout)
    return tuple(int(part or 0) for part in found.groups()) if found else None


def install_command() -> str:
    """How to install bubblewrap on this distribution; for root without sudo, which a container may not have."""
    likes = _distribution()
    for names, command in INSTALL:
        if any(name in likes for name in names):
            return command.replace("sudo ", "") if os.geteuid() == 0 else command
    return "with your distribution's package manager (the package is called bubblewrap)"


def _distribution() -> list[str]:
    """ID and ID_LIKE of /etc/os-release."""
    try:
        text = OS_RELEASE.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [word for _, value in re.findall(r"^(ID|ID_LIKE)=(.*)$", text, re.M) for word in value.strip('"').split()]


def how_to_allow(said: str) -> str:
    """What to do where bubblewrap itself is refused; said: its last words."""
    if container := container_needs():
        return container
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return f"AppArmor forbids user namespaces here. {apparmor_profile()}"
    if _setting("kernel/unprivileged_userns_clone") == "0":
        return FORBIDDEN.format("kernel.unprivileged_userns_clone=1")
    if _setting("user/max_user_namespaces") == "0":
        return FORBIDDEN.format("user.max_user_namespaces=15000")
    if "Permission denied" in said and os.geteuid() != 0:
        return "If SELinux or AppArmor is in the way, its log says so: sudo journalctl -k | grep -i denied"
    return "Try it by hand: bwrap --ro-bind / / --unshare-all true"


def container_needs() -> str:
    """How a container has to be started for bubblewrap to work in it; "" where this is none."""
    if (told := other_container()) or not in_container():
        return told
    flags = DOCKER_FLAGS if os.geteuid() == 0 else DOCKER_USER_FLAGS
    host = _setting("kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0
    more = " And on the host: sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0" if host else ""
    return f"Inside a container, start it with: docker run {flags} ….{more}"


def how_to_divide() -> str:
    """What to do where bubblewrap works but nothing in it may have namespaces of its own."""
    if _setting("kernel/apparmor_restrict_unprivileged_userns") == "1":
        return f"AppArmor allows bubblewrap a namespace and what runs in it none. {apparmor_profile()}"
    return "A kernel that lets programs in a user namespace make further namespaces would allow the fast mode."


FORBIDDEN = (
    "User namespaces are forbidden here. Allow them: sudo sysctl -w {0} "
    "(until the next start of the machine; for good, put {0} into a file in /etc/sysctl.d)."
)


def apparmor_profile() -> str:
    """The profile that lets bubblewrap, where it is installed, make its namespaces."""
    program = os.path.realpath(bubblewrap.installed() or "/usr/bin/bwrap")
    return (
        "Put a file /etc/apparmor.d/bwrap with the two lines «abi <abi/4.0>,» and "
        f"«profile bwrap {program} flags=(unconfined) {{ userns, }}», and run: "
        "sudo apparmor_parser -r /etc/apparmor.d/bwrap"
    )


def other_container() -> str:
    """What to do in a container that is not started with `docker run`; "" where this is none of those known here."""
    if "KUBERNETES_SERVICE_HOST" in os.environ:
        return (
            "Inside Kubernetes, run as root and give the container a securityContext with capabilities SYS_ADMIN and "
            "NET_ADMIN, seccompProfile Unconfined and appArmorProfile Unconfined; or grade on a machine of your own."
        )
    if "APPTAINER_CONTAINER" in os.environ or "SINGULARITY_CONTAINER" in os.environ:
        return "This is inside an Apptainer container, where no second one could be made: grade outside of it."
    return ""


def in_container() -> bool:
    """Whether this is Docker, Podman or the like."""
    return any(Path(path).exists() for path in ("/.dockerenv", "/run/.containerenv"))


def _setting(name: str) -> str:
    try:
        return Path("/proc/sys", name).read_text(encoding="ascii").strip()
    except OSError:
        return ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`autograde sandbox` takes no arguments."""


def run(args: argparse.Namespace) -> int:
    """Print what this machine can do; 0 where there is a sandbox, 1 where there is none."""
    found = ability()
    words = {"warm": "yes: each submission is a fork, shut in", "cold": "yes, slower", "none": "no"}[found.mode]
    print(f"sandbox: {words}")
    print(found.why)
    if found.mend:
        print(found.mend)
    return 0 if found.mode != "none" else 1
