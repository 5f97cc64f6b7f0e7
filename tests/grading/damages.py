"""Every kind of damage that a notebook takes on its way, by its name."""

from __future__ import annotations

import damages_of_cells
import damages_of_files
import damages_of_order
from damage_registry import DAMAGES, Damage

MADE_IN = (damages_of_files, damages_of_cells, damages_of_order)  # importing them fills the registry

__all__ = ["DAMAGES", "MADE_IN", "Damage"]
