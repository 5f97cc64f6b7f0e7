"""Files with a test marked `slow` begin first, so that no worker is left with a long one at the end.

For `pytest -n 2 --dist loadfile --no-loadscope-reorder`: a file's tests stay together, in this order.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Bring the files with a slow test to the front."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def no_figure_is_left_open() -> Iterator[None]:
    """A figure that a test leaves open would be drawn again by the next test that forks and shows what it has."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
