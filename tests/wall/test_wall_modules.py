"""Modules across the wall: the student's here, and the judge's over there."""

from __future__ import annotations

import copy
import io

import pytest
import torch
import torch.nn.functional as F
from other_side import student
from torch import nn

from autograde import check
from autograde.check.describe import kind
from autograde.wall.limits import Unsendable, WireError

MODELS = """
import torch
from torch import nn
import torch.nn.functional as F

class DigitNet(nn.Module):
    def __init__(self, hidden=64, dropout=0.0):
        super().__init__()
        self.hidden = nn.Linear(64, hidden)
        self.drop = nn.Dropout(dropout)
        self.out = nn.Linear(hidden, 10)
        self.sizes = [64, hidden, 10]
    def forward(self, x): return self.out(self.drop(F.relu(self.hidden(x))))
    def features(self, x): return F.relu(self.hidden(x))

class Plain(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = [nn.Linear(2, 2), nn.Linear(2, 2)]
    def forward(self, x): return self.layers[0](x)

class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("calls", torch.zeros((), dtype=torch.long))
        self.register_buffer("mean", torch.zeros(3), persistent=False)
        self.scale = nn.Parameter(torch.ones(3), requires_grad=False)
    def forward(self, x):
        self.calls += 1
        self.mean = 0.5 * self.mean + 0.5 * x.detach().mean(0)
        return x * self.scale

class Tied(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(5, 4); self.head = nn.Linear(4, 5, bias=False); self.head.weight = self.embed.weight
    def forward(self, x): return self.head(self.embed(x))

class Wide(nn.Linear):
    pass

class Frozen(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
        for p in inner.parameters(): p.requires_grad_(False)
        self.head = nn.Linear(10, 2)
    def forward(self, x): return self.head(self.inner(x))

def evaluate(model, x, y):
    model.eval()
    with torch.no_grad(): logits = model(x)
    return F.cross_entropy(logits, y).item(), (logits.argmax(1) == y).float().mean().item()

def train_digits(x, y, epochs=1, seed=0):
    torch.manual_seed(seed)
    model, losses = DigitNet(32), []
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(epochs):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses

def fit(model, x, y, steps=5):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(steps):
        optimizer.zero_grad(); F.cross_entropy(model(x), y).backward(); optimizer.step()

def zero_(model):
    with torch.no_grad():
        for p in model.parameters(): p.zero_()

def same(model): return model
def is_linear(model): return isinstance(model, nn.Linear), model.in_features
def replace_head(model): model.out = nn.Linear(model.out.in_features, 3); return model
def half(model): return model.half()
def grads(model): return [p.grad for p in model.parameters()]
def loss_of(model, x, y): return F.cross_entropy(model(x), y)
def optimizer_for(params, lr): return torch.optim.SGD(params, lr=lr)
def mutate(model): model.extra = nn.Linear(2, 2)
class HalfFrozen(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm, self.drop = nn.BatchNorm1d(3), nn.Dropout(0.5)
    def train(self, mode=True):
        super().train(mode)
        self.norm.eval()
        return self
    def forward(self, x): return self.drop(self.norm(x))
class Sparse(nn.Module):
    def __init__(self):
        super().__init__(); self.embed = nn.Embedding(5, 2, sparse=True)
    def forward(self, x): return self.embed(x).sum()
def backward(model, x): model(x).backward()
def holder():
    class Box: pass
    box = Box(); box.net = DigitNet(4); return box
net = DigitNet(8)
def global_loss(x, y): return F.cross_entropy(net(x), y)
def state(model): return model.state_dict()
"""


@pytest.fixture(scope="module")
def wall():
    with student(MODELS) as wall:
        yield wall


@pytest.fixture
def data():
    torch.manual_seed(0)
    return torch.randn(90, 64), torch.randint(10, (90,))


def test_a_students_module_is_a_module_with_real_parameters(wall):
    model = wall.get("DigitNet")(32, dropout=0.5)
    assert isinstance(model, nn.Module) and isinstance(model, wall.get("DigitNet")) and kind(model) == "a module"
    assert type(model).__name__ == "DigitNet" and list(model.state_dict())[:2] == ["hidden.weight", "hidden.bias"]
    assert all(type(p) is nn.Parameter and p.is_leaf and p.requires_grad for p in model.parameters())
    check.parameter_count(model, 64 * 32 + 32 + 32 * 10 + 10)
    assert isinstance(model.hidden, nn.Linear) and model.hidden.out_features == 32 and model.sizes == [64, 32, 10]
    assert [name for name, _ in model.named_children()] == ["hidden", "drop", "out"] and model.drop.p == 0.5
    assert repr(model) == repr(wall.get("same")(model)) and repr(model).startswith("DigitNet(\n  (hidden): Linear(in_")
    with pytest.raises(AttributeError, match="'DigitNet' object has no attribute 'gone'"):
        _ = model.gone
    assert kind(wall.get("DigitNet")) == "the class DigitNet, not an object made from it"
    assert issubclass(wall.get("DigitNet"), nn.Module) and issubclass(wall.get("Wide"), nn.Linear)


def test_layers_in_a_plain_list_are_named(wall):
    with pytest.raises(
        check.CheckFailed, match=r"The layers in the plain list or dict self\.layers are not registered"
    ):
        check.parameter_count(wall.get("Plain")(), 12)


def test_the_judge_trains_a_students_module(wall, data):
    x, y = data
    model = wall.get("DigitNet")(16)
    optimizer, losses = torch.optim.AdamW(model.parameters(), lr=1e-2), []
    for _ in range(25):
        optimizer.zero_grad()
        loss = F.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.6 * losses[0]
    check.reaches(F.cross_entropy(model(x), y), model)
    torch.testing.assert_close(model(x), model.out(model.features(x)))
    torch.testing.assert_close(
        model(x), F.linear(F.relu(F.linear(x, *model.hidden.parameters())), *model.out.parameters())
    )


def test_a_trained_module_comes_back_and_trains_on(wall, data):
    x, y = data
    model, losses = wall.get("train_digits")(x, y, epochs=3, seed=4)
    again, same = wall.get("train_digits")(x, y, epochs=3, seed=4)
    assert losses == same and all(
        torch.equal(a, b) for a, b in zip(model.parameters(), again.parameters(), strict=True)
    )
    before = F.cross_entropy(model(x), y).item()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    for _ in range(5):
        optimizer.zero_grad()
        F.cross_entropy(model(x), y).backward()
        optimizer.step()
    assert F.cross_entropy(model(x), y).item() < before == pytest.approx(losses[-1], rel=0.3)
    assert wall.get("evaluate")(model, x, y)[0] == pytest.approx(F.cross_entropy(model(x), y).item())


def test_modes_cross_both_ways(wall, data):
    x, y = data
    model = wall.get("DigitNet")(16, dropout=0.5)
    assert model.training
    first = wall.get("evaluate")(model, x, y)
    assert not model.training and not model.drop.training
    model.train()
    assert not torch.equal(model(x), model(x))
    assert wall.get("evaluate")(model, x, y) == first
    with check.unchanged(*model.parameters()), check.unchanged(model):
        wall.get("evaluate")(model, x, y)


def test_what_student_code_does_to_its_module_is_seen_here(wall, data):
    x, y = data
    model = wall.get("DigitNet")(4)
    held = model.hidden.weight
    wall.get("fit")(model, x, y)
    assert model.hidden.weight is held and all(g is not None for g in (p.grad for p in model.parameters()))
    model.zero_grad()
    assert wall.get("grads")(model) == [None] * 4
    wall.get("zero_")(model)
    assert not held.any() and not model(x).any()
    with torch.no_grad():
        held.fill_(1.0)
    held.data[0] = 2.0
    assert torch.equal(wall.get("same")(model).hidden.weight, held) and model.features(x)[0, 0] >= 0
    wall.get("loss_of")(model, x, y).backward()
    for mine, theirs in zip((p.grad for p in model.parameters()), wall.get("grads")(model), strict=True):
        assert torch.equal(mine, theirs)


def test_buffers_and_fixed_parameters(wall):
    model = wall.get("Counter")()
    assert list(model.state_dict()) == ["scale", "calls"] and not model.scale.requires_grad
    x = torch.ones(4, 3)
    model(x)
    calls = model.calls
    model(x)
    assert calls.item() == 2 and torch.equal(model.mean, torch.full((3,), 0.75)) and not model(x).requires_grad
    model.scale.requires_grad_(True)
    model(x).sum().backward()
    assert model.scale.grad.tolist() == [4.0] * 3


def test_tied_weights_are_one_parameter(wall):
    model = wall.get("Tied")()
    assert model.head.weight is model.embed.weight
    check.parameter_count(model, 20)
    F.cross_entropy(model(torch.tensor([1, 2])), torch.tensor([2, 3])).backward()
    assert model.embed.weight.grad.shape == (5, 4)


def test_state_dicts_load_and_save(wall, data):
    x, _ = data
    model, other = wall.get("DigitNet")(8), wall.get("DigitNet")(8)
    other.load_state_dict(model.state_dict())
    assert torch.equal(model(x), other(x))
    file = io.BytesIO()
    torch.save(wall.get("state")(model), file)
    file.seek(0)
    loaded = torch.load(file, weights_only=True)
    assert torch.equal(loaded["out.bias"], model.out.bias)
    with pytest.raises(TypeError, match="cannot pickle 'DigitNet' object"):
        torch.save(model, io.BytesIO())
    check.shares_storage(wall.get("state")(model)["out.bias"], model.out.bias)


def test_copies_are_the_students_own_copies(wall, data):
    x, _ = data
    model = wall.get("DigitNet")(8)
    twin = copy.deepcopy(model)
    wall.get("zero_")(twin)
    assert model(x).any() and not twin(x).any()


def test_the_structure_may_change(wall):
    model = wall.get("DigitNet")(8)
    wall.get("replace_head")(model)
    assert model.out.weight.shape == (3, 8) and model(torch.ones(1, 64)).shape == (1, 3)
    model.out = nn.Linear(8, 2)
    assert model(torch.ones(1, 64)).shape == (1, 2)
    wall.get("half")(model)
    assert model.hidden.weight.dtype == torch.float16
    model.double()
    assert model.features(torch.ones(1, 64, dtype=torch.float64)).dtype == torch.float64


def test_hooks_fire_inside(wall):
    model, seen = wall.get("DigitNet")(8), []
    handle = model.hidden.register_forward_hook(
        lambda module, args, out: seen.append((module is model.hidden, out.shape))
    )
    model(torch.ones(2, 64))
    handle.remove()
    model(torch.ones(2, 64))
    assert seen == [(True, (2, 8))]


def test_a_module_in_an_object_and_one_bound_to_a_name(wall, data):
    x, y = data
    assert wall.get("holder")().net(x).shape == (90, 10)
    net = wall.get("net")
    wall.get("global_loss")(x, y).backward()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.5)
    before = wall.get("global_loss")(x, y).item()
    optimizer.step()
    assert wall.get("global_loss")(x, y).item() < before


def test_the_judges_module_in_student_code(wall, data):
    x, y = data
    net = nn.Sequential(nn.Linear(64, 16), nn.ReLU(), nn.Dropout(0.5), nn.Linear(16, 10))
    twin = copy.deepcopy(net)
    first = wall.get("evaluate")(net, x, y)
    assert not net.training and first[0] == pytest.approx(F.cross_entropy(net(x), y).item())
    wall.get("fit")(net, x, y)
    twin.eval()
    optimizer = torch.optim.SGD(twin.parameters(), lr=0.1)
    for _ in range(5):
        optimizer.zero_grad()
        F.cross_entropy(twin(x), y).backward()
        optimizer.step()
    for mine, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine, theirs)
    assert wall.get("same")(net) is net and wall.get("is_linear")(nn.Linear(3, 4)) == (True, 3)
    loss = wall.get("loss_of")(net, x, y)
    net.zero_grad()
    loss.backward()
    twin.zero_grad()
    F.cross_entropy(twin(x), y).backward()
    for mine, theirs in zip(net.parameters(), twin.parameters(), strict=True):
        torch.testing.assert_close(mine.grad, theirs.grad)


def test_the_judges_module_inside_a_students_one(wall, data):
    x, _ = data
    inner = nn.Sequential(nn.Linear(64, 10))
    model = wall.get("Frozen")(inner)
    assert not inner[0].weight.requires_grad and model.inner is inner
    check.parameter_count(model, 22, trainable=True)
    model(x).sum().backward()
    assert inner[0].weight.grad is None and model.head.weight.grad is not None


def test_the_structure_of_the_judges_module_is_not_the_students_to_change(wall):
    net = nn.Sequential(nn.Linear(2, 2))
    with pytest.raises(AttributeError, match="cannot set 'extra'"):
        wall.get("mutate")(net)


def test_an_optimizer_of_the_students_steps_the_judges_parameters(wall):
    w = torch.ones(3, requires_grad=True)
    optimizer = wall.get("optimizer_for")([w], 0.5)
    (w * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    optimizer.step()
    assert w.tolist() == [0.5, 0.0, -0.5]
    optimizer.zero_grad()
    assert w.grad is None
    (w * 2).sum().backward()
    optimizer.step()
    assert w.tolist() == [-0.5, -1.0, -1.5] and optimizer.param_groups[0]["lr"] == 0.5
    model = wall.get("DigitNet")(4)
    theirs = wall.get("optimizer_for")(model.parameters(), 0.1)
    before = model.out.bias.detach().clone()
    model(torch.ones(1, 64)).sum().backward()
    theirs.step()
    torch.testing.assert_close(model.out.bias, before - 0.1)


def test_sparse_gradients(wall):
    model, x = wall.get("Sparse")(), torch.tensor([1, 1, 3])
    expected = [[0.0, 0.0], [2.0, 2.0], [0.0, 0.0], [1.0, 1.0], [0.0, 0.0]]
    model(x).backward()
    assert model.embed.weight.grad.is_sparse and model.embed.weight.grad.to_dense().tolist() == expected
    model.zero_grad()
    wall.get("backward")(model, x)
    assert model.embed.weight.grad.to_dense().tolist() == expected
    assert wall.get("same")(model.embed.weight.grad).is_sparse


def test_a_train_of_the_students_own_is_asked_for(wall):
    model = wall.get("HalfFrozen")()
    assert model.norm.training and model.train() is model and model.training
    assert not model.norm.training and model.drop.training
    model.eval()
    assert not model.drop.training


def test_a_module_runs_with_its_own_parameters_only():
    with student(MODELS) as other:
        model = other.get("DigitNet")(4)
        swapped = {name: torch.zeros_like(p) for name, p in model.named_parameters()}
        with pytest.raises(Unsendable, match="runs with its own parameters only"):
            torch.func.functional_call(model, swapped, (torch.ones(1, 64),))


def test_modules_nested_without_end_are_refused():
    deep = "net = nn.Linear(1, 1)\nfor _ in range(60): net = nn.Sequential(net)\n"
    with student("from torch import nn\n" + deep) as other, pytest.raises(WireError):
        other.get("net")
    with student("from torch import nn\n" + deep.replace("60", "30")) as other:
        assert other.get("net")(torch.ones(2, 1)).shape == (2, 1)


def test_nothing_is_held_when_nobody_holds_it(wall):
    for _ in range(3):
        wall.get("DigitNet")(4)(torch.ones(1, 64))
    wall.get("is_linear")(nn.Linear(1, 1))
    wall.get("same")(1)
    assert len(wall.sync.modes) < 20
    with student(MODELS) as other:
        for _ in range(3):
            other.get("DigitNet")(4)(torch.ones(1, 64)).sum().backward()
        other.get("same")(1)
        other.get("same")(1)
        assert len(other.sync.twins) == 0 and not other.sync.modes


COPIES = """
import copy
import torch
from torch import nn

def doubled(layer):
    new = copy.deepcopy(layer)
    with torch.no_grad():
        new.weight *= 2
        new.bias = nn.Parameter(new.bias + 1)
    return new

def copy_of(module): return copy.deepcopy(module)

def doubled_in_place(layer):
    with torch.no_grad():
        layer.weight *= 2
        layer.weight += 0

def rebound(layer): layer.weight = nn.Parameter(torch.zeros(2, 3))

def many(module): return [copy.deepcopy(module) for _ in range(1001)][0]
"""


class Judges(nn.Module):
    """A class that only the judge has."""

    def __init__(self):
        super().__init__()
        self.inner = nn.Linear(3, 2)

    def forward(self, x):
        return self.inner(x) + 1


def test_a_student_may_copy_a_layer_of_the_judges_and_change_the_copy():
    layer, x = nn.Linear(3, 2), torch.randn(4, 3)
    kept = copy.deepcopy(layer)
    with student(COPIES) as wall:
        new = wall.get("doubled")(layer)
        assert isinstance(new, nn.Linear) and new is not layer
        torch.testing.assert_close(new(x), F.linear(x, 2 * kept.weight, kept.bias + 1))
        assert torch.equal(layer.weight, kept.weight) and torch.equal(layer.bias, kept.bias)


@pytest.mark.parametrize(
    "make",
    [
        Judges,
        lambda: nn.Sequential(nn.Linear(3, 2), nn.Tanh()),
        lambda: nn.Conv1d(4, 2, 1),
        lambda: nn.Sequential(Judges()),
    ],
)
def test_a_copy_of_any_module_of_the_judges_computes_what_it_computes(make):
    module = make().eval()
    x = torch.randn(4, 3)
    with student(COPIES) as wall:
        new = wall.get("copy_of")(module)
        assert new is not module and not new.training
        torch.testing.assert_close(new(x), module(x))
        with torch.no_grad():
            next(module.parameters()).zero_()
        assert next(new.parameters()).any()


def test_changing_a_parameter_of_the_judges_in_place_is_seen_and_another_one_is_refused():
    layer = nn.Linear(3, 2)
    kept = layer.weight.detach().clone()
    with student(COPIES) as wall:
        wall.get("doubled_in_place")(layer)
        assert torch.equal(layer.weight, 2 * kept)
        with pytest.raises(Exception, match="cannot set 'weight': the Linear belongs to the test"):
            wall.get("rebound")(layer)


def test_copies_of_the_judges_modules_end():
    with student(COPIES) as wall, pytest.raises(Exception, match="more than 1,000 copies of the test's modules"):
        wall.get("many")(Judges())
