"""The deck for spaced repetition, opened as Anki opens it: a zip with a database."""

import re
import sqlite3
import zipfile
from pathlib import Path

import pytest

from autograde.authoring.course_rules import GLOSSARY, read_glossary
from autograde.authoring.deck import lessons_links, write_deck
from autograde.authoring.links import anchors_of, slug
from autograde.cli import main
from autograde.course import CourseError, load_course

ROOT = Path(__file__).resolve().parents[2]
COURSE = '[course]\nname = "Tiny"\nrepository = "a/b"\nref = "main"\n[[lesson]]\nkey = "01_x"\ntitle = "A & B"\n'
COURSE += 'subtitle = "s"\nminutes = 1\n'
TERMS = "# Glossary\n\n### dot < product\nA **sum**; see [sum](#sum) and [how](grading.md).\n\n### sum\nAll of it.\n"


def notes_of(path, folder):
    """guid → fields of each note, and how many cards there are."""
    with zipfile.ZipFile(path) as package:
        package.extract("collection.anki2", folder)
    database = sqlite3.connect(folder / "collection.anki2")
    try:
        [(count,)] = database.execute("select count(*) from cards").fetchall()
        rows = database.execute("select guid, flds from notes").fetchall()
        return {guid: fields.split("\x1f") for guid, fields in rows}, count
    finally:
        database.close()


@pytest.fixture
def tiny(tmp_path):
    for folder in ("docs", "notebooks"):
        (tmp_path / folder).mkdir()
    (tmp_path / "course.toml").write_text(COURSE)
    (tmp_path / GLOSSARY).write_text(TERMS)
    (tmp_path / "notebooks" / "01_x.py").write_text("# see [sum](docs/glossary.md#sum)\n")
    return load_course(tmp_path)


def test_a_card_asks_for_the_term_and_answers_with_definition_and_lesson(tiny, tmp_path):
    assert write_deck(tiny, tmp_path / "deck.apkg") == 2
    notes, cards = notes_of(tmp_path / "deck.apkg", tmp_path)
    start = "https://github.com/a/b/blob/main"
    lesson = f'<a href="{start}/release/01_x/01_x.ipynb">Lesson 01: A &amp; B</a>'
    told = f'<p>A <strong>sum</strong>; see <a href="{start}/docs/glossary.md#sum">sum</a> and '
    told += f'<a href="{start}/docs/grading.md">how</a>.</p>'
    assert sorted(notes.values()) == [["dot &lt; product", told, ""], ["sum", "<p>All of it.</p>", lesson]]
    assert cards == 2


def test_a_definition_that_changes_keeps_its_card_and_a_new_term_adds_one(tiny, tmp_path):
    write_deck(tiny, tmp_path / "deck.apkg")
    before, _ = notes_of(tmp_path / "deck.apkg", tmp_path)
    (tmp_path / GLOSSARY).write_text(TERMS.replace("All of it.", "Everything.") + "\n### term\nA word.\n")
    write_deck(tiny, tmp_path / "deck.apkg")
    after, _ = notes_of(tmp_path / "deck.apkg", tmp_path)
    assert set(before) < set(after) and len(after) == 3
    assert "<p>Everything.</p>" in {fields[1] for guid, fields in after.items() if guid in before}


def test_the_courses_deck_has_a_card_for_each_term(tmp_path, capsys):
    assert main(["deck", "--course", str(ROOT), "--out", str(tmp_path / "deck.apkg")]) == 0
    notes, cards = notes_of(tmp_path / "deck.apkg", tmp_path)
    assert cards == len(notes) == len(read_glossary(ROOT / GLOSSARY))
    assert capsys.readouterr().out == f"{cards} cards: {tmp_path}/deck.apkg (Anki: File, Import)\n"
    assert not [fields for fields in notes.values() if re.search(r'href="(?!https://)', fields[1])]


def test_a_glossary_without_terms_says_what_a_term_is(tiny, tmp_path):
    (tmp_path / GLOSSARY).write_text("# Glossary\n")
    with pytest.raises(CourseError, match="no term in it. A term is a heading: ### activation"):
        write_deck(tiny, tmp_path / "deck.apkg")


def unlinked(course):
    """The glossary's terms that no lesson links to."""
    linked = set().union(*(lessons_links(course, lesson.key) for lesson in course.lessons))
    return [term.name for term in read_glossary(course.root / GLOSSARY) if slug(term.name) not in linked]


def test_every_term_of_the_glossary_is_linked_from_a_lesson():
    assert unlinked(load_course(ROOT)) == []


def test_a_term_that_no_lesson_links_to_is_noticed(tiny):
    assert unlinked(tiny) == ["dot < product"]


def test_every_link_of_a_lesson_into_the_glossary_finds_its_term():
    course = load_course(ROOT)
    lost = {lesson.key: lessons_links(course, lesson.key) - anchors_of(ROOT / GLOSSARY) for lesson in course.lessons}
    assert not any(lost.values()), lost
