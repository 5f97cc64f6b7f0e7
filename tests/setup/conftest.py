"""A bare machine for each test of setup: an empty folder, no home, no host, a stub in place of PyTorch."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from setup_hosts import ARCHIVE_PATH, LESSON, SMALL_COURSE, STUB_TORCH, Site, archive, load_setup, site


@pytest.fixture
def code() -> ModuleType:
    """setup_colab.py, freshly loaded, so that a test may change its constants."""
    return load_setup("setup_under_test")


@pytest.fixture(autouse=True)
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Works in tmp_path/notebooks with a home of its own; restores what setup changes in this process."""
    path, modules = list(sys.path), {n: m for n, m in sys.modules.items() if n.partition(".")[0] == "autograde"}
    home, notebooks = tmp_path / "home", tmp_path / "notebooks"
    home.mkdir()
    notebooks.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.chdir(notebooks)
    torch = ModuleType("torch")
    exec(STUB_TORCH.format(version="2.11.0+cu128"), torch.__dict__)
    monkeypatch.setitem(sys.modules, "torch", torch)
    yield notebooks
    sys.path[:] = path
    for name in [name for name in sys.modules if name.partition(".")[0] == "autograde"]:
        del sys.modules[name]
    sys.modules.update(modules)


@pytest.fixture
def host() -> Iterator[Site]:
    """A repository host that serves the small course."""
    with site({ARCHIVE_PATH: archive(SMALL_COURSE)}) as running:
        yield running


@pytest.fixture
def run(code: ModuleType, host: Site) -> Callable[..., Any]:
    """run(environ=…, **options): setup for the small lesson against `host`, installing nothing unless told to."""

    def call(environ: dict[str, str] | None = None, **options: Any) -> Any:
        known = {"MEASURE_FIRST_SOURCE": host.address} | (environ or {})
        return code.setup(LESSON, environ=known, **{"requirements": (), "shell": "plain"} | options)

    return call
