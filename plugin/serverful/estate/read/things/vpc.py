"""VPCs and subnets, their own and the adopted default ones."""

from __future__ import annotations

import re

from serverful.estate.model import Subnet, Vpc
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import NULL, Literal, Ref, Undecided
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.implied import TABLE, VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.routes import added_routes
from serverful.estate.value import Known, Unknown, Value

SUBNETS = ("aws_subnet", "aws_default_subnet")
ZONES = ("availability_zone", "availability_zone_id")
_ZONE_ID = re.compile(r"[a-z]{3,4}\d+-[a-z]*az\d+")  # `use1-az1`: modules take either in one list (EC2 User Guide, "Availability Zone IDs")

# `element` begins again at the end of its list. All zones of a region are two at the least, so the first two are told apart (AWS Global
# Infrastructure, "Regions and Availability Zones": three or more, of which an account may see two).
_ZONES_IN_A_REGION = 2


def vpc(block: Block, index: Index) -> Vpc:
    """`aws_vpc`, `aws_default_vpc`."""
    routes, _ = added_routes(f"{block.address}.{TABLE}", index)
    return Vpc(
        **heading(block), cidr=convert.text(block, "cidr_block"), is_default=block.type == "aws_default_vpc", main_routes=tuple(routes)
    )


def subnet(block: Block, index: Index) -> Subnet:
    """`aws_subnet`, `aws_default_subnet`."""
    zone = zone_of(block)
    return Subnet(
        **heading(block),
        vpc=index.link(block, "vpc_id", *VPCS),
        zone=zone,
        zone_is_id=_zone_argument(block) == ZONES[1] or (isinstance(zone, Known) and _ZONE_ID.fullmatch(zone.value) is not None),
        cidr=convert.text(block, "cidr_block"),
        is_default=block.type == "aws_default_subnet",
        ipv6_cidr=_ipv6_cidr(block),
    )


def zone_of(block: Block) -> Value[str]:
    """By name or by id: both tell zones apart. Where an expression picks one of all zones, the name of the pick."""
    argument = _zone_argument(block)
    term = convert.settled(block.term(argument))
    match term:
        case Undecided(expression, mentions=(Ref(zones, ("names" | "zone_ids",)) as listed, Literal(int() as number))) if (
            expression.startswith("element(") and number < _ZONES_IN_A_REGION and not set(zones.names()) - {"state"}
        ):
            return Unknown(f"{listed.expression}[{number}]", block.at(argument), (zones.address,))
    return convert.text(block, argument)


def _zone_argument(block: Block) -> str:
    return next((name for name in ZONES if block.term(name) != NULL), ZONES[0])


def _ipv6_cidr(block: Block) -> Value[str] | None:
    if block.term("ipv6_cidr_block") != NULL:
        return convert.text(block, "ipv6_cidr_block")
    from_pool = next((name for name in ("ipv6_ipam_pool_id", "ipv6_netmask_length") if block.term(name) != NULL), None)
    return Unknown(f"{block.address}.ipv6_cidr_block", block.at(from_pool)) if from_pool else None
