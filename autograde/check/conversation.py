"""Quizzes and labs: answers that are well-formed and right, and turns of a conversation that say something."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograde.check.describe import listed, short
from autograde.check.failure import NotAttempted, Problem, settle
from autograde.check.session import active
from autograde.check.shapes import wrong_kind
from autograde.check.tables import each

WORDS_A_TURN = 12
DIFFERENT_WORDS = 8  # of those
REPEATED = 0.8  # share of a turn's words that an earlier turn has too, and the other way round
ECHOED = 0.6  # share of a turn's runs of four words that the partner has said
RUN = 4


def answers(quiz: Any, got: Any, *, of: str | None = None, hint: str | None = None) -> None:
    """Every question of the quiz has an answer that is one of its letters: `got` is {"question": "letter"}.

    quiz: lesson.quiz(…), or anything with `letters`, {question: letters}. Whether they are right is for key().
    """
    if not isinstance(got, Mapping):
        settle(wrong_kind(got, 'a dict like {"question": "letter"}'), of=of, hint=hint)
        return
    letters: dict[str, Any] = dict(quiz.letters)
    if all(is_blank(letter) for letter in got.values()):
        raise NotAttempted()
    blank = [name for name in letters if is_blank(got.get(name))]
    unknown = [str(name) for name in got if name not in letters]
    bad = [name for name in letters if name not in blank and not is_letter(got[name], letters[name])]
    problem = None
    if unknown:
        problem = Problem(f"{listed(unknown)} is no question of this quiz. Its questions: {listed(list(letters), 99)}.")
    elif bad:
        options = listed(list(letters[bad[0]]))
        problem = Problem(f"expected one of the letters {options} for {bad[0]}, your answer is {short(got[bad[0]])}.")
    elif blank:
        done = len(letters) - len(blank)
        problem = Problem(f"expected {len(letters)} answers, yours has {done}: still to do: {listed(blank, 99)}.")
    settle(problem, of=of, hint=hint)


def is_blank(entry: Any) -> bool:
    """An entry as the release leaves it. Told by its kind: == of an array has no one truth."""
    return entry is None or entry is ... or (isinstance(entry, str) and not entry)


def is_letter(entry: Any, letters: Any) -> bool:
    """One of a question's letters."""
    return isinstance(entry, str) and tidy(entry) in letters


def tidy(letter: Any) -> Any:
    """A letter as the quiz file writes it."""
    return str.lower(str.strip(letter)) if isinstance(letter, str) else letter  # str's own: a subclass may lie


def key(
    got: Any, expected: Mapping[str, str], *, of: str | None = None, hint: str | Mapping[str, str] | None = None
) -> None:
    """The letters are right; partial credit by question. The message names the questions, not the letters.

    The outcome's `sheet` keeps the answers, for the statistics of the items.
    """
    if not isinstance(got, Mapping):
        settle(wrong_kind(got, 'a dict like {"question": "letter"}'), of=of)
        return
    blank = {name: ... if is_blank(letter) else tidy(letter) for name, letter in got.items()}
    wanted = {name: tidy(letter) for name, letter in expected.items()}
    cell = active().cell
    if cell is not None:
        cell.sheet = {"items": [_chosen(name, blank.get(name, ...), letter) for name, letter in wanted.items()]}
    each(blank, wanted, of=of, hint=hint)


def _chosen(name: str, letter: Any, right: str) -> dict[str, Any]:
    """One question for the item statistics, as plain data: anything but a text of one letter is no option."""
    option = letter if isinstance(letter, str) and len(letter) == 1 else ""
    return {"item": name, "variant": "", "option": option, "right": option == right}


def exchanges(lab: Any, turns: Any, *, at_least: int = 3, of: str | None = None, hint: str | None = None) -> None:
    """At least `at_least` of the student's turns count, as an exchange that says something.

    A turn counts with twelve words or more, eight of them different; that are not nearly those of an earlier turn (four
    of five words the same); and that are not the partner's own (most runs of four words said by the partner before).
    lab: lesson.lab(…); what its partner says is `partner_words(turns)`, or else the `opening` and `situation` of its
    `data`. The message says which turn does not count, and why. Raises CheckFailed.
    """
    if isinstance(turns, (list, tuple)) and all(is_blank(turn) for turn in turns):
        raise NotAttempted()
    if not isinstance(turns, (list, tuple)):
        settle(wrong_kind(turns, "a list of turns, each a string"), of=of, hint=hint)
        return
    partner = partner_words(lab, turns)
    reasons = [why_not(turns, i, partner) for i in range(len(turns))]
    counted = reasons.count("")
    problem = None
    if counted < at_least:
        yours = "1 that counts" if counted == 1 else f"{counted} that count"
        text = f"expected at least {at_least} turns that say something, your conversation has {yours}."
        told = [f"Turn {i + 1} {reason}." for i, reason in enumerate(reasons) if reason]
        told = told or ["Go on: answer what the partner asked last."]
        problem = Problem(" ".join([text, *told[:5]]))
    settle(problem, of=of, hint=hint)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters; a number is a word."""
    return re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*", text.lower())


def why_not(turns: Sequence[Any], i: int, partner: list[str]) -> str:
    """Why turn i does not count; an empty text if it does."""
    turn = turns[i]
    if not isinstance(turn, str):
        return f"is not a string but {short(turn, 20)}"
    words = words_of(turn)
    if len(words) < WORDS_A_TURN:
        return f"has {len(words)} {'word' if len(words) == 1 else 'words'}, {WORDS_A_TURN} are needed"
    if len(set(words)) < DIFFERENT_WORDS:
        return f"has only {len(set(words))} different words"
    for k in range(i):
        if isinstance(turns[k], str) and alike(words, words_of(turns[k])):
            return f"says nearly the same as turn {k + 1}"
    if echo(words, partner):
        return "repeats the partner's own words"
    return ""


def alike(a: list[str], b: list[str]) -> bool:
    """Do two turns have nearly the same words?"""
    both = len(set(a) & set(b))
    return bool(a and b) and both >= REPEATED * max(len(set(a)), len(set(b)))


def runs_of(words: list[str]) -> set[tuple[str, ...]]:
    """All runs of four words in a row."""
    return {tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def echo(words: list[str], partner: list[str]) -> bool:
    """Are most of the turn's runs of words the partner's?"""
    mine = runs_of(words)
    said = set().union(*(runs_of(words_of(text)) for text in partner)) if partner else set()
    return len(mine & said) >= ECHOED * len(mine)


def partner_words(lab: Any, turns: Sequence[Any]) -> list[str]:
    """What the partner says in this conversation, as far as the lab tells."""
    tell = getattr(lab, "partner_words", None)
    if callable(tell):
        return [str(text) for text in tell([turn for turn in turns if isinstance(turn, str)])]
    data = getattr(lab, "data", lab)
    return [str(data[name]) for name in ("opening", "situation") if isinstance(data, Mapping) and name in data]
