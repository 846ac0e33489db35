"""Routes, inline and `aws_route`: what each leads to is decided by what it refers to.

The provider lets `gateway_id` hold the id of a NAT gateway and the other way round (Terraform AWS provider documentation, `aws_route` and
`aws_route_table`), so the argument's name counts only where the reference says nothing.
"""

from __future__ import annotations

import re

from serverful.estate.model import Link, Route, Target
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Literal, Ref, Term, references
from serverful.estate.read.things.index import Index, followed
from serverful.estate.value import Unknown, Value

TABLES = ("aws_route_table", "aws_default_route_table")

_BY_ARGUMENT = {
    "nat_gateway_id": Target.NAT_GATEWAY,
    "gateway_id": Target.UNKNOWN,  # an internet gateway, a virtual private gateway, "local"
    "egress_only_gateway_id": Target.EGRESS_ONLY_GATEWAY,
    "transit_gateway_id": Target.TRANSIT_GATEWAY,
    "vpc_peering_connection_id": Target.PEERING,
    "vpc_endpoint_id": Target.ENDPOINT,
    "network_interface_id": Target.NETWORK_INTERFACE,
    "instance_id": Target.INSTANCE,
    "carrier_gateway_id": Target.CARRIER_GATEWAY,
    "local_gateway_id": Target.LOCAL_GATEWAY,
    "core_network_arn": Target.CORE_NETWORK,
    "odb_network_arn": Target.UNKNOWN,
}
BY_TYPE = {
    "aws_nat_gateway": Target.NAT_GATEWAY,
    "aws_internet_gateway": Target.INTERNET_GATEWAY,
    "aws_internet_gateway_attachment": Target.INTERNET_GATEWAY,
    "aws_egress_only_internet_gateway": Target.EGRESS_ONLY_GATEWAY,
    "aws_ec2_transit_gateway": Target.TRANSIT_GATEWAY,
    "aws_ec2_transit_gateway_vpc_attachment": Target.TRANSIT_GATEWAY,
    "aws_ec2_transit_gateway_vpc_attachment_accepter": Target.TRANSIT_GATEWAY,
    "aws_vpc_peering_connection": Target.PEERING,
    "aws_vpc_peering_connection_accepter": Target.PEERING,
    "aws_vpn_gateway": Target.VPN_GATEWAY,
    "aws_vpn_gateway_attachment": Target.VPN_GATEWAY,
    "aws_vpc_endpoint": Target.ENDPOINT,
    "aws_networkfirewall_firewall": Target.ENDPOINT,
    "aws_network_interface": Target.NETWORK_INTERFACE,
    "aws_instance": Target.INSTANCE,
    "aws_spot_instance_request": Target.INSTANCE,
    "aws_ec2_carrier_gateway": Target.CARRIER_GATEWAY,
    "aws_ec2_local_gateway": Target.LOCAL_GATEWAY,
    "aws_networkmanager_core_network": Target.CORE_NETWORK,
}
_BY_PREFIX = {
    "nat-": Target.NAT_GATEWAY,
    "igw-": Target.INTERNET_GATEWAY,
    "eigw-": Target.EGRESS_ONLY_GATEWAY,
    "tgw-": Target.TRANSIT_GATEWAY,
    "vgw-": Target.VPN_GATEWAY,
    "pcx-": Target.PEERING,
    "vpce-": Target.ENDPOINT,
    "eni-": Target.NETWORK_INTERFACE,
    "i-": Target.INSTANCE,
    "cagw-": Target.CARRIER_GATEWAY,
    "lgw-": Target.LOCAL_GATEWAY,
}
# Words in the name of what a `gateway_id` is taken from: `var.igw_id`, `module.vpc.nat_gateway_id`, `data.terraform_remote_state.net.…`.
_BY_WORD = (
    (re.compile(r"(^|[^a-z])nat([^a-z]|gw|gateway|$)"), Target.NAT_GATEWAY),
    (re.compile(r"(^|[^a-z])(vgw|vpn|virtual_private)"), Target.VPN_GATEWAY),
    (re.compile(r"igw|internet_?(gateway|gw)|inet_?gw"), Target.INTERNET_GATEWAY),
)
_INLINE_DESTINATIONS = ("cidr_block", "ipv6_cidr_block", "destination_prefix_list_id")
_DESTINATIONS = ("destination_cidr_block", "destination_ipv6_cidr_block", "destination_prefix_list_id")


def inline_routes(block: Block, index: Index) -> tuple[list[Route], list[Unknown]]:
    """The routes written inside a table, and names for what may add more."""
    nested = block.blocks("route")
    routes = [_route(route, _INLINE_DESTINATIONS, index) for route in nested.blocks]
    return routes, [convert.unknown(part, block.at("route")) for part in nested.undecided]


def added_routes(table: str, index: Index) -> tuple[list[Route], list[Unknown]]:
    """The routes that `aws_route` and route propagation add to a table, and names for those that may be meant for it."""
    children = index.children(table, TABLES, "aws_route", "route_table_id")
    routes = [_route(block, _DESTINATIONS, index) for block in children.sure]
    propagations = index.children(table, TABLES, "aws_vpn_gateway_route_propagation", "route_table_id")
    for block in propagations.sure:
        routes += propagated_routes(block, "vpn_gateway_id", index)
    return routes, [why for _, why in (*children.possible, *propagations.possible)]


def propagated_routes(block: Block, argument: str, index: Index) -> list[Route]:
    """What a virtual private gateway announces: its destinations are decided by the other side at run time."""
    place = block.at(argument)
    listing = index.links(block, argument, "aws_vpn_gateway")
    routes = []
    for link in (*listing.items, *(Link(None, part.expression, place, origin="unknown") for part in listing.unknown)):
        destination = Unknown(f"routes announced by {link.expression}", place, (link.target,) if link.target else ())
        routes.append(Route(place, block.address, destination, Target.VPN_GATEWAY, link, block.exists))
    return routes


def _route(block: Block, destinations: tuple[str, ...], index: Index) -> Route:
    name = next((name for name in _BY_ARGUMENT if not is_absent(block.term(name))), None)
    if name is None:
        nowhere = Link(None, "", block.place, origin="unknown")
        return Route(block.place, block.address, _destination(block, destinations), Target.UNKNOWN, nowhere, block.exists)
    target = _target(block.term(name), name)
    link = index.link(block, name, *BY_TYPE) or Link(None, "", block.at(name), origin="unknown")
    return Route(block.place, block.address, _destination(block, destinations), target, link, block.exists)


def _destination(block: Block, names: tuple[str, ...]) -> Value[str]:
    return convert.text(block, next((name for name in names if not is_absent(block.term(name))), names[0]))


def is_absent(term: Term) -> bool:
    """Null, or "" as attributes written as blocks have it (`route = [{ gateway_id = "", … }]`)."""
    return isinstance(term, Literal) and term.value in (None, "")


def _target(term: Term, argument: str) -> Target:
    term = followed(term, tuple(BY_TYPE))
    if isinstance(term, Literal):
        return _target_of_id(str(term.value), argument)
    if isinstance(term, Ref) and term.block.type in BY_TYPE:
        return BY_TYPE[term.block.type]
    # `element(aws_nat_gateway.a[*].id, …)`, `var.single ? aws_nat_gateway.a.id : …`: which one is open, what it is may not be.
    meant = {BY_TYPE[ref.block.type] for ref in references(term) if ref.block.type in BY_TYPE}
    if len(meant) == 1:
        return meant.pop()
    return _named_target(convert.unknown(term, _NOWHERE).expression, argument) if not meant else Target.UNKNOWN


def _target_of_id(text: str, argument: str) -> Target:
    if text == "local":
        return Target.LOCAL
    return next((target for prefix, target in _BY_PREFIX.items() if text.startswith(prefix)), _BY_ARGUMENT[argument])


def _named_target(expression: str, argument: str) -> Target:
    if argument != "gateway_id":
        return _BY_ARGUMENT[argument]
    return next((target for pattern, target in _BY_WORD if pattern.search(expression.lower())), Target.UNKNOWN)


_NOWHERE = Place(root="", address="", file="", line=1, end_line=1)
