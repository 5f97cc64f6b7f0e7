"""A lab in the notebook: the whole conversation shown, turns of any shape understood, and nothing sent unasked."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from autograde import check, lesson
from autograde.lesson import kept_replies, place
from autograde.lesson import lab as lab_function
from autograde.lesson.lab import Lab, Line, seal_lab

CALL = "I recommend that we stay with raw PyTorch for this year, because nothing about it slows us down."


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No endpoint, no GPU, a folder of its own, and no replies from another test."""
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"MEASURE_FIRST_LLM_{name}", raising=False)
    monkeypatch.delenv("MEASURE_FIRST_PARTNER", raising=False)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.chdir(tmp_path)
    kept_replies._memory.clear()


@pytest.fixture
def lab(lab_toml: dict[str, Any]) -> Lab:
    return Lab(seal_lab(lab_toml))


def test_before_the_first_turn_the_partner_opens_and_the_page_says_how_to_answer(lab: Lab, capsys) -> None:
    lab.talk([])
    assert capsys.readouterr().out == (
        "Mara: I have ten minutes. Should we migrate our training code to Lightning or not, and why?\n\n"
        "Answer by adding your first turn to lab_9_turns, then run that cell and this one again.\n"
    )
    lab.talk(...)  # type: ignore[arg-type]
    assert capsys.readouterr().out.startswith("Mara: I have ten minutes.")


def test_the_whole_conversation_is_shown_with_the_partners_answers(lab: Lab, capsys) -> None:
    lab.talk([CALL])
    assert capsys.readouterr().out == (
        "Mara: I have ten minutes. Should we migrate our training code to Lightning or not, and why?\n\n"
        f"You: {CALL}\n\n"
        f"Mara: “{CALL}” At least that is a position. "
        "What does the migration cost us, and who pays with which weeks?\n\n"
        "1 of at least 3 exchanges. To go on, add your next turn to lab_9_turns and run both cells again.\n"
    )


def test_a_notebook_gets_html_in_which_nothing_of_the_student_is_live(lab: Lab, monkeypatch) -> None:
    shown: list[dict[str, str]] = []
    monkeypatch.setattr(place, "in_notebook", lambda: True)
    monkeypatch.setattr(place, "publish", lambda data, metadata=None: shown.append(data))
    lab.talk(["I recommend that we stay, <script>alert('x')</script> and `torch` stays **raw** for us & you."])
    [data] = shown
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"] and "<code>torch</code>" in data["text/html"]
    assert data["text/plain"].startswith("Mara: I have ten minutes.")


def test_turns_may_be_indented_and_empty_ones_do_not_count(lab: Lab) -> None:
    lines = lab.transcript([f"\n        {CALL}\n    ", "   "])
    assert lines[1] == Line("You", CALL)
    assert len(lines) == 3


@pytest.mark.parametrize("turns", ["one text", [1], {"a": "b"}, [CALL, None], 5])
def test_anything_else_than_a_list_of_texts_is_explained(lab: Lab, turns) -> None:
    with pytest.raises(lesson.LessonError) as raised:
        lab.talk(turns)
    assert str(raised.value) == ('lab_9_turns must be a list of texts: lab_9_turns = ["""first turn""", """second"""].')


def test_the_page_counts_turns_as_the_check_does_and_says_why_one_does_not_count(lab: Lab, capsys) -> None:
    turns = [CALL, "Four weeks.", CALL, lab.data["opening"]]
    lab.talk(turns)
    assert capsys.readouterr().out.endswith(
        "\n\n1 of at least 3 exchanges. Turn 2 does not count: it has 2 words, 12 are needed. "
        "Turn 3 does not count: it says nearly the same as turn 1. Turn 4 does not count: it repeats the partner's own "
        "words. To go on, add your next turn to lab_9_turns and run both cells again.\n"
    )
    with pytest.raises(check.CheckFailed, match="your conversation has 1 that counts"):
        check.exchanges(lab, turns)


def test_being_quoted_by_the_partner_makes_nobody_a_parrot(lab: Lab, capsys) -> None:
    """The partner repeats what it understood; the student's own sentence must still count as the student's."""
    turns = [
        CALL,
        "Porting nine scripts would take two engineers about four weeks, and every old result has to be reproduced.",
        "When the loss turns NaN I put a breakpoint in the loop and print the gradient norm of each layer.",
    ]
    assert all(turn.rstrip(".") in line.text for turn, line in zip(turns, lab.transcript(turns)[2::2], strict=True))
    check.exchanges(lab, turns)
    lab.talk(turns)
    assert "3 of at least 3 exchanges. To go on" in capsys.readouterr().out


def test_the_lab_file_is_read_as_built(lab_toml: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "lab_9.json").write_text(json.dumps(seal_lab(lab_toml)), encoding="utf-8")
    assert lab_function("lab_9.json").transcript([CALL]) == Lab(seal_lab(lab_toml)).transcript([CALL])
    (tmp_path / "lab_9.json").write_text("[]", encoding="utf-8")
    with pytest.raises(lesson.LessonError, match="lab_9.json is not a lab file"):
        lab_function("lab_9.json")


def test_a_damaged_rubric_is_said_and_not_guessed(lab_toml: dict[str, Any]) -> None:
    data = seal_lab(lab_toml)
    with pytest.raises(lesson.LessonError, match="^lab_9: the lab file is damaged "):
        Lab({**data, "rubric": data["rubric"][:-8]}).talk([CALL])


def test_an_unknown_partner_is_named(lab_toml: dict[str, Any]) -> None:
    with pytest.raises(lesson.LessonError) as raised:
        Lab(seal_lab(lab_toml), partner="gpt")
    assert str(raised.value) == (
        'lab_9: unknown partner \'gpt\': choose one of "auto", "scripted", "local", "endpoint".'
    )


def test_reading_a_lab_says_what_is_covered_for_whoever_grades(lab: Lab) -> None:
    assert lab.read([CALL]).standing["the_call"].status == "covered"


class Counting:
    """A speaker that answers with its number, or fails from the `fails`-th answer on."""

    name = "a counting model"

    def __init__(self, fails: int = 99) -> None:
        self.asked: list[list[dict[str, str]]] = []
        self.fails = fails

    def answer(self, messages) -> str:
        from autograde.lesson.speakers import SpeakerError

        if len(self.asked) + 1 >= self.fails:
            raise SpeakerError("out of words")
        self.asked.append(list(messages))
        return f"Mara: answer {len(self.asked)}"


def test_a_model_speaks_and_is_steered_by_what_the_scripted_partner_found(lab: Lab) -> None:
    lab._speaker = speaker = Counting()
    lines = lab.transcript([CALL, "Four weeks for two people, so about eight weeks of work in all, I think."])
    assert [line.text for line in lines if line.speaker == "Mara"][1:] == ["answer 1", "answer 2"]
    brief = speaker.asked[0][0]["content"]
    assert "You are Mara. Tech lead: opinionated" in brief
    assert f"along these lines: “{CALL}” At least that is a position." in brief
    assert "press on one point only: What the migration costs: weeks of work" in brief
    assert [message["role"] for message in speaker.asked[1]] == [
        "system",
        "user",
        "assistant",
        "user",
        "assistant",
        "user",
    ]


def test_running_the_cell_again_asks_the_model_only_about_what_is_new(lab: Lab, lab_toml, tmp_path: Path) -> None:
    lab._speaker = speaker = Counting()
    first = lab.transcript([CALL])
    kept_replies._memory.clear()  # a new kernel
    again = Lab(seal_lab(lab_toml), _speaker=speaker)
    assert again.transcript([CALL]) == first
    assert len(speaker.asked) == 1
    assert (tmp_path / ".measure_first" / "replies.json").is_file()
    assert len(again.transcript([CALL, "And a second turn that says something new about us."])) == 5
    assert len(speaker.asked) == 2
    again.transcript(["Another first turn, so that everything after it is new."])
    assert len(speaker.asked) == 3


def test_a_disk_that_cannot_be_written_only_costs_the_memory_of_the_next_kernel(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / ".measure_first").write_text("a file in the way", encoding="utf-8")
    lab._speaker = speaker = Counting()
    assert lab.transcript([CALL]) == lab.transcript([CALL])
    assert len(speaker.asked) == 1


def test_when_the_model_fails_half_way_the_scripted_partner_goes_on_and_says_so(lab: Lab, capsys) -> None:
    scripted = lab.transcript([CALL, "It depends on the team."])
    lab._speaker = Counting(fails=2)
    lab.talk([CALL, "It depends on the team."])
    shown = capsys.readouterr().out
    assert "Mara: answer 1\n" in shown
    assert scripted[-1].text in shown
    assert "(a counting model did not answer: out of words. The scripted partner goes on.)" in shown


def test_without_an_endpoint_asking_for_one_says_so(lab_toml, capsys, monkeypatch) -> None:
    Lab(seal_lab(lab_toml), partner="endpoint").talk([CALL])
    assert "(MEASURE_FIRST_LLM_URL is not set. The scripted partner speaks.)" in capsys.readouterr().out
    monkeypatch.setenv("MEASURE_FIRST_PARTNER", "parrot")
    Lab(seal_lab(lab_toml)).talk([CALL])
    assert "(MEASURE_FIRST_PARTNER is 'parrot', which is no partner." in capsys.readouterr().out
    monkeypatch.setenv("MEASURE_FIRST_PARTNER", "auto")
    monkeypatch.setenv("MEASURE_FIRST_LLM_URL", "file:///etc/passwd")
    Lab(seal_lab(lab_toml)).talk([CALL])
    assert "(MEASURE_FIRST_LLM_URL must begin with http:// or https://." in capsys.readouterr().out


def test_auto_takes_the_endpoint_then_a_model_where_there_is_a_gpu_then_the_script(lab_toml, monkeypatch) -> None:
    from autograde.lesson.speakers import Endpoint, LocalModel

    def chosen(**how: Any) -> Any:
        return Lab(seal_lab(lab_toml), **how)._choose_speaker()[0]

    assert chosen() is None
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(sys.modules["autograde.lesson.lab"], "broken", lambda device: "")
    assert isinstance(chosen(), LocalModel)
    assert chosen(partner="scripted") is None
    monkeypatch.setenv("MEASURE_FIRST_PARTNER", "scripted")
    assert chosen() is None
    monkeypatch.setenv("MEASURE_FIRST_PARTNER", "auto")
    monkeypatch.setenv("MEASURE_FIRST_LLM_URL", "http://localhost:1/v1")
    assert isinstance(chosen(), Endpoint)
    monkeypatch.setattr(sys.modules["autograde.lesson.lab"], "broken", lambda device: "its first kernel failed")
    monkeypatch.delenv("MEASURE_FIRST_LLM_URL")
    assert chosen() is None
