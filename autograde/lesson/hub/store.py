"""Repositories in folders: the course's own below, read-only, and above them layers that take what is pushed.

    <base>/models/<owner>/<name>/…       a repository as plain files: one commit, on the branch "main"
    <layer>/models/<owner>/<name>.json   a pushed repository: its branches, tags and commits
    <layer>/objects/<sha256>             the bytes of pushed files

A process that forks goes on with its parent's layers and writes into a new one of its own, so that what a child
pushes is the child's.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import secrets
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from autograde.lesson.hub import objects
from autograde.lesson.hub.names import KINDS, Refused, RepoId, repo_id
from autograde.lesson.hub.objects import File

MAIN = "main"


@dataclass(frozen=True)
class Commit:
    """One state of a repository: its files by path, and who made it, when, from which commit and why."""

    id: str
    title: str
    message: str
    author: str
    date: str
    parent: str
    files: dict[str, File]


@dataclass(frozen=True)
class Repo:
    """A repository: branches and tags as name → commit id, and its commits. `own` is False for the course's."""

    id: RepoId
    created: str
    refs: dict[str, str]
    commits: dict[str, Commit]
    tags: dict[str, str] = field(default_factory=dict)
    private: bool = False
    sdk: str = ""
    own: bool = True

    def at(self, revision: str) -> Commit:
        """The commit of a branch, a tag or a commit id (five digits of it do). Raises Refused where there is none."""
        name = revision.removeprefix("refs/heads/").removeprefix("refs/tags/")
        wanted = self.refs.get(name) or self.tags.get(name) or revision
        found = [id for id in self.commits if id.startswith(wanted)] if len(wanted) >= 5 else []
        if len(found) != 1:
            raise Refused(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return self.commits[found[0]]


_forks = [0]  # how many forks this process is away from the one that first imported this file
os.register_at_fork(after_in_child=lambda: _forks.__setitem__(0, _forks[0] + 1))


def now() -> str:
    """This moment as the client reads it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


class Bytes(Protocol):
    """What bytes are read from: a file, or a request's body."""

    def read(self, most: int, /) -> bytes:
        """The next bytes, b"" at the end."""


class Store:
    """The repositories of `base` (None: none) and of the layers above it. See the module's text.

    place: the folder of the writable layer; None makes a temporary one when something is pushed, one for each process.
    most: how many bytes may be pushed to it.
    """

    def __init__(self, base: Path | None, place: Path | None = None, most: int = 1 << 30) -> None:
        self.base, self.most = base, most
        self.temporary = place is None
        self.layers = [] if place is None else [place]
        self._forks = -1
        self._lock = threading.RLock()

    def here(self) -> tuple[list[Path], threading.RLock]:  # type: ignore[valid-type]  # RLock is a function to mypy
        """The layers that this process reads, the last of which it writes, and the lock for that."""
        if self.temporary and self._forks != _forks[0]:
            self._forks, self._lock = _forks[0], threading.RLock()  # a lock that a fork took along may be locked
            temp = Path(os.environ.get("TMPDIR") or tempfile.gettempdir())  # a fork may have been given another
            below = self.layers[-1] if self.layers and temp in self.layers[-1].parents else temp
            self.layers = [*self.layers, below / f"measure_first-pushed-{secrets.token_hex(6)}"]
        return self.layers, self._lock

    def remove(self) -> None:
        """Take the temporary layer of this process away, and those of its forks with it."""
        if self.temporary and self._forks == _forks[0]:
            shutil.rmtree(self.layers[-1], ignore_errors=True)

    # Reading

    def all(self, kind: str) -> list[Repo]:
        """All repositories of a kind, by id."""
        names: set[tuple[str, str]] = set()
        for folder in (self.base, *self.here()[0]):
            if folder is not None:
                names.update(_names(folder / kind))
        found = (self.find(repo_id(kind, *name)) for name in sorted(names))
        return [repo for repo in found if repo is not None]

    def find(self, id: RepoId) -> Repo | None:
        """The repository, if it is there."""
        for layer in reversed(self.here()[0]):
            written = layer / id.kind / id.owner / f"{id.name}.json"
            if written.is_file():
                plain = json.loads(written.read_text(encoding="utf-8"))
                return None if plain.get("deleted") else _read(id, plain, self._objects)
        folder = None if self.base is None else self.base / id.kind / id.owner / id.name
        return _of_folder(id, folder) if folder is not None and folder.is_dir() else None

    def get(self, id: RepoId) -> Repo:
        """The repository. Raises Refused where there is none."""
        if (repo := self.find(id)) is None:
            raise Refused(404, f"Repository not found: there is no {id.kind[:-1]} {id} on this Hub", "RepoNotFound")
        return repo

    def _objects(self, sha256: str) -> Path:
        """Where the pushed bytes with this hash are."""
        places = [layer / "objects" / sha256 for layer in reversed(self.here()[0])]
        return next((place for place in places if place.is_file()), places[0])

    def has(self, sha256: str) -> Path | None:
        """The pushed bytes with this hash, if they are there."""
        place = self._objects(sha256)
        return place if place.is_file() else None

    # Writing

    def put(self, source: Bytes, sha256: str | None, size: int) -> tuple[str, Path]:
        """Keep `size` bytes; returns their hash and their place. Raises Refused where they are other than was said."""
        layers, lock = self.here()
        folder = layers[-1] / "objects"
        with lock:
            folder.mkdir(parents=True, exist_ok=True)
            kept = sum(file.stat().st_size for file in folder.iterdir())
            if kept + size > self.most:
                raise Refused(413, f"this Hub takes {self.most >> 20} MiB of pushed files in all, and that is reached")
        digest, left = hashlib.sha256(), size
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as part:
            try:
                while left and (block := source.read(min(left, 1 << 20))):
                    digest.update(block)
                    part.write(block)
                    left -= len(block)
                if left or source.read(1) or digest.hexdigest() != (sha256 or digest.hexdigest()):
                    raise Refused(400, f"what arrived is not the file of {size} bytes that was announced")
                os.replace(part.name, folder / digest.hexdigest())
            except BaseException:
                os.unlink(part.name)
                raise
        return digest.hexdigest(), folder / digest.hexdigest()

    def create(self, id: RepoId, private: bool, sdk: str, author: str) -> Repo:
        """A new repository with one commit, as the Hub begins them. Raises Refused where there is one already."""
        with self.here()[1]:
            if self.find(id) is not None:
                raise Refused(409, f"You already created this {id.kind[:-1]} repo: {id}")
            data = objects.ATTRIBUTES.encode()
            sha256, place = self.put(io.BytesIO(data), None, len(data))
            file = File(".gitattributes", len(data), objects.git_id(data), sha256, False, place)
            repo = Repo(id, now(), {}, {}, private=private, sdk=sdk)
            return self.commit(repo, MAIN, {file.path: file}, "initial commit", "", author)

    def commit(self, repo: Repo, name: str, files: dict[str, File], title: str, message: str, author: str) -> Repo:
        """The repository with these files as the newest commit of branch `name`, written down."""
        parent, date = repo.refs.get(name, ""), now()
        text = json.dumps(
            [parent, date, author, title, message, str(repo.id), sorted((p, f.etag) for p, f in files.items())]
        )
        made = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
        commit = Commit(made, title, message, author, date, parent, files)
        return self.write(replace(repo, refs=repo.refs | {name: made}, commits=repo.commits | {made: commit}))

    def write(self, repo: Repo) -> Repo:
        """Write down a repository that was changed. Raises Refused for the course's own."""
        if not repo.own:
            raise Refused(403, f"{repo.id} is the course's own: it can be read and not written")
        _write(self.here()[0][-1], repo.id, _plain(repo))
        return repo

    def delete(self, id: RepoId) -> None:
        """Take a pushed repository away."""
        with self.here()[1]:
            if not self.get(id).own:
                raise Refused(403, f"{id} is the course's own: it cannot be deleted")
            _write(self.here()[0][-1], id, {"deleted": True})


def _names(folder: Path) -> Iterator[tuple[str, str]]:
    """Owner and name of each repository in a folder of one kind, written down or as plain files."""
    for owner in folder.iterdir() if folder.is_dir() else ():
        for place in owner.iterdir() if owner.is_dir() else ():
            if place.is_dir() or place.suffix == ".json":
                name = place.name if place.is_dir() else place.stem
                try:
                    repo_id(KINDS[0], owner.name, name)
                except Refused:
                    continue  # a folder of something else
                yield owner.name, name


def _of_folder(id: RepoId, folder: Path) -> Repo:
    """The repository that a folder of plain files is: one commit, the same wherever the folder lies."""
    places = sorted(place for place in folder.rglob("*") if place.is_file() and "__pycache__" not in place.parts)
    files = {}
    for place in places:
        path = place.relative_to(folder).as_posix()
        files[path] = objects.read(path, place)
    made = hashlib.sha1(
        json.dumps([str(id), id.kind, sorted((path, file.etag) for path, file in files.items())]).encode(),
        usedforsecurity=False,
    ).hexdigest()
    changed = max((file.place.stat().st_mtime for file in files.values()), default=0.0)
    date = datetime.fromtimestamp(changed, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    commit = Commit(made, "The course's own", "", id.owner, date, "", files)
    return Repo(id, date, {MAIN: made}, {made: commit}, own=False)


def _plain(repo: Repo) -> dict[str, Any]:
    """A repository as JSON can carry it."""
    commits = {
        id: [c.title, c.message, c.author, c.date, c.parent, {path: file.plain() for path, file in c.files.items()}]
        for id, c in repo.commits.items()
    }
    names = ("created", "refs", "tags", "private", "sdk")
    return {name: getattr(repo, name) for name in names} | {"commits": commits}


def _read(id: RepoId, plain: dict[str, Any], objects_at: Callable[[str], Path]) -> Repo:
    """The repository that was written down so."""
    commits = {}
    for made, (title, message, author, date, parent, files) in plain.pop("commits").items():
        found = {path: File(path=path, place=objects_at(file["sha256"]), **file) for path, file in files.items()}
        commits[made] = Commit(made, title, message, author, date, parent, found)
    return Repo(id, commits=commits, **plain)


def _write(layer: Path, id: RepoId, plain: dict[str, Any]) -> None:
    """Write a repository down, whole or not at all."""
    place = layer / id.kind / id.owner / f"{id.name}.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile("w", dir=place.parent, suffix=".part", delete=False, encoding="utf-8") as part:
        json.dump(plain, part)
    os.replace(part.name, place)
