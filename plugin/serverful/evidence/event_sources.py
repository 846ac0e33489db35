"""What calls a function and stands in a network of its own: brokers, change streams, load balancers.

None of them needs the function to stand there as well. An event source mapping for MSK, Amazon MQ, DocumentDB or one's own Kafka polls from
the cluster's subnets and groups, or from those that the mapping names, and then calls the function by the Lambda API. So does a load
balancer. Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MSK", "… Amazon MQ", "… Amazon DocumentDB", "… self-managed Apache
Kafka"; Elastic Load Balancing User Guide, "Lambda functions as targets"; Amazon VPC Lattice User Guide, "Lambda functions as targets".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from serverful.estate.callers import callers_of
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Function, Invocation, LatticeAssociation, Link, Store
from serverful.estate.place import Place
from serverful.estate.value import Listing, Unknown
from serverful.evidence.groups import Key, key_of, keys_of, shown, whole_of

_MAPPINGS = frozenset({"MSK", "Amazon MQ", "DocumentDB", "self-managed Kafka"})
_LOAD_BALANCER, _LATTICE = "load balancer", "VPC Lattice"


@dataclass(frozen=True, slots=True)
class EventSource:
    """Something with a network of its own that calls a function.

    `what` is a phrase ("the broker aws_msk_cluster.orders"), `thing` states its network, where it is in this root. `unknown` names what
    keeps its network, or whether it calls at all, from being seen.
    """

    what: str
    call: Invocation
    thing: Store | LatticeAssociation | None
    subnets: Listing[Link]
    security_groups: Listing[Link]
    unknown: tuple[Unknown, ...] = ()

    @property
    def is_mapping(self) -> bool:
        """Whether an event source mapping polls it; else it calls by itself."""
        return self.call.service in _MAPPINGS

    @property
    def place(self) -> Place:
        return self.thing.place if self.thing else self.call.place


@once_per_subject  # several policies ask, and whatever shares its role
def event_sources(function: Function, estate: Estate) -> tuple[EventSource, ...]:
    """The callers of a function that have a network, in order of the calling blocks."""
    calls = (call for call in callers_of(function, estate) if not call.is_permission)
    return tuple(source for call in calls for source in _sources(call, estate))


def is_polled_in_vpc(function: Function, estate: Estate) -> bool:
    """Whether an event source mapping of the function makes network interfaces, or may."""
    return any(source.is_mapping for source in event_sources(function, estate))


def called_by(function: Function, estate: Estate) -> Mapping[str, Unknown | None]:
    """What calls the function from a network of its own, as `Evidence.unless_called_by` names it, and what decides whether it does: None
    where it certainly does."""
    names: dict[str, Unknown | None] = {}
    for source in event_sources(function, estate):
        doubt = source.call.exists if isinstance(source.call.exists, Unknown) else None
        for name in _names(source, estate):
            names[name] = doubt if names.get(name, doubt) is not None else None
    return names


def _names(source: EventSource, estate: Estate) -> Iterator[str]:
    if isinstance(source.thing, Store):
        yield whole_of(source.thing, estate).address
    if source.is_mapping:
        yield source.call.service
        yield from (shown(key) for key in keys_of(source.call.security_groups))


def _sources(call: Invocation, estate: Estate) -> Iterator[EventSource]:
    store = estate.find(call.source, Store)
    doubts = (call.exists,) if isinstance(call.exists, Unknown) else ()
    if store is not None and (call.service in _MAPPINGS or store.kind == _LOAD_BALANCER):
        yield EventSource(f"the {store.kind} {store.address}", call, store, store.subnets, store.security_groups, doubts)
    elif call.service == _LATTICE:
        # Lattice has no subnets: those who call through it stand in the VPCs that are associated with the service network.
        for association in estate.all(LatticeAssociation):
            what = f"VPC Lattice ({association.address})"
            yield EventSource(what, call, association, Listing(), association.security_groups, doubts)
    elif call.service in _MAPPINGS and call.source is not None:
        outside = Unknown(call.source.expression, call.source.place)
        yield EventSource(f"{call.service} ({call.source.expression})", call, None, Listing(), Listing(), (*doubts, outside))
    elif call.service in _MAPPINGS and not (call.subnets.is_empty and call.security_groups.is_empty):
        # Without a network of its own the mapping reaches brokers on the internet.
        yield EventSource(f"the {call.service} of {call.by}", call, None, call.subnets, call.security_groups, doubts)


# --- the same network ---------------------------------------------------------------------------------------------------------------


def is_same(one: Listing[Link], other: Listing[Link]) -> bool | Unknown:
    """Whether two lists name the same subnets, or the same groups; the Unknown that keeps us from telling.

    What comes from outside is the same where both name it by the same plain expression (`var.private_subnets`): the reader follows module
    inputs to where they are written, so that one expression means one thing in the whole root. An empty list is like no other.
    """
    if one.is_empty or other.is_empty:
        return False
    ours, theirs = _Members.of(one), _Members.of(other)
    if ours.fixed == theirs.fixed and ours.outside == theirs.outside and None not in ours.outside:
        return True
    if (not ours.outside and theirs.fixed - ours.fixed) or (not theirs.outside and ours.fixed - theirs.fixed):
        return False
    return next((part for part in (*ours.unknown, *theirs.unknown)), False)


@dataclass(frozen=True, slots=True)
class _Members:
    """The members of a list, as far as they can be compared.

    `fixed` are those of this root and literal ids. `outside` is what data sources and variables may turn out to be, None for an expression
    that names no one thing; `unknown` names them.
    """

    fixed: frozenset[Key]
    outside: frozenset[Key | None]
    unknown: tuple[Unknown, ...]

    @classmethod
    def of(cls, listing: Listing[Link]) -> _Members:
        loose = [link for link in listing.items if not _is_fixed(link)]
        outside = [*map(key_of, loose), *map(key_of, listing.unknown)]
        return cls(
            fixed=frozenset(keys_of(Listing(tuple(filter(_is_fixed, listing.items))))),
            outside=frozenset(outside),
            unknown=(*(Unknown(link.expression, link.place) for link in loose), *listing.unknown),
        )


def _is_fixed(link: Link) -> bool:
    return link.origin in ("resource", "literal") and key_of(link) is not None
