"""Draws the way out of what is attached to a VPC: subnet, route table, the gateways that its routes lead to, Elastic IPs, the internet.

Decisions:
- Every route is drawn that traffic can take, those to a narrow destination too; the local one is not, and of two that hide each other only
  the one that wins.
- IPv6 is drawn where the attachment allows it, as a way of its own where it differs.
- A function in a public subnet gets no public IPv4 address (AWS Lambda Developer Guide, "Giving Lambda functions access to resources in an
  Amazon VPC"), so its way ends at the internet gateway, unless somebody puts an Elastic IP on an interface of Lambda's.
- What is decided outside the root is drawn by its expression and marked, never left out.
"""

from __future__ import annotations

from collections.abc import Sequence

from serverful.diagram.drawing import EdgeKind, NodeKind
from serverful.diagram.sketch import ELSEWHERE, Sketch, whether
from serverful.estate.attached import attachment_of, noun
from serverful.estate.endpoints import endpoints_on
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.lambda_interfaces import put_on_interfaces_of
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Attached,
    Attachment,
    Endpoint,
    Function,
    Link,
    ModuleCall,
    NatGateway,
    Route,
    Target,
    Thing,
    Vpc,
)
from serverful.estate.nat_instances import addresses_on, associations_on, parts_of
from serverful.estate.network import TO_PRIVATE_NETWORKS, Exit, Family, SubnetWay, is_default, ways_out
from serverful.estate.value import Known, Unknown, Value

INTERNET, SERVICES, OTHERS = "internet", "AWS services", "other networks"

_MACHINES = frozenset({Target.NETWORK_INTERFACE, Target.INSTANCE})


def draw_way_out(sketch: Sketch, key: str, subject: Attached, estate: Estate) -> None:
    """Draws from the box `key`, that of a function or capacity provider, to wherever its own attachment lets it go.

    What is not attached draws nothing; where that is decided outside, the expression that decides it is drawn.
    """
    attachment = attachment_of(subject)
    if isinstance(subject.attachment, Unknown):
        decides = _undecided(sketch, subject.attachment, "decides whether it is attached to a VPC", estate)
        sketch.edge(key, decides, is_unknown=True)
    elif attachment is not None:
        for way in ways_out(attachment, estate, noun(subject)):
            _draw_way(sketch, key, way, subject, attachment, estate)


def draw_own_network(sketch: Sketch, key: str) -> None:
    """Draws the way of a function that is not attached: the network that Lambda has for all functions."""
    network = sketch.node(NodeKind.AWS_NETWORK, "Lambda's own network", note="run by AWS; no VPC of yours")
    sketch.edge(key, network)
    sketch.edge(network, _internet(sketch))


def _undecided(sketch: Sketch, part: Unknown, note: str, estate: Estate) -> str:
    """What stands for something that is not here: a module call, or an expression."""
    noun = "module call" if isinstance(estate.thing(part.expression), ModuleCall) else "expression"
    return sketch.node(NodeKind.UNDECIDED, noun, part.expression, note=note, is_unknown=True)


def _internet(sketch: Sketch) -> str:
    return sketch.node(NodeKind.OUTSIDE, INTERNET, note="with the public APIs of AWS")


def _draw_way(sketch: Sketch, key: str, way: SubnetWay, subject: Attached, attachment: Attachment, estate: Estate) -> None:
    subnet = _subnet(sketch, way)
    sketch.edge(key, subnet, is_unknown=way.link is None)
    pinned = put_on_interfaces_of(subject, estate)
    allowed = attachment.ipv6_allowed
    ipv6 = "perhaps" if isinstance(allowed, Unknown) else "yes" if allowed.value else "no"
    # Whatever stands in the subnet with these takes the same way.
    done = (subnet, ipv6, type(subject), tuple(address.address for address in pinned))
    if done not in sketch.drawn:
        sketch.drawn.add(done)
        _Beyond(sketch, way, subnet, allowed, isinstance(subject, Function), pinned, estate).draw()


def _subnet(sketch: Sketch, way: SubnetWay) -> str:
    if way.subnet is not None:
        zone = way.subnet.zone
        particular = zone.value if isinstance(zone, Known) else ""
        there = whether(way.subnet.exists)
        return sketch.node(NodeKind.SUBNET, "subnet", way.name, particular=particular, note=there, is_unknown=bool(there))
    # Of a data source or a module that is not here, each attribute may be another subnet, or several.
    return sketch.node(NodeKind.SUBNET, "subnet", way.link.expression if way.link else way.name, note=ELSEWHERE, is_unknown=True)


class _Beyond:
    """The way of one subnet from its route table on, for functions or for the instances of a capacity provider."""

    def __init__(
        self,
        sketch: Sketch,
        way: SubnetWay,
        subnet: str,
        ipv6_allowed: Value[bool],
        is_for_functions: bool,
        pinned: tuple[Address | AddressAssociation, ...],
        estate: Estate,
    ) -> None:
        self.sketch, self.way, self.subnet, self.estate = sketch, way, subnet, estate
        self.is_for_functions, self.pinned = is_for_functions, pinned
        self.may_ipv6 = isinstance(ipv6_allowed, Unknown) or ipv6_allowed.value
        self.is_ipv6_open = isinstance(ipv6_allowed, Unknown)

    def draw(self) -> None:
        table = self._table()
        self._endpoints(table)
        if table is None:
            return
        exits = [passage for passage in self.way.exits if passage.family is Family.IPV4 or self.may_ipv6]
        for passage in exits:
            self._exit(table, passage)
        narrow = [route for route in self.way.routes if self._is_narrow(route)]
        for route in narrow:
            self._narrow(table, route)
        hidden = [part for part in self.way.unseen if not any(part is route.destination for route in narrow)]
        for part in hidden:
            self.sketch.edge(table, _undecided(self.sketch, part, "may add routes", self.estate), is_unknown=True)
        if not exits and not self.way.unseen:
            self.sketch.note(table, "no route to the internet")

    # --- the table ----------------------------------------------------------------------------------------------------------------

    def _table(self) -> str | None:
        """The box of the table; None where nothing tells it, and the subnet's own expression has said so."""
        way, sketch = self.way, self.sketch
        if way.table is not None:
            table = sketch.node(NodeKind.ROUTE_TABLE, "route table", way.table.address)
            sketch.edge(self.subnet, table)
            return table
        if way.unknown and not way.unseen:
            for part in way.unknown:
                if way.subnet is not None or way.link is None or part.expression != way.link.expression:
                    self._unknown_table(part)
            return None
        vpc = self.estate.find(way.subnet.vpc, Vpc) if way.subnet else None
        table = sketch.node(NodeKind.ROUTE_TABLE, "main route table", vpc.address if vpc else "of the default VPC")
        sketch.edge(self.subnet, table)
        return table

    def _unknown_table(self, part: Unknown) -> None:
        if self.way.link is None and self.way.subnet is None:
            return  # subnets that nothing tells: their box has the same expression
        table = self.sketch.node(NodeKind.ROUTE_TABLE, "route table", part.expression, note=ELSEWHERE, is_unknown=True)
        self.sketch.edge(self.subnet, table, is_unknown=True)

    # --- routes -------------------------------------------------------------------------------------------------------------------

    def _is_narrow(self, route: Route) -> bool:
        destination = route.destination
        if route.target is Target.LOCAL or is_default(route):
            return False  # a default route that counts is an exit already
        return self.may_ipv6 or isinstance(destination, Unknown) or ":" not in destination.value

    def _exit(self, table: str, passage: Exit) -> None:
        is_ipv6 = passage.family is Family.IPV6
        is_unknown = bool(passage.unknown) or (is_ipv6 and self.is_ipv6_open)
        label = _destination(passage.route) if passage.route else "0.0.0.0/0"
        gateway = self._gateway(passage.target, passage.route, passage.gateway, passage.unknown)
        self.sketch.edge(table, gateway, label=label, is_unknown=is_unknown)
        self._behind(gateway, passage.target, passage.gateway, is_ipv6=is_ipv6, is_default=True, is_unknown=is_unknown)

    def _narrow(self, table: str, route: Route) -> None:
        thing = self.estate.thing(route.link.target)
        doubts = (doubt(route.exists), doubt(thing.exists) if thing else None)
        is_unknown = isinstance(route.destination, Unknown) or any(doubts)
        open_target = (Unknown(route.link.expression, route.place),) if route.target is Target.UNKNOWN else ()
        gateway = self._gateway(route.target, route, thing, (*doubts, *open_target))
        self.sketch.edge(table, gateway, label=_destination(route), is_unknown=is_unknown)
        is_ipv6 = isinstance(route.destination, Known) and ":" in route.destination.value
        self._behind(gateway, route.target, thing, is_ipv6=is_ipv6, is_default=False, is_unknown=is_unknown)

    def _gateway(self, target: Target, route: Route | None, thing: Thing | None, doubts: Sequence[Unknown | None]) -> str:
        kind = NodeKind.NAT_GATEWAY if target is Target.NAT_GATEWAY else NodeKind.GATEWAY
        name = thing.address if thing else route.link.expression if route else "of the default VPC"
        word = "target of a route" if target is Target.UNKNOWN else target.value
        note = whether(*doubts, name=name)
        return self.sketch.node(kind, word, name, note=note, is_unknown=bool(note))

    # --- behind the gateway -------------------------------------------------------------------------------------------------------

    def _behind(self, gateway: str, target: Target, thing: Thing | None, *, is_ipv6: bool, is_default: bool, is_unknown: bool) -> None:
        if target is Target.NAT_GATEWAY:
            self._behind_nat(gateway, thing, is_unknown=is_unknown)
        elif target is Target.INTERNET_GATEWAY:
            self._behind_internet_gateway(gateway, is_ipv6=is_ipv6, is_unknown=is_unknown)
        elif target is Target.EGRESS_ONLY_GATEWAY:
            self._to_internet(gateway, label="IPv6", is_unknown=is_unknown)
        elif target in _MACHINES and is_default:
            self._behind_machine(gateway, thing, is_unknown=is_unknown)
        elif target in TO_PRIVATE_NETWORKS or target in _MACHINES:
            self._to_networks(gateway)
        elif target is Target.ENDPOINT:  # a firewall or an appliance: what it does with the traffic is written elsewhere
            self.sketch.note(gateway, "an appliance looks at the traffic")
            if is_default:
                self._to_internet(gateway, is_unknown=True)

    def _behind_nat(self, gateway: str, thing: Thing | None, *, is_unknown: bool) -> None:
        if not isinstance(thing, NatGateway):
            self._to_internet(gateway, is_unknown=True)
            return
        if isinstance(thing.connectivity, Known) and thing.connectivity.value != "public":
            self.sketch.note(gateway, thing.connectivity.value)
            self._to_networks(gateway)
            return
        for link in thing.addresses:
            self._address(gateway, link, is_unknown=is_unknown)
        for part in thing.addresses.unknown:
            self._elsewhere(gateway, part.expression)
        if thing.addresses.is_empty:
            self.sketch.note(gateway, "AWS allocates its addresses")
            self._to_internet(gateway, is_unknown=is_unknown)

    def _behind_internet_gateway(self, gateway: str, *, is_ipv6: bool, is_unknown: bool) -> None:
        if is_ipv6:
            self._to_internet(gateway, label="IPv6", is_unknown=is_unknown)
        elif self.pinned:
            for one in self.pinned:
                if isinstance(one, AddressAssociation):
                    self._taken(gateway, one)
                else:
                    self._held(gateway, one, is_unknown=is_unknown, note="on a network interface of Lambda's")
        elif self.is_for_functions:
            internet = _internet(self.sketch)
            self.sketch.edge(gateway, internet, EdgeKind.BLOCKED, label="no public address", is_unknown=is_unknown)
        else:
            self._to_internet(gateway, label="if its instances get public addresses", is_unknown=True)

    def _behind_machine(self, gateway: str, thing: Thing | None, *, is_unknown: bool) -> None:
        parts = parts_of(thing.address, self.estate) if thing else ()
        if parts and all(isinstance(part.is_forwarding, Known) and not part.is_forwarding.value for part in parts):
            internet = _internet(self.sketch)
            self.sketch.edge(gateway, internet, EdgeKind.BLOCKED, label="source_dest_check is on", is_unknown=is_unknown)
            return
        addresses = {address.address: address for part in parts for address in addresses_on(part, self.estate)}
        for address in addresses.values():
            self._held(gateway, address, is_unknown=is_unknown)
        joined = {one.address: one for part in parts for one in associations_on(part, self.estate)}
        for one in joined.values():
            self._taken(gateway, one)
        if not addresses and not joined:
            self._to_internet(gateway, is_unknown=True)

    def _address(self, gateway: str, link: Link, *, is_unknown: bool) -> None:
        address = self.estate.find(link, Address)
        if address is None:
            self._elsewhere(gateway, link.expression)
        else:
            self._held(gateway, address, is_unknown=is_unknown)

    def _held(self, gateway: str, address: Address, *, is_unknown: bool, note: str = "") -> None:
        """An Elastic IP of this root."""
        there = whether(address.exists)
        key = self.sketch.node(NodeKind.ADDRESS, "Elastic IP", address.address, note=there or note, is_unknown=bool(there))
        self.sketch.edge(gateway, key, is_unknown=is_unknown)
        self._to_internet(key, is_unknown=is_unknown)

    def _taken(self, gateway: str, joined: AddressAssociation) -> None:
        """An Elastic IP from outside that a block of this root puts there."""
        self._elsewhere(gateway, joined.allocation.expression if joined.allocation else f"allocation_id of {joined.address}")

    def _elsewhere(self, gateway: str, expression: str) -> None:
        """An Elastic IP of which only the expression is here."""
        key = self.sketch.node(NodeKind.ADDRESS, "Elastic IP", expression, note=ELSEWHERE, is_unknown=True)
        self.sketch.edge(gateway, key, is_unknown=True)
        self._to_internet(key, is_unknown=True)

    def _to_internet(self, key: str, *, label: str = "", is_unknown: bool) -> None:
        self.sketch.edge(key, _internet(self.sketch), label=label, is_unknown=is_unknown)

    def _to_networks(self, key: str) -> None:
        self.sketch.edge(key, self.sketch.node(NodeKind.OUTSIDE, OTHERS, note=ELSEWHERE, is_unknown=True))

    # --- VPC endpoints ------------------------------------------------------------------------------------------------------------

    def _endpoints(self, table: str | None) -> None:
        """Gateway endpoints stand in a table, interface endpoints in the whole VPC."""
        found = endpoints_on(self.way, self.estate)
        for endpoint in found.standing:
            self._endpoint(endpoint, table)
        for part in found.unknown:
            thing = self.estate.thing(part.place.address) or self.estate.thing(part.expression)
            if isinstance(thing, Endpoint):
                self._endpoint(thing, table, whether(part, name=thing.address))
            else:
                more = _undecided(self.sketch, part, "may add VPC endpoints", self.estate)
                self.sketch.edge(self.subnet, more, is_unknown=True)

    def _endpoint(self, endpoint: Endpoint, table: str | None, doubt: str = "") -> None:
        kind = endpoint.kind.value if isinstance(endpoint.kind, Known) else ""
        if kind not in {"", "Gateway", "Interface"}:
            return  # of an appliance: only a route leads to it
        service = endpoint.service.value if isinstance(endpoint.service, Known) else endpoint.service.expression
        is_unknown = bool(doubt)
        key = self.sketch.node(NodeKind.ENDPOINT, "VPC endpoint", endpoint.address, particular=service, note=doubt, is_unknown=is_unknown)
        self.sketch.edge(table if table and kind == "Gateway" else self.subnet, key, is_unknown=is_unknown)
        self.sketch.edge(key, self.sketch.node(NodeKind.OUTSIDE, SERVICES), is_unknown=is_unknown)


def _destination(route: Route) -> str:
    return route.destination.value if isinstance(route.destination, Known) else route.destination.expression
