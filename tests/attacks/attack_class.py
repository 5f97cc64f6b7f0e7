"""Attackers and honest students graded as one class, and everything that must not come of it.

A finding is a sentence: a point gained, a secret shown, a contact, a process or file left, a cost to somebody else.
"""

from __future__ import annotations

import contextlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import evidence
from attack_text import HERE, Attack
from evidence import Result, result_of
from secrets_planted import Listener
from victim_course import (
    KEY,
    REPOSITORY,
    Place,
    copy_place,
    hand_in_attack,
    hand_in_bystanders,
    make_place,
    solutions,
)

WHERE_THINGS_ARE_LEFT = ("/tmp", "/var/tmp", "/dev/shm", "/run/lock", "/run/user")
LESSONS_LEAVE = (".cache/matplotlib/", "torchinductor_")  # what grading the real lessons leaves, whoever hands in
LONGEST = 1500.0  # seconds that a whole batch may take before it counts as hung


@dataclass
class Batch:
    """One run of `autograde grade`: what the warden saw, each student's result, and every finding."""

    attacks: list[Attack]
    place: Place
    status: int | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0
    printed: str = ""
    results: dict[str, Result] = field(default_factory=dict)
    findings: list[str] = field(default_factory=list)

    def points(self, attack: Attack) -> float:
        """Points gained: what the gradebook has over what the honest answers earn."""
        return self.results[attack.name].points - attack.honest


@dataclass
class Alone:
    """Honest students graded with nobody else: their results, and what grading itself leaves at home."""

    results: dict[str, Any]
    home: set[str]
    tmp: set[str]


@contextlib.contextmanager
def arena(root: Path, keys: Sequence[str] = (KEY,)) -> Iterator[tuple[Place, Listener]]:
    """A built victim (or a course of these lessons) below `root` and a listener beside it."""
    root.mkdir(parents=True, exist_ok=True)
    run = secrets.token_hex(6)
    with Listener(run, root).listening() as listener:
        yield make_place(root / "built", run, keys), listener


def grade(place: Place, arguments: Sequence[str] = ()) -> dict[str, Any]:
    """`autograde grade` under the warden: its report, with what was printed."""
    report, printed = place.root / "warden.json", place.root / "printed.txt"
    command = [sys.executable, str(HERE / "warden.py"), str(report), str(LONGEST), sys.executable, "-m", "autograde"]
    command += ["grade", "--course", str(place.course), "--jobs", "2", *arguments]
    with printed.open("wb") as out:
        subprocess.run(command, env=place.environment(), cwd=place.course, stdout=out, stderr=subprocess.STDOUT)
    return {**json.loads(report.read_text()), "printed": printed.read_text(encoding="utf-8", errors="replace")}


def grade_alone(built: Place, root: Path, arguments: Sequence[str] = ()) -> Alone:
    """The honest students by themselves."""
    place = copy_place(built, root)
    hand_in_bystanders(place)
    said = grade(place, arguments)
    if said["status"] != 0 or said["left"]:
        raise RuntimeError(f"the honest class ended with {said['status']}, left {said['left']}:\n{said['printed']}")
    results = {student: evidence.still(place, student) for student in place.bystanders}
    for student, key in place.bystanders.items():
        result = result_of(place, student, key)
        wrong = {name: result.messages[name] for name, outcome in result.outcomes.items() if outcome != "passed"}
        if wrong or result.refused:
            raise RuntimeError(f"the honest student {student} did not pass: {result.refused}{wrong}")
    home = set(evidence.fingerprints(place.home))
    return Alone(results, home, {path.name for path in place.tmp.iterdir()})


def unmeasured(place: Place) -> Alone:
    """Before grading: what a class of the real lessons is held against, whose honest students pass everything."""
    return Alone({}, set(evidence.fingerprints(place.home)), {path.name for path in place.tmp.iterdir()})


def attack_class(
    built: Place,
    root: Path,
    listener: Listener,
    attacks: list[Attack],
    alone: Alone | None = None,
    arguments: Sequence[str] = (),
) -> Batch:
    """Grade the attackers among the honest students, and collect everything that must not be.

    alone: the honest students by themselves; without, they must pass every check.
    """
    place = copy_place(built, root)
    alone = alone or unmeasured(place)
    answers, batch = {key: solutions(place, key) for key in place.keys}, Batch(attacks, place)
    hand_in_bystanders(place)
    for attack in attacks:
        hand_in_attack(place, attack, answers[attack.lesson])
    before, outside, contacts = evidence.course_prints(place), left_outside(place.run), len(listener.contacts)
    said = grade(place, arguments)
    batch.status, batch.seconds, batch.peak_mb = said["status"], said["seconds"], said["peak_mb"]
    batch.printed = said["printed"]
    time.sleep(0.3)  # a last packet on its way
    batch.results = {attack.name: result_of(place, attack.student, attack.lesson) for attack in attacks}
    found = batch.findings
    if batch.status != 0:
        found.append(f"the batch ended with {batch.status}:\n{batch.printed[-3000:]}")
    found += [f"left running: {line}" for line in said["left"]]
    found += [f"contact: {contact}" for contact in listener.contacts[contacts:]]
    found += [f"left behind: {name}" for name in sorted(left_outside(place.run) - outside)]
    found += [f"changed in the course: {d}" for d in evidence.differences(before, evidence.course_prints(place))]
    found += home_findings(place, alone)
    found += [f"printed an escape sequence: {line[:120]!r}" for line in batch.printed.splitlines() if "\x1b" in line]
    for attack in attacks:
        found += [f"{attack.name}: {what}" for what in attack_findings(batch, attack)]
    found += [f"the class's {what}" for what in evidence.loot(evidence.shared_products(place))]
    for student in place.bystanders:
        now = evidence.still(place, student)
        if student in alone.results:
            found += [f"cost {student}: {d}" for d in evidence.differences(alone.results[student], now)]
        else:
            found += [f"cost {student}: {name} is {how}" for name, how in now["outcomes"].items() if how != "passed"]
            found += [f"cost {student}: it was not graded"] if not now["outcomes"] else []
    for name, table in evidence.shared_products(place).items():
        if name.endswith(".csv"):
            found += [f"{name} has a formula: {cell[:80]!r}" for cell in evidence.formulas(table)]
    return batch


def attack_findings(batch: Batch, attack: Attack) -> list[str]:
    """Points gained, an outcome that is none of the expected, a secret in one of the attacker's products."""
    result, found = batch.results[attack.name], []
    if batch.points(attack) > 1e-9:
        found.append(f"gained {batch.points(attack):g} points ({_right(result)})")
    if attack.refused != bool(result.refused):
        found.append(f"expected {'to be refused' if attack.refused else 'to be graded'}, got {result.refused!r}")
    for check, outcome in result.outcomes.items():
        if outcome not in attack.allowed(check):
            expected = "|".join(sorted(attack.allowed(check)))
            found.append(f"{check} is {outcome}, expected {expected} ({result.messages[check][:200]})")
    return found + evidence.loot(evidence.products_of(batch.place, attack.student), attack.lesson != KEY)


def _right(result: Result) -> str:
    return ", ".join(name for name, outcome in result.outcomes.items() if outcome in ("passed", "partly")) or "no check"


def left_outside(run: str) -> set[str]:
    """Files anywhere that attacks write to whose name carries the run's mark; shared memory with its key."""
    import torch

    site = Path(torch.__file__).parents[1]
    folders = [*map(Path, WHERE_THINGS_ARE_LEFT), site, site / "torch", REPOSITORY, REPOSITORY / "autograde"]
    found = {str(path) for folder in folders if folder.is_dir() for path in folder.glob(f"*{run}*")}
    with contextlib.suppress(OSError):
        key = str(int(run[:7], 16))
        table = Path("/proc/sysvipc/shm").read_text().splitlines()[1:]
        found |= {f"System V shared memory {key}" for line in table if line.split()[0] == key}
    return found


def home_findings(place: Place, alone: Alone) -> list[str]:
    """Files at home or in the temporary folder that an honest class does not leave."""
    known = () if place.keys == (KEY,) else LESSONS_LEAVE
    home = {name for name in evidence.fingerprints(place.home) if name not in alone.home}
    tmp = {path.name for path in place.tmp.iterdir()} if not alone.tmp else set()
    found = {"left at home": home, "left in TMPDIR": tmp}
    return [f"{what}: {name}" for what, names in found.items() for name in sorted(names) if not name.startswith(known)]
