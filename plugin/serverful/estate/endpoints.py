"""Which VPC endpoints stand on a subnet's way, so that traffic to their services needs no NAT gateway.

A gateway endpoint (S3, DynamoDB) is a route in a table; an interface endpoint answers in its whole VPC (AWS PrivateLink Guide, "Gateway
endpoints" and "Access an AWS service using an interface VPC endpoint").
"""

from __future__ import annotations

from dataclasses import dataclass

from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Endpoint, Link
from serverful.estate.network import SubnetWay
from serverful.estate.unread_modules import may_add_endpoints
from serverful.estate.value import Known, Unknown


@dataclass(frozen=True, slots=True)
class EndpointsOnWay:
    """`standing` certainly serve the way; `unknown` names what may hold more."""

    standing: tuple[Endpoint, ...] = ()
    unknown: tuple[Unknown, ...] = ()

    @property
    def services(self) -> frozenset[str]:
        """Their services: `s3`, `dynamodb`, `execute-api`."""
        return frozenset(e.service.value for e in self.standing if isinstance(e.service, Known))


def endpoints_on(way: SubnetWay, estate: Estate) -> EndpointsOnWay:
    """The endpoints on the way of one subnet."""
    if not estate.all(Endpoint):
        return EndpointsOnWay(unknown=may_add_endpoints(estate))
    vpc = way.subnet.vpc if way.subnet and way.subnet.vpc else way.table.vpc if way.table else None
    maker = way.link.target if way.link is not None else None  # of the subnet: perhaps a module that is not loaded
    return _endpoints_on(estate, way.table.address if way.table else None, vpc, maker)


@once_per_estate  # all functions behind one table share one answer
def _endpoints_on(estate: Estate, table: str | None, vpc: Link | None, maker: str | None) -> EndpointsOnWay:
    standing: list[Endpoint] = []
    doubtful: list[Unknown] = list(may_add_endpoints(estate))
    for endpoint in _asked_about(estate, table, vpc, maker):
        doubts = _doubts(endpoint, table, vpc, maker)
        if doubts is None:
            continue
        certain = [value for value in (endpoint.exists, endpoint.service, endpoint.kind) if isinstance(value, Unknown)]
        if doubts or certain:
            doubtful += [*doubts, *certain]
        else:
            standing.append(endpoint)
    return EndpointsOnWay(tuple(standing), tuple(doubtful))


def _asked_about(estate: Estate, table: str | None, vpc: Link | None, maker: str | None) -> tuple[Endpoint, ...]:
    """The endpoints that may be on a way, in their order: a root with a hundred VPCs has them all in each."""
    everything = estate.all(Endpoint)
    if vpc is None:
        return everything
    by_place = _by_place(estate)
    numbers = {number for name in ("", table, maker, vpc.target or vpc.expression) if name is not None for number in by_place.get(name, ())}
    return tuple(everything[number] for number in sorted(numbers))


@once_per_estate
def _by_place(estate: Estate) -> dict[str, list[int]]:
    """The numbers of endpoints by the tables, modules and VPCs that they name; below "" those that may be anywhere."""
    found: dict[str, list[int]] = {}
    for number, endpoint in enumerate(estate.all(Endpoint)):
        names = {link.target or "" for link in endpoint.route_tables}
        names.add("" if endpoint.vpc is None or endpoint.route_tables.unknown else endpoint.vpc.target or endpoint.vpc.expression)
        for name in names:
            found.setdefault(name, []).append(number)
    return found


def _doubts(endpoint: Endpoint, table: str | None, vpc: Link | None, maker: str | None) -> tuple[Unknown, ...] | None:
    """None when the endpoint is certainly not on the way, () when it certainly is, else what keeps us from telling."""
    is_gateway = isinstance(endpoint.kind, Known) and endpoint.kind.value == "Gateway"
    if is_gateway:
        if table is not None and any(link.target == table for link in endpoint.route_tables):
            return ()
        if table is None and maker is not None and any(link.target == maker for link in endpoint.route_tables):
            return (Unknown(endpoint.address, endpoint.place),)  # on tables of the module that makes the subnet: perhaps on its own
        return endpoint.route_tables.unknown or None
    if vpc is None or endpoint.vpc is None:
        return (Unknown(endpoint.address, endpoint.place),)
    return () if _is_same_vpc(vpc, endpoint.vpc) else None


def _is_same_vpc(one: Link, other: Link) -> bool:
    """The same block, or the same expression from outside (`var.vpc_id` on both)."""
    return one.target == other.target if one.target or other.target else one.expression == other.expression
