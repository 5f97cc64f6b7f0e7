"""The proposals of `autograde rubric` as a page to read in a browser and as a table to decide in."""

from __future__ import annotations

import csv
import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograde.grading.rubric_reading import Proposal, Reading

MARKS = {"covered": "✓ covered", "vague": "● vague", "missing": "○ missing"}
COLUMNS = ("student", "lab", "point", "proposed", "points", "of", "where", "evidence", "note", "decided")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 70em; margin: 2em auto; padding: 0 1em }}
body {{ color: #1a1a1a; background: #fff }}
table {{ border-collapse: collapse; width: 100%; margin: .5em 0 1em }}
th, td {{ border: 1px solid #bbb; padding: .3em .6em; text-align: left; vertical-align: top }}
th {{ background: #f0f0f0 }}
.covered {{ border-left: 6px solid #009E73 }} .vague {{ border-left: 6px solid #E69F00 }}
.missing {{ border-left: 6px solid #D55E00 }}
.number {{ text-align: right; white-space: nowrap }} .decided {{ min-width: 5em }}
.note {{ color: #555 }} .person {{ border: 2px solid #0072B2; padding: .5em 1em }}
@media (max-width: 45rem) {{ table {{ display: block; overflow-x: auto }} td {{ min-width: 6em }} }}
@media print {{ tr, .person {{ break-inside: avoid }} h3 {{ break-after: avoid }} }}
blockquote {{ margin: .3em 0 .3em 1em; white-space: pre-wrap; overflow-wrap: anywhere }}
</style></head><body>
<h1>{title}</h1>
<p class="person"><b>A person decides.</b> This page proposes: it looks for patterns in what students wrote, and it can
be wrong both ways. Read the evidence, open the conversation where in doubt, and write your decision into the last
column of the <a href="{csv}">table</a> or straight into the gradebook.</p>
{body}
</body></html>
"""

Sheet = tuple[dict[str, Any], "list[Reading]"]


def write_html(path: Path, key: str, sheets: Sequence[Sheet]) -> None:
    """Write the page: for each lab an overview, then every student's proposals with the conversation."""
    body = "\n".join(_lab(lab, readings) for lab, readings in sheets)
    page = PAGE.format(title=html.escape(f"Rubric proposals: {key}"), csv=html.escape(f"{key}.csv"), body=body)
    path.write_text(page, encoding="utf-8")


def write_csv(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write one row a student and rubric point; the column `decided` is left for a person."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for lab, readings in sheets:
            for reading in readings:
                for row in _rows(str(lab["id"]), reading):
                    writer.writerow([harmless(cell) for cell in row])


def harmless(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula: a text that begins like one gets an apostrophe in front."""
    text = f"{cell:g}" if isinstance(cell, float) else str(cell)
    number = isinstance(cell, float)
    return "'" + text if not number and text.lstrip()[:1] in ("=", "+", "-", "@", "|", "%") else text.replace("\t", " ")


def _rows(lab: str, reading: Reading) -> list[list[object]]:
    if not reading.proposals:
        return [[reading.student, lab, "", "not read", "", "", "", "", reading.trouble, ""]]
    return [
        [
            reading.student,
            lab,
            proposal.point.id,
            proposal.status,
            proposal.points,
            proposal.point.points,
            proposal.where,
            proposal.evidence.sentence,
            proposal.note or reading.trouble,
            "",
        ]
        for proposal in reading.proposals
    ]


def _lab(lab: dict[str, Any], readings: Sequence[Reading]) -> str:
    of = sum(float(entry["points"]) for entry in lab["rubric"])
    worth = float(lab["recommendation_points"])
    rows = "".join(_overview_row(reading, of, worth) for reading in readings)
    head = (
        f"<tr><th>student</th><th>turns</th><th>proposed, of {of:g}</th>"
        f"<th>scaled to the recommendation’s {worth:g} points</th><th>to look at</th></tr>"
    )
    students = "\n".join(_student(reading, of) for reading in readings)
    return f"<h2>{html.escape(str(lab['title']))}</h2><table>{head}{rows}</table>{students}"


def _overview_row(reading: Reading, of: float, worth: float) -> str:
    points = reading.points if reading.proposals else None
    shown = "–" if points is None else f"{points:g}"
    scaled = "–" if points is None else f"{points / of * worth:.2g}"
    return (
        f"<tr><td>{html.escape(reading.student)}</td><td class=number>{len(reading.turns)}</td>"
        f"<td class=number>{shown}</td><td class=number>{scaled}</td><td>{html.escape(reading.trouble)}</td></tr>"
    )


def _student(reading: Reading, of: float) -> str:
    name = html.escape(reading.student)
    trouble = f"<p><b>To look at:</b> {html.escape(reading.trouble)}</p>" if reading.trouble else ""
    if not reading.proposals:
        return f"<h3>{name}</h3>{trouble}"
    rows = "".join(_proposal_row(proposal) for proposal in reading.proposals)
    head = "<tr><th>rubric point</th><th>proposed</th><th>evidence</th><th>points</th><th>decided</th></tr>"
    total = f"<tr><th colspan=3>proposed in all</th><td class=number>{reading.points:g} of {of:g}</td><td></td></tr>"
    turns = "".join(f"<blockquote>{n}. {html.escape(turn)}</blockquote>" for n, turn in enumerate(reading.turns, 1))
    written = html.escape(reading.recommendation) or "nothing written"
    return (
        f"<h3>{name}</h3>{trouble}<table>{head}{rows}{total}</table>"
        f"<details><summary>What {name} wrote ({len(reading.turns)} turns and the recommendation)</summary>{turns}"
        f"<p>Recommendation:</p><blockquote>{written}</blockquote></details>"
    )


def _proposal_row(proposal: Proposal) -> str:
    note = f'<div class="note">{html.escape(proposal.note)}</div>' if proposal.note else ""
    where = f'<div class="note">{html.escape(proposal.where)}</div>' if proposal.where else ""
    evidence = f"“{html.escape(proposal.evidence.sentence)}”" if proposal.evidence.sentence else "–"
    return (
        f"<tr><td><b>{html.escape(proposal.point.name)}</b><br>{html.escape(proposal.point.asks)}</td>"
        f'<td class="{proposal.status}">{MARKS[proposal.status]}</td><td>{evidence}{where}{note}</td>'
        f'<td class="number">{proposal.points:g} of {proposal.point.points:g}</td><td class="decided"></td></tr>'
    )
