"""Who wears a security group: functions and capacity providers, stores, endpoints, and whatever else names it as its own.

A VPC Lattice association wears one too: it says who in the VPC may call the services of the network (Amazon VPC Lattice User Guide,
"Control traffic in VPC Lattice using security groups").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from serverful.estate.attached import everything_attached
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, CapacityProvider, Endpoint, Function, LatticeAssociation, Other, Store, Thing
from serverful.estate.unread_modules import calls_given
from serverful.estate.value import Unknown
from serverful.evidence.groups import Key, keys_of, own_keys

_SHOWN = 5  # names that a message can use

RoleKey = tuple[str, str]
"""What tells roles apart. Two keys with an equal first part name different roles; with different first parts, nobody can tell."""


@dataclass
class Wearers:
    """Who wears one group. `roles` are the functions by role, `sizes` how many functions there are by first part of the role's key."""

    roles: dict[RoleKey, list[Function]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    unsure: list[Function] = field(default_factory=list)
    providers: list[CapacityProvider] = field(default_factory=list)
    others: list[Thing] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who shares a group with a function or capacity provider: `things` that are no functions, `functions` of certainly different roles.

    Of the functions only the first are listed; `count` is how many there are. `unknown` names who may share it as well.
    """

    things: tuple[Thing, ...] = ()
    functions: tuple[Function, ...] = ()
    count: int = 0
    unknown: tuple[Unknown, ...] = ()


def sharing(key: Key, subject: Attached, estate: Estate) -> Sharing:
    """Who wears a group besides the subject. Functions of its own role are no others: they may do the same anyway."""
    worn = _wearers(estate).get(key, Wearers())
    unknown = [u for thing in worn.others if (u := doubt(thing.exists, subject.exists)) is not None]
    things: list[Thing] = [thing for thing in worn.others if doubt(thing.exists, subject.exists) is None]
    things += [provider for provider in worn.providers if provider.address != subject.address]
    if not isinstance(subject, Function):
        things += islice(chain.from_iterable(worn.roles.values()), _SHOWN)
        return Sharing(tuple(things), unknown=tuple(unknown))
    own = role_key(subject)
    count = worn.sizes.get(own[0], 0) - len(worn.roles.get(own, ())) if own else 0
    functions = tuple(_first(own, worn)) if own and count else ()
    if not count:
        doubtful = (f for f in chain(_others(own, subject, worn), worn.unsure) if f.address != subject.address)
        unknown += map(_role_of, islice(doubtful, _SHOWN))
    return Sharing(tuple(things), functions, count, tuple(dict.fromkeys(unknown)))


def may_be_connected_to(key: Key, estate: Estate) -> bool:
    """Whether something that others connect to wears the group, or may wear it: what is let in is let in for that.

    It may be made by a module that is not loaded and is given the group.
    """
    if _wearers(estate).get(key, Wearers()).others:
        return True
    return key[0] == "group" and bool(calls_given(key[1], estate))


def roles_in(key: Key, estate: Estate) -> int:
    """How many roles the functions in a group certainly have."""
    worn = _wearers(estate).get(key, Wearers())
    by_kind: dict[str, int] = {}
    for kind, _ in worn.roles:
        by_kind[kind] = by_kind.get(kind, 0) + 1
    return max(by_kind.values(), default=0)


def role_key(function: Function) -> RoleKey | None:
    """What tells its role apart from another's; None where it has none that could be named."""
    link = function.role
    if link is None:
        return None
    if link.target is not None and link.origin == "resource":
        return ("resource", link.target)
    if link.origin == "literal":
        return ("literal", link.expression)
    return (link.expression, "")  # a name for something outside: equal to itself, and not known to differ from anything


def _first(own: RoleKey, worn: Wearers) -> Iterator[Function]:
    others = (functions for key, functions in worn.roles.items() if key[0] == own[0] and key != own)
    return islice(chain.from_iterable(others), _SHOWN)


def _others(own: RoleKey | None, subject: Function, worn: Wearers) -> Iterator[Function]:
    """One function of each role that cannot be compared with the subject's."""
    for key, functions in worn.roles.items():
        if own is None or key[0] != own[0]:
            yield from (function for function in functions[:1] if function.address != subject.address)


def _role_of(function: Function) -> Unknown:
    what = function.role.expression if function.role is not None else f"{function.address}.role"
    return Unknown(what, function.role.place if function.role is not None else function.place)


@once_per_estate
def _wearers(estate: Estate) -> dict[Key, Wearers]:
    found: dict[Key, Wearers] = {}
    for subject in everything_attached(estate):
        for key in own_keys(subject):
            worn = found.setdefault(key, Wearers())
            role = role_key(subject) if isinstance(subject, Function) else None
            if isinstance(subject, CapacityProvider):
                worn.providers.append(subject)
            elif role is None or isinstance(subject.exists, Unknown):
                worn.unsure.append(subject)
            else:
                worn.roles.setdefault(role, []).append(subject)
                worn.sizes[role[0]] = worn.sizes.get(role[0], 0) + 1
    things: tuple[Store | Endpoint | LatticeAssociation | Other, ...] = (
        *estate.all(Store),
        *estate.all(Endpoint),
        *estate.all(LatticeAssociation),
        *estate.all(Other),
    )
    for thing in things:
        for key in keys_of(thing.security_groups):
            found.setdefault(key, Wearers()).others.append(thing)
    return found
