"""Which tier of the network a subnet belongs to: by where its default route leads."""

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


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier by its name, and the path that leads to it."""

    name: str
    path: tuple[Evidence, ...]


def tier_of(standing: Standing, estate: Estate) -> Tier | Unknown:
    """The tier of one subnet, or what keeps us from telling it."""
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
    return Tier(name, path)
