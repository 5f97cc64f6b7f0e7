"""The course that is attacked: built as any course is, with honest students in it, and the attackers among them.

It is a little victim of one lesson (victim/), or, for attacks that name one, a course of the real lessons.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from attack_text import HERE, VICTIM, Attack, AttackCell, wrong_answers
from nbformat import NotebookNode
from secrets_planted import environment, furnish_home, secret

from autograde.authoring.sample_answers import _solution
from autograde.grading.cells import grade_id, kind_of

KEY = VICTIM
REPOSITORY = HERE.parents[1]
BYSTANDERS = ("00_bystander", "50_bystander", "zz_bystander")


@dataclass(frozen=True)
class Place:
    """One run's folders: `root` holds `course`, `home` and `tmp`; `run` marks everything that attacks leave.

    keys: the lessons of the course, the victim's or some of the real ones.
    """

    root: Path
    run: str
    keys: tuple[str, ...] = (KEY,)

    @property
    def course(self) -> Path:
        return self.root / "course"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def tmp(self) -> Path:
        return self.root / "tmp"

    @property
    def bystanders(self) -> dict[str, str]:
        """Honest students, and the lesson that each hands in."""
        return dict.fromkeys(BYSTANDERS, KEY) if self.keys == (KEY,) else {f"50_{key}": key for key in self.keys}

    def submission(self, student: str, key: str = KEY) -> Path:
        """The folder that a student's notebook is collected in."""
        return self.course / "grading" / "submitted" / student / key

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
            "BYSTANDER": next(iter(self.bystanders)),
        }


def make_place(root: Path, run: str, keys: Sequence[str] = (KEY,)) -> Place:
    """Build the victim (or these lessons) in `root`: course, home with secrets, an empty folder for temporary files."""
    place = Place(root, run, tuple(keys))
    for folder in (place.home, place.tmp):
        folder.mkdir(parents=True)
    furnish_home(place.home, run)
    if place.keys == (KEY,):
        shutil.copytree(HERE / "victim", place.course)
    else:
        copy_lessons(place)
    autograde(place, "build", "--quiet", *(() if place.keys == (KEY,) else place.keys))
    return place


def copy_lessons(place: Place) -> None:
    """The real course, with the real settings."""
    for folder in ("notebooks", "docs", "data", "release"):  # all that lessons link to
        shutil.copytree(REPOSITORY / folder, place.course / folder)
    for file in ("course.toml", "nbgrader_config.py"):
        shutil.copy(REPOSITORY / file, place.course)


def copy_place(place: Place, root: Path) -> Place:
    """The same built course elsewhere, for another class."""
    made = Place(root, place.run, place.keys)
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


def released(place: Place, key: str = KEY) -> NotebookNode:
    """The student's notebook as it is handed out."""
    return nbformat.read(place.course / "release" / key / f"{key}.ipynb", as_version=4)


def solutions(place: Place, key: str = KEY) -> dict[str, str]:
    """The reference answers, by exercise."""
    source = nbformat.read(place.course / "source" / key / f"{key}.ipynb", as_version=4)
    return {grade_id(cell): _solution(cell.source) for cell in source.cells if kind_of(cell) in ("exercise", "written")}


def honest_notebook(place: Place, remark: str, key: str = KEY) -> NotebookNode:
    """Everything right, with a remark of the student's own in it."""
    answers, nb = solutions(place, key), released(place, key)
    answered = [cell for cell in nb.cells if grade_id(cell) in answers and kind_of(cell) in ("exercise", "written")]
    for cell in answered:
        cell.source = answers[grade_id(cell)]
    answered[0].source += f"\n# {remark}"
    return nb


def attacking_notebook(place: Place, attack: Attack, answers: dict[str, str]) -> NotebookNode:
    """The release with the attack's cells in it. An exercise cell that reads `HONEST` is answered rightly."""
    nb = released(place, attack.lesson)
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


def hand_in(place: Place, student: str, nb: NotebookNode, key: str = KEY) -> Path:
    """Put a notebook where submissions are collected."""
    path = place.submission(student, key) / f"{key}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nb, path)
    return path


def hand_in_attack(place: Place, attack: Attack, answers: dict[str, str]) -> None:
    """Make the attack's submission, and let its build cells change it."""
    nb = attacking_notebook(place, attack, answers)
    path = hand_in(place, attack.student, nb, attack.lesson)
    for piece in attack.cells:
        if piece.kind == "build":
            scope: dict = {}
            exec(compile(piece.source, f"{attack.name}.py", "exec"), scope)
            made = scope["build"](nb, path.parent)
            changed = nbformat.writes(nb).encode() if made is None else made
            if path.is_file() and path.resolve() == path.absolute():  # it may have become a link, or a pipe
                path.write_bytes(changed)


def hand_in_bystanders(place: Place) -> None:
    """Honest students, each with a secret of their own in the notebook."""
    for student, key in place.bystanders.items():
        hand_in(place, student, honest_notebook(place, secret(student, place.run), key), key)
