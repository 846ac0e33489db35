"""Registry modules that make a VPC's subnets, known without being loaded: what their outputs hold, and which inputs decide that.

terraform-aws-modules/vpc/aws (main.tf and outputs.tf of 5.x and 6.x, read at 6.6.0, 2026-01-08): subnet number n of each tier stands in
`element(var.azs, n)`, which is an id where it does not begin like a region's name. cloudposse/dynamic-subnets/aws (2026-01).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from serverful.estate.estate import Estate
from serverful.estate.model import Link, ModuleCall
from serverful.estate.value import Known, Value
from serverful.estate.zones import Zone

_REGISTRY = r"^(?:registry\.(?:terraform\.io|opentofu\.org)/)?"
_VPC = re.compile(_REGISTRY + r"terraform-aws-modules/vpc/aws$")
_DYNAMIC_SUBNETS = re.compile(_REGISTRY + r"cloudposse/dynamic-subnets/aws$")
_TIERS_OF_VPC = ("private", "public", "intra", "database", "elasticache", "redshift", "outpost")
_SUBNETS_OF_DYNAMIC = ("private_subnet_ids", "public_subnet_ids")
_NAME = re.compile(r"^[a-z]{2}-")


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
