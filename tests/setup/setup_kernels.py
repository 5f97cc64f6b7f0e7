"""Fresh virtual environments that look like a host, and processes in them that stand in for a notebook's kernel."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from setup_hosts import ROOT, STUB, STUB_TORCH, interpreter, pins, stub_distribution, write_files

BASES = ROOT / "build" / "setup_environments"  # pip for each Python, made once
CLOSED = "http://127.0.0.1:9"  # nothing answers there

STUB_NUMPY = STUB + "class random:\n    seed = staticmethod(lambda seed: None)\n"
STUB_IPYTHON = STUB + "def get_ipython():\n    from google.colab import _shell\n    return _shell.Shell()\n"
COLAB = {"google/colab/__init__.py": "", "google/colab/_shell.py": "class Shell:\n    pass\n"}
HOST_VARIABLES = {
    "colab": {"COLAB_RELEASE_TAG": "release-colab_20260819-060049_RC00", "COLAB_GPU": ""},
    "kaggle": {"COLAB_RELEASE_TAG": "release-colab_20260416-060049_RC00", "KAGGLE_KERNEL_RUN_TYPE": "Batch"},
}

KERNEL = """
import dataclasses, json, pathlib, sys
job = json.loads(sys.argv[1])
sys.path.insert(0, job["setup"])
import setup_colab
for name, value in job["places"].items():
    setattr(setup_colab, name, pathlib.Path(value))
for module in job["loads"]:
    __import__(module)
answers = []
for _ in range(job["times"]):
    try:
        answers.append(dataclasses.asdict(setup_colab.setup(**job["options"])))
    except setup_colab.SetupError as error:
        answers.append({"error": str(error)})
answers.append({"autograde": getattr(sys.modules.get("autograde"), "__file__", None)})
pathlib.Path(job["answer"]).write_text(json.dumps(answers, default=str))
"""


def pip_for(python: str, version: str) -> Path:
    """A folder that holds pip for this interpreter; made once, and whole or not at all."""
    base = BASES / version
    if not base.is_dir():
        BASES.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=BASES, ignore_cleanup_errors=True) as part:
            subprocess.run([python, "-m", "venv", f"{part}/{version}"], check=True, capture_output=True)
            try:
                os.rename(f"{part}/{version}", base)
            except OSError:  # another test worker was faster
                shutil.rmtree(f"{part}/{version}", ignore_errors=True)
    return base / "lib" / f"python{version}" / "site-packages"


@dataclass
class Machine:
    """A fresh environment of one Python, in `folder`; `notebooks` is where its kernels work."""

    folder: Path
    version: str
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def python(self) -> str:
        return str(self.folder / "env" / "bin" / "python")

    @property
    def site(self) -> Path:
        return self.folder / "env" / "lib" / f"python{self.version}" / "site-packages"

    @property
    def notebooks(self) -> Path:
        return self.folder / "note books"  # a space, for whoever forgets to quote

    def environ(self) -> dict[str, str]:
        """A kernel's variables: this machine's alone, its own home, no pip settings but those of the machine."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "TMPDIR", "LC_ALL")}
        return kept | {"HOME": str(self.folder / "home"), "PYTHONDONTWRITEBYTECODE": "1"} | self.variables

    def kernel(
        self, *, times: int = 1, loads: tuple[str, ...] = (), places: dict[str, str] | None = None, **options: Any
    ) -> list[dict[str, Any]]:
        """Run setup(**options) `times` times in one fresh process; each run's facts, or {"error": message}."""
        answer = self.folder / "answer.json"
        job = {
            "setup": str(ROOT), "places": places or {}, "loads": loads, "times": times, "options": options,
            "answer": str(answer),
        }  # fmt: skip
        command = [self.python, "-c", KERNEL, json.dumps(job)]
        run = subprocess.run(command, cwd=self.notebooks, env=self.environ(), capture_output=True, text=True)
        assert run.returncode == 0, run.stdout + run.stderr
        *answers, last = json.loads(answer.read_text())
        assert last == {"autograde": None}, "setup imported the course"
        return answers

    def version_of(self, name: str) -> str:
        """The version that is installed in this environment."""
        command = [self.python, "-c", f"from importlib.metadata import version; print(version({name!r}))"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def machine(folder: Path, version: str, host: str) -> Machine:
    """A fresh environment with every package of the host's list as a stub. Skips where there is no such Python."""
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here (looked at the PATH and at pyenv's versions)")
    made = Machine(folder, version, dict(HOST_VARIABLES[host]))
    made.notebooks.mkdir()
    (folder / "home").mkdir(exist_ok=True)
    subprocess.run([python, "-m", "venv", "--without-pip", str(folder / "env")], check=True, capture_output=True)
    sources = {"torch": STUB_TORCH, "numpy": STUB_NUMPY}
    for name, number in pins(host).items():
        write_files(made.site, stub_distribution(name, number, sources.get(name, STUB)))
    write_files(made.site, {"IPython/__init__.py": STUB_IPYTHON.format(version="7.34.0")} | COLAB)
    # A line in a .pth file, and no sitecustomize.py: Debian's Python has one of its own, which comes first.
    write_files(made.site, {"ipython.pth": "import IPython\n", "pip.pth": f"{pip_for(python, version)}\n"})
    return made
