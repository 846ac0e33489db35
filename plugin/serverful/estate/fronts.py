"""What a request meets first on its way to a function: the API, the function URL or the load balancer of an entry."""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Entry

API_KINDS, URL, BALANCER = ("REST API", "HTTP API"), "function URL", "Application Load Balancer"
KINDS = (*API_KINDS, URL, BALANCER)


def front_of(entry: Entry) -> str:
    """The address of the API, function URL or load balancer of an entry; "" where it is not seen, or is something else."""
    if entry.kind in API_KINDS:
        return entry.api
    if entry.kind == URL:
        return entry.by
    return (entry.call.source.target or "") if entry.kind == BALANCER and entry.call.source is not None else ""


def entries_behind(front: str, estate: Estate) -> tuple[Entry, ...]:
    """The entries of functions of this root behind an API, a function URL or a load balancer."""
    return _by_front(estate).get(front, ())


@once_per_estate
def _by_front(estate: Estate) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, list[Entry]] = {}
    for entry in estate.entries:
        if entry.call.callee.target is not None:
            found.setdefault(front_of(entry), []).append(entry)
    return {front: tuple(entries) for front, entries in found.items()}
