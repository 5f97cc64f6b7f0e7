"""The tiny models on the course's own Hub: what they read, how they are trained, what they are measured by.

`autograde models` trains them all, on one core in less than ten minutes, and writes them to `data/hub/models/`.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

OWNER = "measure-first"
# Made up, so that a search has something to sort by. The order by downloads is not that by likes or by date.
_FIGURES = """
models/measure-first/tiny-encoder 812 31 2026-10-01 2026-11-20
models/measure-first/tiny-encoder-2-layers 145 4 2026-10-08 2026-10-09
models/measure-first/tiny-encoder-cased 390 12 2026-09-12 2026-09-12
models/measure-first/tiny-decoder 634 42 2026-10-03 2026-11-02
models/measure-first/tiny-advice-classifier 97 18 2026-11-15 2026-11-27
datasets/measure-first/advice-or-venting 451 22 2026-11-20 2026-11-28
datasets/measure-first/repair-cafe 268 15 2026-11-20 2026-11-28
"""
FIGURES: dict[str, dict[str, object]] = {
    name: {"downloads": int(downloads), "likes": int(likes), "created": created, "changed": changed}
    for name, downloads, likes, created, changed in (line.split() for line in _FIGURES.split("\n") if line)
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which models, from which seed, and where to."""
    from autograde.authoring.models.recipes import RECIPES

    parser.add_argument("names", nargs="*", metavar="NAME", help=f"some of {', '.join(RECIPES)}; all without")
    parser.add_argument("--to", type=Path, help="the folder of a Hub (default: data/hub of the course)")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--toy", action="store_true", help="two steps of each kind on little text: to try the way")


def run(args: argparse.Namespace) -> int:
    """Train and save what is asked for; a line for each model."""
    import torch

    from autograde.authoring.models import cards, make, saving
    from autograde.authoring.models.recipes import RECIPES, toy
    from autograde.course import DATA, CourseError

    unknown = set(args.names) - set(RECIPES)
    if unknown:
        raise CourseError(f"no model called {', '.join(sorted(unknown))}: there are {', '.join(RECIPES)}")
    torch.set_num_threads(1)  # the sums of several threads come in another order
    to = args.to or DATA / "hub"
    asked = list(args.names or RECIPES)
    needed = [name for name in RECIPES if name in asked or name in {RECIPES[one].base for one in asked}]
    done: dict[str, make.Made] = {}
    began = time.perf_counter()
    for name in needed:
        made = make.make(toy(RECIPES[name]) if args.toy else RECIPES[name], args.seed, done)
        done[name] = made
        if name in asked:
            saving.save(made, to / "models" / OWNER / name)
        print(f"{name}: " + ", ".join(f"{what} {value:.3f}" for what, value in made.measured.items()), flush=True)
    cards.write_figures(to, FIGURES)
    print(f"{len(asked)} models in {time.perf_counter() - began:.0f} s")
    return 0
