"""`lesson.hub()`: the real Hub or the course's own in its place, so that the student's code is the same with both."""

from __future__ import annotations

import atexit
import os
import secrets
import tempfile
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograde.lesson.hub.answers import NAME
from autograde.lesson.hub.app import App
from autograde.lesson.hub.client import ADDRESS, connect
from autograde.lesson.hub.names import KINDS, Refused, repo_id
from autograde.lesson.hub.store import Repo, Store
from autograde.lesson.hub.uploads import unpack
from autograde.lesson.trouble import LessonError

VARIABLE = "MEASURE_FIRST_HUB"
REAL_ADDRESS = "https://huggingface.co"
STUDENT = "student"  # who pushes to the course's own Hub inside a lesson
TOKEN = f"hf_{STUDENT}"  # opens nothing anywhere else
REACH_SECONDS = 3.0
MOST_PUSHED = 128 << 20  # half of what a submission's sandbox can write
# On the course's own Hub.
OWN = {
    "encoder": "measure-first/tiny-encoder",
    "decoder": "measure-first/tiny-decoder",
    "posts": "measure-first/advice-or-venting",
    "passages": "measure-first/repair-cafe",
}
# On the real Hub: a sentence encoder of 22 million parameters and an instruct model of 135 million, both small enough
# for a free GPU and both published as safetensors. The course is made on machines that cannot reach the Hub, so these
# two were never loaded there; the data sets are the course's own in either case, read from their folder.
REAL = {"encoder": "sentence-transformers/all-MiniLM-L6-v2", "decoder": "HuggingFaceTB/SmolLM2-135M-Instruct"}


@dataclass(frozen=True)
class Hub:
    """Which Hub this lesson works with, and what it takes from there.

    local: True for the course's own. encoder, decoder: ids for `from_pretrained`; posts, passages: for `load_dataset`.
    user: who pushes ("" on the real Hub without a login). why: the reason for this choice, in words.
    """

    local: bool
    encoder: str
    decoder: str
    posts: str
    passages: str
    user: str = ""
    address: str = REAL_ADDRESS
    why: str = ""
    store: Store | None = field(default=None, repr=False)

    def api(self) -> Any:
        """The client library's HfApi for this Hub."""
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.address, token=TOKEN if self.local and self.store is not None else None)

    def pushed_files(self, repo: str, repo_type: str = "model", revision: str = "main") -> dict[str, bytes]:
        """Every file of a repository on the course's own Hub, as bytes. Raises LessonError where there is none."""
        commit = self._pushed(repo, repo_type, revision)
        return {path: file.place.read_bytes() for path, file in commit.files.items()}

    def pushed(self, repo: str, repo_type: str = "model", revision: str = "main") -> Path:
        """A new temporary folder with the files of a repository on the course's own Hub. Raises LessonError."""
        commit = self._pushed(repo, repo_type, revision)
        assert self.store is not None
        place = self.store.here()[0][-1]
        place.mkdir(parents=True, exist_ok=True)
        return unpack(commit.files, Path(tempfile.mkdtemp(prefix="unpacked-", dir=place)))

    def _pushed(self, repo: str, repo_type: str, revision: str) -> Any:
        if self.store is None:
            raise LessonError("only the course's own Hub can be looked into: on this one, use snapshot_download.")
        owner, _, name = repo.partition("/")
        if f"{repo_type}s" not in KINDS:
            raise LessonError(f'repo_type is {repo_type!r}: choose "model", "dataset" or "space".')
        try:
            found: Repo = self.store.get(repo_id(f"{repo_type}s", owner, name))
            return found.at(revision)
        except Refused as refused:
            raise LessonError(f"{refused.why}. Was it pushed?") from None

    def __str__(self) -> str:
        whose = "the course's own Hub" if self.local else "the Hugging Face Hub"
        return f"{whose} ({self.why})"


@dataclass
class _Connection:
    """The Hub of this process, what asked for it, and what undoes it."""

    asked: str
    hub: Hub
    undo: Callable[[], None]


_now: list[_Connection] = []


def hub(scale: str = "auto") -> Hub:
    """Point the client libraries at the Hub that fits this machine, and say which it is. Safe to call again.

    MEASURE_FIRST_HUB=local or real decides; otherwise it is the course's own Hub at small scale ("ci", which is what
    `start` chose last, or scale if given) and where the real one cannot be reached. Grading always takes the course's
    own. Raises LessonError for a setting that is none and where the course's Hub is not here.
    """
    asked, why = choose(os.environ.get(VARIABLE, ""), scale)
    if _now and _now[0].asked == asked:
        return _now[0].hub
    disconnect()
    made, undo = {"local": _own, "served": _served, "real": _real}[asked](why)
    _now.append(_Connection(asked, made, undo))
    return made


def disconnect() -> None:
    """Leave the client libraries as they were before `hub`."""
    while _now:
        _now.pop().undo()


def choose(setting: str, scale: str) -> tuple[str, str]:
    """Which Hub ("local", "real", or "served": the course's own at HF_ENDPOINT), and why. See `hub`."""
    if setting not in ("", "auto", "local", "real"):
        raise LessonError(f'{VARIABLE} is {setting!r}: set it to "local", "real" or "auto".')
    if os.environ.get("NBGRADER_EXECUTION"):
        return "local", "grading uses no network"
    if _now and _now[0].asked == "local" and setting in ("", "auto"):
        return "local", _now[0].hub.why  # connected already: HF_ENDPOINT is ours
    endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/")
    if setting != "local" and endpoint not in ("", REAL_ADDRESS, ADDRESS) and is_ours(endpoint):
        return "served", f"HF_ENDPOINT is {endpoint}"
    if setting in ("local", "real"):
        return setting, f"{VARIABLE}={setting}"
    if not _full(scale):
        return "local", "at this scale the lesson uses the course's small models"
    if not reachable(endpoint or REAL_ADDRESS):
        return "local", f"{endpoint or REAL_ADDRESS} cannot be reached from here"
    return "real", f"{endpoint or REAL_ADDRESS} can be reached"


def _full(scale: str) -> bool:
    """Whether sizes worth a GPU are wanted: as asked, else as `lesson.start` decided last."""
    from autograde.lesson import settings

    if scale not in settings.SCALES:
        raise LessonError(f'unknown scale {scale!r}: choose "auto", "ci" or "full".')
    latest = settings.latest()
    if scale == "auto" and latest is not None:
        return latest.full
    return settings.choose_scale(scale, settings.choose_device("auto"))


def reachable(address: str, seconds: float = REACH_SECONDS) -> bool:
    """Whether something answers at this address in time, through a proxy if there is one."""
    return _asked(address, seconds) is not None


def is_ours(address: str, seconds: float = REACH_SECONDS) -> bool:
    """Whether a Hub of this course answers at this address (`autograde hub`)."""
    return (_asked(address, seconds) or {}).get("X-Served-By") == NAME


def _asked(address: str, seconds: float) -> dict[str, str] | None:
    """The headers of an answer, None where none came in time. The name's look-up has no time limit of its own."""
    found: list[dict[str, str]] = []

    def ask() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, method="HEAD"), timeout=seconds) as answer:
                found.append(dict(answer.headers))
        except urllib.error.HTTPError as error:
            found.append(dict(error.headers))  # an answer, if not a kind one
        except (OSError, ValueError):
            pass

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(seconds)
    return found[0] if found else None


def _own(why: str) -> tuple[Hub, Callable[[], None]]:
    """The course's own Hub, inside this process."""
    base = folder()
    store = Store(base, most=MOST_PUSHED)
    home = scratch() / f"measure_first-hub-{secrets.token_hex(6)}"
    undo = connect(App(store, only_user=STUDENT), ADDRESS, home, TOKEN)
    atexit.register(_sweep, home, store, os.getpid())
    return Hub(True, *_own_names(), user=STUDENT, address=ADDRESS, why=why, store=store), undo


def scratch() -> Path:
    """Where caches may lie: in the sandbox its home, which becomes the student's with all that the first cells made."""
    home = os.environ.get("HOME", "")
    return Path(home if home.startswith("/room/") else os.environ.get("TMPDIR") or tempfile.gettempdir())


def _own_names() -> tuple[str, str, str, str]:
    return OWN["encoder"], OWN["decoder"], OWN["posts"], OWN["passages"]


def _served(why: str) -> tuple[Hub, Callable[[], None]]:
    """The course's own Hub, served by somebody in this room."""
    address = os.environ["HF_ENDPOINT"].rstrip("/")
    token = os.environ.get("HF_TOKEN") or TOKEN
    undo = connect(None, address, None, token)
    return Hub(True, *_own_names(), user=token.removeprefix("hf_"), address=address, why=why), undo


def _real(why: str) -> tuple[Hub, Callable[[], None]]:
    """The real Hub; the data sets are folders of the course."""
    from huggingface_hub import constants, get_token

    posts, passages = (str(folder() / "datasets" / OWN[name]) for name in ("posts", "passages"))
    user = ""
    if get_token():
        try:
            from huggingface_hub import whoami

            user = str(whoami()["name"])
        except Exception as error:  # a token that is over, a Hub that is slow: reading needs neither
            why += f"; no login: {type(error).__name__}"
    address = str(constants.ENDPOINT)
    return Hub(False, REAL["encoder"], REAL["decoder"], posts, passages, user, address, why), lambda: None


def folder() -> Path:
    """The folder of the course's own Hub. Raises LessonError where it is not here."""
    from autograde.lesson.course_data import data

    return data("hub")


def _sweep(home: Path, store: Store, process: int) -> None:
    """At the end of the process that made them, not of its forks: the caches, and what was pushed."""
    if os.getpid() == process:
        import shutil

        shutil.rmtree(home, ignore_errors=True)
    store.remove()
