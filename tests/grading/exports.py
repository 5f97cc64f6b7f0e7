"""Imitations of what learning platforms export, and archives that no honest platform makes.

Names are as the platforms' own sources and public examples have them (docs/collecting.md); no real export is in here.
"""

from __future__ import annotations

import io
import json
import stat
import struct
import zipfile
from collections.abc import Iterable
from pathlib import Path

from tiny_course import KEY, answers

from autograde.cli import main
from autograde.course import Course

Files = dict[str, bytes]
WHEN = (2026, 11, 20, 18, 30, 0)


def notebook(course: Course, answer: str = "2 * x", **cell: str) -> bytes:
    """A notebook of the tiny lesson with this answer; `cell`: names and texts of an id cell at its head."""
    made = answers(course, double=f"# exercise: double\ndef double(x):\n    return {answer}")
    raw = json.loads(json.dumps(made))
    if cell:
        text = "\n".join(f'{name} = "{said}"' for name, said in cell.items())
        raw["cells"].insert(0, {"cell_type": "code", "metadata": {}, "source": text, "outputs": []})
    return json.dumps(raw).encode()


def packed(files: Files, when: tuple[int, ...] = WHEN) -> bytes:
    """A zip archive of these files."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(entry(name, when), content, zipfile.ZIP_DEFLATED)
    return data.getvalue()


def entry(name: str, when: tuple[int, ...] = WHEN) -> zipfile.ZipInfo:
    """A member's head; the name as it is, backslashes and all."""
    info = zipfile.ZipInfo("x", when)  # type: ignore[arg-type]
    info.filename = name
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    return info


def laid(root: Path, files: Files) -> Path:
    """The same files as a folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def saved(path: Path, data: bytes) -> Path:
    """An archive on disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def collect(course: Course, *arguments: object) -> int:
    """Run the command."""
    return main(["collect", "--zone", "UTC", "--lesson", KEY, "--course", str(course.root), *map(str, arguments)])


def submitted(course: Course) -> dict[str, str]:
    """Student's folder → the answer that is to be graded."""
    found = {}
    for path in sorted((course.root / "grading" / "submitted").glob(f"*/{KEY}/{KEY}.ipynb")):
        found[path.parents[1].name] = answer_in(path)
    return found


def answer_in(path: Path) -> str:
    """What stands behind `return` in a notebook of ours; "?" where there is no such thing."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return text.split("return ")[1].split('"')[0].split("\\n")[0] if "return " in text else "?"


def stamp(course: Course, student: str) -> str:
    """The time of handing in, as it is written."""
    path = course.root / "grading" / "submitted" / student / KEY / "timestamp.txt"
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under a folder, by path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def roster(path: Path, lines: Iterable[str], encoding: str = "utf-8") -> Path:
    """A roster on disk."""
    path.write_bytes("\n".join(lines).encode(encoding))
    return path


def with_flag(data: bytes, bit: int) -> bytes:
    """The archive with a flag set for its only member, in both of its heads."""
    made = bytearray(data)
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = made.find(signature) + offset
        flags = struct.unpack("<H", made[at : at + 2])[0]
        made[at : at + 2] = struct.pack("<H", flags | bit)
    return bytes(made)
