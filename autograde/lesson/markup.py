"""The little markup that quizzes and labs use, as HTML that cannot carry anything else."""

from __future__ import annotations

import html
import re

FENCED = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
PIECE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*", re.DOTALL)


def to_html(text: str) -> str:
    """`code`, **bold**, fenced code blocks and blank lines between paragraphs; everything else is escaped."""
    parts = []
    at = 0
    for block in FENCED.finditer(text):
        parts += [_paragraphs(text[at : block.start()]), f"<pre>{html.escape(block[1].rstrip())}</pre>"]
        at = block.end()
    return "".join([*parts, _paragraphs(text[at:])])


def _paragraphs(text: str) -> str:
    pieces = [" ".join(piece.split()) for piece in re.split(r"\n\s*\n", text)]
    return "<br><br>".join(_inline(piece) for piece in pieces if piece)


def _inline(text: str) -> str:
    parts = []
    at = 0
    for found in PIECE.finditer(text):
        parts.append(html.escape(text[at : found.start()]))
        tag, inside = ("code", html.escape(found[1])) if found[1] is not None else ("b", _inline(found[2]))
        parts.append(f"<{tag}>{inside}</{tag}>")
        at = found.end()
    return "".join([*parts, html.escape(text[at:])])
