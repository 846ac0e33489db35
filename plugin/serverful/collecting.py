"""How often Python looks for garbage while Terraform is read and judged."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_SELDOM = (50_000, 20, 50)


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Lets Python's collector of cyclic garbage look seldom; as before afterwards. For a `with`, or as a decorator.

    What a reading makes stays until it is done: millions of small things, through which the collector went every 700 new ones. On 5,000
    functions with roles and groups of their own that was a third of the time (CPython 3.11), and inside Checkov, which holds more, a larger
    one. The memory needed was the same.
    """
    before = gc.get_threshold()
    if before[0]:  # 0: somebody has switched it off
        gc.set_threshold(*(max(pair) for pair in zip(before, _SELDOM, strict=True)))
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def not_collecting() -> Iterator[None]:
    """Keeps Python from looking for garbage at all, for a short work that makes little and nothing cyclic; as before afterwards.

    Once a large root is read, a single look through all of it takes longer than to draw it.
    """
    before = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if before:
            gc.enable()
