"""`autograde grade` against stock `nbgrader autograde` on the same submissions, one after the other on this machine.

    python tests/bench/throughput.py [--count 50] [--lessons 01_tensors 02_autograd] [--isolation sandbox]

Ours: sandbox on, gradebook, feedback pages and report included. Stock: nbgrader's own steps, without feedback.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from pathlib import Path

import stock
from course_copy import add_class, autograde, copy_course
from measure import Measured, run
from report import mebibytes, save, table

from autograde.course import load_course


def main() -> None:
    """Measure each lesson and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=50, help="submissions of each lesson")
    parser.add_argument("--lessons", nargs="*", default=[], help="default: all")
    parser.add_argument("--isolation", default="sandbox")
    parser.add_argument("--jobs", default="0")
    parser.add_argument("--no-stock", action="store_true", help="only ours")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = copy_course(Path(scratch) / "ours")
        for key in args.lessons or [lesson.key for lesson in load_course(course).lessons]:
            add_class(course, key, args.count)
            rows.append(_one(Path(scratch), course, key, args))
            print(table(rows), flush=True)
    save("throughput", rows)


def _one(scratch: Path, course: Path, key: str, args: argparse.Namespace) -> dict[str, object]:
    ours = run(autograde("grade", key, "--jobs", args.jobs, "--isolation", args.isolation), course)
    _must_work(ours, "autograde grade")
    floor, judged = _floor(course, key)
    row: dict[str, object] = {
        "lesson": key,
        "submissions": args.count,
        "ours s": round(ours.seconds, 1),
        "ours a submission s": round(ours.seconds / args.count, 3),
        "floor a submission s": round(floor / args.count, 3),
        "judged over floor": round(judged / floor, 2) if floor else None,
        "peak MiB": mebibytes(ours.peak),
    }
    if not args.no_stock:
        folder = scratch / f"stock-{key}"
        stock.stock_course(folder, course / "source" / key, key, course / "grading" / "submitted")
        theirs = stock.grade(folder, key, {"MEASURE_FIRST_SCALE": "ci", "MEASURE_FIRST_DEVICE": "cpu"})
        graded = sum(1 for _ in (folder / "autograded").glob(f"*/{key}/{key}.ipynb"))
        row |= {"stock s": round(theirs.seconds, 1), "stock graded": graded}
        row |= {"stock a submission s": round(theirs.seconds / args.count, 2)}
        row |= {"ratio": round(theirs.seconds / ours.seconds, 1), "stock peak MiB": mebibytes(theirs.peak)}
    return row


def _floor(course: Path, key: str) -> tuple[float, float]:
    """(sum of the cells' own seconds, sum of the judged seconds) of all submissions of a lesson."""
    with (course / "grading" / "timings.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [line for line in csv.DictReader(file) if line["lesson"] == key and not line["check"]]
    return sum(float(line["floor"]) for line in lines), sum(float(line["seconds"]) for line in lines)


def _must_work(measured: Measured, what: str) -> None:
    if measured.rc:
        raise SystemExit(f"{what} ended with {measured.rc}:\n{measured.output[-3000:]}")


if __name__ == "__main__":
    main()
