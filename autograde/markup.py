"""The little markup that quizzes and labs use, as HTML that cannot carry anything else."""

from __future__ import annotations

import html
import re

FENCED = re.compile(r"```[a-z]*\n(.*?)```", re.DOTALL)
# An emphasis begins and ends at a word, so that the stars of a product (2 * 3 * 4) stay stars.
PIECE = re.compile(r"`([^`]+)`|\*\*(.+?)\*\*|(?<!\w)\*(\w(?:[^*]*\w)?)\*(?!\w)", re.DOTALL)


def to_html(text: str) -> str:
    """`code`, **bold**, *emphasis*, fenced code blocks, blank lines between paragraphs; everything else is escaped."""
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
        code, bold, emphasis = found.groups()
        if code is not None:
            parts.append(f"<code>{html.escape(code)}</code>")
        elif bold is not None:
            parts.append(f"<b>{_inline(bold)}</b>")
        else:
            parts.append(f"<em>{_inline(emphasis)}</em>")
        at = found.end()
    return "".join([*parts, html.escape(text[at:])])
