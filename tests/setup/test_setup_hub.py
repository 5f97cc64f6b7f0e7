"""Setup says which Hub a lesson works with, and decides it anew each time, unless a person has decided."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("device", "answers", "environ", "words", "after"),
    [
        ("cuda", True, {}, "the Hugging Face Hub (huggingface.co can be reached)", None),
        ("cuda", False, {}, "the course's own small Hub, because huggingface.co cannot be reached", "local"),
        ("cpu", True, {}, "the course's own small Hub, because there is no GPU", "local"),
        ("cpu", True, {"MEASURE_FIRST_HUB": "real"}, "the Hugging Face Hub, as MEASURE_FIRST_HUB says", "real"),
        (
            "cuda",
            True,
            {"MEASURE_FIRST_HUB": "local"},
            "the course's own small Hub, as MEASURE_FIRST_HUB says",
            "local",
        ),
        (
            "cpu",
            True,
            {"HF_ENDPOINT": "http://10.0.0.5:8090"},
            "the Hub at http://10.0.0.5:8090, as HF_ENDPOINT says",
            None,
        ),
        (
            "cuda",
            False,
            {"HF_ENDPOINT": "http://10.0.0.5:8090"},
            "the course's own small Hub, because 10.0.0.5 cannot be reached",
            "local",
        ),
    ],
)
def test_the_hub_follows_who_set_it_then_the_gpu_and_the_network(
    code, monkeypatch, device: str, answers: bool, environ: dict[str, str], words: str, after: str | None
) -> None:
    monkeypatch.setattr(code, "reached", lambda address: answers)
    known: MutableMapping[str, str] = dict(environ)
    assert code.find_hub("08_hub", device, known) == words
    assert known.get("MEASURE_FIRST_HUB") == after


def test_what_setup_decided_is_decided_anew_when_the_network_is_back(code, monkeypatch) -> None:
    environ: dict[str, str] = {}
    for answers, words in ((False, "cannot be reached"), (True, "can be reached"), (False, "cannot be reached")):
        monkeypatch.setattr(code, "reached", lambda address, answers=answers: answers)
        assert words in code.find_hub("11_workflow", "cuda", environ)
        assert ("MEASURE_FIRST_HUB" in environ) is not answers


def test_a_lesson_that_needs_no_hub_asks_no_network_and_says_nothing(run, code, monkeypatch, capsys) -> None:
    monkeypatch.setattr(code, "reached", lambda address: pytest.fail("the network was asked"))
    facts = run()
    assert facts.hub == "" and "  hub " not in capsys.readouterr().out


def test_the_summary_has_a_line_for_it(run, code, monkeypatch, capsys) -> None:
    monkeypatch.setattr(code, "HUB_LESSONS", ("00",))
    monkeypatch.setattr(code, "reached", lambda address: False)
    facts = run()
    assert "  hub        the course's own small Hub, because there is no GPU\n" in capsys.readouterr().out
    assert facts.hub == "the course's own small Hub, because there is no GPU"


def test_an_answer_and_a_silence_are_told_apart(code, host) -> None:
    assert code.reached(host.address)  # it answers 404
    assert not code.reached("http://127.0.0.1:9")
    assert not code.reached("no address")


def test_every_lesson_that_calls_for_a_hub_is_known_to_setup(code) -> None:
    texts = sorted((ROOT / "notebooks").glob("*.py"))
    callers = [text.name[:2] for text in texts if re.search(r"^\s*\w+ = lesson\.hub\(", text.read_text(), re.M)]
    assert set(callers) <= set(code.HUB_LESSONS)
