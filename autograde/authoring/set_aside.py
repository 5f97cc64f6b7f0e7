"""What somebody has worked on in release/: a build puts it aside before it writes there, so that no work is lost.

A notebook that was built holds no outputs; one that was run does. Other files that no build writes are somebody's.
"""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = "kept"  # in the course's folder, outside of git


def was_run(path: Path) -> bool:
    """Whether this is a notebook with an output or a counted cell; False for what cannot be read as one."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return any(cell.get("outputs") or cell.get("execution_count") for cell in cells)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def is_work(path: Path) -> bool:
    """Whether a file in release/ is somebody's: a notebook that was run, or what no build writes."""
    return was_run(path) if path.suffix == ".ipynb" else path.suffix not in (".json", ".part")


def put_aside(root: Path, path: Path) -> Path:
    """Move a file of release/ to kept/LESSON/NAME, under a name that is free there; where it lies now."""
    folder = root / FOLDER / path.relative_to(root / "release").parent
    folder.mkdir(parents=True, exist_ok=True)
    number, target = 1, folder / path.name
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    path.rename(target)
    return target
