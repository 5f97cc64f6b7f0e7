"""The class as a CSV file: whatever its columns are called, from Canvas, Moodle, Blackboard, Gradescope or by hand."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

from autograde.course import CourseError
from autograde.grading.collecting.people import Student, normal
from autograde.grading.intake import decode

LARGEST = 20 * 2**20  # bytes
# Headers as they are compared: letters and digits only. Surest first where a roster has several ids.
IDS = (
    "studentid", "idnumber", "studentnumber", "matriculationnumber", "matriculation", "matrikelnummer", "matrikel",
    "matrnr", "universityid", "sisuserid", "orgdefinedid", "sisloginid", "id", "sid", "username", "login", "loginid",
    "userid", "netid", "uid", "anmeldename", "benutzername",
)  # fmt: skip
NUMBERS = ("lmsuserid", "lmsid", "canvasid", "canvasuserid")
PARTICIPANTS = ("identifier", "participant", "teilnehmer", "idteilnehmer")
NAMES = ("name", "fullname", "studentname", "displayname", "sortablename", "student", "vollstandigername")
FIRST = ("firstname", "givenname", "givennames", "forename", "vorname", "prenom", "nombre")
LAST = ("lastname", "surname", "familyname", "nachname", "nom", "apellidos", "apellido")
EMAILS = ("email", "emailaddress", "mail", "emailadresse", "correo", "adressedecourriel")
ALSO = ("also", "alias", "aliases", "files")
SUBMITTED = ("lastmodifiedsubmission", "zuletztgeandertabgabe")
KNOWN = "student_id, name, email; also: first_name, last_name, username, canvas_id, identifier (Moodle), also"


def read_roster(path: Path) -> tuple[list[Student], list[str]]:
    """The students, and what there is to say of the file. Raises CourseError."""
    try:
        if path.stat().st_size > LARGEST:
            raise CourseError(f"{path}: a roster of more than {LARGEST // 2**20} MB: is it the right file?")
        data = path.read_bytes()
    except OSError as error:
        raise CourseError(f"{path}: the roster cannot be read: {error.strerror}") from error
    if data.startswith(b"PK"):
        raise CourseError(f"{path}: the roster is a spreadsheet or a zip: save it as CSV (UTF-8)")
    text, remark = decode(data)
    rows = _rows(path, text)
    if not rows:
        raise CourseError(f"{path}: the roster is empty: a line of headers and a line for each student are wanted")
    students, said = _students(path, rows)
    return students, [*([f"{path.name}: {remark}"] if remark else []), *said]


def _rows(path: Path, text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers; the delimiter is the one that splits the first line most."""
    lines = text.splitlines()
    skip = 1 if lines and re.fullmatch(r"sep=.\s*", lines[0], re.IGNORECASE) else 0
    body = "\n".join(lines[skip:])
    head = next((line for line in lines[skip:] if line.strip()), "")
    delimiter = max(",;\t|", key=lambda mark: len(next(csv.reader([head], delimiter=mark), [])))
    reader = csv.reader(io.StringIO(body), delimiter=delimiter)
    try:
        return [(reader.line_num + skip, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise CourseError(f"{path}: line {reader.line_num + skip} of the roster is no CSV ({error})") from error


def _plain(header: str) -> str:
    """A header as it is compared."""
    parted = unicodedata.normalize("NFKD", normal(header))
    return "".join(c for c in parted if c.isalnum())


def _students(path: Path, rows: Sequence[tuple[int, list[str]]]) -> tuple[list[Student], list[str]]:
    headers = [_plain(cell) for cell in rows[0][1]]
    body = [
        (line, {header: _cell(cell) for header, cell in zip(headers, row, strict=False) if header})
        for line, row in rows[1:]
    ]
    body = [(line, row) for line, row in body if not _is_no_student(row)]
    column = _id_column(path, headers, [row for _, row in body], rows[0][1])
    made: dict[str, Student] = {}
    said: list[str] = []
    for line, row in body:
        student = _student(row, column, headers, line)
        if student is None:
            said.append(f"{path.name}, line {line}: no {column} for {_name(row) or 'a student'}: left out")
        elif student.id in made:
            said.append(_twice(path, made[student.id], student))
        else:
            made[student.id] = student
    if not made:
        raise CourseError(f"{path}: the roster has no students under its headers ({', '.join(rows[0][1])})")
    return list(made.values()), said


def _cell(text: str) -> str:
    """A cell's text: our own tables put an apostrophe before what a spreadsheet would compute."""
    shown = unicodedata.normalize("NFC", text.replace("\x00", "")).strip()
    return shown[1:] if re.match(r"'[=+\-@]", shown) else shown


def _is_no_student(row: dict[str, str]) -> bool:
    """Canvas puts lines for the most points and for its test student among the students."""
    name = normal(_first(row, ("student", *NAMES)))
    test = name in ("student, test", "test student") and not _first(row, ("sisuserid", "email"))
    return name == "points possible" or test or not any(row.values())


def _id_column(path: Path, headers: list[str], rows: list[dict[str, str]], shown: list[str]) -> str:
    """The column with the ids: the surest that has one for (nearly) everybody, else the addresses."""
    candidates = [name for name in (*IDS, *EMAILS) if name in headers]
    filled = {name: sum(bool(row.get(name)) for row in rows) for name in candidates}
    most = max(filled.values(), default=0)
    if not most:
        raise CourseError(f"{path}: no column of ids in the roster: it has {', '.join(shown)}, known are {KNOWN}")
    return next(name for name in candidates if filled[name] >= 0.9 * most)


def _student(row: dict[str, str], column: str, headers: list[str], line: int) -> Student | None:
    if not row.get(column):
        return None
    canvas = "sisloginid" in headers or "sisuserid" in headers  # its "ID" is then Canvas's own number
    number = _first(row, NUMBERS) or (row.get("id", "") if canvas else "")
    further = [row.get(name, "") for name in IDS if name in headers and name != column and (name != "id" or not canvas)]
    also = [part.strip() for part in re.split(r"[|;]", _first(row, ALSO)) if part.strip()]
    participant = re.sub(r"\D", "", _first(row, PARTICIPANTS))
    return Student(
        row[column],
        _name(row),
        _first(row, EMAILS),
        tuple(dict.fromkeys(text for text in further if text and text != row[column])),
        number if number != row[column] or canvas else "",
        participant,
        tuple(also),
        _first(row, SUBMITTED),
        line,
    )


def _name(row: dict[str, str]) -> str:
    first, last = _first(row, FIRST), _first(row, LAST)
    if first and not last:
        last = row.get("name", "")
    return f"{last}, {first}" if first and last else _first(row, NAMES) or first or last


def _first(row: dict[str, str], names: Sequence[str]) -> str:
    return next((row[name] for name in names if row.get(name)), "")


def _twice(path: Path, one: Student, other: Student) -> str:
    """What to say of an id that is there twice. Raises CourseError where two people would share it."""
    if normal(one.name) != normal(other.name) or normal(one.email) != normal(other.email):
        raise CourseError(
            f"{path}: the id {one.id!r} stands on line {one.line} for {one.name or one.email!r} and on line "
            f"{other.line} for {other.name or other.email!r}: give each student an id of their own"
        )
    return f"{path.name}, line {other.line}: {one.id} stands there twice (also on line {one.line}): taken once"
