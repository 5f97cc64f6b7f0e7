"""A lesson's text (notebooks/NN_name.py, Jupytext's percent format) as a list of cells that know kind and line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.authoring.problems import Problem
from autograde.course import CourseError

# Kinds that a header names by key: `# %% exercise="split_heads"`. The others are named by a tag or by [markdown].
NAMED = ("exercise", "check", "written", "quiz", "lab", "exam")
UNFOLDED = ("quiz", "lab", "exam")  # kinds that stand for several cells, with a TOML file of their own
TAGGED = ("fixture", "demo")
_HEADER_KEYS = {*NAMED, "points", "part", "requires", "tags"}
_HEADER = re.compile(r"^\s*#\s*%%(\s|$)")  # what Jupytext takes for the start of a cell
# What str.splitlines takes for the end of a line besides the ends that every editor shows.
_ODD_LINE_END = re.compile("[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# comment_magics=False: otherwise Jupytext turns a comment such as "# copy the weights" into the shell command "copy".
_PERCENT = {"extension": ".py", "format_name": "percent", "comment_magics": False}


@dataclass(frozen=True)
class TextCell:
    """One cell of a lesson's text. `line`: its `# %%` header's, counted from 1; `source_line`: its source's first."""

    kind: str
    name: str | None
    part: str | None
    points: float | None
    requires: list[str]
    tags: list[str]
    source: str
    line: int
    source_line: int = 0

    @property
    def grade_id(self) -> str | None:
        """nbgrader's name of a graded cell: `split_heads`, `check_split_heads`, `check_split_heads__gradients`."""
        if self.kind != "check":
            return self.name
        return f"check_{self.name}" + (f"__{self.part}" if self.part else "")


@dataclass(frozen=True)
class LessonText:
    """A lesson as read: `problems` holds what is wrong with the headers (the rules add theirs)."""

    key: str
    path: Path
    cells: list[TextCell]
    problems: list[Problem] = field(default_factory=list)

    def problem(self, line: int, what: str, mend: str) -> Problem:
        """A problem at this line of this lesson's text."""
        return Problem(shown(self.path), line, what, mend)


def shown(path: Path) -> str:
    """The path as errors name it: from the course's root on (`notebooks/01_tensors.py`)."""
    return "/".join(path.parts[-2:])


def read_lesson(path: str | Path) -> LessonText:
    """Read a lesson's text; headers that make no sense end up in `.problems`. Raises CourseError without a file."""
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(f"{shown(path)}: cannot be read: {error}") from error
    lesson = LessonText(path.stem, path, [])
    lesson.problems.extend(_odd_line_ends(lesson, text))
    text = _ODD_LINE_END.sub(" ", text)  # so that the lines of what follows are the editor's lines
    for line, cell in zip(_header_lines(text), _jupytext_cells(text), strict=True):
        if cell.cell_type == "raw":  # Jupytext's own YAML header, if somebody's editor wrote one
            continue
        lesson.cells.append(_text_cell(lesson, cell, line))
    return lesson


def _odd_line_ends(lesson: LessonText, text: str) -> list[Problem]:
    """Characters at which Jupytext would begin a new line, in the middle of a string or comment."""
    mend = "take it out, or write it as an escape in a string"
    return [
        lesson.problem(
            text.count("\n", 0, found.start()) + 1, f"the character U+{ord(found[0]):04X} would end the line here", mend
        )
        for found in _ODD_LINE_END.finditer(text)
    ]


def _jupytext_cells(text: str) -> list[Any]:
    import jupytext  # takes 0.5 s to load: only when there is something to read

    return list(jupytext.reads(text, fmt=_PERCENT).cells)


def _header_lines(text: str) -> list[int]:
    """The line of each cell's header. Jupytext does not report lines, so each header is made to carry its own."""
    lines = text.splitlines()
    numbered = [f"{line} header_line={n}" if _HEADER.match(line) else line for n, line in enumerate(lines, start=1)]
    return [cell.metadata.get("header_line", 1) for cell in _jupytext_cells("\n".join(numbered))]


def _text_cell(lesson: LessonText, cell: Any, line: int) -> TextCell:
    """One of Jupytext's cells as ours; what is odd about its header is added to the lesson's problems."""
    meta = {key: value for key, value in cell.metadata.items() if key != "lines_to_next_cell"}
    tags = [str(tag) for tag in meta.get("tags", [])] if isinstance(meta.get("tags", []), list) else []
    kinds = [key for key in NAMED if key in meta] + [tag for tag in TAGGED if tag in tags]
    if not kinds and cell.cell_type == "markdown":
        kinds = ["markdown"]
    lesson.problems.extend(_header_problems(lesson, meta, kinds, line))
    kind = kinds[0] if kinds else "demo"
    source = _written(cell) if kind == "written" else cell.source
    points = meta.get("points")
    return TextCell(
        kind=kind,
        name=str(meta[kind]) if kind in NAMED else None,
        part=str(meta["part"]) if "part" in meta else None,
        points=float(points) if isinstance(points, int | float) and not isinstance(points, bool) else None,
        requires=_names(meta.get("requires", [])),
        tags=tags,
        source=source.strip("\n"),
        line=line,
        source_line=line + 1 + len(source) - len(source.lstrip("\n")),
    )


def _header_problems(lesson: LessonText, meta: dict[str, Any], kinds: list[str], line: int) -> list[Problem]:
    """What cannot be understood in one `# %%` line."""
    found = []
    if not kinds:
        found.append(
            lesson.problem(
                line,
                "this code cell does not say what it is",
                'put tags=["fixture"], tags=["demo"], exercise="name" or check="name" points=1 on its `# %%` line',
            )
        )
    if len(kinds) > 1:
        found.append(
            lesson.problem(line, f"this cell says that it is {' and '.join(kinds)}", "keep one of them in the header")
        )
    for key in sorted(set(meta) - _HEADER_KEYS):
        word = meta[key] if key in ("title", "cell_name") else key
        found.append(
            lesson.problem(
                line,
                f"{word!r} in the header is not understood",
                'headers read `# %% check="name" points=2 part="gradients"`: quotes around names, no space around =',
            )
        )
    return found


def _names(value: Any) -> list[str]:
    """`"a, b"`, `"a"` or `["a", "b"]` as a list of names."""
    if isinstance(value, str):
        return value.replace(",", " ").split()
    return [str(name) for name in value] if isinstance(value, list) else []


def _written(cell: Any) -> str:
    """A written answer's Markdown: without [markdown] in the header its comment marks are still on."""
    source = cell.source
    if cell.cell_type != "markdown":
        source = "\n".join(re.sub(r"^#(?!#) ?", "", line) for line in source.split("\n"))
    # Jupytext takes a "# " off "### BEGIN SOLUTION" in a [markdown] cell.
    return re.sub(r"(?m)^#{1,3} (BEGIN|END) SOLUTION$", r"### \1 SOLUTION", source)
