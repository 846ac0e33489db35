"""The way to the internet of a function or capacity provider, and what it could be for.

Two questions share this: is there a NAT gateway on the way, and does it stand in a public subnet?
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from functools import cached_property

from serverful.estate.attached import attachment_of, functions_on, noun
from serverful.estate.endpoints import endpoints_on
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_subject
from serverful.estate.model import Attached, Attachment, NatGateway, Target
from serverful.estate.network import Exit, Family, SubnetWay, ways_out
from serverful.estate.value import Known, Unknown
from serverful.evidence.aws_apis import AwsApi, aws_apis_of
from serverful.evidence.evidence import Evidence


@dataclass(frozen=True)  # no slots: what several policies ask is worked out once
class Egress:
    """All the ways out of one attached function or capacity provider."""

    attachment: Attachment
    ways: tuple[SubnetWay, ...]

    # --- NAT gateways -------------------------------------------------------------------------------------------------------------

    @cached_property
    def through_nat(self) -> tuple[tuple[SubnetWay, Exit], ...]:
        """The ways that certainly pass a public NAT gateway of this root."""
        return tuple((way, passage) for way in self.ways for passage in way.exits if passage.nat is not None)

    @cached_property
    def nats(self) -> tuple[NatGateway, ...]:
        return tuple({passage.nat.address: passage.nat for _, passage in self.through_nat if passage.nat}.values())

    @cached_property
    def nat_unknown(self) -> tuple[Unknown, ...]:
        """What keeps us from telling whether a NAT gateway is on the way."""
        doubts = [part for way in self.ways for part in way.unknown_towards(Target.NAT_GATEWAY)]
        for way in self.ways:
            for passage in way.exits:
                if passage.target in {Target.NAT_GATEWAY, Target.UNKNOWN}:
                    doubts += passage.unknown
        return tuple(dict.fromkeys(doubts))

    @cached_property
    def nat_path(self) -> tuple[Evidence, ...]:
        """The first way in full, then what differs on the others."""
        return _joined([(way, passage.path) for way, passage in self.through_nat])

    def path_through(self, gateways: Container[str]) -> tuple[Evidence, ...]:
        """As `nat_path`, of the ways that pass one of these, whatever they are."""
        ways = [(way, passage) for way in self.ways for passage in way.exits]
        return _joined([(way, passage.path) for way, passage in ways if passage.gateway and passage.gateway.address in gateways])

    # --- public subnets -----------------------------------------------------------------------------------------------------------

    @cached_property
    def public(self) -> tuple[tuple[SubnetWay, Exit], ...]:
        """The subnets whose IPv4 default route certainly leads to an internet gateway, each once."""
        found: dict[str, tuple[SubnetWay, Exit]] = {}
        for way in self.ways:
            for passage in way.exits_by(Family.IPV4):
                if passage.target is Target.INTERNET_GATEWAY and not passage.unknown:
                    found.setdefault(way.name, (way, passage))
        return tuple(found.values())

    @cached_property
    def public_unknown(self) -> tuple[Unknown, ...]:
        """What keeps us from telling whether a subnet is a public one."""
        doubts = [part for way in self.ways for part in way.unknown_towards(Target.INTERNET_GATEWAY)]
        for way in self.ways:
            for passage in way.exits_by(Family.IPV4):
                if passage.target in {Target.INTERNET_GATEWAY, Target.UNKNOWN}:
                    doubts += passage.unknown
        return tuple(dict.fromkeys(doubts))

    @cached_property
    def public_path(self) -> tuple[Evidence, ...]:
        return _joined([(way, passage.path) for way, passage in self.public])

    @cached_property
    def path(self) -> tuple[Evidence, ...]:
        """Where every subnet's traffic goes."""
        ways = [(way, passage.path) for way in self.ways for passage in way.exits]
        return _joined(ways + [(way, way.path) for way in self.ways if not way.exits])

    # --- IPv6 ---------------------------------------------------------------------------------------------------------------------

    @cached_property
    def ipv6_path(self) -> tuple[Evidence, ...]:
        """How IPv6 leads out of every public subnet of the function; empty where it does not certainly do so."""
        allowed = self.attachment.ipv6_allowed
        exits = [(way, _ipv6_exit(way)) for way, _ in self.public]
        if isinstance(allowed, Unknown) or not allowed.value or not all(out for _, out in exits):
            return ()
        return (Evidence("ipv6_allowed_for_dual_stack = true", allowed.place), *_joined([(way, out.path) for way, out in exits if out]))

    @cached_property
    def ipv6_unknown(self) -> tuple[Unknown, ...]:
        """What keeps us from telling whether IPv6 leads out of the public subnets; empty when it certainly does not."""
        allowed = self.attachment.ipv6_allowed
        if isinstance(allowed, Known) and not allowed.value:
            return ()
        doubts = [allowed] if isinstance(allowed, Unknown) else []
        for way, _ in self.public:
            out = [e for e in way.exits_by(Family.IPV6) if e.target in _IPV6_WAYS or e.target is Target.UNKNOWN]
            if not out and not way.unseen:
                return ()  # one subnet without a way is enough: Lambda may use it for any invocation
            doubts += [part for passage in out for part in passage.unknown] if out else way.unseen
            if out and way.subnet and way.subnet.ipv6_cidr is None:
                # Lambda refuses ipv6_allowed_for_dual_stack where a subnet has no IPv6 range, so one may be there that we do not see.
                doubts.append(Unknown(f"the IPv6 range of {way.subnet.address}", way.subnet.place))
        return tuple(dict.fromkeys(doubts))


_IPV6_WAYS = {Target.INTERNET_GATEWAY, Target.EGRESS_ONLY_GATEWAY}


def _ipv6_exit(way: SubnetWay) -> Exit | None:
    if way.subnet is not None and way.subnet.ipv6_cidr is None:
        return None
    return next((e for e in way.exits_by(Family.IPV6) if e.target in _IPV6_WAYS and not e.unknown), None)


@once_per_subject
def egress_of(subject: Attached, estate: Estate) -> Egress | None:
    """The ways out of what is certainly attached; None for another."""
    attachment = attachment_of(subject)
    return Egress(attachment, ways_out(attachment, estate, noun(subject))) if attachment else None


def apis_through_nat(subject: Attached, egress: Egress, estate: Estate) -> tuple[AwsApi, ...]:
    """The AWS APIs that the roles behind it speak of for which no endpoint stands on some way through a NAT gateway.

    Where endpoints may be hidden (a module that is not loaded, a service that is not known) nothing is said: it could be wrong.
    """
    seen = [endpoints_on(way, estate) for way, _ in egress.through_nat]
    if any(part.unknown for part in seen):
        return ()
    apis = dict.fromkeys(api for function in functions_on(subject, estate) for api in aws_apis_of(function, estate))
    return tuple(api for api in apis if any(part.services.isdisjoint(api.endpoint_services) for part in seen))


def _joined(paths: list[tuple[SubnetWay, tuple[Evidence, ...]]]) -> tuple[Evidence, ...]:
    """One path in full; of the others what is new, without the subnet itself: whatever leads to and from it names it."""
    steps = list(paths[0][1]) if paths else []
    for way, path in paths[1:]:
        steps += [step for step in path if way.subnet is None or step.place != way.subnet.place]
    return tuple(dict.fromkeys(steps))
