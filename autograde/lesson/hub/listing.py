"""Searching: which repositories a query means, in which order, and how much it is told of each."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from autograde.lesson.hub.names import Refused

Query = dict[str, list[str]]
SORTS = ("downloads", "likes", "lastModified", "createdAt", "trendingScore")
MOST = 1000  # repositories in one answer; the client asks for the rest
# What a list says of each repository, unless more is asked for.
SHORT = {
    "models": "_id id modelId likes downloads private tags pipeline_tag library_name createdAt trendingScore".split(),
    "datasets": (
        "_id id author sha lastModified likes downloads private gated disabled tags createdAt description trendingScore"
    ).split(),
    "spaces": "_id id likes private sdk tags createdAt trendingScore".split(),
}
FULL = ["author", "sha", "lastModified", "gated", "disabled", "siblings"]
EXPANDABLE = {
    "models": (
        "author cardData config createdAt disabled downloads gated lastModified library_name likes pipeline_tag "
        "private safetensors sha siblings spaces tags transformersInfo trendingScore usedStorage"
    ).split(),
    "datasets": (
        "author cardData createdAt description disabled downloads gated lastModified likes private sha siblings tags "
        "trendingScore usedStorage"
    ).split(),
    "spaces": (
        "author cardData createdAt disabled lastModified likes models private sdk sha siblings tags trendingScore "
        "usedStorage"
    ).split(),
}
_SCALES = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9, "T": 10**12}
_OTHER = ("sort", "direction", "limit", "full", "config", "cardData", "expand", "cursor", "blobs", "securityStatus")


def search(kind: str, known: list[dict[str, Any]], query: Query) -> tuple[list[dict[str, Any]], int | None]:
    """The repositories (infos) that a query means, and where the next answer begins (None: that is all).

    Raises Refused for a filter, an order or a property that this Hub does not know.
    """
    wanted = [test for name, values in query.items() for test in _tests(kind, name, values)]
    found = [info for info in known if all(test(info) for test in wanted)]
    found = _ordered(found, _one(query, "sort") or "downloads", _one(query, "direction") or "-1")
    start = _number(query, "cursor", 0)
    end = start + min(_number(query, "limit", MOST), MOST)
    shown = [shorten(kind, info, query) for info in found[start:end]]
    return shown, (end if end < len(found) else None)


def _tests(kind: str, name: str, values: list[str]) -> list[Callable[[dict[str, Any]], bool]]:
    """What a parameter asks of a repository."""
    if name in _OTHER:
        return []
    words = [word for value in values for word in value.split(",") if word]
    if name in ("filter", "other", "library", "tags", "language", "license", "task"):
        return [lambda info, word=word: _carries(info, word) for word in words]  # type: ignore[misc]
    if name == "search":
        lowered = [word.lower() for value in values for word in value.split()]
        return [lambda info, word=word: word in info["id"].lower() for word in lowered]  # type: ignore[misc]
    if name == "author":
        return [lambda info: info["author"].lower() in [value.lower() for value in values]]
    if name == "pipeline_tag" and kind == "models":
        return [lambda info: info.get("pipeline_tag") in words]
    if name == "num_parameters" and kind == "models":
        low, high = _bounds(values[-1])
        return [lambda info: low <= info.get("safetensors", {}).get("total", -1) <= high]
    if name == "gated":
        return [lambda info: info["gated"] is (values[-1].lower() == "true")]
    raise Refused(400, f"this Hub cannot search {kind} by {name!r}")


def _carries(info: dict[str, Any], word: str) -> bool:
    """Whether a repository has this tag; a licence and a language are found with and without their prefix."""
    tags = [
        str(tag).lower() for tag in (*info.get("tags", ()), info.get("pipeline_tag", ""), info.get("library_name", ""))
    ]
    word = word.lower()
    return (
        word in tags
        or f"license:{word}" in tags
        or f"language:{word}" in tags
        or word.removeprefix("language:") in tags
    )


def _bounds(text: str) -> tuple[float, float]:
    """The bounds of "min:6B,max:128B"."""
    bounds = {"min": 0.0, "max": float("inf")}
    for part in text.split(","):
        found = re.fullmatch(r"(min|max):(\d+(?:\.\d+)?)([KMBT]?)", part.strip(), re.IGNORECASE)
        if not found:
            raise Refused(400, f'num_parameters is {text[:40]!r}: write it as "min:1M,max:2B"')
        bounds[found[1].lower()] = float(found[2]) * _SCALES[found[3].upper()]
    return bounds["min"], bounds["max"]


def _ordered(found: list[dict[str, Any]], sort: str, direction: str) -> list[dict[str, Any]]:
    """By one figure, the largest first unless direction is "1"; equal ones by id."""
    if sort not in SORTS:
        raise Refused(400, f"this Hub cannot sort by {sort!r}: choose one of {', '.join(SORTS)}")
    if direction not in ("-1", "1"):
        raise Refused(400, f"direction is {direction!r}: -1 (the largest first) or 1")
    by_id = sorted(found, key=lambda info: str(info["id"]))
    return sorted(by_id, key=lambda info: info.get(sort, 0), reverse=direction == "-1")


def shorten(kind: str, info: dict[str, Any], query: Query, whole: bool = False) -> dict[str, Any]:
    """What a query is told of a repository. whole: all of it, unless single properties are asked for."""
    if asked := query.get("expand"):
        if unknown := [name for name in asked if name not in EXPANDABLE[kind]]:
            raise Refused(400, f"this Hub cannot expand {unknown[0]!r}: choose among {', '.join(EXPANDABLE[kind])}")
        return {name: info[name] for name in ("_id", "id", *asked) if name in info}
    names = SHORT[kind] + (FULL if _true(query, "full") else [])
    names += ["cardData"] if _true(query, "cardData") or (kind != "models" and _true(query, "full")) else []
    names += ["config"] if _true(query, "config") else []
    return dict(info) if whole else {name: info[name] for name in names if name in info}


def _one(query: Query, name: str) -> str:
    return query.get(name, [""])[-1]


def _true(query: Query, name: str) -> bool:
    return _one(query, name).lower() in ("true", "1")


def _number(query: Query, name: str, default: int) -> int:
    text = _one(query, name)
    if text and not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise Refused(400, f"{name} is {text[:20]!r}, not a whole number")
    return int(text) if text else default
