"""What repositories, files, branches and users may be called here; every name from outside passes through this file."""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("models", "datasets", "spaces")
# As the client checks ids, and nothing that a file system reads as a way up or a hidden file.
_PART = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,94}[A-Za-z0-9])?", re.ASCII)
_USER = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,37}[a-z0-9])?", re.ASCII)
_BRANCH = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,118}[A-Za-z0-9])?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
LONGEST_PATH, LONGEST_PART = 1024, 200


class Refused(Exception):
    """A request that gets an error as its answer: status, the client's error code ("" for none), and why in words."""

    def __init__(self, status: int, why: str, code: str = "") -> None:
        super().__init__(why)
        self.status, self.why, self.code = status, why, code


@dataclass(frozen=True)
class RepoId:
    """A repository: its kind ("models", "datasets" or "spaces"), whose it is, and its name."""

    kind: str
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.owner}/{self.name}"


def repo_id(kind: str, owner: str, name: str) -> RepoId:
    """The repository of these names. Raises Refused for what cannot be one."""
    for part in (owner, name):
        if not _PART.fullmatch(part) or ".." in part or "--" in part or part.endswith(".git"):
            raise Refused(400, f"{owner}/{name} is no repository's name", "")
    return RepoId(kind, owner, name)


def user(name: str) -> bool:
    """Whether a user can be called this."""
    return bool(_USER.fullmatch(name)) and "--" not in name


def commit_id(revision: str) -> bool:
    """Whether the revision is a whole commit id."""
    return bool(_COMMIT.fullmatch(revision))


def branch(name: str) -> str:
    """The name of a branch or tag. Raises Refused for what cannot be one."""
    if not _BRANCH.fullmatch(name) or ".." in name or "//" in name or _COMMIT.fullmatch(name):
        raise Refused(400, f"{name!r} is no name for a branch or a tag")
    return name


def file_path(path: object) -> str:
    """The path of a file in a repository. Raises Refused for one that is absolute, leads up, or cannot be stored."""
    if not isinstance(path, str) or not path or len(path) > LONGEST_PATH:
        raise Refused(400, f"{str(path)[:60]!r} is no path of a file in a repository")
    for part in path.split("/"):
        odd = part in ("", ".", "..") or len(part.encode("utf-8", "replace")) > LONGEST_PART
        if odd or part.lower() == ".git" or "\\" in part or any(ord(c) < 32 or 0xD7FF < ord(c) < 0xE000 for c in part):
            raise Refused(400, f"{path[:60]!r} is no path of a file in a repository: look at {part[:60]!r}")
    return path
