"""What may stand where nobody looked: with the callers of a reusable module, in files that could not be read, in what was not evaluated."""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.place import Place
from serverful.estate.value import Unknown


def unread(estate: Estate, place: Place) -> tuple[Unknown, ...]:
    """What this root holds and was not read, told at a place: its unreadable files, and its evaluation where that failed."""
    files = (Unknown(f"what {file} holds", place) for file in estate.unreadable)
    evaluation = () if estate.evaluated else (Unknown("what evaluating this root would tell", place),)
    return (*files, *evaluation)


def unseen(estate: Estate, place: Place, callers: str) -> tuple[Unknown, ...]:
    """The same, after what the callers of a reusable module may add, in the words given for that."""
    return (*((Unknown(callers, place),) if estate.is_child else ()), *unread(estate, place))
