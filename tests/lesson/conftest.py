"""A small quiz and a small lab for the tests of this room, and seals that open fast."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.lesson import seal

LABS = Path(__file__).parent / "labs"

QUIZ = (Path(__file__).parent / "quizzes" / "two_questions.toml").read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def fast_seals(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Derive keys in microseconds: only test_lesson_seal asks how slow the real ones are."""
    monkeypatch.setattr(seal, "ROUNDS", 2)
    seal._key.cache_clear()
    yield
    seal._key.cache_clear()


@pytest.fixture
def quiz_source() -> str:
    """The text of an author's quiz."""
    return QUIZ


@pytest.fixture
def quiz_toml() -> dict[str, Any]:
    """An author's quiz: eager is b, zeroing is a."""
    return tomllib.loads(QUIZ)


@pytest.fixture
def lab_toml() -> dict[str, Any]:
    """An author's lab on the subject of the course's first lab."""
    return tomllib.loads((LABS / "migration.toml").read_text(encoding="utf-8"))
