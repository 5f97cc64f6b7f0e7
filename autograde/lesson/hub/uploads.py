"""Pushes: how a file is to travel, where a large one goes, and the commit that puts them into a repository."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import io
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.lesson.hub import objects
from autograde.lesson.hub.names import Refused, branch, commit_id, file_path
from autograde.lesson.hub.objects import File
from autograde.lesson.hub.store import Repo, Store

MOST_FILES = 10_000  # in a repository
MOST_COMMIT = 128 << 20  # bytes of a commit's request: small files travel in it
MOST_TEXT = 16 << 20  # bytes of any other request
MOST_FILE = 2 << 30  # bytes of a large file
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Doors:
    """Addresses to which a large file may be sent: signed, for one file of one size, for an hour."""

    key: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def open(self, sha256: str, size: int) -> str:
        """The path and query of such an address."""
        until = int(time.time()) + 3600
        return f"/large/{sha256}?size={size}&until={until}&sign={self._sign(sha256, size, until)}"

    def check(self, sha256: str, query: dict[str, list[str]]) -> int:
        """The size that an address was signed for. Raises Refused where it was not, or is over."""
        try:
            size, until = int(query["size"][0]), int(query["until"][0])
            signed = hmac.compare_digest(self._sign(sha256, size, until), query["sign"][0])
        except (LookupError, ValueError, TypeError):
            signed = False
        if not signed or until < time.time():
            raise Refused(403, "this address takes no file: ask for a new one")
        return size

    def _sign(self, sha256: str, size: int, until: int) -> str:
        return hmac.new(self.key, f"{sha256} {size} {until}".encode(), "sha256").hexdigest()


def said(body: bytes) -> dict[str, Any]:
    """A request's JSON object. Raises Refused for anything else."""
    try:
        made = json.loads(body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Refused(400, f"the request is no JSON: {str(error)[:100]}") from error
    if not isinstance(made, dict):
        raise Refused(400, "the request is no JSON object")
    return made


def _items(made: dict[str, Any], name: str) -> list[dict[str, Any]]:
    items = made.get(name)
    if not isinstance(items, list) or len(items) > MOST_FILES or not all(isinstance(item, dict) for item in items):
        raise Refused(400, f"{name!r} is no list of objects")
    return items


def modes(repo: Repo, revision: str, body: bytes) -> dict[str, Any]:
    """Which of the announced files travel as large ones, and what the repository has of them already."""
    commit = repo.at(revision) if revision in repo.refs else None
    files = []
    for item in _items(said(body), "files"):
        path, size = file_path(item.get("path")), item.get("size")
        if not isinstance(size, int) or size < 0:
            raise Refused(400, f"{path}: its size is {str(size)[:20]!r}")
        try:
            sample = base64.b64decode(item.get("sample") or "", validate=True)
        except (binascii.Error, TypeError, ValueError) as error:
            raise Refused(400, f"{path}: its sample is no base64") from error
        known = commit.files.get(path) if commit else None
        mode = "lfs" if objects.is_large(path, size, sample) else "regular"
        files.append({"path": path, "uploadMode": mode, "shouldIgnore": False, "oid": known.etag if known else None})
    return {"files": files}


def batch(store: Store, doors: Doors, address: str, body: bytes) -> dict[str, Any]:
    """Where each of the announced large files is to be sent; no address for what is here already."""
    made, answers = said(body), []
    if made.get("operation") != "upload" or made.get("hash_algo", "sha256") != "sha256":
        raise Refused(400, "this Hub takes large files (operation upload, SHA-256) and hands them out as other files")
    for item in _items(made, "objects"):
        sha256, size = item.get("oid"), item.get("size")
        if not isinstance(sha256, str) or not _SHA256.fullmatch(sha256) or not isinstance(size, int) or size < 0:
            raise Refused(400, "a large file is announced by its SHA-256 and its size")
        answer: dict[str, Any] = {"oid": sha256, "size": size}
        if size > min(MOST_FILE, store.most):
            answer["error"] = {"code": 413, "message": f"a file of {size} bytes: this Hub takes {store.most >> 20} MiB"}
        elif store.has(sha256) is None:
            answer["actions"] = {"upload": {"href": address + doors.open(sha256, size), "header": {}}}
        answers.append(answer)
    return {"transfer": "basic", "objects": answers}


def commit(store: Store, repo: Repo, revision: str, body: bytes, author: str) -> Repo:
    """Put a commit into the repository: lines of JSON, a header and one for each file. Raises Refused."""
    revision = branch(revision)
    if revision not in repo.refs:
        why = "is a commit: push to a branch" if commit_id(revision) else "is no branch here: create it first"
        raise Refused(404, f"Invalid rev id: {revision} {why}", "RevisionNotFound")
    head = repo.at(revision)
    lines = [said(line) for line in body.splitlines() if line.strip()]
    header: Any = next((line.get("value") for line in lines if line.get("key") == "header"), None)
    if not isinstance(header, dict) or not isinstance(header.get("summary"), str) or not header["summary"].strip():
        raise Refused(400, "a commit needs a summary")
    if (parent := header.get("parentCommit")) not in (None, "", head.id):
        raise Refused(412, f"the branch has moved on: it is at {head.id[:7]}, not at {str(parent)[:7]}")
    files = dict(head.files)
    for line in lines:
        if line.get("key") != "header":
            _apply(store, files, line)
    _fits(files)
    return store.commit(
        repo, revision, files, header["summary"][:1000], str(header.get("description") or "")[:10_000], author
    )


def _apply(store: Store, files: dict[str, File], line: dict[str, Any]) -> None:
    """One line of a commit."""
    key, value = line.get("key"), line.get("value")
    if not isinstance(value, dict):
        raise Refused(400, f"a commit's line {str(key)[:20]!r} says nothing")
    named = value.get("path")
    path = file_path(named.removesuffix("/") if key == "deletedFolder" and isinstance(named, str) else named)
    if key == "file":
        files[path] = _small(store, path, value)
    elif key == "lfsFile":
        files[path] = _large(store, path, value)
    elif key == "deletedFile":
        if files.pop(path, None) is None:
            raise Refused(404, f"there is no file {path} to delete", "EntryNotFound")
    elif key == "deletedFolder":
        inside = [name for name in files if name.startswith(f"{path}/")]
        if not inside:
            raise Refused(404, f"there is no folder {path} to delete", "EntryNotFound")
        for name in inside:
            del files[name]
    else:
        raise Refused(400, f"this Hub knows no {str(key)[:20]!r} in a commit")


def _small(store: Store, path: str, value: dict[str, Any]) -> File:
    """A file whose bytes are in the commit's request."""
    try:
        if value.get("encoding") != "base64":
            raise ValueError
        data = base64.b64decode(str(value.get("content", "")), validate=True)
    except ValueError as error:
        raise Refused(400, f"{path}: its content is no base64") from error
    sha256, place = store.put(io.BytesIO(data), hashlib.sha256(data).hexdigest(), len(data))
    return File(path, len(data), objects.git_id(data), sha256, False, place)


def _large(store: Store, path: str, value: dict[str, Any]) -> File:
    """A file that was sent before."""
    sha256 = value.get("oid")
    place = store.has(sha256) if isinstance(sha256, str) and _SHA256.fullmatch(sha256) else None
    if place is None or not isinstance(sha256, str):
        raise Refused(400, f"{path}: its bytes have not arrived: a large file is sent before the commit")
    size = place.stat().st_size
    return File(path, size, objects.git_id(objects.POINTER.format(sha256, size).encode()), sha256, True, place)


def _fits(files: dict[str, File]) -> None:
    """Whether a repository can hold these files side by side."""
    if len(files) > MOST_FILES:
        raise Refused(400, f"{len(files)} files: a repository of this Hub holds {MOST_FILES}")
    for path in files:
        parts = path.split("/")
        for depth in range(1, len(parts)):
            if (above := "/".join(parts[:depth])) in files:
                raise Refused(400, f"{above} cannot be a file and a folder ({path})")


def unpack(files: dict[str, File], folder: Path) -> Path:
    """Lay a commit's files out below a folder."""
    for path, file in files.items():
        target = folder.joinpath(*file_path(path).split("/"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(file.place.read_bytes())
    return folder
