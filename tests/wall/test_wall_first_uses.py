"""What was used before a fork is not imported in it."""

from __future__ import annotations

import json
import subprocess
import sys

PROGRAM = """
import json, sys, torch
from autograde.wall import first_uses
counts = [len(sys.modules)]
first_uses.gradients()
counts.append(len(sys.modules))
x = torch.ones(3, requires_grad=True)
torch.autograd.grad(x * x, x, torch.ones(3))
(x * x).backward(torch.ones(3))
counts.append(len(sys.modules))
print(json.dumps(counts))
"""


def test_after_a_first_use_gradients_of_vectors_import_nothing() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    before, loaded, used = json.loads(done.stdout)
    assert used == loaded
    assert loaded > before + 100, "the twin: without that use they import a good deal"
