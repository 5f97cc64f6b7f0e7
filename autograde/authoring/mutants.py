"""Mutants: wrong answers that students really give must fail where they should and say why; other right answers pass.

A file `tests/mutants/NN_lesson/EXERCISE__mistake.py` replaces an exercise's whole cell. Its first comments say what is
wrong (`# mistake:`), which check must catch it (`# caught:`) and what that check's message must contain (`# says:`).
`EXERCISE__ok_variant.py` is a different right answer (`# why:`).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from nbformat import NotebookNode

from autograde.authoring.candidates import Candidate, Verdict, judge, read_candidates, too_few
from autograde.authoring.matrix import print_matrix
from autograde.authoring.run_cells import CellOutcome, about, in_fork, in_place, judge_candidate, walk_reference
from autograde.authoring.source import source_notebook
from autograde.course import Course, CourseError, load_course

SECONDS_PER_CANDIDATE = 60.0


def run_lesson(
    cells: list[NotebookNode], candidates: list[Candidate], jobs: int = 1, forks: bool = True
) -> list[Verdict]:
    """Run every candidate of a lesson, and the reference itself as one, each in its own fork.

    cells: the source notebook's. jobs: how many forks run at once. forks=False: one after another in this process, each
    with a copy of the names, because CUDA does not survive a fork. Raises CourseError where the reference breaks.
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

        if not forks:
            verdicts.extend(_in_place(cells, position, candidate, namespace) for candidate in here)
            continue
        with ThreadPoolExecutor(max_workers=jobs) as pool:
            verdicts.extend(pool.map(run, here))
    return verdicts


def _in_place(cells: list[NotebookNode], position: int, candidate: Candidate, namespace: dict) -> Verdict:
    """One candidate in this process, with a copy of the names that it may rebind."""
    names = dict(namespace)
    return judge(
        candidate, in_place(lambda: judge_candidate(cells, position, candidate.source, names), SECONDS_PER_CANDIDATE)
    )


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
    parser.add_argument(
        "--no-fork",
        action="store_true",
        help="one after another in one process: what a GPU needs (one lesson at a time)",
    )
    parser.add_argument(
        "--judge", action="store_true", help="run every answer at the judge too; 1 where the two verdicts differ"
    )
    parser.add_argument("--verbose", action="store_true", help="show every candidate's message")


def run(args: argparse.Namespace) -> int:
    """Print the matrix of each lesson; 1 when anything survived, was rejected or is missing."""
    course = load_course(args.course)
    keys = [course.lesson(key).key for key in args.lessons] or [lesson.key for lesson in course.lessons]
    missing = [key for key in keys if not course.source(key).is_file()]  # its quizzes and labs lie beside it
    if missing:
        raise CourseError(f"not built yet: {', '.join(missing)}. Run: make release")
    failed, jobs = False, args.jobs if args.jobs > 0 else os.cpu_count() or 1
    for key in keys:
        cells, candidates = lesson_cells(course, key), read_candidates(course.mutants(key))
        with beside_data(course, key):
            verdicts = run_lesson(cells, candidates, jobs, forks=not args.no_fork)
        problems = too_few(cells, candidates)
        print_matrix(key, verdicts, problems, verbose=args.verbose)
        failed = failed or bool(problems) or any(verdict.problem for verdict in verdicts)
        if args.judge:
            failed = not agrees_at_the_judge(course, key, verdicts, jobs) or failed
    return int(failed)


def agrees_at_the_judge(course: Course, key: str, verdicts: list[Verdict], jobs: int) -> bool:
    """Run the same candidates at the judge and print where a verdict differs, or a message does not help there."""
    from autograde.authoring.judged import disagreements, judge_lesson

    with beside_data(course, key):
        judged = judge_lesson(lesson_cells(course, key), read_candidates(course.mutants(key)), jobs)
    found = disagreements(verdicts, judged)
    named = {id(one.candidate) for one in found}
    unhelpful = [there for here, there in zip(verdicts, judged, strict=True) if there.problem and not here.problem]
    for one in found:
        print(f"  ✗ {one}")
    for there in unhelpful:
        if id(there.candidate) not in named:
            print(f"  ✗ {there.candidate.exercise} {there.candidate.name} at the judge: {there.problem}")
    checks = sum(len(verdict.outcomes) for verdict in judged)
    print(f"  at the judge: {checks} checks of {len(judged)} answers, {len(found)} with another verdict")
    return not found and not unhelpful
