"""Hand-ins from what a learning platform exported: its names say what belongs together, and whose it is."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo

from autograde.grading.collecting import gradescope, platforms
from autograde.grading.collecting.attribution import Verdict, by_platform
from autograde.grading.collecting.entries import Entry, Unreadable
from autograde.grading.collecting.handins import Context, HandIn, Told, chosen, in_utc, looked_at
from autograde.grading.collecting.plain_files import plain_hand_ins
from autograde.grading.collecting.platforms import Clue, Who

Group = list[tuple[Clue, Entry]]


def gather(entries: Sequence[Entry], context: Context, told: Told) -> list[HandIn]:
    """All hand-ins, in the order of what was given. `told` is called for each notebook that was read."""
    made: list[HandIn] = []
    by_source: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_source[entry.source].append(entry)
    for source, theirs in by_source.items():
        plain, groups = _grouped(source, theirs, context)
        made += [_platform_hand_in(source, clues, context, told) for clues in groups]
        made += plain_hand_ins(source, plain, context, told)
    if context.people is None:
        _part_namesakes(made)
    return [one for hand_in in made for one in _shared(hand_in)]


def _part_namesakes(hand_ins: Sequence[HandIn]) -> None:
    """Without a roster, Moodle's name alone stands for a student: not where two participants have it."""
    numbers: dict[tuple[str, str], set[str]] = defaultdict(set)
    moodle = [one for one in hand_ins if one.platform == "Moodle" and one.verdict.student]
    for one in moodle:
        numbers[(one.source, one.verdict.student.id if one.verdict.student else "")].add(one.key)
    for one in moodle:
        name = one.verdict.student.id if one.verdict.student else ""
        if (count := len(numbers[(one.source, name)])) > 1:
            reason = f"{count} participants are called {name}"
            one.verdict = Verdict(None, "", reason, "give Moodle's grading worksheet as --roster: it has their numbers")


def _grouped(source: str, entries: Sequence[Entry], context: Context) -> tuple[list[Entry], list[Group]]:
    """What a platform named, by hand-in; and the rest."""
    name, depth = ("", 0)
    if context.platform != "plain":
        name, depth = platforms.recogniser_of(entries, context.zone, context.platform)
    if not name:
        return list(entries), []
    plain: list[Entry] = []
    groups: dict[str, Group] = defaultdict(list)
    for entry in entries:
        told = platforms.RECOGNISERS[name](entry.parts, depth, context.zone) if entry.outer > depth else None
        if told is None:
            plain.append(entry)
        elif not _is_other_lesson(entry.parts[depth], context):
            groups["/".join((*entry.parts[:depth], told.key))].append((told, entry))
    if name == "gradescope":
        plain = _with_metadata(plain, groups, depth, context.zone)
    return plain, list(groups.values())


def _is_other_lesson(part: str, context: Context) -> bool:
    """Whether nbgrader's exchange says that this is of another lesson."""
    match = platforms.INBOUND.fullmatch(part)
    return match is not None and match["lesson"] != context.lesson.key


def _with_metadata(plain: list[Entry], groups: dict[str, Group], depth: int, zone: tzinfo) -> list[Entry]:
    """Fill in who and when from Gradescope's metadata, the file beside the folders alone; gives what is left."""
    files = [entry for entry in plain if len(entry.parts) == depth + 1 and entry.name == gradescope.NAME]
    said: dict[str, gradescope.HandedIn] = {}
    for entry in files:
        try:
            said |= gradescope.read_metadata(entry.read())
        except Unreadable:
            continue
    for group in groups.values():
        about = said.get(group[0][0].key)
        if about is not None:
            when = platforms.moment(about.created_at, zone) if about.created_at else None
            group[:] = [(replace(clue, who=about.who, submitted=when), entry) for clue, entry in group]
    return [entry for entry in plain if entry not in files]


def _platform_hand_in(source: str, group: Group, context: Context, told: Told) -> HandIn:
    clue = group[0][0]
    report = next((entry for one, entry in group if one.inside[0] == ""), None)  # Blackboard's own
    files = [(one.inside, entry) for one, entry in group if one.inside[0] != ""]
    who, remarks = clue.who, list[str]()
    if report is not None:
        who = tuple(replace(one, name=_name_in_report(report) or one.name) for one in who)
        files = files or [((report.name,), report)]
    looked = looked_at(files, context, told)
    cell = next((one.cell for one in looked if one.cell), {})
    verdicts = [by_platform(one, cell if len(who) == 1 else {}, context.people) for one in who or (Who(),)]
    made = HandIn(source, clue.platform, clue.key, files, verdicts[0], looked)
    if len(who) > 1:
        made.group, remarks = verdicts, [f"a group of {len(who)}"]
    made.submitted = next((one.submitted for one, _ in group if one.submitted), None)
    made.late = any(one.late for one, _ in group)
    made.order = max(one.order for one, _ in group)
    made.modified = max((when for _, entry in group if (when := in_utc(entry.modified, context.zone))), default=None)
    owner = next((entry.owner for _, entry in group if entry.owner), "")
    if clue.platform == "nbgrader exchange" and owner and owner not in clue.who[0].ids:
        remarks.append(f"the folder belongs to the account {owner}")
    made.remarks += remarks
    return chosen(made, context)


def _name_in_report(entry: Entry) -> str:
    """The name in Blackboard's report of an attempt: `Name: Müller, Anna (amueller)` in its first line."""
    try:
        text = entry.read()[:2000].decode("utf-8-sig", "replace")
    except Unreadable:
        return ""
    match = re.match(r"Name:\s*(.+?)\s*\([^()]*\)\s*$", text.splitlines()[0] if text else "")
    return match[1] if match else ""


def _shared(hand_in: HandIn) -> list[HandIn]:
    """A group's hand-in once for each of its members."""
    if not hand_in.group:
        return [hand_in]
    return [replace(hand_in, verdict=verdict, remarks=list(hand_in.remarks)) for verdict in hand_in.group]
