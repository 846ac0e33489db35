"""Security groups with their rules of three generations: inline, `aws_security_group_rule`, and one block per rule.

Arguments: Terraform AWS provider 6.55 documentation, `aws_security_group`, `aws_security_group_rule`,
`aws_vpc_security_group_ingress_rule` and `_egress_rule`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from serverful.estate.model import Link, Other, OutsideRule, Rule, SecurityGroup, Thing
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Entries, Every, Items, Ref, Term, Text
from serverful.estate.read.things.heading import heading, other
from serverful.estate.read.things.implied import VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

GROUPS = ("aws_security_group", "aws_default_security_group")
RULES = {
    "aws_security_group_rule": "",  # its `type` tells the direction
    "aws_vpc_security_group_ingress_rule": "ingress",
    "aws_vpc_security_group_egress_rule": "egress",
}
# How a resource names the groups that it wears, by itself or in a block about its network.
_WORN = ("security_groups", "security_group_ids", "security_group_id_list", "vpc_security_group_ids")
_STANDS_IN = ("subnets", "subnet_ids", "subnet_id")
_NETWORK_BLOCKS = (
    "compute_resources",
    "endpoint_details",
    "network",
    "network_config",
    "network_configuration",
    "physical_connection_requirements",
    "vpc_config",
    "vpc_configuration",
    "vpc_options",
)
T = TypeVar("T")
_PROTOCOLS = {"all": "-1", "6": "tcp", "17": "udp", "1": "icmp", "58": "icmpv6"}


def security_group(block: Block, index: Index) -> SecurityGroup:
    """`aws_security_group`, `aws_default_security_group`. The adopted default group without rules has none: Terraform strips it."""
    rules: list[Rule] = []
    unseen: list[Unknown] = []
    for direction in ("ingress", "egress"):
        nested = block.blocks(direction)
        rules += [_rule(rule, direction, block.address, index) for rule in nested.blocks]
        unseen += [convert.unknown(part, block.at(direction)) for part in nested.undecided]
    added, possible = _added_rules(block.address, index)
    return SecurityGroup(
        **heading(block),
        name=convert.text(block, "name", "default") if block.type == "aws_default_security_group" else convert.text(block, "name"),
        vpc=index.link(block, "vpc_id", *VPCS),
        rules=(*rules, *added),
        unseen=(*unseen, *possible),
        is_default=block.type == "aws_default_security_group",
    )


def default_group_of(vpc: Block, address: str, index: Index) -> SecurityGroup:
    """The default group of a VPC that no block adopts: it lets its members talk to each other, and everything out.

    Source: Amazon VPC User Guide, "Default security groups for your VPCs".
    """
    head = heading(vpc)
    head["address"], head["type"] = address, "aws_default_security_group"
    added, possible = _added_rules(address, index)
    at = vpc.place
    return SecurityGroup(
        **head,
        name=Known("default", at, Basis.DEFAULTED),
        vpc=Link(vpc.address, f"{vpc.address}.id", at, "id"),
        rules=(_default_rule("ingress", address, at), _default_rule("egress", address, at), *added),
        unseen=tuple(possible),
        is_default=True,
    )


def _default_rule(direction: str, address: str, at: Place) -> Rule:
    is_ingress = direction == "ingress"
    return Rule(
        place=at,
        address=address,
        direction=direction,
        protocol=Known("-1", at, Basis.DEFAULTED),
        from_port=Known(None, at, Basis.DEFAULTED),
        to_port=Known(None, at, Basis.DEFAULTED),
        cidrs=Listing() if is_ingress else Listing(("0.0.0.0/0",)),
        cidr_links=(),
        prefix_lists=Listing(),
        peers=Listing(),
        is_self=Known(is_ingress, at, Basis.DEFAULTED),
    )


def _added_rules(group: str, index: Index) -> tuple[list[Rule], list[Unknown]]:
    """The rules that blocks of their own add to a group, and names for those that may be meant for it."""
    rules: list[Rule] = []
    unseen: list[Unknown] = []
    for type_, direction in RULES.items():
        children = index.children(group, GROUPS, type_, "security_group_id")
        for block in children.sure:
            known = Known(direction, block.place) if direction else convert.text(block, "type")
            if isinstance(known, Known):
                rules.append(_rule(block, known.value, group, index))
            else:
                unseen.append(known)
            if isinstance(block.exists, Unknown):
                unseen.append(block.exists)
        unseen += [why for _, why in children.possible]
    return rules, unseen


def added_rule(block: Block, index: Index) -> Thing:
    """A rule of its own block. On a group of this root it is found there; on one from outside it is a thing itself.

    Outside is also a group that a service makes: `aws_eks_cluster.main.vpc_config[0].cluster_security_group_id`.
    """
    group = index.link(block, "security_group_id", *GROUPS)
    owner = index.blocks.get(group.target or "") if group else None
    is_here = owner is not None and owner.mode == "managed" and owner.type in GROUPS  # a data source's group lies outside
    if group is None or (group.target or "") in index.implied.groups or is_here:
        return other(block)
    direction = Known(RULES[block.type], block.place) if RULES[block.type] else convert.text(block, "type")
    if isinstance(direction, Unknown):
        return other(block)
    return OutsideRule(**heading(block), group=group, rule=_rule(block, direction.value, group.expression, index))


def wearing(block: Block, index: Index) -> Other:
    """A block of no particular interest, with the security groups that it wears and the subnets that it stands in."""
    names = set(block.names())
    holders = [block, *(inner for name in _NETWORK_BLOCKS if name in names for inner in block.blocks(name).blocks)]
    groups = [index.links(holder, name, *GROUPS) for holder in holders for name in _WORN if holder.has(name)]
    subnets = [index.links(holder, name, *SUBNETS) for holder in holders for name in _STANDS_IN if holder.has(name)]
    return Other(**heading(block), security_groups=_merged(groups), subnets=_merged(subnets))


def _rule(block: Block, direction: str, group: str, index: Index) -> Rule:
    protocol = _protocol(block)
    is_all = isinstance(protocol, Known) and protocol.value == "-1"
    cidrs = [name for name in ("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6") if block.has(name)]
    peers = _merged([index.links(block, name, *GROUPS) for name in _PEERS])
    is_self = convert.flag(block, "self", False)
    if any(peer.target == group for peer in peers):
        is_self = Known(True, block.place, Basis.DERIVED)
    return Rule(
        place=block.place,
        address=block.address,
        direction=direction,
        protocol=protocol,
        from_port=Known(None, protocol.place) if is_all else convert.optional_number(block, "from_port"),
        to_port=Known(None, protocol.place) if is_all else convert.optional_number(block, "to_port"),
        cidrs=_merged([convert.strings(block, name) for name in cidrs]),
        cidr_links=tuple(link for name in cidrs for link in _stated_links(block.term(name), block.at(name))),
        prefix_lists=_merged([index.links(block, name) for name in ("prefix_list_ids", "prefix_list_id")]),
        peers=peers,
        is_self=is_self,
    )


_PEERS = ("security_groups", "source_security_group_id", "referenced_security_group_id")


def _protocol(block: Block) -> Value[str]:
    value = convert.text(block, "ip_protocol" if block.has("ip_protocol") else "protocol")
    if isinstance(value, Unknown):
        return value
    protocol = value.value.lower()
    return Known(_PROTOCOLS.get(protocol, protocol), value.place, value.basis)


def _merged(listings: list[Listing[T]]) -> Listing[T]:
    return Listing(tuple(item for each in listings for item in each.items), tuple(part for each in listings for part in each.unknown))


def _stated_links(term: Term, place: Place) -> Iterator[Link]:
    """References that *are* an item (`aws_subnet.a.cidr_block`) or stand in its template (`"${aws_instance.a.private_ip}/32"`).

    What an undecided part mentions is left out: `cidrsubnet(aws_vpc.main.cidr_block, …)` is not the VPC's range.
    """
    match term:
        case Ref():
            link = convert.link_to(term, place)
            if isinstance(link, Link):
                yield link
        case Items(items=items) | Text(parts=items):
            for item in items:
                yield from _stated_links(item, place)
        case Entries(entries):
            for item in entries.values():
                yield from _stated_links(item, place)
        case Every(item, _):
            yield from _stated_links(item, place)
