"""Package managers that do nothing: an everyday `%pip install` must not change the packages a class is graded with."""

from __future__ import annotations

from pathlib import Path

INSTALLERS = ("pip", "pip3", "conda", "mamba", "micromamba", "uv", "apt", "apt-get")
IDLE = "does nothing while a notebook is graded: the packages stay as they are"


def programs() -> dict[str, str]:
    """Name and text of each program, for a folder that PATH names first."""
    return {name: f"#!/bin/sh\necho '{name} {IDLE}'\n" for name in INSTALLERS}


def modules() -> dict[str, str]:
    """Path and text of what `python -m pip` finds, for a folder that PYTHONPATH names first."""
    return {"pip/__init__.py": "", "pip/__main__.py": f"print('pip {IDLE}')\n"}


def lay_out(folder: Path) -> None:
    """Write them to folder/bin (for PATH) and folder/lib (for PYTHONPATH)."""
    for name, text in modules().items():
        module = folder / "lib" / name
        module.parent.mkdir(parents=True, exist_ok=True)
        module.write_text(text, encoding="utf-8")
    (folder / "bin").mkdir()
    for name, text in programs().items():
        program = folder / "bin" / name
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)
