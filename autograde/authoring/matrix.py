"""Prints the mutant matrix: exercise × candidate → which check caught it."""

from __future__ import annotations

from collections.abc import Sequence

from autograde.authoring.candidates import Verdict


def print_matrix(lesson: str, verdicts: Sequence[Verdict], problems: Sequence[str], *, verbose: bool = False) -> None:
    """Print one lesson's matrix, its problems and its totals."""
    width = max((len(verdict.candidate.name) for verdict in verdicts), default=10)
    print(f"\n{lesson}")
    shown = ""
    for verdict in verdicts:
        if verdict.candidate.exercise != shown:
            shown = verdict.candidate.exercise
            print(f"  {shown}")
        print(f"    {_mark(verdict)} {verdict.candidate.name:<{width}}  {_fate(verdict)}")
        if verbose and not verdict.candidate.right:
            for outcome in verdict.outcomes:
                print(f"        {outcome.check}: {outcome.outcome}: {outcome.message}")
    for problem in problems:
        print(f"  ✗ {problem}")
    print(f"  {totals(verdicts)}")


def totals(verdicts: Sequence[Verdict]) -> str:
    """The last line: how many mutants were caught as meant, how many right answers passed."""
    wrong = [verdict for verdict in verdicts if not verdict.candidate.right]
    right = [verdict for verdict in verdicts if verdict.candidate.right]
    caught = sum(1 for verdict in wrong if not verdict.problem)
    passed = sum(1 for verdict in right if not verdict.problem)
    exercises = len({verdict.candidate.exercise for verdict in verdicts})
    return (
        f"{exercises} exercises: {caught} of {len(wrong)} mutants caught at the check meant for them, with a message "
        f"that names the mistake; {passed} of {len(right)} right answers passed (references included)"
    )


def _mark(verdict: Verdict) -> str:
    return "✗" if verdict.problem else "✓"


def _fate(verdict: Verdict) -> str:
    if verdict.problem:
        return verdict.problem
    if verdict.candidate.right:
        return "passed"
    return "caught by " + ", ".join(verdict.killers)
