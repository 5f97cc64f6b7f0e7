"""Every rule of a lesson's text, asked at once: what is wrong, where, and the mend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from autograde.authoring.cell_rules import CODE, code_problems, syntax_problems
from autograde.authoring.facts import Fact, facts_in_code, used_facts
from autograde.authoring.links import links_in, text_problems
from autograde.authoring.markers import marker_problems, solution_problems
from autograde.authoring.name_rules import name_problems
from autograde.authoring.problems import Problem
from autograde.authoring.spoilers import spoiler_problems
from autograde.authoring.text import UNFOLDED, LessonText, TextCell, shown
from autograde.course import Course

NAME = re.compile(r"(?!.*__)[a-z][a-z0-9_]{0,39}")
RESERVED = re.compile(r"setup|settings|(fixture|check|demo|prose)_.*")
WORTH_POINTS = ("check", "written", *UNFOLDED)
ASKS = ("exercise", "written", *UNFOLDED)  # kinds whose name is the student's to answer


def lesson_problems(
    course: Course, lesson: LessonText, expanded: Sequence[TextCell], facts: dict[str, Fact]
) -> list[Problem]:
    """Every problem of a lesson's text, in the order of its lines. `expanded`: its cells, quizzes and labs unfolded."""
    found = [*lesson.problems, *_header_rules(lesson), *_check_rules(lesson), *_frame_rules(lesson)]
    parses = True
    for cell in expanded:
        markers = list(marker_problems(lesson, cell))
        syntax = [] if markers or cell.kind not in CODE else list(syntax_problems(lesson, cell))
        found += markers + syntax
        parses = parses and not markers and not syntax
        if cell.kind in CODE and not markers and not syntax:
            found += code_problems(lesson, cell, generated=cell not in lesson.cells)
            found += code_fact_problems(lesson, cell, facts)
        if cell.kind == "exercise" and not markers and not syntax:
            found += solution_problems(lesson, cell)
        if cell.kind in ("markdown", "written"):
            found += _prose_rules(course, lesson, cell, facts)
    if parses:
        found += name_problems(lesson, expanded)
        found += spoiler_problems(lesson, expanded)
    return sorted(set(found))


def _header_rules(lesson: LessonText) -> Iterator[Problem]:
    """Names and points, one header at a time."""
    for cell in lesson.cells:
        name = cell.name
        if name is not None and not NAME.fullmatch(name):
            mend = "use small letters, digits and single underscores, a letter first, 40 characters at most"
            yield lesson.problem(cell.line, f"{cell.kind} name {name!r} cannot be used", mend)
        elif name is not None and cell.kind in ASKS and RESERVED.fullmatch(name):
            yield lesson.problem(
                cell.line, f"{cell.kind} name {name!r} is one of the build's own", "choose another name"
            )
        if cell.part is not None and not NAME.fullmatch(cell.part):
            yield lesson.problem(cell.line, f"part name {cell.part!r} cannot be used", 'write part="gradients"')
        if cell.kind in WORTH_POINTS and not (cell.points or 0) > 0:
            what = f"{cell.kind} {name!r} has no points" if cell.points is None else f"points={cell.points:g}"
            yield lesson.problem(cell.line, what, "write points=2, a number above 0, in its header")
        if cell.kind not in WORTH_POINTS and cell.points is not None:
            what = f"points in the header of {cell.kind} {name!r}" if name else f"points in a {cell.kind} header"
            yield lesson.problem(cell.line, what, "points belong to the check: move them there")
        if cell.kind != "check" and (cell.part or cell.requires):
            yield lesson.problem(cell.line, f"part and requires belong to checks, not to a {cell.kind}", "move them")


def _check_rules(lesson: LessonText) -> Iterator[Problem]:
    """Exercises and checks belong together, and every name is used once."""
    asked: dict[str, TextCell] = {}
    for cell in lesson.cells:
        if cell.kind in ASKS:
            first = asked.setdefault(str(cell.name), cell)
            if first is not cell:
                what = f"{cell.kind} {cell.name!r}: the name is taken by the {first.kind} at line {first.line}"
                yield lesson.problem(cell.line, what, "rename one of them, its checks and its mutants")
    checks: dict[str, TextCell] = {}
    for cell in (cell for cell in lesson.cells if cell.kind == "check"):
        first = checks.setdefault(str(cell.grade_id), cell)
        if first is not cell:
            what = f"check {cell.grade_id!r} is there twice (first at line {first.line})"
            yield lesson.problem(cell.line, what, 'give each check of an exercise its own part="…"')
        yield from _check_belongs(lesson, cell, asked)
    checked = {cell.name for cell in lesson.cells if cell.kind == "check"}
    for cell in lesson.cells:
        if cell.kind == "exercise" and cell.name not in checked:
            mend = f'add a cell `# %% check="{cell.name}" points=2` below it'
            yield lesson.problem(cell.line, f"exercise {cell.name!r} has no check", mend)
        if cell.kind == "exercise" and cell.source.split("\n")[0].strip() != f"# exercise: {cell.name}":
            what = f"the first line of exercise {cell.name!r} does not name it"
            yield lesson.problem(cell.source_line, what, f'write "# exercise: {cell.name}" as its first line')


def _check_belongs(lesson: LessonText, cell: TextCell, asked: dict[str, TextCell]) -> Iterator[Problem]:
    """A check names an exercise that stands above it; so does what it requires."""
    for name, role in [(str(cell.name), "checks"), *((name, "requires") for name in cell.requires)]:
        exercise = asked.get(name)
        if exercise is None or exercise.kind == "written":
            known = ", ".join(key for key, one in asked.items() if one.kind == "exercise") or "none yet"
            what = f"this check {role} {name!r}, and there is no such exercise"
            yield lesson.problem(cell.line, what, f"name one of the lesson's exercises ({known})")
        elif exercise.line > cell.line:
            what = f"this check {role} {name!r}, which comes only at line {exercise.line}"
            yield lesson.problem(cell.line, what, "move the check below the exercise")
        elif role == "checks" and exercise.kind in UNFOLDED:
            yield lesson.problem(cell.line, f"the build writes the check of {exercise.kind} {name!r}", "take it out")


def _frame_rules(lesson: LessonText) -> Iterator[Problem]:
    """How a lesson begins and ends."""
    if not lesson.cells:
        yield lesson.problem(1, "the lesson has no cells", "begin with `# %% [markdown]` and the story")
        return
    first, last = lesson.cells[0], lesson.cells[-1]
    if first.kind != "markdown":
        yield lesson.problem(first.line, "the lesson does not begin with prose", "begin with `# %% [markdown]`")
    wanted = f'lesson.hand_in("{lesson.key}")'
    if last.kind != "demo" or wanted not in last.source.replace("'", '"'):
        what = "the last cell does not check the notebook before it is handed in"
        yield lesson.problem(last.line, what, f'end with a cell `# %% tags=["demo"]` that holds {wanted}')
    fixtures = [cell for cell in lesson.cells if cell.kind == "fixture"]
    if not any("lesson.start(" in cell.source for cell in fixtures):
        mend = "import check and lesson in the first fixture, then settings = lesson.start(DEVICE, SCALE, SEED)"
        yield lesson.problem(first.line, "no fixture starts the lesson", mend)


def _prose_rules(course: Course, lesson: LessonText, cell: TextCell, facts: dict[str, Fact]) -> Iterator[Problem]:
    """Links, pictures and facts of a Markdown cell."""
    where = shown(lesson.path)
    yield from text_problems(course.root, ".", where, cell.source, cell.source_line)
    for link in links_in(cell.source):
        if text := re.match(r"/?notebooks/(\w+)\.", link.target):
            what = f"link {link.target!r}: solutions and hidden tests stand there"
            yield lesson.problem(cell.source_line + link.line, what, f"write release/{text[1]}/{text[1]}.ipynb")
    for number, name in used_facts(cell.source):
        if name not in facts:
            known = ", ".join(sorted(facts)) or "it is empty"
            what = f"no fact {name!r} in data/facts.toml"
            yield lesson.problem(cell.source_line + number, what, f"add a [{name}] table there, or use one of: {known}")


def code_fact_problems(lesson: LessonText, cell: TextCell, facts: dict[str, Fact]) -> Iterator[Problem]:
    """Facts that a code cell asks for and that are not there, or no numbers."""
    for number, name in facts_in_code(cell.source):
        at = cell.source_line + number
        if name not in facts:
            yield lesson.problem(at, f"no fact {name!r} in data/facts.toml", f"add a [{name}] table there")
        elif facts[name].number is None:
            yield lesson.problem(at, f"the fact {name!r} is no number", f"write number = … in its table [{name}]")
