"""What to say about a function or capacity provider that stands in public subnets.

AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an Amazon VPC": a function in a public subnet gets neither
internet access nor a public address.
"""

from __future__ import annotations

from serverful.estate.estate import Estate
from serverful.estate.model import Attached, Function
from serverful.estate.network import Family
from serverful.estate.value import Known
from serverful.evidence.attachment import needs_its_vpc
from serverful.evidence.egress import Egress
from serverful.evidence.nat_account import named

_LEAVE = (
    "If nothing private is reached, remove vpc_config: outside the VPC the function has its way to the internet. "
    "If something private is, use private subnets"
)
_STAY = "Use private subnets"
_INSTEAD = (
    ": associate them (aws_route_table_association) with an aws_route_table that has no route "
    "to an internet gateway, and reach AWS APIs by aws_vpc_endpoint. "
    "If the internet is needed as well, IPv6 does without a NAT gateway: dual-stack subnets (ipv6_cidr_block), "
    "ipv6_allowed_for_dual_stack = true, and a route ::/0 to an aws_egress_only_internet_gateway."
)

# Managed instances are EC2 instances: whether they get public addresses is up to the subnet, so neither is said of them (AWS Lambda
# Developer Guide, "Capacity providers").
_INSTEAD_FOR_INSTANCES = (
    "Use private subnets: associate them (aws_route_table_association) with an aws_route_table that has no route to an internet gateway, "
    "and reach AWS APIs by aws_vpc_endpoint. Functions that do without its instances leave out capacity_provider_config: they have their "
    "way to the internet outside the VPC."
)


def instead_of_public(subject: Attached, estate: Estate) -> str:
    """What to write in Terraform."""
    if not isinstance(subject, Function):
        return _INSTEAD_FOR_INSTANCES
    return (_STAY if needs_its_vpc(subject, estate) else _LEAVE) + _INSTEAD


def says_public(subject: Attached, egress: Egress) -> str:
    """What it means, for the function or capacity provider at hand."""
    names = [way.name for way, _ in egress.public]
    are, their, them = ("are public subnets", "their", "one of them") if len(names) > 1 else ("is a public subnet", "its", "it")
    if not isinstance(subject, Function):
        return (
            f"{named(names)} {are}: {their} default route leads to an internet gateway. Either the instances there have public addresses, "
            "and stand on the internet, or they have no way to it."
        )
    what = named(names)
    what = what[:1].upper() + what[1:] if what.startswith("every ") else what  # an address keeps its small letter
    where = f"{what} {are}: {their} default route leads to an internet gateway, but the function gets no public address there."
    if len(names) == len(egress.ways):
        return f"{where} So it has neither a way to the internet nor isolation."
    return f"{where} Whenever Lambda uses {them} and not another of the function's subnets, calls to the internet hang."


def missed_beside(subject: Attached, egress: Egress) -> tuple[str, ...]:
    """What would have given it a way out."""
    if not isinstance(subject, Function):
        return ("NAT gateway: none on the way of these subnets",)
    allowed = egress.attachment.ipv6_allowed
    if isinstance(allowed, Known) and not allowed.value:
        ipv6 = "IPv6: ipv6_allowed_for_dual_stack is not true"
    else:
        without = [way.name for way, _ in egress.public if not way.exits_by(Family.IPV6)]
        ipv6 = f"IPv6: no route ::/0 to a gateway from {named(without)}" if without else "IPv6: its default route leads to no gateway"
    return ("NAT gateway: none on the way of these subnets", ipv6)
