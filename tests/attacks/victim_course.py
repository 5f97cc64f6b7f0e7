"""The course that is attacked: built as any course is, with honest students in it, and the attackers among them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from attack_text import HERE, Attack, AttackCell, wrong_answers
from nbformat import NotebookNode
from secrets_planted import environment, furnish_home, secret

from autograde.authoring.sample_answers import _solution
from autograde.grading.cells import grade_id, kind_of

KEY = "01_victim"
REPOSITORY = HERE.parents[1]
BYSTANDERS = ("00_bystander", "50_bystander", "zz_bystander")


@dataclass(frozen=True)
class Place:
    """One run's folders: `root` holds `course`, `home` and `tmp`; `run` marks everything that attacks leave."""

    root: Path
    run: str

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    def submission(self, student: str) -> Path:
        """The folder that a student's notebook is collected in."""
        return self.course / "grading" / "submitted" / student / KEY

    def environment(self) -> dict[str, str]:
        """What the instructor's shell has set: the secrets too."""
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        python_path = {"PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1"}
        here = {"HOME": str(self.home), "TMPDIR": str(self.tmp), "OMP_NUM_THREADS": "1"}
        return kept | python_path | here | environment(self.run)

    def words(self, port: int, abstract: str) -> dict[str, str]:
        """What stands for @NAME@ in attacks: an attacker who knows the machine."""
        import torch

        return {
            "RUN": self.run,
            "PORT": str(port),
            "SOCKET": abstract,
            "LISTENER": str(self.root / "listener.sock"),
            "COURSE": str(self.course),
            "HOME": str(self.home),
            "REPO": str(REPOSITORY),
            "SITE": str(Path(torch.__file__).parents[1]),
            "BYSTANDER": BYSTANDERS[0],
        }


def make_place(root: Path, run: str) -> Place:
    """Build the victim in `root`: course, home with secrets, an empty folder for temporary files."""
    place = Place(root, run)
    for folder in (place.home, place.tmp):
        folder.mkdir(parents=True)
    furnish_home(place.home, run)
    shutil.copytree(HERE / "victim", place.course)
    autograde(place, "build", "--quiet")
    return place


def copy_place(place: Place, root: Path) -> Place:
    """The same built course elsewhere, for another class."""
    made = Place(root, place.run)
    for folder in (made.home, made.tmp):
        folder.mkdir(parents=True)
    furnish_home(made.home, made.run)
    shutil.copytree(place.course, made.course)
    return made


def autograde(place: Place, *arguments: str) -> str:
    """Run one of our commands in the course, as an instructor would; what it printed. Raises RuntimeError."""
    command = [sys.executable, "-m", "autograde", *arguments, "--course", str(place.course)]
    done = subprocess.run(command, env=place.environment(), cwd=place.course, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"autograde {arguments[0]} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def released(place: Place) -> NotebookNode:
    """The student's notebook as it is handed out."""
    return nbformat.read(place.course / "release" / KEY / f"{KEY}.ipynb", as_version=4)


def solutions(place: Place) -> dict[str, str]:
    """The reference answers, by exercise."""
    source = nbformat.read(place.course / "source" / KEY / f"{KEY}.ipynb", as_version=4)
    return {grade_id(cell): _solution(cell.source) for cell in source.cells if kind_of(cell) in ("exercise", "written")}


def honest_notebook(place: Place, remark: str) -> NotebookNode:
    """Everything right, with a remark of the student's own in it."""
    answers, nb = solutions(place), released(place)
    for cell in nb.cells:
        if grade_id(cell) in answers and kind_of(cell) in ("exercise", "written"):
            cell.source = answers[grade_id(cell)]
            if grade_id(cell) == "softmax_rows":
                cell.source += f"\n# {remark}"
    return nb


def attacking_notebook(place: Place, attack: Attack, answers: dict[str, str]) -> NotebookNode:
    """The release with the attack's cells in it. An exercise cell that reads `HONEST` is answered rightly."""
    nb = released(place)
    for cell in nb.cells:
        if attack.wrong and kind_of(cell) == "exercise":
            cell.source = wrong_answers()[grade_id(cell)]
    for piece in attack.cells:
        if piece.kind in ("exercise", "written"):
            cell = next(cell for cell in nb.cells if grade_id(cell) == piece.name)
            honest = piece.source.strip().endswith("HONEST")
            cell.source = answers[piece.name] if honest else piece.source
        elif piece.kind == "own":
            nb.cells.insert(_after(nb, piece), nbformat.v4.new_code_cell(piece.source))
    return nb


def _after(nb: NotebookNode, piece: AttackCell) -> int:
    """Where an own cell goes: after the named cell (and the student's cells there), or before the first exercise."""
    if not piece.name:
        return next(n for n, cell in enumerate(nb.cells) if kind_of(cell) == "exercise")
    at = next(n for n, cell in enumerate(nb.cells) if grade_id(cell) == piece.name) + 1
    while at < len(nb.cells) and "nbgrader" not in nb.cells[at].metadata and kind_of(nb.cells[at]) == "own":
        at += 1
    return at


def hand_in(place: Place, student: str, nb: NotebookNode) -> Path:
    """Put a notebook where submissions are collected."""
    path = place.submission(student) / f"{KEY}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


def hand_in_attack(place: Place, attack: Attack, answers: dict[str, str]) -> None:
    """Make the attack's submission, and let its build cells change it."""
    nb = attacking_notebook(place, attack, answers)
    path = hand_in(place, attack.student, nb)
    for piece in attack.cells:
        if piece.kind == "build":
            scope: dict = {}
            exec(compile(piece.source, f"{attack.name}.py", "exec"), scope)
            made = scope["build"](nb, path.parent)
            changed = nbformat.writes(nb).encode() if made is None else made
            if path.is_file() and path.resolve() == path.absolute():  # it may have become a link, or a pipe
                path.write_bytes(changed)


def hand_in_bystanders(place: Place, students: Sequence[str] = BYSTANDERS) -> None:
    """Honest students, each with a secret of their own in the notebook."""
    for student in students:
        hand_in(place, student, honest_notebook(place, secret(student, place.run)))
