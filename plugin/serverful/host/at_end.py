"""What is done when a process of Checkov's ends: the one that people start, or one that it forks for a framework.

`atexit` is not enough: multiprocessing ends its children by `os._exit`, which passes it over, but runs its own finalizers, in children and
in the first process (multiprocessing/util.py, CPython 3.11 to 3.14; tried with Checkov 3.3.30, which forks one child for each framework).
"""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.util import Finalize

_known: set[tuple[int, Callable[[], None]]] = set()


def at_end(function: Callable[[], None]) -> None:
    """Calls the function once when this process ends; in a child that is forked later only if it is said there again."""
    key = (os.getpid(), function)
    if key not in _known:
        _known.add(key)
        Finalize(None, function, exitpriority=0)
