"""Hands in every attack as a student of one class, grades the class, and says what each attack came to.

    make attacks        or        .venv/bin/python tests/attacks/run_attacks.py [NAME …] [--keep] [--isolation kernel]

A name is a file's or the beginning of one. The exit status is 0 where nothing was found.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # this checkout's package, whatever is installed

from attack_class import Batch, arena, attack_class, grade_alone
from attack_text import HERE, Attack, attack_files, read_attack
from browser import page_findings
from victim_course import KEY, REPOSITORY


def chosen(names: Sequence[str], words: dict[str, str], flag: str = "") -> list[Attack]:
    """The attacks whose names begin so (all where none is named), with this flag where one is given."""
    attacks = [read_attack(path, words) for path in attack_files()]
    picked = [a for a in attacks if not names or any(a.name.startswith(name) for name in names)]
    return [attack for attack in picked if not flag or flag in attack.flags]


def came_to(batch: Batch, attack: Attack) -> str:
    """How the checks ended that the attack aimed at."""
    result = batch.results[attack.name]
    if result.refused:
        return f"refused ({printable(result.refused)[:60]})"
    return ", ".join(sorted(set(result.outcomes.values()) - {"not_attempted"}) or ["not attempted"])


def table(batch: Batch) -> str:
    """A line an attack: what it came to."""
    return "\n".join(f"  {a.name:<34} {batch.points(a):>+5.1f}  {came_to(batch, a)}" for a in batch.attacks)


def printable(text: str) -> str:
    """Text without what a terminal would obey."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)


def record(batch: Batch, path: Path) -> None:
    """Keep what each attack came to, for the table in the docs; what other attacks came to earlier stays."""
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    kept |= {a.name: {"points": batch.points(a), "came": came_to(batch, a)} for a in batch.attacks}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def run_class(root: Path, attacks: list[Attack], keys: tuple[str, ...], passed_on: list[str]) -> tuple[Batch, str]:
    """Grade attacks on one course as one class; what came of it, and a note on its pages."""
    with arena(root, keys) as (built, listener):
        words = built.words(listener.port, listener.abstract)
        aimed = [read_attack(HERE / f"{attack.name}.py", words) for attack in attacks]
        alone = grade_alone(built, root / "alone", passed_on) if keys == (KEY,) else None
        batch = attack_class(built, root / "class", listener, aimed, alone, passed_on)
        note = ""
        if keys == (KEY,):
            pages, note = page_findings(batch.place, [a.student for a in aimed if "page" in a.flags], listener, KEY)
            batch.findings += pages
    return batch, note


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the suite, print the table and the findings."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--flag", default="", help="only attacks with this flag")
    parser.add_argument("--keep", action="store_true", help="leave the graded course where it is")
    parser.add_argument("--record", action="store_true", help="keep the results for comparison.py")
    parser.add_argument("--isolation", default="sandbox", help="passed on to autograde grade")
    args = parser.parse_args(arguments)
    root, began = REPOSITORY / "build" / "attacks" / f"{int(time.time())}-{os.getpid()}", time.monotonic()
    attacks, batches = chosen(args.names, {}, args.flag), []
    on_lessons = [attack for attack in attacks if attack.lesson != KEY]
    for name, part in (("victim", [a for a in attacks if a.lesson == KEY]), ("lessons", on_lessons)):
        keys = tuple(sorted({attack.lesson for attack in part}))
        if part:
            batch, note = run_class(root / name, part, keys, ["--isolation", args.isolation])
            batches.append(batch)
            print(table(batch))
            print(f"  grading took {batch.seconds:.0f} s (peak {batch.peak_mb:.0f} MB){note and '; '}{note}\n")
            if args.record:
                record(batch, REPOSITORY / "build" / "attacks" / "ours.json")
    gained = sum(max(0.0, batch.points(attack)) for batch in batches for attack in batch.attacks)
    findings = [finding for batch in batches for finding in batch.findings]
    print(f"{len(attacks)} attacks, {gained:g} points gained, {len(findings)} findings")
    print(f"all took {time.monotonic() - began:.0f} s")
    for finding in findings:
        print(f"- {printable(finding)}")
    if args.keep:
        print(f"kept: {root}")
    else:
        shutil.rmtree(root, ignore_errors=True)
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
