"""What a cell put out: events as a Jupyter kernel sends them, put together as nbclient does, within bounds.

The student's side sends events, small JSON lists; `Assembly` makes nbformat outputs of them. It believes nothing: an
event that is not one raises WireError, and whatever it keeps is text of a bounded size and of a known type, so that
neither a notebook nor a page made from it can break.

    ["stream", name, text]          ["display", data, metadata, display_id or None]
    ["result", data, metadata]      ["update", data, metadata, display_id]
    ["error", ename, evalue, traceback]      ["clear", wait]      ["more"]: there is more than is kept
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from dataclasses import dataclass, field
from typing import Any

from autograde.wall.limits import WireError

Output = dict[str, Any]  # an output of a cell, as nbformat 4 has it
Event = list[Any]

CUT = "… more output than is kept\n"
ERROR_ROOM = 1_000_000  # characters of all errors of one cell
ERROR_LINES = 200  # entries of a traceback that are kept
ERROR_HEAD = 20  # of these, the first ones
ERROR_TEXT = 20_000  # characters of a message; of a traceback's entries half of it each
ERROR_TRACE = 200_000  # characters of a whole traceback
LEAST = 64  # what the smallest output counts, in characters: a million empty ones are no small output
DEEPEST = 32  # levels of application/json
NAMES = 500  # displays of one process that can be updated later
SAME_NAME = 20  # outputs under one display_id that are updated together
DISPLAY_ID = 200  # characters

TEXTS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml")
PICTURES = ("image/png", "image/jpeg", "image/gif")
WIDGET = "application/vnd.jupyter.widget-view+json"
CONTROL = re.compile("[\x00-\x07\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
WORD = re.compile(r"[\w-]{1,100}", re.ASCII)


@dataclass
class CellResult:
    """How a cell ran on the student's side. Seconds by the judge's clock; peak_bytes is the process's own word."""

    status: str  # ok, error, timeout, crashed, out_of_memory, tampered
    outputs: list[Output] = field(default_factory=list)
    seconds: float = 0.0
    message: str = ""
    peak_bytes: int = 0


def readable(text: str) -> str:
    """Text that any file and page can hold: without lone surrogates and control characters but \\t \\n \\r \\b ESC."""
    return CONTROL.sub("\ufffd", text)


def size_of(value: Any) -> int:
    """Roughly how many characters an output holds."""
    if isinstance(value, dict):
        return sum(len(key) + size_of(item) for key, item in value.items())
    if isinstance(value, list):
        return sum(size_of(item) for item in value)
    return len(value) if isinstance(value, str) else 8


class Assembly:
    """The outputs of one cell, from its events. `room`: characters of output that are kept (errors have their own).

    displays: display_id → the last outputs shown under it, of this cell and of those before; an update changes them.
    Every event has a price in characters, so that the work for a flood of them is bounded, too.
    """

    def __init__(self, room: int, number: int | None, displays: dict[str, list[Output]] | None = None) -> None:
        self.room, self.error_room, self.number = room, ERROR_ROOM, number
        self.displays = {} if displays is None else displays
        self.cut = False
        self._outputs: list[Output] = []
        self._printed: list[str] = []  # text of the last output, where that is a stream, not yet joined
        self._named: set[str] = set()  # displays among this cell's outputs
        self._clear_next = False  # clear_output(wait=True): when the next output comes

    @property
    def outputs(self) -> list[Output]:
        """The outputs so far."""
        self._settle()
        return self._outputs

    def add(self, event: Any) -> None:
        """Take one event. Raises WireError for what is not one."""
        if not isinstance(event, list) or not event or not isinstance(event[0], str):
            raise WireError("an output that is not one")
        kind, rest = event[0], event[1:]
        shape = SHAPES.get(kind)
        if shape is None or len(shape) != len(rest):
            raise WireError("an output of no known kind")
        if not all(isinstance(part, types) for part, types in zip(rest, shape, strict=True)):
            raise WireError(f"an output ({kind}) of the wrong form")
        if kind == "error":
            self._error(*rest)
        elif not self.cut:
            getattr(self, f"_{kind}")(*rest)

    def _stream(self, name: str, text: str) -> None:
        if name not in ("stdout", "stderr"):
            raise WireError("a stream of no known name")
        kept = text[: self.room]
        if kept:
            last = self._outputs[-1] if self._outputs and not self._clear_next else {}
            if last.get("name") != name:
                self._keep({"output_type": "stream", "name": name, "text": ""})
                self._pay(LEAST)
            self._printed.append(readable(kept))
            self._pay(len(kept))
        if len(kept) < len(text):
            self._more()

    def _display(self, data: dict, metadata: dict, display_id: str | None) -> None:
        bundle = self._bundle(data, metadata)
        if bundle is None:
            return
        shown = {"output_type": "display_data", **bundle}
        self._keep(shown)
        if display_id is not None:
            self._change(display_id, bundle)
            if len(display_id) <= DISPLAY_ID and (display_id in self.displays or len(self.displays) < NAMES):
                self.displays[display_id] = [*self.displays.get(display_id, []), shown][-SAME_NAME:]
                self._named.add(display_id)

    def _update(self, data: dict, metadata: dict, display_id: str) -> None:
        bundle = self._bundle(data, metadata)
        if bundle is not None:
            self._change(display_id, bundle)

    def _change(self, display_id: str, bundle: dict[str, Any]) -> None:
        for shown in self.displays.get(display_id, []):
            shown.update(bundle)

    def _result(self, data: dict, metadata: dict) -> None:
        bundle = self._bundle(data, metadata)
        if bundle is not None:
            self._keep({"output_type": "execute_result", "execution_count": self.number, **bundle})

    def _error(self, ename: str, evalue: str, traceback: list) -> None:
        if not all(isinstance(entry, str) for entry in traceback):
            raise WireError("a traceback that is not text")
        _, ename, evalue, entries = event = error_event(ename, evalue, traceback)
        self.error_room -= size_of(event) + LEAST
        if self.error_room > 0:
            text = {"ename": readable(ename), "evalue": readable(evalue)}
            self._keep({"output_type": "error", **text, "traceback": [readable(entry) for entry in entries]})

    def _clear(self, wait: bool) -> None:
        self._pay(LEAST // 8)
        if wait:
            self._clear_next = True
        else:
            self._forget()

    def _more(self) -> None:
        """There is no room for what comes."""
        self.room, self.cut = 0, True
        last = self._outputs[-1] if self._outputs and not self._clear_next else {}
        if last.get("name") != "stdout":
            self._keep({"output_type": "stream", "name": "stdout", "text": ""})
        self._printed.append(f"\n{CUT}")

    def _pay(self, price: int) -> None:
        self.room = max(0, self.room - price)

    def _keep(self, output: Output) -> None:
        if self._clear_next:
            self._forget()
        self._settle()
        self._outputs.append(output)

    def _settle(self) -> None:
        """Join what was printed to the last output."""
        if self._printed:
            self._outputs[-1]["text"] += "".join(self._printed)
            self._printed = []

    def _forget(self) -> None:
        """Drop the cell's outputs so far, and what is known of displays among them."""
        gone, self._clear_next, self._printed = {id(output) for output in self._outputs}, False, []
        for name in self._named:
            self.displays[name] = [output for output in self.displays[name] if id(output) not in gone]
        self._outputs = []
        self._named = set()

    def _bundle(self, data: dict, metadata: dict) -> dict[str, Any] | None:
        """{data, metadata} of what may be kept of a mime bundle; None where nothing of it may, or there is no room."""
        size = size_of(data) + size_of(metadata) + LEAST
        if size > self.room:
            self._more()
            return None
        self._pay(size)
        kept = {mime: value for mime, given in data.items() if (value := _accepted(mime, given)) is not None}
        return {"data": kept, "metadata": _picture_metadata(metadata)} if kept else None


SHAPES: dict[str, tuple[Any, ...]] = {
    "stream": (str, str),
    "display": (dict, dict, str | None),
    "update": (dict, dict, str),
    "result": (dict, dict),
    "error": (str, str, list),
    "clear": (bool,),
    "more": (),
}


def error_event(ename: str, evalue: str, traceback: list[str]) -> Event:
    """An error as an event of a bounded size. Of a long traceback (a recursion's) the first and last lines are kept."""
    if len(traceback) > ERROR_LINES:
        left_out = f"    [... {len(traceback) - ERROR_LINES} more lines ...]\n"
        traceback = [*traceback[:ERROR_HEAD], left_out, *traceback[ERROR_HEAD - ERROR_LINES :]]
    entries: list[str] = []
    left = ERROR_TRACE
    for entry in reversed(traceback):
        entry = _short(entry, ERROR_TEXT // 2)
        left -= len(entry)
        if left < 0:
            break
        entries.append(entry)
    return ["error", ename[:200], _short(evalue, ERROR_TEXT), entries[::-1]]


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 2] + " …"


def _accepted(mime: str, given: Any) -> Any:
    """The value that is kept under this type, None for none. A picture goes into a page's attribute: base64 only."""
    if mime in TEXTS:
        return readable(given) if isinstance(given, str) else None
    if mime in PICTURES:
        try:
            return (
                base64.b64encode(base64.b64decode(given, validate=False)).decode() if isinstance(given, str) else None
            )
        except (ValueError, binascii.Error):
            return None
    if mime == WIDGET and isinstance(given, dict):
        name, versions = given.get("model_id"), {k: given.get(k) for k in ("version_major", "version_minor")}
        right = isinstance(name, str) and WORD.fullmatch(name) and all(map(_small, versions.values()))
        return {**versions, "model_id": name} if right else None
    return _plain(given, DEEPEST) if mime == "application/json" else None


def _small(value: Any) -> bool:
    return type(value) is int and 0 <= value < 100_000


def _picture(text: str) -> str | None:
    """Base64 made anew from what the text encodes; None where it encodes nothing."""
    try:
        return base64.b64encode(base64.b64decode(text)).decode()
    except (ValueError, binascii.Error):
        return None


def _plain(value: Any, levels: int) -> Any:
    """JSON as it is, but readable and not too deep; None where it is."""
    if levels == 0:
        return None
    if isinstance(value, dict):
        return {readable(key): _plain(item, levels - 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item, levels - 1) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return readable(value) if isinstance(value, str) else value


def _picture_metadata(metadata: dict[str, Any]) -> dict[str, Any]:
    """What a page reads of an output's metadata, and only in the form that it should have."""
    kept: dict[str, Any] = {}
    for mime in PICTURES:
        given = metadata.get(mime)
        sizes = (
            {k: given[k] for k in ("width", "height") if type(given.get(k)) is int} if isinstance(given, dict) else {}
        )
        if sizes:
            kept[mime] = sizes
    if metadata.get("needs_background") in ("light", "dark"):
        kept["needs_background"] = metadata["needs_background"]
    return kept
