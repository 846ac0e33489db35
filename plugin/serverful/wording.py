"""How numbers, lists and what is too long are put into sentences."""

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


def cut(text: str, longest: int) -> str:
    """The text, or where it is longer its beginning and `…`, together so many characters."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def elided(name: str, longest: int) -> str:
    """The name, shortened in the middle where it is longer: both ends of an address tell something. `module.orders…this[0]`."""
    if len(name) <= longest:
        return name
    head = (longest - 1) // 2
    return f"{name[:head]}…{name[len(name) - (longest - 1 - head) :]}"
