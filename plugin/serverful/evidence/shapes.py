"""E3, shape: the network around the function is cut for something private, though nothing names it.

A store's group admits the function's subnets by CIDR on the store's port; egress is limited to a database port or to private ranges; the
subnets are routed to another network; a private zone's name stands in the environment; a private API is called through its endpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, covers, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, Endpoint, Function, Link, Rule, Store, Subnet, SubnetQuery, Target, Vpc, VpcQuery
from serverful.estate.network import ways_out
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence.edges import graded, on_ports
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import Key, Private, described, groups_of, keys_of, members_of, own_keys, private_things, shown, whole_of
from serverful.evidence.services import is_private_range, network_of, services
from serverful.evidence.words import speaks_of_endpoints, speaks_of_store, words

_EVERYWHERE = ("0.0.0.0/0", "::/0")
_PARTS = frozenset(("OUTPUTS", "ID", "IDS", "CIDR", "CIDRS", "BLOCK", "BLOCKS", "IPV4", "IPV6", "RANGE", "RANGES"))
# Routes to networks that only a VPC reaches.
_PRIVATE_WAYS = (
    Target.TRANSIT_GATEWAY,
    Target.PEERING,
    Target.VPN_GATEWAY,
    Target.CARRIER_GATEWAY,
    Target.LOCAL_GATEWAY,
    Target.CORE_NETWORK,
)


def shapes(function: Function, estate: Estate) -> Iterator[Evidence]:
    """Shapes of the network around the function (E3), and what only looks like one (E6)."""
    attachment = attachment_of(function)
    if attachment is None:
        return
    keys = own_keys(function)
    subnets = tuple(sorted({link.target for link in attachment.subnets if link.target}))
    tiers = tuple(sorted({_tier(link.attribute) for link in attachment.subnets}))
    yield from _admitted_ranges(estate, subnets, _vpcs(estate, subnets, keys), tiers)
    for key in keys:
        yield from _admitted_elsewhere(estate, key)
    yield from _egress(estate, keys, _vpcs(estate, subnets, keys))
    yield from _routes(attachment, estate)
    yield from _private_zones(function, estate)
    yield from _private_apis(function, estate)


@once_per_estate
def _vpcs(estate: Estate, subnets: tuple[str, ...], keys: tuple[Key, ...]) -> tuple[str, ...]:
    """The VPCs that subnets and groups say they belong to: addresses of resources or data sources."""
    found = [subnet.vpc for subnet in map(estate.thing, subnets) if isinstance(subnet, Subnet)]
    found += [group.vpc for group in (groups_of(estate).groups.get(key) for key in keys) if group is not None]
    return tuple(sorted({link.target for link in found if link is not None and link.target is not None}))


# --- a store's group admits the function's subnets -----------------------------------------------------------------------------------


@once_per_estate
def _range_rules(estate: Estate) -> tuple[tuple[Private, Key, Rule], ...]:
    """Ingress rules with ranges on the groups of private things, on the things' own ports."""
    index = groups_of(estate)
    return tuple(
        (thing, key, rule)
        for thing in private_things(estate)
        for key in keys_of(thing.security_groups)
        for rule in index.rules.get(key, ())
        if rule.direction == "ingress" and (rule.cidrs.items or rule.cidr_links) and _is_on_port(rule, thing)
    )


def _is_on_port(rule: Rule, thing: Private) -> bool:
    """Whether a rule covers one of a thing's ports; a port that is decided outside is taken to be the thing's own."""
    ports = thing.ports if isinstance(thing, Store) else ()
    bounds = _bounds(rule)
    return bounds is None or not ports or any(bounds[0] <= port <= bounds[1] for port in ports)


def _bounds(rule: Rule) -> tuple[int, int] | None:
    """The ports of a rule; None where they are all or unknown."""
    if isinstance(rule.protocol, Known) and rule.protocol.value in ("-1", "all"):
        return None
    if not isinstance(rule.from_port, Known) or not isinstance(rule.to_port, Known):
        return None
    low, high = rule.from_port.value, rule.to_port.value
    return None if low is None or high is None or high < low or (low <= 0 and high in (0, 65535)) else (low, high)


@once_per_estate
def _admitted_ranges(estate: Estate, subnets: tuple[str, ...], vpcs: tuple[str, ...], tiers: tuple[str, ...]) -> tuple[Evidence, ...]:
    found = []
    ranges = _ranges(subnets, vpcs, estate)
    for thing, key, rule in _range_rules(estate):
        named = next((link for link in rule.cidr_links if link.target in subnets or link.target in vpcs), None)
        says = f"{shown(key)} of {described(thing, estate)} admits"
        if named is not None:
            if not _is_a_network(named, estate) and not _is_of(named, tiers):
                says = f"{says} {named.expression}{on_ports(rule)}, which may hold the function's subnets"
                found.append(Evidence(says, rule.place, Basis.DERIVED, Grade.E6))
                continue
            says = f"{says} {named.expression}{on_ports(rule)}, and the function stands there"
            owner = _owner(thing, estate) if named.target in vpcs or named.target in _targets(thing) else ()
            found.append(graded(Grade.E3, says, thing, rule.place, unless_called_by=owner))
            continue
        cidr = next((cidr for cidr in rule.cidrs if _holds(cidr, ranges)), None)
        if cidr is not None:
            says = f"{says} {cidr}{on_ports(rule)}, which holds the function's subnets"
            is_for_itself = _holds(cidr, _ranges(_targets(thing), vpcs, estate))
            found.append(graded(Grade.E3, says, thing, rule.place, unless_called_by=_owner(thing, estate) if is_for_itself else ()))
        elif not ranges:
            private = next((cidr for cidr in rule.cidrs if is_private_range(cidr)), None)
            if private is not None:
                says = f"{says} {private}{on_ports(rule)}, which may hold the function's subnets"
                found.append(Evidence(says, rule.place, Basis.DERIVED, Grade.E6))
    return tuple(found)


def _is_a_network(link: Link, estate: Estate) -> bool:
    """Whether a link leads to one VPC or subnet, not to what holds many things: another state, a module that is not loaded."""
    return isinstance(estate.thing(link.target), Vpc | VpcQuery | Subnet | SubnetQuery)


def _is_of(link: Link, tiers: Iterable[str]) -> bool:
    """Whether an output's name says that it is the range of the VPC, or of the function's own subnets.

    `private_subnet_cidr_blocks` goes with `private_subnet_ids`; `office_cidr_blocks` of the same state does not.
    """
    tier = _tier(link.attribute)
    return not tier or "VPC" in tier.split() or tier in tiers


def _tier(output: str) -> str:
    """What an output speaks of, without saying which part of it: `outputs.private_subnet_ids` -> "PRIVATE SUBNET"."""
    return " ".join(word.removesuffix("S") for word in words(output) if word not in _PARTS and not word.isdigit())


def _targets(thing: Private) -> tuple[str, ...]:
    """The subnets of this root in which a thing stands."""
    return tuple(link.target for link in thing.subnets if link.target)


def _owner(thing: Private, estate: Estate) -> tuple[str, ...]:
    """A thing that admits the ranges in which it stands itself: its event source mapping, which stands there too, needs that."""
    return (whole_of(thing, estate).address,)


def _ranges(subnets: Iterable[str], vpcs: Iterable[str], estate: Estate) -> tuple[str, ...]:
    """The CIDRs where the function stands: its subnets', or, where not all of them are known, its VPCs'."""
    cidrs = [subnet.cidr for subnet in map(estate.thing, subnets) if isinstance(subnet, Subnet)]
    if not cidrs or any(isinstance(cidr, Unknown) for cidr in cidrs):
        cidrs = [vpc.cidr for vpc in map(estate.thing, vpcs) if isinstance(vpc, Vpc)]
    return tuple(cidr.value for cidr in cidrs if isinstance(cidr, Known) and cidr.value)


def _holds(cidr: str, ranges: Iterable[str]) -> bool:
    """Whether a CIDR holds one of some ranges. One that holds every address admits anybody: it is no evidence."""
    outer = network_of(cidr)
    if outer is None or cidr.strip() in _EVERYWHERE or outer.prefixlen == 0:
        return False
    inner = (network for network in map(network_of, ranges) if network is not None and network.version == outer.version)
    return any(network.subnet_of(outer) for network in inner)  # type: ignore[arg-type]


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
    return _bounds(rule) is None and has_ports and any(cidr.strip() in _EVERYWHERE for cidr in rule.cidrs)


def _store_port(rule: Rule) -> int | None:
    """The port of a database, cache or broker that a narrow rule is for."""
    bounds = _bounds(rule)
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
    if _bounds(rule) == (53, 53) or is_wide:
        return
    if peers and all(speaks_of_endpoints(shown(peer)) for peer in peers):
        return  # the group of AWS endpoints that another root keeps
    if peers:
        says = f"egress of {shown(group)} leads to {', '.join(map(shown, peers))}, whose members are not in this root"
        yield Evidence(says, rule.place, grade=Grade.E6)
    elif _goes_to_private_ranges(rule, vpcs, estate):
        yield from _private_egress(group, rule, vpcs, estate)
    elif rule.cidrs.unknown and _bounds(rule) != (443, 443):
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
    if _bounds(rule) != (443, 443) or not _is_inside(rule, vpcs, estate):
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
    return len(own) < len(known) or all(any(_holds(outer, (cidr,)) for outer in own) for cidr in rule.cidrs)


# --- routes ----------------------------------------------------------------------------------------------------------------------------


def _routes(attachment: Attachment, estate: Estate) -> Iterator[Evidence]:
    """Routes of the function's subnets to another network."""
    for way in ways_out(attachment, estate):
        for route in way.routes:
            if route.target not in _PRIVATE_WAYS:
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
