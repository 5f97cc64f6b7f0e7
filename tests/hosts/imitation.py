"""What a host adds to Python: its variables, its folders, and the parts of google.colab that the course touches."""

from __future__ import annotations

import contextlib
import os
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "setup"))
from setup_hosts import ARCHIVE_PATH, STUB_TORCH, archive, site, working_tree, write_files  # noqa: E402
from setup_kernels import CLOSED, HOST_VARIABLES  # noqa: E402

RAW_PATH = "/measure-first/measure-first/main/setup_colab.py"
COLAB = {
    "google/colab/__init__.py": "",
    "google/colab/_shell.py": """
        from ipykernel.zmqshell import ZMQInteractiveShell
        class Shell(ZMQInteractiveShell):
            pass
    """,
    "google/colab/_kernel.py": """
        from google.colab._shell import Shell
        from ipykernel.ipkernel import IPythonKernel
        from traitlets import Type
        class Kernel(IPythonKernel):
            shell_class = Type(Shell)
    """,
    "google/colab/_message.py": """
        import json, os
        def blocking_request(request_type, request="", timeout_sec=5, parent=None):
            assert request_type == "get_ipynb" and timeout_sec
            with open(os.environ["IMITATED_PAGE"], encoding="utf-8") as page:
                return {"ipynb": json.load(page)}
    """,
    "google/colab/files.py": """
        import os, shutil
        def download(filename):
            shutil.copy(filename, os.environ["IMITATED_DOWNLOADS"])
    """,
}
COLAB_KERNEL = "--IPKernelApp.kernel_class=google.colab._kernel.Kernel"
ALWAYS = ("PATH", "LANG", "LC_ALL", "TMPDIR", "OMP_NUM_THREADS")


@dataclass(frozen=True)
class Place:
    """One imitated host in a folder of its own: where the kernel works, what it sees, and what the setup cell reads.

    replaced: (what stands in the setup cell, what stands in for it here). page, downloads: of Colab's page.
    """

    work: Path
    variables: dict[str, str]
    replaced: tuple[tuple[str, str], ...]
    options: tuple[str, ...]
    page: Path
    downloads: Path

    def setup_cell(self, source: str) -> str:
        """The lesson's setup cell with this place's addresses. Raises AssertionError where it lacks one of them."""
        for real, ours in self.replaced:
            assert source.count(real) == 1, f"the setup cell does not hold {real} once"
            source = source.replace(real, ours)
        return source


@contextlib.contextmanager
def imitated(host: str, folder: Path, lesson: str, stub_torch: str = "") -> Iterator[Place]:
    """The place of one run of a lesson. stub_torch: the version that a stub in PyTorch's place tells ("": none).

    Colab fetches the course from a site on the loopback interface, Kaggle has it attached as a data set and no
    network, "local" is a copy of the checkout with the notebook in a folder of the student's own.
    """
    stubs, home, sets = folder / "stubs", folder / "home", folder / "input"
    for needed in (stubs, home, folder / "downloads"):
        needed.mkdir(parents=True)
    variables = {name: os.environ[name] for name in ALWAYS if name in os.environ} | HOST_VARIABLES.get(host, {})
    variables |= {"HOME": str(home), "IPYTHONDIR": str(home / ".ipython"), "PYTHONPATH": str(stubs)}
    variables |= {"PYDEVD_DISABLE_FILE_VALIDATION": "1"}  # a debugger's warnings at each start
    variables |= {"HF_HUB_OFFLINE": "1", "PYTHONDONTWRITEBYTECODE": "1", "MEASURE_FIRST_PARTNER": "scripted"}
    variables |= {"IMITATED_PAGE": str(folder / "page.ipynb"), "IMITATED_DOWNLOADS": str(folder / "downloads")}
    if stub_torch:
        write_files(stubs, {"torch/__init__.py": STUB_TORCH.format(version=stub_torch)})
    work, source, options = folder / "work", CLOSED, ()
    with contextlib.ExitStack() as stack:
        if host == "colab":
            write_files(stubs, {name: textwrap.dedent(text) for name, text in COLAB.items()})
            pages = {ARCHIVE_PATH: archive(working_tree()), RAW_PATH: (ROOT / "setup_colab.py").read_bytes()}
            source, options = stack.enter_context(site(pages)).address, (COLAB_KERNEL,)
        elif host == "kaggle":
            attach(sets / "measure-first")
        else:
            write_files(folder / "measure-first", working_tree())
            work = folder / "measure-first" / "my lessons"  # a space, for whoever forgets to quote
        work.mkdir(parents=True)
        replaced = (("https://raw.githubusercontent.com", source), ("/kaggle/input", str(sets)))
        yield Place(
            work,
            variables | {"MEASURE_FIRST_SOURCE": source},
            replaced,
            options,
            folder / "page.ipynb",
            folder / "downloads",
        )


def attach(data_set: Path) -> None:
    """A Kaggle data set that holds the course, its setup told where data sets lie here."""
    files = working_tree()
    real = b'Path("/kaggle/input")'
    assert files["setup_colab.py"].count(real) == 1
    files["setup_colab.py"] = files["setup_colab.py"].replace(real, f"Path({str(data_set.parent)!r})".encode())
    write_files(data_set, files)
