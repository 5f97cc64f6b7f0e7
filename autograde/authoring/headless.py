"""`autograde curriculum`: every lesson headless, in parallel over the cores, with a table of what each one took."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import importlib.metadata
import json
import multiprocessing
import os
import queue
import sys
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

from autograde.authoring import trend
from autograde.authoring.budget import judged
from autograde.authoring.executed import LessonRun, run_lesson
from autograde.course import DATA, Course, CourseError, Lesson, data_folders, load_course, read_text

COLUMNS = "| lesson | outcome | seconds | budget | peak MB | GPU MB | download MB | device | cells |"


def fingerprint(course: Course, key: str, parameters: dict[str, Any]) -> str:
    """A hash of all that a lesson's run depends on: the built notebook, its data, the package, parameters, torch."""
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True).encode())
    files = [
        *course.source(key).parent.glob("*"),
        *(course.root / "autograde").rglob("*.py"),
        course.root / "setup_colab.py",
        *(path for name in _data(course, key) for path in (DATA / name).rglob("*")),
    ]
    for path in sorted(path for path in files if path.is_file()):
        digest.update(os.path.relpath(path, course.root).encode() + b"\0" + path.read_bytes())
    digest.update(importlib.metadata.version("torch").encode())
    return digest.hexdigest()


def _data(course: Course, key: str) -> tuple[str, ...]:
    """The folders of the course's data that the built lesson reads."""
    source = course.source(key)
    return data_folders([source.read_text(encoding="utf-8").replace('\\"', '"')]) if source.is_file() else ()


def finished_before(out: Path, lesson: str, wanted: str) -> LessonRun | None:
    """The earlier run of this lesson, when it passed, its pages are still there, and nothing has changed since."""
    try:
        run = LessonRun(**json.loads((out / f"{lesson}.json").read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    kept = (out / f"{lesson}.html").exists() and (out / f"{lesson}.ipynb").exists()
    same = run.outcome == "passed" and run.fingerprint == wanted and kept
    return dataclasses.replace(run, reused=True) if same else None


def _work(lesson: str, source: Path, out: Path, parameters: dict, budget: float, mark: str, ticks: Any) -> LessonRun:
    """One lesson in a worker process; a tick for each cell goes to the parent's progress bar."""
    run = run_lesson(lesson, source, out, parameters, budget, mark, lambda: ticks.put(lesson))
    (out / f"{lesson}.json").write_text(json.dumps(dataclasses.asdict(run), indent=1), encoding="utf-8")
    return run


def run_all(
    course: Course, lessons: Sequence[Lesson], out: Path, parameters: dict[str, Any], jobs: int, reuse: bool = False
) -> list[LessonRun]:
    """Run the lessons, `jobs` at a time, each in a fresh process; returns a LessonRun each, in the course's order."""
    marks = {lesson.key: fingerprint(course, lesson.key, parameters) for lesson in lessons}
    done: dict[str, LessonRun] = {}
    if reuse:
        earlier = {lesson.key: finished_before(out, lesson.key, marks[lesson.key]) for lesson in lessons}
        done = {key: run for key, run in earlier.items() if run is not None}
    todo = [lesson for lesson in lessons if lesson.key not in done]
    if todo:
        cells = sum(_count_cells(course.source(lesson.key)) for lesson in todo)
        spawn = multiprocessing.get_context("spawn")  # a fork of a process with threads can hang
        with spawn.Manager() as manager:
            ticks = manager.Queue()
            with ProcessPoolExecutor(min(jobs, len(todo)), mp_context=spawn, max_tasks_per_child=1) as pool:
                futures = {
                    pool.submit(
                        _work,
                        lesson.key,
                        course.source(lesson.key),
                        out,
                        parameters,
                        lesson.budget_seconds,
                        marks[lesson.key],
                        ticks,
                    ): lesson
                    for lesson in todo
                }
                _show_progress(cells, futures, ticks)
            done.update({lesson.key: future.result() for future, lesson in futures.items()})
    return [done[lesson.key] for lesson in lessons]


def _show_progress(cells: int, futures: dict[Future, Lesson], ticks: Any) -> None:
    """A bar over all cells of all lessons until every future is done."""
    from tqdm import tqdm

    often = 0.5 if sys.stderr.isatty() else 10.0  # a log keeps every line
    with tqdm(total=cells, unit="cell", desc="curriculum", mininterval=often) as bar:
        while not all(future.done() for future in futures):
            try:
                lesson = ticks.get(timeout=0.2)
            except queue.Empty:
                continue
            bar.set_postfix_str(lesson, refresh=False)
            bar.update()
        while not ticks.empty():
            ticks.get()
            bar.update()


def _count_cells(source: Path) -> int:
    """How many cells papermill will complete: the notebook's, the injected parameters and the probe."""
    try:
        return len(json.loads(read_text(source))["cells"]) + 2
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{source} is no notebook any more. Run: make release") from None


def table(runs: Sequence[LessonRun]) -> str:
    """The runs as a Markdown table: seconds of wall time, peak memory in MiB."""
    rows = [COLUMNS, "|---|---|--:|--:|--:|--:|--:|---|--:|"]
    for run in runs:
        outcome = run.outcome.replace("|", "\\|") + (" (kept: nothing has changed)" if run.reused else "")
        rows.append(
            f"| {run.lesson} | {outcome} | {run.seconds:.1f} | {run.budget_seconds:.0f} | {run.peak_mb:.0f} "
            f"| {run.gpu_mb:.0f} | {run.download_mb:.1f} | {run.device} | {run.cells} |"
        )
    return "\n".join(rows)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments; the first three are papermill's parameters."""
    parser.add_argument("lessons", nargs="*", help="lessons (default: all)")
    parser.add_argument("--device", default="auto", choices=["auto", "cpu", "cuda", "mps"])
    parser.add_argument("--scale", default="ci", choices=["auto", "ci", "full"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=0, help="lessons at once (default 0: one for each core)")
    parser.add_argument(
        "--out", type=Path, default=None, help="where executed notebooks go (default: build/curriculum)"
    )
    parser.add_argument("--reuse", action="store_true", help="keep the earlier run of a lesson that has not changed")
    parser.add_argument("--budget", action="store_true", help="fail a lesson that is slower than its budget, too")
    parser.add_argument("--course", type=Path, default=None, help="the course's folder (default: found from here up)")


def run(args: argparse.Namespace) -> int:
    """Run, print the table and any traceback; 1 when a lesson failed."""
    course = load_course(args.course)
    lessons = [course.lesson(key) for key in args.lessons] or course.lessons
    missing = [lesson.key for lesson in lessons if not course.source(lesson.key).exists()]
    if missing:
        raise CourseError(f"not built yet: {', '.join(missing)}. Run: make release")
    if args.device == "cuda":
        _require_cuda()
    out = (args.out or course.root / "build" / "curriculum").resolve()
    out.mkdir(parents=True, exist_ok=True)
    parameters = {"DEVICE": args.device, "SCALE": args.scale, "SEED": args.seed}
    jobs = args.jobs if args.jobs > 0 else os.cpu_count() or 1
    measured = run_all(course, lessons, out, parameters, jobs, args.reuse)
    pairs = zip(lessons, measured, strict=True)
    runs = [judged(lesson, run, parameters, clock=args.budget) for lesson, run in pairs]
    return report(runs, out, args.scale, min(jobs, len(lessons)))


def report(runs: Sequence[LessonRun], out: Path, scale: str, jobs: int) -> int:
    """Print tracebacks, the table, the trend and what failed; keep the tables in `out`. 1 when a lesson failed."""
    history = trend.read_history(out / trend.HISTORY)
    rows = trend.rows_of(runs, scale, jobs)
    shown = table(runs) + (f"\n\nChange since the last such run:\n\n{trend.table(rows, history)}" if rows else "")
    trend.append(out / trend.HISTORY, rows)
    (out / "table.md").write_text(shown + "\n", encoding="utf-8")
    failed = [run for run in runs if run.outcome != "passed"]
    for run in failed:
        if run.traceback:
            print(f"\n{run.traceback}\n")
    print(shown)
    for run in failed:
        print(f"{run.lesson}: {run.outcome}")
    print(f"executed notebooks: {out}/*.html")
    return int(bool(failed))


def _require_cuda() -> None:
    """Raise CourseError unless a small kernel runs on the GPU: is_available() alone has been wrong."""
    import torch

    try:
        torch.ones(8, device="cuda").sum().item()
    except Exception as error:
        raise CourseError(
            f"--device cuda: no GPU kernel runs here ({error}). Use --device cpu, or run nvidia-smi and install a "
            "torch build for this card"
        ) from error
