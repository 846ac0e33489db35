"""How much of a long report fits into one comment: lists that grow row by row, the most important first, until the room is used up.

Nothing is ever cut: a row is there or it is not, and what is not there is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Room:
    """Characters (code points) that are left."""

    left: int

    def take(self, text: str) -> bool:
        """Takes the room of a line of text, where there is enough."""
        cost = len(text) + 1
        if cost > self.left:
            return False
        self.left -= cost
        return True


@dataclass(slots=True)
class Rows(Generic[Item]):
    """Items of which the first so many are shown, one row each. `written` is asked for a row only when its turn comes."""

    items: Sequence[Item]
    written: Callable[[Item], str]
    shown: list[str] = field(default_factory=list)

    def grow(self, room: Room, to: int | None = None) -> None:
        """Shows more rows, up to that many or all, as long as they fit."""
        end = len(self.items) if to is None else min(to, len(self.items))
        while len(self.shown) < end:
            row = self.written(self.items[len(self.shown)])
            if not room.take(row):
                return
            self.shown.append(row)

    @property
    def left(self) -> int:
        """How many are not shown."""
        return len(self.items) - len(self.shown)
