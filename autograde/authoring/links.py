"""Links and pictures in Markdown: where they stand, whether they resolve inside the repository, and alt texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from autograde.authoring.problems import Problem
from autograde.course import read_text

_IMAGE = re.compile(r"!\[(?P<label>[^\]]*)\]\(\s*<?(?P<target>[^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_LINK = re.compile(r"(?<!!)\[(?P<label>[^\[\]]*)\]\(\s*<?(?P<target>[^)\s>]*)>?(?:\s+\"[^\"]*\")?\s*\)")
_REFERENCE = re.compile(r"^ {0,3}\[(?P<label>[^\]^]+)\]:\s*<?(?P<target>[^\s>]+)>?", re.MULTILINE)
_HTML_IMAGE = re.compile(r"<img\b(?P<attributes>[^>]*)>", re.IGNORECASE)
_HTML_LINK = re.compile(r"<a\b[^>]*\bhref\s*=\s*[\"'](?P<target>[^\"']*)[\"']", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\b(src|alt)\s*=\s*(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_BEGINS = re.compile(r"\s*(?:$|\||#{1,6}\s|[-*+]\s|\d+[.)]\s)")  # a blank line, row, heading or item
_OUTSIDE = re.compile(r"^([a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
ALT_MEND = "say what the picture shows, with its numbers: ![two curves, the upper one flat at 0.9](…)"


@dataclass(frozen=True)
class Link:
    """A link or picture: the line it stands on (counted from 0), where it points to, and a picture's alt text."""

    line: int
    target: str
    picture: bool = False
    alt: str = ""


def prose_lines(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a Markdown text outside fenced code, with code spans blanked out."""
    fence = ""
    for number, line in enumerate(text.splitlines()):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) else fence
        elif mark:
            fence = mark[1]
        else:
            yield number, re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", lambda code: " " * len(code[0]), line)


def paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """The prose lines that belong together, joined, with the first one's number: a link may be broken between two."""
    first, lines = 0, list[str]()
    for number, line in prose_lines(text):
        if lines and (number != first + len(lines) or _BEGINS.match(line)):
            yield first, "\n".join(lines)
            lines = []
        first = first if lines else number
        lines.append(line)
    if lines:
        yield first, "\n".join(lines)


def links_in(text: str) -> Iterator[Link]:
    """The links and pictures of a Markdown text, Markdown's and HTML's."""
    for first, prose in paragraphs(text):

        def at(found: re.Match[str], prose: str = prose, first: int = first) -> int:
            return first + prose.count("\n", 0, found.start())

        for found in _IMAGE.finditer(prose):
            yield Link(at(found), found["target"], True, found["label"].strip())
        for found in _HTML_IMAGE.finditer(prose):
            given = {name.lower(): value[1:-1].strip() for name, value in _ATTRIBUTE.findall(found["attributes"])}
            yield Link(at(found), given.get("src", ""), True, given.get("alt", ""))
        # A badge, a picture inside a link, counts as a link too. Same length, so that places stay.
        plain = _IMAGE.sub(lambda image: re.sub(r"[^\n]", "_", image[0]), prose)
        for pattern in (_LINK, _REFERENCE, _HTML_LINK):
            for found in pattern.finditer(plain):
                yield Link(at(found), found["target"])


def with_absolute_links(text: str, page: Callable[[str], str], file: Callable[[str], str]) -> str:
    """The text with each repository-relative link replaced: `page` makes a link's address, `file` a picture's."""
    lines = text.split("\n")
    for first, blanked in paragraphs(text):
        edits = [(m.span("target"), file) for m in _IMAGE.finditer(blanked)]
        edits += [(m.span("target"), page) for p in (_LINK, _REFERENCE, _HTML_LINK) for m in p.finditer(blanked)]
        edits += [(m.span("target"), page) for m in re.finditer(r"\)\]\((?P<target>[^)\s]*)\)", blanked)]
        for tag in _HTML_IMAGE.finditer(blanked):
            for source in re.finditer(r"\bsrc\s*=\s*[\"'](?P<target>[^\"']*)[\"']", tag[0], re.IGNORECASE):
                edits.append(((tag.start() + source.start("target"), tag.start() + source.end("target")), file))
        last = first + blanked.count("\n") + 1
        prose = "\n".join(lines[first:last])
        for (start, end), address in sorted(set(edits), reverse=True, key=lambda edit: edit[0]):
            target = prose[start:end]
            if target and not is_outside(target) and not target.startswith("#"):
                prose = prose[:start] + address(target) + prose[end:]
        lines[first:last] = prose.split("\n")
    return "\n".join(lines)


def is_outside(target: str) -> bool:
    """Whether a link leads out of the repository (https:, mailto:, …)."""
    return bool(_OUTSIDE.match(target))


def slug(heading: str) -> str:
    """The anchor that GitHub gives a heading: "A & B: `c_d`" → "a--b-c_d"."""
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    text = re.sub(r"[*`]|<[^>]*>", "", text).strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


@cache
def _anchors(path: Path, changed: int) -> frozenset[str]:
    seen: dict[str, int] = {}
    anchors = set()
    for _, line in prose_lines_with_code(read_text(path)):
        heading = re.match(r"^ {0,3}#{1,6}\s+(.*?)\s*#*$", line)
        if heading:
            name = slug(heading[1])
            anchors.add(f"{name}-{seen[name]}" if name in seen else name)
            seen[name] = seen.get(name, 0) + 1
        anchors.update(re.findall(r"<[a-z]+[^>]*\b(?:id|name)\s*=\s*[\"']([^\"']+)[\"']", line))
    return frozenset(anchors)


def prose_lines_with_code(text: str) -> Iterator[tuple[int, str]]:
    """The lines outside fenced code, code spans kept (a heading may hold some)."""
    lines = text.splitlines()
    for number, _ in prose_lines(text):
        yield number, lines[number]


def anchors_of(path: Path) -> frozenset[str]:
    """The anchors of a Markdown file."""
    return _anchors(path, path.stat().st_mtime_ns)


def unresolved(root: Path, folder: str, target: str) -> str:
    """Why `target`, written in a file of `folder`, leads nowhere inside the repository ("" where it resolves)."""
    if is_outside(target):
        return ""
    name, _, anchor = target.partition("#")
    start = PurePosixPath(name.lstrip("/")) if name.startswith("/") else PurePosixPath(folder) / name
    path = (root / start).resolve()
    if not path.is_relative_to(root.resolve()):
        return "leads out of the repository"
    if not path.exists():
        return f"there is no {path.relative_to(root.resolve()).as_posix()}"
    if anchor and path.suffix == ".md" and anchor not in anchors_of(path):
        return f"{path.relative_to(root.resolve()).as_posix()} has no heading for #{anchor}"
    return ""


def text_problems(root: Path, folder: str, where: str, text: str, first: int = 1) -> list[Problem]:
    """What is wrong with the links and pictures of a Markdown text whose first line is line `first` of file `where`."""
    found = []
    for link in links_in(text):
        why = unresolved(root, folder, link.target) if link.target else "it points nowhere"
        if not link.target.startswith("#") and why:
            mend = "mend the path or the #anchor (small letters, hyphens for spaces), or write the page"
            found.append(Problem(where, first + link.line, f"link {link.target!r}: {why}", mend))
        if link.picture and not link.alt:
            found.append(Problem(where, first + link.line, f"picture {link.target!r} has no alt text", ALT_MEND))
    return found


def document_problems(root: Path) -> list[Problem]:
    """What is wrong with the links and pictures of README.md, CONTRIBUTING.md and the pages in docs/."""
    found = []
    for path in [root / "README.md", root / "CONTRIBUTING.md", *sorted((root / "docs").rglob("*.md"))]:
        if path.is_file():
            where, text = path.relative_to(root).as_posix(), read_text(path)
            folder = path.parent.relative_to(root).as_posix()
            found += text_problems(root, folder, where, text)
            for link in links_in(text):
                if link.target.startswith("#") and link.target[1:] not in anchors_of(path):
                    what = f"link {link.target!r}: no heading of this page has that anchor"
                    found.append(Problem(where, 1 + link.line, what, "mend the #anchor"))
    return found
