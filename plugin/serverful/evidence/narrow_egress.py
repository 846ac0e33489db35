"""Does everything that a function's security groups let out lead to public AWS services, or at least through HTTPS to anywhere?

Ruling: egress is narrow when it is limited to port 443, to prefix lists of AWS services or to the groups of their interface endpoints.
Whatever else is let out (a partner's range, a prefix list of one's own, all ports) may be there for something private.
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Attachment, Endpoint, Link, Rule, SecurityGroup, Store
from serverful.estate.value import Known
from serverful.evidence.edges import on_ports
from serverful.evidence.evidence import Evidence
from serverful.evidence.groups import is_private_endpoint, key_of, keys_of, shown
from serverful.evidence.services import is_private_range
from serverful.evidence.words import names_identity_service, speaks_of_endpoints

_EVERYWHERE = ("0.0.0.0/0", "::/0")
_HTTPS, _DNS = 443, 53  # DNS is no destination: a function asks where its destinations are (Amazon VPC User Guide, "DNS attributes")
# Endpoints of these lead to APIs that may be private.
_PRIVATE_APIS = ("execute-api", "appsync-api")


@dataclass(frozen=True, slots=True)
class NarrowEgress:
    """`path` cites the rules that let something out; `lacking` says why the egress is not narrow, and is empty where it is."""

    path: tuple[Evidence, ...] = ()
    lacking: str = ""


def narrow_egress(attachment: Attachment, estate: Estate) -> NarrowEgress:
    """What the groups of an attachment let out, all of them together."""
    found: list[Evidence] = []
    if attachment.security_groups.unknown:
        return NarrowEgress(lacking=f"its security groups come from {attachment.security_groups.unknown[0].expression}")
    for link in attachment.security_groups:
        group = estate.find(link, SecurityGroup)
        if group is None:
            return NarrowEgress(lacking=f"its security group {link.expression} is not in this root")
        egress = _of_group(estate, group.address)
        if egress.lacking:
            return egress
        found += egress.path
    return NarrowEgress(tuple(found)) if found else NarrowEgress(lacking="its security groups let nothing out")


@once_per_estate
def _of_group(estate: Estate, address: str) -> NarrowEgress:
    group = estate.thing(address)
    assert isinstance(group, SecurityGroup)
    if group.unseen:
        return NarrowEgress(lacking=f"rules of {address} come from {group.unseen[0].expression}")
    found: list[Evidence] = []
    for rule in group.rules:
        if rule.direction != "egress":
            continue
        narrow = _where(rule, address, estate)
        if narrow is None:
            return NarrowEgress(lacking=f"egress of {address} is not limited to HTTPS and AWS services ({rule.place.where})")
        if narrow and not _is_on(rule, _DNS):
            found.append(Evidence(f"egress of {address} goes to {narrow}{on_ports(rule)}", rule.place))
    return NarrowEgress(tuple(found))


def _where(rule: Rule, group: str, estate: Estate) -> str | None:
    """Where a narrow rule leads: "" for nowhere (the group itself), None when it is not narrow."""
    if rule.cidrs.unknown or rule.prefix_lists.unknown or rule.peers.unknown:
        return None
    if _is_on(rule, _DNS):
        return "DNS"
    https = _is_on(rule, _HTTPS)
    to_ranges = [cidr.strip() for cidr in rule.cidrs]
    to_peers = [key for key in keys_of(rule.peers) if key != ("group", group)]
    if to_ranges and not (https and all(cidr in _EVERYWHERE or is_private_range(cidr) for cidr in to_ranges)):
        return None
    if rule.cidr_links and not (https or to_ranges):
        return None
    if not all(_is_of_aws(link, estate) for link in rule.prefix_lists):
        return None
    if not all(key in _endpoint_groups(estate) or (https and speaks_of_endpoints(shown(key))) for key in to_peers):
        return None
    names = [*to_ranges, *(link.expression for link in (*rule.prefix_lists, *rule.peers) if key_of(link) != ("group", group))]
    return ", ".join(names or [link.expression for link in rule.cidr_links])


def _is_on(rule: Rule, port: int) -> bool:
    """Whether a rule is for that one port. All protocols have all ports."""
    low, high = rule.from_port, rule.to_port
    return isinstance(low, Known) and isinstance(high, Known) and low.value == high.value == port


def _is_of_aws(link: Link, estate: Estate) -> bool:
    """Whether a prefix list is one of an AWS service. `aws_prefix_list` finds no others (provider documentation, 6.55); of the managed ones
    a data source finds, or an id written out, only a name can tell."""
    endpoint = estate.find(link, Endpoint)
    if endpoint is not None:
        return not is_private_endpoint(endpoint)
    if link.origin != "data" or link.target is None:
        return False
    return "data.aws_prefix_list." in link.target or ("aws_ec2_managed_prefix_list." in link.target and names_identity_service(link.target))


@once_per_estate
def _endpoint_groups(estate: Estate) -> frozenset[tuple[str, str]]:
    """The groups in which interface endpoints of AWS services stand, and nothing else that a function could reach."""
    of_aws = {key for endpoint in estate.all(Endpoint) if _is_public_api(endpoint) for key in keys_of(endpoint.security_groups)}
    of_others = {key for endpoint in estate.all(Endpoint) if not _is_public_api(endpoint) for key in keys_of(endpoint.security_groups)}
    of_stores = {key for store in estate.all(Store) for key in keys_of(store.security_groups)}
    return frozenset(of_aws - of_others - of_stores)


def _is_public_api(endpoint: Endpoint) -> bool:
    service = endpoint.service.value if isinstance(endpoint.service, Known) else ""
    return bool(service) and not is_private_endpoint(endpoint) and not service.startswith(_PRIVATE_APIS)
