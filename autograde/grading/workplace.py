"""The folders and the environment that a notebook is graded in: what is there, what is not, what does nothing.

An everyday `%pip install` in a student's notebook must not change the packages that the whole class is graded with, so
package managers are replaced by a line of text (autograde.wall.idle).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import autograde
from autograde.wall import idle

# What a kernel inherits of the grader's environment: no tokens, no keys.
INHERITED = ("PATH", "HOME", "USER", "LANG", "LANGUAGE", "TZ", "TMPDIR", "SYSTEMROOT", "LD_LIBRARY_PATH", "VIRTUAL_ENV")
INHERITED_PREFIXES = (
    "LC_", "CUDA_", "NVIDIA_", "OMP_", "MKL_", "CONDA_", "PYTHON", "MEASURE_FIRST_", "HF_HOME", "HF_HUB_OFFLINE",
)  # fmt: skip


@dataclass(frozen=True)
class Workplace:
    """`work` is the kernel's working directory; `data` has the lesson's files once more, should the student's code
    leave or delete `work`."""

    folder: Path

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def furnish(self, files: Iterable[Path]) -> None:
        """Lay the files out and put the idle package managers where the kernel finds them first."""
        self.data.mkdir()
        for path in files:
            shutil.copy(path, self.data / path.name)
        self.lay_out()
        idle.lay_out(self.folder)

    def lay_out(self) -> None:
        """Make the working directory, with a copy of each file."""
        shutil.copytree(self.data, self.work)

    def environment(self, device: str, scale: str, student: str) -> dict[str, str]:
        """The kernel's environment: what the course needs, nothing personal, as many threads whatever the jobs."""
        kept = {k: v for k, v in os.environ.items() if k in INHERITED or k.startswith(INHERITED_PREFIXES)}
        here = str(Path(autograde.__file__).resolve().parents[1])
        kept["PYTHONPATH"] = _first(str(self.folder / "lib"), here, kept.get("PYTHONPATH", ""))
        kept["PATH"] = _first(str(self.folder / "bin"), kept.get("PATH", os.defpath))
        kept |= {"NBGRADER_EXECUTION": "autograde", "MEASURE_FIRST_STUDENT": student}
        kept |= {"MEASURE_FIRST_DEVICE": device, "MEASURE_FIRST_SCALE": scale, "MEASURE_FIRST_DATA": str(self.data)}
        kept |= {"IPYTHONDIR": str(self.folder / "ipython"), "PYTHONDONTWRITEBYTECODE": "1"}
        kept["PYDEVD_DISABLE_FILE_VALIDATION"] = "1"
        kept.setdefault("OMP_NUM_THREADS", "1")
        return kept


def _first(*folders: str) -> str:
    return os.pathsep.join(folder for folder in folders if folder)
