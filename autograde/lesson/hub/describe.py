"""A repository as the client library reads it: JSON with the Hub's names."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

from autograde.lesson.hub import cards
from autograde.lesson.hub.names import Refused, RepoId
from autograde.lesson.hub.objects import POINTER, File
from autograde.lesson.hub.store import Commit, Repo

# How often a repository was downloaded and liked, and when: sample figures of this Hub, for searches to sort by.
FIGURES = "figures.toml"
_FIGURE_NAMES = {"downloads": int, "likes": int, "created": str, "changed": str}


def figures(base: Path | None) -> dict[str, dict[str, Any]]:
    """The sample figures beside the repositories: "models/owner/name" → downloads, likes, created, changed."""
    place = None if base is None else base / FIGURES
    if place is None or not place.is_file():
        return {}
    try:
        made = tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{place}: {error}") from error
    for name, entry in made.items():
        if not isinstance(entry, dict) or any(
            key not in _FIGURE_NAMES or not isinstance(value, _FIGURE_NAMES[key]) or isinstance(value, bool)
            for key, value in entry.items()
        ):
            raise ValueError(
                f'{place}: ["{name}"] may hold downloads and likes (whole numbers), created and changed (dates as text)'
            )
    return made


def moment(text: str) -> str:
    """A date of the figures ("2026-10-01") as the client reads moments; others as they are."""
    return f"{text}T00:00:00.000Z" if len(text) == 10 else text


def info(repo: Repo, commit: Commit, figure: dict[str, Any], blobs: bool = False) -> dict[str, Any]:
    """All that this Hub says of a repository at a commit; `blobs` with sizes and hashes of its files."""
    of_card = cards.card(commit.files)
    said: dict[str, Any] = {
        "_id": hashlib.sha1(f"{repo.id.kind}/{repo.id}".encode(), usedforsecurity=False).hexdigest()[:24],
        "id": str(repo.id),
        "author": repo.id.owner,
        "sha": commit.id,
        "lastModified": moment(figure.get("changed", commit.date)),
        "createdAt": moment(figure.get("created", repo.created)),
        "private": repo.private,
        "gated": False,
        "disabled": False,
        "likes": figure.get("likes", 0),
        "trendingScore": 0,
        "usedStorage": sum({file.sha256: file.size for file in commit.files.values()}.values()),
        "cardData": of_card,
        "siblings": [sibling(file, blobs) for file in commit.files.values()],
    }
    if repo.id.kind == "spaces":
        return said | {"sdk": repo.sdk or of_card.get("sdk"), "tags": cards.words(of_card.get("tags")), "models": []}
    said["downloads"] = figure.get("downloads", 0)
    if repo.id.kind == "datasets":
        return said | {"tags": cards.dataset_tags(of_card), "description": str(of_card.get("pretty_name", ""))}
    return said | _of_model(repo.id, commit, of_card)


def _of_model(id: RepoId, commit: Commit, of_card: dict[str, Any]) -> dict[str, Any]:
    of_config, numbers = cards.config(commit.files), cards.parameters(commit.files)
    inferred, auto_class = cards.task(of_config)
    task = str(of_card.get("pipeline_tag") or inferred)
    tags = cards.model_tags(of_card, of_config, commit.files, task)
    said: dict[str, Any] = {"modelId": str(id), "tags": tags, "config": of_config, "spaces": []}
    library = of_card.get("library_name") or ("transformers" if of_config.get("model_type") else None)
    said |= {"library_name": str(library)} if library else {}
    said |= {"pipeline_tag": task} if task else {}
    said |= {"safetensors": {"parameters": numbers, "total": sum(numbers.values())}} if numbers else {}
    if auto_class:
        said["transformersInfo"] = {"auto_model": auto_class, "pipeline_tag": task, "processor": "AutoTokenizer"}
    return said


def sibling(file: File, blobs: bool) -> dict[str, Any]:
    """A file in the info of a repository."""
    if not blobs:
        return {"rfilename": file.path}
    said: dict[str, Any] = {"rfilename": file.path, "size": file.size, "blobId": file.git}
    return said | ({"lfs": large(file) | {"sha256": file.sha256}} if file.large else {})


def large(file: File) -> dict[str, Any]:
    """What the Hub says of a large file."""
    return {"oid": file.sha256, "size": file.size, "pointerSize": len(POINTER.format(file.sha256, file.size))}


def entry(file: File, repo: Repo, commit: Commit, expand: bool) -> dict[str, Any]:
    """A file in a tree."""
    said: dict[str, Any] = {"type": "file", "path": file.path, "size": file.size, "oid": file.git}
    said |= {"lfs": large(file)} if file.large else {}
    return said | ({"lastCommit": _last(repo, commit, file)} if expand else {})


def _last(repo: Repo, commit: Commit, file: File) -> dict[str, str]:
    """The commit that made the file what it is."""
    while (
        (before := repo.commits.get(commit.parent)) and (was := before.files.get(file.path)) and was.etag == file.etag
    ):
        commit = before
    return {"id": commit.id, "title": commit.title, "date": commit.date}


def tree(repo: Repo, commit: Commit, below: str, recursive: bool, expand: bool) -> list[dict[str, Any]]:
    """Files and folders below a folder ("": the top), folders first. Raises Refused where there is no such folder."""
    start = f"{below}/" if below else ""
    inside = [file for path, file in sorted(commit.files.items()) if path.startswith(start)]
    if below and not inside:
        raise Refused(404, f"{below} does not exist on {commit.id[:7]}", "EntryNotFound")
    folders: dict[str, None] = {}
    files = []
    for file in inside:
        parts = file.path[len(start) :].split("/")[:-1]
        for depth in range(len(parts) if recursive else min(len(parts), 1)):
            folders[start + "/".join(parts[: depth + 1])] = None
        if recursive or not parts:
            files.append(entry(file, repo, commit, expand))
    return [folder(path, commit, expand) for path in folders] + files


def folder(path: str, commit: Commit, expand: bool) -> dict[str, Any]:
    """A folder in a tree; its id is made of what lies in it."""
    inside = sorted((name, file.etag) for name, file in commit.files.items() if name.startswith(f"{path}/"))
    made = hashlib.sha1(repr(inside).encode(), usedforsecurity=False).hexdigest()
    last = {"lastCommit": {"id": commit.id, "title": commit.title, "date": commit.date}} if expand else {}
    return {"type": "directory", "path": path, "size": 0, "oid": made} | last
