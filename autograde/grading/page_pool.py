"""Writes feedback pages beside the grading: in processes of their own, or, for a few pages, right here."""

from __future__ import annotations

import multiprocessing
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograde.grading.benches import end_pool
from autograde.grading.publish import Page
from autograde.grading.records import BROKEN, Record
from autograde.grading.worker import start_worker

FEW = 3  # pages for which no process is started
MOST_WAITING = 64  # pages that may wait before the batch waits for them


class PagePool:
    """Takes pages, gives back the records that have theirs. expected: how many pages there will be, roughly."""

    def __init__(self, root: Path, workers: int, expected: int) -> None:
        self.root, self.workers, self.few = root, workers, expected <= FEW
        self.waiting: dict[Future[None], tuple[Record, Page]] = {}
        self.finished: list[Record] = []
        self._pool: ProcessPoolExecutor | None = None
        self._maker: Any = None

    def submit(self, record: Record, page: Page) -> None:
        """Have a page written."""
        if self.few:
            self.finished.append(self._written(record, None, self._write_here(page)))
            return
        try:
            self.waiting[self._start().submit(_write, page)] = (record, page)
        except BrokenProcessPool:
            self._drop()
            self.waiting[self._start().submit(_write, page)] = (record, page)

    def done(self, wait_for_all: bool = False) -> list[Record]:
        """The records whose pages have been written since the last call; waits where too many are under way."""
        most = 0 if wait_for_all else MOST_WAITING
        while self.waiting:
            slow = len(self.waiting) > most
            came, _ = wait(self.waiting, timeout=None if slow else 0, return_when=FIRST_COMPLETED)
            if not came:
                break
            for future in came:
                record, page = self.waiting.pop(future)
                self.finished.append(self._written(record, page, future.exception()))
        finished, self.finished = self.finished, []
        return finished

    def _written(self, record: Record, page: Page | None, error: BaseException | None) -> Record:
        """The record of a page that was written, or could not be. One whose process was killed is written here."""
        if isinstance(error, BrokenProcessPool) and page is not None:
            self._drop()
            error = self._write_here(page)
        if error is None:
            return record
        if isinstance(error, OSError):
            raise error
        reason = f"its feedback page could not be written ({type(error).__name__}: {error})"
        return replace(record, status=BROKEN, mark="", feedback="", reason=reason, mend="report it")

    def _write_here(self, page: Page) -> BaseException | None:
        from autograde.grading.pages import PageMaker

        self._maker = self._maker or PageMaker(self.root)
        try:
            self._maker.write(page)
        except Exception as error:
            return error
        return None

    def _start(self) -> ProcessPoolExecutor:
        if self._pool is None:
            spawn = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, spawn, _begin, (self.root,))
        return self._pool

    def _drop(self) -> None:
        if self._pool is not None:
            end_pool(self._pool, False)
            self._pool = None

    def close(self) -> None:
        """End its processes."""
        if self._pool is not None:
            end_pool(self._pool, not self.waiting)
            self._pool = None


def _begin(root: Path) -> None:
    start_worker()
    from autograde.grading import pages

    pages.start_making_pages(root)


def _write(page: Page) -> None:
    from autograde.grading import pages

    pages.write_page(page)
