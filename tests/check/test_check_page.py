"""docs/checks.md: every word has an example, and every message on the page is what the example says."""

from __future__ import annotations

import inspect
import re

import checks_page
import pytest

from autograde import check

PAGE = checks_page.PAGE.read_text(encoding="utf-8")
EXAMPLES = checks_page.examples(PAGE)
WRITTEN_BY_THE_BUILD = {"begin", "end"}


@pytest.mark.parametrize("example", EXAMPLES, ids=[match["code"].splitlines()[-1][:40] for match in EXAMPLES])
def test_an_example_says_what_the_page_says(example):
    assert checks_page.told_by(example["code"]) == example["told"]


def test_the_comparison_can_fail():
    assert checks_page.told_by("check.equal(3, 5)\n") == "✗ demo: expected 5, your answer is 3.\n"
    assert checks_page.told_by("check.equal(5, 5)\n") == ""


def test_every_word_of_the_language_is_on_the_page():
    words = {name for name in check.__all__ if inspect.isfunction(getattr(check, name))} - {"active"}
    assert {word for word in words if not re.search(rf"\bcheck\.{word}\(", PAGE)} == set()
    headings = {word for line in re.findall(r"^### (.*)$", PAGE, re.MULTILINE) for word in line.split(" and ")}
    without = words - headings - WRITTEN_BY_THE_BUILD - {"record", "using"}
    assert without == set()


def test_the_tables_links_lead_to_headings():
    anchors = {line.lower().replace(" ", "-") for line in re.findall(r"^#+ (.*)$", PAGE, re.MULTILINE)}
    assert set(re.findall(r"\]\(#([^)]*)\)", PAGE)) - anchors == set()


def test_the_signatures_on_the_page_are_those_of_the_code():
    for word, arguments in re.findall(r"^`(\w+)\((.*?)\)`", PAGE, re.MULTILINE):
        told = [part.strip().split("=")[0] for part in arguments.split(", ")]
        real = inspect.signature(getattr(check, word)).parameters.values()
        names = [("*" if p.kind is p.VAR_POSITIONAL else "") + p.name for p in real if p.name not in ("of", "hint")]
        assert [name for name in told if name != "*"] == names, word
