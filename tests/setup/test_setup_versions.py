"""Ranges are compared as PEP 440 says; `packaging` is the independent reference."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from setup_hosts import load_setup, pins

code = load_setup("setup_versions_under_test")

number = st.integers(0, 11).map(str)
release = st.lists(number, min_size=1, max_size=4).map(".".join)
suffix = st.lists(
    st.sampled_from(["a1", "b2", "rc1", ".rc3", ".dev4", "-preview2", ".post1", "-1", "+cu128", "+cpu.1"]), max_size=3
)


@st.composite
def versions(draw: st.DrawFn) -> str:
    """A valid version: release, then at most one each of preview, post, dev and local part, in that order."""
    parts = draw(release)
    for part in (["", "a1", "b2", "rc1", ".rc3", "-preview2"], ["", ".post1", "-1"], ["", ".dev4"], ["", "+cu128"]):
        parts += draw(st.sampled_from(part))
    return draw(st.sampled_from(["", "", "", "1!", "v"])) + parts


@st.composite
def ranges(draw: st.DrawFn) -> str:
    """One or two bounds that are final releases, as REQUIREMENTS has them."""
    clauses = draw(st.lists(st.tuples(st.sampled_from([">=", "<"]), release), min_size=1, max_size=2))
    return ",".join(operator + bound for operator, bound in clauses)


@settings(max_examples=250, deadline=None, derandomize=True)
@given(versions(), ranges())
@example("6.0rc1", "<6")
@example("6.0.dev1", ">=6")
@example("2.6.0+cu128", ">=2.6")
@example("2.10.0", ">=2.6,<2.11")
@example("1.0.post1.dev2", "<1")
def test_a_version_lies_in_a_range_exactly_when_packaging_says_so(version, wanted):
    assert code.in_range(version, wanted) == SpecifierSet(wanted).contains(version, prereleases=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("torch", ("torch", "")),
        ("scikit-learn>=1.5", ("scikit-learn", ">=1.5")),
        ("transformers>=4.51,<6", ("transformers", ">=4.51,<6")),
    ],
)
def test_a_requirement_is_a_name_and_its_ranges(text, expected):
    assert code.parse(text) == expected


@pytest.mark.parametrize(
    "text", ["a~=1.0", "a>=1.*", "a>=1rc1", "a[extra]>=1", "a>=1;python_version<'3'", ">=1", "a==1"]
)
def test_a_range_that_is_not_compared_exactly_is_refused(text):
    with pytest.raises(ValueError, match="not a name with ranges of >= and <"):
        code.parse(text)


@pytest.mark.parametrize("host", ["colab", "kaggle"])
def test_both_hosts_already_hold_every_package_in_range(host):
    there = pins(host)
    for requirement in code.REQUIREMENTS:
        name, wanted = code.parse(requirement)
        assert SpecifierSet(wanted).contains(there[name]), f"{host} has {name} {there[name]}, not {wanted}"
        assert code.in_range(there[name], wanted)
