"""From collected notebooks to scores, gradebook and feedback: see docs/architecture.md."""

import sys

# jsonschema, on which nbformat stands, would build a grammar of international web addresses when it is imported: over
# a second of every process's start, for a check that nothing here asks for. Without the module it does without it.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
