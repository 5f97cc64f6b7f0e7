"""Replies of language models, kept so that running a cell again neither generates nor pays for them again.

A reply is kept under a hash of everything that led to it (who speaks, the brief, the whole conversation), in memory and
in `.measure_first/replies.json` in the working directory. It holds what the partner said, and no key.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from autograde.lesson.speakers import Message

_memory: dict[str, str] = {}


def _path() -> Path:
    return Path.cwd() / ".measure_first" / "replies.json"


def _key(speaker: str, messages: Sequence[Message]) -> str:
    return hashlib.sha256(json.dumps([speaker, list(messages)], sort_keys=True).encode()).hexdigest()


def recall(speaker: str, messages: Sequence[Message]) -> str | None:
    """The reply that was given to exactly these messages, or None."""
    key = _key(speaker, messages)
    if key not in _memory:
        _memory.update(_read())
    return _memory.get(key)


def keep(speaker: str, messages: Sequence[Message], reply: str) -> None:
    """Keep a reply. A disk that cannot be written only means that it is forgotten with the kernel."""
    _memory[_key(speaker, messages)] = reply
    path = _path()
    try:
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(_read() | {_key(speaker, messages): reply}, indent=0), encoding="utf-8")
        fresh.replace(path)
    except OSError:
        pass


def _read() -> dict[str, str]:
    try:
        data = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(reply) for key, reply in data.items()} if isinstance(data, dict) else {}
