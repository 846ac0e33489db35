"""E3, shape: the network around the function is cut for something private, though nothing names it.

A store's group admits the function's subnets by CIDR on the store's port; egress is limited to a database port or to private ranges; the
subnets are routed to another network; a private zone's name stands in the environment; a private API is called through its endpoint.
"""

from __future__ import annotations

from collections.abc import Iterator

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, covers, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, Endpoint, Function, Rule, Store, Subnet, Vpc
from serverful.estate.network import TO_PRIVATE_NETWORKS, ways_out
from serverful.estate.value import Known, Unknown
from serverful.evidence.admitted_ranges import admitted_ranges, tier_of, vpcs_of
from serverful.evidence.edges import graded, on_ports
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import Key, Private, described, groups_of, keys_of, members_of, own_keys, private_things, shown, whole_of
from serverful.evidence.ranges import EVERYWHERE, holds, ports_of
from serverful.evidence.services import is_private_range, services
from serverful.evidence.words import speaks_of_endpoints, speaks_of_store


def shapes(function: Function, estate: Estate) -> Iterator[Evidence]:
    """Shapes of the network around the function (E3), and what only looks like one (E6)."""
    attachment = attachment_of(function)
    if attachment is None:
        return
    keys = own_keys(function)
    subnets = tuple(sorted({link.target for link in attachment.subnets if link.target}))
    tiers = tuple(sorted({tier_of(link.attribute) for link in attachment.subnets}))
    vpcs = vpcs_of(estate, subnets, keys)
    yield from admitted_ranges(estate, subnets, vpcs, tiers)
    for key in keys:
        yield from _admitted_elsewhere(estate, key)
    yield from _egress(estate, keys, vpcs)
    yield from _routes(attachment, estate)
    yield from _private_zones(function, estate)
    yield from _private_apis(function, estate)


# --- a group without members that we see ---------------------------------------------------------------------------------------------


@once_per_estate
def _admitted_elsewhere(estate: Estate, key: Key) -> tuple[Evidence, ...]:
    """Groups that admit ours, but whose members are not in this root: on a database's port a shape, else a hint."""
    index = groups_of(estate)
    found = []
    for target, rule in index.admitted.get(key, ()):
        if target == key or members_of(target, estate) or target in index.served:
            continue
        says = f"{shown(target)} admits {shown(key)}{on_ports(rule)}; its members are not in this root"
        is_store = _store_port(rule) is not None or speaks_of_store(shown(target))
        grade = Grade.E3 if is_store else Grade.E6
        found.append(Evidence(says, rule.place, grade=grade, unless_called_by=_mapping_in(key, rule)))
    for target, rule in index.perhaps.get(key, ()):
        says = f"a rule of {shown(target)} may admit {shown(key)}{on_ports(rule)}; what decides it cannot be followed"
        found.append(Evidence(says, rule.place, grade=Grade.E6))
    return tuple(found)


# --- egress ----------------------------------------------------------------------------------------------------------------------------


@once_per_estate
def _egress(estate: Estate, keys: tuple[Key, ...], vpcs: tuple[str, ...]) -> tuple[Evidence, ...]:
    """What the function's groups let out, when that is less than everything."""
    index = groups_of(estate)
    rules = [(key, rule) for key in keys for rule in index.rules.get(key, ()) if rule.direction == "egress"]
    is_wide = any(_lets_everything_out(rule) for _, rule in rules)
    found: list[Evidence] = []
    for key, rule in rules:
        found.extend(_egress_rule(key, rule, is_wide, keys, vpcs, estate))
    return tuple(found)


def _lets_everything_out(rule: Rule) -> bool:
    has_ports = isinstance(rule.from_port, Known) and isinstance(rule.to_port, Known)
    return ports_of(rule) is None and has_ports and any(cidr.strip() in EVERYWHERE for cidr in rule.cidrs)


def _store_port(rule: Rule) -> int | None:
    """The port of a database, cache or broker that a narrow rule is for."""
    bounds = ports_of(rule)
    if bounds is None or bounds[1] - bounds[0] > 10:
        return None
    return next((port for port in services().ports if bounds[0] <= port <= bounds[1]), None)


def _egress_rule(group: Key, rule: Rule, is_wide: bool, keys: tuple[Key, ...], vpcs: tuple[str, ...], estate: Estate) -> Iterator[Evidence]:
    index = groups_of(estate)
    peers = keys_of(rule.peers)
    if peers and all(members_of(peer, estate) or peer in index.served or peer in keys for peer in peers):
        return  # an edge (E1), an AWS endpoint, or its own group
    if _store_port(rule) is not None:
        says = f"egress of {shown(group)} is{on_ports(rule)}, that of a database, cache or broker"
        says, grade = (f"{says}, beside a rule for everything", Grade.E6) if is_wide else (says, Grade.E3)
        yield Evidence(says, rule.place, grade=grade, unless_called_by=_only_member(group, rule, estate))
        return
    if ports_of(rule) == (53, 53) or is_wide:
        return
    if peers and all(speaks_of_endpoints(shown(peer)) for peer in peers):
        return  # the group of AWS endpoints that another root keeps
    if peers:
        says = f"egress of {shown(group)} leads to {', '.join(map(shown, peers))}, whose members are not in this root"
        yield Evidence(says, rule.place, grade=Grade.E6)
    elif _goes_to_private_ranges(rule, vpcs, estate):
        yield from _private_egress(group, rule, vpcs, estate)
    elif rule.cidrs.unknown and ports_of(rule) != (443, 443):
        says = f"egress of {shown(group)} goes to {rule.cidrs.unknown[0].expression}{on_ports(rule)}"
        yield Evidence(says, rule.place, grade=Grade.E6)


def _goes_to_private_ranges(rule: Rule, vpcs: tuple[str, ...], estate: Estate) -> bool:
    if rule.cidrs.items and rule.cidrs.is_complete and all(map(is_private_range, rule.cidrs)):
        return True
    return any(link.target in vpcs or isinstance(estate.thing(link.target), Vpc | Subnet) for link in rule.cidr_links)


def _private_egress(group: Key, rule: Rule, vpcs: tuple[str, ...], estate: Estate) -> Iterator[Evidence]:
    """Egress to private ranges. HTTPS inside the own VPC leads to interface endpoints as a rule, which are AWS APIs behind IAM."""
    shown_ranges = ", ".join(rule.cidrs.items or [link.expression for link in rule.cidr_links])
    says = f"egress of {shown(group)} is limited to private addresses ({shown_ranges}{on_ports(rule)})"
    owner = _only_member(group, rule, estate)
    if ports_of(rule) != (443, 443) or not _is_inside(rule, vpcs, estate):
        yield Evidence(says, rule.place, grade=Grade.E3, unless_called_by=owner)
    elif not any(isinstance(e.kind, Known) and e.kind.value == "Interface" for e in estate.all(Endpoint)):
        yield Evidence(says, rule.place, grade=Grade.E6, unless_called_by=owner)


def _only_member(group: Key, rule: Rule, estate: Estate) -> tuple[str, ...]:
    """Who explains a group's egress without the function: the one private thing in that group, and for Kafka's ports the group itself,
    which an event source mapping may bring."""
    wholes = {whole_of(thing, estate).address for thing in members_of(group, estate)}
    return (*(wholes if len(wholes) == 1 else ()), *_mapping_in(group, rule))


def _mapping_in(group: Key, rule: Rule) -> tuple[str, ...]:
    port = _store_port(rule)
    return (shown(group),) if port is not None and services().ports[port] == "Kafka" else ()


def _is_inside(rule: Rule, vpcs: tuple[str, ...], estate: Estate) -> bool:
    """Whether a rule's ranges all lie in the function's VPC. A VPC from outside may hold any of them."""
    known = [vpc for vpc in map(estate.thing, vpcs) if isinstance(vpc, Vpc)]
    if not known:
        return True
    own = [vpc.cidr.value for vpc in known if isinstance(vpc.cidr, Known)]
    if any(link.target in vpcs for link in rule.cidr_links):
        return True
    return len(own) < len(known) or all(any(holds(outer, (cidr,)) for outer in own) for cidr in rule.cidrs)


# --- routes ----------------------------------------------------------------------------------------------------------------------------


def _routes(attachment: Attachment, estate: Estate) -> Iterator[Evidence]:
    """Routes of the function's subnets to another network."""
    for way in ways_out(attachment, estate):
        for route in way.routes:
            if route.target not in TO_PRIVATE_NETWORKS:
                continue
            destination = route.destination.value if isinstance(route.destination, Known) else route.destination.expression
            says = f"{way.name} is routed to the {route.target.value} {route.link.target or route.link.expression} for {destination}"
            grade = Grade.E3
            if isinstance(route.exists, Unknown):
                says, grade = f"{says}, if the route exists ({route.exists.expression})", Grade.E6
            yield Evidence(says, route.place, grade=grade)


# --- names and APIs ----------------------------------------------------------------------------------------------------------------------


@once_per_estate
def _zone_names(estate: Estate) -> tuple[tuple[str, Private], ...]:
    """The DNS names of private zones, longest first."""
    names = [(name.rstrip(".").lower(), thing) for thing in private_things(estate) if isinstance(thing, Store) for name in thing.names]
    return tuple(sorted(((name, thing) for name, thing in names if name), key=lambda pair: -len(pair[0])))


def _private_zones(function: Function, estate: Estate) -> Iterator[Evidence]:
    """An environment variable holds a name of a private zone of this root."""
    zones = _zone_names(estate)
    for variable in function.environment.variables if zones else ():
        text = (variable.text.value if isinstance(variable.text, Known) else variable.text.expression).lower()
        for name, thing in zones:
            before, found, after = text.partition(name)
            if found and not before[-1:].isalnum() and not (after[:1].isalnum() or after[:1] in ("-", "_")):
                says = f"environment variable {variable.name} holds a name of {described(thing, estate)} ({name})"
                yield graded(Grade.E3, says, thing, variable.place)
                break


def _private_apis(function: Function, estate: Estate) -> Iterator[Evidence]:
    """The function calls an API, and the root has the interface endpoint through which private APIs are called."""
    endpoint = _api_endpoint(estate)
    if endpoint is None:
        return
    for variable in function.environment.variables:
        text = variable.text.value if isinstance(variable.text, Known) else variable.text.expression
        if "execute-api" in text or any(
            (link.target or "").rpartition(".")[0].endswith("aws_api_gateway_rest_api") for link in variable.links
        ):
            says = f"environment variable {variable.name} names an API, and {endpoint.address} leads to private APIs"
            yield graded(Grade.E3, says, endpoint, variable.place)
            return
    role = role_of(function, estate)
    for item in allowed(role) if role else ():
        if item.service == "execute-api" and covers(item.action, "execute-api:Invoke"):
            says = f"{role.address if role else ''} may invoke APIs, and {endpoint.address} leads to private ones"
            yield graded(Grade.E3, says, endpoint, item.statement.place)
            return


@once_per_estate
def _api_endpoint(estate: Estate) -> Endpoint | None:
    for endpoint in estate.all(Endpoint):
        if isinstance(endpoint.service, Known) and endpoint.service.value == "execute-api":
            return endpoint
    return None
