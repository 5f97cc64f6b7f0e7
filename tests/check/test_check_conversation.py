"""Quizzes and labs."""
# ruff: noqa: E501  a turn is one line

from __future__ import annotations

from types import SimpleNamespace

import pytest
import torch

from autograde import check

QUIZ = SimpleNamespace(letters={"eager": ("a", "b", "c"), "share": ("a", "b")})


def test_a_quiz_with_every_question_answered_passes(said):
    assert said(check.answers, QUIZ, {"eager": "a", "share": " B "}) == ""


@pytest.mark.parametrize(
    ("got", "told"),
    [
        ({"eager": "a", "share": ""}, "expected 2 answers, yours has 1: still to do: share."),
        ({"eager": "a"}, "expected 2 answers, yours has 1: still to do: share."),
        ({"eager": "d", "share": "a"}, "expected one of the letters a, b and c for eager, your answer is 'd'."),
        ({"eager": "ab", "share": "a"}, "expected one of the letters a, b and c for eager, your answer is 'ab'."),
        ({"eager": 1, "share": "a"}, "expected one of the letters a, b and c for eager, your answer is 1."),
        ({"eagre": "a"}, "eagre is no question of this quiz. Its questions: eager and share."),
        (["a", "b"], 'expected a dict like {"question": "letter"}, your answer is a list.'),
        (None, 'expected a dict like {"question": "letter"}, your answer is None. Is there a return?'),
    ],
)
def test_answers_that_are_not_well_formed_are_told_apart(said, got, told):
    assert said(check.answers, QUIZ, got) == f"demo: {told}"


@pytest.mark.parametrize("got", [{"eager": "", "share": ""}, {"eager": ...}, {}, ...])
def test_an_untouched_quiz_is_not_attempted(got):
    with pytest.raises(check.NotAttempted):
        check.answers(QUIZ, got)


def test_the_key_gives_partial_credit_and_shows_no_letter(session):
    check.key({"eager": "A ", "share": "b"}, {"eager": "a", "share": "a"})
    outcome = session.end()
    assert (outcome.status, outcome.fraction) == ("partly", 0.5)
    assert outcome.message == "demo: 1 of 2 entries are right. Not right: 'share' (yours: 'b')."


def test_a_key_with_nothing_right_fails_and_with_nothing_answered_is_not_attempted(said):
    assert said(check.key, {"eager": "b", "share": ""}, {"eager": "a", "share": "a"}) == (
        "demo: 0 of 2 entries are right. Not right: 'eager' (yours: 'b') and 'share' (no answer yet)."
    )
    with pytest.raises(check.NotAttempted):
        check.key({"eager": "", "share": ""}, {"eager": "a", "share": "a"})
    assert said(check.key, None, {"eager": "a"}).startswith("demo: expected a dict like ")


LAB = SimpleNamespace(data={
    "opening": "So. The new hire wants to move all our training code over to Lightning. Your call, and your reasons?",
    "situation": "A start-up of twelve people trains small models on one machine and has no time to spare.",
})  # fmt: skip
TURNS = [
    "I would keep the raw loop for now, because all four of us can read it and debug it at night.",
    "Lightning gives us multi-GPU runs and checkpoints, and today we train on a single card with a ten-line saver.",
    "If a loss turns NaN at epoch three I want to see the line that made it, and not a hook three files away.",
]


def test_three_turns_that_say_something_pass(said):
    assert said(check.exchanges, LAB, TURNS) == ""
    assert said(check.exchanges, LAB, [*TURNS[:2], "Yes.", TURNS[2]]) == ""
    assert said(check.exchanges, LAB, TURNS[:1], at_least=1) == ""


def test_too_few_turns_that_count_ask_for_more(said):
    assert said(check.exchanges, LAB, TURNS[:2]) == (
        "demo: expected at least 3 turns that say something, your conversation has 2 that count. "
        "Go on: answer what the partner asked last."
    )


@pytest.mark.parametrize(
    ("turn", "reason"),
    [
        ("It depends.", "has 2 words, 12 are needed"),
        ("Yes", "has 1 word, 12 are needed"),
        ("", "has 0 words, 12 are needed"),
        ("no " * 20, "has only 1 different words"),
        (TURNS[0].upper(), "says nearly the same as turn 1"),
        ("Because all four of us can read it and debug it at night I would keep the raw loop.", "says nearly the same as turn 1"),
        ("The new hire wants to move all our training code over to Lightning, your call!", "repeats the partner's own words"),
        ("A start-up of twelve people trains small models on one machine, I think, yes.", "repeats the partner's own words"),
        (17, "is not a string but 17"),
    ],
)  # fmt: skip
def test_a_turn_that_does_not_count_is_named_with_the_reason(said, turn, reason):
    assert said(check.exchanges, LAB, [*TURNS[:2], turn]) == (
        f"demo: expected at least 3 turns that say something, your conversation has 2 that count. Turn 3 {reason}."
    )


def test_quoting_a_few_words_of_the_partner_is_no_echo(said):
    quoting = "You say the new hire wants to move all our training code: I would let them move one small model first and time it."
    assert said(check.exchanges, LAB, [*TURNS[:2], quoting]) == ""


def test_a_lab_that_knows_its_partners_replies_is_asked_for_them(said):
    reply = "And who of you can still read that loop when the two of you are on holiday in August?"
    lab = SimpleNamespace(partner_words=lambda turns: [reply] * len(turns))
    assert said(check.exchanges, lab, [*TURNS[:2], reply]).endswith("Turn 3 repeats the partner's own words.")
    assert said(check.exchanges, LAB, [*TURNS[:2], reply]) == ""


@pytest.mark.parametrize("turns", [[], ["", ""], [...], ...])
def test_a_conversation_that_never_began_is_not_attempted(turns):
    with pytest.raises(check.NotAttempted):
        check.exchanges(LAB, turns)


def test_something_else_than_a_list_of_turns_is_named(said):
    assert said(check.exchanges, LAB, "Hello there.") == (
        "demo: expected a list of turns, each a string, your answer is 'Hello there.' (a string)."
    )


def test_words_of_any_script_count(said):
    turns = ["Я бы пока оставил простой цикл, потому что мы все четверо умеем его читать и отлаживать."]
    assert said(check.exchanges, LAB, turns, at_least=1) == ""


class TwoQuestions:
    letters = {"first": ("a", "b"), "second": ("a", "b")}


@pytest.mark.parametrize("entry", [torch.arange(3.0).numpy(), torch.ones(3), ["a"], 1])
def test_an_entry_that_is_no_letter_is_said_and_not_stumbled_over(said, entry):
    got = {"first": entry, "second": "b"}
    assert said(check.answers, TwoQuestions(), got).startswith("demo: expected one of the letters a and b for first")
    assert said(check.key, {**got, "second": "a"}, {"first": "a", "second": "b"}) != ""
    assert said(check.exchanges, object(), [entry]).startswith("demo: expected at least 3 turns that say something")
