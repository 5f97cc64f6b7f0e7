"""`make hosts`: every lesson in environments with the versions of Colab and Kaggle, and a table of what was run.

python tests/hosts/run_hosts.py [--only colab-3.13] [LESSON …]

An environment is made once and kept under build/hosts/. What cannot be run here (a Python that is missing, a PyTorch
that comes with gigabytes of CUDA packages) is a line of the table, not a failure. PIP_ARGS goes to every pip install;
TORCH_INDEX names an index to take PyTorch from.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from environments import BASE, HOSTS, ROOT, Environment, NotMade, Wanted, environment, pins
from kernels import CellFailed
from lessons import Notebooks, run_lesson

from autograde.course import Course, load_course

IMPORTS = "import datasets, ipywidgets, matplotlib, sklearn, transformers; print(transformers.__version__)"
COMPILE = """
import pathlib, sys, warnings
warnings.simplefilter("error")
files = [path for folder in sys.argv[1:] for path in sorted(pathlib.Path(folder).rglob("*.py"))]
for path in [pathlib.Path("setup_colab.py"), *files]:
    compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
print(len(files) + 1)
"""
COLUMNS = "| imitation | lesson | what was run | seconds | result |"


@dataclass(frozen=True)
class Imitation:
    """A host on an environment. host: "colab", "kaggle" or "local"."""

    name: str
    host: str
    wanted: Wanted


@dataclass(frozen=True)
class Row:
    """A line of the table. result: "passed", "not run" or what went wrong."""

    imitation: str
    lesson: str
    ran: str
    seconds: float
    result: str

    @property
    def failed(self) -> bool:
        return self.result not in ("passed", "not run")


def imitations() -> list[Imitation]:
    """Kaggle and Colab with their Pythons; Colab and a machine of one's own with the Python that has a CPU PyTorch."""
    tested = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    ours = next(line.removeprefix("torch==") for line in tested if line.startswith("torch=="))
    older = Wanted("3.11", "colab", ours)
    return [
        Imitation("kaggle-3.12", "kaggle", Wanted("3.12", "kaggle", pins("kaggle")["torch"])),
        Imitation("colab-3.13", "colab", Wanted("3.13", "colab", pins("colab")["torch"])),
        Imitation("kaggle-3.11", "kaggle", Wanted("3.11", "kaggle", ours)),
        Imitation("colab-3.11", "colab", older),
        Imitation("local-3.11", "local", older),
    ]


def rows_of(imitation: Imitation, course: Course, keys: Sequence[str]) -> Iterator[Row]:
    """The environment's own lines, then one for each lesson."""
    name, began = imitation.name, time.perf_counter()
    try:
        made = environment(imitation.wanted)
    except NotMade as why:
        yield Row(name, "all", f"no environment: {why}", time.perf_counter() - began, "not run")
        return
    yield Row(name, "–", about(made, imitation.wanted), 0.0 if made.kept else made.seconds, "passed")
    yield timed(name, "–", lambda: without_lessons(made))
    if made.no_torch:
        yield Row(name, "–", f"the lessons with PyTorch {imitation.wanted.torch}: {made.no_torch}", 0.0, "not run")
    for key in keys:
        with tempfile.TemporaryDirectory(prefix="measure-first-hosts-", ignore_cleanup_errors=True) as folder:
            notebooks, here = Notebooks.of(course, key), Path(folder).resolve()

            def run(key: str = key, notebooks: Notebooks = notebooks, here: Path = here) -> str:
                return run_lesson(imitation.host, made, key, notebooks, here, imitation.wanted.torch)

            yield timed(name, key, run)


def timed(imitation: str, lesson: str, step) -> Row:
    """Run a step, which returns what it ran; its line of the table."""
    began = time.perf_counter()
    try:
        ran, result = step(), "passed"
    except CellFailed as error:
        ran, result = "stopped at the first failure", str(error)
    return Row(imitation, lesson, ran, time.perf_counter() - began, result)


def about(made: Environment, wanted: Wanted) -> str:
    """The environment in words."""
    shown = {"ipython": "IPython", "ipykernel": "ipykernel", "transformers": "transformers", "torch": "PyTorch"}
    versions = [f"{title} {made.versions[name]}" for name, title in shown.items() if name in made.versions]
    listed = f"{wanted.pins}-constraints.txt"
    kept = ", kept from an earlier run" if made.kept else ""
    return f"an environment of {len(made.versions)} packages ({listed}): {', '.join(versions)}{kept}"


def without_lessons(made: Environment) -> str:
    """What needs no PyTorch: the host's libraries are imported, the course's files compiled. Raises CellFailed."""
    said = []
    for code, arguments in ((IMPORTS, []), (COMPILE, ["autograde"])):
        command = [str(made.python), "-c", code, *arguments]
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if run.returncode:
            raise CellFailed((run.stderr.strip().splitlines() or ["it said nothing"])[-1])
        said.append(run.stdout.strip().splitlines()[-1])
    return f"transformers, datasets, matplotlib, sklearn and ipywidgets imported, {said[1]} of our files compiled"


def table(rows: Sequence[Row]) -> str:
    """The lines as a Markdown table."""
    cells = ["|---|---|---|--:|---|"]
    for row in rows:
        result = row.result.replace("|", "\\|").replace("\n", " ")
        cells.append(f"| {row.imitation} | {row.lesson} | {row.ran} | {row.seconds:.1f} | {result} |")
    return "\n".join([COLUMNS, *cells])


def main() -> int:
    """Run what is asked for; 1 when something that could be run failed."""
    course, every = load_course(ROOT), imitations()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lessons", nargs="*", help="lessons (default: all)")
    parser.add_argument("--only", action="append", choices=[one.name for one in every], help="an imitation")
    args = parser.parse_args()
    keys = [course.lesson(key).key for key in args.lessons or [lesson.key for lesson in course.lessons]]
    rows: list[Row] = []
    for imitation in every:
        for row in rows_of(imitation, course, keys) if not args.only or imitation.name in args.only else ():
            print(f"{row.imitation:<12} {row.lesson:<18} {row.seconds:>7.1f} s  {row.result}", flush=True)
            rows.append(row)
    BASE.mkdir(parents=True, exist_ok=True)
    shown = table(rows)
    told = f"Run on {datetime.date.today().isoformat()}, versions of {HOSTS.relative_to(ROOT)}/*.txt.\n\n{shown}\n"
    (BASE / "table.md").write_text(told, encoding="utf-8")
    print(f"\n{shown}")
    return int(any(row.failed for row in rows))


if __name__ == "__main__":
    sys.exit(main())
