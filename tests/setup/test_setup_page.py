"""docs/platforms.md speaks of the messages that there are."""

from __future__ import annotations

import re

import pytest
from setup_hosts import ROOT

PAGE = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
TABLE = PAGE.split("## Messages and mends")[1].split("\n## ")[0]
QUOTES = sorted({quote for row in TABLE.splitlines()[4:] for quote in re.findall(r"`([^`]+)`", row.split("|")[1])})
# What the operating system or the standard library says, inside one of our messages.
THEIRS = ("Connection refused", "timed out", "Name or service not known", "Compressed file ended before", "Not a gzip")


def ours() -> str:
    """The text of setup and of the first cell, adjoining string literals joined."""
    files = ("setup_colab.py", "autograde/authoring/header.py")
    text = "\n".join((ROOT / file).read_text(encoding="utf-8") for file in files)
    return re.sub(r"""["']\n\s*f?["']""", "", text)


@pytest.mark.parametrize("quote", QUOTES)
def test_a_message_of_the_page_is_a_message_of_the_code(quote):
    assert quote.startswith(THEIRS) or quote in ours()


def test_every_message_of_the_code_has_its_row():
    heads = (
        "has no lesson", "could not be fetched", "was refused", "disk is full", "nothing can be written", "RESTART",
        "could not be installed", "is too old", "cannot be loaded", "is not installed", "first kernel failed",
        "was not mounted", "was ignored", "kept copy is used", "There is no GPU",
    )  # fmt: skip
    assert [head for head in heads if head not in TABLE] == []
    assert [head for head in heads if head not in ours()] == []
