"""Mutants: wrong answers that students really give must fail where they should and say why; other right answers pass.

A file `tests/mutants/NN_lesson/EXERCISE__mistake.py` replaces an exercise's whole cell. Its first comments say what is
wrong (`# mistake:`), which check must catch it (`# caught:`) and what that check's message must contain (`# says:`).
`EXERCISE__ok_variant.py` is a different right answer (`# why:`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from nbformat import NotebookNode

from autograde.authoring.matrix import print_matrix
from autograde.authoring.run_cells import CellOutcome, about, in_fork, judge_candidate, walk_reference
from autograde.authoring.source import source_notebook
from autograde.course import Course, CourseError, load_course

MUTANTS_AT_LEAST, VARIANTS_AT_LEAST = 3, 1
SECONDS_PER_CANDIDATE = 60.0
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
    source = path.read_text(encoding="utf-8")
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


def run_lesson(cells: list[NotebookNode], candidates: list[Candidate], jobs: int = 1) -> list[Verdict]:
    """Run every candidate of a lesson, and the reference itself as one, each in its own fork.

    cells: the source notebook's. jobs: how many forks run at once. Raises what a broken fixture raises.
    """
    import torch

    torch.set_num_threads(1)  # a fork of a process with an OpenMP pool can hang
    verdicts: list[Verdict] = []
    for position, namespace in walk_reference(cells):
        exercise = about(cells[position])["name"]
        reference = Candidate(exercise, "reference", Path(), cells[position].source, True, about="the reference answer")
        here = [reference, *(candidate for candidate in candidates if candidate.exercise == exercise)]

        def run(candidate: Candidate, position: int = position, namespace: dict = namespace) -> Verdict:
            def work() -> list[CellOutcome]:
                return judge_candidate(cells, position, candidate.source, namespace)

            return judge(candidate, in_fork(work, SECONDS_PER_CANDIDATE))

        with ThreadPoolExecutor(max_workers=jobs) as pool:
            verdicts.extend(pool.map(run, here))
    return verdicts


def lesson_cells(course: Course, key: str) -> list[NotebookNode]:
    """The cells of the lesson's instructor notebook, built in memory."""
    return list(source_notebook(course, key).cells)


@contextlib.contextmanager
def beside_data(course: Course, key: str) -> Iterator[None]:
    """An empty working directory, with the lesson's data (quizzes, labs) found where the setup cell would put it."""
    here, before = os.getcwd(), os.environ.get("MEASURE_FIRST_DATA")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        os.environ["MEASURE_FIRST_DATA"] = str(course.source(key).parent)
        try:
            yield
        finally:
            os.chdir(here)
            os.environ.pop("MEASURE_FIRST_DATA")
            if before is not None:
                os.environ["MEASURE_FIRST_DATA"] = before


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("lessons", nargs="*", help="lessons (default: all)")
    parser.add_argument(
        "--course", type=Path, default=None, help="the course's folder (default: found from here upwards)"
    )
    parser.add_argument("--jobs", type=int, default=0, help="forks at once (default 0: one for each core)")
    parser.add_argument("--verbose", action="store_true", help="show every candidate's message")


def run(args: argparse.Namespace) -> int:
    """Print the matrix of each lesson; 1 when anything survived, was rejected or is missing."""
    course = load_course(args.course)
    keys = [course.lesson(key).key for key in args.lessons] or [lesson.key for lesson in course.lessons]
    failed = False
    for key in keys:
        cells, candidates = lesson_cells(course, key), read_candidates(course.mutants(key))
        with beside_data(course, key):
            verdicts = run_lesson(cells, candidates, args.jobs or os.cpu_count() or 1)
        problems = too_few(cells, candidates)
        print_matrix(key, verdicts, problems, verbose=args.verbose)
        failed = failed or bool(problems) or any(verdict.problem for verdict in verdicts)
    return int(failed)
