"""Whose a hand-in is. The evidence in its order: an id, an e-mail, a full name, and last what the notebook itself says.

The platform's word comes before the student's. Where two students fit, or two pieces of evidence name two students, it
is nobody's until a person says whose.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from autograde.grading.collecting.entries import NOTEBOOK
from autograde.grading.collecting.looking import stem_of
from autograde.grading.collecting.people import SHORT, People, Student, words
from autograde.grading.collecting.platforms import Who

BY_ID_CELL = "id cell"
BY_OWN_ZIP = "own zip's path"
BY_LABEL = "named so by its path"
SAYS_NOTHING = {
    "final", "notebook", "notebooks", "homework", "hw", "assignment", "assignments", "solution", "solutions", "old",
    "submission", "submissions", "untitled", "lesson", "exercise", "exercises", "copy", "of", "ipynb", "lab", "answers",
    "colab", "version", "v1", "v2", "v3", "done", "new", "fixed", "work", "project", "src", "code", "files", "backup",
    "download", "downloads", "class", "course", "section", "group", "week", "part", "task", "draft", "my", "the",
}  # fmt: skip
WRITE_IT = "add to the student's column `also` in the roster what the file is called by, and collect again"
RENAME = "put the file into a folder named with the student's id, and collect that folder"


@dataclass(frozen=True)
class Verdict:
    """The student (None: not attributed) by which evidence; else the reason and what to do.

    sure: not only by what the student alone could have written.
    """

    student: Student | None
    evidence: str = ""
    reason: str = ""
    mend: str = ""
    sure: bool = True


def by_platform(who: Who, cell: dict[str, str], people: People | None) -> Verdict:
    """Whose it is by the platform's own word; its notebook's id cell may only choose among those of one name."""
    if people is None:
        return _without_roster(who)
    for text in (*who.ids, who.number, who.participant, who.email, who.name, who.joined):
        if len(found := people.by_also(text)) == 1:
            return Verdict(found[0], f"{text}, as the roster says")
    for what, said, found in (
        ("id", who.ids[0] if who.ids else "", people.by_id(who.ids[0]) if who.ids else []),
        ("number", who.number, people.by_number(who.number) if who.number else []),
        ("participant number", who.participant, people.by_participant(who.participant)),
        ("e-mail", who.email, people.by_email(who.email)),
    ):
        if len(found) > 1:
            return _several(f"the {what} {said}", found)
        if found:
            return _unless_named_otherwise(found[0], f"{what} {said}", who, people)
    named = people.by_name(who.name) or people.by_joined(who.joined)
    if len(named) == 1:
        return Verdict(named[0], f"name {who.shown}")
    said_in_it = _by_cell(cell, people)
    if len(named) > 1:
        chosen = [student for student in named if said_in_it is not None and student.id == said_in_it.id]
        if chosen:
            return Verdict(chosen[0], f"name {who.shown} and {BY_ID_CELL}")
        return _several(f"the name {who.shown}", named)
    if said_in_it is not None and not (who.name or who.joined or who.ids or who.email):
        return Verdict(said_in_it, BY_ID_CELL, sure=False)
    hint = f" (its id cell says {said_in_it.shown})" if said_in_it else ""
    return Verdict(None, "", f"nobody in the roster is {who.shown or 'known by its number'}{hint}", WRITE_IT)


def _unless_named_otherwise(student: Student, evidence: str, who: Who, people: People) -> Verdict:
    named = people.by_name(who.name) or people.by_joined(who.joined)
    if named and student.id not in {one.id for one in named}:
        reason = f"its {evidence} is {student.shown}, and its name is {named[0].shown}'s"
        return Verdict(None, "", reason, "see which is right, mend the roster, and collect again")
    return Verdict(student, evidence)


def _several(what: str, found: Sequence[Student]) -> Verdict:
    names = ", ".join(student.shown for student in found[:5]) + (", …" if len(found) > 5 else "")
    return Verdict(None, "", f"{what} fits {len(found)} students: {names}", WRITE_IT)


def _without_roster(who: Who) -> Verdict:
    """The id is what the platform is surest of."""
    said = next((text for text in (*who.ids, who.number, who.email, who.name) if text.strip()), "")
    if not said:
        mend = "give a roster with --roster, or have students keep an id cell in their notebooks"
        return Verdict(None, "", "the platform does not say whose it is", mend)
    name = who.name or who.joined
    return Verdict(Student(clean_id(said), name, who.email), f"named {said} by the platform")


def by_path(
    parts: Sequence[str],
    outer: int,
    key: str,
    cell: dict[str, str],
    people: People | None,
    labels: Sequence[str] = (),
) -> Verdict:
    """Whose a plain file is: by its path, the outer part first; then by what its notebook says.

    labels: without a roster, what of the path may be the student's name, likeliest first.
    """
    if people is None:
        return _label(labels or list(reversed(parts[:outer])), key, cell)
    for text in ("/".join(parts), *reversed(parts[:outer])):
        if len(found := people.by_also(text)) == 1:
            return Verdict(found[0], f"{text}, as the roster says")
    for inside, shown in ((False, parts[:outer]), (True, parts[outer:])):
        verdict = _found_in(shown, key, people)
        if verdict.student and inside:
            return Verdict(verdict.student, BY_OWN_ZIP, sure=False)
        if verdict.student or verdict.reason:
            chosen = _by_cell(cell, people)
            if verdict.student is None and chosen and chosen.id in verdict.mend.split("\n"):
                return Verdict(chosen, f"{verdict.evidence} and {BY_ID_CELL}")
            return Verdict(verdict.student, verdict.evidence, verdict.reason, WRITE_IT if verdict.reason else "")
    if (student := _by_cell(cell, people)) is not None:
        return Verdict(student, BY_ID_CELL, sure=False)
    said = " / ".join(cell.values())
    hint = f"; its id cell says {said}" if said else ""
    return Verdict(None, "", f"its path names nobody in the roster{hint}", WRITE_IT)


def _found_in(parts: Sequence[str], key: str, people: People) -> Verdict:
    """By ids, then by names, in all parts of a path. `mend` holds the ids of those who fit where several do."""
    texts = [without_lesson(part, key) for part in parts]
    ids = {student.id: student for text in texts for student in people.ids_in(words(text))}
    per_part = [people.names_in(text) for text in texts]
    sure = {found[0].id: found[0] for found in per_part if len(found) == 1}
    if len(ids) == 1:
        student = next(iter(ids.values()))
        others = [found for found in per_part if found and student.id not in {one.id for one in found}]
        if others:
            reason = f"its path has the id of {student.shown} and the name of {others[0][0].shown}"
            return Verdict(None, "", reason)
        return Verdict(student, f"id {student.id} in the path")
    fits = list((ids or sure or {one.id: one for found in per_part for one in found}).values())
    if not ids and len(sure) == 1:
        student = fits[0]
        if all(student.id in {one.id for one in found} for found in per_part if found):
            return Verdict(student, f"name {student.name} in the path")
    if not fits:
        return Verdict(None)
    what = "ids" if ids else "names"
    reason = f"its path fits {len(fits)} students ({what}): {', '.join(one.shown for one in fits[:5])}"
    return Verdict(None, "path", reason, "\n".join(one.id for one in fits))


def _by_cell(cell: dict[str, str], people: People) -> Student | None:
    """The one student whom the id cell names; None where it names none, or where its lines contradict each other."""
    found = [people.by_id(cell["id"])] if "id" in cell else []
    found += [people.by_email(cell["email"])] if "email" in cell else []
    found += [people.by_name(cell["name"])] if "name" in cell else []
    told = [one for one in found if one]
    if not told:
        return None
    common = set.intersection(*({student.id for student in one} for one in told))
    return people.students[common.pop()] if len(common) == 1 else None


def _label(labels: Sequence[str], key: str, cell: dict[str, str]) -> Verdict:
    """Without a roster: what is left of the first telling part of the path, else what the id cell says."""
    for part in labels:
        if label := telling(part, key):
            return Verdict(Student(clean_id(label), label), BY_LABEL)
    if said := cell.get("id") or cell.get("email") or cell.get("name"):
        student = Student(clean_id(said), cell.get("name", ""), cell.get("email", ""))
        return Verdict(student, BY_ID_CELL, sure=False)
    return Verdict(None, "", "neither its path nor an id cell says whose it is", RENAME)


def telling(part: str, key: str) -> str:
    """What of a path's part may be a student's name; "" where it says only which lesson or version it is."""
    label = without_lesson(part, key).strip(" _-.,")
    said = [word for word in words(label) if word not in SAYS_NOTHING and not (word.isdigit() and len(word) < SHORT)]
    return label if said else ""


def without_lesson(part: str, key: str) -> str:
    """A part of a path without endings, a copy's mark and the lesson's key; its words stay as they are.

    >>> without_lesson("01_tensors - Anna Müller (1).ipynb", "01_tensors")
    'Anna Müller'
    """
    text = unicodedata.normalize("NFC", part)
    for ending in (".zip", ".pdf", ".py", ".html", ".txt"):
        text = text[: -len(ending)] if text.lower().endswith(ending) else text
    stem = stem_of(NOTEBOOK.sub("", text))[0]
    at = stem.casefold().find(key.casefold())
    if at >= 0 and len(stem.casefold()) == len(stem):
        stem = stem[:at] + " " + stem[at + len(key) :]
    return stem_of(stem.strip(" _-–.,"))[0].strip(" _-–.,")


def clean_id(text: str) -> str:
    """An id as it is kept: composed, without white space at its ends or control characters."""
    composed = unicodedata.normalize("NFC", text)
    return "".join(c for c in composed if unicodedata.category(c) not in ("Cc", "Cs")).strip() or "student"
