"""Make this machine ready for one lesson, on Colab, on Kaggle or at home: `setup("01_tensors")`.

The first cell of every lesson calls it. One file, standard library only, so that a notebook can fetch it alone.
It may be run again in any state: what is in order is left as it is, and a run that was cut short is completed.
What it does on each platform, and what to do about each of its messages: docs/platforms.md.
"""

from __future__ import annotations

import contextlib
import errno
import gzip
import http.client
import importlib
import io
import json
import os
import platform
import random
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Iterator, MutableMapping, Sequence
from dataclasses import dataclass
from importlib import metadata, util
from pathlib import Path
from typing import Any, NamedTuple

# The build keeps these two lines equal to course.toml.
REPOSITORY = "measure-first/measure-first"
REF = "main"
# The dependencies of pyproject.toml (a test compares them), and those that only some lessons need, by lesson number.
REQUIREMENTS = (
    "torch>=2.6",
    "transformers>=5.0",
    "datasets>=4.0",
    "huggingface-hub>=1.0",
    "tokenizers>=0.22",
    "safetensors>=0.5",
    "matplotlib>=3.8",
    "scikit-learn>=1.5",
    "ipywidgets>=7.7",
)
ONLY_FOR = {
    "peft>=0.18": ("09", "10", "11"),
    "faiss-cpu>=1.9": ("09",),
    "gradio>=5": ("11",),
    "cloudpickle>=2.2": ("10",),
}
HUB_LESSONS = ("08", "09", "11")  # those that work with the Hugging Face Hub, or with the course's own in its place
IMPORT_NAMES = {"scikit-learn": "sklearn", "faiss-cpu": "faiss"}  # where it is not the distribution's name
# A platform brings these built for its machine, and a kernel that has loaded one breaks when it is replaced.
NEVER_INSTALLED = ("torch", "numpy", "pillow")
# No installation may replace those, nor the kernel that runs the notebook.
PINNED = (*NEVER_INSTALLED, "torchvision", "ipython", "ipykernel")

HUB = "https://huggingface.co"
ARCHIVES = "https://github.com"  # MEASURE_FIRST_SOURCE names another place
KAGGLE_INPUT = Path("/kaggle/input")
DRIVE = Path("/content/drive")
MAX_BYTES = 128 * 2**20  # of the archive, packed or unpacked
STALE = 24 * 3600  # seconds after which no running notebook needs a copy that was replaced
FULL = (errno.ENOSPC, errno.EDQUOT)
AGAIN = "then run this cell again"
# What to do when the installer says one of these; else it is the network.
INSTALLER_SAYS = {
    "externally": "this Python belongs to the system: make your own (python -m venv) and choose it as the kernel",
    "No space left": "the disk is full: delete what you no longer need",
    "No module named pip": f'run  "{sys.executable}" -m ensurepip  in a terminal',
    "conflict|unsatisfiable": "the ranges do not fit what is installed: start a fresh session or a new environment",
}


class SetupError(RuntimeError):
    """Something the reader of the notebook can mend; the message says what happened and what to do."""

    def _render_traceback_(self) -> list[str]:
        """IPython shows these lines in place of a traceback."""
        return [f"SetupError: {self}"]


class FetchError(SetupError):
    """The course could not be fetched: a copy that is already here will do."""


class Host(NamedTuple):
    """What differs between the platforms: what to press, and which files outlive the session."""

    name: str
    restart: str
    gpu: str
    internet: str
    files: str


HOSTS = {
    "kaggle": Host(
        "Kaggle", "Run ▸ Restart & clear cell outputs", "Settings ▸ Accelerator ▸ GPU T4 x2",
        "switch the internet on (Settings ▸ Turn on internet) or attach a data set with course and wheels (Add Input)",
        "/kaggle/working stays (20 GB) when you save a version; the rest is wiped when the session ends",
    ),
    "colab": Host(
        "Google Colab", "Runtime ▸ Restart session", "Runtime ▸ Change runtime type ▸ T4 GPU", "wait a minute",
        '/content is wiped when the session ends; to keep files on Google Drive: setup("{lesson}", drive=True)',
    ),
    "colab_enterprise": Host(
        "Colab Enterprise", "Runtime ▸ Restart session", "a runtime template with a GPU",
        "ask your administrator whether the runtime may reach the internet",
        "wiped with the runtime (Drive cannot be mounted here); copy what you need to a storage bucket",
    ),
    "local": Host(
        f"your own machine ({platform.system()})", "Kernel ▸ Restart", "",
        "check the connection (inside a copy of the repository, where `make lab` prepares everything, none is needed)",
        "{here}, on your own disk",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Setup:
    """What `setup` found and did: the summary that it prints, as facts. Memory is in GiB, None where it is not told.

    precision: "bf16", "fp16" (a GPU without bfloat16 hardware) or "fp32". course: the folder that holds autograde/.
    data: the lesson's own files. hub: which Hub the lesson works with, and why ("" for lessons that need none).
    restart: what this kernel loaded at a version that is gone or out of range.
    """

    lesson: str
    platform: str
    python: str
    torch: str
    device: str
    gpu: str
    gpu_gib: float | None
    precision: str
    ram_gib: float | None
    course: Path
    origin: str
    data: Path
    installed: tuple[str, ...]
    restart: tuple[str, ...]
    files: str
    hub: str
    notes: tuple[str, ...]
    seconds: float

    def _ipython_display_(self) -> None:
        """As the value of a cell it shows nothing: the summary is printed already."""


class Course(NamedTuple):
    """A usable copy of the course: its folder, the lesson's own folder, and where it came from in words."""

    folder: Path
    data: Path
    origin: str


def setup(
    lesson: str,
    *,
    refresh: bool = False,
    drive: bool = False,
    seed: int = 0,
    requirements: Sequence[str] | None = None,
    environ: MutableMapping[str, str] = os.environ,
    shell: object = None,
) -> Setup:
    """Make this machine ready for `lesson` ("01_tensors"), print one short summary and return its facts.

    refresh: fetch the course again although it is here (a branch moves). drive: mount Google Drive on Colab, which
    asks you first. requirements: ranges to install where they are not met (None: the lesson's); () installs nothing.
    environ and shell stand in for os.environ and the running IPython shell. Raises SetupError, which says what to do.
    """
    began = time.perf_counter()
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever runs this file chose the Python)
        raise SetupError(f"Python {platform.python_version()} is too old: the course needs 3.11, 3.12 or 3.13.")
    if not re.fullmatch(r"\d\d_[a-z0-9_]+", lesson):
        raise SetupError(f'{lesson!r} is no lesson: write its name as in the notebook\'s file name, "01_tensors".')
    if requirements is None:
        requirements = (*REQUIREMENTS, *(name for name, lessons in ONLY_FOR.items() if lesson[:2] in lessons))
    key = find_platform(environ, shell)
    notes: list[str] = []
    course = find_course(lesson, key, environ, refresh, notes)
    torch = load_torch(key)
    installed = unmet(requirements)
    restart = install(installed, lesson, key, environ) if installed else []
    use_course(course, environ)
    device = find_device(torch, notes)
    if device["device"] == "cpu" and not torch.cuda.is_available() and HOSTS[key].gpu:
        notes.append(f"There is no GPU in this session. To get one: {HOSTS[key].gpu}.")
    seed_everything(seed, torch)
    facts = Setup(
        lesson=lesson, platform=key, python=platform.python_version(), torch=str(torch.__version__), **device,
        ram_gib=ram_gib(), course=course.folder, origin=course.origin, data=course.data, installed=tuple(installed),
        restart=tuple(sorted({*restart, *loaded_out_of_range(requirements)})),
        files=kept_files(key, lesson, drive, notes), hub=find_hub(lesson, device["device"], environ),
        notes=tuple(notes), seconds=time.perf_counter() - began,
    )  # fmt: skip
    print(summary(facts))
    return facts


def find_platform(environ: MutableMapping[str, str], shell: object = None) -> str:
    """The key in HOSTS of this machine. Kaggle comes first: its images are Colab's and look like it."""
    if environ.get("KAGGLE_KERNEL_RUN_TYPE"):
        return "kaggle"
    if environ.get("VERTEX_PRODUCT") == "COLAB_ENTERPRISE":
        return "colab_enterprise"
    if shell is None and "IPython" in sys.modules:
        shell = sys.modules["IPython"].get_ipython()
    return "colab" if "google.colab" in str(shell) else "local"


# What is installed


def parse(requirement: str) -> tuple[str, str]:
    """ "transformers>=4.51,<6" as ("transformers", ">=4.51,<6"). Bounds are final releases: no rc, no wildcard."""
    found = re.fullmatch(r"([A-Za-z0-9._-]*[A-Za-z0-9])((?:(?:^|,|(?<=\w))(?:>=|<)\d+(?:\.\d+)*)*)", requirement)
    if not found:
        raise ValueError(f"not a name with ranges of >= and <: {requirement!r}")
    return found[1], found[2]


def version_key(version: str) -> tuple[tuple[int, ...], bool]:
    """((epoch, 4, 51), final): what orders a version against a final release as PEP 440 does, "+cu128" left out."""
    found = re.match(r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)(.*)", version.strip().lower())
    epoch, release, rest = found.groups() if found else ("0", "0", "")
    numbers = re.sub(r"(\.0+)+$", "", release).split(".")
    return (int(epoch or 0), *map(int, numbers)), not re.match(r"[-_.]?(a|b|c|rc|pre|dev)", rest)


def in_range(version: str, ranges: str) -> bool:
    """Does `version` lie in `ranges` (">=4.51,<6")? A preview of a bound lies below it and yet not in "<6"."""
    key = version_key(version)
    bounds = [(operator, version_key(bound)) for operator, bound in re.findall(r"(>=|<)([\d.]+)", ranges)]
    return all(key >= bound if operator == ">=" else key[0] < bound[0] for operator, bound in bounds)


def installed_version(name: str) -> str | None:
    """The version of an installed distribution, None where there is none."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def unmet(requirements: Sequence[str]) -> list[str]:
    """The requirements to install: missing or out of range, and never the platform's own."""
    ranges = {text: parse(text) for text in requirements if parse(text)[0] not in NEVER_INSTALLED}
    versions = {text: installed_version(name) for text, (name, _) in ranges.items()}
    return [text for text, version in versions.items() if not version or not in_range(version, ranges[text][1])]


def loaded_out_of_range(requirements: Sequence[str]) -> list[str]:
    """The packages that this kernel has imported at a version out of range, whatever lies on the disk by now."""
    found = []
    for name, ranges in map(parse, requirements):
        module = sys.modules.get(IMPORT_NAMES.get(name, name.replace("-", "_")))
        if (version := getattr(module, "__version__", None)) and not in_range(str(version), ranges):
            found.append(name)
    return found


def load_torch(key: str) -> Any:
    """PyTorch, imported. Raises SetupError where there is none in range: only its owner can choose the right build."""
    needed = next(text for text in REQUIREMENTS if parse(text)[0] == "torch")
    try:
        torch = importlib.import_module("torch")
        version = str(getattr(torch, "__version__", "of an unknown version"))
        if in_range(version, parse(needed)[1]):
            return torch
        state = f"PyTorch {version} is too old: the course needs {needed}"
    except (ImportError, OSError) as error:
        there = util.find_spec("torch")
        state = f"PyTorch cannot be loaded ({str(error).splitlines()[0]})" if there else "PyTorch is not installed"
    if key != "local":
        raise SetupError(f"{state}, though {HOSTS[key].name} brings it. What to do: start a fresh session.")
    raise SetupError(
        f"{state}. Setup never installs it, because the right build depends on your machine.\n"
        f'What to do: run  "{sys.executable}" -m pip install --upgrade torch  in a terminal (the selector on '
        f"pytorch.org names the build for {HOSTS[key].name} and your graphics card), restart the kernel, {AGAIN}. "
        "In a copy of the repository, `make lab` prepares everything."
    )


def install(needs: list[str], lesson: str, key: str, environ: MutableMapping[str, str]) -> list[str]:
    """Install `needs` in one call of uv or pip; returns what this kernel holds in an old version or cannot see yet."""
    uv = shutil.which("uv")
    command = [uv, "pip", "install", "--python", sys.executable] if uv else [sys.executable, "-m", "pip", "install"]
    offline = offline_options(key, environ)
    owners = metadata.packages_distributions()
    loaded = {name for module in list(sys.modules) if "." not in module for name in owners.get(module, ())}
    before = {name: installed_version(name) for name in loaded}
    pins = [f"{name}=={version}\n" for name in PINNED if (version := installed_version(name))]
    print(f"Installing {', '.join(needs)} …", flush=True)
    try:
        with tempfile.TemporaryDirectory(prefix="measure_first-") as folder:
            constraints = Path(folder, "constraints.txt")
            constraints.write_text("".join(pins), encoding="utf-8")
            command += [*offline, "--constraint", str(constraints), *needs]
            run = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
        failed, output = run.returncode != 0, run.stdout
    except OSError as error:
        failed, output = True, str(error)
    importlib.invalidate_caches()
    if failed:
        last = "".join(f"  {line[:200]}\n" for line in output.strip().splitlines()[-8:])
        todo = [INSTALLER_SAYS[sign] for sign in INSTALLER_SAYS if re.search(sign, output) and not offline]
        raise SetupError(
            f"{', '.join(needs)} could not be installed. The installer's last lines:\n{last}"
            f"What to do: {(*todo, HOSTS[key].internet)[0]}, {AGAIN}. torch, numpy and pillow are as they were. "
            f'To go on without what is missing: setup("{lesson}", requirements=()).'
        )
    return [n for n, version in before.items() if installed_version(n) != version] + [parse(n)[0] for n in unmet(needs)]


def offline_options(key: str, environ: MutableMapping[str, str]) -> list[str]:
    """On Kaggle with the internet off: take the wheels of the attached data sets, and nothing else."""
    address = urllib.parse.urlsplit(environ.get("MEASURE_FIRST_SOURCE") or ARCHIVES)
    if key != "kaggle":
        return []
    with contextlib.suppress(OSError):
        socket.create_connection((address.hostname or "", address.port or 443), timeout=3).close()
        return []
    folders = sorted({str(wheel.parent) for wheel in attached("*.whl")})
    return ["--no-index", *(option for folder in folders for option in ("--find-links", folder))]


# The course package and the lesson's data


def find_course(lesson: str, key: str, environ: MutableMapping[str, str], refresh: bool, notes: list[str]) -> Course:
    """The nearest copy: a checkout around the notebook, an attached data set, a kept copy, else the network."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / "course.toml").is_file() and (folder / "autograde/__init__.py").is_file():
            data = next((path for room in ("release", "source") if (path := folder / room / lesson).is_dir()), here)
            return Course(folder, data, f"the checkout {folder}")
    for package in attached("autograde/__init__.py") if key == "kaggle" else ():
        folder = package.parents[1]
        if (folder / "release" / lesson).is_dir():
            return Course(folder, folder / "release" / lesson, f"the attached data set {folder}")
    ref = urllib.parse.quote(REF, safe="")
    places = [here / ".measure_first" / ref, Path(os.path.expanduser("~"), ".measure_first", ref)]
    last = Path(environ.get("MEASURE_FIRST_DATA", "")).parent.parent.parent  # where this kernel found a copy before
    kept = next((course for place in (*places, last) if (course := kept_course(place, lesson))), None)
    if kept and not refresh:
        return kept
    try:
        return fetch(places, lesson, key, environ)
    except FetchError as error:
        if not kept:
            raise
        notes.append(f"The kept copy is used: {error}")
        return kept


def attached(pattern: str) -> Iterator[Path]:
    """Files of Kaggle's attached data sets, the least deep first; not too deep, for a set may hold millions."""
    for depth in range(5):
        yield from sorted(KAGGLE_INPUT.glob("*/" * depth + pattern))


def kept_course(place: Path, lesson: str) -> Course | None:
    """The complete copy that `place` keeps for this lesson, every file at its size; else None."""
    try:
        marker = json.loads((place / f"{lesson}.json").read_text(encoding="utf-8"))
        folder = place / Path(marker["folder"]).name
        whole = all((folder / name).stat().st_size == size for name, size in marker["files"].items())
        if whole and marker["from"] == [REPOSITORY, REF]:
            return Course(folder, folder / "release" / lesson, f"{REF}{marker['commit']}, kept in {place.parent}")
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        pass  # no marker, or one that makes no sense, or a file that is gone
    return None


def fetch(places: list[Path], lesson: str, key: str, environ: MutableMapping[str, str]) -> Course:
    """Download the archive of REF and keep what this lesson needs of it in the first place that can be written."""
    base = (environ.get("MEASURE_FIRST_SOURCE") or ARCHIVES).rstrip("/")
    archive = download(f"{base}/{REPOSITORY}/archive/{urllib.parse.quote(REF)}.tar.gz", key)
    for place in (*places, None):
        try:
            return keep(archive, place or Path(tempfile.mkdtemp(prefix=".measure_first-")), lesson)
        except OSError as error:
            if error.errno in FULL:
                why, todo = "the disk is full", "delete what you no longer need"
                break
            why, todo = f"nothing can be written ({error})", "open the notebook in a folder of your own"
    raise SetupError(f"{why}, so the course could not be kept and nothing was left of it. What to do: {todo}, {AGAIN}.")


def download(address: str, key: str) -> bytes:
    """The tar archive at `address`, unzipped and whole. Raises FetchError."""
    todo = f"What to do: {HOSTS[key].internet}, {AGAIN}."
    try:
        request = urllib.request.Request(address, headers={"User-Agent": "measure-first-setup"})
        with urllib.request.urlopen(request, timeout=20) as response:
            packed = response.read(MAX_BYTES)
            if len(packed) < int(response.headers.get("Content-Length") or 0):
                raise EOFError("the connection broke off, or the archive is too large")
        plain = gzip.GzipFile(fileobj=io.BytesIO(packed)).read(MAX_BYTES)
        if len(plain) == MAX_BYTES:
            raise EOFError(f"it unpacks to more than {MAX_BYTES >> 20} MiB, so it is not the course")
        return plain
    except urllib.error.HTTPError as error:
        why = f"the answer is {error.code} {error.reason}"
        if error.code == 404:
            todo = f"What to do: ask whoever gave you the notebook whether {REPOSITORY} is public and has {REF!r}."
    except (OSError, ValueError, http.client.HTTPException, EOFError, zlib.error) as error:
        why = str(getattr(error, "reason", error)) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in why:
            todo = f'What to do: on a Mac, run "Install Certificates.command" of your Python, {AGAIN}.'
    raise FetchError(f"the course could not be fetched from {address}: {why}. {todo}")


def keep(archive: bytes, place: Path, lesson: str) -> Course:
    """Unpack into a temporary folder, rename that, and last of all let the lesson's marker name it."""
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="part-", dir=place, ignore_cleanup_errors=True) as part:
        files, commit = extract(archive, Path(part, "course"), lesson)
        folder = place / Path(part).name.replace("part", lesson)
        marker = Path(part, "marker.json")
        facts = {"from": [REPOSITORY, REF], "commit": commit, "folder": folder.name, "files": files}
        marker.write_text(json.dumps(facts, indent=1), encoding="utf-8")
        os.rename(Path(part, "course"), folder)
        try:
            os.replace(marker, place / f"{lesson}.json")
        except OSError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    for old in (*place.glob("part-*"), *place.glob(f"{lesson}-*")):  # what killed runs left, and what was replaced
        with contextlib.suppress(OSError):
            if time.time() - old.stat().st_mtime > STALE:
                shutil.rmtree(old, ignore_errors=True)
    return Course(folder, folder / "release" / lesson, f"{REF}{commit}, fetched into {place.parent}")


def extract(archive: bytes, folder: Path, lesson: str) -> tuple[dict[str, int], str]:
    """Write what the lesson needs into `folder`: ({file: bytes}, " (1a2b3c4)" where the archive names its commit).

    Only plain files inside `folder` are written: a link, or a path that leads out, and the archive is refused.
    """
    files: dict[str, int] = {}
    wanted = ("autograde/", "data/", f"release/{lesson}/", "course.toml")
    unwanted = "data/held_out/"  # what answers are examined on
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:") as tar:
            for member in tar:
                name = member.name.partition("/")[2]  # everything lies in one folder, repository-ref/
                if member.isdir() or not name.startswith(wanted) or name.startswith(unwanted):
                    continue
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or re.search(r"[\\:\0]|(^|/)\.{0,2}(/|$)", name):
                    raise SetupError(f"the archive was refused: {member.name!r} is a link or leads out of its folder.")
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).write_bytes(content.read())
                files[name] = member.size
            commit = tar.pax_headers.get("comment", "")[:7]
    except tarfile.TarError as error:
        raise FetchError(f"what was fetched is no archive of the course ({error}). Run this cell again.") from None
    if "autograde/__init__.py" not in files or not any(name.startswith(f"release/{lesson}/") for name in files):
        raise SetupError(f"{REPOSITORY} at {REF!r} has no lesson {lesson!r}: the notebook is older or newer than that.")
    return files, f" ({commit})" if commit else ""


def use_course(course: Course, environ: MutableMapping[str, str]) -> None:
    """Let `import autograde` find this copy, forget another one, and tell the lesson where its files are."""
    others = [entry for entry in sys.path if ".measure_first" not in entry and entry != str(course.folder)]
    sys.path[:] = [str(course.folder), *others]
    importlib.invalidate_caches()
    loaded = getattr(sys.modules.get("autograde"), "__file__", None)
    if loaded and Path(loaded).resolve().parents[1] != course.folder.resolve():
        for name in [name for name in sys.modules if name.partition(".")[0] == "autograde"]:
            del sys.modules[name]
    environ["MEASURE_FIRST_DATA"] = str(course.data)


# The machine


def find_device(torch: Any, notes: list[str]) -> dict[str, Any]:
    """The device on which a small kernel really ran (`is_available()` alone proves nothing), as fields of Setup."""
    mps = getattr(torch.backends, "mps", None)
    for device, there in (("cuda", torch.cuda.is_available()), ("mps", mps is not None and mps.is_available())):
        if not there:
            continue
        try:
            ones = torch.ones(64, 64, device=device)
            total = float((ones @ ones).sum())
            getattr(torch, device).synchronize()
            if total != 64.0**3:
                raise ArithmeticError(f"it gave {total} in place of {64.0**3}")
            if device == "mps":
                notes.append('Lessons use the Apple GPU only when you set DEVICE = "mps".')
                return {"device": device, "gpu": "Apple GPU", "gpu_gib": None, "precision": "fp16"}
            count = torch.cuda.device_count()
            return {
                "device": device,
                "gpu": (f"{count} × " if count > 1 else "") + torch.cuda.get_device_name(0),
                "gpu_gib": torch.cuda.get_device_properties(0).total_memory / 2**30,
                "precision": "bf16" if torch.cuda.get_device_capability(0) >= (8, 0) else "fp16",  # a T4 has 7.5
            }
        except Exception as error:  # whatever a driver raises, the lesson goes on without it
            why = f"{type(error).__name__}: {(str(error).splitlines() or [''])[0]}"
            notes.append(f"A GPU is there, but its first kernel failed ({why}). The lesson goes on with the CPU.")
    return {"device": "cpu", "gpu": "", "gpu_gib": None, "precision": "fp32"}


def ram_gib() -> float | None:
    """The machine's memory in GiB; None where the system does not tell (Windows)."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    except (AttributeError, ValueError, OSError):
        return None


def seed_everything(seed: int, torch: Any) -> None:
    """Seed `random`, PyTorch on every device and, where it is installed, NumPy."""
    random.seed(seed)
    torch.manual_seed(seed)
    with contextlib.suppress(ImportError):
        importlib.import_module("numpy").random.seed(seed % 2**32)


def kept_files(key: str, lesson: str, drive: bool, notes: list[str]) -> str:
    """Which files outlive the session. Mounts Google Drive when asked to, on Colab only, and at most once."""
    mine = DRIVE / "MyDrive"
    if drive and key == "colab" and not mine.is_dir():
        try:
            importlib.import_module("google.colab.drive").mount(str(DRIVE))
        except Exception as error:  # refused, timed out, or nobody there to ask
            notes.append(f"Google Drive was not mounted ({type(error).__name__}: {error}).")
    elif drive and key != "colab":
        notes.append(f"drive=True was ignored: Google Drive can be mounted on Google Colab, not on {HOSTS[key].name}.")
    if key == "colab" and mine.is_dir():
        return f"{mine} stays; the rest of /content is wiped when the session ends"
    return HOSTS[key].files.format(lesson=lesson, here=Path.cwd())


def find_hub(lesson: str, device: str, environ: MutableMapping[str, str]) -> str:
    """Which Hub the lesson works with, in words; MEASURE_FIRST_HUB becomes "local" where it is the course's own.

    Who set MEASURE_FIRST_HUB or HF_ENDPOINT has decided already; what an earlier call decided is decided anew.
    """
    if lesson[:2] not in HUB_LESSONS:
        return ""
    if environ.pop("MEASURE_FIRST_HUB_BY", "") == "setup":
        environ.pop("MEASURE_FIRST_HUB", None)
    names = {"local": "the course's own small Hub", "real": "the Hugging Face Hub"}
    if (asked := environ.get("MEASURE_FIRST_HUB", "")) in names:
        return f"{names[asked]}, as MEASURE_FIRST_HUB says"
    address = environ.get("HF_ENDPOINT") or HUB
    if device == "cuda" and reached(address):
        return f"{names['real']} ({urllib.parse.urlsplit(address).hostname} can be reached)"
    if address != HUB and reached(address):
        return f"the Hub at {address}, as HF_ENDPOINT says"
    why = f"{urllib.parse.urlsplit(address).hostname} cannot be reached" if device == "cuda" else "there is no GPU"
    environ.update({"MEASURE_FIRST_HUB": "local", "MEASURE_FIRST_HUB_BY": "setup"})
    return f"{names['local']}, because {why}"


def reached(address: str) -> bool:
    """Does anything answer there within 3 seconds?"""
    try:
        urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=3).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True


def summary(facts: Setup) -> str:
    """What the student reads: what this machine is, and what was done to it."""
    device = facts.gpu or "the CPU"
    memory = f", {facts.gpu_gib:.1f} GiB of its own" if facts.gpu_gib else ""
    lines = {
        "platform": f"{HOSTS[facts.platform].name}, Python {facts.python}",
        "torch": f"{facts.torch} on {device}{memory}, {facts.precision}",
        "memory": f"{facts.ram_gib:.1f} GiB" if facts.ram_gib else "not told by this system",
        "course": facts.origin,
        "installed": ", ".join(facts.installed) or "nothing, all was there",
        "files": facts.files,
        **({"hub": facts.hub} if facts.hub else {}),
    }
    text = [f"{facts.lesson}: ready after {facts.seconds:.1f} s"]
    text += [f"  {name:<10} {value}" for name, value in lines.items()]
    text += [f"  note       {note}" for note in facts.notes]
    if facts.restart:
        names, where = ", ".join(facts.restart), HOSTS[facts.platform].restart
        text.append(f"  RESTART    needed before {names} can be used as installed: {where}, {AGAIN}.")
    return "\n".join(text)
