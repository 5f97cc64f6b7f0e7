"""Values: close, equal, within, that."""
# ruff: noqa: E501  a message is asserted as the one line that a student reads

from __future__ import annotations

import math
import subprocess
import sys
import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograde import check
from autograde.check.compare import difference
from autograde.check.numeric import How

E = torch.tensor([[1.0, -2.0, 3.0], [0.5, 4.0, -1.0], [2.0, 0.0, 7.0]])
NAN = float("nan")


def test_a_wrong_value_is_told_where_by_how_much_and_with_which_tolerance(said):
    got = E.clone()
    got[1, 1] += 0.31
    assert said(check.close, got, E, of="two heads", hint="Did you scale by sqrt(d)?") == (
        "demo, two heads: your answer differs from the reference in 1 of 9 places "
        "(largest 0.31 at [1, 1], tolerance 1.5e-05). Did you scale by sqrt(d)?"
    )


def test_the_contracts_example_reads_as_promised(said):
    got, expected = torch.tensor([0.5, 1, 2, 3, 0.31, 5]), torch.tensor([0.4, 0.9, 1.95, 2.8, 0.0, 5.2])
    assert said(check.close, got, expected, of="batches of different sizes", hint="Does a batch of 1 count as 4?") == (
        "demo, batches of different sizes: your answer differs from the reference in 6 of 6 places "
        "(largest 0.31 at [4], tolerance 1e-05). Does a batch of 1 count as 4?"
    )


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (E + 1e-6, E),
        (E.clone().requires_grad_(), E),
        (torch.nn.Parameter(E), E),
        (torch.tensor(3.0), 3),
        (3, torch.tensor(3.0)),
        (3.0000001, torch.tensor(3.0)),
        (torch.tensor([NAN, 1.0]), torch.tensor([NAN, 1.0])),
        (NAN, NAN),
        (math.inf, math.inf),
        (1 + 2j, 1 + 2j),
        (torch.tensor([1 + 2j]), torch.tensor([1 + 2j])),
        ([1.0, [E]], (1.0, [E])),
        ({"a": {"b": 3}}, {"a": {"b": 3.0}}),
        (E.to_sparse(), E),
        (torch.zeros(0, 3), torch.zeros(0, 3)),
        (range(3), [0, 1, 2]),
        (torch.Size([2, 3]), [2, 3]),
    ],
)
def test_a_right_answer_passes(said, got, expected):
    assert said(check.close, got, expected) == ""


WRONG = [
    (6.0, 12.0, "expected 12.0, your answer is 6.0 (tolerance 1.6e-05). It is 1/2 of the expected value: is a factor missing, or divided by twice?"),
    (32, 128, "expected 128, your answer is 32. It is 1/4 of the expected value: is a factor missing, or divided by twice?"),
    (-3.0, 3.0, "expected 3.0, your answer is -3.0 (tolerance 4e-06). It is minus the expected value: is a difference the wrong way round, or a minus missing?"),
    (3, 4, "expected 4, your answer is 3. It is one too small: do you count from 0 or from 1?"),
    (0.33, 1 / 3, "expected 0.333333, your answer is 0.33 (tolerance 5.3e-07). It is the expected value rounded to 2 decimals: can you keep all digits?"),
    (1.00002, 1.0, "expected 1.0, your answer is 1.00002 (tolerance 1.4e-06). It is close, within 2e-05 of the largest value: is an eps missing or too much, or a part computed in a lower precision?"),
    (12.5, 12.0, "expected 12.0, your answer is 12.5 (tolerance 1.6e-05)."),
    (NAN, 1.0, "expected 1.0, your answer is NaN."),
    (1.0, NAN, "expected NaN, your answer is 1.0."),
    (math.inf, 3.0, "expected 3.0, your answer is inf (tolerance 4e-06)."),
    (10**400, 3, f"expected 3, your answer is {10**400}."),
    (1e300, 10**400, f"expected {10**400}, your answer is 1e+300."),
    (True, 1, "expected a number, your answer is True."),
    ("3", 3, "expected a number, your answer is '3' (a string)."),
    (torch.tensor([3.0]), 3.0, "expected a number, your answer is a tensor of shape (1,). .item() makes a number of it."),
    (torch.zeros(2), 3.0, "expected a number, your answer is a tensor of shape (2,). Is a sum or mean missing?"),
    (None, 3.0, "expected a number, your answer is None. Is there a return?"),
    (torch.tensor(2.0), torch.tensor(3.0), "expected 3.0, your answer is 2.0 (tolerance 1.4e-05)."),
    (E.T, E, "your answer differs from the reference in 6 of 9 places (largest 2.5 at [0, 1], tolerance 1.3e-05). It is the reference transposed: did you transpose an argument or the result?"),
    (E.double(), E, "expected dtype float32, your answer has float64. NumPy arrays and dtype=float are float64: is a .float() missing?"),
    (E[0], E, "expected shape (3, 3), your answer has (3,). The first axis, of size 3, is missing: is it summed over or indexed away?"),
    (torch.zeros(3, 3, device="meta"), E, "your answer is on the meta device, where tensors have no values."),
    ([1, 2], [1, 2, 3], "expected 3 entries, your answer has 2."),
    ([], [1], "expected 1 entry, your answer has 0."),
    (E, [1.0], "expected a list, your answer is a tensor of shape (3, 3). .tolist() makes a list of it."),
    ([2, 4, 6], [1, 2, 3], "expected [1, 2, 3], your answer is [2, 4, 6]. It is 2× the reference everywhere: where does the factor 2 come from?"),
    (list(range(20)), [*range(19), 7], "your answer differs in 1 of 20 places, first at [19]: expected 7, your answer[19] is 19."),
    ([1, {"loss": 2.5}], [1, {"loss": 3.0}], "expected 3.0, your answer[1]['loss'] is 2.5 (tolerance 4e-06)."),
    ({"a": [E, 2 * E]}, {"a": [E, E]}, "your answer['a'][1] is 2× the reference everywhere. Where does the factor 2 come from?"),
    ({"a": [1, ...]}, {"a": [1, 2]}, "your answer['a'][1] is not filled in yet."),
    ({"a": 1}, {"a": 1, "b": 2}, "expected an entry 'b', your answer has 'a'."),
    ({}, {"b": 2}, "expected an entry 'b', your answer has none."),
    ({"a": 1, "b": 2}, {"a": 1}, "your answer has an entry 'b' that is not expected."),
    ([1], {"a": 1}, "expected a dict, your answer is a list."),
    (torch.tensor([1 + 2j, 0j]), torch.tensor([1 + 2j, 1j]), "your answer differs from the reference in 1 of 2 places (largest 1 at [1], tolerance 1.1e-05)."),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "told"), WRONG, ids=range(len(WRONG)))
def test_a_wrong_answer_is_told_what_is_wrong(said, got, expected, told):
    assert said(check.close, got, expected) == f"demo: {told}"


def test_nan_and_inf_are_told_apart_from_wrong_values(said):
    assert said(check.close, E.log(), E) == (
        "demo: your answer has NaN in 2 of 9 places, first at [0, 1]; the reference has none there. "
        "Is there a 0/0, an inf − inf, or the log or root of a negative number?"
    )
    assert said(check.close, E / (E - 4), E) == (
        "demo: your answer has inf in 1 of 9 places, first at [1, 1]; the reference has none there. "
        "Is there a division by 0, a log(0), or the exp of a large number?"
    )


def test_rows_of_nan_point_at_the_softmax(said):
    masked = E.masked_fill(torch.tensor([[False], [True], [False]]), -math.inf)
    assert said(check.close, masked.softmax(1), E.softmax(1)) == (
        "demo: your answer has NaN in 3 of 9 places, first at [1, 0]; the reference has none there. "
        "Whole rows are NaN: is all of such a row masked before its softmax?"
    )


def test_an_expected_inf_is_compared_like_a_value(said):
    mask = torch.zeros(3, 3).masked_fill(torch.ones(3, 3).triu(1).bool(), -math.inf)
    assert said(check.close, mask, mask) == ""
    assert said(check.close, torch.zeros(3, 3), mask) == (
        "demo: your answer differs from the reference in 3 of 9 places (first at [0, 1]: expected -inf, yours is 0.0). "
        "They all lie above the diagonal: which side does the mask hide?"
    )


@pytest.mark.parametrize("expected", [3.0, E, [1.0, 2.0], {"a": 1}, True, "x"])
def test_an_untouched_value_is_not_attempted(expected):
    with pytest.raises(check.NotAttempted):
        check.close(..., expected)


def test_numpy_arrays_and_scalars_are_answers_too(said):
    numpy = pytest.importorskip("numpy")
    array = numpy.array([[1.0, -2.0]], dtype=numpy.float32)
    array.setflags(write=False)  # of which torch would warn
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert said(check.close, array, torch.tensor([[1.0, -2.0]])) == ""
        assert said(check.close, torch.tensor([[1.0, -2.0]]), array) == ""
        assert said(check.close, numpy.float64(3.0), 3.0) == "" == said(check.equal, numpy.int64(3), 3)
        assert said(check.equal, numpy.bool_(True), True) == ""
        assert said(check.close, 2 * array, torch.tensor([[1.0, -2.0]])) == (
            "demo: your answer is 2× the reference everywhere. Where does the factor 2 come from?"
        )


def test_a_suspect_wins_over_findings_and_hints(said):
    suspects = {"Is that the sum?": 3 * E, "Is that the transpose?": E.T}
    assert said(check.close, E.T, E, suspects=suspects, hint="Is it the scale?") == (
        "demo: your answer differs from the reference in 6 of 9 places (largest 2.5 at [0, 1], tolerance 1.3e-05). "
        "It is the reference transposed. Is that the transpose?"
    )
    assert said(check.close, E + 1, E, suspects=suspects, hint="Is it the scale?").endswith("Is it the scale?")
    assert said(check.close, E, E, suspects={"Never": E}) == ""


def test_a_hint_about_values_is_not_told_of_a_wrong_shape_that_is_recognised(said):
    assert said(check.close, E[0], E, hint="Is it the scale?").endswith("is it summed over or indexed away?")
    assert said(check.close, torch.zeros(7, 8, 9), E, hint="Is it the scale?").endswith("Is it the scale?")


HIDDEN = [
    (6.0, 12.0, "your answer 6.0 is not right."),
    (-12.0, 12.0, "your answer -12.0 is not right."),
    ((2, 3), torch.Size([2, 4]), "your answer (2, 3) is not right."),
    ((2, 3), (2, 3, 4), "your answer (2, 3) is not right."),
    (2 * E, E, "your answer is not right."),
    (E[0], E, "your answer is not right."),
    (E.double(), E, "your answer is not right."),
    (torch.tensor(6.0), torch.tensor(12.0), "your answer 6.0 is not right."),
    (torch.float32, torch.float64, "your answer torch.float32 is not right."),
    (True, False, "your answer True is not right."),
    ("gelu", "relu", "your answer 'gelu' is not right."),
    (3, None, "your answer 3 is not right."),
    ({"a": 1}, {"a": 2}, "your answer {'a': 1} is not right."),
    ([1, [2, 3]], [1, [2, 4]], "your answer [1, [2, 3]] is not right."),
]


@pytest.mark.parametrize(("got", "expected", "told"), HIDDEN)
def test_what_is_not_revealed_does_not_show(said, got, expected, told):
    assert said(check.close, got, expected, reveal=False) == f"demo: {told}"
    assert said(check.equal, got, expected, reveal=False, hint="Does it add?") == f"demo: {told} Does it add?"
    assert said(check.close, got, expected) != f"demo: {told}"  # the guard can fail


def test_the_kind_that_is_asked_for_may_show(said):
    assert said(check.close, "12", 12.0, reveal=False) == "demo: expected a number, your answer is '12' (a string)."


EXACT = [
    ((2, 4), torch.Size([2, 5]), "expected (2, 5), your answer is (2, 4)."),
    (torch.zeros(2), (2,), "expected a tuple, your answer is a tensor of shape (2,)."),
    ("float32", torch.float32, "expected a dtype, your answer is 'float32' (a string). Write torch.float32, without quotes."),
    (torch.float64, torch.float32, "expected torch.float32, your answer is torch.float64."),
    (1, True, "expected True or False, your answer is 1 (an int)."),
    (False, True, "expected True, your answer is False."),
    ("Hello ", "hello", "expected 'hello', your answer is 'Hello '. They differ only in spaces or capital letters."),
    ("a  b\n", "a b", "expected 'a b', your answer is 'a  b\\n'. They differ only in spaces or line ends."),
    ("cat", "dog", "expected 'dog', your answer is 'cat'."),
    (3, "dog", "expected a string, your answer is 3 (an int)."),
    (1.0000001, 1, "expected 1, your answer is 1.0000001. It is close, within 1e-07 of the largest value: is an eps missing or too much, or a part computed in a lower precision?"),
    ({1, 2}, {1, 3}, "expected {1, 3}, your answer is {1, 2}."),
    (3, None, "expected None, your answer is 3."),
    (torch.tensor([1, 2, 5]), torch.tensor([1, 2, 3]), "your answer differs from the reference in 1 of 3 places (largest 2 at [2])."),
    (torch.tensor([True, False]), torch.tensor([False, True]), "your answer differs from the reference in 2 of 2 places (first at [0]). It is the exact opposite, True and False swapped: what does True stand for?"),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "told"), EXACT, ids=range(len(EXACT)))
def test_equal_is_exact(said, got, expected, told):
    assert said(check.equal, got, expected) == f"demo: {told}"


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3), (3.0, 3), ("a", "a"), (None, None), ([1, "a", None], (1, "a", None)), ((2, 3), torch.Size([2, 3])),
        (torch.tensor(True), True), (torch.int64, torch.long), ({1, 2}, {2, 1}), (b"x", b"x"),
        (torch.tensor([NAN]), torch.tensor([NAN])), (torch.device("cpu"), torch.device("cpu")),
    ],
)  # fmt: skip
def test_equal_accepts_what_is_the_same(said, got, expected):
    assert said(check.equal, got, expected) == ""


class Odd:
    """Compares to nothing that has a truth value."""

    def __eq__(self, other):
        raise RuntimeError("no")

    def __repr__(self):
        return "Odd()"


def test_an_object_that_cannot_be_compared_is_only_like_itself(said):
    odd = Odd()
    assert said(check.equal, odd, odd) == ""
    assert said(check.equal, Odd(), odd) == "demo: expected Odd(), your answer is Odd()."


class Unspeakable:
    """Cannot even be written."""

    def __repr__(self):
        raise RuntimeError("no")


def test_what_cannot_be_written_is_told_by_its_kind(said):
    endless = [1]
    endless.append(endless)
    assert said(check.equal, Unspeakable(), 3) == "demo: expected a number, your answer is an Unspeakable."
    assert said(check.equal, [Unspeakable()], [None]) == "demo: expected None, your answer[0] is an Unspeakable."
    assert said(check.equal, endless, [1, 2]) == "demo: expected a number, your answer is a list."
    assert said(check.equal, "x" * 200, "y").endswith(f"'{'x' * 78}….")


def test_within_says_the_range_the_unit_and_a_slip_of_units(said):
    assert said(check.within, 1.5, 1, 4) == "" == said(check.within, torch.tensor(4.0), 1, 4)
    assert said(check.within, 5, 1, 4, unit="ms", of="a step") == (
        "demo, a step: expected between 1 and 4 ms, your answer is 5 ms."
    )
    assert said(check.within, 0.002, 1, 4, unit="ms") == (
        "demo: expected between 1 and 4 ms, your answer is 0.002 ms. "
        "It fits when multiplied by 1000: which unit is asked for?"
    )
    assert said(check.within, 50, 1, 40) == "demo: expected between 1 and 40, your answer is 50."
    assert said(check.within, NAN, 1, 4) == "demo: expected between 1 and 4, your answer is NaN."
    assert said(check.within, "3", 1, 4) == "demo: expected a number, your answer is '3' (a string)."
    assert said(check.within, True, 0, 4) == "demo: expected a number, your answer is True."


def test_that_says_what_the_author_says(said):
    assert said(check.that, True, expected="", got="") == ""
    for condition in (False, NAN, torch.tensor(NAN), [], 0):
        assert said(check.that, condition, expected="a file of 3 lines", got="your file has 2") == (
            "demo: expected a file of 3 lines, your file has 2."
        )
    with pytest.raises(check.NotAttempted):
        check.that(..., expected="", got="")


leaves = st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=4))
nested = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=2), inner, max_size=3), st.tuples(inner, inner)
    ),
    max_leaves=6,
)


@given(value=nested)
@settings(max_examples=200, deadline=None)
def test_every_value_is_close_and_equal_to_itself(value):
    assert difference(value, value) is None
    assert difference(value, value, How(exact=True)) is None


@given(got=nested, expected=nested, reveal=st.booleans(), exact=st.booleans())
@settings(max_examples=300, deadline=None)
def test_a_comparison_never_raises_and_says_something(got, expected, reveal, exact):
    problem = difference(got, expected, How(exact=exact, reveal=reveal))
    assert problem is None or problem.text or problem.untouched


def test_a_wrong_answer_is_told_without_loading_anything_large():
    code = "import sys, torch; from autograde import check\n"
    code += "try: check.close(torch.ones(3, 4), torch.arange(12.0).reshape(3, 4))\nexcept check.CheckFailed as e: print(e)\n"
    code += "print('sympy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "largest 10 at [2, 3]" in said
    assert said.endswith("False\n")
