"""docs/writing-lessons.md says what is so: its lesson builds, and it explains every error that the tests provoke."""

import re
from pathlib import Path

import pytest
import test_authoring_rules
import test_authoring_shared_names
from sample_lesson import make_course, problems_of

PAGE = (Path(__file__).parents[2] / "docs" / "writing-lessons.md").read_text(encoding="utf-8")
ROOM = Path(__file__).parents[2] / "autograde" / "authoring"
ROWS = re.findall(r"(?m)^\| (.+?) \| .+ \|$", PAGE[PAGE.index("| the build says |") :])[2:]
PATTERNS = [re.compile(".*?".join(re.escape(part) for part in row.split("…"))) for row in ROWS]


def explained(what):
    return any(pattern.fullmatch(what) or pattern.match(what) for pattern in PATTERNS if pattern.pattern != ".*?")


def test_the_pages_lesson_passes_every_rule(tmp_path):
    lesson = re.search(r"<!-- test: lesson -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    assert lesson
    course = make_course(tmp_path, lesson[1])
    for file in (tmp_path / "notebooks").glob("*.toml"):
        file.unlink()
    assert [str(problem) for problem in problems_of(course)] == []


WHATS = {case[2] for case in test_authoring_rules.ONE_PROBLEM.values()}
WHATS |= {case[2] for case in test_authoring_shared_names.UNKNOWN}


@pytest.mark.parametrize("what", sorted(WHATS))
def test_every_error_is_explained(what):
    assert explained(what)


def test_every_row_is_an_error_that_the_code_can_give():
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(ROOM.glob("*.py")))
    code = re.sub(r"\s+", " ", code)
    code += re.sub(r"\{[^{}]*\}", "", code)  # an f-string's places, which the page writes as …
    for row, pattern in zip(ROWS, PATTERNS, strict=True):
        words = max((part.strip(" ,:…") for part in row.split("…")), key=len)
        provoked = any(pattern.match(what) for what in WHATS)
        assert provoked or words in code or words in ("question", "rubric"), f"no error says {row!r}"
