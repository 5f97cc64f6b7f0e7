"""The first cells of every lesson, written from course.toml: title and badges, setup, settings."""

from __future__ import annotations

from autograde.authoring.text import TextCell
from autograde.course import Course, Lesson

COLAB_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
KAGGLE_BADGE = "https://kaggle.com/static/images/open-in-kaggle.svg"

SETTINGS = """\
DEVICE = "auto"  # "auto", "cpu" or "cuda"
SCALE = "auto"  # "ci": small and quick; "full": worth a GPU; "auto": full where there is a GPU
SEED = 0"""

# Every path in it is tried in a test. Kaggle mounts data sets up to four folders deep; a deeper search takes minutes.
SETUP = """\
# Setup. Run me first; safe to run again. Uses the setup_colab.py of this folder, of the checkout above it or of an
# attached Kaggle data set, and downloads it where there is none.
import os, sys, urllib.request
from pathlib import Path

near = [folder / "setup_colab.py" for folder in (Path.cwd(), *Path.cwd().parents)]
kaggle = [path for depth in (1, 2, 3, 4) for path in Path("/kaggle/input").glob("*/" * depth + "setup_colab.py")]
found = next((path for path in near + kaggle if path.is_file()), None)
if found is None:
    address = "{address}"
    try:
        data = urllib.request.urlopen(address, timeout=30).read()
        assert b"def setup(" in data, "got another page"
        part = Path(f"setup_colab.{{os.getpid()}}.part")
        part.write_bytes(data)
        found = part.replace("setup_colab.py")
    except Exception as error:
        raise RuntimeError(f"{failed}: {{error}}. {mend}") from None
sys.path.insert(0, str(found.resolve().parent))
from setup_colab import setup

setup("{key}")"""
FAILED = "setup_colab.py is not here and cannot be downloaded"
MEND = "Is the internet on? (Kaggle: Settings, Internet)"


def release_path(key: str) -> str:
    """The student notebook's path inside the repository."""
    return f"release/{key}/{key}.ipynb"


def colab_url(course: Course, key: str) -> str:
    """Where Colab opens the student notebook straight from the repository."""
    return f"https://colab.research.google.com/github/{course.repository}/blob/{course.ref}/{release_path(key)}"


def kaggle_url(course: Course, key: str) -> str:
    """Where Kaggle opens the student notebook straight from the repository."""
    return f"https://kaggle.com/kernels/welcome?src={course.blob_url(release_path(key))}"


def number(points: float) -> str:
    """12.0 as "12", 2.5 as "2.5"."""
    return f"{points:g}"


def title_text(course: Course, lesson: Lesson, points: float) -> str:
    """The first cell: what this is, where it opens, what it takes and what it gives."""
    needs = "; ".join(lesson.needs)
    can = "\n".join(f"- {ability}" for ability in lesson.can)
    return f"""\
# {lesson.number} · {lesson.title}: {lesson.subtitle}

[![Open in Colab]({COLAB_BADGE})]({colab_url(course, lesson.key)})
[![Open in Kaggle]({KAGGLE_BADGE})]({kaggle_url(course, lesson.key)})

**Time:** {lesson.minutes} minutes · **Points:** {number(points)} · **You need:** {needs}

**After this lesson you can**

{can}"""


def first_cells(course: Course, lesson: Lesson, points: float) -> list[TextCell]:
    """Title, setup and settings cells of a lesson whose checks and written answers are worth `points`."""
    setup = SETUP.format(address=course.raw_url("setup_colab.py"), key=lesson.key, failed=FAILED, mend=MEND)
    return [
        TextCell("markdown", None, None, None, [], [], title_text(course, lesson, points), 1, 1),
        TextCell("setup", "setup", None, None, [], ["setup"], setup, 1, 1),
        TextCell("settings", "settings", None, None, [], ["parameters"], SETTINGS, 1, 1),
    ]
