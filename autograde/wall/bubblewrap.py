"""Outside the room: the command line that has bubblewrap build it, and the environment of what runs in it.

    /usr, /bin, /lib…       the system's programs
    Python's own folders    where they are on the host
    /etc                    fonts, certificates, made-up users
    /course/autograde       what a lesson imports, and the wall
    /course/data            the lesson's own files, and folders of the course's data that it reads
    /room                   work, home, tmp: with /tmp and /dev/shm all that may be written; the rest is read-only

Nothing else of the host is there: no home, no repository, no gradebook, no other submission, no network.
"""

from __future__ import annotations

import glob
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import autograde
from autograde.course import DATA
from autograde.wall import idle
from autograde.wall.room import Preload, Room

PROGRAM = "bwrap"
COURSE = "/course"
SHOWN = ("check", "lesson", "wall")  # folders of the package `autograde`
SHOWN_FILES = ("__init__.py", "course.py", "facts.py", "markup.py")
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
ETC = (
    "ld.so.cache", "ld.so.conf", "ld.so.conf.d", "fonts", "localtime", "alternatives", "mime.types", "magic",
    "ssl/certs", "ssl/openssl.cnf", "ca-certificates", "pki/tls/certs", "pki/ca-trust/extracted", "locale.alias",
)  # fmt: skip
MADE_UP = {
    "/etc/passwd": "root:x:0:0:root:/:/bin/false\nstudent:x:1000:1000:student:/room/home:/bin/sh\n",
    "/etc/group": "root:x:0:\nstudent:x:1000:\n",
    "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files\n",
    "/etc/resolv.conf": "",
}
ABOUT_CPUS = ("/sys/devices/system/cpu", "/sys/devices/system/node")  # how many threads are worth it
GPU_DEVICES = ("/dev/nvidia*", "/dev/dxg")
GPU_SYSTEM = ("/sys/module/nvidia", "/sys/bus/pci", "/sys/devices/pci*", "/sys/class/drm")
# Root, who needs no user namespace, keeps what the fork server needs to divide the room, and no more.
KEPT_WARM = ("SYS_ADMIN", "NET_ADMIN", "SETUID", "SETGID", "SETPCAP", "CHOWN", "KILL")
KEPT_COLD = ("SETUID", "SETGID", "SETPCAP", "CHOWN", "DAC_OVERRIDE")
INHERITED = ("LANG", "LANGUAGE", "TZ", "SOURCE_DATE_EPOCH")
INHERITED_PREFIXES = ("LC_", "OMP_", "MKL_", "OPENBLAS_", "MEASURE_FIRST_")
INHERITED_CUDA = ("CUDA_", "NVIDIA_", "PYTORCH_", "LD_LIBRARY_PATH")
NEVER = ("MEASURE_FIRST_SECRET", "MEASURE_FIRST_SECRET_TAKEN", "MEASURE_FIRST_SANDBOX")


@contextmanager
def command(room: Room, preload: Preload, mode: str, user_namespace: bool) -> Iterator[tuple[list[str], list[int]]]:
    """bubblewrap's command line up to the program that is to run, and descriptors that must be passed on to it.

    mode: "warm" (the room will be divided: keep what that takes) or "cold" (one submission's own).
    """
    with ExitStack() as open_files:
        words = [installed() or PROGRAM, *_isolation(mode, user_namespace), *_system(), *_python(preload)]
        descriptors = []
        for path, (text, mode_bits) in _written().items():
            file = open_files.enter_context(tempfile.TemporaryFile())
            file.write(text.encode())
            file.seek(0)
            descriptors.append(file.fileno())
            words += ["--perms", mode_bits, "--file", str(file.fileno()), path]
        for data in preload.files:
            words += ["--ro-bind", os.path.realpath(data), f"{COURSE}/data/{data.name}"]
        for name in preload.data:
            words += ["--ro-bind-try", str(DATA / name), f"{COURSE}/data/{name}"]
        words += [*_own(room, mode), "--remount-ro", "/", "--chdir", "/room/work", "--"]
        yield words, descriptors


def _isolation(mode: str, user_namespace: bool) -> list[str]:
    words = ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try"]
    words += ["--hostname", "sandbox", "--die-with-parent", "--new-session"]
    if user_namespace:
        # As its root (who is the judge's own user outside), or bubblewrap nests a second namespace that may not mount.
        identity = ("0", "ALL") if mode == "warm" else ("1000", "")
        words += ["--unshare-user", "--uid", identity[0], "--gid", identity[0]]
        words += ["--cap-add", identity[1]] if identity[1] else []
    else:
        words += ["--cap-drop", "ALL"]
        for capability in KEPT_WARM if mode == "warm" else KEPT_COLD:
            words += ["--cap-add", f"CAP_{capability}"]
    return words


def _system() -> list[str]:
    """The host's programs, libraries and the harmless parts of its settings."""
    words = ["--tmpfs", "/tmp", "--ro-bind", "/usr", "/usr", "--proc", "/proc"]
    host = ("/etc/ssl/x", "/etc/pki/tls/x", "/etc/pki/ca-trust/x", "/sys/devices/system/x", "/nix/x")
    for path in (*host, "/course/autograde/x", "/course/idle/bin/x", "/course/idle/lib/pip/x", "/course/data/x"):
        words += _open_folders(path)
    for path in SYSTEM:
        if os.path.islink(path):
            words += ["--symlink", os.readlink(path), path]
        elif os.path.isdir(path):
            words += ["--ro-bind", path, path]
    for path in (*(f"/etc/{name}" for name in ETC), *ABOUT_CPUS, "/nix/store"):
        words += ["--ro-bind-try", path, path]
    return words


def _python(preload: Preload) -> list[str]:
    """The interpreter, its packages, and the parts of `autograde` that a submission may see."""
    package = Path(autograde.__file__).resolve().parent
    words: list[str] = []
    for folder in python_folders():
        words += _bind(folder)
    shown = ["/usr", *python_folders()]
    for hidden in (*preload.hidden, *_rest_of(package)):
        if any(within(str(hidden), folder) for folder in shown) and hidden.is_dir():
            words += ["--perms", "0755", "--tmpfs", str(hidden)]
            for folder in _outermost([place for place in _needed() if within(place, str(hidden))]):
                words += _bind(folder, str(hidden))
            words += ["--remount-ro", str(hidden)]
    for name in (*SHOWN_FILES, *SHOWN):
        words += ["--ro-bind", str(package / name), f"{COURSE}/autograde/{name}"]
    return words


def _bind(folder: str, below: str = "/") -> list[str]:
    return [*_open_folders(folder, below), "--ro-bind", folder, folder]


def _open_folders(path: str, below: str = "/") -> list[str]:
    """Make the folders above a path such that everybody may pass: bubblewrap, run by root, would let only root.

    below: where such folders can be made.
    """
    above = [str(folder) for folder in reversed(Path(path).parents) if within(str(folder), below)]
    above = [folder for folder in above if folder not in (below, "/tmp")]
    return [word for folder in above for word in ("--perms", "0755", "--dir", folder)]


def _rest_of(package: Path) -> list[Path]:
    """What of our own package no submission sees, should it be installed among Python's packages."""
    return [path for path in package.iterdir() if path.is_dir() and path.name not in SHOWN]


def python_folders() -> list[str]:
    """Folders outside /usr that Python needs: the interpreter's own, the environment's, and where packages are."""
    return _outermost(_needed(), "/usr", *SYSTEM)


def _outermost(places: list[str], *known: str) -> list[str]:
    """The folders among these that lie neither in each other nor in the known ones."""
    found: list[str] = []
    for place in sorted(dict.fromkeys(places), key=len):
        if os.path.isdir(place) and place != "/" and not any(within(place, folder) for folder in (*known, *found)):
            found.append(place)
    return found


def _needed() -> list[str]:
    places = [sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix, *_packages()]
    places += [os.path.realpath(place) for place in places]
    # An environment's python is a chain of links: each of them must be there.
    link = sys.executable
    while os.path.islink(link):
        link = os.path.normpath(os.path.join(os.path.dirname(link), os.readlink(link)))
        places.append(os.path.dirname(os.path.dirname(link)))
    return places


def _packages() -> list[str]:
    return [entry for entry in sys.path if os.path.basename(entry) in ("site-packages", "dist-packages")]


def within(path: str, folder: str) -> bool:
    """Whether path is folder or lies below it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _written() -> dict[str, tuple[str, str]]:
    """Small files of our own making: path → (text, permissions)."""
    files = {path: (text, "0644") for path, text in MADE_UP.items()}
    files |= {f"{COURSE}/idle/bin/{name}": (text, "0755") for name, text in idle.programs().items()}
    files |= {f"{COURSE}/idle/lib/{name}": (text, "0644") for name, text in idle.modules().items()}
    return files


def _own(room: Room, mode: str) -> list[str]:
    """Devices, and what may be written. A warm room's forks mount their own file system over these."""
    limited = ["--size", str(room.disk_bytes)] if mode == "cold" else []
    words = ["--dev", "/dev"]
    if room.device != "cpu":
        for pattern in GPU_DEVICES:
            for path in sorted(glob.glob(pattern)):
                words += ["--dev-bind", path, path]
        for pattern in GPU_SYSTEM:
            for path in sorted(glob.glob(pattern)):
                words += ["--ro-bind-try", path, path]
        for path in _outermost(os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep), "/usr", *python_folders()):
            words += _bind(path)
    words += ["--remount-ro", "/dev"]
    if mode == "cold":
        for path in ("/tmp", "/dev/shm"):
            words += ["--perms", "1777", *limited, "--tmpfs", path]
        for folder in python_folders():
            words += _bind(folder) if within(folder, "/tmp") else []
    words += [*limited, "--tmpfs", "/room"]
    for name in ("work", "home", "tmp"):
        words += ["--dir", f"/room/{name}"]
    return words


def environment(room: Room, preload: Preload) -> dict[str, str]:
    """What a submission's processes have in their environment: what the course needs, nothing personal."""
    prefixes = INHERITED_PREFIXES + (INHERITED_CUDA if room.device != "cpu" else ())
    kept = {k: v for k, v in os.environ.items() if (k in INHERITED or k.startswith(prefixes)) and k not in NEVER}
    programs = [f"{COURSE}/idle/bin", os.path.dirname(sys.executable), "/usr/local/bin", "/usr/bin", "/bin"]
    own = (sys.prefix, sys.base_prefix)
    folders = [entry for entry in _packages() if not any(within(entry, prefix) for prefix in own)]
    return kept | settings(room, preload) | {
        "HOME": "/room/home",
        "USER": "student",
        "LOGNAME": "student",
        "TMPDIR": "/tmp",
        "PATH": os.pathsep.join(programs),
        "PYTHONPATH": os.pathsep.join([f"{COURSE}/idle/lib", COURSE, *folders]),
        "MEASURE_FIRST_DATA": f"{COURSE}/data",
    }  # fmt: skip


def settings(room: Room, preload: Preload) -> dict[str, str]:
    """The part of the environment that is the same whatever isolates a submission."""
    words = {
        "MEASURE_FIRST_DEVICE": room.device,
        "MEASURE_FIRST_SCALE": preload.scale,
        "NBGRADER_EXECUTION": "autograde",
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",  # the same order of sets in every process that grades
        "PYTHONUTF8": "1",
        "PYTHONUNBUFFERED": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "HF_HUB_OFFLINE": "1",
        "HF_DATASETS_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "TOKENIZERS_PARALLELISM": "false",
        "TERM": "xterm-color",
        "GLIBC_TUNABLES": "glibc.malloc.hugetlb=1",  # larger pages are copied faster when a process forks
    }
    if room.device == "cpu":
        words["CUDA_VISIBLE_DEVICES"] = ""
    return words | dict(preload.environment)


def installed() -> str | None:
    """Where bubblewrap is, if it is."""
    return shutil.which(PROGRAM)
