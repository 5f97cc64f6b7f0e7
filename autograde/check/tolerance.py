"""One table of tolerances, by dtype, for every comparison of the course.

An answer is close where |answer − expected| ≤ atol + rtol · |expected|. The figures are the defaults of
torch.testing.assert_close (its `_DTYPE_PRECISIONS`; a test compares the two). Integers and bools are exact. The dtype
is that of the expected tensor, which the answer must share; where a tensor meets a plain number, the tensor's.

Plain Python floats have an entry of their own, where torch.testing would take float64's. A notebook's numbers mostly
come out of float32 tensors by `.item()`, so they get float32's rtol; atol is float64's, so that 1e-6 is not "close"
to 0.

An author's `rtol` or `atol` replaces the entry's; one above the table is justified where it stands.
"""

from __future__ import annotations

from typing import NamedTuple

import torch


class Tolerance(NamedTuple):
    """Relative and absolute tolerance."""

    rtol: float
    atol: float

    def at(self, expected: float) -> float:
        """The largest difference that is still right where the expected value is `expected`."""
        return self.atol + self.rtol * abs(expected)


EXACT = Tolerance(0.0, 0.0)
NUMBER = Tolerance(1.3e-6, 1e-7)  # Python floats

# (dtype, device type, or None for any): a device whose arithmetic is coarser gets a line of its own here.
TABLE: dict[tuple[torch.dtype, str | None], Tolerance] = {
    (torch.float16, None): Tolerance(1e-3, 1e-5),
    (torch.bfloat16, None): Tolerance(1.6e-2, 1e-5),
    (torch.float32, None): Tolerance(1.3e-6, 1e-5),
    (torch.float64, None): Tolerance(1e-7, 1e-7),
    (torch.complex32, None): Tolerance(1e-3, 1e-5),
    (torch.complex64, None): Tolerance(1.3e-6, 1e-5),
    (torch.complex128, None): Tolerance(1e-7, 1e-7),
}

# Central differences in float64 against autograd's float64: with h ≈ ε^(1/3) the formula's own error is about
# ε^(2/3) ≈ 4e-11 of f's size, amplified by f's third derivative and by cancellation; ten thousand times that is left.
DIFFERENCES = Tolerance(1e-5, 1e-6)


def tolerance_for(dtype: torch.dtype | None, device: str | None = None) -> Tolerance:
    """The table's entry for this dtype (None: a Python float), on a type of device."""
    if dtype is None:
        return NUMBER
    return TABLE.get((dtype, device)) or TABLE.get((dtype, None)) or EXACT


def chosen(
    dtype: torch.dtype | None, rtol: float | None = None, atol: float | None = None, device: str | None = None
) -> Tolerance:
    """The table's entry, with the author's rtol and atol in place of the table's where given."""
    table = tolerance_for(dtype, device)
    return Tolerance(table.rtol if rtol is None else rtol, table.atol if atol is None else atol)
