"""How long the setup cell takes on an imitated Colab: `python tests/setup/measure_setup.py` prints a table.

Fresh environments of each Python with stubs in place of the host's packages, then this interpreter with its real
PyTorch. The course comes from a host on the loopback interface, so no download time is in the figures.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, archive, site, working_tree, write_files
from setup_kernels import COLAB, HOST_VARIABLES, STUB_IPYTHON, Machine, machine


class ThisInterpreter(Machine):
    """The environment that runs this script, made to look like Colab by stubs on its path."""

    @property
    def python(self) -> str:
        return sys.executable


def main() -> None:
    """Print seconds of the first run, of the second in the same kernel, and of the first in a new kernel."""
    packed = archive(working_tree())
    print(f"archive: {len(packed) / 1e6:.2f} MB")
    print(f"{'machine':<24} {'first':>7} {'second':>7} {'new kernel':>11}   seconds")
    for version in ("3.11", "3.12", "3.13", "real torch"):
        with tempfile.TemporaryDirectory() as folder, site({ARCHIVE_PATH: packed}) as host:
            try:
                here = machine(Path(folder), version, "colab") if version != "real torch" else real(Path(folder))
            except pytest.skip.Exception as missing:
                print(f"{version:<24} {missing}")
                continue
            here.variables["MEASURE_FIRST_SOURCE"] = host.address
            first, second = here.kernel(lesson=LESSON, times=2)
            (again,) = here.kernel(lesson=LESSON)
        name = f"Python {first['python']}, " + ("torch " + first["torch"] if version == "real torch" else "stubs")
        print(f"{name:<24} {first['seconds']:>7.3f} {second['seconds']:>7.3f} {again['seconds']:>11.3f}")


def real(folder: Path) -> Machine:
    """This interpreter under Colab's variables and a Colab shell."""
    here = ThisInterpreter(folder, "", HOST_VARIABLES["colab"])
    here.notebooks.mkdir()
    stubs = {"IPython/__init__.py": STUB_IPYTHON.format(version="7.34.0"), "sitecustomize.py": "import IPython\n"}
    here.variables = here.variables | {"PYTHONPATH": str(write_files(folder / "stubs", stubs | COLAB))}
    return here


if __name__ == "__main__":
    main()
