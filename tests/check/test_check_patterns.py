"""What wrong values look like: every pattern is recognised, and noise is not taken for one."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde import check
from autograde.check.compare import difference
from autograde.check.numeric import How, differs, ready
from autograde.check.patterns import find_pattern
from autograde.check.tolerance import chosen

DICE = torch.Generator().manual_seed(1)
E = torch.randn(4, 4, generator=DICE)
MASK = torch.ones(4, 4).tril().bool()


def looks(mine, theirs, axes=None):
    """The finding and the question about two tensors; an empty text where nothing is recognised."""
    tolerance = chosen(theirs.dtype)
    mine, theirs = ready(mine), ready(theirs)
    found = find_pattern(mine, theirs, differs(mine, theirs, tolerance), tolerance.rtol, axes)
    return f"{found.finding}: {found.cause}" if found else ""


def with_noise_in(places):
    """E, wrong in these places only."""
    return torch.where(places, E + torch.randn(4, 4, generator=DICE), E)


ROWS = torch.zeros(4, 4).bool()
ROWS[2] = True
PATTERNS = [
    (torch.zeros(4, 4), E, "It is 0 everywhere: is the result ever written to what you return?"),
    (torch.full((4, 4), 0.25), E, "It is 0.25 everywhere: is the result ever written to what you return?"),
    (~MASK, MASK, "It is the exact opposite, True and False swapped: what does True stand for?"),
    (8 * E, E, "It is 8× the reference everywhere: where does the factor 8 come from?"),
    (E / 8, E, "It is 1/8 of the reference everywhere: is a factor missing, or divided by twice?"),
    (E / math.sqrt(8), E, "It is 0.3536× the reference everywhere: is a factor missing, or divided by twice?"),
    (-E, E, "It is minus the reference everywhere: is a difference the wrong way round, or a minus missing?"),
    (-2 * E, E, "It is −2× the reference everywhere: where does the factor 2 come from?"),
    (E + 0.5, E, "It is the reference + 0.5 everywhere: is a constant missing or too much?"),
    (E - 1e-3, E, "It is the reference − 0.001 everywhere: is a constant missing or too much?"),
    (torch.arange(5) + 1, torch.arange(5), "It is one too large everywhere: do you count from 0 or from 1?"),
    (E.abs(), E, "Only the sign is wrong: every value of yours is positive: is an abs() or a square too much?"),
    (
        torch.where(ROWS, -E, E), E,
        "Only the sign is wrong there: is a difference the wrong way round?",
    ),
    (E.T, E, "It is the reference transposed: did you transpose an argument or the result?"),
    (
        torch.randn(2, 3, 3, generator=DICE).mT, None,
        "It is the reference transposed (axes 1 and 2): did you transpose an argument or the result?",
    ),
    (E.flip(1), E, "It is the reference in reverse order along axis 1: is a flip or [::-1] missing or too much?"),
    (E[0].flip(0), E[0], "It is the reference in reverse order: is a flip or [::-1] missing or too much?"),
    (E.roll(1, 0), E, "Every value stands one place too late along axis 0: where does the slice begin?"),
    (E.roll(-1, 1), E, "Every value stands one place too early along axis 1: where does the slice begin?"),
    (
        E.exp() / E.exp().sum(), E.softmax(1),
        "Along axis 1 the proportions are right, each with a factor of its own: "
        "is a normalisation missing, or done over another axis?",
    ),
    (
        E.flatten()[torch.randperm(16, generator=DICE)].view(4, 4), E,
        "The values are right, their order is not: is a view or reshape where axes should be swapped?",
    ),
    (E.round(decimals=2), E, "It is the reference rounded to 2 decimals: can you keep all digits?"),
    (
        E + 1e-3 * torch.randn(4, 4, generator=DICE), E,
        "It is close everywhere, within 0.001 of the largest value: "
        "is an eps missing or too much, or a part computed in a lower precision?",
    ),
    (
        E.double() + 1e-7 * torch.randn(4, 4, generator=DICE), E.double(),
        "It is close everywhere, within 1e-07 of the largest value: is a part computed in float32?",
    ),
    (with_noise_in(~MASK), E, "They all lie above the diagonal: which side does the mask hide?"),
    (with_noise_in(MASK & ~torch.eye(4).bool()), E, "They all lie below the diagonal: which side does the mask hide?"),
    (with_noise_in(torch.eye(4).bool()), E, "They all lie on the diagonal: is the diagonal in or out?"),
    (MASK & ~torch.eye(4).bool(), MASK, "They all lie on the diagonal: is the diagonal in or out?"),
    (with_noise_in(ROWS), E, "They all lie at index 2 of axis 0: "),
    (with_noise_in(ROWS.roll(1, 0)), E, "They all lie at index 3 of axis 0, the last: what is special there?"),
    (with_noise_in(~ROWS), E, "Only index 2 of axis 0 is right: is the rest ever computed?"),
    (torch.cat([E[0, :1], E[0, 1:] + E[1, 1:]]), E[0], "Only [0] is right: is the rest ever computed?"),
]  # fmt: skip


@pytest.mark.parametrize(("mine", "theirs", "told"), PATTERNS, ids=range(len(PATTERNS)))
def test_a_pattern_is_recognised(mine, theirs, told):
    assert looks(mine, mine.mT if theirs is None else theirs) == told


def test_axes_are_called_by_their_names():
    assert looks(with_noise_in(ROWS.T), E, "query key") == "They all lie at key = 2: "
    assert looks(with_noise_in(~ROWS), E, "query key") == "Only query = 2 is right: is the rest ever computed?"
    assert looks(E.flip(0), E, ["query", "key"]).startswith("It is the reference in reverse order along query")


def test_a_single_number_is_told_a_factor_only_where_it_is_telling():
    one = torch.tensor([12.0])
    assert looks(one / 2, one) == "It is 1/2 of the reference everywhere: is a factor missing, or divided by twice?"
    assert looks(1024 * one, one).startswith("It is 1024× ")
    assert looks(-one, one).startswith("It is minus ")
    assert looks(1.7 * one, one) == "" == looks(17 * one, one)
    assert looks(torch.tensor([4]), torch.tensor([2])) == ""  # small whole numbers are multiples by chance


def test_two_numbers_are_told_a_factor_only_where_it_is_telling():
    two = torch.tensor([12.0, -3.0])
    assert looks(two / 2, two) == "It is 1/2 of the reference everywhere: is a factor missing, or divided by twice?"
    assert looks(1.7 * two, two) == ""
    three = torch.tensor([12.0, -3.0, 5.0])
    assert looks(1.7 * three, three).startswith("It is 1.7× ")


def test_a_wide_tolerance_of_the_author_does_not_make_a_pattern(said):
    got, expected = [2.30098, 0.166667, 1.0], [2.28897, 0.166667, 1.0]
    assert said(check.close, got, expected, rtol=1e-3) == (
        "demo: expected [2.28897, 0.166667, 1.0], your answer is [2.30098, 0.166667, 1.0]."
    )


def test_noise_is_not_taken_for_a_pattern():
    dice = torch.Generator().manual_seed(7)
    for shape in ((6,), (3, 5), (4, 4), (2, 3, 4)):
        for _ in range(200):
            assert looks(torch.randn(shape, generator=dice), torch.randn(shape, generator=dice)) == ""


def test_random_small_integers_are_seldom_taken_for_a_pattern():
    dice = torch.Generator().manual_seed(7)
    pairs = [torch.randint(0, 10, (2, 3, 4), generator=dice) for _ in range(400)]
    found = [looks(a, b) for a, b in zip(pairs[::2], pairs[1::2], strict=True)]
    assert sum(map(bool, found)) == 0


def test_what_is_not_finite_is_looked_at_by_place_alone():
    got = E.masked_fill(~MASK, math.inf)
    assert looks(got, E) == "They all lie above the diagonal: which side does the mask hide?"
    assert looks(torch.full((2,), math.nan), E[0, :2]) == ""


DTYPES = [
    torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.float8_e4m3fn, torch.complex64, torch.complex128,
    torch.bool, torch.uint8, torch.int8, torch.int32, torch.int64, torch.uint16,
]  # fmt: skip
VALUES = [0.0, -0.0, 1.0, -1.0, 0.5, 2.0, 3e4, -7.0, 1e-30, 1e38, math.nan, math.inf, -math.inf]


@st.composite
def tensors(draw):
    shape = draw(st.lists(st.integers(0, 3), max_size=3))
    dtype = draw(st.sampled_from(DTYPES))
    count = math.prod(shape)
    finite = [value for value in VALUES if 0 <= value < 200]
    choice = st.sampled_from(VALUES if dtype.is_floating_point else finite)
    values = draw(st.lists(choice, min_size=count, max_size=count))
    return torch.tensor(values, dtype=torch.float64).view(shape).to(dtype)


@given(got=tensors(), expected=tensors(), axes=st.sampled_from([None, "a", "a b", "a b c"]))
@settings(max_examples=400, deadline=None)
def test_a_diagnosis_never_raises_on_any_pair_of_tensors(got, expected, axes):
    problem = difference(got, expected, How(axes=axes))
    assert problem is None or problem.text.endswith((".", "?"))


@given(got=tensors(), other=tensors())
@settings(max_examples=400, deadline=None)
def test_a_diagnosis_never_raises_on_tensors_of_one_shape_and_dtype(got, other):
    if got.numel() == other.numel():
        other = other.real if other.dtype.is_complex else other
        difference(got, other.to(got.dtype).view(got.shape))
    assert difference(got, got.clone()) is None


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_dtype_can_be_compared(said, dtype):
    zero, one = torch.zeros(3, dtype=torch.float32).to(dtype), torch.ones(3, dtype=torch.float32).to(dtype)
    assert said(check.close, one, one) == ""
    assert said(check.close, zero, one) != ""


@pytest.mark.parametrize(
    ("got", "expected"), [(3.5e301, 5143366.0), (5e-324, 1.0), (1.0, 5e-324), (1e308, -1e308), (1e-200, 1e-190)]
)
def test_factors_beyond_all_reason_are_no_finding_and_no_error(got, expected):
    said = difference(got, expected, How(exact=True))
    assert said is not None and "×" not in said.text
    with pytest.raises(check.CheckFailed):
        check.curve([got, 1.0, 0.5, 0.2], start=expected)
