"""Registry modules that make a VPC's subnets, known without being loaded: what their outputs hold, and which inputs decide that.

terraform-aws-modules/vpc/aws (main.tf and outputs.tf of 5.x and 6.x, read at 6.6.0, 2026-01-08): subnet number n of each tier stands in
`element(var.azs, n)`, which is an id where it does not begin like a region's name. Public subnets are routed to the internet gateway
(`create_igw`, true by default), private ones to a NAT gateway (`enable_nat_gateway`, false) and never to an internet gateway, intra subnets
nowhere; a store's own subnets may be anything of these. cloudposse/dynamic-subnets/aws (2026-01).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from serverful.estate.estate import Estate
from serverful.estate.model import Link, ModuleCall, NatGateway
from serverful.estate.registry import REGISTRY
from serverful.estate.value import Basis, Known, Listing, Unknown, Value
from serverful.estate.zones import Zone

_VPC = re.compile(REGISTRY + r"terraform-aws-modules/vpc/aws$")
_DYNAMIC_SUBNETS = re.compile(REGISTRY + r"cloudposse/dynamic-subnets/aws$")
_TIERS_OF_VPC = ("private", "public", "intra", "database", "elasticache", "redshift", "outpost")
_SUBNETS_OF_DYNAMIC = ("private_subnet_ids", "public_subnet_ids")
_NAME = re.compile(r"^[a-z]{2}-")


def is_vpc_module(source: str) -> bool:
    """Whether a module's source is the registry's terraform-aws-modules/vpc/aws itself, none of its submodules."""
    return _VPC.match(source) is not None


@dataclass(frozen=True, slots=True)
class KnownSubnets:
    """What an output of a known module holds.

    `tier` is what the module calls it. `zones` are those of the subnets, one for each, or None where their number cannot be seen.
    """

    call: ModuleCall
    tier: str
    zones: tuple[Zone, ...] | None = field(default=None)


def known_subnets(link: Link, estate: Estate) -> KnownSubnets | None:
    """What a link like `module.vpc.private_subnets` leads to, all of the list or one of it; None for anything else."""
    call = estate.find(link, ModuleCall) if link.origin == "module" else None
    if call is None:
        return None
    output, _, position = link.attribute.partition(".")
    if _VPC.match(call.source):
        tier = output.removesuffix("_subnets")
        if tier not in _TIERS_OF_VPC or tier == output or (position and not position.isdigit()):
            return None
        zones = _zones_of(call, output)
        if zones is not None and position:
            zones = zones[int(position) : int(position) + 1] or None
        return KnownSubnets(call, tier, zones)
    if _DYNAMIC_SUBNETS.match(call.source) and output in _SUBNETS_OF_DYNAMIC:
        return KnownSubnets(call, output.removesuffix("_subnet_ids"))
    return None


def is_always_a_list(source: str, output: str) -> bool:
    """Whether an output of a known module is a list in every case, though perhaps an empty one: never null."""
    if _VPC.match(source):
        return output.endswith("_subnets") and output.removesuffix("_subnets") in _TIERS_OF_VPC
    return bool(_DYNAMIC_SUBNETS.match(source)) and output in _SUBNETS_OF_DYNAMIC


@dataclass(frozen=True, slots=True)
class KnownRoutes:
    """Where a known module routes a tier of its subnets. `name` is what to call them.

    `nat` is the NAT gateway that it makes for them, as one. `is_all` says that they have no other default route; where not, none of them
    leads to an internet gateway. `unseen` names what may add IPv6 routes.
    """

    name: str
    says: str
    call: ModuleCall
    is_public: bool = False
    nat: NatGateway | None = None
    is_all: bool = True
    unseen: tuple[Unknown, ...] = ()


def known_routes(link: Link, estate: Estate) -> KnownRoutes | None:
    """The routes of the subnets behind a link like `module.vpc.private_subnets`; None for another, and where an input leaves it open."""
    known = known_subnets(link, estate)
    if known is None or not _VPC.match(known.call.source) or not _is(known.call, "create_vpc", True):
        return None
    call, tier = known.call, known.tier
    name = link.expression if link.is_item else f"every subnet of {link.expression}"
    routed = f"{call.source} routes its {tier} subnets"
    if tier == "public" and _is(call, "create_igw", True):
        by_ipv6 = () if _is(call, "enable_ipv6", False) else (Unknown(f"enable_ipv6 of {call.address}", call.place),)
        return KnownRoutes(name, f"{routed} to its internet gateway", call, is_public=True, unseen=by_ipv6)
    if tier == "intra":
        return KnownRoutes(name, f"{routed} nowhere", call)
    if tier == "private" and call.switches.get("enable_nat_gateway") and not _REROUTED.intersection(call.inputs):
        return KnownRoutes(name, f"enable_nat_gateway = true: {routed} to a NAT gateway", call, nat=_nat_of(call))
    return KnownRoutes(name, f"{routed} to no internet gateway", call, is_all=False) if tier == "private" else None


_REROUTED = frozenset({"create_private_nat_gateway_route", "nat_gateway_destination_cidr_block"})


def _is(call: ModuleCall, switch: str, default: bool) -> bool:
    """Whether a switch of a module certainly stands as it does by default."""
    return switch not in call.inputs or call.switches.get(switch) is default


def _nat_of(call: ModuleCall) -> NatGateway:
    """The NAT gateways that the module makes, as one: they serve the same subnets, and one input makes them."""
    return NatGateway(
        address=f"{call.address}.aws_nat_gateway.this",
        type="aws_nat_gateway",
        place=call.place,
        exists=call.exists,
        connectivity=Known("public", call.place, Basis.DERIVED),
        availability=Known("zonal", call.place, Basis.DERIVED),
        subnet=None,
        vpc=None,
        addresses=Listing(),
    )


def is_known_default_group(link: Link, estate: Estate) -> bool:
    """Whether a link leads to the default security group of a known module's VPC (output `default_security_group_id`)."""
    call = estate.find(link, ModuleCall) if link.origin == "module" else None
    return call is not None and _VPC.match(call.source) is not None and link.attribute == "default_security_group_id"


def _zones_of(call: ModuleCall, output: str) -> tuple[Zone, ...] | None:
    subnets, zones = call.lists.get(output), call.lists.get("azs")
    if subnets is None or not zones:
        return None
    return tuple(_zone(zones[number % len(zones)]) for number in range(len(subnets)))


def _zone(value: Value[str]) -> Zone:
    return Zone(value, isinstance(value, Known) and not _NAME.match(value.value))
