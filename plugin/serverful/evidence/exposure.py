"""What makes it matter what a function may do: it stands in a network, mounts a file system, or answers the internet.

Whoever gets hold of such a function, by a request or from a neighbour in the network, has its role.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.callers import why_not_certain
from serverful.estate.entries import entries_of, perhaps_entries
from serverful.estate.estate import Estate
from serverful.estate.features import features
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence

PUBLIC = "public"
_KEYS = frozenset({"vpc", "capacity-provider", "file-system"})


@dataclass(frozen=True, slots=True)
class Exposure:
    """One reason. `key` is that of a feature (`vpc`) or "public"; `says` completes "it …"; `doubt` is what keeps it from being certain."""

    key: str
    says: str
    evidence: Evidence
    doubt: Unknown | None = None


@once_per_subject
def exposures(function: Function, estate: Estate) -> tuple[Exposure, ...]:
    """Why it matters what the function may do, each key once, the certain ones first."""
    found = sorted((*_features(function, estate), *_public(function, estate)), key=lambda one: one.doubt is not None)
    return tuple({one.key: one for one in reversed(found)}.values())[::-1]


def _features(function: Function, estate: Estate) -> Iterator[Exposure]:
    for feature in features(function, estate):
        if feature.key in _KEYS:
            seen = Evidence(f"{function.address} {feature.says}", feature.place)
            yield Exposure(feature.key, feature.says, seen, feature.unknown)


def _public(function: Function, estate: Estate) -> Iterator[Exposure]:
    """Reachable from the internet, whoever is let in there."""
    for entry in entries_of(function, estate):
        public = entry.is_public
        if not isinstance(public, Unknown) and not public.value:
            continue
        doubt = public if isinstance(public, Unknown) else why_not_certain(entry.call, function)
        seen = Evidence(f"{entry.full_name} lets the internet call {function.address}", entry.place)
        yield Exposure(PUBLIC, "answers the internet", seen, doubt)
    for unknown in perhaps_entries(function, estate):
        seen = Evidence(f"may let the internet call {function.address}", unknown.place)
        yield Exposure(PUBLIC, "may answer the internet", seen, unknown)
