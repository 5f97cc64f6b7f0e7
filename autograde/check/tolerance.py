"""One table of tolerances, by dtype, for every comparison of the course.

An answer is close where |answer − expected| ≤ atol + rtol · |expected|. The figures are those of torch.testing.assert_close
(torch/testing/_comparison.py, `_DTYPE_PRECISIONS`), a test compares the two.  Where a tensor and a number meet, the tensor's
dtype decides; where two dtypes meet, the coarser of the two.

Plain Python floats have an entry of their own. A notebook's numbers mostly come out of float32 tensors by `.item()`, so they
get float32's rtol; atol is float64's, so that 1e-6 is not "close" to 0.
"""

from __future__ import annotations

from typing import NamedTuple

import torch


class Tolerance(NamedTuple):
    """Relative and absolute tolerance."""

    rtol: float
    atol: float


EXACT = Tolerance(0.0, 0.0)
NUMBER = Tolerance(1.3e-6, 1e-7)  # Python floats

# (dtype, device type or None for any device): a device whose arithmetic is coarser gets a line of its own here.
TABLE: dict[tuple[torch.dtype, str | None], Tolerance] = {
    (torch.float16, None): Tolerance(1e-3, 1e-5),
    (torch.bfloat16, None): Tolerance(1.6e-2, 1e-5),
    (torch.float32, None): Tolerance(1.3e-6, 1e-5),
    (torch.float64, None): Tolerance(1e-7, 1e-7),
    (torch.complex32, None): Tolerance(1e-3, 1e-5),
    (torch.complex64, None): Tolerance(1.3e-6, 1e-5),
    (torch.complex128, None): Tolerance(1e-7, 1e-7),
}


def tolerance_for(dtype: torch.dtype | None, device: str | None = None) -> Tolerance:
    """The table's entry; integers and bools are exact; None means a Python float."""
    if dtype is None:
        return NUMBER
    return TABLE.get((dtype, device)) or TABLE.get((dtype, None)) or EXACT


def chosen(
    dtypes: list[torch.dtype | None], rtol: float | None, atol: float | None, device: str | None = None
) -> Tolerance:
    """The coarsest entry among `dtypes`, with the author's rtol and atol in place of the table's where given."""
    entries = [tolerance_for(dtype, device) for dtype in dtypes]
    table = Tolerance(max(entry.rtol for entry in entries), max(entry.atol for entry in entries))
    return Tolerance(table.rtol if rtol is None else rtol, table.atol if atol is None else atol)
