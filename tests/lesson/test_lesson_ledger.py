"""The cost ledger adds up what is booked, refuses unknown quantities whole, and prints as a table."""

import math

import pytest

from autograde.lesson import Ledger


def booked() -> Ledger:
    books = Ledger()
    books.predict("forward", flops=2e7, seconds=0.002)
    books.measure("forward", flops=1e7, seconds=0.003)
    books.measure("forward", flops=1e7)
    books.predict("training", dollars=4.0)
    return books


def test_amounts_on_one_item_and_quantity_add_up():
    assert booked().total("flops", "measured") == 2e7
    assert booked().total("seconds") == 0.002
    assert booked().total("bytes") == 0


def test_what_stands_on_both_sides_is_reconciled_and_the_rest_is_missing():
    assert booked().reconcile() == {("forward", "flops"): 1.0, ("forward", "seconds"): 1.5}
    assert booked().missing() == [("training", "dollars")]


def test_an_unknown_quantity_is_refused_and_nothing_of_the_booking_stays():
    books = Ledger()
    with pytest.raises(
        ValueError, match="no quantity 'flop' in a ledger: there are flops, bytes, tokens, seconds, dollars"
    ):
        books.predict("forward", seconds=1.0, flop=2.0)
    assert books.total("seconds") == 0


def test_two_ledgers_share_nothing():
    booked()
    assert list(Ledger().rows()) == []


def test_nothing_predicted_is_no_division_by_zero():
    books = Ledger()
    books.predict("free", dollars=0.0, seconds=0.0)
    books.measure("free", dollars=0.0, seconds=3.0)
    assert books.reconcile() == {("free", "dollars"): 1.0, ("free", "seconds"): math.inf}


def test_it_prints_as_a_table():
    assert str(booked()) == (
        "item       quantity    predicted     measured   measured / predicted\n"
        "forward    flops      2e+07 FLOP   2e+07 FLOP                      1\n"
        "forward    seconds       0.002 s      0.003 s                    1.5\n"
        "training   dollars           4 $                                    "
    )
