"""Bytes of files, and what the client asks of them: git's hash, SHA-256, and whether they travel as large files."""

from __future__ import annotations

import fnmatch
import functools
import hashlib
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

LARGE_BYTES = 10 << 20
# What the Hub stores as large files whatever their size (its default .gitattributes).
LARGE_NAMES = (
    "*.7z *.arrow *.bin *.bz2 *.ckpt *.ftz *.gz *.h5 *.joblib *.lfs.* *.mlmodel *.model *.msgpack *.npy *.npz *.onnx "
    "*.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors *.tar.* *.tar *.tflite *.tgz *.wasm *.xz *.zip "
    "*.zst *tfevents*"
).split()
ATTRIBUTES = "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in LARGE_NAMES)
POINTER = (
    "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize {}\n"  # what git itself keeps of a large file
)


@dataclass(frozen=True)
class File:
    """One file of a commit: its bytes' place and number, git's id of it, its SHA-256, whether it is a large one."""

    path: str
    size: int
    git: str
    sha256: str
    large: bool
    place: Path

    @property
    def etag(self) -> str:
        """What names these bytes: SHA-256 of a large file, git's id of another."""
        return self.sha256 if self.large else self.git

    def plain(self) -> dict[str, Any]:
        """As JSON can carry it, without the place."""
        return {key: value for key, value in asdict(self).items() if key not in ("place", "path")}


def is_large(path: str, size: int, sample: bytes = b"") -> bool:
    """Whether the file is to travel as a large one: by its name, its size, or because it is binary."""
    name = path.rsplit("/", 1)[-1]
    return size > LARGE_BYTES or any(fnmatch.fnmatchcase(name, pattern) for pattern in LARGE_NAMES) or b"\0" in sample


def git_id(data: bytes) -> str:
    """Git's id of a file with these bytes."""
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def read(path: str, place: Path) -> File:
    """The file at `place`, known in its repository as `path`; hashed once for as long as it is unchanged."""
    state = place.stat()
    git, sha256, binary = _hashes(os.fspath(place), state.st_size, state.st_mtime_ns)
    large = is_large(path, state.st_size, b"\0" if binary else b"")
    if large:
        git = git_id(POINTER.format(sha256, state.st_size).encode())
    return File(path, state.st_size, git, sha256, large, place)


@functools.lru_cache(maxsize=4096)
def _hashes(place: str, size: int, changed: int) -> tuple[str, str, bool]:
    """Git's id of these bytes, their SHA-256, and whether their beginning is binary."""
    git, sha256 = hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False), hashlib.sha256()
    with open(place, "rb") as file:
        binary = b"\0" in file.read(512)
        file.seek(0)
        while block := file.read(1 << 20):
            git.update(block)
            sha256.update(block)
    return git.hexdigest(), sha256.hexdigest(), binary
