"""The frame of a page that stands alone: its style inside, no script, nothing from the network."""

from __future__ import annotations

import os
from collections.abc import Iterable
from html import escape
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
{style}
</style>
</head>
<body>
<main>
"""


def page(title: str, style: str, parts: Iterable[str]) -> str:
    """The whole page. title: plain text; style: a file beside page.css; parts: markup, of which empty ones are left out."""
    css = "".join((TEMPLATES / name).read_text(encoding="utf-8") for name in ("page.css", style))
    filled = [part for part in parts if part]
    return "\n".join([HEAD.format(title=escape(title), style=css), *filled, "</main>\n</body>\n</html>\n"])


def write_whole(path: Path, text: str) -> None:
    """Write the file whole or not at all: beside its place first, and then into it."""
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    os.replace(part, path)
