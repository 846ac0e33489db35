"""Do the subnets of a function or capacity provider lie in two availability zones at least?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from serverful.estate.attached import noun
from serverful.estate.estate import Estate
from serverful.estate.model import Attached, Function
from serverful.estate.standing import Standing, standings
from serverful.estate.value import Unknown
from serverful.estate.zones import is_same_zone
from serverful.evidence.attachment import needs_its_vpc
from serverful.evidence.evidence import Evidence
from serverful.evidence.nat_account import named

_COMPARED = 16  # AWS takes no more subnets (Lambda API Reference, "VpcConfig"), so there is no need to compare more with one another


@dataclass(frozen=True, slots=True)
class ZoneSpread:
    """What can be told of the zones.

    `two` are two subnets in zones that certainly differ; `unknown` names what keeps us from telling, and is empty when all zones are known
    to be one, or there is one subnet only. `path` cites the subnets.
    """

    who: Attached
    subnets: tuple[Standing, ...]
    two: tuple[Standing, ...]
    unknown: tuple[Unknown, ...]
    is_needed: bool = False

    @property
    def path(self) -> tuple[Evidence, ...]:
        return tuple(_cited(standing) for standing in self.two or self.subnets)

    @property
    def says(self) -> str:
        """What is, and what it means."""
        means = f"When that zone fails, or has no address left, the {noun(self.who)} stands still"
        if len(self.subnets) == 1:
            return f"The {noun(self.who)} stands in one subnet, {self.subnets[0].name}, and so in one availability zone. {means}."
        zone = self.subnets[0].zone
        where = f" ({zone.name})" if zone else ""
        names = named([standing.name for standing in self.subnets])
        return f"All subnets of the {noun(self.who)}, {names}, lie in one availability zone{where}. {means}."

    @property
    def instead(self) -> str:
        subnet = "a second aws_subnet in another availability_zone, of the same tier, and add its id to subnet_ids"
        if not isinstance(self.who, Function):
            return f"Make {subnet}. Functions that do without its instances leave out capacity_provider_config: AWS spreads them itself."
        if self.is_needed:
            return f"Make {subnet}."
        return (
            "First ask whether the function needs the VPC at all: without vpc_config AWS runs it in all zones of the region. "
            f"If it does, make {subnet}."
        )


def zone_spread(subject: Attached, estate: Estate) -> ZoneSpread:
    """The zones of what is certainly attached."""
    found = standings(subject, estate)
    certain = [standing for standing in found if standing.zone is not None and not standing.unknown][:_COMPARED]
    pairs = list(combinations(certain, 2))
    two = next((pair for pair in pairs if _is_same(*pair) is False), ())
    unknown = () if two else tuple(dict.fromkeys(_unknown(found)))
    return ZoneSpread(subject, found, two, unknown, is_needed=not two and not unknown and bool(found) and needs_its_vpc(subject, estate))


def _is_same(one: Standing, other: Standing) -> bool | None:
    return is_same_zone(one.zone, other.zone) if one.zone and other.zone else None


def _unknown(found: Sequence[Standing]) -> list[Unknown]:
    missing = [standing.unknown for standing in found if standing.unknown]
    if missing or len(found) < 2:
        return missing
    first = found[0]
    for other in found[1:]:
        if _is_same(first, other) is None:
            missing += [_zone_of(first), _zone_of(other)]
    return missing


def _zone_of(standing: Standing) -> Unknown:
    if standing.zone is not None and isinstance(standing.zone.value, Unknown):
        return standing.zone.value
    return Unknown(f"the availability zone of {standing.name}", standing.place)


def _cited(standing: Standing) -> Evidence:
    name = "" if standing.name == standing.place.address else f" {standing.name}"
    is_told = standing.zone is not None and not standing.zone.name.startswith(f"{standing.name}.")  # else it states none
    zone = f" in {standing.zone.name}" if standing.zone and is_told else ""
    return Evidence(f"subnet{name}{zone}", standing.place)
