"""Route tables, associations, NAT gateways and the other gateways that routes lead to."""

from __future__ import annotations

from serverful.estate.model import Association, Gateway, Link, NatGateway, RouteTable, Target
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import references
from serverful.estate.read.things.addresses import EIP
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.implied import VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.routes import BY_TYPE, TABLES, added_routes, inline_routes, propagated_routes
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Listing, Unknown

_NAT = ("aws_nat_gateway",)


def route_table(block: Block, index: Index) -> RouteTable:
    """`aws_route_table`, `aws_default_route_table` with all routes of this root."""
    is_main = block.type == "aws_default_route_table"
    inline, undecided = inline_routes(block, index)
    added, possible = added_routes(block.address, index)
    return RouteTable(
        **heading(block),
        vpc=_vpc_of_default_table(block, index) if is_main else index.link(block, "vpc_id", *VPCS),
        routes=(*inline, *added, *propagated_routes(block, "propagating_vgws", index)),
        unseen=(*undecided, *possible),
        is_main=is_main,
    )


def _vpc_of_default_table(block: Block, index: Index) -> Link | None:
    """`default_route_table_id = aws_vpc.main.default_route_table_id` tells the VPC."""
    place = block.at("default_route_table_id")
    term = block.term("default_route_table_id")
    for ref in references(term):
        if ref.block.type in VPCS and ref.block.mode == "managed":
            return Link(ref.block.address, ref.expression, place, "id")
    return index.link(block, "default_route_table_id")


def association(block: Block, index: Index) -> Association:
    """`aws_route_table_association` (of a subnet; one of a gateway has neither subnet nor VPC), `aws_main_route_table_association`."""
    is_main = block.type == "aws_main_route_table_association"
    return Association(
        **heading(block),
        table=index.link(block, "route_table_id", *TABLES),
        subnet=None if is_main else index.link(block, "subnet_id", *SUBNETS),
        vpc=index.link(block, "vpc_id", *VPCS) if is_main else None,
    )


def nat_gateway(block: Block, index: Index) -> NatGateway:
    """`aws_nat_gateway`. Defaults: provider documentation, 6.55 (`availability_mode` "zonal", `connectivity_type` "public")."""
    found: list[Link] = []
    missing: list[Unknown] = []
    listings = [index.links(block, name, *EIP) for name in ("allocation_id", "secondary_allocation_ids")]
    zones = block.blocks("availability_zone_address")
    listings += [index.links(zone, "allocation_ids", *EIP) for zone in zones.blocks]
    missing += [convert.unknown(part, block.at("availability_zone_address")) for part in zones.undecided]
    associations = index.children(block.address, _NAT, "aws_nat_gateway_eip_association", "nat_gateway_id")
    listings += [index.links(child, "allocation_id", *EIP) for child in associations.sure]
    for listing in listings:
        found += listing.items
        missing += listing.unknown
    return NatGateway(
        **heading(block),
        connectivity=convert.text(block, "connectivity_type", "public"),
        availability=convert.text(block, "availability_mode", "zonal"),
        subnet=index.link(block, "subnet_id", *SUBNETS),
        vpc=index.link(block, "vpc_id", *VPCS),
        addresses=Listing(tuple(found), tuple(missing)),
    )


GATEWAYS = (
    "aws_internet_gateway",
    "aws_egress_only_internet_gateway",
    "aws_ec2_transit_gateway",
    "aws_vpn_gateway",
    "aws_ec2_carrier_gateway",
    "aws_vpc_peering_connection",
    "aws_vpc_peering_connection_accepter",
    "aws_networkmanager_core_network",
)


def gateway(block: Block, index: Index) -> Gateway:
    """Any other way out. A VPC attached by a block of its own (`aws_internet_gateway_attachment`, `aws_vpn_gateway_attachment`) counts."""
    link = index.link(block, "vpc_id", *VPCS)
    if link is None and BY_TYPE[block.type] in (Target.INTERNET_GATEWAY, Target.VPN_GATEWAY):
        argument = "internet_gateway_id" if block.type == "aws_internet_gateway" else "vpn_gateway_id"
        attached = index.children(block.address, (block.type,), f"{block.type}_attachment", argument)
        link = next((index.link(child, "vpc_id", *VPCS) for child in attached.sure), None)
    return Gateway(**heading(block), target=BY_TYPE[block.type], vpc=link)
