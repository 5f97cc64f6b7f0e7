"""How tests are shared out among workers (`pytest -n 2 --dist loadgroup --no-loadscope-reorder`).

A file's tests stay together, because its fixtures are built once a worker; the mutants of each lesson are a group of
their own. Groups with a test marked `slow` begin first, so that no worker is left with a long one at the end.
"""

from __future__ import annotations

import pytest

APART = "test_mutants.py"  # one run of a lesson serves all tests of that lesson, and no other


def group_of(item: pytest.Item) -> str:
    """The name of the group that a test belongs to: its file's, for mutants the lesson's as well."""
    file = item.nodeid.partition("::")[0]
    lesson = item.callspec.params["key"] if file.endswith(APART) and hasattr(item, "callspec") else ""
    return f"{file}:{lesson}" if lesson else file


@pytest.hookimpl(tryfirst=True)  # before xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give every test its group; bring the groups with a slow test to the front."""
    slow = {group_of(item) for item in items if item.get_closest_marker("slow")}
    for item in items:
        item.add_marker(pytest.mark.xdist_group(group_of(item)))
    items.sort(key=lambda item: group_of(item) not in slow)
