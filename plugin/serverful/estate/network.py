"""Which way a function's traffic to the internet takes: subnet, route table, default route, gateway, address.

Every answer carries the path it followed as `Evidence`, or the Unknown that stops it. Source of the rules: Amazon VPC User Guide,
"Route tables" (longest prefix wins), "NAT gateways" (public and private, zonal and regional).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.memo import once_per_estate, once_per_subject
from serverful.estate.model import Attachment, Link, NatGateway, Route, RouteTable, Subnet, Target, Thing
from serverful.estate.route_tables import TableChoice, table_of
from serverful.estate.unread_modules import may_add_routes
from serverful.estate.value import Basis, Known, Unknown, Value
from serverful.evidence.evidence import Evidence


class Family(Enum):
    IPV4 = "IPv4"
    IPV6 = "IPv6"


# Routes to networks that only a VPC reaches.
TO_PRIVATE_NETWORKS = frozenset(
    {
        Target.TRANSIT_GATEWAY,
        Target.PEERING,
        Target.VPN_GATEWAY,
        Target.CARRIER_GATEWAY,
        Target.LOCAL_GATEWAY,
        Target.CORE_NETWORK,
    }
)

# Destinations that carry traffic to any public address, and the halves that some split them into so as to win over a /0 by longest
# prefix. 2000::/3 is all global unicast of IPv6. Narrower routes name a destination of their own and are no default.
_WHOLE = {"0.0.0.0/0": Family.IPV4, "::/0": Family.IPV6, "2000::/3": Family.IPV6}
_HALVES = {Family.IPV4: ("0.0.0.0/1", "128.0.0.0/1"), Family.IPV6: ("::/1", "8000::/1")}


@dataclass(frozen=True, slots=True)
class Exit:
    """One default route and where it leads.

    `route` is None for the default VPC's own. `gateway` is the thing behind it where that is in this root. `unknown` names what is not
    certain about it: whether the route or gateway exists, what it leads to, whether a NAT gateway is a public one.
    """

    family: Family
    target: Target
    route: Route | None
    gateway: Thing | None
    path: tuple[Evidence, ...]
    unknown: tuple[Unknown, ...] = ()

    @property
    def nat(self) -> NatGateway | None:
        """The NAT gateway of this root that it certainly passes on its way to the internet; a private one leads elsewhere."""
        return self.gateway if isinstance(self.gateway, NatGateway) and not self.unknown and _is_public(self.gateway) else None


@dataclass(frozen=True, slots=True)
class SubnetWay:
    """The ways out of one subnet of a function.

    `name` is the subnet's address, or the expression that stands for subnets from outside. `routes` are all of its table. `unknown` names
    what keeps us from telling its way to the IPv4 internet; `unseen` what may add routes beside those we see. `path` ends at the table.
    """

    name: str
    link: Link | None
    subnet: Subnet | None
    table: RouteTable | None
    routes: tuple[Route, ...]
    exits: tuple[Exit, ...]
    path: tuple[Evidence, ...]
    unknown: tuple[Unknown, ...] = ()
    unseen: tuple[Unknown, ...] = ()

    def unknown_towards(self, target: Target) -> tuple[Unknown, ...]:
        """Of `unknown`, what may hide a default route to such a target: routes that a VPN announces never lead to a NAT gateway."""
        elsewhere = {r.destination for r in self.routes if isinstance(r.destination, Unknown) and r.target not in {target, Target.UNKNOWN}}
        return tuple(part for part in self.unknown if part not in elsewhere)

    def exits_by(self, family: Family) -> tuple[Exit, ...]:
        return tuple(way for way in self.exits if way.family is family)


def ways_out(attachment: Attachment, estate: Estate, who: str = "function") -> tuple[SubnetWay, ...]:
    """The way out of every subnet of an attachment, in its order; what its list does not tell comes last, as unknown ways.

    `who` is what to call the one that is attached: a function, a capacity provider.
    """
    return _ways_out(attachment, estate, who)


@once_per_subject
def _ways_out(attachment: Attachment, estate: Estate, who: str) -> tuple[SubnetWay, ...]:
    ways = []
    for link in attachment.subnets:
        way = way_out(link, estate)
        attached = Evidence(f"vpc_config attaches the {who} to {way.name}", attachment.place)
        ways.append(_seen_from(attached, way))
    for part in attachment.subnets.unknown:
        attached = Evidence(f"vpc_config takes subnets from {part.expression}", attachment.place)
        ways.append(SubnetWay(part.expression, None, None, None, (), (), (attached,), unknown=(part,)))
    return tuple(ways)


def way_out(link: Link, estate: Estate) -> SubnetWay:
    """The way out of the subnet that a link names, whoever stands in it."""
    subnet = estate.find(link, Subnet)
    return _way_from(link, None, estate) if subnet is None else replace(_way_out(estate, subnet.address), link=link)


@once_per_estate  # all links to a subnet of this root share one answer, wherever they are written
def _way_out(estate: Estate, address: str) -> SubnetWay:
    subnet = estate.thing(address)
    assert isinstance(subnet, Subnet)
    return _way_from(Link(address, address, subnet.place, "id"), subnet, estate)


def _way_from(link: Link, subnet: Subnet | None, estate: Estate) -> SubnetWay:
    name = subnet.address if subnet else link.target or link.expression
    choice = table_of(link, estate)
    stands = (Evidence(f"subnet{_zone(subnet)}", subnet.place),) if subnet else ()
    path = (*stands, *choice.path)
    if choice.unknown:
        return SubnetWay(name, link, subnet, None, (), (), stands, choice.unknown)
    exits = tuple(_exit(family, route, subnet.exists if subnet else None, path, estate) for family, route in _default_routes(choice.routes))
    if choice.is_public_by_default:
        exits = (Exit(Family.IPV4, Target.INTERNET_GATEWAY, None, None, path),)
    unseen = _unseen(choice, estate)
    is_open = not any(way.family is Family.IPV4 for way in exits)
    holder = choice.table or choice.vpc
    if holder and not exits and not unseen:
        path = (*path, Evidence("its routes hold no default route", holder.place, Basis.DERIVED))
    return SubnetWay(name, link, subnet, choice.table, choice.routes, exits, path, unseen if is_open else (), unseen)


def _zone(subnet: Subnet) -> str:
    return f" in {subnet.zone.value}" if isinstance(subnet.zone, Known) and subnet.zone.value else ""


def _unseen(choice: TableChoice, estate: Estate) -> tuple[Unknown, ...]:
    """What may hold a default route that we do not see."""
    if choice.is_public_by_default:
        return ()
    hidden = [route.destination for route in choice.routes if isinstance(route.destination, Unknown)]
    table = choice.table.address if choice.table else choice.vpc.address if choice.vpc else None
    return (*choice.unseen, *hidden, *(may_add_routes(table, estate) if table else ()))


def _default_routes(routes: tuple[Route, ...]) -> list[tuple[Family, Route]]:
    """The routes that carry traffic to the internet, by family. A split default hides the whole one when both halves are there."""
    carriers = []
    for family, halves in _HALVES.items():
        by_half = [[r for r in routes if _destination(r) == half] for half in halves]
        whole = [r for r in routes if _WHOLE.get(_destination(r)) is family]
        is_split = all(any(isinstance(r.exists, Known) for r in half) for half in by_half)
        carriers += [(family, r) for r in (*(() if is_split else whole), *by_half[0], *by_half[1])]
    return carriers


def is_default(route: Route) -> bool:
    """Whether a route carries traffic to any public address, or to half of them; a narrower one names a destination of its own."""
    destination = _destination(route)
    return destination in _WHOLE or any(destination in halves for halves in _HALVES.values())


def _destination(route: Route) -> str:
    return route.destination.value.strip() if isinstance(route.destination, Known) else ""


def _exit(family: Family, route: Route, given: Value[bool] | None, path: tuple[Evidence, ...], estate: Estate) -> Exit:
    gateway = estate.thing(route.link.target)
    missing = (doubt(route.exists, given), doubt(gateway.exists, given) if gateway else None)
    doubts = [part for part in missing if part is not None]
    if route.target is Target.UNKNOWN:
        doubts.append(Unknown(route.link.expression, route.place))
    if route.target is Target.NAT_GATEWAY:
        if not isinstance(gateway, NatGateway):
            doubts.append(Unknown(route.link.expression, route.place))
        elif isinstance(gateway.connectivity, Unknown):
            doubts.append(gateway.connectivity)
    where = gateway.address if gateway else route.link.expression
    kind = "" if route.target is Target.UNKNOWN else f"the {route.target.value} "
    goes = Evidence(f"{_destination(route)} goes to {kind}{where}", route.place)
    beyond = gateway_path(gateway, estate) if gateway else ()
    return Exit(family, route.target, route, gateway, (*path, goes, *beyond), tuple(doubts))


def gateway_path(gateway: Thing, estate: Estate) -> tuple[Evidence, ...]:
    """The gateway and, behind a NAT gateway, its Elastic IPs."""
    if not isinstance(gateway, NatGateway):
        return ()  # the route has named it; there is nothing more to tell
    says = [gateway.availability.value] if isinstance(gateway.availability, Known) and gateway.availability.value == "regional" else []
    says += [gateway.connectivity.value] if isinstance(gateway.connectivity, Known) else []
    words = " ".join((*says, "NAT gateway"))
    if _is_public(gateway) and gateway.addresses.is_empty and says[0] == "regional":
        words += "; AWS allocates its addresses"  # no availability_zone_address block (provider docs of aws_nat_gateway, 6.55)
    path = [Evidence(words, gateway.place)]
    for link in gateway.addresses:
        address = estate.thing(link.target)
        elastic = f"Elastic IP of {gateway.address}" if address else f"has the Elastic IP {link.expression}"
        path.append(Evidence(elastic, address.place if address else gateway.place))
    path += [Evidence(f"takes Elastic IPs from {part.expression}", gateway.place) for part in gateway.addresses.unknown]
    return tuple(path)


def _is_public(nat: NatGateway) -> bool:
    return isinstance(nat.connectivity, Known) and nat.connectivity.value == "public"


def _seen_from(attached: Evidence, way: SubnetWay) -> SubnetWay:
    """The same way, beginning at the function."""
    # Written out, because `replace` takes five times as long and every function asks.
    exits = tuple(Exit(e.family, e.target, e.route, e.gateway, (attached, *e.path), e.unknown) for e in way.exits)
    path = (attached, *way.path)
    return SubnetWay(way.name, way.link, way.subnet, way.table, way.routes, exits, path, way.unknown, way.unseen)
