"""A small quiz and a small lab for the tests of this room, and seals that open fast."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from autograde.lesson import seal

LABS = Path(__file__).parent / "labs"

QUIZ = """
id = "quiz_9"
title = "A quiz of two questions"

[[question]]
id = "eager"
text = "When does PyTorch run `x + y`?"

[[question.option]]
letter = "a"
text = "When the **graph** has been compiled."
feedback = "That is define-and-run: the line only describes the sum."

[[question.option]]
letter = "b"
text = "When Python reaches the line."
right = true
feedback = "Yes: define-by-run. An error points at <this> line."

[[question.option]]
letter = "c"
text = "When `backward()` asks for it."
feedback = "`backward()` needs the value, so it must be there before."

[[question]]
id = "zeroing"
text = "Why `zero_grad()`?"

[[question.option]]
letter = "a"
text = "Because gradients add up."
right = true
feedback = "Right, and sometimes you want that."

[[question.option]]
letter = "b"
text = "To save memory."
feedback = "It saves some, but that is not why."

[[question.option]]
letter = "c"
text = "It is a habit."
feedback = "A habit with a reason."
"""


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
