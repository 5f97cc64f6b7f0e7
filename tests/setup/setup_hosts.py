"""Imitations for the tests of setup_colab.py: archives, a host for them, stub packages, small wheels, interpreters."""

from __future__ import annotations

import contextlib
import functools
import http.server
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
HOSTS = Path(__file__).parent / "hosts"
PYENV = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")  # read before a test changes HOME
LESSON = "00_imitation"
REPOSITORY, REF = "measure-first/measure-first", "main"
ARCHIVE_PATH = f"/{REPOSITORY}/archive/{REF}.tar.gz"

# What setup asks of PyTorch, for interpreters that have none.
STUB_TORCH = """
__version__ = "{version}"
class cuda:
    is_available = staticmethod(lambda: False)
class backends:
    pass
def manual_seed(seed):
    global seeded
    seeded = seed
"""

STUB = "__version__ = {version!r}\n"  # a module

SMALL_COURSE = {
    "autograde/__init__.py": b'__version__ = "1"\n',
    "autograde/check/__init__.py": b"",
    "data/facts.toml": b"",
    f"release/{LESSON}/quiz_1.json": b"{}",
    "release/99_other/99_other.ipynb": b"{}",
    "course.toml": b"[course]\n",
    "tests/test_something.py": b"",
}


def load_setup(name: str = "setup_colab") -> ModuleType:
    """setup_colab.py of this checkout as a module of its own, not entered in sys.modules."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "setup_colab.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


def archive(files: Mapping[str, bytes], extra: Sequence[tarfile.TarInfo] = (), commit: str = "1a2b3c4d5e") -> bytes:
    """A tar.gz as the repository's host makes it: everything in one folder, the commit in the global header."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz", format=tarfile.PAX_FORMAT, pax_headers={"comment": commit}) as tar:
        for name, content in files.items():
            entry = tarfile.TarInfo(f"measure-first-main/{name}")
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
        for entry in extra:
            tar.addfile(entry, io.BytesIO(b"x" * entry.size))
    return packed.getvalue()


def working_tree() -> dict[str, bytes]:
    """The files of this checkout that the archive of its next commit would hold, with a lesson for the tests."""
    rooms = [ROOT / room for room in ("autograde", "data", "release")]
    paths = [ROOT / "course.toml", ROOT / "setup_colab.py"]
    paths += [path for room in rooms for path in sorted(room.rglob("*")) if path.is_file()]
    files = {str(path.relative_to(ROOT)): path.read_bytes() for path in paths if "__pycache__" not in path.parts}
    return files | {f"release/{LESSON}/quiz_1.json": b"{}"}


class Site:
    """A host on the loopback interface: `pages` {path: bytes, or an HTTP status}, `asked` what was asked for.

    `cut`: how many bytes of an answer are sent before the connection breaks (None: all).
    """

    def __init__(self, pages: Mapping[str, bytes | int]) -> None:
        self.pages, self.asked, self.cut = dict(pages), list[str](), None
        handler = functools.partial(Answer, self)
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.address = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        """Cut the network: the port answers no more."""
        self.server.shutdown()
        self.server.server_close()


class Answer(http.server.BaseHTTPRequestHandler):
    """One answer of a Site."""

    def __init__(self, site: Site, *args: object) -> None:
        self.site = site
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.site.asked.append(self.path)
        page = self.site.pages.get(self.path, 404)
        if isinstance(page, int):
            self.send_error(page)
            return
        self.send_response(200)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page[: self.site.cut])

    def log_message(self, *args: object) -> None:
        """Keeps the tests' output clean."""


@contextlib.contextmanager
def site(pages: Mapping[str, bytes | int]) -> Iterator[Site]:
    """A Site for the time of a with-block."""
    running = Site(pages)
    try:
        yield running
    finally:
        running.close()


def write_files(folder: Path, files: Mapping[str, bytes | str]) -> Path:
    """Write {path: content} into `folder` and return it."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def pins(host: str) -> dict[str, str]:
    """{distribution: version} of "colab" or "kaggle"."""
    lines = (HOSTS / f"{host}-constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines if line and not line.startswith("#"))


def stub_distribution(name: str, version: str, source: str = STUB, needs: str = "") -> dict[str, str]:
    """The files of an installed distribution that holds one module: enough for importlib.metadata and for pip."""
    module = {"scikit-learn": "sklearn", "pillow": "PIL"}.get(name, name.replace("-", "_"))
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + (f"Requires-Dist: {needs}\n" if needs else "")
    files = {
        f"{module}/__init__.py": source.format(version=version),
        f"{info}/METADATA": head,
        f"{info}/top_level.txt": module + "\n",
        f"{info}/INSTALLER": "pip\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{file},,\n" for file in (*files, f"{info}/RECORD"))
    return files | {f"{info}/RECORD": record}


def wheel(folder: Path, name: str, version: str, needs: str = "") -> Path:
    """Write a small wheel of one module into `folder`, so that pip really installs without an index."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as packed:
        for file, content in stub_distribution(name, version, needs=needs).items():
            packed.writestr(file, content)
    return path


def interpreter(version: str) -> str | None:
    """A Python of this version ("3.12"): the running one, one on the PATH that works, or one of pyenv's."""
    if version == f"{sys.version_info.major}.{sys.version_info.minor}":
        return sys.executable
    candidates = [shutil.which(f"python{version}"), *sorted(map(str, PYENV.glob(f"versions/{version}.*/bin/python")))]
    for candidate in filter(None, candidates):
        run = subprocess.run([candidate, "--version"], capture_output=True, text=True)
        if run.returncode == 0 and re.match(rf"Python {re.escape(version)}\.", run.stdout):
            return candidate
    return None
