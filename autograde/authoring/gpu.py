"""`autograde gpu`: the lessons at full scale on a GPU, their mutants on it, and what was measured into docs/gpu.md."""

from __future__ import annotations

import argparse
import datetime
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from autograde.authoring.executed import LessonRun
from autograde.authoring.headless import run_all
from autograde.course import Course, CourseError, load_course, read_text

BEGIN, END = "<!-- runs: written by autograde gpu -->", "<!-- end of runs -->"
NONE_YET = "No GPU run has been made yet."
COLUMNS = (
    "| date | lesson | card | driver | torch | outcome | seconds | peak GPU MiB | MFU | mutants | differed |\n"
    "|---|---|---|---|---|---|--:|--:|--:|---|---|"
)
AGREES = (0.8, 1.25)  # measured / predicted between these is no difference worth a line


@dataclass(frozen=True)
class Machine:
    """What stands in front of every row: date (ISO), card, driver and torch as they call themselves."""

    date: str
    card: str
    driver: str
    torch: str


def this_machine() -> Machine:
    """The GPU here. Raises CourseError, in one line, where no kernel runs on one."""
    import torch

    try:
        torch.ones(8, device="cuda").sum().item()
        card = torch.cuda.get_device_name(0)
    except Exception as error:
        lines = str(error).strip().splitlines() or [type(error).__name__]
        raise CourseError(f"no GPU that CUDA can use here ({lines[0]}): nothing was run or written") from error
    return Machine(datetime.date.today().isoformat(), card, driver_version(), torch.__version__)


def driver_version() -> str:
    """The driver's version by nvidia-smi, "unknown" where it does not say."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        said = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True).stdout.split()
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return said[0] if said else "unknown"


def differences(run: LessonRun) -> str:
    """What was predicted in a lesson and came out otherwise, as `what: predicted → measured (ratio)`."""
    told = []
    for record in run.records:
        predicted, measured, unit = record["predicted"], record["measured"], record["unit"]
        if predicted is None or (predicted and AGREES[0] <= measured / predicted <= AGREES[1]):
            continue
        ratio = f"{measured / predicted:.2g}×" if predicted else "nothing was predicted"
        told.append(f"{record['what']}: {predicted:.3g} → {measured:.3g} {unit}".rstrip() + f" ({ratio})")
    return "; ".join(told) or ("nothing" if any(r["predicted"] is not None for r in run.records) else "–")


def row(machine: Machine, run: LessonRun, mutants: str) -> str:
    """One line of the table."""
    mfu = next((f"{record['measured']:.2f}" for record in run.records if record["what"] == "MFU"), "–")
    cells = [
        machine.date, run.lesson, machine.card, machine.driver, machine.torch, run.outcome, f"{run.seconds:.1f}",
        f"{run.gpu_mb:.0f}", mfu, mutants, differences(run),
    ]  # fmt: skip
    return "| " + " | ".join(cell.replace("|", "/").replace("\n", " ") for cell in cells) + " |"


def with_rows(page: str, rows: Sequence[str]) -> str:
    """docs/gpu.md's text with rows added below those that are there. Raises CourseError where its marks are missing."""
    before, mark, rest = page.partition(BEGIN)
    kept, end, after = rest.partition(END)
    if not (mark and end):
        raise CourseError(f"docs/gpu.md has no lines {BEGIN} and {END}: put them back")
    old = [line for line in kept.splitlines() if line.startswith("|")][2:]
    return f"{before}{mark}\n{COLUMNS}\n" + "\n".join([*old, *rows]) + f"\n{end}{after}"


def mutants_on_the_gpu(course: Course, key: str) -> str:
    """Run a lesson's wrong and right answers in a process of their own with DEVICE=cuda; "ok", or "failed (log)".

    At `ci` scale, as grading has them: what is asked here is whether a card gives the verdicts that a CPU gives.
    """
    log = course.root / "build" / "gpu" / f"{key}.mutants.txt"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "autograde", "mutants", key, "--no-fork", "--course", str(course.root)]
    asked = {"MEASURE_FIRST_DEVICE": "cuda", "MEASURE_FIRST_SCALE": "ci", "MEASURE_FIRST_HUB": "local"}
    done = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=False)
    log.write_text(done.stdout + done.stderr, encoding="utf-8")
    return "ok" if done.returncode == 0 else f"failed ({log.relative_to(course.root).as_posix()})"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("lessons", nargs="*", help="lessons (default: all)")
    parser.add_argument("--scale", default="full", choices=["ci", "full"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-mutants", action="store_true", help="leave the wrong and right answers out")
    parser.add_argument("--course", type=Path, default=None, help="the course's folder (default: found from here up)")


def run(args: argparse.Namespace) -> int:
    """Run, add the rows to docs/gpu.md, print them; 1 when something failed."""
    course = load_course(args.course)
    lessons = [course.lesson(key) for key in args.lessons] or course.lessons
    machine = this_machine()
    missing = [lesson.key for lesson in lessons if not course.source(lesson.key).exists()]
    if missing:
        raise CourseError(f"not built yet: {', '.join(missing)}. Run: make release")
    page = course.root / "docs" / "gpu.md"
    with_rows(read_text(page), [])  # a page that cannot take the rows is said before the hours, not after
    out = course.root / "build" / "gpu"
    out.mkdir(parents=True, exist_ok=True)
    parameters = {"DEVICE": "cuda", "SCALE": args.scale, "SEED": args.seed}
    failed = False
    for lesson in lessons:  # one at a time, each row written as soon as it is known
        (done,) = run_all(course, [lesson], out, parameters, jobs=1)
        mutants = "–" if args.no_mutants else mutants_on_the_gpu(course, lesson.key)
        line = row(machine, done, mutants)
        page.write_text(with_rows(read_text(page).replace(NONE_YET + "\n", ""), [line]), encoding="utf-8")
        print(line)
        if done.traceback:
            print(done.traceback)
        failed = failed or done.outcome != "passed" or mutants.startswith("failed")
    print(f"written to {page}; executed notebooks: {out}/*.html")
    return int(failed)
