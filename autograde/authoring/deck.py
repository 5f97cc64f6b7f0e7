"""`autograde deck`: the glossary as an Anki deck for spaced repetition, one card a term."""

from __future__ import annotations

import argparse
import html
import posixpath
import re
from dataclasses import dataclass
from pathlib import Path

from autograde.authoring.course_rules import GLOSSARY, Term, read_glossary
from autograde.authoring.links import slug, with_absolute_links
from autograde.course import Course, CourseError, load_course, read_text

# Anki knows decks and kinds of cards by number. With other numbers an import would double a student's deck and forget
# what was learned: these two stay for ever.
DECK, KIND = 1_784_201_533, 1_784_201_534
A_FIXED_DAY = 1_767_225_600.0  # seconds since 1970; a fixed date, so that a build does not depend on its day
FIELDS = ("term", "definition", "lessons")
FRONT = '<p class="ask">What does this mean?</p><h2>{{term}}</h2>'
BACK = '{{FrontSide}}<hr id="answer">{{definition}}<p class="where">{{lessons}}</p>'
STYLE = """
.card {font-family: sans-serif; font-size: 18px; text-align: left; max-width: 40em; margin: 1em auto; padding: 0 1em}
.ask, .where {color: #767676; font-size: 80%}
.nightMode .ask, .nightMode .where {color: #9a9a9a}
"""


@dataclass(frozen=True)
class Card:
    """One card, its three fields in HTML. anchor: the term's anchor in the glossary, which the card is known by."""

    anchor: str
    term: str
    definition: str
    lessons: str


def cards(course: Course) -> list[Card]:
    """A card for each term of the glossary, in its order. Raises CourseError where there is no glossary or no term."""
    path = course.root / GLOSSARY
    terms = read_glossary(path)
    if not terms:
        raise CourseError(f"{path}: no term in it. A term is a heading: ### activation")
    where = {lesson.key: lessons_links(course, lesson.key) for lesson in course.lessons}
    return [_card(course, term, where) for term in terms]


def lessons_links(course: Course, key: str) -> set[str]:
    """The anchors of the glossary that a lesson's text links to."""
    path = course.text(key)
    return set(re.findall(r"glossary\.md#([\w-]+)", read_text(path))) if path.is_file() else set()


def _card(course: Course, term: Term, where: dict[str, set[str]]) -> Card:
    import mistune

    def address(target: str) -> str:
        return course.blob_url(posixpath.normpath(posixpath.join("docs", target)))

    anchor = slug(term.name)
    told = "\n\n".join(term.paragraphs).replace("](#", f"]({posixpath.basename(GLOSSARY)}#")
    links = [
        f'<a href="{course.blob_url(f"release/{lesson.key}/{lesson.key}.ipynb")}">'
        f"{html.escape(f'Lesson {lesson.number}: {lesson.title}')}</a>"
        for lesson in course.lessons
        if anchor in where[lesson.key]
    ]
    definition = str(mistune.html(with_absolute_links(told, address, address))).strip()
    return Card(anchor, html.escape(term.name), definition, " · ".join(links))


def write_deck(course: Course, path: Path) -> int:
    """Write the deck as an .apkg; returns how many cards it has. A card keeps its id as long as its term its name."""
    import genanki

    kind = genanki.Model(
        KIND,
        f"{course.name}: term",
        fields=[{"name": name} for name in FIELDS],
        templates=[{"name": "term", "qfmt": FRONT, "afmt": BACK}],
        css=STYLE,
    )
    deck = genanki.Deck(DECK, course.name, description=f"The terms of {course.name}.")
    made = cards(course)
    for card in made:
        guid = genanki.guid_for(course.name, card.anchor)
        deck.add_note(genanki.Note(kind, [getattr(card, name) for name in FIELDS], guid=guid))
    path.parent.mkdir(parents=True, exist_ok=True)
    genanki.Package(deck).write_to_file(str(path), timestamp=A_FIXED_DAY)
    return len(made)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--out", type=Path, metavar="FILE", help="where the deck goes (default: build/NAME.apkg)")
    parser.add_argument("--course", type=Path, metavar="DIR", help="the course's folder (default: found from here)")


def run(args: argparse.Namespace) -> int:
    """Write the deck and say where it is."""
    course = load_course(args.course)
    path = args.out or course.root / "build" / f"{slug(course.name)}.apkg"
    print(f"{write_deck(course, path)} cards: {path} (Anki: File, Import)")
    return 0
