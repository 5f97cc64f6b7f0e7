"""What a submission gets: how much of the machine (`Room`) and what is there before its first cell runs (`Preload`).

Both sides of the wall read this: the judge's side builds the room, the fork server inside it furnishes and divides it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MIB = 1 << 20


@dataclass(frozen=True)
class Room:
    """What one submission's processes may use, all of them together where nothing else is said.

    memory_bytes is what they may allocate beyond what was there when they were forked. disk_bytes bounds everything
    written (working directory, home, /tmp and /dev/shm are one file system). processes counts threads too. open_files
    and file_bytes (the size of one file) hold for each process. device is "cpu" or "cuda".
    """

    memory_bytes: int = 2048 * MIB
    disk_bytes: int = 256 * MIB
    processes: int = 64
    open_files: int = 256
    file_bytes: int = 128 * MIB
    device: str = "cpu"

    def plain(self) -> dict[str, Any]:
        """The same as JSON can carry it; `Room(**room.plain())` is equal to it."""
        return asdict(self)


@dataclass(frozen=True)
class Preload:
    """What a fork server has in memory before it forks.

    modules are imported, and with first_uses all that torch loads for a first backward pass (70 MB, which make each
    fork a fifth dearer); cells are (kind, source) of the lesson's leading settings and fixture cells, run in order, the
    first as cell 1; files are the lesson's data, copied to every submission's working directory and readable under
    MEASURE_FIRST_DATA; scale is what a lesson's SCALE = "auto" means; environment is added to the processes' own;
    data names folders of the course's data ("hub"), which all submissions read in place;
    hidden are folders that no submission may see, even where they lie in /usr or among Python's own (the course, the
    gradebook).
    """

    modules: Sequence[str] = ()
    cells: Sequence[tuple[str, str]] = ()
    files: Sequence[Path] = ()
    data: Sequence[str] = ()
    scale: str = "ci"
    environment: Mapping[str, str] = field(default_factory=dict)
    hidden: Sequence[Path] = ()
    first_uses: bool = False
