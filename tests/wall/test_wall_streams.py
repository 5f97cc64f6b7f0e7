"""What a test has drawn from the secret, and what it will draw, cannot be told from what the student's side gets."""

from __future__ import annotations

import torch
from other_side import student

SECRET_SEED = 2**61 + 12345  # as check.begin() seeds the judge's stream: 63 bits from a hash
SOURCE = """
import torch
def draw(): return torch.randn(4)
def state(): return torch.get_rng_state()
def load(s): torch.set_rng_state(s)
"""


def test_a_stream_from_the_secret_is_told_one_way_only():
    with student(SOURCE) as wall:
        torch.manual_seed(SECRET_SEED)
        past = torch.randn(4)
        told = wall.get("state")()
        assert not torch.equal(told, torch.get_rng_state())
        copied = torch.Generator()
        copied.set_state(told)
        assert copied.initial_seed() != SECRET_SEED
        future = torch.randn(4)
        seen = torch.randn(64, generator=copied)
        assert not any(number in seen for number in (*past, *future))


def test_the_same_state_of_the_judge_gives_the_student_the_same_numbers():
    with student(SOURCE) as wall:
        torch.manual_seed(SECRET_SEED)
        first = wall.get("draw")()
        torch.manual_seed(SECRET_SEED)
        assert torch.equal(wall.get("draw")(), first)


def test_a_seed_that_the_test_writes_holds_on_both_sides():
    with student(SOURCE) as wall:
        torch.manual_seed(5)
        expected = torch.randn(4)
        torch.manual_seed(5)
        assert torch.equal(wall.get("draw")(), expected)
        torch.manual_seed(5)
        assert torch.equal(wall.get("draw")(), expected)
        assert not torch.equal(wall.get("draw")(), expected)


def test_going_back_to_a_state_that_was_told_takes_the_judge_back_to_its_own():
    with student(SOURCE) as wall:
        torch.manual_seed(SECRET_SEED)
        saved = wall.get("state")()
        first = torch.randn(4)
        wall.get("load")(saved)
        assert torch.equal(torch.randn(4), first)
