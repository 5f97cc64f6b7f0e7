"""What one call across the wall costs, and one fork of the fork server: in the sandbox, as the judge does it.

python tests/bench/calls.py [--isolation sandbox] [--times 200]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from typing import Any

import psutil
import torch
from measure import tree_memory
from report import mebibytes, save, table

from autograde.wall.peer import Wall
from autograde.wall.room import Preload, Room
from autograde.wall.sandbox import Sandbox
from autograde.wall.student import Student

STUDENT = """
def same(x): return x * 1.0
class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.first, self.second = torch.nn.Linear(64, 320), torch.nn.Linear(320, 16)
    def forward(self, x): return self.second(self.first(x).relu())
"""


def main() -> None:
    """Measure and print two tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--isolation", default="sandbox")
    parser.add_argument("--times", type=int, default=200)
    args = parser.parse_args()
    torch.set_num_threads(1)
    sandbox = Sandbox(
        args.isolation,
        Room(),
        Preload(["torch", "numpy", "IPython"], [("fixture", "import torch")], first_uses=True),
    )
    started = time.perf_counter()
    sandbox.start()
    start = time.perf_counter() - started
    try:
        save("calls", calls(sandbox, args.times))
        save("forks", forks(sandbox, start))
    finally:
        sandbox.close()


def calls(sandbox: Sandbox, times: int) -> list[dict[str, Any]]:
    """Milliseconds of a call, by what crosses."""
    student = Student(lambda: sandbox.fork("bench", []))
    student.restart() if not student.alive() else None
    student.run_cell(STUDENT, 1, 30)
    rows = []
    with student.check(1, 600, 2) as visit:
        wall = Wall(visit.channel, lambda: time.monotonic() + 60)
        same, net = wall.get("same"), wall.get("Net")()
        sizes = {"a number": 2.0} | {f"tensor of {n * 4:,} bytes": torch.randn(n) for n in (1, 250, 25_000, 2_500_000)}
        for what, x in sizes.items():
            rows.append(_row(what, lambda x=x: same(x), times if not torch.is_tensor(x) or x.numel() < 1e6 else 20))
        x = torch.randn(64, 64, requires_grad=True)
        rows.append(_row("64 × 64, forward and backward", lambda: same(x).sum().backward(), times))
        batch = torch.randn(32, 64)
        rows.append(_row("a module of 26,000 parameters, forward", lambda: net(batch), times))
        rows.append(_row("the same, forward and backward", lambda: net(batch).sum().backward(), times))
    student.close()
    print(table(rows))
    return rows


def _row(what: str, call: Callable[[], Any], times: int) -> dict[str, Any]:
    call()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        call()
        taken.append((time.perf_counter() - started) * 1e3)
    taken.sort()
    rounded = [round(value, 2) for value in (statistics.median(taken), taken[int(0.95 * len(taken))])]
    return {"what crosses": what, "median ms": rounded[0], "95 % ms": rounded[1], "calls": times}


def forks(sandbox: Sandbox, start: float) -> list[dict[str, Any]]:
    """Seconds until a fork answers, until a check's own fork answers, and its memory."""
    ready, checks, ends, memory = [], [], [], []
    for _ in range(20):
        begun = time.perf_counter()
        student = Student(lambda: sandbox.fork("bench", []))
        student.run_cell("1", 1, 30)
        ready.append(time.perf_counter() - begun)
        student.run_cell(STUDENT, 2, 30)
        begun = time.perf_counter()
        with student.check(1, 60, 3) as visit:
            Wall(visit.channel, lambda: time.monotonic() + 60).get("same")
        checks.append(time.perf_counter() - begun)
        memory.append(student.process.memory() if student.process else 0)
        begun = time.perf_counter()
        student.close()
        ends.append(time.perf_counter() - begun)
    named = {"a fork ready, first cell run": ready, "a check's fork, one name asked, ended": checks, "its end": ends}
    rows: list[dict[str, Any]] = [{"what": "fork server ready", "median ms": round(start * 1e3), "slowest ms": ""}]
    for what, taken in named.items():
        rows.append(
            {
                "what": what,
                "median ms": round(statistics.median(taken) * 1e3, 1),
                "slowest ms": round(max(taken) * 1e3, 1),
            }
        )
    process = psutil.Process()
    held = sum(tree_memory(child.pid) for child in process.children())  # the fork server, its forks have ended
    rows.append({"what": f"memory of the fork server: {mebibytes(held)} MiB"})
    rows.append({"what": f"memory of a fork by itself: {mebibytes(int(statistics.median(memory)))} MiB"})
    print(table(rows))
    return rows


if __name__ == "__main__":
    main()
