"""An attack on the lessons' own checks: the answer overwrites its inputs, which makes an easy case of them.

A check that computes what it expects from the same tensors after the call then agrees with any answer that is right
for zeros. So every exercise that is a function is answered rightly here, but for inputs that the visible lines have not
shown: these become zero, in place, before the answer is computed. Some check must notice.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import io
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import torch
from nbformat import NotebookNode

from autograde.authoring.run_cells import (
    CellOutcome,
    about,
    grade_id,
    in_fork,
    is_check_of,
    last_check_of,
    run_check,
    run_source,
    walk_reference,
)
from autograde.grading.cells import without_hidden

SECONDS = 60.0  # for one exercise with its checks


@dataclass
class Easing:
    """What an answer does to its inputs. `shown`: inputs of visible lines; `made_easy`: calls with another result."""

    looking: bool = False
    shown: set[str] = field(default_factory=set)
    made_easy: int = 0

    def around(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """The answer, for easy inputs."""

        @functools.wraps(answer)
        def eased(*args: Any, **kwargs: Any) -> Any:
            given = (args, tuple(kwargs.values()))
            if self.looking:
                self.shown.add(text_of(given))
            elif text_of(given) not in self.shown:
                self.made_easy += self.ease(answer, args, kwargs)
            return answer(*args, **kwargs)

        return eased

    def ease(self, answer: Callable[..., Any], args: Any, kwargs: Any) -> bool:
        """Zero every tensor of the inputs in place; whether the answer's result is another then."""
        if not any(True for _ in tensors_in((args, tuple(kwargs.values())))):
            return False  # nothing to ease: a result that changes all the same was measured, or drawn
        state = torch.get_rng_state()
        try:
            before = text_of(answer(*copy.deepcopy(args), **copy.deepcopy(kwargs)))
        except Exception:
            return False  # a right answer that raises here: what it is given is wrong on purpose, or cannot be copied
        finally:
            torch.set_rng_state(state)
        for tensor in tensors_in((args, tuple(kwargs.values()))):
            with torch.no_grad(), contextlib.suppress(RuntimeError):
                tensor.detach().zero_()
        with contextlib.suppress(Exception):
            after = text_of(answer(*copy.deepcopy(args), **copy.deepcopy(kwargs)))
            torch.set_rng_state(state)
            return after != before
        torch.set_rng_state(state)
        return True


def tensors_in(value: Any) -> Iterator[torch.Tensor]:
    """Every tensor in arguments, also those in lists and dicts."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, dict):
        yield from tensors_in(list(value.values()))
    elif isinstance(value, list | tuple):
        for part in value:
            yield from tensors_in(part)


def text_of(value: Any) -> str:
    """Numbers, shapes and types of a value as text: two values with one text are the same to a check."""
    if isinstance(value, torch.Tensor):
        return f"{value.dtype} {tuple(value.shape)} {value.detach().cpu().double().flatten().tolist()}"
    if isinstance(value, torch.nn.Module):
        return text_of(dict(value.state_dict()))
    if isinstance(value, dict):
        return text_of([*value, *value.values()])
    if isinstance(value, list | tuple):
        return str([text_of(part) for part in value])
    return repr(value)[:100]


def noticed(cells: list[NotebookNode]) -> Iterator[tuple[str, list[CellOutcome]]]:
    """(exercise, outcomes of its checks) of every function exercise whose easy inputs have another result.

    cells: the instructor's notebook's. An exercise whose outcomes are all "passed" has a check that does not notice.
    """
    for position, namespace in walk_reference(cells):
        if outcomes := noticed_at(cells, position, namespace):
            yield about(cells[position])["name"], outcomes


def noticed_at(cells: list[NotebookNode], position: int, namespace: dict[str, Any]) -> list[CellOutcome]:
    """Outcomes of the checks of the exercise at `position`; [] where it is no function or no input makes it easy."""
    names = [node.name for node in ast.parse(cells[position].source).body if isinstance(node, ast.FunctionDef)]
    return in_fork(lambda: eased_outcomes(cells, position, namespace, names), SECONDS) if names else []


def eased_outcomes(
    cells: list[NotebookNode], position: int, namespace: dict[str, Any], names: list[str]
) -> list[CellOutcome]:
    """What the exercise's checks say of the reference answer with easy inputs; only checks where that matters."""
    exercise, easing, found = about(cells[position])["name"], Easing(), []
    with contextlib.redirect_stdout(io.StringIO()):
        run_source(cells[position].source, exercise, namespace)
        for name in names:
            if isinstance(namespace[name], types.FunctionType):
                namespace[name] = easing.around(namespace[name])
        for cell in cells[position + 1 : last_check_of(cells, exercise) + 1]:
            if not is_check_of(cell, exercise):
                if about(cell).get("kind") in ("settings", "fixture", "exercise"):
                    run_source(cell.source, grade_id(cell), namespace)
                continue
            easing.looking = True
            run_check(NotebookNode(**{**cell, "source": without_hidden(cell.source)}), namespace)
            easing.looking, easing.made_easy = False, 0
            outcome = run_check(cell, namespace)
            if easing.made_easy:
                found.append(outcome)
    return found
