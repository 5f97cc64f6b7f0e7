"""Reads an attack's file: what it tries, what it must come to, and the cells that it hands in.

# tries: what the student is after
# must: softmax_rows=failed|timeout *=not_attempted     check=outcomes; * is every other check; refused: not graded
# gains: 0
# answers: wrong              exercises without a cell here get theirs from victim/wrong.py (else: left as they are)
# honest: 2                   what the honest part of the answers earns (0 where it is left out)
# stock: a remark on stock nbgrader
# flags: quick bomb           see FLAGS
# student: =1+1               the folder's name, where it is not the file's
# lesson: 11_workflow         one of the course's own lessons is attacked, where it is not the victim

# %% exercise="softmax_rows"  the answer to an exercise
# %% own                      a cell of the student's own, after the lesson's imports; own after="sizes": there
# %% written="why"            a written answer
# %% build                    def build(nb, folder): changes the notebook or the folder as it is handed in
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
VICTIM = "01_victim"
FLAGS = {
    "quick": "runs in `make test` too",
    "bomb": "uses up a resource of the machine's: not run against stock nbgrader",
    "page": "its feedback page is opened in a browser",
    "weak": "gains points where the checks share the student's process: the twin run must see that",
    "weak-leak": "shows a secret there",
    "weak-contact": "reaches the listener there",
}
HEADER = re.compile(r"#\s*(tries|must|gains|answers|honest|stock|flags|student|lesson):\s*(.*)")
CELL = re.compile(r"# %%\s*(exercise|written|own|build)(?:\s*=\s*\"([^\"]*)\")?(?:\s+after=\"([^\"]*)\")?\s*$")


@dataclass(frozen=True)
class AttackCell:
    """`name`: the exercise or written answer; for an own cell the cell that it follows ("": the imports)."""

    kind: str
    name: str
    source: str


@dataclass(frozen=True)
class Attack:
    """One attack. `must`: check → the outcomes it may have; `honest`: points that its honest answers earn."""

    name: str
    tries: str
    must: dict[str, frozenset[str]]
    honest: float
    stock: str
    flags: frozenset[str]
    student: str
    wrong: bool = False
    lesson: str = VICTIM
    cells: list[AttackCell] = field(default_factory=list)

    def allowed(self, check: str) -> frozenset[str]:
        """The outcomes that this check may have."""
        return self.must.get(check) or self.must.get(check.split("__")[0]) or self.must.get("*", frozenset())

    @property
    def refused(self) -> bool:
        """Whether the submission as a whole must not be graded."""
        return "refused" in self.must


def attack_files() -> list[Path]:
    """Every attack's file, in order."""
    return sorted(HERE.glob("[0-9][0-9]*_*.py"))


def wrong_answers() -> dict[str, str]:
    """A wrong answer to every exercise."""
    text = (HERE / "victim" / "wrong.py").read_text(encoding="utf-8")
    cells = [_cell(part, {}, HERE / "victim" / "wrong.py") for part in re.split(r"(?m)^(?=# %%)", text)[1:]]
    return {cell.name: cell.source for cell in cells}


def read_attack(path: Path, places: Mapping[str, str] | None = None) -> Attack:
    """The attack in `path`; `@NAME@` in its cells becomes places["NAME"]. Raises ValueError for a file out of form."""
    text = path.read_text(encoding="utf-8")
    head, *rest = re.split(r"(?m)^(?=# %%)", text)
    about = _header(head, path)
    places = {"ME": path.stem, **(places or {})}
    return Attack(
        name=path.stem,
        tries=about["tries"],
        must=_must(about["must"], path),
        honest=float(about.get("honest", 0)),
        stock=about.get("stock", ""),
        flags=frozenset(about.get("flags", "").split()),
        student=_placed(about.get("student", path.stem), places)
        .encode()
        .decode("unicode_escape")
        .encode("latin-1")
        .decode(),
        wrong=about.get("answers") == "wrong",
        lesson=about.get("lesson", VICTIM),
        cells=[_cell(part, places, path) for part in rest],
    )


def _header(head: str, path: Path) -> dict[str, str]:
    """The comment lines before the first cell; a line that begins with two spaces goes on with the one before."""
    about: dict[str, str] = {}
    last = ""
    for line in head.splitlines():
        if found := HEADER.match(line):
            last = found[1]
            about[last] = found[2].strip()
        elif line.startswith("#   ") and last:
            about[last] += " " + line[1:].strip()
        elif line.strip():
            raise ValueError(f"{path.name}: {line!r} is no header")
    missing = {"tries", "must", "gains"} - set(about)
    if missing or about.get("gains") != "0":
        raise ValueError(f"{path.name}: it needs tries, must and gains: 0 (missing: {sorted(missing)})")
    if unknown := set(about.get("flags", "").split()) - set(FLAGS):
        raise ValueError(f"{path.name}: unknown flags {sorted(unknown)}")
    return about


def _must(text: str, path: Path) -> dict[str, frozenset[str]]:
    must = {}
    for entry in text.split():
        check, _, outcomes = entry.partition("=")
        must[check] = frozenset(outcomes.split("|")) - {""}
    if "refused" not in must and "*" not in must:
        raise ValueError(f"{path.name}: say what the other checks come to, *=not_attempted")
    return must


def _cell(part: str, places: Mapping[str, str], path: Path) -> AttackCell:
    first, _, source = part.partition("\n")
    found = CELL.match(first)
    if found is None:
        raise ValueError(f"{path.name}: {first!r} is no cell")
    kind, name, after = found[1], found[2] or "", found[3] or ""
    source = _placed(source.strip("\n"), places)
    if kind == "exercise":
        source = f"# exercise: {name}\n{source}"
    if kind == "written":
        source = "\n".join(re.sub(r"^# ?", "", line) for line in source.splitlines())
    return AttackCell(kind, name or after, source)


def _placed(text: str, places: Mapping[str, str]) -> str:
    return re.sub(r"@([A-Z]+)@", lambda found: places.get(found[1], found[0]), text)
