"""A text as it stands and as it reads when simple disguises are taken off: base64, hexadecimal, rot13, zlib."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
import zlib
from collections.abc import Iterator

_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){8,}")
DEEPEST = 2  # a disguise inside a disguise


def decoded_views(text: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    """(how it was read, text): the text itself first, then what its disguised parts say."""
    yield "", text
    if depth == 0:
        yield " (rot13)", codecs.encode(text, "rot13")
    if depth >= DEEPEST:
        return
    for token in _HEX.findall(text):
        yield from _opened(binascii.unhexlify(token), " (hex)", depth)
    for token in _BASE64.findall(text):
        plain = token.replace("-", "+").replace("_", "/").rstrip("=")
        whole = plain[: len(plain) - (len(plain) % 4 == 1)]
        yield from _opened(base64.b64decode(whole + "=" * (-len(whole) % 4)), " (base64)", depth)


def _opened(data: bytes, how: str, depth: int) -> Iterator[tuple[str, str]]:
    for name, wbits in (("", 0), (", zlib", zlib.MAX_WBITS | 32), (", deflate", -zlib.MAX_WBITS)):
        content = data if not name else _inflated(data, wbits)
        if content and _is_text(content):
            for inner, view in decoded_views(content.decode("utf-8", errors="ignore"), depth + 1):
                yield how + name + inner, view


def _inflated(data: bytes, wbits: int) -> bytes:
    try:
        return zlib.decompressobj(wbits).decompress(data, 1_000_000)
    except zlib.error:
        return b""


def _is_text(data: bytes) -> bool:
    """Mostly printable: sealed bytes are not, and need no further look."""
    printable = sum(32 <= byte < 127 or byte in (9, 10, 13) or byte >= 0xC2 for byte in data)
    return printable > 0.85 * len(data)
