"""What private thing does an attached function reach? The evidence of all grades, strongest first.

E1 edges between security groups, E2 references, E3 shapes of the network, E4 demands of the organisation; E6 hints apart from them.
A person's recorded reason (E5) is no matter of the estate: `serverful.evidence.reasons` reads it.

Not evidence, whoever asks for it: an event source mapping for MSK, Amazon MQ, DocumentDB or one's own Kafka (the mapping uses the cluster's
network, the function stays outside), nor what only that mapping needs (`Evidence.unless_called_by`): the brokers' own group, a range that
holds them, a login that reads; a load balancer, VPC Lattice or a private API in *front* of the function; the permission to make
network interfaces; AWS APIs that identity protects, reached through an interface endpoint or not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function
from serverful.estate.value import Unknown
from serverful.evidence.edges import edges
from serverful.evidence.event_sources import called_by
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.guardrails import demanded, guardrails
from serverful.evidence.hints import hints
from serverful.evidence.looked_at import looked_at
from serverful.evidence.references import references
from serverful.evidence.shapes import shapes
from serverful.wording import shortened


@dataclass(frozen=True, slots=True)
class Reach:
    """`evidence` holds grades E1 to E4, strongest first; `hints` E6; `looked_at` says what was read, a phrase for each part."""

    evidence: tuple[Evidence, ...]
    hints: tuple[Evidence, ...]
    looked_at: tuple[str, ...]


@once_per_subject
def reach(function: Function, estate: Estate) -> Reach:
    """What speaks for a private network of this function, whether or not it is attached to one."""
    demands = (*guardrails(estate), *demanded(function, estate))
    all_seen = (*edges(function, estate), *references(function, estate), *shapes(function, estate), *demands)
    callers = called_by(function, estate)
    all_seen = tuple(_where_it_exists(one, function) for one in all_seen)
    explained = _each_once(one for one in all_seen if _is_explained(one, callers))
    found = _each_once(_or_hint(one, callers) for one in all_seen if not _is_explained(one, callers))
    weak = _each_once([*(seen for seen in found if seen.grade is Grade.E6), *hints(function, estate)])
    strong = sorted((seen for seen in found if seen.grade is not Grade.E6), key=lambda seen: seen.grade.name if seen.grade else "")
    is_seen = bool(explained) or any(seen.if_exists for seen in weak)
    return Reach(tuple(strong), weak, (*looked_at(function, estate, "other " if is_seen else ""), *_left_to(explained)))


def _where_it_exists(one: Evidence, function: Function) -> Evidence:
    """A hint as long as it is decided outside whether the thing exists; where the same decides about the function, it does."""
    missing = doubt(one.if_exists, function.exists) if one.if_exists is not None else None
    if missing is None:
        return replace(one, if_exists=None)
    return replace(one, says=f"{one.says}, if it exists ({missing.expression})", grade=Grade.E6)


def _is_explained(one: Evidence, callers: Mapping[str, Unknown | None]) -> bool:
    """Whether what certainly triggers this very function explains it."""
    return any(name in callers and callers[name] is None for name in one.unless_called_by)


def _or_hint(one: Evidence, callers: Mapping[str, Unknown | None]) -> Evidence:
    """What an event source of this very function may explain is a hint as long as it is not certain that it is one."""
    doubts = [doubt for doubt in map(callers.get, one.unless_called_by) if doubt is not None]
    if not doubts:
        return one
    return replace(one, says=f"{one.says}, unless that is for its event source ({doubts[0].expression} decides that)", grade=Grade.E6)


def _left_to(explained: Iterable[Evidence]) -> Iterator[str]:
    """Says what was seen and is there for the event source of the function, not for the function."""
    seen = list(dict.fromkeys(f"{one.says} ({one.place.where})" for one in explained))
    if seen:
        yield f"event source: what triggers the function explains that {shortened(seen, 3)}"


def _each_once(seen: Iterable[Evidence]) -> tuple[Evidence, ...]:
    return tuple({(one.says, one.place): one for one in reversed(list(seen))}.values())[::-1]
