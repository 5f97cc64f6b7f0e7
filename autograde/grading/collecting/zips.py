"""A zip archive looked at with suspicion: what is in it, what of that may be read, and the bytes of one member.

Nothing is ever extracted under its own name. Facts: PKWARE's APPNOTE (end records, extra fields, flags).
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from autograde.grading.collecting.entries import LARGEST_NOTEBOOK, Unreadable, path_parts

END = b"PK\x05\x06"
END_64 = b"PK\x06\x06"
LARGEST_COMMENT = 65535
SUSPICIOUS = 2**20  # bytes from which on the ratio is looked at
LARGEST_RATIO = 200  # a notebook of text shrinks 5 to 20 times; deflate's limit is 1032
AGAIN = "download it again; if that does not help, ask whoever made it for another"


@dataclass(frozen=True)
class Limits:
    """members: how many an archive may have. directory, member: bytes of its list, of one unpacked member."""

    members: int
    directory: int
    member: int = LARGEST_NOTEBOOK


WHOLE_CLASS = Limits(200_000, 64 * 2**20, LARGEST_NOTEBOOK)
ONE_STUDENT = Limits(5_000, 2**20)


@dataclass(frozen=True)
class Member:
    """A file in an archive. `refusal` says why it is not to be read ("" if it may be)."""

    info: zipfile.ZipInfo
    name: str
    parts: tuple[str, ...]
    modified: datetime | None
    refusal: str


def open_zip(file: BinaryIO, limits: Limits) -> tuple[zipfile.ZipFile, list[Member]]:
    """The archive and its files. Raises Unreadable for one that is no whole zip archive or makes no sense."""
    _check_directory(file, limits)
    try:
        archive = zipfile.ZipFile(file)
    except UnicodeDecodeError as error:
        raise Unreadable("a name in it is marked as UTF-8 and is not", AGAIN) from error
    except (zipfile.BadZipFile, NotImplementedError, struct.error, ValueError, OverflowError, OSError) as error:
        raise Unreadable(f"it cannot be read as a zip archive ({error})", AGAIN) from error
    infos = archive.infolist()
    if len(infos) > limits.members:
        raise Unreadable(f"it holds {len(infos):,} files (at most {limits.members:,} are read)", "hand in less")
    if _overlap(infos):
        raise Unreadable("its members overlap: a zip bomb, or damaged", AGAIN)
    return archive, _members(infos, limits)


def _members(infos: Sequence[zipfile.ZipInfo], limits: Limits) -> list[Member]:
    """The files; where a path is there twice, the last one counts, as for every unpacker."""
    made: dict[str, Member] = {}
    twice = []
    for info in infos:
        if info.orig_filename.endswith(("/", "\\")):
            continue
        member = _member(info, limits)
        key = "/".join(member.parts) or member.name
        if key in made:
            twice.append(_refused(made[key], "its path stands in the archive twice: the last one counts"))
        made[key] = member
    return [*made.values(), *twice]


def _refused(member: Member, reason: str) -> Member:
    return Member(member.info, member.name, member.parts, member.modified, member.refusal or reason)


def _member(info: zipfile.ZipInfo, limits: Limits) -> Member:
    name = member_name(info)
    try:
        parts = path_parts(name)
        refusal = _refusal(info, limits)
    except Unreadable as error:
        parts, refusal = (), error.reason
    return Member(info, name, parts, _time(info), refusal)


def _refusal(info: zipfile.ZipInfo, limits: Limits) -> str:
    """Why a member is not read ("" if it may be)."""
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind == stat.S_IFLNK:
        return "it is a symbolic link, not a file"
    if kind not in (0, stat.S_IFREG):
        return "it is a device, a pipe or another special file"
    if info.flag_bits & 0x1:
        return "it is encrypted: ask for it without a password"
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return f"it is compressed by method {info.compress_type}; only deflate is read: pack it anew as a plain zip"
    if info.file_size > limits.member:
        return f"it would unpack to {info.file_size / 2**20:,.0f} MB (at most {limits.member // 2**20} MB are read)"
    ratio = info.file_size / max(info.compress_size, 1)
    if info.file_size > SUSPICIOUS and ratio > LARGEST_RATIO:
        return f"it would unpack to {ratio:,.0f} times its size: a zip bomb"
    return ""


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, most: int) -> bytes:
    """The bytes of a member, `most` of them at the most. Raises Unreadable."""
    try:
        with archive.open(info) as file:
            data = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, struct.error) as error:
        raise Unreadable(f"it is damaged ({error})", AGAIN) from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"it cannot be read ({error})", AGAIN) from error
    if len(data) > most:
        raise Unreadable(f"it is larger than {most // 2**20} MB")
    if len(data) != info.file_size:
        raise Unreadable("it is shorter than the archive says", AGAIN)
    return data


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name. Where it is not marked as UTF-8 the standard says code page 437; most write UTF-8 anyway."""
    name = info.orig_filename
    if info.flag_bits & 0x800:
        return name
    raw = name.encode("cp437", "replace")
    said = _extra(info, 0x7075)  # the Unicode path: version, CRC of the other name, UTF-8
    if len(said) > 5 and said[0] == 1 and struct.unpack("<L", said[1:5])[0] == zlib.crc32(raw):
        return said[5:].decode("utf-8", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return name


def _time(info: zipfile.ZipInfo) -> datetime | None:
    """When the member was changed: with a zone where the archive has it (extended timestamp), else wall time."""
    said = _extra(info, 0x5455)
    try:
        if len(said) >= 5 and said[0] & 1:
            return datetime.fromtimestamp(struct.unpack("<l", said[1:5])[0], UTC)
        return datetime(*info.date_time) if info.date_time[0] > 1980 else None
    except (ValueError, OverflowError, OSError):
        return None


def _extra(info: zipfile.ZipInfo, wanted: int) -> bytes:
    """An extra field's data (b"" where it is not there)."""
    rest = info.extra
    while len(rest) >= 4:
        kind, length = struct.unpack("<HH", rest[:4])
        if kind == wanted:
            return rest[4 : 4 + length]
        rest = rest[4 + length :]
    return b""


def _overlap(infos: Sequence[zipfile.ZipInfo]) -> bool:
    """Whether two members share bytes: so a small file can hold a huge one many times."""
    end = 0
    for info in sorted(infos, key=lambda info: info.header_offset):
        if info.header_offset < end:
            return True
        end = info.header_offset + 30 + info.compress_size  # 30 bytes: a member's header without its name
    return False


def _check_directory(file: BinaryIO, limits: Limits) -> None:
    """Raise Unreadable where the end of the archive is missing, or its list of members would fill the memory."""
    file.seek(0, 2)
    length = file.tell()
    start = max(0, length - LARGEST_COMMENT - 22 - 76)
    file.seek(start)
    tail = file.read()
    at = tail.rfind(END)
    if at < 0 or len(tail) - at < 22:
        raise Unreadable("it is cut short: its end is missing", AGAIN)
    size = struct.unpack("<L", tail[at + 12 : at + 16])[0]
    wide = tail.rfind(END_64, 0, at)
    if wide >= 0 and len(tail) - wide >= 48:
        size = struct.unpack("<Q", tail[wide + 40 : wide + 48])[0] if size == 0xFFFFFFFF else size
    if size > min(limits.directory, length):
        raise Unreadable(f"its list of members is {size / 2**20:,.0f} MB long", AGAIN)
