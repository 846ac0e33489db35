"""How numbers and lists are put into sentences."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 finding`, `2 findings`, `3 policies`."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def joined(parts: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`; nothing for nothing."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def shortened(names: Sequence[str], shown: int) -> str:
    """`a, b and 3 more`: the first so many, joined, and how many are left; all of them where they are no more than that."""
    more = [f"{len(names) - shown} more"] if len(names) > shown else []
    return joined([*names[:shown], *more])
