"""How wide an attachment is: whether it stands in more of a network than one function can need.

Catalogue, SLS_VPC_10: more than one tier, every subnet of a VPC, the default VPC, too many subnets in all or in one zone. A group that many
functions share counts only beside one of these; alone it is SLS_VPC_8's question.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from serverful.estate.attached import attachment_of, noun
from serverful.estate.estate import Estate
from serverful.estate.model import Attached, Function, SubnetQuery, Thing, Vpc, VpcQuery
from serverful.estate.standing import Standing, standings
from serverful.estate.tiers import Tier, tier_of
from serverful.estate.value import Known, Unknown, Value
from serverful.estate.zones import is_same_zone
from serverful.evidence.attachment import needs_its_vpc
from serverful.evidence.evidence import Evidence
from serverful.evidence.groups import keys_of, shown
from serverful.evidence.wearers import roles_in
from serverful.policy import Severity
from serverful.wording import joined

_COMPARED = 40  # AWS takes 16 subnets at most (Lambda API Reference, "VpcConfig"); more need no comparing with one another
_CITED = 8


@dataclass(frozen=True, slots=True)
class Breadth:
    """One way in which an attachment is wide. `says` completes "it …"; `is_of_subnets` tells whether it is about their number or kind."""

    says: str
    path: tuple[Evidence, ...]
    severity: Severity = Severity.MEDIUM
    is_of_subnets: bool = True


@dataclass(frozen=True, slots=True)
class Width:
    """All that can be told of one attachment. `unknown` names what keeps us from telling that it is narrow; `tier` is its one tier.

    `is_needed` says that evidence shows something private that it reaches.
    """

    who: Attached
    subnets: tuple[Standing, ...]
    breadths: tuple[Breadth, ...]
    unknown: tuple[Unknown, ...]
    tier: Tier | None
    path: tuple[Evidence, ...]
    is_needed: bool = False

    @property
    def severity(self) -> Severity:
        return max((breadth.severity for breadth in self.breadths), default=Severity.MEDIUM)

    @property
    def breadth_path(self) -> tuple[Evidence, ...]:
        return tuple(dict.fromkeys(step for breadth in self.breadths for step in breadth.path))

    @property
    def says(self) -> str:
        """What is, and what it means."""
        what = "; it ".join(breadth.says for breadth in self.breadths)
        means = (
            f"Every subnet more is something more that the {noun(self.who)} may reach, and that has to be looked after for its sake."
            if any(breadth.is_of_subnets for breadth in self.breadths)
            else f"What somebody starts there later becomes its neighbour, without a word about this {noun(self.who)}."
        )
        return f"The {noun(self.who)}'s attachment is wider than one {noun(self.who)} needs: it {what}. {means}"

    @property
    def instead(self) -> str:
        narrow = (
            "two subnets of one tier made for it, in two zones (aws_subnet, with an aws_route_table of their own), named one by one or "
            'found by a tag (data.aws_subnets with a filter "tag:tier"), and one aws_security_group of its own'
        )
        vpc = "an aws_vpc of your own and in it " if self.severity is Severity.HIGH else ""
        if not isinstance(self.who, Function):
            return f"Give the capacity provider {vpc}{narrow}."
        leave = "" if self.is_needed else "If nothing private is reached, remove vpc_config. If something is, use "
        return f"{leave}{vpc}{narrow}." if leave else f"Use {vpc}{narrow}."


def width_of(subject: Attached, estate: Estate) -> Width:
    """How wide the attachment of what is certainly attached is."""
    found = standings(subject, estate)
    tiers = [(standing, tier_of(standing, estate)) for standing in found]
    known = [(standing, tier) for standing, tier in tiers if isinstance(tier, Tier)]
    breadths = [*_default_vpc(found, estate), *_every_subnet(found, estate), *_tiers(known), *_numbers(found, estate)]
    if breadths:
        breadths += _shared_group(subject, estate)
    return Width(
        who=subject,
        subnets=found,
        breadths=tuple(breadths),
        unknown=() if breadths else tuple(dict.fromkeys(_unknown(found, tiers, estate))),
        tier=known[0][1] if known else None,
        path=tuple(dict.fromkeys(step for _, tier in known for step in tier.path)),
        is_needed=bool(breadths) and needs_its_vpc(subject, estate),
    )


# --- the default VPC ----------------------------------------------------------------------------------------------------------------------


def _default_vpc(found: Sequence[Standing], estate: Estate) -> Iterator[Breadth]:
    for standing in found:
        asked = _default_of(standing, estate)
        if asked is not None:
            seen = Evidence(f"{standing.name} lies in the default VPC", standing.place)
            says = f"stands in the default VPC ({asked.address}), together with everything that names no network"
            meant = () if asked.place == standing.place else (Evidence("the default VPC is meant here", asked.place),)
            yield Breadth(says, (seen, *meant), Severity.HIGH, is_of_subnets=False)
            return


def _default_of(standing: Standing, estate: Estate) -> Thing | None:
    """What says that a subnet is one of the default VPC; None where nothing certainly does."""
    subnet, query = standing.subnet, standing.query
    if subnet is not None and subnet.is_default:
        return subnet
    if query is not None and _is_true(query.default_only):
        return query
    vpc = _vpc_of(standing, estate)
    if isinstance(vpc, Vpc) and vpc.is_default:
        return vpc
    return vpc if isinstance(vpc, VpcQuery) and _is_true(vpc.is_default) else None


def _vpc_of(standing: Standing, estate: Estate) -> Thing | None:
    of = standing.subnet or standing.query
    return estate.thing(of.vpc.target) if of is not None and of.vpc is not None else None


def _is_true(value: Value[bool]) -> bool:
    return isinstance(value, Known) and value.value


# --- every subnet -------------------------------------------------------------------------------------------------------------------------


def _every_subnet(found: Sequence[Standing], estate: Estate) -> Iterator[Breadth]:
    for standing in found:
        query = standing.query
        if query is None or standing.unknown is None or not _asks_for_all(query) or _default_of(standing, estate) is query:
            continue
        where = f"of {query.vpc.target or query.vpc.expression}" if query.vpc is not None else "of the region"
        says = f"takes every subnet {where}, whatever each is for ({query.address} asks for nothing else)"
        yield Breadth(says, (Evidence(f"subnets from {standing.name}", standing.place), Evidence("asks for every subnet", query.place)))


def _asks_for_all(query: SubnetQuery) -> bool:
    return not (query.is_one or query.narrowed_by or query.unknown or isinstance(query.default_only, Unknown))


# --- tiers --------------------------------------------------------------------------------------------------------------------------------


def _tiers(known: Sequence[tuple[Standing, Tier]]) -> Iterator[Breadth]:
    found: dict[str, tuple[Standing, Tier]] = {}
    for standing, tier in known[:_COMPARED]:
        found.setdefault(tier.name, (standing, tier))
    if len(found) < 2:
        return
    says = joined([f"{standing.name} is {tier.name}" for standing, tier in found.values()])
    yield Breadth(f"stands in more than one tier: {says}", tuple(dict.fromkeys(step for _, tier in found.values() for step in tier.path)))


# --- numbers ------------------------------------------------------------------------------------------------------------------------------


def _numbers(found: Sequence[Standing], estate: Estate) -> Iterator[Breadth]:
    thresholds = estate.settings.thresholds
    single = [standing for standing in found if standing.unknown is None]
    if len(single) > thresholds.vpc_subnets:
        yield Breadth(f"stands in {len(single)} subnets, where {thresholds.vpc_subnets} would be many", _cited(single))
    crowd = max((_in_zone_of(standing, single) for standing in single[:_COMPARED]), key=len, default=[])
    if len(crowd) > thresholds.vpc_subnets_per_zone:
        zone = crowd[0].zone.name if crowd[0].zone else ""
        yield Breadth(f"stands in {len(crowd)} subnets of one availability zone ({zone})", _cited(crowd))


def _in_zone_of(standing: Standing, others: Sequence[Standing]) -> list[Standing]:
    """The subnets that certainly lie in the zone of one, itself among them."""
    zone = standing.zone
    if zone is None:
        return []
    return [o for o in others[:_COMPARED] if o is standing or (o.zone is not None and is_same_zone(zone, o.zone))]


def _may_be_in_zone_of(standing: Standing, others: Sequence[Standing]) -> int:
    zone = standing.zone
    return sum(o is standing or zone is None or o.zone is None or is_same_zone(zone, o.zone) is not False for o in others[:_COMPARED])


def _cited(found: Sequence[Standing]) -> tuple[Evidence, ...]:
    return tuple(_cited_one(standing) for standing in found[:_CITED])


def _cited_one(standing: Standing) -> Evidence:
    """Said as the way out of a subnet says it, so that each is cited once."""
    if standing.subnet is None:
        return Evidence(f"subnet {standing.name}", standing.place)
    zone = standing.subnet.zone
    return Evidence(f"subnet in {zone.value}" if isinstance(zone, Known) and zone.value else "subnet", standing.place)


# --- a shared group -----------------------------------------------------------------------------------------------------------------------


def _shared_group(subject: Attached, estate: Estate) -> Iterator[Breadth]:
    attachment = attachment_of(subject)
    if attachment is None:
        return
    for key in keys_of(attachment.security_groups):
        roles = roles_in(key, estate)
        if roles >= estate.settings.thresholds.vpc_functions_per_group:
            says = f"shares {shown(key)} with functions of {roles} roles in all"
            yield Breadth(says, (Evidence(f"security group {shown(key)}", attachment.place),), is_of_subnets=False)
            return


# --- what cannot be seen ------------------------------------------------------------------------------------------------------------------


def _unknown(found: Sequence[Standing], tiers: Sequence[tuple[Standing, Tier | Unknown]], estate: Estate) -> Iterator[Unknown]:
    yield from (standing.unknown for standing in found if standing.unknown is not None)
    yield from (tier for standing, tier in tiers if isinstance(tier, Unknown) and standing.unknown is None)
    for standing in found:
        vpc = _vpc_of(standing, estate)
        if isinstance(vpc, VpcQuery) and isinstance(vpc.is_default, Unknown):
            yield vpc.is_default
    single = [standing for standing in found if standing.unknown is None]
    if any(_may_be_in_zone_of(standing, single) > estate.settings.thresholds.vpc_subnets_per_zone for standing in single[:_COMPARED]):
        for standing in single:
            if standing.zone is None or isinstance(standing.zone.value, Unknown):
                yield Unknown(f"the availability zone of {standing.name}", standing.place)
