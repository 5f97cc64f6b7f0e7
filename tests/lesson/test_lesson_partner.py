"""The scripted partner on conversations of every quality: what it heard, what it presses on, and that it never nods."""

from __future__ import annotations

from typing import Any

import pytest

from autograde.lesson.partner import LAST_CALL, PATIENCE, Partner

CALL = "I recommend that we stay with raw PyTorch for this year, because nothing about it slows us down."
COST = "Porting nine scripts would take two engineers about four weeks, and every old result has to be reproduced."
NAN = "When the loss turns NaN I put a breakpoint in the loop and print the gradient norm of each layer."
READ = "Four of our six engineers can read the loop today; afterwards only the new hire would know the trainer."
MOVE = "I think we should migrate the whole code base to the wrapper this summer."
GIVES = "The one thing I would like to have is checkpointing and multi-GPU support, but there is one GPU."
POINTS = ("the_call", "migration_cost", "debugging_nan", "who_can_read_it", "what_it_gives")

# name: [(turn, kind, what it covers, what is pressed on next)]
TRANSCRIPTS: dict[str, list[tuple[str, str, tuple[str, ...], str]]] = {
    "a strong student, point by point": [
        (CALL, "progress", ("the_call",), "migration_cost"),
        (COST, "progress", ("migration_cost",), "debugging_nan"),
        (NAN, "progress", ("debugging_nan",), "who_can_read_it"),
        (READ, "progress", ("who_can_read_it",), "what_it_gives"),
        (GIVES, "progress", ("what_it_gives",), ""),
    ],
    "phrases in place of reasons, each pressed on where it was said": [
        ("Lightning is better and saves a lot of time.", "vague", (), "the_call"),
        ("It is easy, it would take some time but it is quick.", "vague", (), "migration_cost"),
        ("It is harder to debug I think.", "vague", (), "debugging_nan"),
        ("It has less code and good features.", "vague", (), "what_it_gives"),
    ],
    "it depends, three times": [
        ("It depends on the team.", "it_depends", (), "the_call"),
        ("Well, both options have pros and cons.", "it_depends", (), "the_call"),
        ("It really depends.", "it_depends", (), "the_call"),
    ],
    "it depends, with a number and a reason, is an answer": [
        (
            "I would say it depends, but because porting takes us four weeks of work I recommend we stay.",
            "progress",
            ("the_call", "migration_cost"),
            "debugging_nan",
        ),
    ],
    "single words, until patience ends": [
        ("yes", "too_short", (), "the_call"),
        ("no", "too_short", (), "the_call"),
        ("ok", "too_short", (), "the_call"),
        ("sure", "too_short", (), "migration_cost"),
    ],
    "a terse call with its reason": [
        (
            "Stay with raw PyTorch. It does what our team asks of it every day.",
            "progress",
            ("the_call",),
            "migration_cost",
        ),
    ],
    "lunch": [
        ("Yesterday I cooked a pizza and watched a film about penguins.", "off_topic", (), "the_call"),
        ("My favourite football club won the match last night, it was great.", "off_topic", (), "the_call"),
    ],
    "anger": [
        ("This is stupid, I hate this exercise.", "hostile", (), "the_call"),
        ("I won't answer this.", "hostile", (), "the_call"),
    ],
    "anger with an argument is an argument": [
        (
            "Stupid question: of course I recommend that we keep our raw loop, we know it.",
            "progress",
            ("the_call",),
            "migration_cost",
        ),
    ],
    "questions back, pressed on where they point": [
        ("What do you think we should do?", "question_back", (), "the_call"),
        ("How long would the migration take?", "question_back", (), "migration_cost"),
        ("How do I debug a NaN?", "question_back", (), "debugging_nan"),
    ],
    "the same again": [
        (CALL, "progress", ("the_call",), "migration_cost"),
        (CALL, "repetition", (), "migration_cost"),
        (CALL.replace("this year", "this whole year"), "repetition", (), "migration_cost"),
    ],
    "catchwords in a row": [
        (
            "Migration cost weeks, NaN debugging gradient, read the loop, multi-GPU checkpointing logging, stay.",
            "vague",
            (),
            "debugging_nan",
        ),
    ],
    "the partner's and the page's own words": [
        ("Should we migrate our training code to Lightning or not, and why?", "echo", (), "the_call"),
        ("A new hire wants to migrate the code to Lightning to save time.", "echo", (), "the_call"),
        ("I need a decision that I can tell the team on Monday.", "echo", (), "the_call"),
    ],
    "a cost without a number, then the number alone": [
        (CALL, "progress", ("the_call",), "migration_cost"),
        (
            "The migration costs real effort from our engineers because every script is written differently.",
            "progress",
            ("migration_cost",),
            "migration_cost",
        ),
        ("Three weeks for two people.", "progress", ("migration_cost",), "debugging_nan"),
    ],
    "a number without what it is for": [
        (CALL, "progress", ("the_call",), "migration_cost"),
        ("Oh, about a month I guess.", "vague", (), "migration_cost"),
    ],
    "not knowing": [
        ("I have no idea how long the migration would take.", "vague", (), "migration_cost"),
        ("Honestly, I don't know what happens to a loss like that.", "not known", (), "debugging_nan"),
    ],
    "near a point without reaching it": [
        ("I am thinking about what happens at night when a loss goes wrong.", "go on", (), "debugging_nan"),
    ],
    "jumping to the last point first": [
        (
            "Every experiment is tracked in another spreadsheet, so what I want is proper logging.",
            "progress",
            ("what_it_gives",),
            "the_call",
        ),
    ],
    "more on a point that is covered": [
        (COST, "progress", ("migration_cost",), "the_call"),
        ("While we port for four weeks of work, the customers wait for their results.", "more", (), "the_call"),
    ],
    "changing sides": [
        (MOVE, "progress", ("the_call",), "who_can_read_it"),
        ("On reflection I recommend that we stay with what we have.", "turned", (), "migration_cost"),
    ],
    "everything at once, then the challenges": [
        (" ".join([CALL, COST, NAN, READ, GIVES]), "progress", POINTS, ""),
        ("The best argument is that the new hire is fast in it, and he learns our loop soon.", "no progress", (), ""),
        ("If we bought a second node I would look at it again with fresh eyes.", "no progress", (), ""),
        ("Anything else that you want to know?", "question_back", (), ""),
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_each_turn_is_understood_and_the_right_point_is_pressed(lab_toml: dict[str, Any], name: str) -> None:
    partner = Partner.of(lab_toml, lab_toml["rubric"])
    expected = TRANSCRIPTS[name]
    heard = [partner.hear(turn) for turn, *_ in expected]
    found = [(reply.kind, set(reply.covered), reply.press) for reply in heard]
    assert found == [(kind, set(covered), press) for _, kind, covered, press in expected]


@pytest.mark.parametrize("name", TRANSCRIPTS)
def test_the_same_turns_get_the_same_replies_and_no_reply_comes_twice(lab_toml: dict[str, Any], name: str) -> None:
    turns = [turn for turn, *_ in TRANSCRIPTS[name]]

    def talk() -> list[str]:
        partner = Partner.of(lab_toml, lab_toml["rubric"])
        return [partner.hear(turn).text for turn in turns]

    replies = talk()
    assert talk() == replies
    assert len(set(replies)) == len(replies)
    assert all(reply and "{" not in reply and "  " not in reply for reply in replies)


@pytest.fixture
def partner(lab_toml: dict[str, Any]) -> Partner:
    return Partner.of(lab_toml, lab_toml["rubric"])


def test_what_was_covered_is_acknowledged_in_the_students_own_words(partner: Partner) -> None:
    assert partner.hear(CALL).heard == (
        "“I recommend that we stay with raw PyTorch for this year, because nothing about it slows us down.” "
        "At least that is a position."
    )


def test_numbers_are_noticed_and_written_down(partner: Partner) -> None:
    partner.hear(CALL)
    assert partner.hear(COST).heard.endswith("I write down: nine scripts, two engineers and four weeks.")


def test_a_missing_number_is_asked_for_and_thanked_for_when_it_comes(partner: Partner) -> None:
    partner.hear("The migration costs real effort from our engineers because every script is written differently.")
    assert partner.replies[0].text == (
        "“The migration costs real effort from our engineers because every script is written differently.” "
        "That is a start. What is missing is a figure: weeks of work, and for how many people. A rough one will do, if "
        "you say how you got it."
    )
    assert partner.hear("Three weeks for two people.").heard == "I write down: Three weeks and two people."
    assert partner.standing["migration_cost"].amounts == ("Three weeks", "two people")


def test_it_depends_is_refused_in_the_partners_voice(partner: Partner) -> None:
    assert partner.hear("It depends on the team.").text == (
        "“It depends” is not a recommendation. Pick one, then tell me what would change your mind. "
        "Start with the call: do we migrate, yes or no?"
    )


def test_the_authors_own_lines_are_used_where_the_lab_has_some(lab_toml: dict[str, Any]) -> None:
    lab_toml["it_depends"] = ["Not in my office."]
    partner = Partner.of(lab_toml, lab_toml["rubric"])
    assert partner.hear("It depends on the team.").heard == "Not in my office."


def test_a_changed_side_is_noticed_with_both_sentences_and_the_last_one_counts(partner: Partner) -> None:
    partner.hear(MOVE)
    reply = partner.hear("On reflection I recommend that we stay with what we have.")
    assert reply.heard == (
        "Wait. Before, it was “I think we should migrate the whole code base to the wrapper this summer”. Now it is "
        "“On reflection I recommend that we stay with what we have”. I take the new one; your recommendation has to "
        "say why you changed."
    )
    assert partner.standing["the_call"].turn == 2


def test_everything_covered_closes_with_the_students_own_words_after_enough_exchanges(partner: Partner) -> None:
    replies = [partner.hear(turn) for turn in (CALL, COST, NAN, READ, GIVES)]
    assert [reply.done for reply in replies] == [False, False, False, False, True]
    assert replies[-1].question == (
        "What I take away: “I recommend that we stay with raw PyTorch for this year, because nothing about …”; "
        "“Porting nine scripts would take two engineers about four weeks, and every old result …”; "
        "“When the loss turns NaN I put a breakpoint in the loop and print …”; "
        "“Four of our six engineers can read the loop today; afterwards only the new …”. "
        "Good. We have a decision. Put it in writing."
    )
    assert (
        partner.hear("Thank you for your time, that was useful for me.").text
        == "We are done here. Write the recommendation."
    )


def test_one_long_perfect_turn_is_challenged_until_there_were_enough_exchanges(partner: Partner) -> None:
    first = partner.hear(" ".join([CALL, COST, NAN, READ, GIVES]))
    second = partner.hear("The best argument is speed, and I answer that we are not slow because of the loop.")
    third = partner.hear("Several GPUs would do it, because then the wrapper would save us real work.")
    assert [first.done, second.done, third.done] == [False, False, True]
    assert "strongest argument against your call" in first.question
    assert "six months" in second.question


def test_each_point_is_asked_for_in_new_words_and_given_up_in_the_end(partner: Partner) -> None:
    replies = [partner.hear(turn) for turn in ["no"] * (5 * LAST_CALL + 1)]
    presses = [reply.press for reply in replies if reply.press]
    assert {name: presses.count(name) for name in set(presses)} == {point.id: LAST_CALL for point in partner.points}
    assert all(presses[i : i + PATIENCE + 1] != [presses[i]] * (PATIENCE + 1) for i in range(len(presses) - 8))
    assert replies[-1].done
    assert replies[-1].question.startswith("I stop here. I still have no answer on the call and migration cost and ")


@pytest.mark.parametrize(
    "turn", ["", "   ", "...", "?", "😀", "a" * 50_000, "a. " * 20_000, "(((", "\\b{quote}{0}", "ja, natürlich!"]
)
def test_no_turn_is_too_odd_to_be_answered(partner: Partner, turn: str) -> None:
    assert partner.hear(turn).press == "the_call"
