"""Globs over addresses and folders. `*` stands for any characters, `?` for one; everything else, brackets too, is meant as it stands."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import lru_cache

_WILD = re.compile(r"[*?]")


@lru_cache(maxsize=4096)
def compiled(glob: str) -> re.Pattern[str]:
    """A glob as a pattern for `fullmatch`.

    Each part between two stars is looked for once and never again (an atomic group), so that `*a*a*a*a*b` takes no longer than it has to.
    """
    parts = ["".join("." if c == "?" else re.escape(c) for c in part) for part in re.split(r"\*+", glob)]
    if len(parts) == 1:
        return re.compile(parts[0], re.DOTALL)
    first, *middle, last = parts
    return re.compile(first + "".join(f"(?>.*?{part})" for part in middle) + f".*{last}", re.DOTALL)


def is_glob(text: str) -> bool:
    """Whether there is a wildcard in it."""
    return _WILD.search(text) is not None


def is_match(glob: str, text: str) -> bool:
    """Whether the whole text is as the glob says; letters in upper and lower case differ."""
    return compiled(glob).fullmatch(text) is not None


class Names:
    """Many names, to be matched by many globs: those that begin, or end, as the glob does are found without looking at the others."""

    def __init__(self, names: Iterable[str]) -> None:
        self._all = frozenset(names)
        self._forwards = sorted(self._all)
        self._backwards = sorted(name[::-1] for name in self._all)

    def matching(self, glob: str) -> list[str]:
        """The names that a glob matches, in no order that means anything."""
        wild = [match.start() for match in _WILD.finditer(glob)]
        if not wild:
            return [glob] if glob in self._all else []
        start, end = glob[: wild[0]], glob[wild[-1] + 1 :]
        if len(start) >= len(end):
            candidates: Iterable[str] = _beginning(self._forwards, start)
        else:
            candidates = (name[::-1] for name in _beginning(self._backwards, end[::-1]))
        pattern = compiled(glob)
        return [name for name in candidates if pattern.fullmatch(name)]


def _beginning(names: Sequence[str], start: str) -> Sequence[str]:
    """The names that begin so, of sorted ones."""
    if not start:
        return names
    low = bisect_left(names, start)
    return names[low : bisect_left(names, f"{start}\U0010ffff", low)]
