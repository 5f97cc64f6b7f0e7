"""Sealed text: what a quiz or lab file carries but a reader should not meet by accident.

What it protects: reading by eye, searching the file, comparing two options, comparing two versions of the file. Each
key costs a slow derivation, so that opening everything takes a program and some time, not a glance.
What it does not protect: the key is made from names that stand in the same file, because a notebook without a server
has nowhere to hide one. A determined student can open every seal; for a quiz that costs what clicking every option
costs. Nothing that must stay secret may be sealed this way: keys of graded quizzes stay out of the release altogether.

Construction: key = PBKDF2-HMAC-SHA256 (RFC 8018); nonce = first 16 bytes of HMAC-SHA256(key, text), which is also the
check on opening (a synthetic nonce, as in RFC 5297: the same text seals to the same bytes, a changed text shares
nothing with the old one); stream = SHAKE-256(key, nonce) XOR text.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac

ROUNDS = 250_000  # 60–100 ms on a laptop of 2020 and on a hosted notebook
SALT = b"measure-first/seal/1"
NONCE_BYTES = 16
BLOCK_BYTES = 64


class SealError(ValueError):
    """The sealed text is damaged, or the key is not the one that it was sealed with."""


@functools.lru_cache(maxsize=256)
def _key(key_text: str) -> bytes:
    return hashlib.pbkdf2_hmac("sha256", key_text.encode("utf-8"), SALT, ROUNDS)


def _stream(key: bytes, nonce: bytes, text: bytes) -> bytes:
    pad = hashlib.shake_256(key + nonce).digest(len(text))
    return bytes(a ^ b for a, b in zip(text, pad, strict=True))


def sealed_bytes(text: str, at_least: int = 0) -> int:
    """How many bytes `text` takes inside the seal: its length, four bytes of header, rounded up to whole blocks."""
    needed = max(4 + len(text.encode("utf-8")), at_least)
    return -(-needed // BLOCK_BYTES) * BLOCK_BYTES


def seal(text: str, key_text: str, size: int = 0) -> str:
    """Seal `text` under a key made from `key_text`; the same arguments always give the same base64 text.

    size: pad to at least this many bytes (see `sealed_bytes`), so that texts sealed with one size look alike.
    """
    body = text.encode("utf-8")
    padded = (len(body).to_bytes(4, "big") + body).ljust(sealed_bytes(text, size), b"\0")
    key = _key(key_text)
    nonce = hmac.digest(key, padded, "sha256")[:NONCE_BYTES]
    return base64.b64encode(nonce + _stream(key, nonce, padded)).decode("ascii")


def unseal(sealed: str, key_text: str) -> str:
    """The text that `seal` put away under the same `key_text`. Raises SealError for another key or damaged text."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except ValueError as error:
        raise SealError("this is not sealed text: it is damaged") from error
    key, nonce = _key(key_text), raw[:NONCE_BYTES]
    padded = _stream(key, nonce, raw[NONCE_BYTES:])
    if not hmac.compare_digest(hmac.digest(key, padded, "sha256")[:NONCE_BYTES], nonce):
        raise SealError("the key does not fit, or the sealed text is damaged")
    return padded[4 : 4 + int.from_bytes(padded[:4], "big")].decode("utf-8")
