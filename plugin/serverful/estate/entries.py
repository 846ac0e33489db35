"""By which ways requests reach a function, and which of them read or write."""

from __future__ import annotations

from serverful.estate import callers
from serverful.estate.callers import callers_of
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import WEBSOCKET, Entry, Function, Style
from serverful.estate.value import Unknown

READS = frozenset({"GET", "HEAD", "QUERY"})
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE", "MUTATION"})
_MANY = 20  # entries that cannot be followed: the rest would not make it less certain


def entries_of(function: Function, estate: Estate) -> tuple[Entry, ...]:
    """Every way by which requests reach the function, one of its aliases or one of its versions. Messages are no requests."""
    return tuple(entry for entry in ways_in(function, estate) if entry.kind != WEBSOCKET)


def ways_in(function: Function, estate: Estate) -> tuple[Entry, ...]:
    """The same, and the routes of WebSocket APIs."""
    return _by_function(estate).get(function.address, ())


def perhaps_entries(function: Function, estate: Estate) -> tuple[Unknown, ...]:
    """What may be entries of the function: those that cannot be followed, where an API is permitted to call it and not seen doing so."""
    if entries_of(function, estate) or not any(
        call.is_permission and call.service == "API Gateway" for call in callers_of(function, estate)
    ):
        return ()
    return tuple(Unknown(f"which function {entry.by} calls", entry.place) for entry in _anybodys(estate)[:_MANY])


@once_per_estate
def _anybodys(estate: Estate) -> tuple[Entry, ...]:
    return tuple(entry for entry in estate.entries if entry.call.callee.target is None and entry.kind != WEBSOCKET)


def why_not_certain(entry: Entry, function: Function) -> Unknown | None:
    """What keeps it from being certain that the entry calls this function and waits; None where it is."""
    if entry.call.style is Style.EITHER:
        return Unknown(f"whether {entry.by} waits for the function", entry.place)
    return callers.why_not_certain(entry.call, function)


@once_per_estate
def _by_function(estate: Estate) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in estate.entries:
        if entry.call.callee.target is not None:
            found.setdefault(entry.call.callee.target, []).append(entry)
    return {function: tuple(entries) for function, entries in found.items()}
