"""Fresh environments with a host's versions, made once under build/hosts/ and used again.

The versions are those of tests/setup/hosts/. PyTorch is taken only where it comes without CUDA packages, which are
gigabytes: from the index that pip uses, or from the one that TORCH_INDEX names.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "setup"))
from setup_hosts import HOSTS, interpreter, pins  # noqa: E402

BASE = ROOT / "build" / "hosts"
JUPYTER = (
    "ipykernel", "ipython", "jupyter-client", "jupyter-core", "nbformat", "nbclient", "ipywidgets", "traitlets",
    "tornado", "pyzmq",
)  # fmt: skip
HUGGING_FACE = ("transformers", "tokenizers", "datasets", "huggingface-hub", "hf-xet", "safetensors", "fsspec")
NUMBERS = ("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "pillow", "pyarrow", "tqdm")
ON_TORCH = ("accelerate", "peft")  # they bring PyTorch along where it is not there
# What lessons need and a host has not: Colab's setup cell installs it, on Kaggle it takes a session with internet.
WITH_INTERNET = {"kaggle": ("faiss-cpu", "gradio")}
LARGEST_TORCH = 300  # MB; a PyTorch without CUDA has some 200, one with it 500 and more, and gigabytes beside it
PIP_SECONDS = 1500.0
FETCHED = re.compile(r"(?:Downloading|Using cached) (?:\S*/)?((?:torch|triton|nvidia|cuda)\S* \((\d+(?:\.\d+)?) MB\))")
BESIDE_TORCH = ("torchvision", "torchaudio", "setuptools")  # their versions go with PyTorch's
VERSIONS = """
import importlib.metadata, json
print(json.dumps({one.name.lower(): one.version for one in importlib.metadata.distributions()}))
"""


class NotMade(Exception):
    """An environment, or its PyTorch, cannot be had here; the message says why."""


@dataclass(frozen=True)
class Wanted:
    """An environment to imitate. pins: of which host, "colab" or "kaggle". torch: the version to try."""

    python: str
    pins: str
    torch: str

    def folder(self) -> Path:
        """Where it is kept: another list of versions, another way to PyTorch, another folder."""
        listed = (HOSTS / f"{self.pins}-constraints.txt").read_bytes()
        told = repr((self.python, self.torch, packages(), torch_index(), WITH_INTERNET.get(self.pins))).encode()
        return BASE / f"python{self.python}-{self.pins}-{hashlib.sha256(listed + told).hexdigest()[:8]}"


@dataclass
class Environment:
    """One that is there. no_torch: why it has no PyTorch, "" where it has one."""

    folder: Path
    versions: dict[str, str] = field(default_factory=dict)
    no_torch: str = ""
    seconds: float = 0.0
    kept: bool = False

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"


def packages() -> tuple[str, ...]:
    """What is always installed: the Jupyter and Hugging Face parts, and what lessons compute with."""
    return (*JUPYTER, *HUGGING_FACE, *NUMBERS)


def torch_index() -> str:
    """The index to take PyTorch from, "" for pip's own."""
    return os.environ.get("TORCH_INDEX", "").strip()


def environment(wanted: Wanted) -> Environment:
    """The environment, made now where it is not there yet. Raises NotMade."""
    folder, python = wanted.folder(), interpreter(wanted.python)
    if python is None:
        raise NotMade(f"no Python {wanted.python} here")
    stamp = folder / "installed.json"
    if stamp.is_file():
        return Environment(folder, **json.loads(stamp.read_text(encoding="utf-8")), kept=True)
    print(f"making {folder.relative_to(ROOT)} (minutes)", flush=True)
    began = time.perf_counter()
    shutil.rmtree(folder, ignore_errors=True)  # of a run that was cut short
    folder.mkdir(parents=True)
    subprocess.run([python, "-m", "venv", str(folder)], check=True, capture_output=True)
    made = Environment(folder)
    constraints = folder / "constraints.txt"
    constraints.write_text(constraints_of(wanted), encoding="utf-8")
    pip(made, "-c", str(constraints), *packages())
    try:
        install_torch(made, wanted, constraints)
    except NotMade as why:
        made.no_torch = str(why)
    made.versions, made.seconds = installed(made), time.perf_counter() - began
    about = {name: value for name, value in asdict(made).items() if name not in ("folder", "kept")}
    stamp.write_text(json.dumps(about, indent=1), encoding="utf-8")  # last: a folder without it is no environment
    return made


def constraints_of(wanted: Wanted) -> str:
    """The host's versions as pip reads them; without those that belong to another PyTorch than the wanted one."""
    listed = pins(wanted.pins)
    if listed["torch"] != wanted.torch:
        listed = {name: version for name, version in listed.items() if name not in BESIDE_TORCH}
    return "".join(f"{name}=={version}\n" for name, version in (listed | {"torch": wanted.torch}).items())


def pip(made: Environment, *arguments: str, any_size: bool = False) -> None:
    """pip install in the environment; what it says is kept in pip.log there. Raises NotMade.

    Unless any_size, pip is stopped as soon as it says that it fetches a PyTorch of CUDA's size.
    """
    command = [str(made.python), "-m", "pip", "install", "--progress-bar", "off", "--disable-pip-version-check"]
    command += [*shlex.split(os.environ.get("PIP_ARGS", "")), *arguments]
    environ = os.environ | {"PYTHONUNBUFFERED": "1"}
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ)
    late = threading.Timer(PIP_SECONDS, run.kill)
    late.start()
    why, last = "", f"not finished after {PIP_SECONDS:.0f} s"
    with run, (made.folder / "pip.log").open("a", encoding="utf-8") as log:
        for line in run.stdout or ():
            log.write(line)
            last = line.strip() or last
            if line.startswith("ERROR"):
                why = why or line.removeprefix("ERROR:").strip()
            if not any_size and (found := too_large(line)):
                why = f"the index has it with CUDA only: {found}"
                run.kill()
                break
    late.cancel()
    if run.returncode:
        raise NotMade((why or f"pip: {last}")[:200])


def too_large(line: str) -> str:
    """What pip says that it fetches, "torch-2.11.0-…whl (899.7 MB)", where that is CUDA's or as large; else ""."""
    found = FETCHED.search(line)
    return found[1] if found and float(found[2]) > LARGEST_TORCH else ""


def install_torch(made: Environment, wanted: Wanted, constraints: Path) -> None:
    """Install PyTorch, and what stands on it, where it comes without CUDA packages. Raises NotMade."""
    wish = f"torch=={wanted.torch}"
    if torch_index():
        pip(made, "--index-url", torch_index(), wish, any_size=True)
    else:
        report = made.folder / "torch.json"
        pip(made, "--dry-run", "--report", str(report), "-c", str(constraints), wish)
        if found := cuda_packages(json.loads(report.read_text(encoding="utf-8"))):
            raise NotMade(f"{wish} comes with {len(found)} CUDA packages only (TORCH_INDEX=… names another index)")
        pip(made, "-c", str(constraints), wish)
    pip(made, "-c", str(constraints), *ON_TORCH, *WITH_INTERNET.get(wanted.pins, ()))


def cuda_packages(report: dict[str, Any]) -> list[str]:
    """Of what pip would install, by its report: what is there for NVIDIA's cards alone."""
    names = sorted(item["metadata"]["name"].lower() for item in report.get("install", []))
    return [name for name in names if name.startswith(("nvidia-", "cuda-")) or name in ("triton", "pytorch-triton")]


def installed(made: Environment) -> dict[str, str]:
    """The versions that are in the environment, by distribution."""
    run = subprocess.run([str(made.python), "-c", VERSIONS], capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(run.stdout)
    return dict(sorted(found.items()))
