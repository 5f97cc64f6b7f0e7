"""Code spells it `optimizer`, as PyTorch does; the lessons' prose is British and says optimiser."""

import io
import re
import tokenize
from pathlib import Path

import pytest

from autograde.authoring.links import prose_lines
from autograde.authoring.text import read_lesson

ROOT = Path(__file__).parents[1]
CODE = re.compile(r"<code>.*?</code>")
FOLDERS = ("notebooks", "autograde", "tests/mutants")


def british_in_code(text: str) -> list[str]:
    """Names, and texts that are one word (keys of dicts), that are spelt with an s."""
    found = [
        token.string.strip("\"'")
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.NAME or (token.type == tokenize.STRING and token.string[1:-1].isidentifier())
    ]
    return [name for name in found if "optimis" in name.lower()]


def american_in_prose(markdown: str) -> list[str]:
    """The lines of a Markdown text that say optimizer outside code."""
    return [line for _, line in prose_lines(markdown) if re.search("optimiz", CODE.sub("", line), re.IGNORECASE)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_code_says_optimizer(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert {path.name: found for path in files if (found := british_in_code(path.read_text(encoding="utf-8")))} == {}


def test_prose_says_optimiser():
    said = {}
    for path in sorted((ROOT / "notebooks").glob("*.py")):
        cells = [cell.source for cell in read_lesson(path).cells if cell.kind in ("markdown", "written")]
        said[path.name] = [line for source in cells for line in american_in_prose(source)]
    for path in sorted((ROOT / "docs").glob("*.md")):
        said[path.name] = american_in_prose(path.read_text(encoding="utf-8"))
    assert {name: lines for name, lines in said.items() if lines} == {}


def test_the_spelling_is_seen_where_it_counts_and_nowhere_else():
    assert british_in_code('optimiser = {"optimiser": 1}  # the optimiser\nprint("no optimiser here")\n') == [
        "optimiser",
        "optimiser",
    ]
    assert american_in_prose("The optimizer.\n`optimizer.step()` <code>optimizer</code>\n```\noptimizer\n```\n") == [
        "The optimizer."
    ]
