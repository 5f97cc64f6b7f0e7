"""What a check or a student's code changes in the lesson's own objects is put back, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch

from autograde.grading.pristine import Pristine


@dataclass
class Table:
    rows: list[int] = field(default_factory=lambda: [1, 2])


def lesson() -> dict[str, Any]:
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.BatchNorm1d(2))
    x = torch.arange(6.0)
    old = torch.ones(2, requires_grad=True)
    old.grad = torch.ones(2)
    return {
        "x": x,
        "view": x.view(2, 3)[:, 1:],
        "leaf": torch.ones(3, requires_grad=True),
        "half": torch.ones(2, dtype=torch.bfloat16),
        "old": old,
        "nothing": torch.empty(0, 3),
        "meta": torch.empty(2, device="meta"),
        "sparse": torch.eye(3).to_sparse(),
        "lazy": torch.nn.LazyLinear(3),
        "ragged": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
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
    "other data": lambda it: setattr(it["x"], "data", torch.zeros(6)),
    "data of another dtype": lambda it: setattr(it["half"], "data", torch.zeros(2, dtype=torch.float64)),
    "data of another shape": lambda it: setattr(it["leaf"], "data", torch.zeros(1)),
    "data of whole numbers": lambda it: setattr(it["leaf"].requires_grad_(False), "data", torch.zeros(3).long()),
    "a parameter's data": lambda it: it["net"].double(),
    "a half": lambda it: it["half"].add_(1),
    "an old gradient": lambda it: it["old"].grad.zero_(),
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
    state = {name: (tensor.dtype, tensor.tolist()) for name, tensor in net.state_dict().items()}
    flags = [leaf.requires_grad, leaf.grad, net.training, len(net), it["dice"].get_state().sum().item()]
    tensors = [it["data"].tensors[0].tolist(), it["old"].grad.tolist()]
    tensors += [[it[name].dtype, it[name].tolist()] for name in ("x", "view", "half", "leaf")]
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


def test_what_has_a_name_is_put_back_however_much_there_is_besides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("autograde.grading.pristine.MOST_OBJECTS", 10)
    x = torch.ones(3)
    kept = Pristine([{"x": x, "rows": [(n,) for n in range(100)]}])
    x.zero_()
    kept.restore()
    assert x.tolist() == [1, 1, 1]


def test_what_refers_to_itself_is_looked_at_once() -> None:
    ring: list[Any] = []
    ring.append(ring)
    kept = Pristine([{"ring": ring}])
    ring.append(1)
    kept.restore()
    assert len(ring) == 1
