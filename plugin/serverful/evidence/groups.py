"""Security groups and their members, found once per estate: who stands in a group, and which groups a group is admitted to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Endpoint, Function, Link, Rule, SecurityGroup, Store
from serverful.estate.value import Known, Listing, Unknown

Key = tuple[str, str]
"""What names one security group, in this root or outside it; two links with one key name the same group."""

Private = Store | Endpoint
"""What a function may reach through a network: a store, or an endpoint of a private service."""

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


def own_keys(function: Function) -> tuple[Key, ...]:
    """The keys of the groups that a function stands in."""
    attachment = function.attachment.value if isinstance(function.attachment, Known) else None
    return keys_of(attachment.security_groups) if attachment else ()


def shown(key: Key) -> str:
    """A group's name for messages."""
    return key[1] if key[0] in ("group", "outside") else f"{key[0]}.{key[1]}"


@dataclass(frozen=True)
class Groups:
    """`groups` by key, `members` (stores and private endpoints) by key, `admitted` (rules whose source it is) by key.

    `served` are the groups of things that are not private: interface endpoints of AWS services, whose APIs identity protects, and public
    stores and load balancers. `mentioned` are ingress rules whose source cannot be followed but mentions the group.
    """

    groups: dict[Key, SecurityGroup]
    members: dict[Key, tuple[Private, ...]]
    admitted: dict[Key, tuple[tuple[SecurityGroup, Rule], ...]]
    served: frozenset[Key]
    mentioned: dict[Key, tuple[tuple[SecurityGroup, Rule], ...]]


@once_per_estate
def groups_of(estate: Estate) -> Groups:
    """The index of an estate's security groups."""
    groups: dict[Key, SecurityGroup] = {("group", group.address): group for group in estate.all(SecurityGroup)}
    members: dict[Key, list[Private]] = {}
    for thing in private_things(estate):
        for key in keys_of(thing.security_groups):
            members.setdefault(key, []).append(thing)
    admitted: dict[Key, list[tuple[SecurityGroup, Rule]]] = {}
    mentioned: dict[Key, list[tuple[SecurityGroup, Rule]]] = {}
    for group in groups.values():
        for rule in group.rules:
            if rule.direction == "ingress":
                for key in keys_of(rule.peers):
                    admitted.setdefault(key, []).append((group, rule))
                for mention in (mention for part in rule.peers.unknown for mention in part.mentions):
                    mentioned.setdefault(("group", mention), []).append((group, rule))
    return Groups(
        groups,
        {key: tuple(things) for key, things in members.items()},
        {key: tuple(rules) for key, rules in admitted.items()},
        frozenset(key for thing in _not_private(estate) for key in keys_of(thing.security_groups) if key not in members),
        {key: tuple(rules) for key, rules in mentioned.items()},
    )


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
