"""Tables of answers: partial credit, and a message that lists the wrong entries."""

from __future__ import annotations

import pytest
import torch

from autograde import check

TABLE = {"shape": (4, 8), "bytes": 128, "dtype": torch.float32}


def test_each_lists_the_wrong_entries_and_not_the_right_answers(said):
    got = {"shape": (8, 4), "bytes": "many", "dtype": ...}
    assert said(check.each, got, TABLE) == (
        "demo: 0 of 3 entries are right. "
        "Not right: 'shape' (yours: (8, 4)), 'bytes' (yours: 'many', expected a number) and 'dtype' (no answer yet)."
    )
    assert said(check.each, got, TABLE, reveal=True) == (
        "demo: 0 of 3 entries are right. Not right: 'shape' (expected (4, 8), yours: (8, 4)), "
        "'bytes' (expected 128, yours: 'many') and 'dtype' (no answer yet)."
    )


def test_each_puts_an_entrys_hint_behind_it(session):
    hints = {"bytes": "how many bytes does a float32 take?", "shape": "which axis comes first?"}
    check.each({"shape": (4, 8), "bytes": 32, "type": 1}, TABLE, hint=hints)
    assert session.end().message == (
        "demo: 1 of 3 entries are right. Not right: 'bytes' (yours: 32): how many bytes does a float32 take? "
        "'dtype' (no answer yet). Not asked for: 'type'."
    )
    check.begin("demo")
    check.each([1, 2, 3], [1, 2, 4], hint="Do you count from 0?")
    assert session.end().message == ("demo: 2 of 3 entries are right. Not right: 2 (yours: 3). Do you count from 0?")


def test_each_of_an_untouched_table_is_not_attempted(said):
    for got in ({"shape": ..., "bytes": ...}, {}, ...):
        with pytest.raises(check.NotAttempted):
            check.each(got, TABLE)
    assert said(check.each, [1], TABLE) == "demo: expected a dict, your answer is a list."
    assert said(check.each, {"a": 1}, [1]) == "demo: expected a list, your answer is a dict."


def test_each_of_a_right_table_counts_as_one_check(session):
    check.each(TABLE, TABLE)
    assert session.end().message == "demo: 1 check passed"
