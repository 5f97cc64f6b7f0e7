"""The cost ledger that students build in lesson 04, for the lessons after it: predicted beside measured.

`CostLedger` (costledger.py) is the same with all that they add to it in lessons 05 to 07.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

QUANTITIES = {"flops": "FLOP", "bytes": "B", "tokens": "tokens", "seconds": "s", "dollars": "$"}
SIDES = ("predicted", "measured")
Key = tuple[str, str]
Row = tuple[str, str, float | None, float | None]


class Ledger:
    """What something costs, booked before and after. An entry belongs to an item ("forward") and a quantity ("flops").

    >>> books = Ledger()
    >>> books.predict("forward", flops=100.0, seconds=2.0)
    >>> books.measure("forward", flops=100.0, seconds=5.0)
    >>> books.reconcile()
    {('forward', 'flops'): 1.0, ('forward', 'seconds'): 2.5}
    """

    def __init__(self) -> None:
        self._books: dict[str, dict[Key, float]] = {side: {} for side in SIDES}

    def predict(self, item: str, **amounts: float) -> None:
        """Book what an item is expected to cost; amounts on the same item and quantity add up.

        Raises ValueError for a quantity that is not in QUANTITIES, and books nothing then.
        """
        self._book("predicted", item, amounts)

    def measure(self, item: str, **amounts: float) -> None:
        """Book what an item did cost. See `predict`."""
        self._book("measured", item, amounts)

    def total(self, quantity: str, side: str = "predicted") -> float:
        """The sum of a quantity over all items, on one side of the books."""
        return math.fsum(amount for (_, name), amount in self._books[side].items() if name == quantity)

    def reconcile(self) -> dict[Key, float]:
        """measured / predicted for each (item, quantity) on both sides; inf where 0 was predicted and more measured."""
        return {
            (item, quantity): ratio(predicted, measured)
            for item, quantity, predicted, measured in self.rows()
            if predicted is not None and measured is not None
        }

    def missing(self) -> list[Key]:
        """Each (item, quantity) that was predicted and never measured, sorted."""
        return sorted(set(self._books["predicted"]) - set(self._books["measured"]))

    def rows(self) -> Iterator[Row]:
        """(item, quantity, predicted, measured) in the order of booking; None where a side has nothing."""
        before, after = self._books["predicted"], self._books["measured"]
        for item, quantity in dict.fromkeys([*before, *after]):
            yield item, quantity, before.get((item, quantity)), after.get((item, quantity))

    def __str__(self) -> str:
        """The books as a table."""
        head = ("item", "quantity", "predicted", "measured", "measured / predicted")
        lines = [head, *(_shown(*row) for row in self.rows())]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        return "\n".join(
            "   ".join(map(_padded, line, widths, (str.ljust, str.ljust, *[str.rjust] * 3))) for line in lines
        )

    def _book(self, side: str, item: str, amounts: dict[str, float]) -> None:
        unknown = [name for name in amounts if name not in QUANTITIES]
        if unknown:
            raise ValueError(f"no quantity {unknown[0]!r} in a ledger: there are {', '.join(QUANTITIES)}")
        for quantity, amount in amounts.items():
            self._books[side][item, quantity] = self._books[side].get((item, quantity), 0.0) + amount


def _padded(text: str, width: int, side: Callable[[str, int], str]) -> str:
    return side(text, width)


def ratio(predicted: float, measured: float) -> float:
    """measured / predicted; 1 where both are 0, inf where only the prediction is."""
    if predicted:
        return measured / predicted
    return math.inf if measured else 1.0


def _shown(item: str, quantity: str, predicted: float | None, measured: float | None) -> tuple[str, ...]:
    numbers = ["" if amount is None else f"{amount:,.4g} {QUANTITIES[quantity]}" for amount in (predicted, measured)]
    share = "" if predicted is None or measured is None else f"{ratio(predicted, measured):.3g}"
    return item, quantity, *numbers, share
