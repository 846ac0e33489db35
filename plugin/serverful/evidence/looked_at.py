"""What was read about a function when nothing private was found: a finding says where it looked, or nobody can contradict it."""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.attached import attachment_of
from serverful.estate.estate import Estate
from serverful.estate.identity import allowed, role_of
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, Function, Role, Rule, SecurityGroup
from serverful.estate.network import ways_out
from serverful.estate.value import Known, Value
from serverful.evidence.edges import on_ports
from serverful.evidence.services import managed_policies

_MANY = 6


def looked_at(function: Function, estate: Estate, other: str = "") -> tuple[str, ...]:
    """One phrase for each part that could have held a reason: groups, environment, role, routes.

    `other` is "other " where something was found and did not count: then there is no *other* rule, no *other* login.
    """
    attachment = attachment_of(function)
    found = [*_groups(attachment, estate, other)] if attachment else []
    found.append(_environment(function))
    role = role_of(function, estate)
    if role is not None:
        found.append(_role(estate, role.address, other))
    found += _routes(attachment, estate) if attachment else ()
    return tuple(found)


def _groups(attachment: Attachment, estate: Estate, other: str) -> Iterable[str]:
    for link in attachment.security_groups:
        group = estate.find(link, SecurityGroup)
        yield _group(estate, group.address, other) if group else f"security group {link.expression}: outside this root"
    for part in attachment.security_groups.unknown:
        yield f"security groups from {part.expression}: outside this root"


@once_per_estate
def _group(estate: Estate, address: str, other: str) -> str:
    group = estate.thing(address)
    rules = group.rules if isinstance(group, SecurityGroup) else ()
    out = [_peer(rule) for rule in rules if rule.direction == "egress"]
    where = f"{address} ({group.place.spot})" if group else address
    leads = f"egress goes to {_some(out)}" if out else "it has no egress rule"
    nothing = f"no {other}rule leads to the group of a private store, and no {other}store's group admits it"
    return f"security group {where}: {leads}; {nothing}"


def _peer(rule: Rule) -> str:
    links = [link.expression for link in (*rule.peers, *rule.prefix_lists)]
    unknown = [part.expression for part in (*rule.cidrs.unknown, *rule.peers.unknown)]
    names = [*rule.cidrs.items, *links, *unknown] or [link.expression for link in rule.cidr_links] or ["nothing"]
    return f"{_some(names)}{on_ports(rule)}"


def _environment(function: Function) -> str:
    variables = function.environment.variables
    if not variables and not function.environment.unknown:
        return "environment: the function has no variables"
    names = [_variable(variable.name, variable.text) for variable in variables]
    names += [f"more from {part.expression}" for part in function.environment.unknown]
    is_seen = not function.environment.unknown and all(isinstance(variable.text, Known) for variable in variables)
    return f"environment: {_some(names)}; no address of or login to anything private{'' if is_seen else ' can be seen'}"


def _variable(name: str, text: Value[str]) -> str:
    return name if isinstance(text, Known) else f"{name} ({text.expression})"


@once_per_estate
def _role(estate: Estate, address: str, other: str) -> str:
    role = estate.thing(address)
    if not isinstance(role, Role):
        return f"role {address}: outside this root"
    actions = list(dict.fromkeys(item.action for item in allowed(role)))
    names = [policy.name for policy in role.managed]
    parts = [f"allows {_some(actions)}"] if actions else []
    parts += [f"carries {_some(names)}"] if names else []
    as_of = f" (as of {managed_policies().as_of})" if names else ""
    if not parts:
        return f"role {address} ({role.place.spot}): it has no policies in this root"
    return f"role {address} ({role.place.spot}): it {' and '.join(parts)}{as_of}; no {other}login to a private store"


def _routes(attachment: Attachment, estate: Estate) -> Iterable[str]:
    """Where the subnets are routed to, those with equal routes together."""
    alike: dict[tuple[str, ...], list[str]] = {}
    for way in ways_out(attachment, estate):
        if way.subnet is not None or way.table is not None:
            targets = tuple(f"{route.target.value} {route.link.target or route.link.expression}" for route in way.routes)
            targets += tuple(f"{passage.target.value} of the default VPC" for passage in way.exits if passage.route is None)
            alike.setdefault(targets, []).append(way.name)
    for targets, subnets in alike.items():
        leads = f"to {_some(targets)}" if targets else "none out of the VPC"
        yield f"routes of {_some(subnets)}: {leads}; none to a transit gateway, peering, VPN or other private network"


def _some(names: Iterable[str]) -> str:
    """The first names of a list; how many more there are."""
    listed = list(names)
    more = f" and {len(listed) - _MANY} more" if len(listed) > _MANY else ""
    return ", ".join(listed[:_MANY]) + more
