"""Security groups and their members, found once per estate: who stands in a group, and which groups a group is admitted to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attached, Endpoint, Link, OutsideRule, Rule, SecurityGroup, Store
from serverful.estate.value import Known, Listing, Unknown

Key = tuple[str, str]
"""What names one security group, in this root or outside it; two links with one key name the same group."""

Private = Store | Endpoint
"""What a function may reach through a network: a store, or an endpoint of a private service."""

T = TypeVar("T")

_TRAVERSAL = re.compile(r"(var|data|module)\.[\w.\-]+")


def key_of(link: Link | Unknown) -> Key | None:
    """The key of a group that a link, or a plain `var.group_id`, names. None for an expression that may name any."""
    if isinstance(link, Unknown):
        return ("outside", link.expression) if _TRAVERSAL.fullmatch(link.expression) else None
    if link.target is not None and link.origin == "resource":
        return ("group", link.target)
    if link.target is not None:
        return (link.target, link.attribute)
    if link.origin == "literal" or _TRAVERSAL.fullmatch(link.expression):
        return ("outside", link.expression)
    return None


def keys_of(groups: Listing[Link]) -> tuple[Key, ...]:
    """The keys of a list of groups, each once, known and plainly named ones."""
    keys = [*(key_of(link) for link in groups.items), *(key_of(part) for part in groups.unknown)]
    return tuple(dict.fromkeys(key for key in keys if key is not None))


def own_keys(subject: Attached) -> tuple[Key, ...]:
    """The keys of the groups that a function or capacity provider stands in."""
    attachment = attachment_of(subject)
    return keys_of(attachment.security_groups) if attachment else ()


def shown(key: Key) -> str:
    """A group's name for messages."""
    return key[1] if key[0] in ("group", "outside") else f"{key[0]}.{key[1]}"


@dataclass(frozen=True)
class Groups:
    """Security groups of this root, and those outside it to which this root adds rules.

    `groups` are those of this root, `rules` all rules that this root writes, `members` the stores and private endpoints of each group.
    `admitted` holds, by source, the group that admits it and the rule; `perhaps` the same for rules that may not exist, or whose source
    cannot be followed but mentions the group. `served` are groups of things that are not private: interface endpoints of AWS services,
    whose APIs identity protects, and public stores and load balancers.
    """

    groups: dict[Key, SecurityGroup]
    rules: dict[Key, tuple[Rule, ...]]
    members: dict[Key, tuple[Private, ...]]
    admitted: dict[Key, tuple[tuple[Key, Rule], ...]]
    perhaps: dict[Key, tuple[tuple[Key, Rule], ...]]
    served: frozenset[Key]


@once_per_estate
def groups_of(estate: Estate) -> Groups:
    """The index of an estate's security groups."""
    groups: dict[Key, SecurityGroup] = {("group", group.address): group for group in estate.all(SecurityGroup)}
    rules: dict[Key, list[Rule]] = {key: list(group.rules) for key, group in groups.items()}
    perhaps: dict[Key, list[tuple[Key, Rule]]] = {}
    for outside in estate.all(OutsideRule):
        key = key_of(outside.group)
        if key is not None and not isinstance(outside.exists, Unknown):
            rules.setdefault(key, []).append(outside.rule)
        elif key is not None and outside.rule.direction == "ingress":
            for source in keys_of(outside.rule.peers):
                perhaps.setdefault(source, []).append((key, outside.rule))
    admitted: dict[Key, list[tuple[Key, Rule]]] = {}
    for target, rule in ((target, rule) for target, listed in rules.items() for rule in listed if rule.direction == "ingress"):
        for source in keys_of(rule.peers):
            admitted.setdefault(source, []).append((target, rule))
        for mention in (mention for part in rule.peers.unknown for mention in part.mentions):
            perhaps.setdefault(("group", mention), []).append((target, rule))
    members = _by_group(private_things(estate))
    served = frozenset(_by_group(_not_private(estate))) - members.keys()
    return Groups(groups, _frozen(rules), members, _frozen(admitted), _frozen(perhaps), served)


def members_of(key: Key, estate: Estate) -> tuple[Private, ...]:
    """The private things in a group; a group that a service made for its own resource has that one."""
    members = groups_of(estate).members.get(key, ())
    maker = estate.thing(key[1]) if key[0] == "group" and not members else None
    return (maker,) if isinstance(maker, Store) and is_private(maker, estate) else members


def _by_group(things: Iterable[Private]) -> dict[Key, tuple[Private, ...]]:
    found: dict[Key, list[Private]] = {}
    for thing in things:
        for key in keys_of(thing.security_groups):
            found.setdefault(key, []).append(thing)
    return _frozen(found)


def _frozen(lists: dict[Key, list[T]]) -> dict[Key, tuple[T, ...]]:
    return {key: tuple(items) for key, items in lists.items()}


def _not_private(estate: Estate) -> Iterator[Private]:
    yield from (endpoint for endpoint in estate.all(Endpoint) if not is_private_endpoint(endpoint))
    yield from (store for store in estate.all(Store) if not is_private(store, estate))


@once_per_estate
def private_things(estate: Estate) -> tuple[Private, ...]:
    """Every store that may stand in a VPC and every endpoint of a private service. What is known to be public is left out."""
    stores: Iterator[Private] = (store for store in estate.all(Store) if is_private(store, estate))
    return (*stores, *(endpoint for endpoint in estate.all(Endpoint) if is_private_endpoint(endpoint)))


def is_private(store: Store, estate: Estate) -> bool:
    """Whether a store may be reached through a VPC only. A public part is public; a whole is public when all its parts are."""
    if _is_public(store):
        return False
    parent = estate.find(store.parent, Store)
    if parent is not None and _is_public(parent):
        return False
    parts = parts_of(estate).get(store.address, ())
    return not (parts and all(_is_public(part) for part in parts))


def _is_public(store: Store) -> bool:
    return isinstance(store.is_in_vpc, Known) and not store.is_in_vpc.value


def is_private_endpoint(endpoint: Endpoint) -> bool:
    """Whether an endpoint leads to somebody's private service (PrivateLink, VPC Lattice) instead of to an AWS API."""
    if isinstance(endpoint.kind, Known) and endpoint.kind.value in ("Resource", "ServiceNetwork"):
        return True
    return isinstance(endpoint.service, Known) and endpoint.service.value.startswith("vpce-svc-")


@once_per_estate
def parts_of(estate: Estate) -> dict[str, tuple[Store, ...]]:
    """The parts of each whole: the mount targets of a file system, the instances of a cluster."""
    found: dict[str, list[Store]] = {}
    for store in estate.all(Store):
        if store.parent is not None and store.parent.target is not None:
            found.setdefault(store.parent.target, []).append(store)
    return {whole: tuple(parts) for whole, parts in found.items()}


def whole_of(thing: Private, estate: Estate) -> Private:
    """The whole that a part belongs to, as far as this root tells; the thing itself when it is no part."""
    seen = {thing.address}
    while isinstance(thing, Store):
        parent = estate.find(thing.parent, Store)
        if parent is None or parent.address in seen:
            break
        seen.add(parent.address)
        thing = parent
    return thing


def described(thing: Private, estate: Estate) -> str:
    """`the relational database aws_db_instance.orders`; a part is named with its whole."""
    whole = whole_of(thing, estate)
    if isinstance(whole, Endpoint):
        return f"the private endpoint {whole.address}"
    through = f" (through {thing.address})" if whole is not thing else ""
    return f"the {whole.kind} {whole.address}{through}"
