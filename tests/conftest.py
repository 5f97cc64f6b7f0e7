"""Files with a test marked `slow` begin first, so that no worker is left with a long one at the end.

For `pytest -n 2 --dist loadfile --no-loadscope-reorder`: a file's tests stay together, in this order.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--whole`: also the tests that take minutes. `make whole` and `make nbgrader-suite` ask for them."""
    parser.addoption("--whole", action="store_true", help="run the tests marked `whole` too: each takes minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bring the files with a slow test to the front; leave out what takes minutes where nobody asked for it."""
    if not config.getoption("--whole"):
        for item in items:
            if item.get_closest_marker("whole"):
                item.add_marker(pytest.mark.skip(reason="takes minutes: make whole, make nbgrader-suite"))
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def no_figure_is_left_open() -> Iterator[None]:
    """A figure that a test leaves open would be drawn again by the next test that forks and shows what it has."""
    yield
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        pyplot.close("all")
