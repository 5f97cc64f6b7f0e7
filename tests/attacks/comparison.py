"""Writes the table of docs/attacks.md from what was measured: run_attacks.py --record and against_stock.py.

    .venv/bin/python tests/attacks/comparison.py

Both leave their results in build/attacks/. An attack that was not measured somewhere says so in the table.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from attack_text import attack_files, read_attack

BUILD = Path(__file__).resolve().parents[2] / "build" / "attacks"
PAGE = Path(__file__).resolve().parents[2] / "docs" / "attacks.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
NOT_MEASURED = "not measured"


def ours_text(found: dict[str, Any] | None) -> str:
    """What an attack came to here: points beyond the honest ones, outcomes of the checks that it aimed at."""
    if found is None:
        return NOT_MEASURED
    return f"{found['points']:+g}: {found['came']}".replace("|", "/")


def stock_text(found: dict[str, Any] | None) -> str:
    """What it came to in stock nbgrader."""
    if found is None:
        return NOT_MEASURED
    if "not_run" in found:
        return f"not run: {found['not_run']}"
    said = ["no score at all"] if found["points"] < 0 else [f"{found['points']:+g}"]
    said += ["**gained points**"] * (found["points"] > 0)
    said += ["**secret read**"] * bool(found["secrets"]) + ["**reached a service of the host**"] * bool(
        found["contacts"]
    )
    said += ["**files of the course changed**"] * bool(found["changed"])
    said += ["**script ran on the feedback page**"] * bool(found.get("page"))
    if found["status"] == -1:
        said.append("**still running when stopped after 100 s**")
    if found["honest_student"] < 0:
        said.append("**the honest student after it got no score**")
    return ", ".join(said)


def table(ours: dict[str, Any], stock: dict[str, Any]) -> str:
    """A row for each attack."""
    rows = ["| attack | what it tries | here | stock nbgrader |", "|---|---|---|---|"]
    for path in attack_files():
        attack = read_attack(path)
        cells = (attack.name, attack.tries, ours_text(ours.get(attack.name)), stock_text(stock.get(attack.name)))
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def read(name: str) -> dict[str, Any]:
    """Results of an earlier run; {} where there are none."""
    path = BUILD / name
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def main() -> None:
    """Put the table into the page."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    made = table(read("ours.json"), read("stock.json"))
    PAGE.write_text(f"{before}{BEGIN}\n{made}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
