"""`make rehearse`: every lesson as on a GPU, on a machine without one, with a pretend CUDA device in host memory.

python tests/pretend_cuda/rehearse.py [LESSON …]

Each lesson runs headless at `ci` scale with DEVICE=cuda and once more with DEVICE=cpu beside the card, as a student may
have it; then its wrong and right answers are judged on the card. A tensor, a generator or a model on the wrong side
fails here as it would there. Nothing is measured: the card's kernels are the CPU's.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pretend

from autograde.authoring.gpu import mutants_on_the_gpu
from autograde.authoring.headless import run_all
from autograde.course import Course, Lesson, load_course

HERE = Path(__file__).resolve().parent
COLUMNS = "| lesson | DEVICE=cuda | DEVICE=cpu beside the card | wrong and right answers | seconds |"


def rehearse(course: Course, lesson: Lesson, out: Path, answers: bool) -> tuple[str, bool]:
    """One lesson: its line of the table, and whether all went well. Tracebacks are printed as they come."""
    began, outcomes = time.perf_counter(), []
    for device in ("cuda", "cpu"):
        parameters = {"DEVICE": device, "SCALE": "ci", "SEED": 0}
        (run,) = run_all(course, [lesson], out / device, parameters, jobs=1)
        outcomes.append(f"asked {', '.join(run.hosts)}" if run.hosts else run.outcome)
        if run.traceback:
            print(run.traceback)
    judged = mutants_on_the_gpu(course, lesson.key) if answers else "–"
    cells = [cell.replace("|", "/") for cell in (lesson.key, *outcomes, judged)]
    line = "| " + " | ".join([*cells, f"{time.perf_counter() - began:.0f}"]) + " |"
    return line, outcomes == ["passed", "passed"] and not judged.startswith("failed")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table; 1 when a lesson or an answer failed, 2 where the card cannot be built."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("lessons", nargs="*", help="lessons (default: all)")
    parser.add_argument("--no-mutants", action="store_true", help="leave the wrong and right answers out")
    args = parser.parse_args(arguments)
    course = load_course(None)
    lessons = [course.lesson(key) for key in args.lessons] or course.lessons
    try:
        pretend.build(*pretend.installed_torch())
    except (OSError, RuntimeError) as error:
        print(f"no rehearsal: {error}", file=sys.stderr)
        return 2
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE), *filter(None, [os.environ.get("PYTHONPATH")])])
    out = course.root / "build" / "rehearsal"
    well = True
    print(f"{COLUMNS}\n|---|---|---|---|--:|", flush=True)
    for lesson in lessons:
        line, fine = rehearse(course, lesson, out, not args.no_mutants)
        print(line, flush=True)
        well = well and fine
    return int(not well)


if __name__ == "__main__":
    sys.exit(main())
