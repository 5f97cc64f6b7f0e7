"""Damages right notebooks of all lessons in every way of damages.py, mends them, and counts what came of it.

python tests/grading/damage_report.py [ROUNDS]: a table of kinds, and the time for 1,000 notebooks.
"""

from __future__ import annotations

import json
import random
import re
import sys
import time
from dataclasses import dataclass, field

from damage_registry import Damaged
from damages import DAMAGES
from lessons_answered import Answered, answered, keys
from nbformat import NotebookNode

from autograde.grading.cells import grade_id, kind_of, ours
from autograde.grading.code_text import same_code
from autograde.grading.repairs import doubt_of, notes_of


@dataclass
class Count:
    """What came of one kind of damage. Each list names the notebooks and cells that it is about."""

    notebooks: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unsaid: list[str] = field(default_factory=list)
    false_alarms: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[str]:
        return [*self.lost, *self.wrong, *self.unsaid, *self.false_alarms]


def look(lesson: Answered, made: Damaged, nb: NotebookNode, count: Count, where: str) -> None:
    """Hold a mended notebook against the undamaged one."""
    count.notebooks += 1
    notes = notes_of(nb)
    found = {grade_id(cell): cell for cell in nb.cells if grade_id(cell)}
    for cell in lesson.mended.cells:
        name = grade_id(cell)
        if not name or name in made.lost:
            continue
        now = found[name]
        if kind_of(cell) in ("check", "fixture", "settings", "setup"):
            if now.source != cell.source or now.metadata.get("nbgrader") != cell.metadata.get("nbgrader"):
                count.wrong.append(f"{where}: {name} is not the course's own")
        elif kind_of(cell) in ("exercise", "written") and not _there(nb, name, cell.source):
            others = [
                other for other, answer in lesson.answers.items() if other != name and same_code(answer, now.source)
            ]
            (count.wrong if others else count.lost).append(f"{where}: {name}")
    order = [grade_id(cell) for cell in nb.cells if grade_id(cell)]
    if order != [grade_id(cell) for cell in lesson.mended.cells if grade_id(cell)]:
        count.wrong.append(f"{where}: the lesson's order")
    count.unsaid += [f"{where}: {says}" for says in made.says if not any(re.search(says, note) for note in notes)]
    doubted = {str(ours(cell).get("exercise")) for cell in nb.cells if doubt_of(cell)}
    count.unsaid += [f"{where}: nobody decides on {name}" for name in made.doubt - doubted]
    if not made.says and notes:
        count.false_alarms.append(f"{where}: {notes}")


def _there(nb: NotebookNode, name: str, answer: str) -> bool:
    """Whether an answer is run whole: in its cell, or in that and cells of the student's own around it.

    There may be lines around it that the damage put there, and the line with its name may be missing.
    """
    place = next(number for number, cell in enumerate(nb.cells) if grade_id(cell) == name)
    first = last = place
    while first and kind_of(nb.cells[first - 1]) == "own":
        first -= 1
    while last + 1 < len(nb.cells) and kind_of(nb.cells[last + 1]) == "own":
        last += 1
    for text in (nb.cells[place].source, "\n".join(cell.source for cell in nb.cells[first : last + 1])):
        body = "\n".join(answer.splitlines()[1:]).strip()
        if same_code(text, answer) or answer in text or (body and body in text) or _squeezed(answer) in _squeezed(text):
            return True
    return False


def _squeezed(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip())


def measure(rounds: int, lessons: list[str]) -> tuple[dict[str, Count], float, int]:
    """Each kind of damage, some rounds for each lesson; the seconds that reading and mending took, and of how many."""
    counts, seconds, many = {}, 0.0, 0
    for name, damage in DAMAGES.items():
        count = counts[name] = Count()
        for key in lessons:
            lesson = answered(key)
            for number in range(rounds):
                made = damage(lesson, random.Random(f"{name} {key} {number}"))
                started = time.process_time()
                nb = lesson.mend(made.data)
                seconds, many = seconds + time.process_time() - started, many + 1
                look(lesson, made, nb, count, f"{name}, {key}, round {number}")
    return counts, seconds, many


def undamaged(lessons: list[str], rounds: int) -> tuple[float, int]:
    """Seconds for undamaged notebooks, and of how many."""
    started = time.process_time()
    for key in lessons:
        lesson = answered(key)
        data = json.dumps(lesson.raw).encode()
        for _ in range(rounds):
            lesson.mend(data)
    return time.process_time() - started, rounds * len(lessons)


HEAD = "| damage | notebooks | right answers lost | wrong merges | not said | false alarms |\n|---|---|---|---|---|---|"


def main(rounds: int) -> int:
    lessons = keys()
    for key in lessons:
        answered(key)
    counts, seconds, many = measure(rounds, lessons)
    print(HEAD)
    for name, count in counts.items():
        lengths = [len(found) for found in (count.lost, count.wrong, count.unsaid, count.false_alarms)]
        print(f"| {name} | {count.notebooks} | {' | '.join(map(str, lengths))} |")
    faults = [fault for count in counts.values() for fault in count.faults]
    print(f"\n{len(counts)} kinds of damage, {many} notebooks of {len(lessons)} lessons, {len(faults)} faults")
    print(f"1,000 damaged notebooks: {1000 * seconds / many:.1f} s")
    plain, of = undamaged(lessons, max(10, 5 * rounds))
    print(f"1,000 undamaged notebooks: {1000 * plain / of:.1f} s")
    for fault in faults[:40]:
        print("  ", fault)
    return int(bool(faults))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
