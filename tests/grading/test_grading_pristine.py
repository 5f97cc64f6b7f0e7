"""What a check or a student's code changes in the lesson's own objects is put back, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from autograde.grading import pristine
from autograde.grading.pristine import Pristine


@dataclass
class Table:
    rows: list[int] = field(default_factory=lambda: [1, 2])


def lesson() -> dict[str, Any]:
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    x = torch.arange(6.0)
    return {
        "x": x,
        "view": x.view(2, 3)[:, 1:],
        "leaf": torch.ones(3, requires_grad=True),
        "half": torch.ones(2, dtype=torch.bfloat16),
        "nothing": torch.empty(0, 3),
        "meta": torch.empty(2, device="meta"),
        "sparse": torch.eye(3).to_sparse(),
        "net": net,
        "names": ["a", "b"],
        "nested": {"inner": [torch.zeros(2)], "left": 1},
        "seen": {1, 2},
        "array": np.zeros(3),
        "words": np.array(["a", None], dtype=object),
        "table": Table(),
        "dice": torch.Generator().manual_seed(3),
        "data": torch.utils.data.TensorDataset(torch.ones(4)),
        "function": len,
        "text": "x",
    }


CHANGES: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a tensor in place": lambda it: it["x"].zero_(),
    "a tensor past autograd": lambda it: it["x"].data.fill_(7),
    "through a view": lambda it: it["view"].mul_(3),
    "a half": lambda it: it["half"].add_(1),
    "a gradient": lambda it: it["leaf"].sum().backward(),
    "a flag": lambda it: it["leaf"].requires_grad_(False),
    "a parameter": lambda it: torch.nn.init.zeros_(it["net"][0].weight),
    "a buffer": lambda it: it["net"][1].running_mean.fill_(5),
    "a mode": lambda it: it["net"].eval(),
    "a layer": lambda it: it["net"].append(torch.nn.ReLU()),
    "a list": lambda it: it["names"].append("c"),
    "an order": lambda it: it["names"].reverse(),
    "a table": lambda it: it["nested"].update(left=2, right=3),
    "a tensor in a list in a table": lambda it: it["nested"]["inner"][0].add_(1),
    "a set": lambda it: it["seen"].add(3),
    "an array": lambda it: it["array"].fill(1),
    "an object's list": lambda it: it["table"].rows.clear(),
    "an object's attribute": lambda it: setattr(it["table"], "rows", []),
    "a generator": lambda it: torch.rand(2, generator=it["dice"]),
    "a dataset's tensor": lambda it: it["data"].tensors[0].zero_(),
}


def picture(it: dict[str, Any]) -> str:
    """All of it in words."""
    leaf, net = it["leaf"], it["net"]
    state = {name: tensor.tolist() for name, tensor in net.state_dict().items()}
    flags = [leaf.requires_grad, leaf.grad, net.training, len(net), it["dice"].get_state().sum().item()]
    tensors = [it[name].tolist() for name in ("x", "view", "half")] + [it["data"].tensors[0].tolist(), leaf.tolist()]
    rest = [it["names"], it["nested"], it["seen"], it["array"].tolist(), it["table"].rows]
    return str([state, flags, tensors, rest])


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_was_changed_is_put_back(change: Callable[[dict[str, Any]], Any]) -> None:
    it = lesson()
    kept, before = Pristine([it]), picture(it)
    change(it)
    assert picture(it) != before, "the twin: it was changed"
    kept.restore()
    assert picture(it) == before


def test_with_no_change_nothing_is_written() -> None:
    it = lesson()
    kept, versions = Pristine([it]), [it[name]._version for name in ("x", "leaf", "half")]
    kept.restore()
    assert [it[name]._version for name in ("x", "leaf", "half")] == versions


def test_large_tensors_are_known_by_their_count_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pristine, "COMPARED_BYTES", 4)
    it = lesson()
    kept = Pristine([it])
    it["x"].zero_()
    kept.restore()
    assert it["x"].tolist() == [0, 1, 2, 3, 4, 5]


def test_what_refers_to_itself_is_looked_at_once() -> None:
    ring: list[Any] = []
    ring.append(ring)
    kept = Pristine([{"ring": ring}])
    ring.append(1)
    kept.restore()
    assert len(ring) == 1
