"""Which tier of the network a subnet belongs to: by where its default route leads, or by what a known module calls it."""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.model import Target
from serverful.estate.network import Family, way_out
from serverful.estate.standing import Standing
from serverful.estate.value import Unknown
from serverful.evidence.evidence import Evidence

# What people call a subnet by its IPv4 default route (Amazon VPC User Guide, "Subnet basics": subnet types).
_NAMES = {Target.INTERNET_GATEWAY: "public", Target.NAT_GATEWAY: "private (behind a NAT gateway)"}
_ISOLATED = "isolated"

# Of terraform-aws-modules/vpc/aws and cloudposse/dynamic-subnets/aws. The tiers of stores may be made public by an input.
_PUBLIC_BY_MODULE = {"public": True, "private": False, "intra": False}


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier by its name. `by` is whose word that is: its routes', or a module call's. `is_public` is None where that is open."""

    name: str
    by: str
    is_public: bool | None
    path: tuple[Evidence, ...]


def tier_of(standing: Standing, estate: Estate) -> Tier | Unknown:
    """The tier of one subnet (or list of a known module's), or what keeps us from telling it."""
    if standing.known is not None:
        seen = Evidence(f"{standing.name}: the {standing.known.tier} subnets of {standing.known.call.address}", standing.place)
        return Tier(standing.known.tier, standing.known.call.address, _PUBLIC_BY_MODULE.get(standing.known.tier), (seen,))
    if standing.link is None:
        return standing.unknown or Unknown(standing.name, standing.place)
    way = way_out(standing.link, estate)
    exits = way.exits_by(Family.IPV4)
    unknown = [*way.unknown, *(part for passage in exits for part in passage.unknown)]
    if unknown:
        return unknown[0]
    targets = list(dict.fromkeys(passage.target for passage in exits))
    name = " and ".join(_NAMES.get(target, f"routed to a {target.value}") for target in targets) or _ISOLATED
    path = exits[0].path if exits else way.path
    return Tier(name, "its routes", Target.INTERNET_GATEWAY in targets, path)


def are_different(one: Tier, other: Tier) -> bool | None:
    """Whether two tiers are two, or None where nobody can tell: a module's names mean something among themselves only."""
    if one.by == other.by:
        return one.name != other.name
    if one.is_public is None or other.is_public is None or one.is_public is other.is_public:
        return None
    return True
