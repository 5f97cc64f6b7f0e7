"""A pretend CUDA device: builds card.cpp once for the PyTorch that is installed, and has `import torch` find it.

It is for rehearsals on machines without a GPU (rehearse.py); no lesson and no grade depends on it. With this folder on
PYTHONPATH every Python that starts finds the device (sitecustomize.py).
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.abc
import importlib.machinery
import importlib.metadata
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from torch_cuda import dress

HERE = Path(__file__).resolve().parent
BUILT = HERE.parents[1] / "build" / "pretend_cuda"


def installed_torch() -> tuple[Path, str]:
    """Where PyTorch lies and its version, without importing it. Raises RuntimeError where no card can be pretended."""
    found = importlib.machinery.PathFinder.find_spec("torch")
    if found is None or found.origin is None:
        raise RuntimeError("PyTorch is not installed here")
    folder = Path(found.origin).parent
    if (folder / "lib" / "libtorch_cuda.so").exists():
        raise RuntimeError("this PyTorch is built for CUDA and needs no pretence: make gpu, on a machine with a card")
    if not (folder / "lib" / "libtorch_cpu.so").exists():
        raise RuntimeError("the card is made for PyTorch on Linux")
    return folder, importlib.metadata.version("torch")


def build(torch_folder: Path, version: str) -> Path:
    """The shared library for this PyTorch, compiled when it is not there yet. Raises RuntimeError with g++'s words."""
    text = (HERE / "card.cpp").read_bytes()
    target = BUILT / f"card-{hashlib.sha256(text + version.encode()).hexdigest()[:16]}.so"
    if target.exists():
        return target
    BUILT.mkdir(parents=True, exist_ok=True)
    half = target.with_suffix(f".{os.getpid()}")
    include = torch_folder / "include"
    command = [
        "g++", "-std=c++20", "-O1", "-fPIC", "-shared", str(HERE / "card.cpp"), "-o", str(half), f"-I{include}",
        f"-I{include / 'torch/csrc/api/include'}", f"-L{torch_folder / 'lib'}", "-lc10", "-ltorch_cpu",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"g++ could not build the pretend device:\n{done.stderr[:4000]}")
    half.replace(target)
    return target


def load(torch_folder: Path, version: str) -> ctypes.CDLL:
    """Load the library. PyTorch asks for the device's part once, at its import, and keeps the answer: so before it."""
    ctypes.CDLL(str(torch_folder / "lib" / "libtorch_cpu.so"), mode=ctypes.RTLD_GLOBAL)
    library = ctypes.CDLL(str(build(torch_folder, version)))
    library.pretend_begin()
    for name in ("pretend_allocated", "pretend_most"):
        getattr(library, name).restype = ctypes.c_int64
    return library


class WhenTorchComes(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads the library before `import torch` and dresses it after."""

    def __init__(self) -> None:
        self.library: ctypes.CDLL | None = None
        self.loader: Any = None

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        if name != "torch" or self.library is not None:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is None:
            return None
        self.library = load(*installed_torch())
        self.loader, spec.loader = spec.loader, self
        return spec

    def create_module(self, spec: Any) -> Any:
        return self.loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        module.__spec__.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        assert self.library is not None
        dress(module, self.library)


def install() -> None:
    """Have the next `import torch` of this process find a CUDA device. Raises RuntimeError after that import."""
    if "torch" in sys.modules:
        raise RuntimeError("PyTorch is imported already: it asked for its devices then")
    sys.meta_path.insert(0, WhenTorchComes())
