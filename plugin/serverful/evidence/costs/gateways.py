"""What NAT gateways and public addresses cost.

A gateway is paid by the hour and by what passes it, and so is every public IPv4 address, whether it is used or not (Amazon VPC pricing;
since 2024-02-01 for all of them). A regional gateway is paid for every zone that it is active in: at least one. A private gateway has no
public address. The price of an instance that does the work of a gateway is not known here; its address is.
"""

from __future__ import annotations

from collections.abc import Iterable

from serverful.estate.addresses import pinned_way
from serverful.estate.estate import Estate
from serverful.estate.memo import once_per_estate
from serverful.estate.model import Address, Attached, NatGateway, Thing
from serverful.estate.nat import users_at
from serverful.estate.value import Known
from serverful.evidence.costs.cost import ByUse, Charge, Cost, by_use, cost, hourly
from serverful.evidence.egress import egress_of


def cost_of_way_out(subject: Attached, estate: Estate) -> Cost | None:
    """The NAT gateways on the way of a function or capacity provider, whoever else uses them; None without one that certainly exists."""
    egress = egress_of(subject, estate)
    return _cost_of_gateways(estate, tuple(nat.address for nat in egress.nats)) if egress else None


def cost_of_fixed_address(subject: Thing, estate: Estate) -> Cost | None:
    """The addresses that SLS_IP_2 speaks of at this block, and the NAT gateways that hold them."""
    way = pinned_way(subject, estate)
    if way is None:
        return None
    nats = [gateway for gateway in way.gateways if isinstance(gateway, NatGateway) and _is_there(gateway)]
    held = {link.target for nat in nats for link in nat.addresses.items}
    free = [address for address in way.addresses if address.address not in held and _is_there(address)]
    return _cost(nats, [_address(address) for address in free])


@once_per_estate  # all functions behind the same gateways share one sum
def _cost_of_gateways(estate: Estate, addresses: tuple[str, ...]) -> Cost | None:
    nats = (nat for address in addresses if isinstance(nat := estate.thing(address), NatGateway))
    return _cost([nat for nat in nats if _is_there(nat)], sharing=len(users_at(estate, addresses).attached))


def _cost(nats: Iterable[NatGateway], free: Iterable[Charge] = (), sharing: int = 1) -> Cost | None:
    charges: list[Charge] = []
    used: list[ByUse] = []
    for nat in nats:
        charges.append(hourly(nat.address, f"the NAT gateway {nat.address}", "nat_gateway_hour", (1, "gateway")))
        if not (isinstance(nat.connectivity, Known) and nat.connectivity.value == "private"):
            number = max(1, len(nat.addresses.items))
            item = "its public address" if number == 1 else f"its {number} public addresses"
            charges.append(hourly(nat.address, item, "public_ipv4_hour", (number, "address" if number == 1 else "addresses")))
        used.append(by_use(nat.address, "per GB through a NAT gateway", "nat_gateway_gb"))
    return cost([*charges, *free], used, sharing=sharing)


def _address(address: Address) -> Charge:
    return hourly(address.address, f"the public address {address.address}", "public_ipv4_hour", (1, "address"))


def _is_there(thing: Thing) -> bool:
    return isinstance(thing.exists, Known)
