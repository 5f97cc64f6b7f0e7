"""The ledger as it stands after lesson 07, for the lessons that come later: bytes, dtypes, tokens, seconds, dollars.

In lessons 05, 06 and 07 students write these methods themselves, each in a class of their own over `lesson.Ledger`.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch

from autograde.lesson.ledger import SIDES, Ledger

# Bytes a parameter under each way to train: weights, gradients, optimiser (states and the master copy).
WAYS = {
    "sgd": (4, 4, 0),
    "momentum": (4, 4, 4),
    "adamw": (4, 4, 8),
    "mixed": (2, 2, 12),
}


class CostLedger(Ledger):
    """A `Ledger` that also knows what training holds (05), in which dtypes (06), and what a run over tokens takes (07).

    >>> books = CostLedger()
    >>> books.predict_training(1000, "adamw", activations=500)
    >>> books.total("bytes")
    16500.0
    >>> books.predict_run(tokens=2000, parameters=1000, rate=1e6, dollars_per_hour=3.0)
    >>> books.per_token("seconds")
    0.006
    """

    def __init__(self) -> None:
        super().__init__()
        self._dtypes: dict[str, dict[torch.dtype, int]] = {side: {} for side in SIDES}

    # Lesson 05: bytes

    def predict_training(self, parameters: int, way: str, activations: int = 0) -> None:
        """Book the bytes of weights, gradients, optimiser and activations. way: one of WAYS.

        Raises ValueError for another way, and books nothing then.
        """
        if way not in WAYS:
            raise ValueError(f"no way {way!r} to train: there are {', '.join(WAYS)}")
        for item, each in zip(("weights", "gradients", "optimizer"), WAYS[way], strict=True):
            self.predict(item, bytes=each * parameters)
        self.predict("activations", bytes=activations)

    def measure_bytes(self, item: str, tensors: Iterable[torch.Tensor | None]) -> None:
        """Book the bytes of tensors on an item, each storage once; None (a gradient that is not there) takes none."""
        self.measure(item, bytes=storage_bytes(tensors))

    # Lesson 06: dtypes

    def predict_numbers(self, item: str, count: int, dtype: torch.dtype) -> None:
        """Book the bytes of so many numbers of a dtype, on the item and on the dtype."""
        self._typed("predicted", dtype, count * dtype.itemsize)
        self.predict(item, bytes=count * dtype.itemsize)

    def measure_numbers(self, item: str, tensors: Iterable[torch.Tensor]) -> None:
        """Book what tensors hold (numbers × bytes a number), on the item and on each tensor's dtype."""
        tensors = list(tensors)
        for tensor in tensors:
            self._typed("measured", tensor.dtype, tensor.nbytes)
        self.measure(item, bytes=sum(tensor.nbytes for tensor in tensors))

    def by_dtype(self, side: str = "predicted") -> dict[torch.dtype, int]:
        """The bytes of each dtype that was booked on one side of the books."""
        return dict(self._dtypes[side])

    # Lesson 07: tokens, seconds, dollars

    def predict_run(self, tokens: int, parameters: int, rate: float, dollars_per_hour: float = 0.0) -> None:
        """Book a training run on the item "run". rate: FLOP/s that are really reached."""
        flops = 6 * parameters * tokens
        seconds = flops / rate
        self.predict("run", tokens=tokens, flops=flops, seconds=seconds, dollars=seconds / 3600 * dollars_per_hour)

    def per_token(self, quantity: str, side: str = "predicted") -> float:
        """What one token costs. Raises ValueError where no tokens are booked."""
        tokens = self.total("tokens", side)
        if not tokens:
            raise ValueError(f"no tokens are {side}: what does one of none cost?")
        return self.total(quantity, side) / tokens

    def _typed(self, side: str, dtype: torch.dtype, amount: int) -> None:
        self._dtypes[side][dtype] = self._dtypes[side].get(dtype, 0) + amount


def storage_bytes(tensors: Iterable[torch.Tensor | None]) -> int:
    """The bytes of the memory behind tensors: two views of one storage are one; None is none."""
    storages = (tensor.untyped_storage() for tensor in tensors if tensor is not None)
    return sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())
