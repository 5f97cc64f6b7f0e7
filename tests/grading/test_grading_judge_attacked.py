"""What students' code tries on the judge itself: later checks made easy, blame put on the grader, its memory filled."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import pytest
from nbformat import NotebookNode
from test_grading_judge import (  # noqa: F401  (fixtures)
    LIMITS,
    RIGHT,
    SPOIL,
    check,
    exercise,
    judged,
    outcomes,
    prepared,
    verdicts,
    walker,
)

from autograde.grading.visit import Verdict

Judged = Callable[..., NotebookNode]
SWAP = """
kept = []
def double(x):
    kept.append(x)
    if len(kept) > 1:
        kept[0].data = torch.zeros(2, dtype=torch.float64)
    return 2 * x
"""
RAISES = "{} = eval('lambda x: [][x]')"
HUGE = "torch.empty(10**14)"
TOO_LARGE = "Is a tensor larger than you mean it to be, or does a list grow in a loop?"


def test_a_lessons_tensor_whose_data_was_swapped_is_itself_again_for_the_next_check(
    judged: Judged,  # noqa: F811
) -> None:
    there = "double(base)\ndouble(1)\ndouble(1)\ncheck.equal(base.dtype, torch.float64)"
    after = "check.equal([base.dtype, base.tolist()], [torch.float32, [0.0, 0.0, 0.0]])\ncheck.equal(double(1), 2)"
    assert verdicts(judged(exercise(SWAP), check(there), check(after, part="after"))) == ["passed", "passed"]


def test_an_error_of_code_that_has_no_lines_is_the_answers_though_a_check_of_ours_made_the_call(
    judged: Judged,  # noqa: F811
) -> None:
    asks = "check.gradients(double, (torch.ones(2),), lambda x: x)"
    (found,) = outcomes(judged(exercise(RAISES.format("double")), check(asks))).values()
    assert found.status == "failed"
    assert found.message.startswith("double: your code stopped with TypeError: only integer tensors of a single")


def test_memory_that_is_refused_is_no_wrong_answer(judged: Judged) -> None:  # noqa: F811
    nb = judged(
        exercise(f"def double(x):\n    return {HUGE}"), check("double(1)"),
        exercise(f"half = {HUGE}", "half"), check("half", "half"),
    )  # fmt: skip
    asked = "asked for more memory than there is: 400,000.0 GB at once"
    assert {name: (found.status, found.message) for name, found in outcomes(nb).items()} == {
        "check_double": ("out_of_memory", f"double: your code {asked} (line 2, in double). {TOO_LARGE}"),
        "check_half": (
            "out_of_memory",
            f"half: the cell itself {asked}. What it should make is not there to be checked. {TOO_LARGE}",
        ),
    }


def test_a_magic_beside_an_answer_does_not_hide_its_text_from_the_check(judged: Judged) -> None:  # noqa: F811
    asks = "check.calls(double, forbidden=('for',), required=('.mul',))"
    tried = "def double(x):\n    return x.mul(2)\n%timeit -n 1 double(torch.ones(1))\n!true\nfor x in ():\n    pass"
    assert verdicts(judged(exercise(tried), check(asks))) == ["passed"]
    assert verdicts(judged(exercise(f"%%time\n{RIGHT}"), check(asks))) == ["failed"], "the twin: it is read"


def test_an_answer_that_the_judge_has_no_memory_for_is_no_tampering(judged: Judged) -> None:  # noqa: F811
    limits = dataclasses.replace(LIMITS, memory_bytes=64 << 20)
    large = exercise("def double(x):\n    return torch.zeros(40 << 20)")
    assert verdicts(judged(large, check("double(1)"), limits=limits, careful=True)) == ["out_of_memory"]
    assert verdicts(judged(exercise(RIGHT), check("double(1)"), limits=limits, careful=True)) == ["passed"]


def test_a_cell_that_tampers_gives_its_checks_that_outcome_and_the_others_go_on(judged: Judged) -> None:  # noqa: F811
    spoils = SPOIL.replace("def double(x):", "for _ in 'x':").replace("    return 6\n", "") + "double = 6"
    nb = judged(exercise(spoils), check("double"), exercise("size = 6", "size"), check("check.equal(size, 6)", "size"))
    found = outcomes(nb)
    assert [outcome.status for outcome in found.values()] == ["tampered", "passed"]
    assert found["check_double"].message == (
        "double: while this cell ran, something wrote to the connection between the notebook and the grader. "
        "A person will look at this answer."
    )


@pytest.mark.parametrize(
    ("trouble", "ended", "status"),
    [("", "ok", "ok"), ("", "tampered", "tampered"), ("wire", "ok", "tampered"), ("overfull", "ok", "out_of_memory")],
)
def test_what_was_written_beside_a_right_answer_is_told_too(trouble: str, ended: str, status: str) -> None:
    assert Verdict.of({"outputs": [], "trouble": trouble, "said": ""}, ended).status == status
