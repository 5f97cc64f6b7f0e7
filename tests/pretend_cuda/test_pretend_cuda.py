"""The pretend card refuses what a CUDA device refuses and does what it does: else a rehearsal shows nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pretend
import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
CASES = """
import copy, io, os, torch, torch.nn.functional as F
from torch import nn
card = torch.device("cuda")

def refused(function):
    try:
        function()
    except (RuntimeError, TypeError, AssertionError) as error:
        return str(error)
    raise SystemExit("not refused")
"""


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    """The library, where there is a compiler and a PyTorch for it."""
    if shutil.which("g++") is None:
        pytest.skip("no g++ here")
    try:
        pretend.build(*pretend.installed_torch())
    except RuntimeError as error:
        pytest.skip(f"no pretend card here: {error}")


def on_the_card(source: str) -> str:
    """What a Python with the card prints. Fails with its error."""
    environment = os.environ | {"PYTHONPATH": str(HERE), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, "-c", CASES + source],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_two_devices_do_not_mix() -> None:
    said = on_the_card("""
print(refused(lambda: torch.ones(3, device=card) + torch.ones(3)))
print(refused(lambda: nn.Linear(2, 2).to(card)(torch.ones(1, 2))))
print(refused(lambda: F.cross_entropy(torch.randn(3, 2, device=card), torch.zeros(3, dtype=torch.long))))
print(refused(lambda: torch.arange(5)[torch.tensor([1], device=card)]))
print(refused(lambda: torch.zeros(1, device="cuda:7")))
assert (torch.ones(3, device=card) + torch.tensor(2.0)).tolist() == [3, 3, 3]  # a number of the host's may come along
assert torch.arange(5, device=card)[torch.tensor([1, 2])].tolist() == [1, 2]  # and indices too
""")
    mixed = "Expected all tensors to be on the same device, but found at least two devices, cuda:0 and cpu!"
    lines = said.splitlines()
    assert [line.startswith(mixed) for line in lines[:3]] == [True] * 3
    assert "indices should be either on cpu" in lines[3]
    assert "invalid device ordinal" in lines[4]


def test_numpy_needs_a_copy() -> None:
    said = on_the_card("print(refused(lambda: torch.ones(3, device=card).numpy()))")
    assert "Use Tensor.cpu() to copy the tensor to host memory first" in said


def test_a_generator_has_a_side() -> None:
    said = on_the_card("""
print(refused(lambda: torch.randn(3, device=card, generator=torch.Generator().manual_seed(1))))
print(refused(lambda: torch.randn(3, generator=torch.Generator("cuda").manual_seed(1))))
torch.manual_seed(0)
first = torch.randn(3, device=card)
torch.manual_seed(0)
assert torch.equal(first, torch.randn(3, device=card))
""")
    assert said.splitlines() == [
        "Expected a 'cuda' device type for generator but found 'cpu'",
        "Expected a 'cpu' device type for generator but found 'cuda'",
    ]


def test_training_gives_the_hosts_numbers() -> None:
    on_the_card("""
def train(device):
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 2)).to(device)
    optimizer, x = torch.optim.AdamW(model.parameters(), lr=0.1), torch.randn(16, 4).to(device)
    for _ in range(5):
        loss = F.cross_entropy(model(x), (x[:, 0] > 0).long())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
    assert model[0].weight.grad.device.type == model[0].weight.device.type == torch.device(device).type
    return loss.item()
assert abs(train("cpu") - train(card)) < 1e-5, (train("cpu"), train(card))
q, k, v = (torch.randn(1, 2, 5, 4, device=card, requires_grad=True) for _ in range(3))
F.scaled_dot_product_attention(q, k, v, is_causal=True).sum().backward()
assert q.grad.is_cuda
with torch.autocast("cuda", dtype=torch.float16):
    assert nn.Linear(4, 4).to(card)(torch.randn(2, 4, device=card)).dtype == torch.float16
""")


def test_saving_views_and_memory() -> None:
    on_the_card("""
kept = io.BytesIO()
torch.save(nn.Linear(2, 2).to(card).state_dict(), kept)
kept.seek(0)
assert torch.load(kept)["weight"].is_cuda
kept.seek(0)
assert not torch.load(kept, map_location="cpu")["weight"].is_cuda
table = torch.zeros(2, 3, device=card)
table[1].fill_(7)
table.t_()
assert table.tolist() == [[0, 7], [0, 7], [0, 7]] and copy.deepcopy(table).is_cuda
assert torch.add(torch.ones(3, device=card), 1, out=torch.empty(0, device=card)).tolist() == [2, 2, 2]
before = torch.cuda.memory_allocated()
held = torch.zeros(1000, device=card)
assert torch.cuda.memory_allocated() - before == 4000
del held
assert torch.cuda.memory_allocated() == before and torch.cuda.max_memory_allocated() >= before + 4000
assert torch.ones(3).pin_memory().is_pinned() and not torch.ones(3).is_pinned()
""")


def test_a_fork_may_not_go_on() -> None:
    said = on_the_card("""
torch.ones(1, device=card)
if (child := os.fork()) == 0:
    print(refused(lambda: torch.ones(1, device=card)), flush=True)
    os._exit(0)
os.waitpid(child, 0)
""")
    assert said.startswith("Cannot re-initialize CUDA in forked subprocess")


def test_a_lesson_rehearsed() -> None:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    command = [sys.executable, str(HERE / "rehearse.py"), "13", "--no-mutants"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "| 13_module_test | passed | passed | – |" in done.stdout
