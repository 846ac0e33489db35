"""Fixed addresses: the Elastic IPs that are kept for a way to the internet, and whose way that is.

A way has a fixed address when it ends in an Elastic IP that somebody has allocated: on a NAT gateway, on a NAT instance, or, where it ought
not to be, on an interface of Lambda's own. A regional NAT gateway to which AWS allocates the addresses has none (provider docs of
aws_nat_gateway, 6.55: `availability_zone_address`), a private NAT gateway none on the internet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from serverful.estate.attached import attachment_of, everything_attached
from serverful.estate.estate import Estate
from serverful.estate.existence import doubt
from serverful.estate.lambda_interfaces import behind
from serverful.estate.memo import once_per_estate
from serverful.estate.model import (
    Address,
    AddressAssociation,
    Attached,
    InterfaceLookup,
    ModuleCall,
    NatGateway,
    Store,
    Thing,
)
from serverful.estate.naming import without_index
from serverful.estate.nat_instances import addresses_on, associations_on, parts_of
from serverful.estate.network import ways_out
from serverful.estate.unread_modules import calls_given
from serverful.estate.value import Known, Unknown

T = TypeVar("T", bound=Thing)


@dataclass(frozen=True, slots=True)
class PinnedWay:
    """The addresses that the same functions leave from, as one: whoever admits one of them has to admit all.

    `carrier` is the block that speaks for all of them: the first Elastic IP of this root, else the block that takes one from outside.
    `addresses` are Elastic IPs of this root; `taken` names those from outside. `gateways` are the NAT gateways and NAT instances that hold
    them; none for an address that nothing here holds. `users` certainly leave this way; `perhaps` names what keeps us from telling
    whether others do. `handed` names the module calls, not loaded, that are given the address. `lookup` is the data source that finds the
    interface of Lambda's that it is put on. `doubts` names what keeps us from telling whether this is a fixed address on the internet.
    """

    addresses: tuple[Address, ...] = ()
    gateways: tuple[NatGateway | Store, ...] = ()
    associations: tuple[AddressAssociation, ...] = ()
    taken: tuple[Unknown, ...] = ()
    users: tuple[Attached, ...] = ()
    perhaps: tuple[Unknown, ...] = ()
    handed: tuple[Unknown, ...] = ()
    lookup: InterfaceLookup | None = None
    doubts: tuple[Unknown, ...] = ()

    @property
    def carrier(self) -> Thing:
        nats = (gateway for gateway in self.gateways if isinstance(gateway, NatGateway))
        return next(iter((*self.addresses, *self.associations, *nats)))

    @property
    def things(self) -> tuple[Thing, ...]:
        """Every block that it consists of, the carrier first."""
        return (*self.addresses, *self.associations, *self.gateways)


def pinned_way(carrier: Thing, estate: Estate) -> PinnedWay | None:
    """The way that this block speaks for; None where it holds no address of a way out, or another block speaks for it."""
    return _by_carrier(estate).get(carrier.address)


def pinned_ways(estate: Estate) -> tuple[PinnedWay, ...]:
    """Every way with a fixed address, each once."""
    return tuple(_by_carrier(estate).values())


@once_per_estate
def _by_carrier(estate: Estate) -> dict[str, PinnedWay]:
    at_nats = [way for nat in estate.all(NatGateway) if (way := _at_nat(nat, estate))]
    at_machines = [way for address in _traffic(estate) if (way := _at_machine(address, estate))]
    held = {address.address for way in (*at_nats, *at_machines) for address in way.addresses}
    # Of which one it will be nobody can tell; the gateway speaks for all that it may take.
    held |= {mention for way in at_nats for part in way.taken for mention in part.mentions}
    free = [way for address in estate.all(Address) if address.address not in held and (way := _at_no_gateway(address, estate))]
    from_outside = [way for joined in estate.all(AddressAssociation) if (way := _from_outside(joined, estate))]
    together: dict[tuple[str, ...], list[PinnedWay]] = {}
    for way in (*at_nats, *at_machines, *free, *from_outside):
        together.setdefault(_shared(way), []).append(way)
    joined_ways = (_joined(ways) for ways in together.values())
    return {way.carrier.address: way for way in joined_ways}


def _shared(way: PinnedWay) -> tuple[str, ...]:
    """What makes several ways one: the same users; where nobody is seen to use them, that one block makes them."""
    if way.users and way.lookup is None:
        return ("users", *(user.address for user in way.users))
    return ("block", without_index(way.carrier.address), *(part.expression for part in (*way.perhaps, *way.handed)))


def _joined(ways: list[PinnedWay]) -> PinnedWay:
    first = ways[0]
    if len(ways) == 1:
        return first
    return replace(
        first,
        addresses=_each_once(address for way in ways for address in way.addresses),
        gateways=_each_once(gateway for way in ways for gateway in way.gateways),
        associations=_each_once(joined for way in ways for joined in way.associations),
        taken=tuple(dict.fromkeys(part for way in ways for part in way.taken)),
        perhaps=tuple(dict.fromkeys(part for way in ways for part in way.perhaps)),
        handed=tuple(dict.fromkeys(part for way in ways for part in way.handed)),
        # One address that is certainly fixed is enough.
        doubts=() if any(not way.doubts for way in ways) else tuple(dict.fromkeys(part for way in ways for part in way.doubts)),
    )


def _each_once(things: Iterable[T]) -> tuple[T, ...]:
    return tuple({thing.address: thing for thing in things}.values())


# --- who leaves where -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Traffic:
    """Whose traffic a gateway certainly carries, and what keeps us from telling whose it carries besides."""

    users: dict[str, Attached] = field(default_factory=dict)
    perhaps: dict[Unknown, None] = field(default_factory=dict)


@once_per_estate
def _traffic(estate: Estate) -> dict[str, _Traffic]:
    """By the address of what the default routes of functions and capacity providers lead to: a gateway, an instance, a module call."""
    found: dict[str, _Traffic] = {}
    for subject in everything_attached(estate):
        attachment = attachment_of(subject)
        for way in ways_out(attachment, estate) if attachment else ():
            for passage in way.exits:
                gateway = passage.gateway
                if gateway is None or _is_private(gateway):
                    continue
                traffic = found.setdefault(gateway.address, _Traffic())
                missing = doubt(subject.exists, gateway.exists)
                doubts = (*passage.unknown, *((missing,) if missing else ()))
                traffic.perhaps.update(dict.fromkeys(doubts))
                if not doubts:
                    traffic.users[subject.address] = subject
    return found


def _carried(gateway: str, estate: Estate) -> tuple[tuple[Attached, ...], tuple[Unknown, ...]]:
    traffic = _traffic(estate).get(gateway) or _Traffic()
    return tuple(traffic.users.values()), tuple(traffic.perhaps)


def _is_private(gateway: Thing) -> bool:
    return isinstance(gateway, NatGateway) and isinstance(gateway.connectivity, Known) and gateway.connectivity.value != "public"


# --- what holds an address --------------------------------------------------------------------------------------------------------


def _at_nat(nat: NatGateway, estate: Estate) -> PinnedWay | None:
    if _is_private(nat) or nat.addresses.is_empty:
        return None
    users, perhaps = _carried(nat.address, estate)
    own = [(link, estate.find(link, Address)) for link in nat.addresses]
    taken = [Unknown(link.expression, link.place) for link, address in own if address is None]
    # A zonal one that is public has an address, whoever names it. A regional one has one of ours only where it is given one.
    is_zonal = isinstance(nat.availability, Known) and nat.availability.value == "zonal"
    open_addresses = () if is_zonal or nat.addresses.items else nat.addresses.unknown
    open_connectivity = (nat.connectivity,) if isinstance(nat.connectivity, Unknown) else ()
    return PinnedWay(
        addresses=_each_once(address for _, address in own if address is not None),
        gateways=(nat,),
        taken=(*taken, *nat.addresses.unknown),
        users=users,
        perhaps=perhaps,
        doubts=(*open_connectivity, *open_addresses),
    )


def _at_machine(target: str, estate: Estate) -> PinnedWay | None:
    """A NAT instance: a default route leads to it or its interface, and it passes on what is not addressed to it."""
    parts = parts_of(target, estate)
    if all(isinstance(part.is_forwarding, Known) and not part.is_forwarding.value for part in parts):
        return None
    addresses = _each_once(address for part in parts for address in addresses_on(part, estate))
    associations = _each_once(joined for part in parts for joined in associations_on(part, estate))
    if not addresses and not associations:
        return None  # an address that AWS gives it for as long as it runs
    users, perhaps = _carried(target, estate)
    return PinnedWay(addresses, (parts[0],), associations, tuple(_allocation(joined) for joined in associations), users, perhaps)


def _allocation(joined: AddressAssociation) -> Unknown:
    link = joined.allocation
    return Unknown(link.expression, link.place) if link else Unknown(f"allocation_id of {joined.address}", joined.place)


def _at_no_gateway(address: Address, estate: Estate) -> PinnedWay | None:
    """An address on an interface of Lambda's, on nothing, or in the hands of a module that is not loaded. Others are no way out."""
    lookup = estate.find(address.holder, InterfaceLookup)
    if lookup is not None:
        users = behind(lookup, estate)
        return None if users is None else PinnedWay((address,), users=users, lookup=lookup)
    if address.holder is not None:
        return None
    calls = calls_given(address.address, estate)
    return PinnedWay((address,), handed=tuple(Unknown(call.address, call.place) for call in calls))


def _from_outside(joined: AddressAssociation, estate: Estate) -> PinnedWay | None:
    """An address of another root that this one puts on an interface of Lambda's."""
    lookup = estate.find(joined.holder, InterfaceLookup)
    if lookup is None or estate.find(joined.allocation, Address) is not None:
        return None
    users = behind(lookup, estate)
    return None if users is None else PinnedWay(associations=(joined,), taken=(_allocation(joined),), users=users, lookup=lookup)


def in_hands_of(way: PinnedWay, estate: Estate) -> tuple[Attached, ...]:
    """Who stands in subnets of, or leaves through, a module that is not loaded and is given the way's addresses."""
    return _each_once(subject for call in way.handed for subject in _around_calls(estate).get(call.expression, ()))


@once_per_estate
def _around_calls(estate: Estate) -> dict[str, list[Attached]]:
    found: dict[str, list[Attached]] = {}
    for subject in everything_attached(estate):
        attachment = attachment_of(subject)
        if attachment is None:
            continue
        calls = [link.target for link in attachment.subnets if link.origin == "module"]
        calls += [mention for part in attachment.subnets.unknown for mention in part.mentions]
        calls += [passage.gateway.address for way in ways_out(attachment, estate) for passage in way.exits if passage.gateway]
        for call in dict.fromkeys(calls):
            if isinstance(estate.thing(call), ModuleCall):
                found.setdefault(str(call), []).append(subject)
    return found
