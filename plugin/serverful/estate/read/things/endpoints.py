"""VPC endpoints, and what else brings services into a VPC.

Arguments: Terraform AWS provider 6.55 documentation, `aws_vpc_endpoint` and its associations,
`aws_vpclattice_service_network_vpc_association`.
"""

from __future__ import annotations

import re

from serverful.estate.model import Endpoint, LatticeAssociation, Link
from serverful.estate.place import Place
from serverful.estate.read import convert
from serverful.estate.read.block import Block
from serverful.estate.read.term import Literal, Ref, Term, Text
from serverful.estate.read.things.heading import heading
from serverful.estate.read.things.implied import VPCS
from serverful.estate.read.things.index import Index
from serverful.estate.read.things.routes import TABLES
from serverful.estate.read.things.security_groups import GROUPS
from serverful.estate.read.things.vpc import SUBNETS
from serverful.estate.value import Basis, Known, Listing, Unknown, Value

_ENDPOINTS = ("aws_vpc_endpoint",)
# com.amazonaws.eu-central-1.s3, com.amazonaws.eu-central-1.ecr.dkr, cn.com.amazonaws.cn-north-1.ecs; services of others are
# com.amazonaws.vpce.eu-central-1.vpce-svc-… (AWS PrivateLink Guide, "AWS services that integrate with AWS PrivateLink").
_NAME = re.compile(r"^(?:cn\.)?com\.amazonaws\.(?:vpce\.)?[^.]+\.(?P<service>.+)$")
_HOLE = "\ufffc"  # stands for a part of the name that is not known


def endpoint(block: Block, index: Index) -> Endpoint:
    """`aws_vpc_endpoint` with what is associated with it."""
    subnets = _gathered(block, index, "subnet_ids", "aws_vpc_endpoint_subnet_association", "subnet_id", SUBNETS)
    configurations = block.blocks("subnet_configuration")
    by_configuration = [index.links(nested, "subnet_id", *SUBNETS) for nested in configurations.blocks]
    return Endpoint(
        **heading(block),
        service=service(block),
        kind=convert.text(block, "vpc_endpoint_type", "Gateway"),
        vpc=index.link(block, "vpc_id", *VPCS),
        route_tables=_gathered(block, index, "route_table_ids", "aws_vpc_endpoint_route_table_association", "route_table_id", TABLES),
        subnets=_union([subnets, *by_configuration]),
        security_groups=_gathered(
            block, index, "security_group_ids", "aws_vpc_endpoint_security_group_association", "security_group_id", GROUPS
        ),
    )


def lattice_association(block: Block, index: Index) -> LatticeAssociation:
    """`aws_vpclattice_service_network_vpc_association`."""
    return LatticeAssociation(
        **heading(block),
        vpc=index.link(block, "vpc_identifier", *VPCS),
        security_groups=index.links(block, "security_group_ids", *GROUPS),
    )


def _gathered(block: Block, index: Index, own: str, type_: str, argument: str, types: tuple[str, ...]) -> Listing[Link]:
    children = index.children(block.address, _ENDPOINTS, type_, "vpc_endpoint_id")
    listings = [index.links(block, own, *types), *(index.links(child, argument, *types) for child in children.sure)]
    possible = Listing[Link]((), tuple(why for _, why in children.possible))
    return _union([*listings, possible])


def _union(listings: list[Listing[Link]]) -> Listing[Link]:
    """Each thing once: `subnet_configuration` repeats what `subnet_ids` lists."""
    found: dict[tuple[str | None, str, str], Link] = {}
    for link in (link for listing in listings for link in listing):
        found.setdefault((link.target, link.attribute, "" if link.target else link.expression), link)
    return Listing(tuple(found.values()), tuple(part for listing in listings for part in listing.unknown))


def service(block: Block) -> Value[str]:
    """The service at the end of `service_name`, also where the region in it is not known; `data.aws_vpc_endpoint_service` tells its own."""
    place = block.at("service_name")
    term = convert.settled(block.term("service_name"))
    if isinstance(term, Ref) and term.block.type == "aws_vpc_endpoint_service" and term.block.has("service"):
        return convert.text(term.block, "service")
    name = _rendered(term)
    match = _NAME.match(name)
    found = match["service"] if match else name.rpartition(".")[2]
    if not found or _HOLE in found:
        return convert.unknown(term, place) if term != Literal(None) else Unknown(f"{block.address}.service_name", place)
    return Known(found, place, Basis.DERIVED)


def _rendered(term: Term) -> str:
    if isinstance(term, Text):
        return "".join(_rendered(part) for part in term.parts)
    known = convert.text_of(term, _NOWHERE) if term != Literal(None) else Known("", _NOWHERE)
    return known.value if isinstance(known, Known) else _HOLE


_NOWHERE = Place(root="", address="", file="", line=1, end_line=1)
