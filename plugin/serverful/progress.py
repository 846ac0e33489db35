"""How far a scan has come, for whoever watches it. Nobody has to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol, TypeVar

T = TypeVar("T")


class Watcher(Protocol):
    """Is told what is being done, how many steps of it are, and how many there will be."""

    def __call__(self, doing: str, done: int, total: int) -> None: ...


def nobody(doing: str, done: int, total: int) -> None:
    """Watches nothing."""


def watched(items: Sequence[T], doing: str, watcher: Watcher) -> Iterator[T]:
    """The items one by one; before each of them, and at the end, the watcher is told."""
    for number, item in enumerate(items):
        watcher(doing, number, len(items))
        yield item
    watcher(doing, len(items), len(items))
