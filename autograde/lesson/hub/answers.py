"""HTTP as the application speaks it: a request that was read with care, and answers with the Hub's headers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, unquote

from autograde.lesson.hub.names import Refused
from autograde.lesson.hub.objects import File

Environ = dict[str, Any]
Start = Callable[[str, list[tuple[str, str]]], Any]
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
LONGEST_ADDRESS = 8 << 10
NAME = "measure-first-hub"


@dataclass(frozen=True)
class Request:
    """One request: method, the path's parts, the query, who asks ("" for nobody), and the address of this Hub."""

    method: str
    parts: list[str]
    query: dict[str, list[str]]
    user: str
    address: str
    environ: Environ = field(repr=False)

    def header(self, name: str) -> str:
        """A header's text, "" where there is none."""
        return str(self.environ.get(f"HTTP_{name.upper().replace('-', '_')}", ""))

    def body(self, most: int) -> bytes:
        """The request's body. Raises Refused where it is longer than `most`."""
        length = self.length()
        if length is not None and length > most:
            raise Refused(413, f"{length} bytes are more than this Hub reads at once ({most})")
        data: bytes = self.environ["wsgi.input"].read(most + 1 if length is None else length)
        if len(data) > most:
            raise Refused(413, f"this Hub reads {most} bytes at once")
        return data

    def length(self) -> int | None:
        """The length of the body, None where it is read to its end. Raises Refused where neither is told."""
        text = str(self.environ.get("CONTENT_LENGTH") or "")
        if not text:
            return None if self.environ.get("wsgi.input_terminated") else 0
        if not text.isdecimal() or len(text) > 18:
            raise Refused(400, "Content-Length is no number")
        return int(text)


def request(environ: Environ, user: str) -> Request:
    """The request of a WSGI environment. Raises Refused for an address that cannot be read."""
    path = str(environ.get("RAW_PATH") or environ.get("PATH_INFO") or "/")
    query_text = str(environ.get("QUERY_STRING") or "")
    if len(path) + len(query_text) > LONGEST_ADDRESS:
        raise Refused(414, "this address is too long")
    try:
        parts = [unquote(part, errors="strict") for part in path.strip("/").split("/")]
        query = parse_qs(query_text, keep_blank_values=True, max_num_fields=200, errors="strict")
    except ValueError as error:
        raise Refused(400, "this address cannot be read") from error
    host = environ.get("HTTP_HOST") or f"{environ.get('SERVER_NAME', 'localhost')}:{environ.get('SERVER_PORT', '80')}"
    if not re.fullmatch(r"[A-Za-z0-9.:\[\]_-]{1,255}", str(host)):
        raise Refused(400, "the Host header is no host")
    address = f"{environ.get('wsgi.url_scheme', 'http')}://{host}"
    return Request(str(environ["REQUEST_METHOD"]), parts, query, user, address, environ)


@dataclass(frozen=True)
class Answer:
    """An answer: status, headers and the body in pieces."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()

    def send(self, start: Start, head_only: bool) -> Iterable[bytes]:
        """Say it in WSGI's way."""
        start(f"{self.status} {HTTPStatus(self.status).phrase}", [*self.headers, ("X-Served-By", NAME)])
        return [] if head_only else self.body


def as_json(made: Any, status: int = 200, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """An answer in JSON."""
    data = json.dumps(made).encode()
    told = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(data))), *headers]
    return Answer(status, told, [data])


def as_text(text: str) -> Answer:
    """An answer that a person reads in a browser, as plain text."""
    data = text.encode()
    return Answer(200, [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(data)))], [data])


def refusal(refused: Refused, headers: Iterable[tuple[str, str]] = ()) -> Answer:
    """The answer to a request that was refused."""
    # a header takes one line of Latin-1; the body says it in full
    line = re.sub(r"[^\x20-\x7e]", "?", refused.why)[:300]
    told = [("X-Error-Message", line), *([("X-Error-Code", refused.code)] if refused.code else []), *headers]
    return as_json({"error": refused.why}, refused.status, told)


def as_file(file: File, commit: str, asked: Request) -> Answer:
    """A file's bytes, or the range of them that was asked for. Raises Refused for a range that it does not have."""
    headers = [
        ("ETag", f'"{file.etag}"'),
        ("X-Repo-Commit", commit),
        ("Accept-Ranges", "bytes"),
        ("Content-Type", "application/octet-stream"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    if file.large:
        headers += [("X-Linked-Etag", f'"{file.etag}"'), ("X-Linked-Size", str(file.size))]
    if asked.header("If-None-Match") == f'"{file.etag}"':
        return Answer(304, headers)
    first, last, partial = _range(asked.header("Range"), file.size)
    headers.append(("Content-Length", str(last - first)))
    if partial:
        headers.append(("Content-Range", f"bytes {first}-{last - 1}/{file.size}"))
    return Answer(206 if partial else 200, headers, _pieces(file, first, last))


def _range(text: str, size: int) -> tuple[int, int, bool]:
    """Where the asked range begins and ends, and whether one was asked for."""
    found = _RANGE.fullmatch(text[:60]) if text else None
    if not found or found.groups() == ("", ""):  # none, or one that may be ignored
        return 0, size, False
    first, last = found.groups()
    if not first:
        begin, end = max(0, size - int(last)), size
    else:
        begin, end = int(first), min(int(last) + 1, size) if last else size
    if begin >= end:
        raise Refused(416, f"this file has {size} bytes")
    return begin, end, True


def _pieces(file: File, first: int, last: int) -> Iterator[bytes]:
    with open(file.place, "rb") as opened:
        opened.seek(first)
        left = last - first
        while left > 0 and (block := opened.read(min(left, 1 << 20))):
            left -= len(block)
            yield block
