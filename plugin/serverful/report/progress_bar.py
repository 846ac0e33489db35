"""A bar for long scans: on the terminal's stderr, so that what is piped on from stdout never holds a piece of it; gone when it is done."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_PATIENCE = 0.7  # seconds in which nobody wonders


class ProgressBar:
    """A watcher (`progress.py`) for a `with`. What is done in a moment shows nothing."""

    def __init__(self, stream: TextIO, *, patience: float = _PATIENCE) -> None:
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._progress = Progress(*columns, console=Console(file=stream), transient=True)
        self._task = self._progress.add_task("", total=None)
        self._timer = threading.Timer(patience, self._begin)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._is_over = False

    def __call__(self, doing: str, done: int, total: int) -> None:
        self._progress.update(self._task, description=doing, completed=done, total=total)

    def __enter__(self) -> ProgressBar:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._timer.cancel()
        with self._lock:  # it may be beginning at this moment
            self._is_over = True
            self._progress.stop()

    def _begin(self) -> None:
        with self._lock:
            if not self._is_over:
                self._progress.start()
