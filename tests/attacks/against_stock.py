"""Runs every attack against stock `nbgrader autograde`: its own steps, a plain configuration, the same source notebook.

    .venv/bin/python tests/attacks/against_stock.py [NAME …]        (by hand: it takes half an hour)

Each attack is graded in a throw-away copy of the course with one honest student after it, under a time limit. So that
this machine survives, all of it stands in bubblewrap: its own process ids and /tmp, everything but the course's copy
read-only; the network is the machine's. Attacks that use up a resource (`bomb`) are not run. What was measured lands in
build/attacks/stock.json, from which comparison.py writes the table of docs/attacks.md.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # this checkout's package, whatever is installed

import evidence
import nbformat
from attack_class import arena
from attack_text import Attack, attack_files, read_attack
from browser import chromium, findings_in
from secrets_planted import Listener, secret
from victim_course import (
    KEY,
    REPOSITORY,
    Place,
    copy_place,
    hand_in,
    hand_in_attack,
    honest_notebook,
    solutions,
)

RESULTS = REPOSITORY / "build" / "attacks" / "stock.json"
LIMIT = 100.0  # seconds for an attack and the honest student after it; an honest class of two takes some 15
HONEST = "zz_bystander"
CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "victim"
c.CourseDirectory.root = {root!r}
c.CourseDirectory.submitted_directory = "grading/submitted"
c.CourseDirectory.autograded_directory = "grading/autograded"
c.CourseDirectory.feedback_directory = "grading/feedback"
c.CourseDirectory.db_url = "sqlite:///{root}/grading/gradebook.db"
"""


def make_stock(built: Place, root: Path) -> Place:
    """The victim as a plain nbgrader course: our source with an empty setup cell, and nbgrader's own gradebook."""
    place = copy_place(built, root)
    shutil.rmtree(place.course / "grading")
    for folder in ("build", "notebooks"):
        shutil.rmtree(place.course / folder)
    (place.course / "grading").mkdir()
    configure(place)
    path = place.course / "source" / KEY / f"{KEY}.ipynb"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if cell.metadata.get("measure_first", {}).get("kind") == "setup":
            cell.source = "# The machine is set up."
    nbformat.write(nb, path)
    ours = place.course / "release" / KEY / f"{KEY}.ipynb"
    kept = ours.read_bytes()
    said = nbgrader(place, "generate_assignment", KEY, "--force")
    if said.returncode:
        raise RuntimeError(f"nbgrader could not make the assignment:\n{said.stdout}")
    ours.write_bytes(kept)
    return place


def configure(place: Place) -> None:
    """A plain configuration: folders and the gradebook's place."""
    text = CONFIG.format(root=str(place.course))
    (place.course / "nbgrader_config.py").write_text(text, encoding="utf-8")


def nbgrader(place: Place, *arguments: str) -> subprocess.CompletedProcess[str]:
    """One of nbgrader's commands, in bubblewrap."""
    (place.root / "listener.sock").touch()
    walls = [
        "bwrap",
        "--ro-bind",
        "/",
        "/",
        "--dev",
        "/dev",
        "--proc",
        "/proc",
        "--tmpfs",
        "/tmp",
        "--tmpfs",
        "/var/tmp",
    ]
    walls += ["--bind", str(place.root), str(place.root), "--unshare-pid", "--unshare-ipc", "--die-with-parent"]
    command = [*walls, "--chdir", str(place.course), sys.executable, "-m", "nbgrader", *arguments]
    environment = {**place.environment(), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    with (place.root / "printed.txt").open("w+", errors="replace") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            status = process.wait(LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = -1
        out.seek(0)
        return subprocess.CompletedProcess(command, status, out.read())


def attacked(stock: Place, root: Path, attack: Attack, listener: Listener, answers: dict[str, str]) -> dict[str, Any]:
    """What one attack came to."""
    place, contacts, began = copy_place(stock, root), len(listener.contacts), time.monotonic()
    configure(place)
    shutil.copy(stock.course / "grading" / "gradebook.db", place.course / "grading" / "gradebook.db")
    hand_in(place, HONEST, honest_notebook(place, secret(HONEST, place.run)))
    hand_in_attack(place, attack, answers)
    before = evidence.course_prints(place)
    graded = nbgrader(place, "autograde", KEY)
    took = time.monotonic() - began
    told = nbgrader(place, "generate_feedback", KEY) if graded.returncode >= 0 else graded
    products = evidence.products_of(place, attack.student)
    found: dict[str, Any] = {
        "points": points(place, attack.student) - attack.honest,
        "honest_student": points(place, HONEST),
        "status": graded.returncode,
        "feedback_status": told.returncode,
        "seconds": round(took, 1),
        "secrets": [
            line[:160] for line in evidence.loot(products) if "(plain)" not in line
        ],  # its pages show all tests
        "contacts": listener.contacts[contacts:][:3],
        "changed": evidence.differences(before, evidence.course_prints(place))[:3],
        "said": graded.stdout[-600:],
    }
    page = place.course / "grading" / "feedback" / attack.student / KEY / f"{KEY}.html"
    if "page" in attack.flags and page.is_file() and chromium():
        found["page"] = findings_in(page, "the feedback page", listener)
    return found


def points(place: Place, student: str) -> float:
    """The points in the gradebook; -1 where it knows nothing of the student."""
    rows = evidence.gradebook_rows(place, student)
    return sum(row[3] or 0.0 for row in rows) if rows else -1.0


def main(names: Sequence[str] = ()) -> int:
    """Run them all (or the named ones), and keep what was measured."""
    root = REPOSITORY / "build" / "attacks" / f"stock-{os.getpid()}"
    results: dict[str, Any] = {}
    with contextlib.suppress(OSError, ValueError):
        results = json.loads(RESULTS.read_text())
    with arena(root) as (built, listener):
        stock = make_stock(built, root / "stock")
        words = {}
        for path in attack_files():
            if names and not any(path.stem.startswith(name) for name in names):
                continue
            here = Place(root / "one", built.run)
            words = here.words(listener.port, listener.abstract) | {"BYSTANDER": HONEST, "LISTENER": str(listener.path)}
            attack = read_attack(path, words)
            if "bomb" in attack.flags:
                results[attack.name] = {"not_run": "it would take the machine down"}
            elif attack.lesson != KEY:
                results[attack.name] = {"not_run": "it aims at a lesson's own checks"}
            else:
                results[attack.name] = attacked(stock, root / "one", attack, listener, solutions(built))
                shutil.rmtree(root / "one", ignore_errors=True)
            shown = {key: value for key, value in results[attack.name].items() if key != "said"}
            print(attack.name, shown, flush=True)
            RESULTS.write_text(json.dumps(results, indent=1))
    shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
