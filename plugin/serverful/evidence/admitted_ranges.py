"""E3: the group of a private thing admits the ranges in which a function stands, on the thing's own port.

Decisions:
- A range that is written as the function's subnet or VPC admits it; one from elsewhere where its name says that it is theirs.
- A thing in another VPC counts as well, since VPCs can be joined. Not where the two have addresses in common: then they cannot be (Amazon
  VPC Peering Guide, "VPC peering limitations", 2026-08), and the range means the neighbours of the thing.
- Thousands of rules are not compared with thousands of functions: what can hold a range is looked up by its supernets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Link, Rule, Store, Subnet, SubnetQuery, Vpc, VpcQuery
from serverful.estate.value import Basis, Known, Unknown
from serverful.evidence.edges import graded, on_ports
from serverful.evidence.evidence import Evidence, Grade
from serverful.evidence.groups import Key, Private, described, groups_of, keys_of, private_things, shown, whole_of
from serverful.evidence.ranges import Network, holds, network_of, overlap, ports_of
from serverful.evidence.services import is_private_range
from serverful.evidence.words import words

_PARTS = frozenset(("OUTPUTS", "ID", "IDS", "CIDR", "CIDRS", "BLOCK", "BLOCKS", "IPV4", "IPV6", "RANGE", "RANGES"))
_MANY = 20  # hints that one verdict names: more would not make it less certain


@dataclass(frozen=True, slots=True)
class _Admission:
    """A rule that admits ranges to a private thing: `key` is the group of the thing that it stands in."""

    thing: Private
    key: Key
    rule: Rule


@dataclass(slots=True)
class _Holding:
    """The numbers of admissions that hold one network, to things in VPCs with the same ranges; by those VPCs."""

    all: list[int] = field(default_factory=list)
    by_vpc: dict[str, list[int]] = field(default_factory=dict)


@dataclass(slots=True)
class _Admissions:
    """All of a root, in order; and by their numbers, those that name a block, hold a network, admit private addresses at all."""

    all: list[_Admission] = field(default_factory=list)
    by_target: dict[str, list[int]] = field(default_factory=dict)
    by_network: dict[Network, dict[tuple[str, ...], _Holding]] = field(default_factory=dict)
    private: list[int] = field(default_factory=list)

    def about(self, targets: Iterable[str], ranges: Iterable[str], vpcs: tuple[str, ...], estate: Estate) -> list[_Admission]:
        """Those that name one of these blocks, or hold one of these ranges in a VPC that these may be joined with; without ranges, the
        first that admit private addresses.
        """
        numbers = {number for target in targets for number in self.by_target.get(target, ())}
        networks = [network for network in map(network_of, ranges) if network is not None]
        own = _cidrs_of(estate, vpcs)
        for network in networks:
            for outer in _supernets(network):
                for theirs, holding in self.by_network.get(outer, {}).items():
                    if own and theirs and all(overlap(here, there) for here in own for there in theirs):
                        numbers.update(number for vpc in vpcs for number in holding.by_vpc.get(vpc, ()))
                    else:
                        numbers.update(holding.all)
        if not networks:
            numbers.update(self.private[:_MANY])
        return [self.all[number] for number in sorted(numbers)]


def _supernets(network: Network) -> Iterator[Network]:
    while True:
        yield network
        if network.prefixlen <= 1:  # what holds every address admits anybody
            return
        network = network.supernet()


@once_per_estate
def _admissions(estate: Estate) -> _Admissions:
    """Ingress rules with ranges on the groups of private things, on the things' own ports."""
    found, index = _Admissions(), groups_of(estate)
    for thing in private_things(estate):
        for key in keys_of(thing.security_groups):
            for rule in index.rules.get(key, ()):
                if rule.direction == "ingress" and (rule.cidrs.items or rule.cidr_links) and _is_on_port(rule, thing):
                    _add(found, _Admission(thing, key, rule), estate)
    return found


def _add(found: _Admissions, admission: _Admission, estate: Estate) -> None:
    number = len(found.all)
    found.all.append(admission)
    for target in {link.target for link in admission.rule.cidr_links if link.target}:
        found.by_target.setdefault(target, []).append(number)
    vpcs = vpcs_of(estate, _targets(admission.thing), keys_of(admission.thing.security_groups))
    for network in {network for network in map(network_of, admission.rule.cidrs) if network is not None}:
        holding = found.by_network.setdefault(network, {}).setdefault(_cidrs_of(estate, vpcs), _Holding())
        holding.all.append(number)
        for vpc in vpcs:
            holding.by_vpc.setdefault(vpc, []).append(number)
    if any(is_private_range(cidr) for cidr in admission.rule.cidrs):
        found.private.append(number)


def _is_on_port(rule: Rule, thing: Private) -> bool:
    """Whether a rule covers one of a thing's ports; a port that is decided outside is taken to be the thing's own."""
    ports = thing.ports if isinstance(thing, Store) else ()
    bounds = ports_of(rule)
    return bounds is None or not ports or any(bounds[0] <= port <= bounds[1] for port in ports)


@once_per_estate
def admitted_ranges(estate: Estate, subnets: tuple[str, ...], vpcs: tuple[str, ...], tiers: tuple[str, ...]) -> tuple[Evidence, ...]:
    """What admits a function that stands in these subnets and VPCs. `tiers` are what its lists of subnets are called (`tier_of`)."""
    ranges = _ranges(subnets, vpcs, estate)
    about = _admissions(estate).about((*subnets, *vpcs), ranges, vpcs, estate)
    return tuple(evidence for admission in about for evidence in _admitted(admission, subnets, vpcs, tiers, ranges, estate))


def _admitted(
    admission: _Admission, subnets: tuple[str, ...], vpcs: tuple[str, ...], tiers: tuple[str, ...], ranges: tuple[str, ...], estate: Estate
) -> Iterator[Evidence]:
    thing, rule = admission.thing, admission.rule
    named = next((link for link in rule.cidr_links if link.target in subnets or link.target in vpcs), None)
    says = f"{shown(admission.key)} of {described(thing, estate)} admits"
    if named is not None:
        if not _is_a_network(named, estate) and not _is_of(named, tiers):
            says = f"{says} {named.expression}{on_ports(rule)}, which may hold the function's subnets"
            yield Evidence(says, rule.place, Basis.DERIVED, Grade.E6)
            return
        says = f"{says} {named.expression}{on_ports(rule)}, and the function stands there"
        owner = _owner(thing, estate) if named.target in vpcs or named.target in _targets(thing) else ()
        yield graded(Grade.E3, says, thing, rule.place, unless_called_by=owner)
        return
    cidr = next((cidr for cidr in rule.cidrs if holds(cidr, ranges)), None)
    if cidr is not None:
        says = f"{says} {cidr}{on_ports(rule)}, which holds the function's subnets"
        is_for_itself = holds(cidr, _ranges(_targets(thing), vpcs, estate))
        yield graded(Grade.E3, says, thing, rule.place, unless_called_by=_owner(thing, estate) if is_for_itself else ())
    elif not ranges:
        private = next((cidr for cidr in rule.cidrs if is_private_range(cidr)), None)
        if private is not None:
            says = f"{says} {private}{on_ports(rule)}, which may hold the function's subnets"
            yield Evidence(says, rule.place, Basis.DERIVED, Grade.E6)


@once_per_estate
def vpcs_of(estate: Estate, subnets: tuple[str, ...], keys: tuple[Key, ...]) -> tuple[str, ...]:
    """The VPCs that subnets and groups say they belong to: addresses of resources or data sources."""
    found = [subnet.vpc for subnet in map(estate.thing, subnets) if isinstance(subnet, Subnet)]
    found += [group.vpc for group in (groups_of(estate).groups.get(key) for key in keys) if group is not None]
    return tuple(sorted({link.target for link in found if link is not None and link.target is not None}))


@once_per_estate
def _cidrs_of(estate: Estate, vpcs: tuple[str, ...]) -> tuple[str, ...]:
    """The ranges of VPCs of this root, where all of them are known; else none."""
    found = [vpc.cidr.value if isinstance(vpc, Vpc) and isinstance(vpc.cidr, Known) else "" for vpc in map(estate.thing, vpcs)]
    return tuple(found) if all(found) else ()


def _is_a_network(link: Link, estate: Estate) -> bool:
    """Whether a link leads to one VPC or subnet, not to what holds many things: another state, a module that is not loaded."""
    return isinstance(estate.thing(link.target), Vpc | VpcQuery | Subnet | SubnetQuery)


def _is_of(link: Link, tiers: Iterable[str]) -> bool:
    """Whether an output's name says that it is the range of the VPC, or of the function's own subnets.

    `private_subnet_cidr_blocks` goes with `private_subnet_ids`; `office_cidr_blocks` of the same state does not.
    """
    tier = tier_of(link.attribute)
    return not tier or "VPC" in tier.split() or tier in tiers


def tier_of(output: str) -> str:
    """What an output speaks of, without saying which part of it: `outputs.private_subnet_ids` -> "PRIVATE SUBNET"."""
    return " ".join(word.removesuffix("S") for word in words(output) if word not in _PARTS and not word.isdigit())


def _targets(thing: Private) -> tuple[str, ...]:
    """The subnets of this root in which a thing stands."""
    return tuple(link.target for link in thing.subnets if link.target)


def _owner(thing: Private, estate: Estate) -> tuple[str, ...]:
    """A thing that admits the ranges in which it stands itself: its event source mapping, which stands there too, needs that."""
    return (whole_of(thing, estate).address,)


def _ranges(subnets: Iterable[str], vpcs: Iterable[str], estate: Estate) -> tuple[str, ...]:
    """The CIDRs where the function stands: its subnets', or, where not all of them are known, its VPCs'."""
    cidrs = [subnet.cidr for subnet in map(estate.thing, subnets) if isinstance(subnet, Subnet)]
    if not cidrs or any(isinstance(cidr, Unknown) for cidr in cidrs):
        cidrs = [vpc.cidr for vpc in map(estate.thing, vpcs) if isinstance(vpc, Vpc)]
    return tuple(cidr.value for cidr in cidrs if isinstance(cidr, Known) and cidr.value)
