"""Candidates: answers in files, wrong or right, and whether the checks said of them what their headers promise."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograde.authoring.run_cells import CellOutcome, about
from autograde.course import CourseError, read_text

MUTANTS_AT_LEAST, VARIANTS_AT_LEAST = 3, 1
HEADER = re.compile(r"#\s*(mistake|caught|says|why):\s*(.*)")


@dataclass(frozen=True)
class Candidate:
    """One answer to one exercise: a mutant (must fail) or a variant (must pass)."""

    exercise: str
    name: str
    path: Path
    source: str
    right: bool
    caught: tuple[str, ...] = ()
    says: str = ""
    about: str = ""


@dataclass
class Verdict:
    """What happened to a candidate: `problem` is empty when it went as it should."""

    candidate: Candidate
    outcomes: list[CellOutcome] = field(default_factory=list)
    problem: str = ""

    @property
    def killers(self) -> list[str]:
        """The checks that did not give full marks."""
        return [outcome.check for outcome in self.outcomes if outcome.outcome != "passed"]


def read_candidate(path: Path) -> Candidate:
    """Read one file of tests/mutants. Raises CourseError where its name or header is wrong."""
    exercise, separator, name = path.stem.partition("__")
    if not separator or not name:
        raise CourseError(f"{path}: the name must be EXERCISE__mistake.py or EXERCISE__ok_variant.py")
    source = read_text(path)
    fields: dict[str, str] = {}
    for line in source.splitlines():
        if not line.startswith("#"):
            break
        if match := HEADER.match(line):
            fields[match[1]] = match[2].strip()
    right = name.startswith("ok_")
    needed = ("why",) if right else ("mistake", "caught", "says")
    missing = [f"# {key}: …" for key in needed if not fields.get(key)]
    if missing:
        raise CourseError(f"{path}: the header lacks {', '.join(missing)}")
    caught = tuple(re.split(r"[,\s]+", fields.get("caught", "")))
    told = fields["why"] if right else fields["mistake"]
    return Candidate(exercise, name, path, source, right, caught, fields.get("says", ""), told)


def read_candidates(folder: Path) -> list[Candidate]:
    """Every candidate of a lesson, by exercise and name. Raises CourseError."""
    return [read_candidate(path) for path in sorted(folder.glob("*.py"))]


def judge(candidate: Candidate, outcomes: list[CellOutcome]) -> Verdict:
    """Hold what the checks said against what the candidate's header promises."""
    verdict = Verdict(candidate, outcomes)
    failing = [outcome for outcome in outcomes if outcome.outcome != "passed"]
    broken = [outcome for outcome in outcomes if outcome.outcome == "grader_error"]
    if broken:
        verdict.problem = f"the lesson itself broke: {broken[0].message.strip().splitlines()[-1]}"
    elif not outcomes:
        verdict.problem = "no check of this exercise ran"
    elif candidate.right and failing:
        verdict.problem = f"a right answer was rejected by {failing[0].check}: {failing[0].message}"
    elif not candidate.right and not failing:
        verdict.problem = "survived: every check passed"
    elif not candidate.right:
        verdict.problem = _caught_badly(candidate, failing)
    return verdict


def _caught_badly(candidate: Candidate, failing: list[CellOutcome]) -> str:
    """Why a caught mutant is still a problem: caught elsewhere than meant, or by a message that does not help."""
    meant = [outcome for outcome in failing if outcome.check in candidate.caught]
    if not meant and failing[0].outcome not in ("timeout", "crashed"):
        return f"caught by {failing[0].check}, meant for {' '.join(candidate.caught)}: {failing[0].message}"
    told = " ".join(outcome.message for outcome in (meant or failing))
    if candidate.says not in told:
        return f"the message does not say {candidate.says!r}: {told}"
    return ""


def too_few(cells: list[NotebookNode], candidates: list[Candidate]) -> list[str]:
    """A line for each exercise without its three mutants and one variant, and each candidate without an exercise."""
    exercises = [about(cell)["name"] for cell in cells if about(cell).get("kind") == "exercise"]
    problems = []
    for exercise in exercises:
        wrong = sum(1 for candidate in candidates if candidate.exercise == exercise and not candidate.right)
        right = sum(1 for candidate in candidates if candidate.exercise == exercise and candidate.right)
        if wrong < MUTANTS_AT_LEAST or right < VARIANTS_AT_LEAST:
            problems.append(
                f"{exercise}: {wrong} mutants and {right} variants; it needs at least "
                f"{MUTANTS_AT_LEAST} and {VARIANTS_AT_LEAST}"
            )
    strangers = sorted({c.path.name for c in candidates if c.exercise not in exercises})
    return problems + [f"{name}: no such exercise in the lesson" for name in strangers]
