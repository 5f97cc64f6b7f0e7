"""A thousand submissions of one lesson: graded, graded again without a change, and after one hidden test was changed.

python tests/bench/thousand.py [--count 1000] [--lesson 01_tensors]
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from course_copy import add_class, autograde, copy_course
from measure import run
from report import mebibytes, save, table

HIDDEN = "### BEGIN HIDDEN TESTS"


def main() -> None:
    """Measure the three runs and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--lesson", default="01_tensors")
    parser.add_argument("--check", default="heads", help="the exercise whose hidden test is changed")
    parser.add_argument("--jobs", default="0")
    args = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        course = copy_course(Path(scratch) / "course")
        add_class(course, args.lesson, args.count)
        for what in ("first run", "no change", "one hidden test changed"):
            if what.startswith("one"):
                change_test(course / "notebooks" / f"{args.lesson}.py", args.check)
                built = run(autograde("build", args.lesson, "--quiet"), course)
                assert not built.rc, built.output
            done = run(autograde("grade", args.lesson, "--jobs", args.jobs), course)
            assert not done.rc, done.output[-3000:]
            row = {"run": what, "submissions": args.count, "s": round(done.seconds, 1), "cpu s": round(done.cpu, 1)}
            rows.append(row | {"a submission s": round(done.seconds / args.count, 4), "peak MiB": mebibytes(done.peak)})
            print(table(rows), flush=True)
    save("thousand", rows)


def change_test(text: Path, exercise: str) -> None:
    """Add a line to the first hidden test of an exercise."""
    before, mark, after = text.read_text(encoding="utf-8").partition(f'# %% check="{exercise}"')
    assert mark and HIDDEN in after, f"{text.name} has no hidden test of {exercise}"
    head, found, tail = after.partition(HIDDEN)
    text.write_text(
        f'{before}{mark}{head}{found}\ncheck.that(True, expected="nothing", got="nothing"){tail}', encoding="utf-8"
    )


if __name__ == "__main__":
    main()
