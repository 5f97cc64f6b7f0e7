"""What the tiny models read: text that comes with Python and the course's data; nothing that lessons measure on."""

from __future__ import annotations

import ast
import json
import random
import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from autograde.lesson.course_data import data

POSTS = "hub/datasets/measure-first/advice-or-venting"
CAFE = "hub/datasets/measure-first/repair-cafe"
LEFT_OUT = {"test", "tests", "idlelib", "lib2to3", "site-packages", "pydoc_data", "turtledemo", "__pycache__"}
LONGEST_VIEW = 40  # words
SHORTEST = 40  # characters of a docstring that is worth reading


@dataclass(frozen=True)
class Piece:
    """A text with what names it: a passage and its title, a docstring and its first line; title is "" without one."""

    title: str
    text: str
    source: str  # "topics", "docstrings", "posts" or "passages"


def rows(name: str) -> list[dict]:
    """The rows of a JSON-lines file of the course's data."""
    return [json.loads(line) for line in data(name).read_text(encoding="utf-8").splitlines()]


def posts(split: str) -> tuple[list[str], list[int]]:
    """Texts and labels of the posts: split "train" or "validation"."""
    found = rows(f"{POSTS}/{split}.jsonl")
    return [row["text"] for row in found], [row["label"] for row in found]


def passages() -> list[Piece]:
    """The repair café's knowledge base, without its questions."""
    return [Piece(row["title"], row["text"], "passages") for row in rows(f"{CAFE}/passages.jsonl")]


def topics() -> list[Piece]:
    """The help topics that come with this interpreter, by paragraphs of at least SHORTEST characters."""
    from pydoc_data.topics import topics as found

    pieces = []
    for name in sorted(found):
        for paragraph in re.split(r"\n\s*\n", found[name]):
            text = " ".join(paragraph.split())
            if len(text) >= SHORTEST:
                pieces.append(Piece("", text, "topics"))
    return pieces


def docstrings(most: int) -> list[Piece]:
    """Docstrings of the standard library, file by file in the order of names, until there are `most` characters."""
    base, pieces, length, seen = Path(sysconfig.get_path("stdlib")), [], 0, set()
    for path in sorted(base.rglob("*.py")):
        if LEFT_OUT & set(path.relative_to(base).parts):
            continue
        for title, text in _documented(path):
            if text not in seen:
                seen.add(text)
                pieces.append(Piece(title, text, "docstrings"))
                length += len(text)
        if length >= most:
            break
    return pieces


def _documented(path: Path) -> list[tuple[str, str]]:
    """(name in words, docstring on one line) of all that a file documents."""
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return []
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            text = " ".join((ast.get_docstring(node) or "").split())
            if len(text) >= SHORTEST:
                found.append((in_words(getattr(node, "name", path.stem)), text))
    return found


def in_words(name: str) -> str:
    """A name as words: "read_textFile" is "read text File"."""
    return " ".join(re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name).replace("_", " ").split())


def corpus(most: int = 2_500_000) -> list[Piece]:
    """All that the models read: topics, docstrings up to `most` characters, posts to train on, passages."""
    asked = [Piece("", text, "posts") for text in posts("train")[0]]
    return topics() + docstrings(most) + asked + passages()


def two_views(piece: Piece, draw: random.Random) -> tuple[str, str]:
    """Two texts that belong together: some words of a stretch (or the title), and other words of the same piece.

    Words are left out at random, so that neither view can be known by its beginning, its length or its grammar.
    """
    words = piece.text.split()
    if piece.title and draw.random() < 0.15:
        first = piece.title.split()
    else:
        first = some(stretch(words, draw.randrange(5, 20), draw), draw.uniform(0.4, 0.9), draw)
    if len(words) > LONGEST_VIEW and draw.random() < 0.5:
        second = [words[at] for at in sorted(draw.sample(range(len(words)), LONGEST_VIEW))]
    else:
        second = some(stretch(words, LONGEST_VIEW, draw), draw.uniform(0.6, 1.0), draw)
    title = piece.title.split() if draw.random() < 0.7 else []
    return " ".join(first), " ".join(title + second)


def stretch(words: list[str], length: int, draw: random.Random) -> list[str]:
    """`length` words that follow each other, from a random place."""
    start = draw.randrange(max(1, len(words) - length + 1))
    return words[start : start + length]


def some(words: list[str], share: float, draw: random.Random) -> list[str]:
    """Each word with this probability, at least one."""
    return [word for word in words if draw.random() < share] or words[:1]
