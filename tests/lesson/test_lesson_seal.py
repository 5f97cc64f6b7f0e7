"""Sealed text: opens with its key only, looks the same every time, and costs something to open."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde.lesson import seal as room
from autograde.lesson.seal import SealError, seal, sealed_bytes, unseal


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=300), st.text(max_size=20), st.integers(0, 500))
def test_any_text_comes_back_under_its_own_key(text: str, key: str, size: int) -> None:
    try:
        text.encode("utf-8"), key.encode("utf-8")
    except UnicodeEncodeError:
        return
    assert unseal(seal(text, key, size), key) == text


def test_the_same_text_seals_to_the_same_characters_and_a_changed_one_shares_nothing() -> None:
    one, again, other = seal("because a", "k"), seal("because a", "k"), seal("because b", "k")
    assert one == again
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) / 4


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(SealError, match="^the key does not fit, or the sealed text is damaged$"):
        unseal(seal("secret", "quiz/q/a"), "quiz/q/b")


@pytest.mark.parametrize("damage", [lambda s: s[:-8], lambda s: "A" + s[1:], lambda s: "", lambda s: "no base64!"])
def test_damaged_text_is_refused_and_not_misread(damage) -> None:
    with pytest.raises(SealError):
        unseal(damage(seal("secret", "key")), "key")


def test_texts_sealed_with_one_size_have_one_length() -> None:
    short, long = "no", "a much longer explanation " * 20
    size = sealed_bytes(long)
    assert len(seal(short, "k1", size)) == len(seal(long, "k2", size))
    assert len(seal(short, "k1")) != len(seal(long, "k2"))  # the twin: without a size the length tells


def test_nothing_of_the_text_can_be_read_in_the_seal() -> None:
    assert "migrat" not in seal("migrate " * 30, "k")


def test_a_key_costs_tens_of_milliseconds_the_first_time_and_nothing_the_second(monkeypatch) -> None:
    monkeypatch.undo()  # the real number of rounds
    room._key.cache_clear()
    begin = time.perf_counter()
    sealed = seal("text", "a key nobody used before")
    slow = time.perf_counter() - begin
    begin = time.perf_counter()
    unseal(sealed, "a key nobody used before")
    fast = time.perf_counter() - begin
    assert room.ROUNDS >= 200_000
    assert 0.02 < slow < 2.0
    assert fast < slow / 5
